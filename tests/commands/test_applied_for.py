"""A card says what was applied for and what is due where they differ, and why, before anybody decides."""

import pytest

from tests.reports import REQUESTED, Folder, asked_back, sold, take
from tests.shopfloor import Books
from tests.terminal import Desk

ORDER = "2850000000000000771"


def applied(books: Books, folder: Folder, kind: str, minor: int, reason: str) -> Desk:
    """A shirt for 59.00 and 10.00 of freight; the buyer applies for so much."""
    bought = sold(ORDER, ("TS-L", 1, 5900), freight=1000)
    take(
        books,
        *folder.both(bought),
        folder.refunds(asked_back("R1", bought, minor, kind=kind, status=REQUESTED, reason=reason)),
    )
    return Desk(books.database)


def line_of(desk: Desk, *words: str, typed: str = "") -> str:
    lines = desk.type(*words, typed=typed).out.splitlines()
    return " ".join(line.strip() for line in lines if "applied for" in line)


@pytest.mark.parametrize(
    ("kind", "minor", "reason", "said"),
    [
        ("退货退款", 6900, "7天无理由退换货", "69.00 applied for, 59.00 due; the freight of 10.00 does not go back"),
        ("换货", 6900, "质量问题", "69.00 applied for, 0.00 due; Exchange for the same goods: no money either way"),
        ("退货退款", 5900, "7天无理由退换货", ""),
        ("退货退款", 6900, "质量问题", ""),
    ],
)
def test_what_was_applied_for_stands_beside_what_is_due(
    sqlite_books: Books, folder: Folder, kind: str, minor: int, reason: str, said: str
) -> None:
    """Without a reason the freight stays: 59.00 of 69.00; for a fault all of it goes back."""
    desk = applied(sqlite_books, folder, kind, minor, reason)
    for told in (line_of(desk, "case", "show", "R1"), line_of(desk, "case", "review", typed="q")):
        assert said in told, told
        assert bool(told) == bool(said)


def test_once_decided_the_card_says_what_was_agreed(sqlite_books: Books, folder: Folder) -> None:
    desk = applied(sqlite_books, folder, "退货退款", 6900, "7天无理由退换货")
    desk.case("approve", "R1", "--amount", "59.00")
    assert line_of(desk, "case", "show", "R1") == ""
