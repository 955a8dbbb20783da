"""What an import could not settle is settled by a person: kept, or taken while nothing is drawn on the order. That less
was paid is looked at in `test_lesser_taken`.
"""

import io
import json
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from fixtures import report_rows
from retcli.actions.cases import decisions
from retcli.actions.imports import import_questions
from retcli.actions.imports.orders import last_word
from retcli.actions.money import payout_steps, payouts
from retcli.errors import NotFound, Refused, WrongCommand
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from retcli.views.screen import Terminal
from tests.reports import ITEMS, REQUESTED, Folder, asked_back, changed, questions, sold, take, take_one
from tests.shopfloor import AGENT, MANAGER, Books

NUMBER = "2850000000000000100"
ORDER = sold(NUMBER, ("TS-L", 1, 9397), ("TS-M", 2, 10000), freight=600)
FIRST, SECOND = ORDER.lines[0].number, ORDER.lines[1].number


def asked(books: Books, folder: Folder, order: dict[str, Any] | None = None, **line: Any) -> int:
    """The order is in the books, then a file says something else of it: the number of the one question."""
    take(books, *folder.both(ORDER))
    if order:
        take(books, folder.orders(replace(ORDER, **order)))
    else:
        rows = list(report_rows([ORDER], ITEMS, ".csv"))
        take(books, folder.rows(changed(rows, 1, line)))
    (question,) = books.do(import_questions.questions).questions
    return question.number


def cash(books: Books) -> list[int]:
    return [int(row[0]) for row in books.rows("SELECT cash FROM order_lines ORDER BY position")]


def answer(books: Books, question: int | None, how: str, **options: Any) -> Any:
    return books.do(import_questions.answer, question, how, by=options.pop("by", "老板"), **options)


# -- taken ------------------------------------------------------------------------------------------------------------


def test_what_was_paid_is_taken_and_shared_out_again(books: Books, folder: Folder) -> None:
    """180.00 paid, 6.00 of it freight, leave 174.00, 93.97 to 100.00: 84.2955 and 89.7045, so 84.30 and 89.70."""
    number = asked(books, folder, order={"paid": 18000})
    view = answer(books, number, "take", because="平台改价")
    assert books.rows("SELECT paid, freight FROM orders") == [(18000, 600)]
    assert cash(books) == [8430, 8970]
    assert sum(cash(books)) == 18000 - 600
    assert [(change.sku, change.was.minor, change.now.minor) for change in view.answers[0].lines] == [
        ("TS-L", 9397, 8430),
        ("TS-M", 10000, 8970),
    ]
    assert questions(books) == []
    events = books.rows("SELECT subject, action, payload FROM events ORDER BY seq DESC LIMIT 1")
    assert events[0][:2] == (f"question/{number}", "take")
    assert all(part in events[0][2] for part in ("199.97", "180.00", "平台改价"))
    books.check()


def test_another_freight_leaves_the_goods_the_rest(books: Books, folder: Folder) -> None:
    answer(books, asked(books, folder, order={"freight": 0}), "take")
    assert sum(cash(books)) == 19997
    books.check()


def test_a_lines_own_amount_is_taken_and_the_sum_still_holds(books: Books, folder: Folder) -> None:
    """50.00 stated instead of 93.97 beside 100.00: the 193.97 for goods are shared 1 to 2."""
    answer(books, asked(books, folder, 买家实付金额="50.00"), "take")
    assert cash(books) == [6466, 12931]
    books.check()


@pytest.mark.parametrize(
    ("column", "said", "known", "now"),
    [("商家编码", "TS-XL", "sku", "TS-XL"), ("购买数量", "3", "quantity", 3), ("商品价格", "12.50", "price", 1250)],
)
def test_goods_are_taken_as_the_file_has_them(
    books: Books, folder: Folder, column: str, said: str, known: str, now: object
) -> None:
    answer(books, asked(books, folder, None, **{column: said}), "take", by="老板")
    assert books.value(f"SELECT {known} FROM order_lines WHERE position = 1") == now
    assert cash(books) == [9397, 10000]
    books.check()


# -- kept -------------------------------------------------------------------------------------------------------------


def test_what_was_kept_is_not_asked_again_for_the_same_value(books: Books, folder: Folder) -> None:
    answer(books, asked(books, folder, order={"paid": 18000}), "keep")
    take(books, folder.orders(replace(ORDER, paid=18000, seller_remark="x")))
    assert questions(books) == []
    assert books.value("SELECT paid FROM orders") == 19997
    take(books, folder.orders(replace(ORDER, paid=17000)))
    assert questions(books) == [(NUMBER, "paid", "199.97", "170.00")]
    books.check()


