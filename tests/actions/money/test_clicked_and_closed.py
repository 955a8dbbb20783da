"""What was clicked or sent here and closed on the platform: asked about, in the month's differences, never arrived."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import pytest

from fixtures.model import Refund
from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.imports import import_questions
from retcli.actions.money import payout_steps
from retcli.errors import Refused
from retcli.rules.money.minor_units import Money
from tests.reports import CLOSED, REQUESTED, SUCCEEDED, Folder, asked_back, questions, sold, take, unsent
from tests.shopfloor import MANAGER, Books, shanghai
from tests.workbooks import difference_cells

NUMBER = "2850000000000000951"
NOTHING, HUNDRED = Money(0, "CNY"), Money(10000, "CNY")
REFUSED = "卖家拒绝退款"
ENDS = {
    CLOSED: (
        "platform_closed",
        "was clicked or sent here, and the platform closed the refund",
        "Clicked here, closed there",
    ),
    REFUSED: (
        "platform_refused",
        "was agreed to, clicked or sent here, and the refund is turned down there",
        "Clicked here, turned down there",
    ),
}
"""How a platform ends a refund unpaid: what is asked then, in which words, and what stands in the month."""
AGAINST = {
    CLOSED: r"The platform closed the refund of .*: .* did not leave by it",
    REFUSED: r"The refund of .* was turned down on the platform: .* did not leave by it",
}
"""Why what was sent by it has not arrived."""
TITLES = ("Class", "Refunds", "Decided by us", "Platform refunded", "Difference")


def agreed(books: Books, folder: Folder) -> Refund:
    """100.00 asked for and agreed to."""
    books.hire()
    bought = unsent(sold(NUMBER, ("TS-L", 1, 19800)))
    wish = asked_back("R1", bought, 10000, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(bought), folder.refunds(wish))
    books.at = shanghai("2026-11-10 12:00")
    books.do(decisions.approve, "R1", by=MANAGER)
    return wish


def ended(books: Books, folder: Folder, wish: Refund, end: str = CLOSED, **facts: Any) -> None:
    books.at = shanghai("2026-11-12 12:00")
    take(books, folder.refunds(replace(wish, status=end, **facts)))


def differences(books: Books, month: str = "2026-11") -> list[tuple[Any, ...]]:
    return [(str(row[0]).split()[0], *row[1:]) for row in difference_cells(books, month, *TITLES)]


@pytest.mark.parametrize("end", ENDS)
def test_what_was_clicked_and_ended_there_is_asked_about_and_stands_in_the_month(
    books: Books, folder: Folder, end: str
) -> None:
    field, words, in_month = ENDS[end]
    wish = agreed(books, folder)
    books.do(platform_list.done, ["R1"], by=MANAGER)
    ended(books, folder, wish, end)
    assert questions(books) == [("R1", field, "100.00", "0.00")]
    (asked,) = books.do(import_questions.questions).questions
    assert asked.values[0].sentence() == f"R1: 100.00 {words}"
    assert asked.effect("seen").endswith("nothing of it stands in the books as paid any more")
    answer = {CLOSED: "retcli imports questions", REFUSED: f"retcli imports answer {asked.number} --seen"}
    assert books.do(case_cards.show, "R1").next == answer[end], "what was turned down may be agreed to again"
    line = [("D7", 1, None, None, NOTHING)]
    assert differences(books) == line
    assert str(difference_cells(books, "2026-11", "What to do")[0][0]).startswith(in_month)
    assert differences(books, "2026-12") == []
    ended(books, folder, wish, end, note="again")
    assert (len(questions(books)), differences(books)) == (1, line)
    books.do(import_questions.answer, asked.number, "seen", by=MANAGER)
    ended(books, folder, wish, end, note="once more")
    assert questions(books) == []
    books.check()


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    ("told", "month"),
    [
        ("2026-11-19 05:00", "2026-11"),
        ("2026-12-01 05:00", "2026-12"),
        ("2026-11-09 05:00", "2026-11"),
        ("", "2026-12"),
    ],
)
def test_a_click_that_came_to_nothing_stands_in_the_month_of_its_end_there(
    books: Books, folder: Folder, end: str, told: str, month: str
) -> None:
    """Agreed to on 10 November and imported on 2 December: in the month that the file tells, never before the
    agreement; where the file tells none, in that of the export.
    """
    wish = agreed(books, folder)
    books.do(platform_list.done, ["R1"], by=MANAGER)
    at = shanghai(told).replace(tzinfo=None) if told else None
    books.at = shanghai("2026-12-02 09:00")
    take(books, folder.refunds(replace(wish, status=end, finished_at=at), name="r_20261202080000.csv"))
    line = [("D7", 1, None, None, NOTHING)]
    assert [differences(books, each) for each in ("2026-11", "2026-12")] == [
        line if each == month else [] for each in ("2026-11", "2026-12")
    ]
    assert difference_cells(books, month, "Since") == [(shanghai("2026-11-10 12:00"),)], "when we let it go"
    books.check()


@pytest.mark.parametrize("end", ENDS)
def test_what_was_not_clicked_ends_in_silence(books: Books, folder: Folder, end: str) -> None:
    ended(books, folder, agreed(books, folder), end)
    assert (questions(books), differences(books)) == ([], [])


@pytest.mark.parametrize("end", ENDS)
def test_what_was_ended_and_paid_after_all_is_one_line(books: Books, folder: Folder, end: str) -> None:
    wish = agreed(books, folder)
    books.do(platform_list.done, ["R1"], by=MANAGER)
    ended(books, folder, wish, end)
    books.at = shanghai("2026-11-14 12:00")
    there = shanghai("2026-11-13 10:00").replace(tzinfo=None)
    paid = folder.refunds(replace(wish, status=SUCCEEDED, finished_at=there))
    newer = paid.stat().st_mtime + 60  # exported after the list that ended it: of two as old the rows' times decide
    os.utime(paid, (newer, newer))
    take(books, paid)
    assert [line[4:] for line in differences(books)] == [(Money(-10000, "CNY"),)]
    assert ENDS[end][0] not in {asked[1] for asked in questions(books)}


@pytest.mark.parametrize("end", ENDS)
def test_a_refund_that_ended_unpaid_is_not_said_to_have_arrived(books: Books, folder: Folder, end: str) -> None:
    """Sent by a bare word, ended by the file: what proves the original route says that nothing left."""
    wish = agreed(books, folder)
    number = books.value("SELECT number FROM payouts")
    books.do(payout_steps.step, number, "send", by=MANAGER)
    ended(books, folder, wish, end)
    assert questions(books) == [("R1", ENDS[end][0], "100.00", "0.00")]
    books.do(import_questions.answer, books.value("SELECT id FROM import_questions"), "seen", by=MANAGER)
    with pytest.raises(Refused, match=AGAINST[end]) as refused:
        books.do(payout_steps.step, number, "confirm", by=MANAGER)
    fail = f"retcli pay fail {number} --because TEXT"
    assert (refused.value.hint, books.do(case_cards.show, "R1").next) == (fail, fail)
    assert books.value("SELECT state FROM payouts") == "sent"
    books.do(payout_steps.step, number, "fail", because="平台没有退", by=MANAGER)
    assert differences(books) == [("D7", 1, None, None, NOTHING)]
    books.check()


def test_what_was_turned_down_and_then_closed_is_one_question_and_one_line(books: Books, folder: Folder) -> None:
    """The seller refuses, and the buyer lets the refund lapse: the later word takes the place of the earlier."""
    wish = agreed(books, folder)
    books.do(payout_steps.step, books.value("SELECT number FROM payouts"), "send", by=MANAGER)
    ended(books, folder, wish, REFUSED)
    ended(books, folder, wish, CLOSED)
    assert questions(books) == [("R1", "platform_closed", "100.00", "0.00")]
    assert differences(books) == [("D7", 1, None, None, NOTHING)]
    books.check()


def test_what_is_agreed_to_after_it_was_turned_down_is_sent_and_arrives(books: Books, folder: Folder) -> None:
    """The refusal of before says nothing of a payout that was made after it."""
    wish = agreed(books, folder)
    books.do(platform_list.done, ["R1"], by=MANAGER)
    ended(books, folder, wish, REFUSED)
    books.do(import_questions.answer, books.value("SELECT id FROM import_questions"), "seen", by=MANAGER)
    books.at = shanghai("2026-11-13 12:00")
    books.do(decisions.approve, "R1", by=MANAGER)
    anew = books.value("SELECT number FROM payouts WHERE state = 'due'")
    books.do(payout_steps.step, anew, "send", by=MANAGER)
    books.do(payout_steps.step, anew, "confirm", by=MANAGER)
    assert books.value("SELECT SUM(minor) FROM payouts WHERE state = 'confirmed'") == 10000
    books.check()
