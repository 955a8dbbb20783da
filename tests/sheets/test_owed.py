"""The month's sheet of what is owed: agreed to and in no payout, not sent, waiting, due once the goods are in."""

from __future__ import annotations

from typing import Any

import pytest

from retcli.actions.cases import decisions
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import inspection, parcels
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import Money
from tests.sheets.test_beyond import notes, yuan
from tests.shopfloor import AGENT, MANAGER, Books, shanghai
from tests.warehouse import Table
from tests.workbooks import cells, workbook

NUMBER, WAYBILL = "2850000000000000831", "SF1620041173888"
COLUMNS = ("Agreed, in no payout", "Let go, not sent", "Waits for a second person", "Once the goods are in")
AGREED, NOT_SENT, WAITING, GOODS = COLUMNS
LINES = {
    AGREED: "Agreed to, in no payout yet",
    NOT_SENT: "Other payouts not out yet",
    WAITING: "Waiting for a second person",
    GOODS: "Waiting for goods",
}


def agreed_to(books: Books, kind: Kind, by: str = MANAGER, currency: str = "CNY", cash: int = 9000) -> str:
    """A case that was opened by hand and agreed to on 20 November."""
    books.at = shanghai("2026-11-20 12:00")
    books.order(NUMBER, ("CUP", 1, cash), currency=currency)
    amount: dict[str, Any] = {"amount": 1500} if kind == Kind.ALLOWANCE else {}
    number = books.do(decisions.open_case, NUMBER, kind=kind, reason="Q_LOOK", by=by, **amount).number
    books.do(decisions.approve, number, by=by)
    return str(number)


def owed(books: Books, month: str = "2026-11") -> dict[str, Money]:
    """The sums of the sheet by column, with nothing where there is nothing; the notes say the same."""
    sheets = workbook(books, month)
    told = notes(sheets)
    sums = {}
    for title, by_currency in sheets["Owed"].money().items():
        count = sum(1 for (cell,) in cells(sheets["Owed"], title) if cell is not None)
        for currency, minor in by_currency.items():
            sums[title] = Money(minor, currency)
            assert told[LINES[title]] == (count, sums[title])
    for title in {AGREED, NOT_SENT} - set(sums):
        assert told[LINES[title]][0] == 0
    return sums


KINDS = {Kind.REFUND_ONLY: ("refund", 9000), Kind.ALLOWANCE: ("compensation", 1500)}


@pytest.mark.parametrize("paid", ["", "2026-11-25", "2026-12-03"])
@pytest.mark.parametrize("currency", ["CNY", "USD"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_agreed_to_by_hand_is_owed_until_it_is_let_go(
    books: Books, kind: Kind, currency: str, paid: str
) -> None:
    """90.00 (of a price cut 15.00) agreed to on 20 November and let go on no day, in November, in December: November
    owes it as agreed to, or as let go and not sent.
    """
    books.hire()
    case = agreed_to(books, kind, currency=currency)
    name, minor = KINDS[kind]
    for at in filter(None, [paid]):
        books.at = shanghai(f"{at} 12:00")
        books.do(payouts.refund, case, by=MANAGER)
    books.at = shanghai("2026-12-05 12:00")
    november = {NOT_SENT if paid.startswith("2026-11") else AGREED: Money(minor, currency)}
    assert owed(books) == november
    assert owed(books, "2026-12") == {NOT_SENT if paid else AGREED: Money(minor, currency)}
    assert owed(books, "2026-10") == {}
    (row,) = cells(workbook(books)["Owed"], "Case no.", "Platform order no.", "Money kind", "Decided on")
    assert row[:3] == (case, NUMBER, name)
    books.check()


def test_what_failed_is_owed_again_and_what_arrived_is_not(books: Books) -> None:
    """15.00 let go, sent on the 21st, failed on the 22nd, let go again and arrived on 2 December."""
    books.hire()
    case = agreed_to(books, Kind.ALLOWANCE)
    number = books.do(payouts.refund, case, by=MANAGER).number
    for day, move in (("21", "send"), ("22", "fail")):
        books.at = shanghai(f"2026-11-{day} 12:00")
        books.do(payout_steps.step, number, move, because="x", by=MANAGER)
    assert owed(books) == {AGREED: yuan(1500)}
    books.at = shanghai("2026-12-02 12:00")
    again = books.do(payouts.refund, case, by=MANAGER).number
    books.do(payout_steps.step, again, "confirm", because="x", by=MANAGER)
    assert owed(books) == {AGREED: yuan(1500)}, "as it stood at the month's end"
    assert owed(books, "2026-12") == {}
    books.check()


def test_a_part_that_was_let_go_leaves_the_rest(books: Books) -> None:
    """Of 90.00, 40.00 are let go: 50.00 are in no payout."""
    books.hire()
    case = agreed_to(books, Kind.REFUND_ONLY)
    books.do(payouts.refund, case, amount=4000, by=MANAGER)
    assert owed(books) == {AGREED: yuan(5000), NOT_SENT: yuan(4000)}


def test_a_return_is_owed_once_its_goods_are_in(books: Books) -> None:
    """90.00 of a return agreed to in November; the piece is accepted on 2 December, and nobody lets the money go."""
    books.hire()
    case = agreed_to(books, Kind.RETURN)
    assert owed(books) == {GOODS: yuan(9000)}
    books.at = shanghai("2026-12-02 12:00")
    books.do(parcels.expect_by_hand, case, WAYBILL)
    Table(books).scan(WAYBILL)
    books.do(inspection.inspect, WAYBILL, [inspection.parse_item("CUP=1:A")])
    assert owed(books) == {GOODS: yuan(9000)}, "as it stood at the month's end"
    december = owed(books, "2026-12")
    assert sum(money.minor for money in december.values()) == 9000
    assert GOODS not in december


def test_what_waits_for_a_second_person_is_in_no_other_column(books: Books) -> None:
    """600.00 agreed to by the agent, above what she may let go alone."""
    books.hire()
    case = agreed_to(books, Kind.REFUND_ONLY, cash=60000)
    books.do(payouts.refund, case, by=AGENT)
    assert owed(books) == {WAITING: yuan(60000)}
    books.check()


def test_what_was_turned_down_or_given_up_is_not_owed(books: Books) -> None:
    books.hire()
    books.at = shanghai("2026-11-20 12:00")
    books.order(NUMBER, ("CUP", 1, 9000))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="Q_LOOK").number
    assert owed(books) == {}
    books.do(decisions.reject, case, because="无质量问题", by=MANAGER)
    assert owed(books) == {}
