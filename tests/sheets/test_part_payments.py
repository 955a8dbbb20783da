"""What is left of a part payment is owed at the month's end: in the sheet, by the books, in the day's list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from fixtures.model import Refund
from retcli.actions.cases import decisions
from retcli.actions.imports import import_questions
from retcli.actions.insight import today
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse.inspection import inspect, parse_item
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import Money
from tests.reports import CLOSED, SUCCEEDED, Folder, asked_back, clicked, sold, take, unsent
from tests.sheets.test_owed import AGREED, GOODS, NOT_SENT, owed
from tests.shopfloor import MANAGER, WAREHOUSE, Books, shanghai
from tests.warehouse import returning

NUMBER = "2850000000000000841"
NOVEMBER, DECEMBER = "2026-11-20 12:00", "2026-12-03 12:00"
MONTHS_END = "2026-11-30 23:00"
WHOLE, PART, REST = 10000, 9000, 1000
"""100.00 agreed to, 90.00 paid of it, 10.00 left."""


def there(books: Books, folder: Folder, *, paid_at: str = "2026-11-08 10:00", kept: bool = True) -> None:
    """100.00 agreed to and clicked on 7 November; the platform paid 90.00 of it, which is asked about, and `kept`."""
    wish = clicked(books, folder, sold(NUMBER, ("TS-L", 1, 20000)), WHOLE)
    at = shanghai(paid_at)
    books.at = max(at.replace(hour=12), shanghai("2026-11-09 12:00"))
    told(books, folder, wish, at)
    if kept:
        books.do(import_questions.answer, books.value("SELECT id FROM import_questions"), "keep", by=MANAGER)


def told(books: Books, folder: Folder, wish: Refund, at: datetime, **facts: Any) -> None:
    """The platform's list says that it paid 90.00, or what `facts` say."""
    says: dict[str, Any] = {"amount": PART, "status": SUCCEEDED, "finished_at": at.replace(tzinfo=None)}
    take(books, folder.refunds(replace(wish, **(says | facts))))


def by_hand(books: Books, *moves: str) -> None:
    """100.00 agreed to on a case that was opened by hand; of it 90.00 let go by transfer, and how far they came."""
    books.hire()
    books.at = shanghai("2026-11-07 12:00")
    books.order(NUMBER, ("CUP", 1, WHOLE))
    number = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="Q_LOOK", by=MANAGER).number
    books.do(decisions.approve, number, by=MANAGER)
    payout = books.do(payouts.refund, number, amount=PART, by=MANAGER).number
    for move in moves:
        books.do(payout_steps.step, payout, move, because="x", by=MANAGER)


PAID: dict[str, Callable[[Books, Folder], None]] = {
    "there, asked about": lambda books, folder: there(books, folder, kept=False),
    "there": there,
    "transfer due": lambda books, _folder: by_hand(books),
    "transfer sent": lambda books, _folder: by_hand(books, "send"),
    "transfer arrived": lambda books, _folder: by_hand(books, "send", "confirm"),
}
"""How the 90.00 went."""
RESTS: dict[str, tuple[str, ...] | None] = {
    "open": None,
    "due": (),
    "sent": ("send",),
    "arrived": ("send", "confirm"),
    "failed": ("fail",),
}
"""How far the 10.00 went; ``given up`` besides."""


def go_on(books: Books, rest: str) -> None:
    """The 10.00 go as far as said."""
    case = books.value("SELECT number FROM cases")
    if rest == "given up":
        books.do(decisions.finish, case, because="买家同意", by=MANAGER)
    elif (moves := RESTS[rest]) is not None:
        number = books.do(payouts.refund, case, by=MANAGER).number
        for move in moves:
            books.do(payout_steps.step, number, move, because="x", by=MANAGER)


def left(paid: str, rest: str) -> dict[str, Money]:
    """What is owed by then, worked out from how both parts went."""
    columns: dict[str, int] = {AGREED: 0, NOT_SENT: PART if paid == "transfer due" else 0}
    if rest in {"open", "failed"}:
        columns[AGREED] += REST
    if rest == "due":
        columns[NOT_SENT] += REST
    return {title: Money(minor, "CNY") for title, minor in columns.items() if minor}


def by_the_day(books: Books) -> int:
    """What the day's list has to be let go, countersigned or sent, in fen."""
    day = books.do(today.today)
    rests = [money for rest in day.rests_unpaid for money in rest.money]
    lines = rests, day.agreed_unpaid.money, day.payouts.payouts_due.money, day.payouts.payouts_waiting.money
    return sum(money.minor for line in lines for money in line)


def in_sheet(books: Books, month: str = "2026-11") -> int:
    """What the sheet has to be let go, countersigned or sent at the month's end, in fen."""
    return sum(money.minor for title, money in owed(books, month).items() if title != GOODS)


def _fits(paid: str, rest: str) -> bool:
    if paid == "there, asked about":
        return rest == "open"  # nothing more leaves before somebody answered
    return rest != "given up" or paid in {"there", "transfer arrived"}


STATES = [(paid, rest) for paid in PAID for rest in (*RESTS, "given up") if _fits(paid, rest)]


