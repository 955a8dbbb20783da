"""A shop beside its oracle: each step is done on both, and both are compared by SQL of the tests' own."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa

from retcli.actions.imports.goods import stock_counts
from retcli.actions.imports.merging import Source
from retcli.actions.warehouse import parcels
from retcli.database.staging.stages import StagedRow
from retcli.errors import Refused, RetcliError
from retcli.models.imports import Import
from retcli.transaction import opened
from tests.ledgers import Bought, Doc, Line, No, Pay, place
from tests.oracle import Oracle
from tests.shopfloor import AGENT, FINANCE, MANAGER, NOON, OWNER, WAREHOUSE, Books

PRICES: dict[str, int | None] = {"NEW": 2500, "DEAR": 99900, "UNPRICED": None}
ROLES = {OWNER: "owner", MANAGER: "manager", AGENT: "agent", FINANCE: "finance", WAREHOUSE: "warehouse"}
DAYS_AGO = {days: NOON - timedelta(days=days) for days in (2, 3, 10)}
ORDERS = (
    Bought("2850000000000000011", [Line("TS-L", 1, 9397)], signed_at=DAYS_AGO[3]),
    Bought("2850000000000000012", [Line("TS-L", 1, 9397), Line("TS-M", 3, 10000)], 800, signed_at=DAYS_AGO[3]),
    Bought("2850000000000000013", [Line("CUP", 7, 1000), Line("TS-L", 2, 5601)], 1000, signed_at=DAYS_AGO[10]),
    Bought("2850000000000000014", [Line("CUP", 2, 2999), Line("TS-M", 2, 1)], 600, shipped=False),
    Bought("2850000000000000015", [Line("FISH", 2, 6601, barred=True), Line("CUP", 3, 2000)], 500),
    Bought("2850000000000000016", [Line("SOAP", 2, 3001, True), Line("TS-L", 1, 9900)], signed_at=DAYS_AGO[3]),
    Bought("2850000000000000017", [Line("CREAM", 2, 4501), Line("GIFT", 1, 0)], signed_at=DAYS_AGO[2]),
    Bought("2850000000000000018", [Line("TS-L", 1, 0)], paid_for=False, shipped=False),
)
WAYBILLS = tuple(f"YT52604931768{n:02d}" for n in range(4))
COUNTED = {"NEW": 2, "DEAR": 1}
"""Pieces of what is sent in exchange that lie on the shelf, counted: no more of them are promised than there are."""
CLASSES = {"FISH": "生鲜", "SOAP": "临期", "CREAM": "化妆品"}
"""Fish is barred by law, soap by what the buyer confirmed; whether cream was opened, which bars it, a person asks."""


def furnish(books: Books) -> None:
    """A shop with its people, articles and orders."""
    books.hire()
    for sku in ("TS-L", "TS-M", "CUP", "GIFT", *CLASSES, *PRICES):
        books.product(sku, category=CLASSES.get(sku, "服装"), price=PRICES.get(sku))
    for order in ORDERS:
        lines = [(line.sku, line.pieces, line.cash) for line in order.lines]
        books.order(order.number, *lines, freight=order.freight, shipped=order.shipped, signed_at=order.signed_at)
    with opened(books.asked()) as shop:
        shop.session.execute(sa.text("UPDATE order_lines SET confirmed = true WHERE sku IN ('SOAP', 'CREAM')"))
        unpaid = sa.text("UPDATE orders SET paid_at = NULL WHERE number = :number")
        shop.session.execute(unpaid, {"number": ORDERS[-1].number})
        report = Import(sha256="", name="refunds", format="taobao.refund", holds="refunds", platform="taobao",
                        state="done", started_at=shop.now, by=OWNER)  # fmt: skip
        shop.add(report)
        rows = [StagedRow(place, sku, "", {"sku": sku, "bucket": "sellable", "quantity": n, "counted_at": f"{NOON}"})
                for place, (sku, n) in enumerate(COUNTED.items(), 1)]  # fmt: skip
        assert stock_counts.merge(shop, Source(1, "", ""), rows).added == len(rows)


def portion(how: str, due: int) -> int | None:
    """An amount at and around what is due; None leaves it to the program."""
    return {"all": None, "whole": due, "half": due // 2, "fen": 1, "nothing": 0, "over": due + 1}[how]


class Twin:
    """The books and the oracle, and how they are told to do the same."""

    tally: ClassVar[Counter[str]] = Counter()
    keys = itertools.count(1)
    sound = jumped = False
    books: Books
    oracle: Oracle
    orders: list[Bought]

    # how a step is done

    def act(self, predict: Callable[[], Any], action: Callable[..., Any], *args: Any, by: str,
            twice: str = "", **options: Any) -> tuple[Any, Any]:  # fmt: skip
        """The oracle's word, then the program's: both accept, or both refuse. What each answered."""
        self.sound = self.jumped = False
        expected, refusal = None, None
        try:
            expected = predict()
        except No as no:
            refusal = no
        key = f"K{next(self.keys)}" if twice else None
        try:
            view = self.books.do(action, *args, by=by, key=key, **options)
        except RetcliError as error:
            self.tally[f"{action.__name__} no"] += 1
            assert refusal is not None, f"refused although it must be accepted: {type(error).__name__} {error}"
            self.sound = True
            return None, None
        self.tally[f"{action.__name__} yes"] += 1
        assert refusal is None, f"accepted although it must be refused: {refusal}"
        if key:
            self.repeat(twice, key, view, action, *args, by=by, **options)
        self.sound = True
        return expected, view

    def repeat(
        self, how: str, key: str, view: Any, action: Callable[..., Any], *args: Any, by: str, **options: Any
    ) -> None:
        """The same key again: the same document without a second effect, or a refusal where it asks for other work."""
        if how == "same":
            document = json.loads(json.dumps(view.document()))
            answer = self.books.do_again(action, *args, by=by, key=key, **options)
            assert answer == document
            return
        with pytest.raises(Refused):
            self.books.do(parcels.list_parcels, by=by, key=key)

    def choose(self, items: list[Any], picked: int, fits: Callable[[Any], object] = bool) -> Any:
        """One of the items; three times out of four one that suits the step, where there is one."""
        suitable = [item for item in items if fits(item)]
        pool = suitable if suitable and picked % 4 else items
        return pool[(picked // 4) % len(pool)]

    def able(self, who: str, picked: int, *roles: str) -> str:
        """Who does it: three times out of four somebody who may."""
        return who if ROLES[who] in {"owner", *roles} or picked % 4 == 0 else MANAGER

    def doc(self, picked: int, fits: Callable[[Doc], object]) -> Doc:
        found: Doc = self.choose(self.oracle.docs, picked, fits)
        return found

    def pay(self, picked: int, *states: str) -> Pay:
        self.learn()
        found: Pay = self.choose(self.oracle.pays, picked, lambda pay: pay.state in states)
        return found

    def learn(self) -> None:
        """The numbers of payouts that the shop made by itself: they come in the order in which they were made."""
        if any(not pay.number for pay in self.oracle.pays):
            numbers = [number for (number,) in self.books.rows("SELECT number FROM payouts ORDER BY id")]
            for pay, number in zip(self.oracle.pays, numbers, strict=True):
                pay.number = number

    # what the books say, by SQL of the test's own

    def compare(self, order: Bought) -> None:
        """The invariants of an order, and its ledgers against the oracle's."""
        self.sound = False
        rows = self.books.rows(
            "SELECT l.sku, l.quantity, l.cash,"
            " (SELECT COALESCE(SUM(d.units), 0) FROM draws d WHERE d.line_id = l.id),"
            " (SELECT COALESCE(SUM(d.cash), 0) FROM draws d WHERE d.line_id = l.id),"
            " (SELECT COALESCE(SUM(p.minor), 0) FROM payout_parts p JOIN payouts o ON o.id = p.payout_id"
            "  WHERE p.line_id = l.id AND p.purpose = 'goods' AND o.state <> 'failed')"
            " FROM order_lines l JOIN orders b ON b.id = l.order_id WHERE b.number = :number",
            number=order.number,
        )
        docs = self.oracle.others(order, None)
        for sku, pieces, cash, used, drawn, paid in rows:
            assert 0 <= paid <= drawn <= cash, f"{sku}: {paid} paid and {drawn} drawn of {cash}"
            assert 0 <= used <= pieces, f"{sku}: {used} pieces drawn of {pieces}"
            assert used == sum(doc.used.get(sku, 0) for doc in docs), f"{sku}: pieces"
            assert drawn == sum(doc.due.get(sku, 0) for doc in docs), f"{sku}: drawn"
            assert paid == sum(self.oracle.paid(doc, sku) for doc in docs), f"{sku}: paid"
        self.compare_payouts(order, docs)
        rows = self.books.rows(
            "SELECT c.number, c.decision, c.filing FROM cases c JOIN orders b ON b.id = c.order_id"
            " WHERE b.number = :number ORDER BY c.id",
            number=order.number,
        )
        assert [tuple(row) for row in rows] == [
            (doc.number, doc.decision, "finished" if doc.finished else "open") for doc in docs
        ]
        self.sound = True

    def compare_payouts(self, order: Bought, docs: list[Doc]) -> None:
        self.learn()
        rows = self.books.rows(
            "SELECT o.number, o.state, o.minor, COALESCE(l.sku, p.purpose), p.minor, b.paid FROM payouts o"
            " JOIN payout_parts p ON p.payout_id = o.id JOIN orders b ON b.id = o.order_id"
            " LEFT JOIN order_lines l ON l.id = p.line_id WHERE b.number = :number ORDER BY o.id",
            number=order.number,
        )
        found = {number: (state, minor) for number, state, minor, *_ in rows}
        parts = Counter[str]()
        for number, _state, _minor, _part, minor, _paid in rows:
            parts[number] += minor
        assert all(parts[number] == minor for number, (_state, minor) in found.items()), "parts of a payout"
        told = {pay.number: (pay.state, pay.total) for pay in self.oracle.pays if pay.doc in docs}
        assert found == told, "payouts"
        assert {(n, part): minor for n, _s, _m, part, minor, _p in rows} == {
            (pay.number, part): minor
            for pay in self.oracle.pays
            if pay.doc in docs
            for part, minor in pay.parts.items()
        }
        out = sum(m for _n, state, _t, part, m, _p in rows if state != "failed" and part not in {"amends", "way_back"})
        assert 0 <= out <= max((row[5] for row in rows), default=0), f"{out} paid out of the order"

    def compare_stock(self) -> None:
        self.sound = False
        rows = self.books.rows("SELECT sku, bucket, quantity FROM stock_balances WHERE quantity <> 0")
        expected = Counter(self.oracle.stock)
        for box in self.oracle.boxes.values():
            for sku, n in box.counted.items():
                expected[(sku, "pending") if box.docs else (sku, "unclaimed")] += n - box.inspected.get(sku, 0)
            for finding in [] if box.docs else box.found:  # nobody knows whose they are
                expected[finding.sku, place(finding.sku, finding.grade)] -= finding.pieces
                expected[finding.sku, "unclaimed"] += finding.pieces
        assert {(sku, bucket): n for sku, bucket, n in rows} == {key: n for key, n in expected.items() if n}
        kept = Counter[str]()
        for _doc, _place, sku, n in self.oracle.kept:
            kept[sku] += n
        told = self.books.rows("SELECT sku, SUM(reserved) FROM replacements WHERE reserved > 0 GROUP BY sku")
        assert {sku: int(n) for sku, n in told} == dict(kept), "kept to be sent"
        self.sound = True
