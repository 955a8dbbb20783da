"""What a platform paid beyond an order and what we paid on it are taken back one after the other, in either order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from retcli.actions.money import payout_steps
from tests.reports import SUCCEEDED, Folder, clicked, see_each, sold, take
from tests.shopfloor import MANAGER, Books, shanghai

ORDER = sold("2850000000000000872", ("TS-L", 1, 10000))


@pytest.mark.parametrize("turn", ["ASC", "DESC"])
def test_each_payment_is_taken_back_as_it_stands(books: Books, folder: Folder, turn: str) -> None:
    """60.00 of ours and 60.00 more of the platform's on an order of 100.00: 20.00 are over. Where ours come back first,
    these 20.00 move into the order; then the 60.00 of the platform's are 60.00 of its goods.
    """
    wish = clicked(books, folder, ORDER, 6000)
    books.at = shanghai("2026-11-09 12:00")
    there = replace(wish, status=SUCCEEDED, amount=12000, finished_at=datetime(2026, 11, 8, 20))
    take(books, folder.refunds(there))
    see_each(books, MANAGER)
    standing = f"SELECT number FROM payouts WHERE state = 'confirmed' ORDER BY id {turn}"
    for (number,) in books.rows(standing):
        books.do(payout_steps.reverse, number, because="钱退回来了", by=MANAGER)
    assert books.value("SELECT SUM(minor) FROM payouts WHERE state <> 'failed'") == 0
    parts = "SELECT purpose, SUM(minor) FROM payout_parts GROUP BY purpose ORDER BY purpose"
    assert [tuple(row) for row in books.rows(parts)] == [("goods", 0), ("over", 0)]
    books.check()
