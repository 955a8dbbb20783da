"""What was decided here against the buyer stands beside what the platform paid all the same."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.imports import import_questions
from retcli.actions.insight import exports, today
from retcli.actions.money import payout_steps
from retcli.views.screen import Terminal
from tests.reports import CLOSED, OPENED, REQUESTED, Folder, asked_back, see_each, sold, take, unsent
from tests.sheets.test_beyond import notes
from tests.shopfloor import MANAGER, NOON, Books
from tests.workbooks import cells, workbook

SENT = replace(sold("2850000000000000880", ("BAG-S", 1, 8800)), confirmed_at=None, status="卖家已发货，等待买家确认")
WISH = asked_back(
    "88", SENT, 8800, status=REQUESTED, kind="仅退款", applied_at=datetime(2026, 11, 7, 9), goods="买家未收到货",
    reason="未收到货",
)  # fmt: skip
PAID = asked_back(
    "88", SENT, 8800, kind="仅退款", applied_at=datetime(2026, 11, 7, 9), goods="买家未收到货", reason="未收到货",
    finished_at=datetime(2026, 11, 10, 10),
)  # fmt: skip
AGREED = "卖家已经同意退款，等待买家退货"
AGAINST = "88: the platform paid 88.00, which is in the books already; it was turned down here"


def turned_down(books: Books, folder: Folder, move: str = "reject", *, clicked: bool = True) -> str:
    """A case of 88.00 that the manager turned down, and that click said to be made on the platform."""
    books.hire()
    books.at = OPENED
    take(books, *folder.both(SENT))
    books.at = NOON
    take(books, folder.refunds(WISH))
    case: str = books.value("SELECT number FROM cases")
    books.do(getattr(decisions, move), case, because="在途", by=MANAGER)
    if clicked and move == "reject":
        books.do(platform_list.done, [case], by=MANAGER)
    return case


@pytest.mark.parametrize("move", ["reject", "withdraw"])
def test_our_decision_stands_beside_the_platforms_refund(books: Books, folder: Folder, move: str) -> None:
    case = turned_down(books, folder, move)
    ours = {"by": MANAGER, "as": "person", "at": books.do(case_cards.show, case).document()["case"]["decided"]["at"]}
    books.later(hours=30)
    take(books, folder.refunds(PAID))
    shown = books.do(case_cards.show, case).document()["case"]
    assert shown["decision"] == {"reject": "rejected", "withdraw": "withdrawn"}[move]
    assert shown["decided"] == ours | {"because": "在途"}
    against = shown["paid_against"]
    assert (against["by"], against["money"]["minor"]) == ("taobao", 8800)
    assert shown["paid"]["minor"] == 8800
    books.check()


def test_what_the_platform_paid_stays_what_it_paid_once_it_was_taken_back(books: Books, folder: Folder) -> None:
    """The buyer gave the 88.00 back: nothing is paid any more, and the platform had refunded them all the same."""
    case = turned_down(books, folder)
    books.later(hours=30)
    take(books, folder.refunds(PAID))
    books.do(
        payout_steps.reverse, books.value("SELECT number FROM payouts WHERE state = 'confirmed'"), because="买家退回"
    )
    shown = books.do(case_cards.show, case).document()["case"]
    assert (shown["paid_against"]["money"]["minor"], shown["paid"]["minor"]) == (8800, 0)
    books.check()


def test_screen_and_explanation_tell_both(books: Books, folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    case = turned_down(books, folder)
    books.later(hours=30)
    take(books, folder.refunds(PAID))
    books.do(case_cards.show, case).draw(Terminal())
    text = capsys.readouterr().out
    assert "在途 → rejected; Taobao refunded 88.00 all the same" in text
    books.do(case_cards.explain, case).draw(Terminal())
    text = capsys.readouterr().out
    assert "在途 → rejected; Taobao refunded 88.00 all the same" in text


@pytest.mark.parametrize("agreed_first", [False, True])
def test_one_question_until_it_is_seen(books: Books, folder: Folder, *, agreed_first: bool) -> None:
    """The import asks once; the day's list counts it until a person has seen it; the next list asks no more."""
    case = turned_down(books, folder)
    if agreed_first:
        books.later(hours=10)
        take(books, folder.refunds(replace(WISH, status=AGREED)))
        assert books.do(case_cards.show, case).document()["case"]["decided"]["by"] == MANAGER
    books.later(hours=20)
    view = take(books, folder.refunds(PAID))
    assert sum(file.questions for file in view.files) == 1
    (question,) = books.do(import_questions.questions).questions
    assert [value.sentence() for value in question.values] == [AGAINST]
    assert question.answers == ("seen",)
    assert books.do(today.today).questions == 1
    books.do(import_questions.answer, question.number, "seen", by=MANAGER)
    take(books, folder.refunds(replace(PAID, note="x")))
    assert books.do(today.today).questions == 0
    books.check()


