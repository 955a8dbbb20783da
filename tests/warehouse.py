"""The table at the door for tests: codes in, outcomes out, and what the books hold of parcels afterwards."""

from typing import Any

from retcli.actions.cases import decisions
from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.bench import scanning
from retcli.actions.warehouse.bench.benches import Bench
from retcli.rules.lifecycles import Kind
from retcli.views.warehouse.scans import ScanView
from tests.shopfloor import WAREHOUSE, Books


class Table:
    """The table at the door, with its loop."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.bench = Bench()

    def scan(self, *codes: str, at: float | None = None) -> list[ScanView]:
        """What is said to each code, read at so many seconds of the loop where `at` is given."""
        return [self.books.do(scanning.scan, self.bench, code, at, by=WAREHOUSE) for code in codes]

    def outcomes(self, *codes: str) -> list[str]:
        """The word that is said to each code."""
        return [view.outcome for view in self.scan(*codes)]


class Terminal(Table):
    """A table with somebody at a terminal, who scans a code a second."""

    seconds = 0.0

    def codes(self, *codes: str) -> list[ScanView]:
        """What is said to each code."""
        return [self.code(code) for code in codes]

    def code(self, *codes: str) -> ScanView:
        """What is said to the last of some codes."""
        for code in codes:
            self.seconds += 1
            (view,) = self.scan(code, at=self.seconds)
        return view


def returning(books: Books, number: str, *lines: tuple[str, int, int], waybill: str, **columns: Any) -> str:
    """An approved return of an order, which is there already where it has no lines here; its parcel, where it has a
    waybill, is on its way. The case's number.
    """
    if lines:
        books.order(number, *lines, **columns)
    case = books.do(decisions.open_case, number, kind=Kind.RETURN, reason="B_7D").number
    books.do(decisions.approve, case)
    if waybill:
        books.do(parcels.expect_by_hand, case, waybill)
    return case


def stock(books: Books) -> dict[tuple[str, str], int]:
    """Pieces by product and bucket."""
    return {(s, b): n for s, b, n in books.rows("SELECT sku, bucket, quantity FROM stock_balances WHERE quantity > 0")}


def attached(books: Books) -> list[tuple[str, str]]:
    """Every parcel's waybill with a case that it serves."""
    query = (
        "SELECT p.waybill, c.number FROM parcel_cases pc JOIN parcels p ON p.id = pc.parcel_id"
        " JOIN cases c ON c.id = pc.case_id ORDER BY p.waybill, c.number"
    )
    return [(waybill, case) for waybill, case in books.rows(query)]
