"""Steps of the random runs that are taken back at once: everything must be as it was, money too."""

from __future__ import annotations

from copy import deepcopy

from hypothesis import strategies as st
from hypothesis.stateful import rule

from retcli.actions.warehouse import scanning
from retcli.actions.warehouse.benches import Bench
from tests.shopfloor import WAREHOUSE
from tests.twin import WAYBILLS, Twin


class TakesBack(Twin):
    """Somebody at the table scans the wrong thing, and undoes it."""

    @rule(waybill=st.sampled_from(WAYBILLS), pieces=st.sampled_from(["", "TS-L", "CUP", "CUP"]))
    def scan_by_mistake(self, waybill: str, pieces: str) -> None:
        bench, before, acts = Bench(), deepcopy((self.oracle, self.orders)), self.acts()
        self.act(lambda: self.oracle.scan(WAREHOUSE, waybill), scanning.scan, bench, waybill, by=WAREHOUSE)
        if bench.parcel and pieces:
            self.act(lambda: self.oracle.count(WAREHOUSE, waybill, pieces), scanning.scan, bench, pieces, by=WAREHOUSE)
        self.sound = False
        for _act in range(self.acts() - acts):
            said = self.books.do(scanning.scan, bench, "RCMDUNDO", by=WAREHOUSE)
            assert said.outcome == "undone", said.message
            self.tally["taken_back yes"] += 1
        # what the oracle foresaw is forgotten: it knows of no undoing
        self.oracle, self.orders = before
        for order in self.orders:
            self.compare(order)
        self.compare_stock()

    def acts(self) -> int:
        """How much was done so far that could be taken back."""
        return int(self.books.value("SELECT COUNT(*) FROM acts"))
