"""That less was paid is taken where what left of the order fits into it: what was only agreed to gives way.

The order is of 30.00 + 25.00 = 55.00, the newer file says 40.00: shared out 21.82 and 18.18.
"""

import json
from dataclasses import replace
from typing import Any

import pytest

from retcli.actions.cases import decisions
from retcli.actions.imports import import_questions
from retcli.actions.money import payout_steps, payouts
from retcli.errors import Overdrawn, Refused
from retcli.rules.lifecycles import Kind
from tests.actions.orderfile.test_refunded_on_platform import after
from tests.reports import Folder, questions, sold, take
from tests.shopfloor import MANAGER, OWNER, Books

BEYOND: dict[str, Any] = {"waive": ["approval", "beyond_price"], "because": "x"}
"""Amends on top of what was agreed to."""
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
    """30.00 are agreed to and left, so that 10.00 of the 40.00 are the other line's."""
    first, second = agreed_for(shop, "A"), opened_for(shop, "B")
    shop.do(payout_steps.step, shop.do(payouts.refund, first, by=MANAGER).number, "send", by=MANAGER)
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


def due_of(books: Books, case: str) -> int:
    """What a case is due by the lines, in minor units."""
    query = "SELECT SUM(l.due) FROM case_lines l JOIN cases c ON c.id = l.case_id WHERE c.number = :case"
    return int(books.value(query, case=case))


def test_what_was_agreed_and_has_not_left_gives_way(shop: Books) -> None:
    """55.00 are agreed to: of 30.00 are kept 21.82, of 25.00 18.18, as each would be worth without a case; taking it
    says so before and after.
    """
    first, second = agreed_for(shop, "A"), agreed_for(shop, "B")
    (asked,) = shop.do(import_questions.questions).questions
    assert (asked.answers, asked.why_not) == (("take", "keep"), "")
    assert f"{second} gives back 6.82" in asked.effect("take")
    view = shop.do(import_questions.answer, question(shop), "take", by=OWNER)
    assert [(each.case, each.minor.minor) for each in view.answers[0].gave_way] == [
        (second, 682),
        (first, 818),
    ]
    assert books_say(shop) == (4000, [2182, 1818])
    assert [due_of(shop, case) for case in (first, second)] == [2182, 1818]
    assert shop.do(payouts.refund, second, by=MANAGER).money.minor == 1818
    shop.check()


def test_a_payout_that_has_not_left_is_taken_back(shop: Books) -> None:
    """Both are due; the 25.00 do not leave, 10.00 of them are paid anew."""
    first, second = agreed_for(shop, "A"), agreed_for(shop, "B")
    shop.do(payout_steps.step, shop.do(payouts.refund, first, by=MANAGER).number, "send", by=MANAGER)
    with pytest.raises(Overdrawn):
        shop.do(payouts.refund, second, by=MANAGER)
    shop.do(payouts.refund, second, amount=1000, by=MANAGER)
    shop.do(import_questions.answer, question(shop), "take", by=OWNER)
    assert shop.rows("SELECT minor, state FROM payouts ORDER BY id") == [(3000, "sent"), (1000, "due")]
    assert due_of(shop, second) == 1000
    shop.check()


def test_where_the_lesser_has_left_the_rest_is_given_up(books: Books, folder: Folder) -> None:
    """55.00 agreed to, 40.00 of it left by transfer: taking the file's 40.00 ends the other 15.00."""
    books.hire()
    take(books, *folder.both(ORDER))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="Q_LOOK").number
    books.do(decisions.approve, case, waive=["evidence", "goods_back"], because="seen", by=MANAGER)
    paid = books.do(payouts.refund, case, amount=4000, by=MANAGER).number
    books.do(payout_steps.step, paid, "confirm", by=MANAGER)
    take(books, folder.orders(replace(ORDER, paid=4000)))
    (asked,) = books.do(import_questions.questions).questions
    assert asked.answers == ("take", "keep")
    books.do(import_questions.answer, question(books), "take", by=OWNER)
    assert (books_say(books)[0], due_of(books, case)) == (4000, 4000)
    assert books.value("SELECT filing FROM cases") == "finished"
    books.check()


def test_a_payout_due_above_the_lesser_fails(books: Books, folder: Folder) -> None:
    """55.00 are due in one payout, none of it left: it fails, and 40.00 stay agreed to."""
    books.hire()
    take(books, *folder.both(ORDER))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="Q_LOOK").number
    books.do(decisions.approve, case, waive=["evidence", "goods_back"], because="seen", by=MANAGER)
    books.do(payouts.refund, case, by=MANAGER)
    take(books, folder.orders(replace(ORDER, paid=4000)))
    books.do(import_questions.answer, question(books), "take", by=OWNER)
    assert books.rows("SELECT minor, state FROM payouts") == [(5500, "failed")]
    assert books.do(payouts.refund, case, by=MANAGER).money.minor == 4000
    books.check()


