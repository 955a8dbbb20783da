"""What the notes say of refunds whose amounts differ: what is counted, and how far apart both sides are each way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from retcli.actions.cases import decisions, platform_list
from retcli.rules.money.minor_units import Money
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import MANAGER, Books, shanghai
from tests.workbooks import workbook

PAID = {"2850000000000000981": 7300, "2850000000000000982": 8500, "2850000000000000983": 6900}
"""By order of 100.00, of which 79.00 were agreed to and clicked, what the platform paid."""
NAME = "of which paid by the platform otherwise: D3 amounts differ"


def notes(books: Books) -> dict[str, tuple[Any, ...]]:
    """Count, amount and explanation of each line of the notes."""
    return {str(row[0]): tuple(row[1:]) for row in workbook(books)["Notes"].rows}


def test_the_line_on_d3_says_what_it_counts(sqlite_books: Books, folder: Folder) -> None:
    """6.00 and 10.00 less, 6.00 more: together 10.00 less. Written down were 73.00 and 69.00 in place of ours, and the
    6.00 beside the 79.00 that the platform confirmed.
    """
    books = sqlite_books
    books.hire()
    orders = [unsent(sold(number, ("TS-L", 1, 10000))) for number in PAID]
    facts: dict[str, Any] = {"kind": "仅退款", "status": REQUESTED, "goods": "买家未收到货"}
    wishes = [asked_back(f"R{place}", order, 7900, **facts) for place, order in enumerate(orders)]
    take(books, *folder.both(*orders), folder.refunds(*wishes))
    books.at = shanghai("2026-11-07 12:00")
    for wish in wishes:
        books.do(decisions.approve, wish.number, by=MANAGER)
        books.do(platform_list.done, [wish.number], by=MANAGER)
    books.at = shanghai("2026-11-09 12:00")
    finished = shanghai("2026-11-08 10:00").replace(tzinfo=None)
    there = [replace(wish, amount=minor, status=SUCCEEDED, finished_at=finished)
             for wish, minor in zip(wishes, PAID.values(), strict=True)]  # fmt: skip
    take(books, folder.refunds(*there))
    told = notes(books)
    assert told[NAME][:2] == (3, Money(7300 + 600 + 6900, "CNY"))
    assert told[NAME][2].endswith("; without what of ours it confirmed; not the difference")
    count, apart, text = told["D3 amounts differ"]
    assert (count, apart) == (3, Money(1000, "CNY"))
    assert text.endswith("; 2 paid less there, by 16.00; 1 paid more there, by 6.00")
