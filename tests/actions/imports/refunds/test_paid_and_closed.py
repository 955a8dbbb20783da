"""A refund that one file says was paid, another that it was closed: in whatever order, no payment is passed over."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from fixtures.model import Order, Refund
from retcli.actions.cases import case_cards, decisions
from retcli.actions.imports import import_questions
from retcli.actions.money import payout_steps, payouts
from retcli.rules.money.minor_units import Money
from tests.reports import (
    CLOSED,
    REQUESTED,
    SUCCEEDED,
    Folder,
    asked_back,
    clicked,
    questions,
    see_each,
    sold,
    take,
    take_one,
    unsent,
)
from tests.shopfloor import MANAGER, Books, shanghai
from tests.workbooks import differences, workbook

NUMBER = "2850000000000000831"
PAID = shanghai("2026-11-08 10:00").replace(tzinfo=None)
HUNDRED, NOTHING = Money(10001, "CNY"), Money(0, "CNY")
BEFORE, AFTER, SAME = PAID.replace(hour=9), PAID.replace(hour=11), PAID


@pytest.fixture
def wish(books: Books, folder: Folder) -> Refund:
    """A refund of 100.01 that waits for the shop."""
    return waiting(books, folder, sold(NUMBER, ("TS-L", 1, 19800)), 10001)


def waiting(books: Books, folder: Folder, order: Order, amount: int) -> Refund:
    """What the buyer of an order that was not sent asks back (fen); nothing is decided."""
    books.hire()
    waits = asked_back("31", unsent(order), amount, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(unsent(order)), folder.refunds(waits))
    return waits


def listed(folder: Folder, wish: Refund, hour: int, name: str = "") -> Path:
    """A list with a refund, exported at an hour of 2026-11-09 in Shanghai."""
    stem = name or ("paid" if wish.status == SUCCEEDED else "closed")
    return folder.refunds(wish, name=f"{stem}_202611{9:02}{hour:02}0000.csv")


def ended(books: Books) -> tuple[Any, ...]:
    """How the refund stands: the platform's last word, the money that arrived, the fields that are asked about."""
    arrived = books.rows("SELECT minor FROM payouts WHERE state = 'confirmed' AND reverses_id IS NULL ORDER BY id")
    return (
        books.value("SELECT platform_state FROM cases WHERE platform_number = '31'"),
        [row[0] for row in arrived],
        [asked[1] for asked in questions(books)],
    )


@pytest.mark.parametrize(
    ("paid_hour", "closed_hour", "first", "paid_at", "closed_at", "expected"),
    [
        # the newer file has the last word
        (10, 11, "paid", PAID, None, ("closed", [10001], ["platform_closed"])),
        (11, 10, "closed", PAID, None, ("succeeded", [10001], [])),
        # an older file of the payment comes after the newer one of the closing
        (10, 11, "closed", PAID, None, ("closed", [10001], ["paid_and_closed"])),
        (10, 11, "closed", None, None, ("closed", [10001], ["paid_and_closed"])),
        (10, 11, "closed", PAID, AFTER, ("closed", [10001], ["paid_and_closed"])),
        (10, 11, "closed", PAID, SAME, ("closed", [10001], ["paid_and_closed"])),
        (10, 11, "closed", PAID, BEFORE, ("succeeded", [10001], [])),
        # two files of one second: copied together
        (10, 10, "closed", PAID, None, ("closed", [10001], ["paid_and_closed"])),
        (10, 10, "closed", PAID, BEFORE, ("succeeded", [10001], [])),
        (10, 10, "paid", PAID, AFTER, ("closed", [10001], ["platform_closed"])),
    ],
)  # fmt: skip
def test_no_payment_is_passed_over(
    books: Books, folder: Folder, wish: Refund, paid_hour: int, closed_hour: int, first: str,
    paid_at: datetime | None, closed_at: datetime | None, expected: Any,
) -> None:  # fmt: skip
    paid = listed(folder, replace(wish, status=SUCCEEDED, finished_at=paid_at), paid_hour)
    closed = listed(folder, replace(wish, status=CLOSED, finished_at=closed_at), closed_hour)
    for path in (paid, closed) if first == "paid" else (closed, paid):
        assert take_one(books, path).refused == 0
    assert ended(books) == expected
    books.check()


def told_late(books: Books, folder: Folder, wish: Refund) -> None:
    """Closed by the list of 11:00, then the list of 10:00 that says that it was paid."""
    take(books, listed(folder, replace(wish, status=CLOSED, finished_at=None), 11))
    take(books, listed(folder, replace(wish, status=SUCCEEDED, finished_at=PAID), 10))


def test_the_question_names_both_files(books: Books, folder: Folder, wish: Refund) -> None:
    told_late(books, folder, wish)
    (question,) = books.do(import_questions.questions, by=MANAGER).questions
    assert question.sentence() == (
        "31: paid_20261109100000.csv says that the platform paid 100.01, which is in the books now;"
        " closed_20261109110000.csv says that it closed the refund. See there which is so"
    )
    assert question.answers == ("seen",)
    case = str(books.value("SELECT number FROM cases"))
    assert books.do(case_cards.show, case).next == "retcli imports questions"


