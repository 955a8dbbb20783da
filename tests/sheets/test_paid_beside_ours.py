"""What a platform paid by itself beside a refund of ours: too much only where it exceeds what was agreed to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from retcli.actions.cases import decisions
from retcli.actions.money import payouts
from retcli.actions.warehouse.inspection import inspect, parse_item
from tests.reports import SUCCEEDED, Folder, asked_back, sold, take
from tests.shopfloor import MANAGER, WAREHOUSE, Books
from tests.workbooks import cells, workbook

ORDER, BACK = "2850000000000000951", "YT1252110038951"
SENT_BACK = "买家已经退货，等待卖家确认收货"


def told(books: Books) -> dict[int, str]:
    """How each sum of the month's details came about, by fen."""
    rows = cells(workbook(books)["Details"], "In all", "How it came about")
    return {row[0].minor: str(row[1]) for row in rows if row[0] is not None}


@pytest.mark.parametrize(
    ("there", "rest", "text"),
    [
        (11980, 5990, "the rest of what was agreed to, paid by the platform by itself: 59.90"),
        (12980, 6990, "paid by the platform: 69.90, of it 10.00 above what was agreed to"),
    ],
)
def test_money_ahead_of_the_goods_is_not_too_much(
    sqlite_books: Books, folder: Folder, there: int, rest: int, text: str
) -> None:
    """119.80 agreed to for two cups, 59.90 let go for the one that is here; the platform pays 119.80 while the other is
    on its way (极速退款), or 129.80 with the freight out.
    """
    books = sqlite_books
    books.hire()
    books.product("CUP")
    bought = sold(ORDER, ("CUP", 2, 11980), freight=1000)
    take(books, *folder.both(bought))
    books.later(days=1)
    now = books.at.replace(tzinfo=None)
    facts: dict[str, Any] = {"waybill": BACK, "quantity": 2, "applied_at": now - timedelta(hours=2)}
    wish = asked_back("R1", bought, 11980, status=SENT_BACK, **facts)
    take(books, folder.refunds(wish))
    if books.value("SELECT decision FROM cases") != "approved":
        books.do(decisions.approve, "R1", by=MANAGER)
    books.do(inspect, "R1", [parse_item("CUP=1:A")], by=WAREHOUSE)
    books.do(payouts.refund, "R1", by=MANAGER)
    books.later(hours=3)
    finished = books.at.replace(tzinfo=None) - timedelta(hours=1)
    take(books, folder.refunds(replace(wish, amount=there, status=SUCCEEDED, finished_at=finished)))
    assert books.rows("SELECT minor, origin, state FROM payouts ORDER BY id") == [
        (5990, "own", "confirmed"),
        (rest, "platform", "confirmed"),
    ]
    assert told(books)[rest] == text
    books.check()
