"""Money on lines of which no piece is in the case: the case's own is told apart from what the platform paid beside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retcli.actions.cases import case_cards, decisions
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse.inspection import inspect, parse_item
from tests.actions.money.test_open_payouts import drawn
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, sold, take
from tests.shopfloor import MANAGER, WAREHOUSE, Books, shanghai
from tests.warehouse import returning

ORDER, BACK = "2850000000000000961", "YT1252110038961"
BESIDE = "of this line the platform paid as well"


def test_pieces_that_were_given_up_are_the_case_s_own(sqlite_books: Books, capsys: pytest.CaptureFixture[str]) -> None:
    """A cup for 50.00 and a mug for 40.00, both paid before they are back; the mug never comes and is given up."""
    books = sqlite_books
    books.hire()
    for sku in ("CUP", "MUG"):
        books.product(sku)
    case = returning(books, ORDER, ("CUP", 1, 5000), ("MUG", 1, 4000), waybill=BACK)
    payout = books.do(payouts.refund, case, waive=["goods_first"], because="老客户", by=MANAGER).number
    for move in ("send", "confirm"):
        books.do(payout_steps.step, payout, move, by=MANAGER)
    books.do(inspect, case, [parse_item("CUP=1:A")], by=WAREHOUSE)
    books.do(decisions.finish, case, because="找不到了", by=MANAGER)
    text = drawn(books.do(case_cards.explain, case), capsys)
    assert "  MUG 商品MUG: agreed to on this line, of which no piece counts in the case now 40.00\n" in text
    assert BESIDE not in text
    books.check()


def test_a_price_cut_takes_no_pieces_and_is_not_money_of_another_line(
    sqlite_books: Books, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """One cup for 50.00, which another refund takes; of the price cut 10.00 were agreed to, and 12.00 paid there."""
    books = sqlite_books
    books.hire()
    order = sold(ORDER, ("CUP", 1, 5000))
    whole = asked_back("R1", order, 3000, status=REQUESTED)
    cut = asked_back("R2", order, 1000, kind="仅退款", status=REQUESTED)
    take(books, *folder.both(order), folder.refunds(whole, cut))
    books.at = shanghai("2026-11-10 09:00")
    books.do(decisions.approve, "R2", by=MANAGER, waive=[], because="x")
    finished = shanghai("2026-11-10 10:00").replace(tzinfo=None)
    books.at = shanghai("2026-11-10 12:00")
    take(books, folder.refunds(replace(cut, amount=1200, status=SUCCEEDED, finished_at=finished)))
    text = drawn(books.do(case_cards.explain, "R2"), capsys)
    assert BESIDE not in text
    assert "CUP 商品CUP: paid by the platform above what was agreed to on this line 2.00" in text
