"""A refund that a person confirmed and took back, of which a list tells only then: it is no second payment.

100.00 clicked on 7 November (and a coupon sent), confirmed by hand on the 8th, taken back on the 10th; the list of the
12th says: refunded.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from retcli.actions.cases import case_cards
from retcli.actions.imports import import_questions
from retcli.actions.money import payout_steps, payouts
from retcli.errors import Refused
from tests.reports import SUCCEEDED, Folder, asked_back, clicked, questions, sold, take, unsent
from tests.shopfloor import MANAGER, Books, shanghai

ORDER = sold("2850000000000000873", ("TS-L", 1, 20000))
BEFORE, AFTER = datetime(2026, 11, 8, 10), datetime(2026, 11, 11, 10)


@pytest.fixture
def taken_back(books: Books, folder: Folder) -> None:
    clicked(books, folder, ORDER, 10000)
    number = books.value("SELECT number FROM payouts")
    beside = books.do(payouts.compensate, "31", coupon=500, by=MANAGER).number
    books.do(payout_steps.step, beside, "send", by=MANAGER)
    books.at = shanghai("2026-11-08 12:00")
    books.do(payout_steps.step, number, "confirm", by=MANAGER)
    books.at = shanghai("2026-11-10 12:00")
    books.do(payout_steps.reverse, number, because="钱退回来了", by=MANAGER)
    books.at = shanghai("2026-11-12 12:00")


def listed(books: Books, folder: Folder, at: datetime | None) -> None:
    """The list says that 100.00 were refunded, at an instant or without one."""
    wish = asked_back("31", unsent(ORDER), 10000, kind="仅退款", goods="买家未收到货", status=SUCCEEDED)
    take(books, folder.refunds(replace(wish, finished_at=at)))


STANDING = "SELECT COALESCE(SUM(minor), 0) FROM payouts WHERE state <> 'failed' AND kind = 'refund'"


@pytest.mark.parametrize("at", [BEFORE, None], ids=["earlier", "no time"])
def test_what_was_taken_back_stays_so_and_is_asked_about(
    books: Books, folder: Folder, taken_back: None, at: datetime | None
) -> None:
    """0.00 stand here, 100.00 there: a question, which each answer of `pay` names."""
    listed(books, folder, at)
    assert questions(books) == [("31", "platform_paid", "0.00", "100.00")]
    assert books.value(STANDING) == 0
    case = books.value("SELECT number FROM cases")
    with pytest.raises(Refused):
        books.do(payouts.refund, case, by=MANAGER)
    sent = books.value("SELECT number FROM payouts WHERE state = 'sent'")
    beside = books.do(payout_steps.step, sent, "confirm", by=MANAGER)
    assert [(asked.subject, asked.field) for asked in beside.questions or ()] == [("31", "platform_paid")]
    listed(books, folder, at)
    assert len(questions(books)) == 1, "told once more it is no news"
    books.check()


def test_a_later_success_is_a_payment_of_its_own(books: Books, folder: Folder, taken_back: None) -> None:
    """Refunded on the 11th, after it was taken back: the platform's word is taken."""
    listed(books, folder, AFTER)
    assert (questions(books), books.value(STANDING)) == ([], 10000)
    books.check()


def test_once_answered_it_is_paid_only_with_a_waiver(books: Books, folder: Folder, taken_back: None) -> None:
    listed(books, folder, BEFORE)
    for (question,) in books.rows("SELECT id FROM import_questions WHERE state = 'open'"):
        books.do(import_questions.answer, question, "seen", by=MANAGER)
    case = books.value("SELECT number FROM cases")
    assert books.do(case_cards.show, case).stage == "taken_back"
    with pytest.raises(Refused):
        books.do(payouts.refund, case, by=MANAGER)
    anew = books.do(payouts.refund, case, waive=["paid_there"], because="买家没收到", by=MANAGER)
    assert (anew.money.minor, anew.method) == (10000, "transfer")
    books.check()


@pytest.mark.parametrize("at", [BEFORE, None], ids=["earlier", "no time"])
@pytest.mark.parametrize("repaid", [False, True])
def test_a_later_success_is_taken_over_also_after_an_earlier_one_was_answered(
    books: Books, folder: Folder, taken_back: None, at: datetime | None, repaid: bool
) -> None:
    """What the list told of the 8th was answered, and 100.00 sent anew or not; now it tells of the 11th: 100.00 more
    left there, which is asked about where that makes 200.00 of 100.00 agreed to.
    """
    listed(books, folder, at)
    for (question,) in books.rows("SELECT id FROM import_questions WHERE state = 'open'"):
        books.do(import_questions.answer, question, "seen", by=MANAGER)
    if repaid:
        case = books.value("SELECT number FROM cases")
        anew = books.do(payouts.refund, case, waive=["paid_there"], because="买家没收到", by=MANAGER)
        books.do(payout_steps.step, anew.number, "confirm", by=MANAGER)
    listed(books, folder, AFTER)
    assert books.value(STANDING) == (20000 if repaid else 10000)
    assert len(questions(books)) == repaid
    books.check()
