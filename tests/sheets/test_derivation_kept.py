"""What was paid keeps in the month's sheets the calculation by which it was paid, whatever became of its case since."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retcli.actions.cases import decisions
from retcli.actions.money import payout_steps
from tests.reports import SUCCEEDED, Folder, clicked, sold, take
from tests.shopfloor import MANAGER, Books, shanghai
from tests.workbooks import cells, workbook

NUMBER = "2850000000000000823"


def came_about(books: Books) -> list[str]:
    """How each payout of November came about, in the order of the sheet."""
    return [str(row[0]) for row in cells(workbook(books)["Details"], "How it came about")]


@pytest.mark.parametrize("then", ["withdrawn", "reopened", "agreed to anew"])
def test_a_refund_keeps_its_calculation(books: Books, folder: Folder, then: str) -> None:
    wish = clicked(books, folder, sold(NUMBER, ("TS-L", 1, 19800)), 10001)
    books.at = shanghai("2026-11-09 12:00")
    there = shanghai("2026-11-08 10:00").replace(tzinfo=None)
    take(books, folder.refunds(replace(wish, status=SUCCEEDED, finished_at=there)))
    before = came_about(books)
    assert len(before) == 1 and "100.01" in before[0]
    books.later(hours=1)
    case, number = str(books.value("SELECT number FROM cases")), books.value("SELECT number FROM payouts")
    books.do(payout_steps.reverse, number, because="退错人了", by=MANAGER)
    books.do(decisions.withdraw, case, because="买家撤销", by=MANAGER)
    if then != "withdrawn":
        books.later(hours=1)
        books.do(decisions.reopen, case, because="买家又要了", by=MANAGER)
    if then == "agreed to anew":
        books.do(decisions.approve, case, amount=5000, by=MANAGER)
    assert came_about(books)[0] == before[0]
