"""While a file says that less was paid on an order than stands in the books, no more than the lesser leaves."""

import pytest

from retcli.actions.casefile.case_view import view_of
from retcli.actions.casefile.lookup import case_of
from retcli.actions.cases import case_cards, decisions
from retcli.actions.imports import import_questions
from retcli.actions.money import payout_steps, payouts
from retcli.errors import Overdrawn
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import Money
from retcli.transaction import opened
from tests.reports import Folder, questions, sold, take
from tests.shopfloor import MANAGER, OWNER, Books

NUMBER = "2850000000000000951"


@pytest.fixture
def case(books: Books, folder: Folder) -> str:
    """A refund of all of 100.00, agreed to; then the file says that 40.00 was paid."""
    books.hire()
    take(books, *folder.both(sold(NUMBER, ("A", 1, 10000))))
    number = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="Q_LOOK").number
    books.do(decisions.approve, number, waive=["evidence", "goods_back"], because="seen", by=MANAGER)
    take(books, *folder.both(sold(NUMBER, ("A", 1, 4000))))
    assert ("paid", "100.00", "40.00") in [tuple(each)[-3:] for each in questions(books)]
    return number


def test_no_more_than_the_lesser_leaves(books: Books, case: str) -> None:
    """100.00 and 40.01 do not, 40.00 does, and not a fen after it."""
    for minor in (10000, 4001):
        with pytest.raises(
            Overdrawn, match=r"A file says that 40\.00 was paid .* the books say 100\.00.*at most 40\.00"
        ):
            books.do(payouts.refund, case, amount=minor, by=MANAGER)
    paid = books.do(payouts.refund, case, amount=4000, by=MANAGER)
    books.do(payout_steps.step, paid.number, "confirm", by=MANAGER)
    with pytest.raises(Overdrawn, match=r"at most 0\.00"):
        books.do(payouts.refund, case, amount=1, by=MANAGER)
    books.check()


def test_the_next_step_is_the_question(books: Books, case: str) -> None:
    with opened(books.asked(), writes=False) as shop:
        step = view_of(shop, case_of(shop, case)).next
    assert step.splitlines()[0] == "retcli imports questions"


def test_answered_for_the_books_all_of_it_leaves(books: Books, case: str) -> None:
    asked = books.value("SELECT id FROM import_questions WHERE field = 'paid' AND state = 'open'")
    books.do(import_questions.answer, asked, "keep", because="the coupon was counted twice", by=OWNER)
    assert books.do(payouts.refund, case, by=MANAGER).money.minor == 10000


def test_an_undecided_case_says_that_the_lesser_counts(books: Books, folder: Folder) -> None:
    """100.00 by the books, 40.00 by the file: a person answers that before anybody agrees; 40.00 asked for fit."""
    books.hire()
    take(books, *folder.both(sold(NUMBER, ("A", 1, 10000))))
    number = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="Q_LOOK").number
    take(books, folder.orders(sold(NUMBER, ("A", 1, 4000))))
    shown = books.do(case_cards.show, number)
    assert shown.next.splitlines()[0] == "retcli imports questions"
    assert [(each.answer, each.facts["less"]) for each in shown.judgement.findings if each.rule == "money"] == [
        ("person", Money(4000, "CNY"))
    ]
    told = shown.stands_out
    assert told[0] == (
        "A file says that 40.00 was paid: not answered yet, at most 40.00 may leave until then"
        " (retcli imports questions)"
    )
    books.do(import_questions.answer, 1, "keep", by=OWNER)
    shown = books.do(case_cards.show, number)
    assert shown.next.splitlines()[0] != "retcli imports questions"
    assert [each.answer for each in shown.judgement.findings if each.rule == "money"] == ["yes"]


def test_what_the_lesser_has_room_for_is_simply_open(books: Books, folder: Folder) -> None:
    books.hire()
    take(books, *folder.both(sold(NUMBER, ("A", 1, 10000))))
    number = books.do(decisions.open_case, NUMBER, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=4000).number
    take(books, folder.orders(sold(NUMBER, ("A", 1, 4000))))
    shown = books.do(case_cards.show, number)
    assert [each.answer for each in shown.judgement.findings if each.rule == "money"] == ["yes"]
    assert shown.next.splitlines()[0] != "retcli imports questions"
    assert "not answered yet" in shown.stands_out[0]
