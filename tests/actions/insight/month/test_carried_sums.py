"""What a month carries over from before stands with its sum on the screen, as in the sheet."""

from datetime import datetime
from pathlib import Path

from openpyxl import load_workbook

from retcli.actions.cases import decisions
from retcli.actions.insight import exports
from retcli.views.insight.exports import CLASSES, by_class
from tests.reports import REQUESTED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import Books, shanghai

ORDER = "2850000000000000761"


def test_a_refund_let_go_in_october_is_carried_with_its_sum(books: Books, folder: Folder, tmp_path: Path) -> None:
    """49.50 agreed to on 28 October and paid by nobody: in November nothing moved, and 49.50 are unmatched."""
    books.at = shanghai("2026-10-28 10:00")
    bought = unsent(sold(ORDER, ("CUP", 1, 4950)))
    wish = asked_back("R1", bought, 4950, kind="仅退款", status=REQUESTED, goods="买家未收到货",
                      applied_at=datetime(2026, 10, 28, 9))  # fmt: skip
    take(books, *folder.both(bought), folder.refunds(wish))
    books.do(decisions.approve, "R1")
    books.at = shanghai("2026-11-09 12:00")
    view = books.do(exports.reconciliation, "2026-11", tmp_path)
    (each,) = view.differences or ()
    assert (each.carried, each.money.minor, each.unmatched.minor) == (True, 0, 4950)
    notes = next(iter(load_workbook(view.file).worksheets)).iter_rows(values_only=True)
    (line,) = [row for row in notes if any("unmatched at the end: 49.50" in str(cell) for cell in row)]
    assert any("carried over" in str(cell) for cell in line)
    rows = by_class(view.differences or ())[CLASSES]
    assert rows == {("not yet paid, carried over (carried over)", "CNY"): [(1, 0, 4950)]}
