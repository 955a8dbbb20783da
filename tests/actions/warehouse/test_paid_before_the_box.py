"""Returns that the platform paid before their box was here: what lacks in the box is told when it is opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from retcli.actions.cases import case_cards, decisions, queue
from retcli.actions.insight import today
from retcli.actions.warehouse.parcels import list_parcels
from tests.reports import SUCCEEDED, Folder, asked_back, sold, take
from tests.shopfloor import MANAGER, Books, shanghai
from tests.warehouse import Table

ONE, BACK = "2850000000000000061", "YT1252110038258"
SENT_BACK = "买家已经退货，等待卖家确认收货"


@pytest.fixture
def table(books: Books, folder: Folder) -> Table:
    """The table of a shop with a return of two cups, 119.80, that the platform paid while its box was under way."""
    books.hire()
    for barcode, sku in enumerate(("CUP", "MUG")):
        books.product(sku, barcode=f"690123456789{barcode}")
    bought = sold(ONE, ("CUP", 2, 11980))
    wish = asked_back("R1", bought, 11980, status=SENT_BACK, waybill=BACK, quantity=2)
    take(books, *folder.both(bought), folder.refunds(wish))
    books.at = shanghai("2026-11-11 09:00")
    paid = replace(wish, status=SUCCEEDED, finished_at=wish.applied_at + timedelta(days=4))
    take(books, folder.refunds(paid))
    assert books.do(case_cards.show, "R1").stage == "finished"
    return Table(books)


def filing(books: Books) -> str:
    return str(books.value("SELECT filing FROM cases"))


def without_goods(books: Books) -> tuple[int, int]:
    """How many cases were paid without goods, and the sum of it in fen; the list of cases tells of just as many."""
    told = books.do(today.today).without_goods
    listed = books.do(queue.list_cases, without_goods=True).cases
    assert len(listed) == told.count
    return told.count, sum(money.minor for money in told.money)


def test_until_the_box_is_here_all_of_it_is_out(table: Table) -> None:
    assert without_goods(table.books) == (1, 11980)


def test_an_empty_box_opens_the_case_again(table: Table) -> None:
    """空盒：售后单重新打开，119.80 仍在“已退款没收到货”里。"""
    books = table.books
    table.scan(BACK, "RCMDNEXT")
    view = books.do(case_cards.show, "R1")
    assert (filing(books), view.stage in {"to_inspect", "goods_lacking"}) == ("open", True)
    assert without_goods(books) == (1, 11980)
    assert [item.case for item in books.do(today.today).items] == [view.number]
    books.do(decisions.finish, "R1", because="空盒，算了", by=MANAGER)
    assert without_goods(books) == (0, 0)
    books.check()


def test_a_foreign_piece_is_said_at_the_table_with_the_sum(table: Table) -> None:
    """来的是马克杯：停，119.80 待追回，售后单重新打开。"""
    books = table.books
    *_others, said = table.scan(BACK, "RCMDA", "MUG")
    view = books.do(case_cards.show, "R1")
    out = f"119.80 of {view.number} is out already, to be claimed back: retcli case show {view.number}"
    assert said.message.endswith(out)
    assert (filing(books), view.stage) == ("open", "to_recover")
    assert without_goods(books) == (1, 11980)
    books.check()


def test_one_of_two_pieces_owes_the_other(table: Table) -> None:
    """两个杯子来了一个：59.90 待追回。"""
    books = table.books
    table.scan(BACK, "RCMDA", "CUP", "RCMDEND")
    view = books.do(case_cards.show, "R1")
    assert (filing(books), view.stage) == ("open", "to_recover")
    payout = books.value("SELECT number FROM payouts")
    assert view.next.splitlines() == [
        f"retcli pay reverse {payout} --because TEXT",
        f"retcli case finish {view.number} --because TEXT",
    ]
    assert without_goods(books) == (1, 5990)
    books.check()


def test_all_pieces_finish_the_case_again(table: Table) -> None:
    """两个都来了：入库，售后单自动完结，没有货没回来。"""
    books = table.books
    table.scan(BACK, "CUP")
    assert filing(books) == "open"
    table.scan("RCMDA", "CUP", "CUP", "RCMDEND")
    assert books.do(list_parcels).parcels[0].state == "inspected"
    assert books.do(case_cards.show, "R1").stage == "finished"
    assert without_goods(books) == (0, 0)
    books.check()