def test_goods_on_their_way_are_to_be_intercepted(books: Books, folder: Folder) -> None:
    case = turned_down(books, folder)
    books.later(hours=30)
    take(books, folder.refunds(PAID))
    (question,) = books.do(import_questions.questions).questions
    step = books.do(case_cards.show, case).next
    assert f"retcli imports answer {question.number} --seen" in step
    assert f"retcli parcel intercept {case}" in step
    books.do(import_questions.answer, question.number, "seen", by=MANAGER)
    assert books.do(case_cards.show, case).next == f"retcli parcel intercept {case}\nretcli case finish {case}"


def test_nothing_is_to_be_intercepted_of_what_was_not_sent(books: Books, folder: Folder) -> None:
    books.hire()
    order = unsent(SENT)
    take(books, *folder.both(order), folder.refunds(replace(WISH, order=order)))
    case = books.value("SELECT number FROM cases")
    books.do(decisions.reject, case, because="x", by=MANAGER)
    books.later(hours=30)
    take(books, folder.refunds(replace(PAID, order=order)))
    assert "intercept" not in books.do(case_cards.show, case).next


@pytest.mark.parametrize(("move", "by"), [("reject", "refused here"), ("withdraw", "the buyer had withdrawn it")])
def test_the_month_tells_that_it_was_turned_down_here(
    books: Books, folder: Folder, tmp_path: Path, move: str, by: str
) -> None:
    turned_down(books, folder, move)
    books.later(hours=30)
    take(books, folder.refunds(PAID))
    sheets = workbook(books)
    ((operator, name, todo),) = cells(sheets["Differences"], "Agreed there by", "Decided here", "What to do")
    assert (operator, name) == ("", by), "it says nothing of who agreed on the platform"
    assert "appeal" in todo
    name = f"D2 refunded by the platform, without a payout of ours: {by}"
    assert {n: (count, m.minor) for n, (count, m) in notes(sheets).items() if n == name} == {name: (1, -8800)}
    view = books.do(exports.reconciliation, "2026-11", tmp_path)
    assert [each["agreed_there"] for each in view.document()["differences"]] == [
        {"reject": "refused", "withdraw": "withdrawn"}[move]
    ]


def closed_after(books: Books, folder: Folder, *, finished: bool) -> tuple[str, str]:
    """88.00 paid by the platform against our refusal, seen here, then closed there: the case, its payout."""
    case = turned_down(books, folder)
    books.later(hours=30)
    take(books, folder.refunds(PAID))
    see_each(books, MANAGER)
    if finished:
        books.do(decisions.finish, case, by=MANAGER)
    books.later(hours=30)
    take(books, folder.refunds(replace(PAID, status=CLOSED)))
    return case, str(books.value("SELECT number FROM payouts WHERE reverses_id IS NULL"))


def test_what_the_platform_closed_is_asked_about_before_its_case_is_finished(books: Books, folder: Folder) -> None:
    case, payout = closed_after(books, folder, finished=False)
    (question,) = books.do(import_questions.questions, by=MANAGER).questions
    back = f"retcli pay reverse {payout} --because TEXT"
    step = books.do(case_cards.show, case).next.splitlines()
    assert step == [f"retcli imports answer {question.number} --seen", back]
    assert [value.stays() for value in question.values] == ["the 88.00 that left here stay in the books"]
    books.do(import_questions.answer, question.number, "seen", by=MANAGER)
    assert books.do(case_cards.show, case).next.splitlines()[0] == back
    books.check()


def test_an_answer_tells_what_the_books_hold_then(books: Books, folder: Folder) -> None:
    """88.00 were taken back before the question about them was answered."""
    _case, payout = closed_after(books, folder, finished=False)
    books.do(payout_steps.reverse, payout, because="退款关闭", by=MANAGER)
    view = see_each(books, MANAGER)
    assert view is not None
    (answered,) = view.answers
    assert [value.stays() for value in answered.values] == ["nothing of it stands in the books as paid any more"]


def test_a_finished_case_tells_of_its_open_question(books: Books, folder: Folder) -> None:
    case, _payout = closed_after(books, folder, finished=True)
    assert books.value("SELECT filing FROM cases") == "finished"
    assert books.do(case_cards.show, case).next == "retcli imports questions"
    see_each(books, MANAGER)
    assert books.do(case_cards.show, case).next == ""
