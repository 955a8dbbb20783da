"""That less was paid is taken while what cases hold of the order fits into it; else each is named with its amount.

The order is of 30.00 + 25.00 = 55.00, the newer file says 40.00: shared out 21.82 and 18.18.
"""

from dataclasses import replace

import pytest

from retcli.actions.cases import decisions
from retcli.actions.imports import import_questions
from retcli.actions.money import payouts
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from tests.reports import Folder, questions, sold, take
from tests.shopfloor import MANAGER, OWNER, Books

NUMBER = "2850000000000000971"
ORDER = sold(NUMBER, ("A", 1, 3000), ("B", 1, 2500))


@pytest.fixture
def shop(books: Books, folder: Folder) -> Books:
    """The order, of which a newer file says that 40.00 was paid."""
    books.hire()
    take(books, *folder.both(ORDER))
    take(books, folder.orders(replace(ORDER, paid=4000)))
    return books


def question(books: Books) -> int:
    return books.do(import_questions.questions).questions[0].number


def opened_for(books: Books, sku: str) -> str:
    return books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="Q_LOOK", lines=[sku]).number


def agreed_for(books: Books, sku: str) -> str:
    number = opened_for(books, sku)
    books.do(decisions.approve, number, waive=["evidence", "goods_back"], because="seen", by=MANAGER)
    return number


def books_say(books: Books) -> tuple[int, list[int]]:
    """What was paid, and the cash of the lines."""
    lines = [int(row[0]) for row in books.rows("SELECT cash FROM order_lines ORDER BY position")]
    return books.value("SELECT paid FROM orders"), lines


def test_a_line_keeps_what_is_drawn_on_it(shop: Books) -> None:
    """30.00 are agreed to and paid, so that 10.00 of the 40.00 are the other line's."""
    first, second = agreed_for(shop, "A"), opened_for(shop, "B")
    shop.do(payouts.refund, first, by=MANAGER)
    assert shop.do(import_questions.questions).questions[0].answers == ("take", "keep")
    shop.do(import_questions.answer, question(shop), "take", because="seen there", by=OWNER)
    assert (books_say(shop), questions(shop)) == ((4000, [3000, 1000]), [])
    shop.do(decisions.approve, second, waive=["evidence", "goods_back"], because="seen", by=MANAGER)
    assert shop.do(payouts.refund, second, by=MANAGER).money.minor == 1000
    shop.check()


def test_an_undecided_case_stands_in_no_way(shop: Books) -> None:
    opened_for(shop, "A")
    shop.do(import_questions.answer, question(shop), "take", by=OWNER)
    assert books_say(shop) == (4000, [2182, 1818])
    shop.check()


def test_what_stands_in_the_way_is_named_with_its_amount(shop: Books) -> None:
    first, second = agreed_for(shop, "A"), agreed_for(shop, "B")
    with pytest.raises(Refused, match=rf"more .* than the 40\.00 .*: {first} 30\.00, {second} 25\.00$"):
        shop.do(import_questions.answer, question(shop), "take", by=OWNER)
    (asked,) = shop.do(import_questions.questions).questions
    assert (asked.answers, asked.why_not.endswith(f"{second} 25.00")) == (("seen",), True)
    assert books_say(shop) == (5500, [3000, 2500])
    shop.do(decisions.withdraw, second)
    shop.do(import_questions.answer, question(shop), "take", by=OWNER)
    assert books_say(shop) == (4000, [3000, 1000])
    shop.check()


def test_amends_in_cash_are_let_go_of_it_too(shop: Books) -> None:
    """30.00 agreed to and 40.00 of amends are 70.00; with 10.00 of amends they are just 40.00."""
    first = agreed_for(shop, "A")
    paid = shop.do(payouts.compensate, first, cash=4000, by=MANAGER).number
    with pytest.raises(Refused, match=rf": {first} 70\.00$"):
        shop.do(import_questions.answer, question(shop), "take", by=OWNER)
    shop.do(payouts.step, paid, "fail", because="x", by=MANAGER)
    shop.do(payouts.compensate, first, cash=1000, by=MANAGER)
    shop.do(import_questions.answer, question(shop), "take", by=OWNER)
    assert books_say(shop) == (4000, [3000, 1000])


@pytest.mark.parametrize("drawn", [False, True])
def test_keeping_says_that_the_larger_counts(shop: Books, *, drawn: bool) -> None:
    if drawn:
        agreed_for(shop, "A"), agreed_for(shop, "B")
    (asked,) = shop.do(import_questions.questions).questions
    assert asked.effect(asked.answers[-1]).endswith(": the larger of both counts: 55.00 was paid")
    view = shop.do(import_questions.answer, question(shop), asked.answers[-1], by=OWNER)
    assert view.answers[0].first.stays() == "the larger of both counts: 55.00 was paid"