def test_which_amount_counts_is_never_only_noted(shop: Books) -> None:
    """It lifts what holds money back: neither as seen, nor with others at once, and its event says who in which
    role.
    """
    case = agreed_for(shop, "A")
    shop.do(payouts.compensate, case, cash=1000, by=MANAGER, **BEYOND)
    number = question(shop)
    with pytest.raises(Refused, match="is to be chosen") as refused:
        shop.do(import_questions.answer, number, "seen", by=OWNER)
    assert refused.value.hint == "retcli imports questions"
    for decision in ("seen", "keep"):
        view = shop.do(import_questions.answer, None, decision, every=True, by=OWNER)
        commands = (f"retcli imports answer {number} --take", f"retcli imports answer {number} --keep")
        assert (view.answers, [left.commands for left in view.singly]) == ((), [commands])
    with pytest.raises(Overdrawn, match=r"at most 30\.00"):
        shop.do(payouts.compensate, case, cash=3001, by=MANAGER)
    shop.do(import_questions.answer, number, "keep", because="asked the platform", by=MANAGER)
    query = "SELECT operator, payload FROM events WHERE subject = :subject AND action = 'keep'"
    ((operator, payload),) = shop.rows(query, subject=f"question/{number}")
    assert (operator, json.loads(payload)["role"]) == (MANAGER, "manager")


def test_amends_in_cash_are_let_go_of_it_too(shop: Books) -> None:
    """30.00 agreed to and 40.00 of amends are 70.00: the 30.00 give way, the amends stay; 41.00 of them are for a
    person to call off.
    """
    first = agreed_for(shop, "A")
    paid = shop.do(payouts.compensate, first, cash=4000, by=MANAGER, **BEYOND).number
    take_it = import_questions.answer, question(shop), "take"
    asked = shop.do(import_questions.questions).questions[0]
    assert asked.effect("take").endswith(f"; {first} gives back 30.00 of what was agreed")
    shop.do(payout_steps.step, paid, "fail", because="x", by=MANAGER)
    shop.do(payouts.compensate, first, cash=1000, by=MANAGER, **BEYOND)
    shop.do(*take_it, by=OWNER)
    assert (books_say(shop), due_of(shop, first)) == ((4000, [2182, 1818]), 2182)


def test_amends_beyond_the_lesser_are_called_off_by_a_person(books: Books, folder: Folder) -> None:
    books.hire()
    take(books, *folder.both(ORDER))
    first = agreed_for(books, "A")
    paid = books.do(payouts.compensate, first, cash=4100, by=MANAGER, **BEYOND).number
    take(books, folder.orders(replace(ORDER, paid=4000)))
    with pytest.raises(Refused, match=rf"more .* than the 40\.00 .*: {first} 71\.00$") as refused:
        books.do(import_questions.answer, question(books), "take", by=OWNER)
    assert f"retcli pay fail {paid} --because TEXT" in refused.value.hint
    assert f"retcli imports answer {question(books)} --keep" in refused.value.hint
    (asked,) = books.do(import_questions.questions).questions
    assert (asked.answers, asked.why_not.endswith(f"{first} 71.00")) == (("keep",), True)
    assert books_say(books) == (5500, [3000, 2500])


@pytest.mark.parametrize("drawn", [False, True])
def test_keeping_says_that_the_larger_counts(shop: Books, *, drawn: bool) -> None:
    if drawn:
        agreed_for(shop, "A"), agreed_for(shop, "B")
    (asked,) = shop.do(import_questions.questions).questions
    assert asked.effect(asked.answers[-1]).endswith(": the larger of both counts: 55.00 was paid")
    view = shop.do(import_questions.answer, question(shop), asked.answers[-1], by=OWNER)
    assert view.answers[0].first.stays() == "the larger of both counts: 55.00 was paid"


# -- what left already, and what went back by the order file ----------------------------------------------------------


def sent_for(books: Books, sku: str) -> tuple[str, str]:
    """A case that was agreed to and paid by transfer; its number and its payout's."""
    case = agreed_for(books, sku)
    paid = books.do(payouts.refund, case, by=MANAGER).number
    books.do(payout_steps.step, paid, "confirm", by=MANAGER)
    return case, paid