def test_what_was_kept_comes_again_once_the_books_say_something_else(books: Books, folder: Folder) -> None:
    answer(books, asked(books, folder, order={"paid": 18000}), "keep")
    take(books, folder.orders(replace(ORDER, paid=17000)))
    answer(books, books.do(import_questions.questions).questions[0].number, "take")
    take(books, folder.orders(replace(ORDER, paid=18000, seller_remark="y")))
    assert questions(books) == [(NUMBER, "paid", "170.00", "180.00")]


def test_all_are_kept_at_once_with_one_event_each(books: Books, folder: Folder) -> None:
    """That more was paid; that less was paid limits what may leave, and is answered by itself."""
    other = sold("2850000000000000101", ("TS-L", 1, 9397))
    asked(books, folder, order={"paid": 21000})
    take(books, *folder.both(other))
    take(books, folder.orders(replace(other, paid=22000)))
    view = answer(books, None, "keep", every=True)
    assert len(view.answers) == 2
    assert books.value("SELECT COUNT(*) FROM events WHERE action = 'keep'") == 2
    assert answer(books, None, "keep", every=True).answers == ()
    assert questions(books) == []


# -- refused ----------------------------------------------------------------------------------------------------------


def test_nothing_is_taken_while_a_case_draws_on_the_order_and_the_case_is_named(books: Books, folder: Folder) -> None:
    books.hire()
    number = asked(books, folder, order={"paid": 21000})
    case = books.do(decisions.open_case, NUMBER, kind=Kind.RETURN, reason="B_7D", lines=["TS-L"])
    with pytest.raises(Refused, match=f"Case {case.number} draws on order {NUMBER}: its amounts and goods stand"):
        answer(books, number, "take")
    books.do(decisions.withdraw, case.number)
    answer(books, number, "take")
    assert sum(cash(books)) == 20400
    books.check()


def test_nothing_is_taken_once_money_went_out(books: Books, folder: Folder) -> None:
    books.hire()
    number = asked(books, folder, order={"paid": 21000})
    case = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="N_AGREE", lines=["TS-L"])
    books.do(decisions.approve, case.number, waive=["window"], because="why", by=MANAGER)
    books.do(payouts.refund, case.number, by=MANAGER)
    with pytest.raises(Refused, match=f"Case {case.number} draws on order"):
        answer(books, number, "take")
    assert cash(books) == [9397, 10000]


def test_only_owner_and_manager_answer(sqlite_books: Books, folder: Folder) -> None:
    sqlite_books.hire()
    number = asked(sqlite_books, folder, order={"paid": 18000})
    for how in ("keep", "take"):
        with pytest.raises(Refused, match="may not answer an import's questions"):
            answer(sqlite_books, number, how, by=AGENT)
    answer(sqlite_books, number, "take", by=MANAGER)


def test_a_refunds_question_names_the_command_that_settles_it(sqlite_books: Books, folder: Folder) -> None:
    books = sqlite_books
    books.hire()
    take(books, *folder.both(ORDER))
    refund = asked_back("77", ORDER, 5000, status=REQUESTED, kind="仅退款")
    take_one(books, folder.refunds(refund))
    books.do(decisions.approve, "77", waive=["window"], because="why", by=MANAGER)
    (payout,) = (number for (number,) in books.rows("SELECT number FROM payouts"))
    books.do(payout_steps.step, payout, "send", by=MANAGER)
    take_one(books, folder.refunds(replace(refund, amount=6000)))
    (question,) = books.do(import_questions.questions).questions
    with pytest.raises(Refused, match="Nothing of question 1 can be taken") as refused:
        answer(books, question.number, "take")
    assert refused.value.hint == f"retcli imports answer {question.number} --seen"
    answer(books, question.number, "keep")
    assert questions(books) == []


def test_what_can_only_stand_is_said(sqlite_books: Books, folder: Folder) -> None:
    orders = folder.orders(ORDER)
    rows = list(report_rows([ORDER], ITEMS, ".csv"))
    take(sqlite_books, orders, folder.rows(changed(rows, 1, {"买家实付金额": "150.00"})))
    (question,) = sqlite_books.do(import_questions.questions).questions
    assert [value.field for value in question.values] == ["lines_sum"]
    with pytest.raises(Refused, match="the books stand either way") as refused:
        answer(sqlite_books, question.number, "take")
    assert refused.value.hint == f"retcli imports answer {question.number} --seen"


