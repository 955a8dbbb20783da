"""拣货单：按货位列出现在能发的；等退货的、已撤的另说。"""

from __future__ import annotations

import pytest

from retcli.actions.cases import changes, decisions
from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.shipments import pick_list
from retcli.actions.warehouse.stocktakes import posting, takes
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from retcli.views.warehouse.pick_lists import PickListView
from tests.actions.warehouse.shipments.test_leaving import BACK, ONE, OUT, THREE, TWO, resend
from tests.shopfloor import FINANCE, MANAGER, WAREHOUSE, Books
from tests.views.drawn import shown
from tests.warehouse import Table


@pytest.fixture
def shop(books: Books) -> Books:
    books.hire()
    for sku in ("CUP", "MUG"):
        books.product(sku, price=5990)
    return books


def shelved(books: Books, sku: str, pieces: int, place: str) -> None:
    """Somebody counts an article at a place."""
    books.later(minutes=1)
    books.do(takes.count, sku, pieces, at_place=place, by=WAREHOUSE)
    books.do(posting.post, by=MANAGER)
    books.later(minutes=1)


def told(books: Books) -> PickListView:
    return books.do(pick_list.show, by=WAREHOUSE)


def test_by_place_each_with_its_case_and_whether_it_is_kept(shop: Books) -> None:
    """B-01 的杯子只有 1 件：先同意的占住，后同意的写明没有库存；A-03 的马克杯排在前面。"""
    shelved(shop, "CUP", 1, "B-01")
    shelved(shop, "MUG", 5, "A-03")
    first, second, third = resend(shop, ONE), resend(shop, TWO), resend(shop, THREE, "MUG", 1)
    view = told(shop)
    assert [(x.places, x.sku, x.pieces, x.case, x.kept) for x in view.lines] == [
        (("A-03",), "MUG", 1, third, True),
        (("B-01",), "CUP", 1, first, True),
        (("B-01",), "CUP", 1, second, False),
    ]
    assert view.lines[2].attention() == "not in stock"
    shop.do(decisions.ship, first, waybill=OUT, by=WAREHOUSE)
    assert first not in {line.case for line in told(shop).lines}


def test_what_nobody_counts_has_no_place_and_is_neither_kept_nor_missing(shop: Books) -> None:
    case = resend(shop)
    (line,) = told(shop).lines
    assert (line.places, line.case, line.kept, line.attention()) == ((), case, None, "")


def test_an_exchange_waits_for_what_comes_back(shop: Books) -> None:
    """换货：退回的验过才进拣货单。"""
    shop.order(ONE, ("CUP", 1, 5990))
    case = shop.do(decisions.open_case, ONE, kind=Kind.EXCHANGE, reason="W_WRONG", want=["MUG"]).number
    shop.do(decisions.approve, case, by=MANAGER)
    shop.do(parcels.expect_by_hand, case, BACK)
    assert (told(shop).lines, told(shop).waiting) == ((), 1)
    Table(shop).scan(BACK, "RCMDA", "CUP", "RCMDEND")
    assert [(line.sku, line.case) for line in told(shop).lines] == [("MUG", case)]
    assert told(shop).waiting == 0


def test_what_was_turned_down_since_must_not_be_sent(shop: Books) -> None:
    case = resend(shop)
    shop.do(decisions.withdraw, case, by=MANAGER)
    assert [(each.case, each.sku, each.decision) for each in told(shop).not_to_send] == [(case, "CUP", "withdrawn")]
    shop.later(days=2)
    assert told(shop).not_to_send == ()


def test_what_is_free_is_not_missing_though_nobody_kept_it(shop: Books) -> None:
    """同意时没有库存，后来盘到了：没占用，也不缺货。"""
    shelved(shop, "CUP", 1, "B-01")
    resend(shop, ONE)
    second = resend(shop, TWO)
    third = resend(shop, THREE)
    shelved(shop, "CUP", 2, "B-01")
    assert [(x.case, x.kept, x.lacking) for x in told(shop).lines][1:] == [(second, False, False), (third, False, True)]


def test_other_goods_took_the_place_of_those_on_an_old_list(shop: Books) -> None:
    """换成同价的别的款：原来那款不要再发。"""
    shop.product("TEA", price=5990)
    shop.order(ONE, ("CUP", 1, 5990))
    case = shop.do(decisions.open_case, ONE, kind=Kind.EXCHANGE, reason="W_WRONG", want=["MUG"]).number
    shop.do(decisions.approve, case, by=MANAGER)
    shop.do(changes.change, case, want=["TEA"], because="买家换了主意", by=MANAGER)
    (undone,) = told(shop).not_to_send
    assert undone.sentence() == f"Do not send: {case} MUG ×1, other goods go"
    shop.later(days=2)
    assert told(shop).not_to_send == ()


def test_the_buyers_remark_and_a_gift_are_told(shop: Books) -> None:
    shop.order(ONE, ("CUP", 1, 5990), ("MUG", 1, 0), buyer_remark="请用礼盒")
    case = shop.do(decisions.open_case, ONE, kind=Kind.RESEND, reason="W_SHORT", lines=["MUG=1"]).number
    shop.do(decisions.approve, case, by=MANAGER)
    (line,) = told(shop).lines
    assert (line.gift, line.remark) == (True, "请用礼盒")
    assert "请用礼盒" in line.attention()


def test_finance_picks_nothing(shop: Books) -> None:
    with pytest.raises(Refused):
        shop.do(pick_list.show, by=FINANCE)


def test_it_is_read_in_one_look(shop: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    """八十列：货位、款、件数、单号；缺货的、赠品和留言黄字，不要再发的红字。"""
    shelved(shop, "CUP", 1, "B-01")
    shop.order("2850000000000000050", ("CUP", 1, 5990), buyer_remark="请用礼盒")
    gone = resend(shop, THREE, "MUG")
    shop.do(decisions.withdraw, gone, by=MANAGER)
    case = shop.do(decisions.open_case, "2850000000000000050", kind=Kind.RESEND, reason="L_LOST").number
    shop.do(decisions.approve, case, by=MANAGER)
    second = resend(shop, ONE)
    monkeypatch.setenv("RETCLI_NOW", shop.at.isoformat())
    words = ["--db", shop.database, "--operator", WAREHOUSE, "--lang", "zh", "pick", "list"]
    drawn = shown(words, lambda text: text)
    lines = [line.split() for line in drawn.texts["80"].splitlines() if "─" not in line]
    assert lines == [
        ["货位", "SKU", "件数", "售后单", "名称"],
        ["B-01", "CUP", "1", case, "商品CUP"],
        ["B-01", "CUP", "1", second, "商品CUP"],
        [case, "CUP", "请用礼盒"],
        [second, "CUP", "没有库存"],
        [f"不要发：{gone}", "MUG", "×1，已撤销"],
        ["下一步：retcli", "case", "ship", case, "--waybill", "‹运单号›"],
    ]
    assert {colour for colour, text in drawn.coloured() if gone in text} == {"red"}