@pytest.fixture
def all_left(books: Books, folder: Folder) -> tuple[Books, str, str]:
    """All of the 55.00 left before the newer file came; the second case and its payout."""
    books.hire()
    take(books, *folder.both(ORDER))
    sent_for(books, "A")
    second = sent_for(books, "B")
    take(books, folder.orders(replace(ORDER, paid=4000)))
    return books, *second


def test_what_left_beyond_the_lesser_is_said_with_the_way_out(all_left: tuple[Books, str, str]) -> None:
    """55.00 left of an order of which the file says that 40.00 was paid: 15.00 are the buyer's to give back."""
    shop, second, paid = all_left
    with pytest.raises(Refused, match=r"55\.00 left already, more than the 40\.00 that the file says was paid") as why:
        shop.do(import_questions.answer, question(shop), "take", by=OWNER)
    assert f"retcli pay reverse {paid} --because TEXT" in why.value.hint
    assert f"retcli imports answer {question(shop)} --keep" in why.value.hint
    (asked,) = shop.do(import_questions.questions).questions
    assert asked.answers == ("keep",)
    assert asked.effect("keep").endswith(
        ": 55.00 stays in the books as paid: 55.00 left already, though the file says that only 40.00 was paid"
    )
    shop.do(payout_steps.reverse, paid, because="the buyer gave it back", by=MANAGER)
    shop.do(import_questions.answer, question(shop), "take", by=OWNER)
    assert (books_say(shop), questions(shop)) == ((4000, [3000, 1000]), [])
    assert due_of(shop, second) == 1000
    shop.check()


def test_that_it_stays_tells_what_left(all_left: tuple[Books, str, str]) -> None:
    """The answer and its event say all three amounts: nothing claims that the larger was paid."""
    shop = all_left[0]
    number = question(shop)
    view = shop.do(import_questions.answer, number, "keep", because="asked the platform", by=OWNER)
    assert view.answers[0].first.stays().startswith("55.00 stays in the books as paid: 55.00 left already")
    (payload,) = shop.rows("SELECT payload FROM events WHERE subject = :subject", subject=f"question/{number}")[-1]
    told = json.loads(payload)
    assert [told[name] for name in ("known", "found", "left")] == ["55.00", "40.00", "55.00"]
    shop.check()


@pytest.mark.parametrize(("back", "fits"), [(1000, True), (1001, False)])
def test_what_went_back_by_the_order_file_must_fit_too(books: Books, folder: Folder, back: int, *, fits: bool) -> None:
    """30.00 left here; of the 40.00 the file leaves room for just 10.00 that went back on the platform."""
    books.hire()
    take(books, *folder.both(ORDER))
    sent_for(books, "A")
    books.later(hours=1)
    take(books, *folder.both(after(ORDER, back)))
    take(books, folder.orders(after(replace(ORDER, paid=4000), back)))
    number = next(each.number for each in books.do(import_questions.questions).questions if each.first.field == "paid")
    if fits:
        books.do(import_questions.answer, number, "take", by=OWNER)
        assert books_say(books)[0] == 4000
    else:
        with pytest.raises(Refused, match=r"30\.00 left already and 10\.01 went back by the platform's order file"):
            books.do(import_questions.answer, number, "take", by=OWNER)
    books.check()


# -- the worth of a piece does not hang on whether it was agreed to first ---------------------------------------------


@pytest.mark.parametrize("agreed", [True, False])
def test_a_piece_is_worth_the_same_whether_it_was_agreed_to_before_or_after(
    books: Books, folder: Folder, *, agreed: bool
) -> None:
    """Two pieces for 100.00, one of them to be refunded: of 55.00 it is worth 55.00 × 1/2 = 27.50."""
    books.hire()
    bought = sold(NUMBER, ("CUP", 2, 10000))
    take(books, *folder.both(bought))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="Q_LOOK", lines=["CUP=1"]).number
    approve = decisions.approve, case
    if agreed:
        books.do(*approve, waive=["evidence", "goods_back"], because="seen", by=MANAGER)
        assert books.do(payouts.refund, case, by=MANAGER).money.minor == 5000
    take(books, folder.orders(replace(bought, paid=5500)))
    books.do(import_questions.answer, question(books), "take", by=OWNER)
    if not agreed:
        books.do(*approve, waive=["evidence", "goods_back"], because="seen", by=MANAGER)
    assert due_of(books, case) == 2750
    assert books.rows("SELECT state FROM payouts") == ([("failed",)] if agreed else [])
    assert books.do(payouts.refund, case, by=MANAGER).money.minor == 2750
    books.check()