@pytest.mark.parametrize("at", [NOVEMBER, DECEMBER], ids=["by the month's end", "after it"])
@pytest.mark.parametrize(("paid", "rest"), STATES)
def test_what_is_left_of_a_part_payment_is_owed(
    sqlite_books: Books, folder: Folder, paid: str, rest: str, at: str
) -> None:
    """The month's sheet says on its last day what the day's list says then, and in December still the same."""
    books = sqlite_books
    PAID[paid](books, folder)
    if at == NOVEMBER:
        books.at = shanghai(at)
        go_on(books, rest)
    november = left(paid, rest if at == NOVEMBER else "open")
    books.at = shanghai(MONTHS_END)
    assert owed(books) == november
    assert by_the_day(books) == in_sheet(books)
    if at == DECEMBER:
        books.at = shanghai(at)
        go_on(books, rest)
    books.at = shanghai("2026-12-05 12:00")
    assert owed(books) == november, "as it stood at the month's end"
    assert owed(books, "2026-12") == left(paid, rest)
    assert by_the_day(books) == in_sheet(books, "2026-12")
    books.check()


def test_what_the_platform_paid_in_part_after_the_month_leaves_its_rest_to_that_month(
    books: Books, folder: Folder
) -> None:
    """100.00 clicked in November, of which 90.00 succeeded on 2 December: November waits for the platform's refund."""
    there(books, folder, paid_at="2026-12-02 10:00")
    assert owed(books) == {}
    assert owed(books, "2026-12") == {AGREED: Money(REST, "CNY")}
    assert by_the_day(books) == REST


def test_what_was_taken_back_of_a_part_payment_rests_until_somebody_waives_that(books: Books, folder: Folder) -> None:
    """The 90.00 came back on the 20th, the platform says still that it paid: nobody owes anything before a manager says
    so; 100.00 let go in spite of that fail, and are owed.
    """
    there(books, folder)
    books.at = shanghai(NOVEMBER)
    books.do(
        payout_steps.reverse, books.value("SELECT number FROM payouts WHERE minor = 9000"), because="x", by=MANAGER
    )
    assert owed(books) == {}
    assert by_the_day(books) == 0
    again = books.do(payouts.refund, "31", waive=["paid_there"], because="x", by=MANAGER).number
    books.do(payout_steps.step, again, "fail", because="x", by=MANAGER)
    assert owed(books) == {AGREED: Money(WHOLE, "CNY")}
    assert by_the_day(books) == WHOLE
    books.check()


@pytest.mark.parametrize("waived", [False, True], ids=["closed there", "waived"])
def test_what_is_left_of_a_refund_that_was_closed_there(books: Books, folder: Folder, *, waived: bool) -> None:
    """100.00 paid there on the 8th, closed on the 15th and taken back here: owed once a manager let 90.00 of it go all
    the same.
    """
    wish = clicked(books, folder, sold(NUMBER, ("TS-L", 1, 20000)), WHOLE)
    books.at = shanghai("2026-11-09 12:00")
    told(books, folder, wish, shanghai("2026-11-08 10:00"), amount=WHOLE)
    books.at = shanghai("2026-11-16 12:00")
    told(books, folder, wish, shanghai("2026-11-15 10:00"), status=CLOSED, amount=WHOLE)
    for (question,) in books.rows("SELECT id FROM import_questions WHERE state = 'open'"):
        books.do(import_questions.answer, question, "keep", by=MANAGER)
    books.do(payout_steps.reverse, books.value("SELECT number FROM payouts"), because="x", by=MANAGER)
    if waived:
        books.do(payouts.refund, "31", amount=PART, waive=["closed_there"], because="x", by=MANAGER)
    rows = {AGREED: Money(REST, "CNY"), NOT_SENT: Money(PART, "CNY")} if waived else {}
    assert owed(books) == rows
    assert by_the_day(books) == in_sheet(books)


@pytest.mark.parametrize("came", [1, 2])
def test_a_return_owes_the_rest_of_what_came_and_apart_what_is_awaited(sqlite_books: Books, came: int) -> None:
    """Two cups for 100.00, 40.00 let go of the 50.00 for each that came: the rest of those is owed, the other 50.00
    once it is in.
    """
    books = sqlite_books
    books.hire()
    books.product("CUP")
    case = returning(books, NUMBER, ("CUP", 2, WHOLE), waybill="YT1252110038841")
    books.do(inspect, case, [parse_item(f"CUP={came}:A")], by=WAREHOUSE)
    books.do(payouts.refund, case, amount=4000, by=MANAGER)
    sent = {AGREED: Money(5000 * came - 4000, "CNY"), NOT_SENT: Money(4000, "CNY")}
    awaited = {GOODS: Money(5000, "CNY")} if came == 1 else {}
    assert owed(books) == sent | awaited
    assert by_the_day(books) == in_sheet(books)
    books.check()


def test_what_made_way_for_another_refund_is_owed_no_more(sqlite_books: Books, folder: Folder) -> None:
    """100.00 paid: 50.00 for a cup agreed to by hand and not let go, 80.00 paid there beside it: 20.00 are left."""
    books = sqlite_books
    books.hire()
    order = unsent(sold(NUMBER, ("CUP", 2, WHOLE)))
    take(books, *folder.both(order))
    books.at = shanghai("2026-11-07 12:00")
    number = books.do(
        decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="Q_LOOK", lines=["CUP=1"], by=MANAGER
    ).number
    books.do(decisions.approve, number, by=MANAGER)
    assert owed(books) == {AGREED: Money(5000, "CNY")}
    books.at = shanghai("2026-11-09 12:00")
    wish = asked_back("R2", order, 8000, kind="仅退款", goods="买家未收到货", quantity=2)
    told(books, folder, wish, shanghai("2026-11-08 10:00"), amount=8000)
    assert owed(books) == {AGREED: Money(2000, "CNY")}
    assert by_the_day(books) == 2000
    books.check()
