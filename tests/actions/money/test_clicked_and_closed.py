"""What was clicked or sent here and closed on the platform: asked about, in the month's differences, never arrived."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fixtures.model import Refund
from retcli.actions.cases import decisions, platform_list
from retcli.actions.imports import import_questions
from retcli.actions.money import payouts
from retcli.errors import Refused
from retcli.rules.money.minor_units import Money
from tests.actions.money.test_closed_there import rows
from tests.reports import CLOSED, REQUESTED, SUCCEEDED, Folder, asked_back, questions, sold, take, unsent
from tests.shopfloor import MANAGER, Books, shanghai

NUMBER = "2850000000000000951"
NOTHING, HUNDRED = Money(0, "CNY"), Money(10000, "CNY")
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


def closed(books: Books, folder: Folder, wish: Refund, **facts: Any) -> None:
    books.at = shanghai("2026-11-12 12:00")
    take(books, folder.refunds(replace(wish, status=CLOSED, **facts)))


def differences(books: Books, month: str = "2026-11") -> list[tuple[Any, ...]]:
    return [(str(row[0]).split()[0], *row[1:]) for row in rows(books, month, *TITLES)]


def test_what_was_clicked_and_closed_is_asked_about_and_stands_in_the_month(books: Books, folder: Folder) -> None:
    wish = agreed(books, folder)
    books.do(platform_list.done, ["R1"], by=MANAGER)
    closed(books, folder, wish)
    assert questions(books) == [("R1", "platform_closed", "100.00", "0.00")]
    (asked,) = books.do(import_questions.questions).questions
    assert asked.values[0].sentence() == "R1: 100.00 was clicked or sent here, and the platform closed the refund"
    assert books.do(decisions.show, "R1").next == "retcli imports questions"
    line = [("D7", 1, None, None, NOTHING)]
    assert differences(books) == line
    assert str(rows(books, "2026-11", "What to do")[0][0]).startswith("Clicked here, closed there")
    assert differences(books, "2026-12") == []
    closed(books, folder, wish, note="again")
    assert (len(questions(books)), differences(books)) == (1, line)
    books.check()


def test_what_was_not_clicked_ends_in_silence(books: Books, folder: Folder) -> None:
    closed(books, folder, agreed(books, folder))
    assert (questions(books), differences(books)) == ([], [])


def test_what_was_closed_and_paid_after_all_is_one_line(books: Books, folder: Folder) -> None:
    wish = agreed(books, folder)
    books.do(platform_list.done, ["R1"], by=MANAGER)
    closed(books, folder, wish)
    books.at = shanghai("2026-11-14 12:00")
    there = shanghai("2026-11-13 10:00").replace(tzinfo=None)
    take(books, folder.refunds(replace(wish, status=SUCCEEDED, finished_at=there)))
    assert [line[4:] for line in differences(books)] == [(Money(-10000, "CNY"),)]


def test_a_closed_refund_is_not_said_to_have_arrived(books: Books, folder: Folder) -> None:
    """Sent by a bare word, closed by the file: what proves the original route says that nothing left."""
    wish = agreed(books, folder)
    number = books.value("SELECT number FROM payouts")
    books.do(payouts.step, number, "send", by=MANAGER)
    closed(books, folder, wish)
    books.do(import_questions.answer, books.value("SELECT id FROM import_questions"), "seen", by=MANAGER)
    with pytest.raises(Refused, match=r"The platform closed the refund of .*: .* did not leave by it") as refused:
        books.do(payouts.step, number, "confirm", by=MANAGER)
    fail = f"retcli pay fail {number} --because TEXT"
    assert (refused.value.hint, books.do(decisions.show, "R1").next) == (fail, fail)
    assert books.value("SELECT state FROM payouts") == "sent"
    books.do(payouts.step, number, "fail", because="平台已关闭", by=MANAGER)
    assert differences(books) == [("D7", 1, None, None, NOTHING)]
    books.check()
