"""Everybody of the shop does anything, in any order: the steps of the random runs."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from copy import deepcopy
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from retcli.actions.cases import contacts, decisions, platform_list
from retcli.actions.imports.merging import Source
from retcli.actions.imports.refunds import refund_report
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import inspection, parcels
from retcli.actions.warehouse.bench import scanning
from retcli.actions.warehouse.bench.benches import Bench
from retcli.database.staging.stages import StagedRow
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from retcli.views.money.payouts import PayoutView
from tests.ledgers import GOODS_BACK, GOODS_OUT, ON_THE_WAY, REASONS, Bought, Doc, Pay
from tests.oracle import Oracle
from tests.shopfloor import AGENT, FINANCE, MANAGER, OWNER, WAREHOUSE, Books
from tests.taken_back import TakesBack
from tests.twin import COUNTED, ORDERS, PRICES, ROLES, WAYBILLS, portion

KINDS = ("refund-only", "return", "return", "exchange", "resend", "allowance")
who = st.sampled_from([OWNER, MANAGER, MANAGER, MANAGER, AGENT, AGENT, AGENT, AGENT, FINANCE, WAREHOUSE])
pick = st.integers(0, 4095)
again = st.sampled_from(["", "", "", "", "same", "other"])
cut = st.sampled_from(["all", "all", "all", "whole", "half", "fen", "nothing", "over"])
waivers = st.sampled_from([""] * 8 + ["window", "excluded", "goods", "goods_first", "approval", "freight", "units",
                                     "beyond_price"])  # fmt: skip
words = st.sampled_from(["why", "why", "why", "why", "why", ""])


class ShopMachine(TakesBack, RuleBasedStateMachine):
    """Everybody does anything; the oracle knows what must come of it."""

    fresh: ClassVar[Callable[[], Books]]

    @initialize(picked=st.lists(st.sampled_from(range(len(ORDERS))), min_size=1, max_size=2, unique=True),
                kinds=st.lists(st.sampled_from(KINDS), max_size=3))  # fmt: skip
    def begin(self, picked: list[int], kinds: list[str]) -> None:
        self.books = type(self).fresh()
        self.oracle = Oracle(ROLES, PRICES)
        self.oracle.count_shelf(COUNTED)
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

    # steps: cases

    @rule(who=who, picked=pick, kind=st.sampled_from(KINDS),
          reason=st.sampled_from(REASONS), named=st.sampled_from(["", "", "one", "one", "each", "many"]),
          how=cut, want=st.sampled_from(["", *PRICES]), twice=again)  # fmt: skip
    def open_case(
        self, who: str, picked: int, kind: str, reason: str, named: str, how: str, want: str, twice: str
    ) -> None:
        order: Bought = self.choose(self.orders, picked, lambda o: any(self.oracle.pieces_left(x, o) for x in o.lines))
        line = order.lines[picked // 16 % len(order.lines)]
        wanted = {"one": {line.sku: picked % 3}, "many": {line.sku: line.pieces + picked % 2},
                  "each": {x.sku: 1 for x in order.lines}}.get(named)  # fmt: skip
        asked = portion(how, line.cash) if kind not in GOODS_OUT else None
        doc = Doc(order, kind, reason, {}, self.books.at, asked, want if kind == "exchange" else "")
        texts = [f"{sku}={n}" if n else sku for sku, n in (wanted or {}).items()]
        options: dict[str, Any] = {"kind": Kind(kind), "reason": reason, "lines": texts, "amount": asked}
        if doc.want:
            open_lines = [x.sku for x in order.lines if self.oracle.pieces_left(x, order)]
            options["want"] = [f"{sku}={want}" for sku in (wanted or open_lines)]
        _, view = self.act(lambda: self.oracle.open_case(who, doc, wanted), decisions.open_case, order.number,
                           by=who, twice=twice, **options)  # fmt: skip
        if view:
            doc.number = view.number
        self.compare(order)

    def unclaimed(self, order: Bought) -> bool:
        return order.paid_for and self.oracle.pieces_left(order.lines[0], order) == order.lines[0].pieces

    @precondition(lambda self: any(self.unclaimed(order) for order in self.orders) or len(self.oracle.docs) < 4)
    @rule(
        picked=pick,
        kind=st.sampled_from(["refund-only", "return", "return", "exchange"]),
        reason=st.sampled_from(REASONS),
    )
    def listed_case(self, picked: int, kind: str, reason: str) -> None:
        """The platform's report names a refund that the buyer asked for there."""
        if not any(order.paid_for for order in self.orders):
            return
        order: Bought = self.choose([order for order in self.orders if order.paid_for], picked, self.unclaimed)
        place, line = 1, order.lines[0]
        doc = Doc(order, kind, reason, {}, self.books.at, None if kind == "exchange" else line.cash, listed=True,
                  there=line.cash)  # fmt: skip
        refund = f"{next(self.refunds)}"
        values = {"refund": refund, "order": f"{order.number}{place}", "sku": line.sku, "amount": line.cash,
                  "kind": kind, "reason": reason, "status": "requested"}  # fmt: skip
        left, twin = self.oracle.pieces_left(line, order), self.oracle.twin(order, kind, line)
        if not left and twin is None:
            return
        wanted = {line.sku: 0 if kind == "exchange" else min(line.pieces, left)}
        with opened(self.books.asked()) as shop:
            tally = refund_report.merge(shop, Source(1, "taobao", ""), [StagedRow(1, order.number, refund, values)])
        assert (tally.refused, tally.added) == (0, 1), tally.faults
        number = self.books.value("SELECT number FROM cases WHERE platform_number = :n", n=refund)
        if twin is not None:
            assert number == twin.number, "the same matter by hand and on the platform is one case"
            self.oracle.adopt(twin, line.cash)
        else:
            self.oracle.open_case(OWNER, doc, wanted)
            doc.number, doc.wished = number, {line.sku: line.pieces}
        self.tally[f"{'adopted' if twin else 'listed'} yes"] += 1
        self.compare(order)

    @precondition(lambda self: self.oracle.docs)
    @rule(who=who, picked=pick, how=cut, waive=waivers, because=words, twice=again, apt=st.booleans())
    def approve(self, who: str, picked: int, how: str, waive: str, because: str, twice: str, apt: bool) -> None:
        doc = self.doc(picked, lambda d: d.decision == "requested" or (d.decision == "rejected" and picked % 3 == 0))
        who = self.able(who, picked, "manager", "agent")
        rules = sorted(self.oracle.against(doc)) if apt else [waive] if waive else []
        how = "whole" if how == "all" and doc.kind == "allowance" else how
        amount = portion(how, self.oracle.due(doc, None)[0] or 1)
        if apt and self.oracle.excess(doc, doc.asked if amount is None else amount) > 0:
            rules.append("beyond_price")
        expected, view = self.act(lambda: self.oracle.approve(who, doc, amount, rules, because), decisions.approve,
                                  doc.number, by=who, twice=twice, amount=amount,
                                  waive=rules, because=because)  # fmt: skip
        if view:
            assert view.due.minor == expected
        self.compare(doc.order)

    @precondition(lambda self: any(doc.decision != "withdrawn" for doc in self.oracle.docs))
    @rule(who=who, picked=pick, because=words, twice=again, takes_back=st.booleans())
    def turn_away(self, who: str, picked: int, because: str, twice: str, takes_back: bool) -> None:
        doc = self.doc(picked, lambda d: d.decision != "withdrawn" and not d.finished)
        if takes_back:
            self.act(lambda: self.oracle.withdraw(who, doc), decisions.withdraw, doc.number, by=who, twice=twice)
        else:
            self.act(lambda: self.oracle.reject(who, doc, because), decisions.reject, doc.number, by=who, twice=twice,
                     because=because)  # fmt: skip
        self.compare(doc.order)

    @precondition(lambda self: any(doc.decision == "requested" for doc in self.oracle.docs))
    @rule(who=who, picked=pick, reason=st.sampled_from(REASONS))
    def set_reason(self, who: str, picked: int, reason: str) -> None:
        doc = self.doc(picked, lambda d: d.decision == "requested")
        self.act(lambda: self.oracle.set_reason(who, doc, reason), contacts.note, doc.number, "", by=who, reason=reason)

    @precondition(lambda self: any(not x.finished and self.oracle.nothing_open(x) for x in self.oracle.docs))
    @rule(who=who, picked=pick, twice=again)
    def finish(self, who: str, picked: int, twice: str) -> None:
        doc = self.doc(picked, lambda d: not d.finished and self.oracle.nothing_open(d))
        self.act(lambda: self.oracle.finish(who, doc), decisions.finish, doc.number, by=who, twice=twice)
        self.compare(doc.order)

    @precondition(lambda self: any(doc.finished or doc.decision == "withdrawn" for doc in self.oracle.docs))
    @rule(who=who, picked=pick, twice=again)
    def reopen(self, who: str, picked: int, twice: str) -> None:
        doc = self.doc(picked, lambda d: d.finished or d.decision == "withdrawn")
        self.act(lambda: self.oracle.reopen(who, doc), decisions.reopen, doc.number, by=who, twice=twice)
        self.compare(doc.order)

    @precondition(lambda self: any(doc.goods_out for doc in self.oracle.docs))
    @rule(who=who, picked=pick, twice=again)
    def ship(self, who: str, picked: int, twice: str) -> None:
        doc = self.doc(picked, lambda d: d.goods_out == "due")
        waybill = f"SF99{doc.number[-4:]}"  # goods of another order never lie under the same
        self.act(lambda: self.oracle.ship(who, doc), decisions.ship, doc.number, by=who, twice=twice, waybill=waybill)
        self.compare(doc.order)
        self.compare_stock()

    @precondition(lambda self: any(doc.clicks for doc in self.oracle.docs))
    @rule(who=who, picked=pick, twice=again)
    def click(self, who: str, picked: int, twice: str) -> None:
        doc = self.doc(picked, lambda d: "todo" in d.clicks.values())
        self.act(lambda: self.oracle.clicked(who, doc), platform_list.done, [doc.number], by=who, twice=twice)
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
        self.learn()
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
        self.inspect(WAREHOUSE, 4 * boxes.index(mine) + 192 * place, picked % 4, grade, "", sealed=True)

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
    @rule(who=who, picked=pick, minor=st.sampled_from([500, 3000, 3001, 20_000, 0]), waive=waivers, because=words,
          twice=again, form=st.sampled_from(["coupon", "points", "cash"]))  # fmt: skip
    def compensate(self, who: str, picked: int, minor: int, waive: str, because: str, twice: str, form: str) -> None:
        doc = self.doc(picked, lambda d: d.decision == "approved" and not d.finished)
        who = self.able(who, picked, "manager", "agent", "finance")
        rules = [waive] if waive else []
        pay, view = self.act(lambda: self.oracle.beside(who, doc, "compensation", minor, rules, because,
                                                         money=form == "cash"),
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
        pay, view = self.act(lambda: self.oracle.beside(who, doc, "freight", minor, rules, because),
                             payouts.freight_back, doc.number, minor, by=who, twice=twice,
                             waive=rules, because=because)  # fmt: skip
        self.paying(pay, view, doc)

    @precondition(lambda self: self.oracle.pays)
    @rule(who=who, picked=pick, twice=again)
    def countersign(self, who: str, picked: int, twice: str) -> None:
        pay = self.pay(picked, "waiting")
        who = OWNER if pay.by == MANAGER else self.able(who, picked, "manager")
        _, view = self.act(
            lambda: self.oracle.countersign(who, pay), payout_steps.countersign, pay.number, by=who, twice=twice
        )
        self.paying(pay, view, pay.doc)

    @precondition(lambda self: self.oracle.pays)
    @rule(
        who=who,
        picked=pick,
        move=st.sampled_from(["send", "confirm", "confirm", "fail", "lose"]),
        because=words,
        twice=again,
    )
    def step(self, who: str, picked: int, move: str, because: str, twice: str) -> None:
        pay = self.pay(picked, *(ON_THE_WAY - {"waiting"}))
        _, view = self.act(lambda: self.oracle.step(who, pay, move, because), payout_steps.step, pay.number, move,
                           by=who, twice=twice, because=because)  # fmt: skip
        self.paying(pay, view, pay.doc)

    @precondition(lambda self: any(pay.state == "confirmed" for pay in self.oracle.pays))
    @rule(who=who, picked=pick, because=words, twice=again, anew=st.sampled_from([True, True, False]))
    def reverse(self, who: str, picked: int, because: str, twice: str, anew: bool) -> None:
        pay = self.pay(picked, "confirmed")
        if anew and pay.doc.finished:
            self.reopen(MANAGER, self.nth(pay.doc), "")
        who = self.able(who, picked, "manager")
        back, view = self.act(lambda: self.oracle.reverse(who, pay, because), payout_steps.reverse, pay.number,
                              by=who, twice=twice, because=because)  # fmt: skip
        self.paying(back, view, pay.doc)

    # steps: parcels

    @precondition(lambda self: any(doc.kind in GOODS_BACK for doc in self.oracle.docs))
    @rule(who=who, picked=pick, waybill=st.sampled_from(WAYBILLS), twice=again)
    def expect(self, who: str, picked: int, waybill: str, twice: str) -> None:
        doc = self.doc(picked, lambda d: d.kind in GOODS_BACK and not d.returned)
        self.act(
            lambda: self.oracle.expect(who, doc, waybill),
            parcels.expect_by_hand,
            doc.number,
            waybill,
            by=who,
            twice=twice,
        )

    @precondition(lambda self: self.oracle.docs and self.oracle.boxes)
    @rule(who=who, picked=pick, waybill=st.sampled_from(WAYBILLS), twice=again)
    def match(self, who: str, picked: int, waybill: str, twice: str) -> None:
        doc = self.doc(picked, lambda d: d.kind in GOODS_BACK)
        if doc.kind == "refund-only" and doc.order.signed_at is None:
            return  # what never reached the buyer comes back by rules of its own
        why = {"because": "两单一起寄回"}  # whatever lies in it
        self.act(
            lambda: self.oracle.match(who, waybill, doc), parcels.match, waybill, doc.number, by=who, twice=twice, **why
        )
        self.compare(doc.order)

    @rule(who=who, waybill=st.sampled_from(WAYBILLS), twice=again, pieces=st.sampled_from(["", "", "TS-L", "CUP"]))
    def scan(self, who: str, waybill: str, twice: str, pieces: str) -> None:
        bench = Bench()
        outcome, view = self.act(lambda: self.oracle.scan(who, waybill), scanning.scan, bench, waybill, by=who)
        if view:
            assert view.outcome == outcome
        if view and pieces:
            self.act(lambda: self.oracle.count(who, waybill, pieces), scanning.scan, bench, pieces, by=who)
        self.compare_stock()

    @precondition(lambda self: self.oracle.boxes)
    @rule(
        who=who,
        picked=pick,
        n=st.integers(0, 3),
        grades=st.sampled_from(["A", "A", "A", "AC", "B", "D", "X", "AX"]),
        twice=again,
        sealed=st.booleans(),
    )
    def inspect(self, who: str, picked: int, n: int, grades: str, twice: str, *, sealed: bool) -> None:
        box = self.choose(list(self.oracle.boxes.values()), picked, lambda b: any(not d.returned for d in b.docs))
        doc = self.choose(box.docs, picked // 16, lambda d: not d.returned) if box.docs else None
        skus = sorted(doc.pieces) if doc else ["CUP", "TS-L"]
        sku = skus[picked // 192 % len(skus)]
        rest = doc.pieces[sku] - doc.seen.get(sku, 0) if doc else 1
        items = [(sku, n or max(rest, 1), grade) for grade in grades]
        found = [inspection.parse_item(f"{sku}={count}:{grade}") for sku, count, grade in items]
        self.act(
            lambda: self.oracle.inspect(who, box.waybill, items, sealed=sealed),
            inspection.inspect,
            box.waybill,
            found,
            by=who,
            twice=twice,
            sealed=sealed,
        )
        self.compare_stock()

    # steps: time

    @precondition(lambda self: not self.jumped)
    @rule(hours=st.sampled_from([1, 24, 24 * 5, 24 * 9, -24, -24 * 9]))
    def jump(self, hours: int) -> None:
        self.jumped = True
        self.books.later(hours=hours)
        self.tally["clock"] += 1
