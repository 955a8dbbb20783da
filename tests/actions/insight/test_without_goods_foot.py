"""Below the list of what left for goods that never came: the day's list and the months' D9 are in it to the fen."""

from __future__ import annotations

import pytest

from retcli.actions.cases import decisions, queue
from retcli.actions.insight import today
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.inspection import inspect, parse_item
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import Money
from tests.actions.money.test_open_payouts import drawn
from tests.shopfloor import WAREHOUSE, Books, shanghai
from tests.workbooks import cells, workbook

LIST = "2026-12-05 12:00"


def yuan(minor: int) -> Money:
    return Money(minor, "CNY")


def paid(books: Books, place: int, at: str, *moves: str, back: int = 0) -> str:
    """A return of two cups for 100.00 with 10.00 of freight out, let go before the goods; so many cups came `back`."""
    books.at = shanghai(at)
    order = books.order(f"28500000000000009{place:02d}", ("CUP", 2, 10000), freight=1000)
    case = books.do(decisions.open_case, order, kind=Kind.RETURN, reason="Q_FUNC").number
    books.do(decisions.approve, case)
    number = books.do(payouts.refund, case, waive=["goods_first"], because="老客户").number
    for move in moves:
        books.do(payout_steps.step, number, move)
    if back:
        books.do(parcels.expect_by_hand, case, f"YT12521100382{place:02d}")
        books.do(inspect, case, [parse_item(f"CUP={back}:A")], by=WAREHOUSE)
    return str(case)


def test_list_day_and_months_are_held_against_each_other(
    sqlite_books: Books, capsys: pytest.CaptureFixture[str]
) -> None:
    """November: 100.00 for two cups, 50.00 for the second of two. December: 100.00 arrived, 100.00 only sent. In all
    350.00, of which 250.00 arrived. The column has 330.00: 10.00 of freight thrice, and 50.00 of a cup that is here.
    """
    books = sqlite_books
    books.hire()
    books.product("CUP")
    paid(books, 1, "2026-11-20 12:00", "send", "confirm")
    paid(books, 2, "2026-11-21 12:00", "send", "confirm", back=1)
    paid(books, 3, "2026-12-02 12:00", "send", "confirm")
    paid(books, 4, "2026-12-03 12:00", "send")
    books.at = shanghai(LIST)
    view = books.do(queue.list_cases, without_goods=True)
    foot = view.lacking
    assert foot is not None
    assert (foot.count, foot.money, foot.arrived, foot.on_the_way) == (
        4, (yuan(35000),), (yuan(25000),), (yuan(10000),)
    )  # fmt: skip
    assert foot.by_month == {"2026-11": (yuan(15000),), "2026-12": (yuan(10000),)}
    day = books.do(today.today).without_goods
    assert (day.count, day.money) == (foot.count, foot.money)
    for month, money in foot.by_month.items():
        owed = cells(workbook(books, month)["Differences"], "Paid for them")
        assert sum(row[0].minor for row in owed if row[0]) == money[0].minor
    text = drawn(view, capsys).splitlines()
    assert text[-4:] == [
        "In all: 4 cases, 350.00 for pieces that are not here (goods alone), as retcli today says it",
        "Of it arrived, D9 of its month's workbook: 2026-11 150.00, 2026-12 100.00",
        "Of it sent, not known to have arrived: 100.00",
        "The column Arrived comes to 330.00: freight and pieces that are in count there as well",
    ]
    assert view.document()["without_goods"]["count"] == 4
    assert "without_goods" not in books.do(queue.list_cases).document()


def test_a_list_of_some_of_them_says_only_its_own(sqlite_books: Books, capsys: pytest.CaptureFixture[str]) -> None:
    books = sqlite_books
    books.hire()
    books.product("CUP")
    paid(books, 1, "2026-11-20 12:00", "send", "confirm")
    books.at = shanghai(LIST)
    assert books.do(queue.list_cases, without_goods=True, kind="exchange").lacking is None
    assert "as retcli today" in drawn(books.do(queue.list_cases, without_goods=True, kind="return"), capsys)
