"""A click that was said to be made and was not is asked for again: the platform's next list still waits for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fixtures.model import Refund
from retcli.actions.cases import decisions, platform_list
from retcli.actions.warehouse import inspection
from retcli.platforms import awaits_receipt
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, sold, take
from tests.shopfloor import MANAGER, WAREHOUSE, Books

AGREED, ON_ITS_WAY = "卖家已经同意退款，等待买家退货", "买家已经退货，等待卖家确认收货"


@pytest.fixture
def wish(books: Books, folder: Folder) -> Refund:
    """A return of 59.90 that the buyer sent; agreed to, its piece is back and in order, the click that pays waits."""
    books.hire()
    bought = sold("2850000000000000955", ("CUP-500", 1, 5990))
    asked = asked_back("R955002", bought, 5990, status=REQUESTED)
    take(books, *folder.both(bought), folder.refunds(asked))
    books.do(decisions.approve, "R955002", waive=["window"], because="seen", by=MANAGER)
    books.do(platform_list.done, ["R955002"], by=MANAGER)
    sent = replace(asked, status=ON_ITS_WAY, waybill="YT8812345695502")
    take(books, folder.refunds(sent))
    books.do(inspection.inspect, "R955002", [inspection.parse_item("CUP-500=1:A")], by=WAREHOUSE)
    return sent


def to_click(books: Books) -> list[tuple[str, int, int]]:
    return [(item.action, item.money.minor, item.missed) for item in books.do(platform_list.todo).items]


def paying(books: Books) -> list[tuple[str, str]]:
    query = "SELECT a.state, p.state FROM platform_actions a JOIN payouts p ON p.case_id = a.case_id"
    return [tuple(row) for row in books.rows(f"{query} WHERE a.action = 'confirm_receipt' ORDER BY a.id")]


@pytest.mark.parametrize("status", [ON_ITS_WAY, AGREED])
def test_a_receipt_that_the_platform_still_waits_for_is_clicked_again(
    books: Books, folder: Folder, wish: Refund, status: str
) -> None:
    """59.90 were marked as clicked, and the next list says that nothing was confirmed there."""
    assert to_click(books) == [("confirm_receipt", 5990, 0)]
    books.do(platform_list.done, ["R955002"], by=MANAGER)
    assert to_click(books) == []
    take(books, folder.refunds(replace(wish, status=status, note="still waits")))
    assert to_click(books) == [("confirm_receipt", 5990, 1)]
    assert paying(books) == [("todo", "due")]
    books.do(platform_list.done, ["R955002"], by=MANAGER)
    take(books, folder.refunds(replace(wish, status=SUCCEEDED, finished_at=wish.applied_at)))
    assert (to_click(books), paying(books)) == ([], [("verified", "confirmed")])
    books.check()


def test_a_receipt_clicked_there_and_not_here_waits_as_before(books: Books, folder: Folder, wish: Refund) -> None:
    """What nobody marked is not counted as missed."""
    take(books, folder.refunds(replace(wish, note="still waits")))
    assert to_click(books) == [("confirm_receipt", 5990, 0)]


@pytest.mark.parametrize(
    ("platform", "words", "waits"),
    [
        ("taobao", "买家已经退货，等待卖家确认收货", True),
        ("taobao", "买家已经退货, 等待卖家确认收货 ", True),
        ("kuaishou", "40", True),
        ("kuaishou", "卖家已经同意退款，等待系统执行退款", False),
        ("douyin", "待商家收货", True),
        ("douyin", "同意退款，退款中", False),
        ("wxshop", "MERCHANT_OVERDUE_REFUND", True),
        ("wxshop", "平台退款中", False),
        ("xhs", "待商家收货", True),
        ("xhs", "退款中", False),
        ("jst", "WAIT_SELLER_CONFIRM_GOODS", True),
        ("pdd", "商家同意退款，退款中", False),
        ("jd", "待退款", False),
    ],
)
def test_only_words_that_wait_for_the_shop_say_so(platform: str, words: str, waits: bool) -> None:
    """Money that is under way by the platform's own word was clicked, and is not asked for a second time."""
    assert awaits_receipt(platform, words) is waits
