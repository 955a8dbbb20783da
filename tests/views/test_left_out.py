"""Lists that are cut say what they leave out, and no line says the same number twice."""

from datetime import timedelta

import pytest

from retcli.actions.cases import decisions
from retcli.actions.money import payouts
from retcli.rules.lifecycles import Kind
from tests.shopfloor import Books
from tests.terminal import Desk


def opened(books: Books, cases: int) -> list[str]:
    """So many refunds of orders that were not sent."""
    orders = [books.order(f"285000000000000{n:04}", ("CUP", 1, 1000), shipped=False) for n in range(cases)]
    return [books.do(decisions.open_case, order, kind=Kind.REFUND_ONLY, reason="B_MIND").number for order in orders]


@pytest.mark.parametrize(("cases", "left_out"), [(30, ""), (33, "3 more: retcli case list")])
def test_today_says_how_many_cases_it_leaves_out(sqlite_books: Books, cases: int, left_out: str) -> None:
    opened(sqlite_books, cases)
    drawn = Desk(sqlite_books.database, at=sqlite_books.at).type("today").out
    assert f"{cases} cases" in drawn
    assert [line for line in drawn.splitlines() if " more: " in line] == ([left_out] if left_out else [])


def test_what_is_stopped_in_a_group_names_its_case_once(sqlite_books: Books) -> None:
    books = sqlite_books
    (case,) = opened(books, 1)
    books.do(decisions.approve, case)
    payout = books.do(payouts.refund, case).number
    books.do(payouts.step, payout, "confirm")
    books.do(payouts.reverse, payout, because="退回来了")
    books.later(**{"days": timedelta(days=1).days})
    drawn = Desk(books.database, at=books.at).type("pay", "refund", "--all-due", "--dry-run").out
    assert all(line.partition("retcli")[0].count(case) < 2 for line in drawn.splitlines()), drawn
