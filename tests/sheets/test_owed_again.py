"""Freight of the way back that was taken back is owed again: on the day's list, the card, in the month's sheet."""

from __future__ import annotations

from typing import Any

import pytest

from retcli.actions.cases import case_cards, decisions
from retcli.actions.insight import today
from retcli.actions.money import payout_steps, payouts
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import Money
from tests.sheets.test_owed import AGREED, NOT_SENT, owed
from tests.shopfloor import MANAGER, Books, shanghai
from tests.workbooks import cells, workbook

NUMBER = "2850000000000000887"
MINOR = 1000


@pytest.fixture
def case(books: Books) -> str:
    """50.00 of 100.00 agreed to on 20 November."""
    books.hire()
    books.at = shanghai("2026-11-20 12:00")
    books.order(NUMBER, ("CUP", 1, 10000))
    facts: dict[str, Any] = {"reason": "Q_LOOK", "amount": 5000, "by": MANAGER}
    number = str(books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, **facts).number)
    books.do(decisions.approve, number, by=MANAGER)
    return number


def arrived(books: Books, number: str) -> str:
    books.do(payout_steps.step, number, "confirm", by=MANAGER)
    return number


def repaid(books: Books, case: str, minor: int = MINOR) -> str:
    """10.00 of freight let go, or `minor` fen: the payout."""
    view = books.do(payouts.freight_back, case, minor, waive=["freight"], because="说好的", by=MANAGER)
    return str(view.number)


def finished(books: Books, case: str, beside: str) -> str:
    """What is given beside the refund arrives, then the refund."""
    arrived(books, beside)
    arrived(books, books.do(payouts.refund, case, by=MANAGER).number)
    assert books.do(case_cards.show, case).stage == "finished"
    return beside


def in_day(books: Books) -> tuple[int, int]:
    """How many cases the day's list has with money that has no payout, and how much in fen."""
    unpaid = books.do(today.today).agreed_unpaid
    return unpaid.count, sum(unpaid.sums.values())


def test_what_came_back_is_owed_until_it_is_repaid(books: Books, case: str) -> None:
    """10.00 repaid on 20 November, back on the 25th, repaid again on 3 December."""
    number = finished(books, case, repaid(books, case))
    assert (owed(books), in_day(books)) == ({}, (0, 0))
    books.at = shanghai("2026-11-25 12:00")
    back = books.do(payout_steps.reverse, number, because="卡号不对", by=MANAGER)
    again = f"retcli pay freight {case} --amount 10.00"
    assert back.next == again
    card = books.do(case_cards.show, case)
    assert card.stage == "to_pay"
    assert card.next.splitlines() == [again, f"retcli case finish {case} --because TEXT"]
    assert "10.00 owed again" in card.so_far.beside_sentence()
    assert in_day(books) == (1, MINOR)
    assert owed(books) == {AGREED: Money(MINOR, "CNY")}
    (row,) = cells(workbook(books)["Owed"], "Case no.", "Money kind", AGREED)
    assert row == (case, "freight", Money(MINOR, "CNY"))
    books.at = shanghai("2026-12-03 12:00")
    last = repaid(books, case)
    assert owed(books, "2026-12") == {NOT_SENT: Money(MINOR, "CNY")}
    arrived(books, last)
    assert owed(books) == {AGREED: Money(MINOR, "CNY")}, "as it stood at the month's end"
    assert (owed(books, "2026-12"), in_day(books)) == ({}, (0, 0))
    assert books.do(case_cards.show, case).next == f"retcli case finish {case}", "nothing is open"
    books.check()


def test_another_amount_repaid_settles_it(books: Books, case: str) -> None:
    """10.00 came back; the slip says 5.00, which is repaid: no more is owed, since the way back is repaid once a case.
    Those 5.00 come back too: 5.00 are owed.
    """
    number = finished(books, case, repaid(books, case))
    books.do(payout_steps.reverse, number, because="小票上是 5.00", by=MANAGER)
    less = arrived(books, repaid(books, case, 500))
    assert (owed(books), in_day(books)) == ({}, (0, 0))
    card = books.do(case_cards.show, case)
    assert (card.next, card.so_far.beside[-1].state) == (f"retcli case finish {case}", "confirmed")
    back = books.do(payout_steps.reverse, less, because="卡号不对", by=MANAGER)
    assert back.next == f"retcli pay freight {case} --amount 5.00"
    assert (owed(books), in_day(books)) == ({AGREED: Money(500, "CNY")}, (1, 500))
    books.check()


def test_what_failed_again_is_still_owed(books: Books, case: str) -> None:
    number = finished(books, case, repaid(books, case))
    books.do(payout_steps.reverse, number, because="卡号不对", by=MANAGER)
    failed = books.do(payout_steps.step, repaid(books, case), "fail", because="卡号又不对", by=MANAGER)
    assert failed.next == f"retcli pay freight {case} --amount 10.00"
    assert owed(books) == {AGREED: Money(MINOR, "CNY")}
    books.check()


def test_it_is_given_up_with_a_reason(books: Books, case: str) -> None:
    number = finished(books, case, repaid(books, case))
    books.do(payout_steps.reverse, number, because="给错了", by=MANAGER)
    with pytest.raises(Refused, match="still has something open"):
        books.do(decisions.finish, case, by=MANAGER)
    books.do(decisions.finish, case, because="给错了，不再补", by=MANAGER)
    assert (owed(books), in_day(books)) == ({}, (0, 0))
    assert "owed again" not in books.do(case_cards.show, case).so_far.beside_sentence()
    books.check()


def test_amends_that_came_back_are_owed_to_nobody(books: Books, case: str) -> None:
    number = finished(books, case, books.do(payouts.compensate, case, cash=MINOR, by=MANAGER).number)
    back = books.do(payout_steps.reverse, number, because="多给了", by=MANAGER)
    assert back.next == f"retcli case show {case}"
    assert books.do(case_cards.show, case).stage == "finished"
    assert (owed(books), in_day(books)) == ({}, (0, 0))
    books.check()