@pytest.mark.parametrize("agreed", [True, False], ids=["clicked here", "nobody here agreed"])
@pytest.mark.parametrize("late", [True, False], ids=["told late", "in order"])
def test_the_month_is_as_if_the_files_had_come_in_their_order(
    books: Books, folder: Folder, agreed: bool, late: bool
) -> None:
    """100.01 was paid in November and the platform's last word is that it closed the refund: the platform reports
    nothing. What was decided here is 100.01; nothing where nobody here had agreed, or where the closing came first and
    what was agreed to fell with it. Taken back it is settled.
    """
    wish = (clicked if agreed else waiting)(books, folder, sold(NUMBER, ("TS-L", 1, 19800)), 10001)
    paid = listed(folder, replace(wish, status=SUCCEEDED, finished_at=PAID), 10)
    closed = listed(folder, replace(wish, status=CLOSED, finished_at=None), 11)
    for path in (closed, paid) if late else (paid, closed):
        take(books, path)
    ours = HUNDRED if agreed and not late else None
    rows = {row[0]: row[1:] for row in differences(workbook(books))}
    assert rows["D7"] == (ours, None, ours or NOTHING)
    see_each(books, MANAGER)
    payout = books.value("SELECT number FROM payouts WHERE state = 'confirmed'")
    books.do(payout_steps.reverse, payout, because="平台关闭，钱退回来了", by=MANAGER)
    # the click that came to nothing keeps its row, which holds no money
    left = [("D7", None, None, NOTHING)] if agreed and late else []
    assert [row for row in differences(workbook(books)) if row[0] == "D7"] == left
    books.check()


def test_told_once_more_it_is_no_news(books: Books, folder: Folder, wish: Refund) -> None:
    """Neither the same lists again, nor after a person took the payment back."""
    told_late(books, folder, wish)
    before = books.rows("SELECT number, minor, state FROM payouts"), questions(books)
    for hour, status, name in ((10, SUCCEEDED, "paid again"), (12, CLOSED, "closed again")):
        at = PAID if status == SUCCEEDED else None
        take(books, listed(folder, replace(wish, status=status, finished_at=at, note=name), hour, name))
    assert (books.rows("SELECT number, minor, state FROM payouts"), questions(books)) == before
    see_each(books, MANAGER)
    books.do(
        payout_steps.reverse, books.value("SELECT number FROM payouts"), because="平台关闭，钱退回来了", by=MANAGER
    )
    file = take_one(
        books, listed(folder, replace(wish, status=SUCCEEDED, finished_at=PAID, note="三"), 10, "paid thrice")
    )
    assert (file.unchanged, questions(books)) == (1, [])
    assert books.value("SELECT SUM(minor) FROM payouts WHERE state IN ('confirmed', 'reversed')") == 0
    books.check()


def test_a_click_that_the_closing_undid_was_made_after_all(books: Books, folder: Folder) -> None:
    """Agreed to and clicked here: what the older file says was paid stands once."""
    wish = clicked(books, folder, sold(NUMBER, ("TS-L", 1, 19800)), 10001)
    told_late(books, folder, wish)
    assert ended(books) == ("closed", [10001], ["paid_and_closed"])
    assert books.value("SELECT SUM(minor) FROM payouts WHERE state = 'confirmed'") == 10001
    books.check()


def test_what_was_paid_anew_after_the_closing_is_paid_beside_it(books: Books, folder: Folder) -> None:
    """After the closing a manager paid 100.01 by transfer; the older file tells 100.01 more: 2.02 beyond the 198.00."""
    wish = clicked(books, folder, sold(NUMBER, ("TS-L", 1, 19800)), 10001)
    take(books, listed(folder, replace(wish, status=CLOSED, finished_at=None), 11))
    see_each(books, MANAGER)
    case = str(books.value("SELECT number FROM cases"))
    books.do(decisions.reopen, case, because="买家又要了", by=MANAGER)
    books.do(decisions.approve, case, by=MANAGER)
    anew = books.do(payouts.refund, case, waive=["closed_there"], because="买家收款卡已换", by=MANAGER)
    books.do(payout_steps.step, anew.number, "confirm", by=MANAGER)
    take(books, listed(folder, replace(wish, status=SUCCEEDED, finished_at=PAID), 10))
    assert books.rows("SELECT method, minor FROM payouts WHERE state = 'confirmed' ORDER BY id") == [
        ("transfer", 10001), ("original", 10001),
    ]  # fmt: skip
    assert books.value("SELECT SUM(minor) FROM payout_parts WHERE purpose = 'over'") == 202
    assert {"over", "paid_and_closed"} <= {asked[1] for asked in questions(books)}
    books.check()


@pytest.mark.parametrize("status", ["换货成功", SUCCEEDED], ids=["exchange", "nothing paid"])
def test_an_older_end_without_money_stays_overtaken(books: Books, folder: Folder, status: str) -> None:
    books.hire()
    order = sold(NUMBER, ("TS-L", 1, 19800))
    wish = asked_back("31", order, 0, kind="换货", status=REQUESTED)
    take(books, *folder.both(order), folder.refunds(wish))
    take(books, listed(folder, replace(wish, status=CLOSED, finished_at=None), 11))
    paid = listed(folder, replace(wish, status=status, finished_at=PAID), 10, "older")
    os.utime(paid, (paid.stat().st_mtime,) * 2)
    assert take_one(books, paid).unchanged == 1
    assert ended(books) == ("closed", [], [])