def test_freight_above_what_was_paid_is_refused(sqlite_books: Books, folder: Folder) -> None:
    number = asked(sqlite_books, folder, order={"paid": 500})
    with pytest.raises(Refused, match=r"The freight 6\.00 would be more than the 5\.00 paid"):
        answer(sqlite_books, number, "take")
    assert sqlite_books.value("SELECT paid FROM orders") == 19997


def test_the_books_must_still_say_what_the_question_was_about(sqlite_books: Books, folder: Folder) -> None:
    number = asked(sqlite_books, folder, order={"paid": 18000})
    with opened(sqlite_books.asked()) as shop:
        shop.session.execute(sa.text("UPDATE orders SET paid = 19000"))
    with pytest.raises(Refused, match=r"The books say 190.00 by now, the question was about 199.97"):
        answer(sqlite_books, number, "take")


def test_the_next_question_is_about_what_the_books_say_after_the_first_answer(books: Books, folder: Folder) -> None:
    """199.97 in the books; one file says 180.00, a later one 170.00, and both are asked about, as books of an older
    program hold it. Once 180.00 is taken the other asks 180 or 170.
    """
    number = asked(books, folder, order={"paid": 18000})
    with pytest.MonkeyPatch.context() as older:
        older.setattr(last_word, "of_heads", lambda _step: set())
        take(books, folder.orders(replace(ORDER, paid=17000)))
    assert [known for *_about, known, _found in questions(books)] == ["199.97", "199.97"]
    answer(books, number, "take")
    (left,) = books.do(import_questions.questions).questions
    assert [(value.known, value.found) for value in left.values] == [("180.00", "170.00")]
    assert left.answers == ("take", "keep")
    answer(books, left.number, "take")
    assert books.value("SELECT paid FROM orders") == 17000
    assert sum(cash(books)) == 17000 - 600
    books.check()


def test_a_question_with_one_answer_is_seen(sqlite_books: Books, folder: Folder) -> None:
    """Where the books can only stand there is nothing to choose: that is seen, and why is said."""
    number = asked(sqlite_books, folder, order={"paid": 21000})
    sqlite_books.do(decisions.open_case, ORDER.number, kind=Kind.RETURN, reason="B_7D")
    (question,) = sqlite_books.do(import_questions.questions).questions
    assert question.commands == (f"retcli imports answer {number} --seen",)
    assert question.why_not.endswith("its amounts and goods stand")


def test_an_answer_is_given_once(sqlite_books: Books, folder: Folder) -> None:
    number = asked(sqlite_books, folder, order={"paid": 18000})
    with pytest.raises(NotFound, match="There is no question 99"):
        answer(sqlite_books, 99, "keep")
    answer(sqlite_books, number, "keep")
    with pytest.raises(Refused, match="is answered already: the value of the books stands"):
        answer(sqlite_books, number, "take")


def test_one_question_is_named_or_all_are_kept(sqlite_books: Books) -> None:
    for question, how, every in ((None, "keep", False), (1, "keep", True), (None, "take", True)):
        with pytest.raises(WrongCommand):
            answer(sqlite_books, question, how, every=every)


# -- how many ---------------------------------------------------------------------------------------------------------


def test_one_change_of_two_files_is_one_question_in_all(books: Books, folder: Folder) -> None:
    """The order report says another sum paid, the item report another price of a line of it: one order, one question;
    another order's is the second.
    """
    other = sold("2850000000000000102", ("TS-L", 1, 5000))
    take(books, *folder.both(ORDER, other))
    rows = list(report_rows([ORDER], ITEMS, ".csv"))
    files = (
        folder.orders(replace(ORDER, paid=18000), replace(other, paid=4000)),
        folder.rows(changed(rows, 1, {"商品价格": "95.00"})),
    )
    taken = take(books, *files)
    assert [file.questions for file in taken.files] == [2, 1]
    assert taken.totals["questions"] == len(books.do(import_questions.questions).questions) == 2
    told = io.StringIO()
    taken.draw(Terminal(told))
    assert "In all 2 changes need your word: retcli imports questions" in told.getvalue()
    assert ", 2 questions," in told.getvalue()
    (counts,) = books.rows("SELECT counts FROM runs ORDER BY id DESC LIMIT 1")[0]
    assert json.loads(counts)["questions"] == 2
