"""A whole shop at random against the oracle: every refusal, amount and ledger, step by step, on real books."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from retcli.actions import cases, parcels, payouts, platform, refunds, scanning
from retcli.actions.merging import Source
from retcli.database import engine
from retcli.database.stages import StagedRow
from retcli.errors import Refused, RetcliError
from retcli.rules.lifecycles import Kind
from retcli.shop import opened
from retcli.views.payouts import PayoutView
from tests.conftest import Server
from tests.oracle import GOODS_BACK, GOODS_OUT, ON_THE_WAY, REASONS, Bought, Doc, Line, No, Oracle, Pay
from tests.shopfloor import AGENT, FINANCE, MANAGER, NOON, OWNER, PEOPLE, WAREHOUSE, Books

LONG = bool(os.environ.get("RETCLI_LONG"))
PHASES = (Phase.generate,) if os.environ.get("RETCLI_QUICK") else (Phase.generate, Phase.shrink)
STEPS_A_RUN = 50
PARTS = 2
STEPS = {"sqlite": 100_000 if LONG else 10_000, "postgres": 10_000 if LONG else 1_000}
"""Steps in all, in two parts that two workers share."""

PRICES: dict[str, int | None] = {"NEW": 2500, "DEAR": 99900, "UNPRICED": None}
ROLES = {OWNER: "owner", MANAGER: "manager", AGENT: "agent", FINANCE: "finance", WAREHOUSE: "warehouse"}
ORDERS = (
    Bought("2850000000000000011", [Line("TS-L", 1, 9397)], signed_at=NOON - timedelta(days=3)),
    Bought("2850000000000000012", [Line("TS-L", 1, 9397), Line("TS-M", 3, 10000)], 800, signed_at=NOON - timedelta(days=3)),
    Bought("2850000000000000013", [Line("CUP", 7, 1000), Line("TS-L", 2, 5601)], 1000, signed_at=NOON - timedelta(days=10)),
    Bought("2850000000000000014", [Line("CUP", 2, 2999), Line("TS-M", 2, 1)], 600, shipped=False),
    Bought("2850000000000000015", [Line("FISH", 2, 6601, barred=True), Line("CUP", 3, 2000)], 500),
    Bought("2850000000000000016", [Line("SOAP", 2, 3001, barred=True), Line("TS-L", 1, 9900)], signed_at=NOON - timedelta(days=3)),
    Bought("2850000000000000017", [Line("CUP", 3, 1), Line("GIFT", 1, 0)], signed_at=NOON - timedelta(days=2)),
    Bought("2850000000000000018", [Line("TS-L", 1, 0)], paid_for=False, shipped=False),
)  # fmt: skip
WAYBILLS = tuple(f"YT52604931768{n:02d}" for n in range(4))
CLASSES = {"FISH": "生鲜", "SOAP": "化妆品"}

KINDS = ("refund-only", "return", "return", "exchange", "resend", "allowance")
who = st.sampled_from([OWNER, MANAGER, MANAGER, MANAGER, AGENT, AGENT, AGENT, AGENT, FINANCE, WAREHOUSE])
pick = st.integers(0, 4095)
again = st.sampled_from(["", "", "", "", "same", "other"])
cut = st.sampled_from(["all", "all", "all", "whole", "half", "fen", "nothing", "over"])
waivers = st.sampled_from(["", "", "", "", "", "", "", "", "window", "excluded", "goods", "goods_first", "approval", "freight", "units"])
words = st.sampled_from(["why", "why", "why", "why", "why", ""])


def furnish(books: Books) -> None:
    """A shop with its people, articles and orders."""
    books.hire()
    for sku in ("TS-L", "TS-M", "CUP", "FISH", "SOAP", "GIFT", *PRICES):
        books.product(sku, category=CLASSES.get(sku, "服装"), price=PRICES.get(sku))
    for order in ORDERS:
        lines = [(line.sku, line.pieces, line.cash) for line in order.lines]
        books.order(order.number, *lines, freight=order.freight, shipped=order.shipped, signed_at=order.signed_at)
    with opened(books.asked()) as shop:
        shop.session.execute(sa.text("UPDATE order_lines SET confirmed = true WHERE sku = 'SOAP'"))
        unpaid = sa.text("UPDATE orders SET paid_at = NULL WHERE number = :number")
        shop.session.execute(unpaid, {"number": ORDERS[-1].number})


def portion(how: str, due: int) -> int | None:
    """An amount at and around what is due; None leaves it to the program."""
    return {"all": None, "whole": due, "half": due // 2, "fen": 1, "nothing": 0, "over": due + 1}[how]


class ShopMachine(RuleBasedStateMachine):
    """Everybody does anything; the oracle knows what must come of it."""

    fresh: ClassVar[Callable[[], Books]]
    tally: ClassVar[Counter[str]]
    keys = itertools.count(1)
    sound = jumped = False

    @initialize(picked=st.lists(st.sampled_from(range(len(ORDERS))), min_size=1, max_size=2, unique=True),
                kinds=st.lists(st.sampled_from(KINDS), max_size=3))  # fmt: skip
    def begin(self, picked: list[int], kinds: list[str]) -> None:
        self.books = type(self).fresh()
        self.oracle = Oracle(ROLES, PRICES)
        self.orders = [deepcopy(ORDERS[i]) for i in picked]
        self.refunds = itertools.count(9_000_000_000)
        self.sound = True
        for place, kind in enumerate(kinds):
            order = self.orders[place % len(self.orders)]
            self.open_case(AGENT, 4 * self.orders.index(order) + 64 * place, kind, "Q_FUNC", "one", "all", "", "")

    def teardown(self) -> None:
        if self.sound:
            for order in self.orders:
                self.compare(order)
            self.compare_stock()
            self.books.check()

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

    def repeat(self, how: str, key: str, view: Any, action: Callable[..., Any], *args: Any, by: str, **options: Any) -> None:  # fmt: skip
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
        found: Pay = self.choose(self.oracle.pays, picked, lambda pay: pay.state in states)
        return found

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
            (pay.number, part): minor for pay in self.oracle.pays if pay.doc in docs for part, minor in pay.parts.items()
        }
        out = sum(m for _n, state, _t, part, m, _p in rows if state != "failed" and part not in {"amends", "way_back"})
        assert 0 <= out <= max((row[5] for row in rows), default=0), f"{out} paid out of the order"

    def compare_stock(self) -> None:
        self.sound = False
        rows = self.books.rows("SELECT sku, bucket, quantity FROM stock_balances WHERE quantity <> 0")
        expected = Counter(self.oracle.stock)
        for box in self.oracle.boxes.values():
            for sku, n in box.counted.items():
                expected[sku, "pending"] += n - box.inspected.get(sku, 0)
        assert {(sku, bucket): n for sku, bucket, n in rows} == {key: n for key, n in expected.items() if n}
        self.sound = True

    # steps: cases

    @rule(who=who, picked=pick, kind=st.sampled_from(KINDS),
          reason=st.sampled_from(REASONS), named=st.sampled_from(["", "", "one", "one", "each", "many"]),
          how=cut, want=st.sampled_from(["", *PRICES]), twice=again)  # fmt: skip
    def open_case(self, who: str, picked: int, kind: str, reason: str, named: str, how: str, want: str, twice: str) -> None:
        order: Bought = self.choose(self.orders, picked, lambda o: any(self.oracle.pieces_left(x, o) for x in o.lines))
        line = order.lines[picked // 16 % len(order.lines)]
        wanted = {"one": {line.sku: picked % 3}, "many": {line.sku: line.pieces + picked % 2},
                  "each": {x.sku: 1 for x in order.lines}}.get(named)  # fmt: skip
        asked = portion(how, line.cash) if kind not in GOODS_OUT else None
        doc = Doc(order, kind, reason, {}, self.books.at, asked, want if kind == "exchange" else "")
        texts = [f"{sku}={n}" if n else sku for sku, n in (wanted or {}).items()]
        options: dict[str, Any] = {"kind": Kind(kind), "reason": reason, "lines": texts, "amount": asked, "want": want}
        _, view = self.act(lambda: self.oracle.open_case(who, doc, wanted), cases.open_case, order.number,
                           by=who, twice=twice, **options)  # fmt: skip
        if view:
            doc.number = view.number
        self.compare(order)

    def unclaimed(self, order: Bought) -> bool:
        return order.paid_for and self.oracle.pieces_left(order.lines[0], order) == order.lines[0].pieces

    @precondition(lambda self: any(self.unclaimed(order) for order in self.orders) or len(self.oracle.docs) < 4)
    @rule(picked=pick, kind=st.sampled_from(["refund-only", "return", "return", "exchange"]), reason=st.sampled_from(REASONS))
    def listed_case(self, picked: int, kind: str, reason: str) -> None:
        """The platform's report names a refund that the buyer asked for there."""
        if not any(order.paid_for for order in self.orders):
            return
        order: Bought = self.choose([order for order in self.orders if order.paid_for], picked, self.unclaimed)
        place, line = 1, order.lines[0]
        doc = Doc(order, kind, reason, {}, self.books.at, None if kind == "exchange" else line.cash, listed=True)
        refund = f"{next(self.refunds)}"
        values = {"refund": refund, "order": f"{order.number}{place}", "sku": line.sku, "amount": line.cash,
                  "kind": kind, "reason": reason, "status": "requested"}  # fmt: skip
        wanted = {line.sku: 0 if kind == "exchange" else line.pieces}
        with opened(self.books.asked()) as shop:
            tally = refunds.merge(shop, Source(1, "taobao", ""), [StagedRow(1, order.number, refund, values)])
        try:
            self.oracle.open_case(OWNER, doc, wanted)
        except No:
            assert tally.refused == 1 and tally.added == 0
        else:
            assert (tally.refused, tally.added) == (0, 1), tally.faults
            doc.number = self.books.value("SELECT number FROM cases WHERE platform_number = :n", n=refund)
        self.tally[f"listed {'yes' if tally.added else 'no'}"] += 1
        self.compare(order)

    @precondition(lambda self: self.oracle.docs)
    @rule(who=who, picked=pick, how=cut, waive=waivers, because=words, twice=again, apt=st.booleans())
    def approve(self, who: str, picked: int, how: str, waive: str, because: str, twice: str, apt: bool) -> None:
        doc = self.doc(picked, lambda d: d.decision == "requested" or (d.decision == "rejected" and picked % 3 == 0))
        who = self.able(who, picked, "manager", "agent")
        rules = sorted(self.oracle.against(doc)) if apt else [waive] if waive else []
        amount = portion("whole" if how == "all" and doc.kind == "allowance" else how, self.oracle.due(doc, None)[0] or 1)
        expected, view = self.act(lambda: self.oracle.approve(who, doc, amount, rules, because), cases.approve, doc.number,
                                  by=who, twice=twice, amount=amount, waive=rules, because=because)  # fmt: skip
        if view:
            assert view.due.minor == expected
        self.compare(doc.order)

    @precondition(lambda self: any(doc.decision != "withdrawn" for doc in self.oracle.docs))
    @rule(who=who, picked=pick, because=words, twice=again, takes_back=st.booleans())
    def turn_away(self, who: str, picked: int, because: str, twice: str, takes_back: bool) -> None:
        doc = self.doc(picked, lambda d: d.decision != "withdrawn" and not d.finished)
        if takes_back:
            self.act(lambda: self.oracle.withdraw(who, doc), cases.withdraw, doc.number, by=who, twice=twice)
        else:
            self.act(lambda: self.oracle.reject(who, doc, because), cases.reject, doc.number, by=who, twice=twice,
                     because=because)  # fmt: skip
        self.compare(doc.order)

    @precondition(lambda self: any(doc.decision == "requested" for doc in self.oracle.docs))
    @rule(who=who, picked=pick, reason=st.sampled_from(REASONS))
    def set_reason(self, who: str, picked: int, reason: str) -> None:
        doc = self.doc(picked, lambda d: d.decision == "requested")
        self.act(lambda: self.oracle.set_reason(who, doc, reason), cases.note, doc.number, "", by=who, reason=reason)

    @precondition(lambda self: any(not x.finished and self.oracle.nothing_open(x) for x in self.oracle.docs))
    @rule(who=who, picked=pick, twice=again)
    def finish(self, who: str, picked: int, twice: str) -> None:
        doc = self.doc(picked, lambda d: not d.finished and self.oracle.nothing_open(d))
        self.act(lambda: self.oracle.finish(who, doc), cases.finish, doc.number, by=who, twice=twice)
        self.compare(doc.order)

    @precondition(lambda self: any(doc.finished for doc in self.oracle.docs))
    @rule(who=who, picked=pick, twice=again)
    def reopen(self, who: str, picked: int, twice: str) -> None:
        doc = self.doc(picked, lambda d: d.finished)
        self.act(lambda: self.oracle.reopen(who, doc), cases.reopen, doc.number, by=who, twice=twice)
        self.compare(doc.order)

    @precondition(lambda self: any(doc.goods_out for doc in self.oracle.docs))
    @rule(who=who, picked=pick, twice=again)
    def ship(self, who: str, picked: int, twice: str) -> None:
        doc = self.doc(picked, lambda d: d.goods_out == "due")
        self.act(lambda: self.oracle.ship(who, doc), cases.ship, doc.number, by=who, twice=twice, waybill="SF99")
        self.compare(doc.order)

    @precondition(lambda self: any(doc.clicks for doc in self.oracle.docs))
    @rule(who=who, picked=pick, twice=again)
    def click(self, who: str, picked: int, twice: str) -> None:
        doc = self.doc(picked, lambda d: "todo" in d.clicks.values())
        self.act(lambda: self.oracle.clicked(doc), platform.done, [doc.number], by=who, twice=twice)
        self.compare(doc.order)

    # steps: the next thing that a case waits for

    def nth(self, doc: Doc) -> int:
        """The pick that means just this case."""
        return 4 * self.oracle.docs.index(doc)

    def payable(self, doc: Doc) -> bool:
        owed = doc.decision == "approved" and self.oracle.paid(doc) < sum(doc.due.values())
        return owed and (doc.kind != "return" or any(doc.good.values()))

    @precondition(lambda self: self.oracle.docs)
    @rule(picked=pick, boss=st.sampled_from([OWNER, MANAGER]), agent=st.sampled_from([AGENT, MANAGER]),
          grade=st.sampled_from(["A", "A", "C", "X"]), times=st.integers(1, 8), regret=st.booleans())  # fmt: skip
    def advance(self, picked: int, boss: str, agent: str, grade: str, times: int, regret: bool) -> None:
        """What everybody hopes for; without it most runs would never come to the money."""
        doc = self.doc(picked | 1, lambda d: not d.finished)
        for _ in range(times):
            if not doc.finished:
                self.push(doc, picked, boss, agent, grade)
        arrived = [pay for pay in self.oracle.of(doc) if pay.state == "confirmed" and not pay.reversal]
        if regret and arrived:
            self.reverse(boss, 4 * self.oracle.pays.index(arrived[0]), "why", "", anew=True)

    def push(self, doc: Doc, picked: int, boss: str, agent: str, grade: str) -> None:
        moving = next((pay for pay in self.oracle.of(doc) if pay.state in ON_THE_WAY), None)
        if doc.decision == "requested":
            self.approve(boss, self.nth(doc), "all", "", "why", "", apt=True)
        elif moving and moving.state == "waiting":
            self.countersign(boss, 4 * self.oracle.pays.index(moving), "")
        elif moving:
            self.step(agent, 4 * self.oracle.pays.index(moving), "confirm", "why", "")
        elif doc.decision == "approved" and doc.kind in GOODS_BACK and not doc.returned:
            self.send_back(doc, picked, grade)
        elif doc.goods_out == "due":
            self.ship(agent, self.nth(doc), "")
        elif "todo" in doc.clicks.values():
            self.click(agent, self.nth(doc), "")
        elif self.payable(doc):
            self.refund(agent, self.nth(doc), "all" if picked % 3 else "half", "", "why", "")
        elif self.oracle.nothing_open(doc):
            self.finish(agent, self.nth(doc), "")

    def send_back(self, doc: Doc, picked: int, grade: str) -> None:
        boxes = list(self.oracle.boxes.values())
        mine = next((box for box in boxes if doc in box.docs), None)
        if mine is None:
            self.expect(AGENT, self.nth(doc), WAYBILLS[picked % len(WAYBILLS)], "")
            return
        place = next(i for i, sku in enumerate(sorted(doc.pieces)) if doc.seen.get(sku, 0) < doc.pieces[sku])
        self.inspect(WAREHOUSE, 4 * boxes.index(mine) + 192 * place, picked % 4, grade, "")

    # steps: money

    def paying(self, pay: Pay | None, view: PayoutView | None, doc: Doc) -> None:
        if pay and view:
            pay.number = view.number
            assert (view.money.minor, view.state) == (pay.total, pay.state)
        self.compare(doc.order)

    @precondition(lambda self: any(doc.due for doc in self.oracle.docs))
    @rule(who=who, picked=pick, how=cut, waive=waivers, because=words, twice=again)
    def refund(self, who: str, picked: int, how: str, waive: str, because: str, twice: str) -> None:
        doc = self.doc(picked, self.payable)
        who = self.able(who, picked, "manager", "agent", "finance")
        amount = portion(how, sum(doc.due.values()) - self.oracle.paid(doc))
        rules = [waive] if waive else []
        pay, view = self.act(lambda: self.oracle.refund(who, doc, amount, rules, because), payouts.refund, doc.number,
                             by=who, twice=twice, amount=amount, waive=rules, because=because)  # fmt: skip
        self.paying(pay, view, doc)

    @precondition(lambda self: any(doc.decision == "approved" for doc in self.oracle.docs))
    @rule(who=who, picked=pick, minor=st.sampled_from([500, 3000, 3001, 0]), waive=waivers, because=words, twice=again,
          form=st.sampled_from(["coupon", "points", "cash"]))  # fmt: skip
    def compensate(self, who: str, picked: int, minor: int, waive: str, because: str, twice: str, form: str) -> None:
        doc = self.doc(picked, lambda d: d.decision == "approved" and not d.finished)
        who = self.able(who, picked, "manager", "agent", "finance")
        rules = [waive] if waive else []
        pay, view = self.act(lambda: self.oracle.beside(who, doc, "compensation", minor, rules, because),
                             payouts.compensate, doc.number, by=who, twice=twice, **{form: minor},
                             waive=rules, because=because)  # fmt: skip
        self.paying(pay, view, doc)

    @precondition(lambda self: any(x.decision == "approved" and x.kind in GOODS_BACK for x in self.oracle.docs))
    @rule(who=who, picked=pick, minor=st.sampled_from([1200, 3001, 0]), waive=waivers, because=words, twice=again)
    def way_back(self, who: str, picked: int, minor: int, waive: str, because: str, twice: str) -> None:
        doc = self.doc(picked, lambda d: d.decision == "approved" and d.kind in GOODS_BACK and not d.finished)
        who, because = (MANAGER, "why") if picked % 4 == 1 else (who, because)
        waive = "freight" if picked % 4 == 1 else waive
        rules = [waive] if waive else []
        pay, view = self.act(lambda: self.oracle.beside(who, doc, "freight", minor, rules, because), payouts.freight_back,
                             doc.number, minor, by=who, twice=twice, waive=rules, because=because)  # fmt: skip
        self.paying(pay, view, doc)

    @precondition(lambda self: self.oracle.pays)
    @rule(who=who, picked=pick, twice=again)
    def countersign(self, who: str, picked: int, twice: str) -> None:
        pay = self.pay(picked, "waiting")
        who = OWNER if pay.by == MANAGER else self.able(who, picked, "manager")
        _, view = self.act(lambda: self.oracle.countersign(who, pay), payouts.countersign, pay.number, by=who, twice=twice)
        self.paying(pay, view, pay.doc)

    @precondition(lambda self: self.oracle.pays)
    @rule(who=who, picked=pick, move=st.sampled_from(["send", "confirm", "confirm", "fail", "lose"]), because=words, twice=again)
    def step(self, who: str, picked: int, move: str, because: str, twice: str) -> None:
        pay = self.pay(picked, *(ON_THE_WAY - {"waiting"}))
        _, view = self.act(lambda: self.oracle.step(who, pay, move, because), payouts.step, pay.number, move,
                           by=who, twice=twice, because=because)  # fmt: skip
        self.paying(pay, view, pay.doc)

    @precondition(lambda self: any(pay.state == "confirmed" for pay in self.oracle.pays))
    @rule(who=who, picked=pick, because=words, twice=again, anew=st.sampled_from([True, True, False]))
    def reverse(self, who: str, picked: int, because: str, twice: str, anew: bool) -> None:
        pay = self.pay(picked, "confirmed")
        if anew and pay.doc.finished:
            self.reopen(MANAGER, self.nth(pay.doc), "")
        who = self.able(who, picked, "manager")
        back, view = self.act(lambda: self.oracle.reverse(who, pay, because), payouts.reverse, pay.number,
                              by=who, twice=twice, because=because)  # fmt: skip
        self.paying(back, view, pay.doc)

    # steps: parcels

    @precondition(lambda self: any(doc.kind in GOODS_BACK for doc in self.oracle.docs))
    @rule(who=who, picked=pick, waybill=st.sampled_from(WAYBILLS), twice=again)
    def expect(self, who: str, picked: int, waybill: str, twice: str) -> None:
        doc = self.doc(picked, lambda d: d.kind in GOODS_BACK and not d.returned)
        self.act(lambda: self.oracle.expect(doc, waybill), parcels.expect_by_hand, doc.number, waybill, by=who, twice=twice)

    @precondition(lambda self: self.oracle.docs and self.oracle.boxes)
    @rule(who=who, picked=pick, waybill=st.sampled_from(WAYBILLS), twice=again)
    def match(self, who: str, picked: int, waybill: str, twice: str) -> None:
        doc = self.doc(picked, lambda d: d.kind in GOODS_BACK)
        self.act(lambda: self.oracle.match(who, waybill, doc), parcels.match, waybill, doc.number, by=who, twice=twice)
        self.compare(doc.order)

    @rule(who=who, waybill=st.sampled_from(WAYBILLS), twice=again, pieces=st.sampled_from(["", "", "TS-L", "CUP"]))
    def scan(self, who: str, waybill: str, twice: str, pieces: str) -> None:
        bench = scanning.Bench()
        outcome, view = self.act(lambda: self.oracle.scan(who, waybill), scanning.scan, bench, waybill, by=who)
        if view:
            assert view.outcome == outcome
        if view and pieces:
            self.act(lambda: self.oracle.count(who, waybill, pieces), scanning.scan, bench, pieces, by=who)
        self.compare_stock()

    @precondition(lambda self: self.oracle.boxes)
    @rule(who=who, picked=pick, n=st.integers(0, 3), grades=st.sampled_from(["A", "A", "A", "AC", "B", "D", "X", "AX"]), twice=again)
    def inspect(self, who: str, picked: int, n: int, grades: str, twice: str) -> None:
        box = self.choose(list(self.oracle.boxes.values()), picked, lambda b: any(not d.returned for d in b.docs))
        doc = self.choose(box.docs, picked // 16, lambda d: not d.returned) if box.docs else None
        skus = sorted(doc.pieces) if doc else ["CUP", "TS-L"]
        sku = skus[picked // 192 % len(skus)]
        rest = doc.pieces[sku] - doc.seen.get(sku, 0) if doc else 1
        items = [(sku, n or max(rest, 1), grade) for grade in grades]
        found = [parcels.parse_item(f"{sku}={count}:{grade}") for sku, count, grade in items]
        self.act(lambda: self.oracle.inspect(who, box.waybill, items), parcels.inspect, box.waybill, found, by=who, twice=twice)
        self.compare_stock()

    # steps: time

    @precondition(lambda self: not self.jumped)
    @rule(hours=st.sampled_from([1, 24, 24 * 5, 24 * 9, -24, -24 * 9]))
    def jump(self, hours: int) -> None:
        self.jumped = True
        self.books.later(hours=hours)
        self.tally["clock"] += 1


def play(fresh: Callable[[], Books], part: int, steps: int) -> Counter[str]:
    """Plays runs of fifty steps until there were enough; what was accepted and refused how often."""

    @seed(20261109 + part)
    class Machine(ShopMachine):
        pass

    Machine.fresh, Machine.tally = staticmethod(fresh), Counter()
    began = time.monotonic()
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Machine,
        settings=settings(
            max_examples=steps // STEPS_A_RUN * 6 // 5,
            stateful_step_count=STEPS_A_RUN,
            database=None,
            deadline=None,
            phases=PHASES,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
    done, spell = sum(Machine.tally.values()), time.monotonic() - began
    print(f"\n{done} steps in {spell:.1f} s, {done / spell:.0f} a second", dict(sorted(Machine.tally.items())))
    assert done >= steps
    return Machine.tally


def judge(tally: Counter[str]) -> None:
    """Every kind of step was done, and most were refused too."""
    names = {name.split()[0] for name in tally} - {"clock"}
    assert len(names) >= 20
    assert not [name for name in sorted(names) if not tally[f"{name} yes"]]
    assert sum(tally[f"{name} no"] > 0 for name in names) >= 15


@pytest.fixture(scope="session")
def furnished(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A furnished shop on SQLite to copy."""
    path = tmp_path_factory.mktemp("furnished") / "shop.db"
    shutil.copyfile(template, path)
    furnish(Books(str(path)))
    engine.engine(str(path)).dispose()
    return path


def memory(tmp_path: Path) -> Path:
    """A folder in memory where there is one: there `synchronous=FULL` costs nothing."""
    shm = Path("/dev/shm")
    if not os.access(shm, os.W_OK):
        return tmp_path
    folder = shm / f"retcli-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.mark.timeout(3600 if LONG else 600)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_shop_at_random_on_sqlite(part: int, furnished: Path, tmp_path: Path) -> None:
    folder = memory(tmp_path)
    path = folder / "shop.db"

    def fresh() -> Books:
        engine.engine(str(path)).dispose()
        for left in folder.glob("shop.db*"):
            left.unlink()
        shutil.copyfile(furnished, path)
        return Books(str(path))

    try:
        judge(play(fresh, part, STEPS["sqlite"] // PARTS))
    finally:
        engine.engine(str(path)).dispose()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.timeout(3600 if LONG else 600)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_shop_at_random_on_postgresql(part: int, postgres: Server) -> None:
    furnished = postgres.create("books1")
    furnish(Books(furnished))
    engine.engine(furnished).dispose()
    name = furnished.partition("?")[0].rpartition("/")[2]
    made: list[str] = []

    def fresh() -> Books:
        if made:
            postgres.drop(made.pop())
        made.append(postgres.create(name))
        return Books(made[-1])

    try:
        play(fresh, 100 + part, STEPS["postgres"] // PARTS)
    finally:
        for address in (*made, furnished):
            postgres.drop(address)
