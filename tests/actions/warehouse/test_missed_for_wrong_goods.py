"""A refund that was said to be clicked, and whose goods turned out to be none of its order: once the platform's list
shows that it waits still, its money is here and stays here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from fixtures.model import Refund
from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.money import payouts
from retcli.actions.warehouse import inspection
from retcli.errors import NotFound
from retcli.language import speaking
from tests.reports import REQUESTED, Folder, asked_back, sold, take
from tests.shopfloor import MANAGER, WAREHOUSE, Books
from tests.warehouse import Table

ONE, OUT, BACK = "2850000000000000061", "YT5260493176849", "YT1252110038258"
SENT_BACK = "买家已经退货，等待卖家确认收货"


@pytest.fixture
def shelf(books: Books) -> Books:
    books.hire()
    for barcode, sku in enumerate(("CUP", "MUG")):
        books.product(sku, barcode=f"690123456789{barcode}")
    return books


def refund_alone(books: Books, folder: Folder) -> Refund:
    """A refund alone of 59.90 that was clicked; the parcel turned round with a mug in the cup's place."""
    bought = sold(ONE, ("CUP", 1, 5990), waybill=OUT, confirmed_at=None, status="卖家已发货，等待买家确认")
    wish = asked_back("R1", bought, 5990, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(bought), folder.refunds(wish))
    books.do(decisions.approve, "R1", by=MANAGER)
    books.do(platform_list.done, ["R1"], by=MANAGER)
    Table(books).scan(OUT, "RCMDA", "MUG")
    return wish


def return_regraded(books: Books, folder: Folder) -> Refund:
    """A return of 59.90 that was clicked; its cup was graded X afterwards."""
    bought = sold(ONE, ("CUP", 1, 5990))
    wish = asked_back("R1", bought, 5990, status=SENT_BACK, waybill=BACK)
    take(books, *folder.both(bought), folder.refunds(wish))
    Table(books).scan(BACK, "RCMDA", "CUP")
    books.do(payouts.refund, "R1", by=MANAGER)
    books.do(platform_list.done, ["R1"], by=MANAGER)
    books.do(inspection.inspect, BACK, [inspection.parse_item("CUP=1:X")], regrade=True, by=WAREHOUSE)
    return wish


@pytest.mark.parametrize("begin", [refund_alone, return_regraded])
def test_money_that_is_still_here_is_not_sent_for_goods_of_another_order(
    shelf: Books, folder: Folder, begin: Callable[[Books, Folder], Refund]
) -> None:
    """点过、货不对、平台说还在等：打款作废，待点里是“先别点”，不再叫人去点 59.90。"""
    wish = begin(shelf, folder)
    assert shelf.do(case_cards.show, "R1").stage == "to_recover"
    take(shelf, folder.refunds(replace(wish, note="等了很久")))
    assert shelf.rows("SELECT state FROM payouts") == [("failed",)]
    view, todo = shelf.do(case_cards.show, "R1"), shelf.do(platform_list.todo)
    assert view.stage == "goods_lacking"
    assert view.next.splitlines()[-1] == f"retcli case reject {view.number} --because TEXT"
    assert todo.items == ()
    [held] = todo.held
    with speaking("zh_CN"):
        assert held.sentence().startswith(f"{view.number} 先别点")
        assert "退回的货不全是本单的" in held.sentence()
    assert held.next == f"retcli case reject {view.number} --because TEXT"
    with pytest.raises(NotFound):
        shelf.do(platform_list.done, ["R1"], by=MANAGER)
    shelf.check()
