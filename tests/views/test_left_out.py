"""Lists that are cut say what they leave out, and no line says the same number twice."""

import pytest

from retcli.actions.cases import decisions
from retcli.actions.warehouse import inspection
from retcli.rules.lifecycles import Kind
from tests.shopfloor import Books
from tests.terminal import Desk
from tests.warehouse import returning


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
    """退回来是 D：成批打款停下这一单，一行里只写一次单号。"""
    books = sqlite_books
    case = returning(books, "2850000000000000061", ("CUP", 1, 1000), waybill="YT5260493176849")
    books.do(inspection.inspect, case, [inspection.parse_item("CUP=1:D")])
    drawn = Desk(books.database, at=books.at).type("pay", "refund", "--all-due", "--dry-run").out.splitlines()
    (line,) = (each for each in drawn if "is not as it was sent" in each)
    assert line.count(case) == 1
