"""What the month's workbook says is to be done follows from what is known when it is made, not from how it was then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from retcli.actions.cases import decisions, platform_list
from retcli.actions.money import payout_steps
from retcli.actions.warehouse import inspection, parcels
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, sold, take, unsent
from tests.sheets.test_beyond import notes, paid_ahead_of_its_goods, yuan
from tests.shopfloor import MANAGER, Books, shanghai
from tests.warehouse import Table
from tests.workbooks import cells, workbook

NUMBER = "2850000000000000821"
WAYBILL = "SF1620041173777"
PAID_LATER = datetime(2026, 12, 1, 10)
SETTLED = "Nothing: it was settled after the month's end, both sides agree since"


def advice(books: Books) -> list[str]:
    """What November's sheet of differences says is to be done, row by row."""
    return [str(row[0]) for row in cells(workbook(books)["Differences"], "What to do")]


@pytest.mark.parametrize("paid", [False, True], ids=["not paid yet", "paid since"])
@pytest.mark.parametrize("left", ["", "clicked", "confirmed"])
def test_what_was_open_is_nothing_to_do_once_the_platform_paid_it(
    books: Books, folder: Folder, left: str, paid: bool
) -> None:
    """98.00 agreed to in November and only let go, clicked, or said to be there by then; paid on 1 December or not."""
    books.at = shanghai("2026-11-29 12:00")
    books.hire()
    bought = unsent(sold(NUMBER, ("CUP", 1, 9800)))
    wish = asked_back("R1", bought, 9800, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(bought), folder.refunds(wish))
    books.do(decisions.approve, "R1", by=MANAGER)
    if left == "clicked":
        books.do(platform_list.done, ["R1"], by=MANAGER)
    if left == "confirmed":
        number = books.value("SELECT number FROM payouts")
        books.do(payout_steps.step, number, "confirm", because="到账", by=MANAGER)
    (before,) = advice(books)
    assert not before.startswith("Nothing")
    books.at = shanghai("2026-12-02 09:00")
    if paid:
        take(books, folder.refunds(replace(wish, status=SUCCEEDED, finished_at=PAID_LATER)))
    assert advice(books) == [SETTLED if paid else before]
    (line,) = (row for row in workbook(books)["Notes"].rows if str(row[0]).startswith(("D1", "not yet", "clicked")))
    assert str(line[3]) == (SETTLED if paid else before)
    books.check()


@pytest.mark.parametrize("came", [False, True], ids=["not in yet", "in since"])
def test_goods_that_came_in_since_are_not_asked_for(books: Books, came: bool) -> None:
    """A return of 100.00 that was paid ahead of its goods in November; they are accepted in December, or are not."""
    books.hire()
    paid_ahead_of_its_goods(books)
    case = str(books.value("SELECT number FROM cases"))
    books.at = shanghai("2026-12-03 10:00")
    if came:
        books.do(parcels.expect_by_hand, case, WAYBILL)
        Table(books).scan(WAYBILL)
        books.do(inspection.inspect, WAYBILL, [inspection.parse_item("TS-L=1:A")])
    asks = "Ask the buyer or the carrier for the goods, or inspect what arrived"
    due = "Nothing: the goods came in after the month's end" if came else asks
    assert advice(books) == [due]
    told = {str(row[0]): row[3] for row in workbook(books)["Notes"].rows}
    assert told["D9 money out, goods not in"] == due
    assert notes(workbook(books))["D9 money out, goods not in"] == (1, yuan(10000)), "as it stood at the month's end"


@pytest.mark.parametrize("undone", [False, True], ids=["confirmed here", "taken back here"])
def test_a_payout_taken_back_here_is_not_to_be_confirmed_or_reversed_once_more(
    sqlite_books: Books, folder: Folder, undone: bool
) -> None:
    """平台显示 98.00 退款成功；这边记到账后又冲回：冲回了的打款单改不了，只能找平台核实钱在谁手里。"""
    books = sqlite_books
    books.at = shanghai("2026-11-05 12:00")
    books.hire()
    bought = unsent(sold(NUMBER, ("CUP", 1, 9800)))
    wish = asked_back("R1", bought, 9800, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(bought), folder.refunds(wish))
    books.do(decisions.approve, "R1", by=MANAGER)
    books.at = shanghai("2026-11-06 12:00")
    number = books.value("SELECT number FROM payouts")
    books.do(payout_steps.step, number, "confirm", because="到账", by=MANAGER)
    if undone:
        books.do(payout_steps.reverse, number, because="退回", by=MANAGER)
    books.at = shanghai("2026-11-08 12:00")
    take(books, folder.refunds(replace(wish, status=SUCCEEDED, finished_at=datetime(2026, 11, 6, 11, 50))))
    asked = "Taken back here, paid there: ask the platform who has the money now; nothing is to be put right here"
    matched = "Nothing: same refund, same amount, same month"
    assert advice(books) == [asked if undone else matched]
    (state,) = cells(workbook(books)["Differences"], "Payout state at the export")
    assert state == ("reversed" if undone else "",)
    books.check()
