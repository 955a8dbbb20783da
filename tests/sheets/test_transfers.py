"""The month's sheet of what left by ourselves: each payout with when it was sent and when it arrived, and sums that are
those of the summary and of the tables themselves.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from retcli.actions.cases import decisions
from retcli.actions.money import payout_steps, payouts
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import Money
from retcli.sheets.writer import Sheet
from tests.sheets.test_beyond import notes, yuan
from tests.shopfloor import AGENT, MANAGER, Books, shanghai
from tests.workbooks import cells, workbook

TITLES = ("Payout no.", "Sent on", "Arrived on", "Arrived in the month", "On its way at the month's end")


def given(books: Books, place: int, minor: int, method: str, **moves: str) -> str:
    """Amends on an order of their own, with each step on its day (``2026-11-29``)."""
    order = f"28500000000000006{place:02d}"
    books.order(order, ("TS-L", 1, 9000), currency="USD" if method == "USD" else "CNY")
    books.at = shanghai("2026-10-20 12:00")
    books.do(decisions.open_case, order, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=100)
    books.do(decisions.approve, order, by=MANAGER)
    amount: dict[str, Any] = {"coupon" if method == "coupon" else "cash": minor}
    number = books.do(payouts.compensate, order, by=MANAGER, **amount).number
    for move, day in moves.items():
        books.at = shanghai(f"{day} 12:00")
        if move == "reverse":
            books.do(payout_steps.reverse, number, because="bounced", by=MANAGER)
        else:
            books.do(payout_steps.step, number, move, because="x", by=MANAGER)
    return number


@pytest.fixture
def shop(books: Books) -> tuple[Books, dict[str, str]]:
    """Payouts of each course over October to December, by what became of them."""
    books.hire()
    plan: list[tuple[str, int, str, dict[str, str]]] = [
        ("sent before", 1000, "cash", {"send": "2026-10-28", "confirm": "2026-11-03"}),
        ("late", 4500, "cash", {"send": "2026-11-29", "confirm": "2026-12-02"}),
        ("due", 1200, "cash", {}),
        ("at once", 2000, "cash", {"confirm": "2026-11-10"}),
        ("failed", 3000, "cash", {"send": "2026-11-05", "fail": "2026-11-06"}),
        ("coupon", 500, "coupon", {"send": "2026-11-30"}),
        ("taken back", 800, "cash", {"send": "2026-11-04", "confirm": "2026-11-05", "reverse": "2026-12-01"}),
        ("dollars", 700, "USD", {"send": "2026-11-20", "lose": "2026-11-21"}),
    ]
    numbers = {name: given(books, n, minor, method, **moves) for n, (name, minor, method, moves) in enumerate(plan)}
    books.at = shanghai("2026-12-05 12:00")
    return books, numbers


def noon(day: str) -> datetime:
    return shanghai(f"{day} 12:00")


def listed(sheet: Sheet, numbers: dict[str, str]) -> dict[str, tuple[Any, ...]]:
    """The rows by what became of the payout (its reversal is named by its number)."""
    names = {number: name for name, number in numbers.items()}
    return {names.get(row[0], row[0]): row[1:] for row in cells(sheet, *TITLES)}


def test_each_transfer_stands_with_when_it_was_sent_and_arrived(shop: tuple[Books, dict[str, str]]) -> None:
    books, numbers = shop
    november = listed(workbook(books)["Transfers"], numbers)
    assert november == {
        "sent before": (noon("2026-10-28"), noon("2026-11-03"), yuan(1000), None),
        "late": (noon("2026-11-29"), noon("2026-12-02"), None, yuan(4500)),
        "at once": (None, noon("2026-11-10"), yuan(2000), None),
        "failed": (noon("2026-11-05"), None, None, None),
        "coupon": (noon("2026-11-30"), None, None, yuan(500)),
        "taken back": (noon("2026-11-04"), noon("2026-11-05"), yuan(800), None),
        "dollars": (noon("2026-11-20"), None, None, Money(700, "USD")),
    }
    december = workbook(books, "2026-12")["Transfers"]
    (back,) = {row[0] for row in cells(december, "Payout no.")} - set(numbers.values())
    assert {name: row[2:] for name, row in listed(december, numbers).items()} == {
        "late": (yuan(4500), None),
        "coupon": (None, yuan(500)),
        back: (yuan(-800), None),
        "dollars": (None, Money(700, "USD")),
    }


def test_the_sheet_adds_up_to_the_summary_and_to_the_tables(shop: tuple[Books, dict[str, str]]) -> None:
    """45.00 and a coupon of 5.00 are on their way at the end of November, and 7.00 USD."""
    books, _numbers = shop
    sheets = workbook(books)
    told = sheets["Notes"].rows
    on_the_way = [(row[1], row[2]) for row in told if row[0] == "Sent, not confirmed"]
    assert on_the_way == [(2, yuan(5000)), (1, Money(700, "USD"))]
    sums = sheets["Transfers"].money()
    assert sums["On its way at the month's end"] == {"CNY": 5000, "USD": 700}
    arrived = books.rows(
        "SELECT currency, CAST(SUM(minor) AS INTEGER) FROM payouts WHERE kind = 'compensation'"
        " AND settled_at >= '2026-10-31 16:00' AND settled_at < '2026-11-30 16:00' GROUP BY currency"
    )
    assert sums["Arrived in the month"] == {currency: int(minor) for currency, minor in arrived} == {"CNY": 3800}


LINES = ("Sent, not confirmed", "Other payouts not out yet", "Waiting for a second person")
FAILED = ("Payout no.", "Sent on", "Failed in the month", "On its way at the month's end", "Payout state at the export")


def test_what_fails_in_the_next_month_changes_no_month_that_is_over(books: Books) -> None:
    """30.00 sent, 12.00 only due and 45.00 waiting at the end of November, and 10.00 that was sent and failed in it;
    the three fail on 2 December. November stays, and December tells what became of the 30.00.
    """
    books.hire()
    sent = given(books, 0, 3000, "cash", send="2026-11-29")
    due = given(books, 1, 1200, "cash")
    failed = given(books, 2, 1000, "cash", send="2026-11-05", fail="2026-11-06")
    books.at = noon("2026-11-20")
    waiting = books.do(payouts.compensate, "2850000000000000600", cash=4500, by=AGENT).number
    books.at = noon("2026-12-01")
    before = notes(workbook(books))
    assert [before[line] for line in LINES] == [(1, yuan(3000)), (1, yuan(1200)), (1, yuan(4500))]
    books.at = noon("2026-12-02")
    for number in (sent, due, waiting):
        books.do(payout_steps.step, number, "fail", because="x", by=MANAGER)
    november = workbook(books)
    assert [notes(november)[line] for line in LINES] == [before[line] for line in LINES]
    assert cells(november["Transfers"], *FAILED) == [
        (sent, noon("2026-11-29"), None, yuan(3000), "failed"),
        (failed, noon("2026-11-05"), yuan(1000), None, "failed"),
    ]
    december = workbook(books, "2026-12")
    assert cells(december["Transfers"], *FAILED) == [(sent, noon("2026-11-29"), yuan(3000), None, "failed")]
    assert notes(december)[LINES[1]] == (0, yuan(0))
    assert not {LINES[0], LINES[2]} & set(notes(december))
    books.check()


@pytest.mark.parametrize("failed", ["2026-11-06", "2026-12-03"])
@pytest.mark.parametrize("sent", ["", "2026-10-28", "2026-11-05"])
@pytest.mark.parametrize("lost", [False, True])
def test_what_was_sent_and_failed_stands_in_the_month_in_which_it_failed(
    books: Books, sent: str, failed: str, lost: bool
) -> None:
    """9.00, of which nobody may know for a while what became of it: listed and summed in the month of its failing,
    whenever it was sent; what was called off before it was sent is in no month's list.
    """
    if lost and not sent:
        return  # only of what was sent nobody can know whether it arrived
    books.hire()
    moves = ({"send": sent} if sent else {}) | ({"lose": "2026-11-06"} if lost else {}) | {"fail": failed}
    number = given(books, 0, 900, "cash", **moves)
    books.at = noon("2026-12-05")
    for month in ("2026-10", "2026-11", "2026-12"):
        sheet = workbook(books, month)["Transfers"]
        told = [(row[0], row[2]) for row in cells(sheet, *FAILED) if row[2]]
        assert told == ([(number, yuan(900))] if sent and failed.startswith(month) else []), month
        assert sum(sheet.money()["Failed in the month"].values()) == sum(money.minor for _number, money in told)
    books.check()


def test_what_the_platform_refunds_is_not_among_them(books: Books) -> None:
    assert cells(workbook(books)["Transfers"], "Payout no.") == []
    assert "Sent, not confirmed" not in notes(workbook(books))


def test_a_row_names_case_order_and_who_let_it_go(shop: tuple[Books, dict[str, str]]) -> None:
    books, numbers = shop
    titles = ("Payout no.", "Case no.", "Platform order no.", "Currency", "Payout state at the export", "Decided by")
    (row,) = (each for each in cells(workbook(books)["Transfers"], *titles) if each[0] == numbers["dollars"])
    case = books.value("SELECT c.number FROM cases c JOIN payouts p ON p.case_id = c.id WHERE p.number = :n", n=row[0])
    assert row[1:] == (case, "2850000000000000607", "USD", "unknown", MANAGER)
