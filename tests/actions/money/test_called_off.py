"""What never left is called off (已作废) wherever it is shown; what a person says failed was tried."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.money import payout_steps, payouts
from retcli.rules.lifecycles import Kind
from tests.actions.money.test_open_payouts import drawn
from tests.reports import CLOSED, REQUESTED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import MANAGER, Books, shanghai
from tests.workbooks import cells, workbook

ORDER = "2850000000000000871"


def agreed(books: Books, folder: Folder) -> Any:
    """100.00 applied for and agreed to by the manager: a payout by the original route."""
    books.hire()
    bought = unsent(sold(ORDER, ("TS-L", 1, 10000)))
    wish = asked_back("31", bought, 10000, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(bought), folder.refunds(wish))
    books.at = shanghai("2026-11-07 12:00")
    books.do(decisions.approve, "31", by=MANAGER)
    return wish


def shown(books: Books, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """How the failed payout stands in the list, and its line of the history."""
    (payout,) = books.do(payouts.list_payouts, state="failed").payouts
    history = drawn(books.do(case_cards.show, payout.case, history=True), capsys)
    lines = [line for line in history.splitlines() if payout.number in line and "100.00" not in line]
    return payout.standing, lines[-1].rsplit(": ", 1)[1].split(" (")[0]


@pytest.mark.parametrize("how", ["applied anew", "closed", "rejected", "clicked and closed"])
def test_what_never_left_is_called_off(
    sqlite_books: Books, folder: Folder, capsys: pytest.CaptureFixture[str], how: str
) -> None:
    books = sqlite_books
    wish = agreed(books, folder)
    if how == "clicked and closed":
        books.do(platform_list.done, ["31"], by=MANAGER)
    books.at = shanghai("2026-11-08 12:00")
    if how == "rejected":
        books.do(decisions.reject, "31", because="no", by=MANAGER)
    elif how == "applied anew":
        take(books, folder.refunds(replace(wish, amount=6000)))
    else:
        ended = shanghai("2026-11-08 10:00").replace(tzinfo=None)
        take(books, folder.refunds(replace(wish, status=CLOSED, finished_at=ended)))
    assert shown(books, capsys) == ("called off", "called off")
    if how == "clicked and closed":
        assert cells(workbook(books)["Differences"], "Class", "Payout state at the export") == [
            ("D7 states differ", "called off")
        ]


@pytest.mark.parametrize("state", ["due", "sent", "unknown"])
def test_what_a_person_says_failed_was_tried(
    sqlite_books: Books, capsys: pytest.CaptureFixture[str], state: str
) -> None:
    books = sqlite_books
    books.hire()
    books.order(ORDER, ("TS-L", 1, 10000), shipped=False, signed_at=None)
    case = books.do(decisions.open_case, ORDER, kind=Kind.REFUND_ONLY, reason="S_OOS").number
    books.do(decisions.approve, case, by=MANAGER)
    number = books.do(payouts.refund, case, by=MANAGER).number
    for move in {"due": (), "sent": ("send",), "unknown": ("send", "lose")}[state]:
        books.do(payout_steps.step, number, move, by=MANAGER)
    books.do(payout_steps.step, number, "fail", because="没实名", by=MANAGER)
    assert shown(books, capsys) == ("failed", "failed")


def test_a_click_that_failed_by_a_managers_word_was_tried(
    sqlite_books: Books, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    books = sqlite_books
    agreed(books, folder)
    books.do(platform_list.done, ["31"], by=MANAGER)
    number = str(books.value("SELECT number FROM payouts"))
    books.do(payout_steps.step, number, "fail", waive=["clicked_there"], because="平台退款失败", by=MANAGER)
    assert shown(books, capsys) == ("failed", "failed")
