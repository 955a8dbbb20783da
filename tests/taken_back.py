"""Steps of the random runs that are taken back at once: everything must be as it was, and no money comes of it."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime

from hypothesis import strategies as st
from hypothesis.stateful import rule

from retcli.actions.warehouse.bench import scanning
from retcli.actions.warehouse.bench.benches import Bench
from tests.ledgers import Pay
from tests.shopfloor import WAREHOUSE
from tests.twin import WAYBILLS, Twin

MADE = (
    "SELECT o.number, c.number, o.state, COALESCE(l.sku, p.purpose), p.minor FROM payouts o"
    " JOIN payout_parts p ON p.payout_id = o.id JOIN cases c ON c.id = o.case_id"
    " LEFT JOIN order_lines l ON l.id = p.line_id ORDER BY o.id"
)


class TakesBack(Twin):
    """Somebody at the table scans the wrong thing, and undoes it."""

    @rule(
        waybill=st.sampled_from(WAYBILLS),
        grade=st.sampled_from(["", "", "RCMDA", "RCMDC", "RCMDX"]),
        pieces=st.lists(st.sampled_from(["TS-L", "CUP"]), max_size=3),
    )
    def scan_by_mistake(self, waybill: str, grade: str, pieces: list[str]) -> None:
        self.books.later(minutes=1)
        if self.books.at < datetime.fromisoformat(self.books.value("SELECT MAX(at) FROM events")):
            return  # a clock that ran backwards: what was done before seems to be done after it, and stands on it
        self.learn()
        self.sound = False
        bench, before, acts = Bench(), deepcopy((self.oracle, self.orders)), self.acts()
        for code in (waybill, *filter(None, [grade]), *pieces):
            self.books.do(scanning.scan, bench, code, by=WAREHOUSE)
        for _act in range(self.acts() - acts):
            said = self.books.do(scanning.scan, bench, "RCMDUNDO", by=WAREHOUSE)
            assert said.outcome == "undone", said.message
            self.tally["taken_back yes"] += 1
        self.oracle, self.orders = before
        self.see_failed()
        for order in self.orders:
            self.compare(order)
        self.compare_stock()

    def see_failed(self) -> None:
        """Money that a piece set going has failed with it: the oracle, which knows of no undoing, is told."""
        known = {pay.number for pay in self.oracle.pays}
        docs = {doc.number: doc for doc in self.oracle.docs}
        made: dict[str, Pay] = {}
        for number, case, state, part, minor in self.books.rows(MADE):
            if number not in known:
                assert state == "failed", f"{number} came of a piece that was undone"
                pay = Pay(number, docs[case], "refund", {}, state, WAREHOUSE, original=True)
                made.setdefault(number, pay).parts[part] = minor
        self.oracle.pays += made.values()

    def acts(self) -> int:
        """How much was done so far that could be taken back."""
        return int(self.books.value("SELECT COUNT(*) FROM acts"))
