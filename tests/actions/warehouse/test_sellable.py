"""可售 = 上次盘点的数，减盘点后发走的，加盘点后判良品的；没盘过就是不知道，不是 0。"""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.cases import decisions
from retcli.actions.warehouse import stock_shown
from retcli.models import Case, Order, Replacement
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from retcli.views.base import View
from retcli.views.screen import Terminal
from tests.actions.imports.goods.test_stock_counts import counted
from tests.shopfloor import Books, shanghai
from tests.warehouse import Table, returning

BACK = "YT5260493176849"
SUNDAY = ("TS-L", "可售", 20, "2026-11-08 18:00")


def drawn(view: View) -> str:
    """What people read."""
    told = io.StringIO()
    view.draw(Terminal(told))
    return told.getvalue()


def shown(books: Books, sku: str = "TS-L") -> Any:
    """What is told of a product."""
    (row,) = [row for row in books.do(stock_shown.show).document()["stock"] if row["sku"] == sku]
    return row


def sent(books: Books, number: str, pieces: int, at: str, **columns: object) -> None:
    """An order that was sent at an instant."""
    books.order(number, ("TS-L", pieces, 1000 * pieces))
    change(books, number, shipped_at=shanghai(at) if at else None, **columns)


def change(books: Books, number: str, **columns: object) -> None:
    with opened(books.asked()) as shop:
        order = shop.session.scalars(sa.select(Order).where(col(Order.number) == number)).one()
        for name, value in columns.items():
            setattr(order, name, value)


@pytest.fixture
def shop(books: Books) -> Books:
    books.hire()
    books.product("TS-L")
    return books


def test_never_counted_is_unknown_and_not_none(shop: Books) -> None:
    """退回 1 件良品：库里多了 1 件，能卖几件没人知道。"""
    returning(shop, "2850000000000000801", ("TS-L", 1, 8000), waybill=BACK)
    Table(shop).scan(BACK, "RCMDA", "TS-L")
    row = shown(shop)
    assert (row["sellable"], row["for_sale"], row["as_of"]) == (1, None, None)
    assert "not counted, +1" in drawn(shop.do(stock_shown.show))


def test_sent_after_the_count_less_graded_after_it_more(shop: Books, tmp_path: Path) -> None:
    """20 件（周日 18:00），周日上午发的不减，周一发的 3 件减，周一判良品 1 件加：18 件。"""
    counted(shop, tmp_path, SUNDAY)
    sent(shop, "2850000000000000802", 5, "2026-11-08 10:00")
    sent(shop, "2850000000000000803", 3, "2026-11-09 08:00")
    returning(shop, "2850000000000000804", ("TS-L", 1, 8000), waybill=BACK)
    Table(shop).scan(BACK, "RCMDA", "TS-L")
    row = shown(shop)
    assert (row["sellable"], row["for_sale"]) == (21, 18)
    assert row["as_of"] == "2026-11-08T18:00:00+08:00"
    assert "18" in drawn(shop.do(stock_shown.show))
    shop.check()


def test_sent_without_a_time_counts_where_it_was_paid_after_the_count(shop: Books, tmp_path: Path) -> None:
    """表里没有发货时间：付款在盘点之后的一定是之后发的；付款在之前的，不知道，不减。"""
    counted(shop, tmp_path, SUNDAY)
    for number, paid_at, shipped in (("2", "2026-11-09 07:00", True), ("3", "2026-11-07 07:00", True),
                                     ("4", "2026-11-09 07:00", False)):  # fmt: skip
        sent(shop, f"285000000000000080{number}", 2, "", paid_at=shanghai(paid_at), shipped=shipped)
    assert shown(shop)["for_sale"] == 18
    ordered = {"5": shanghai("2026-11-09 06:00"), "6": shanghai("2026-11-07 06:00")}
    for number, at in ordered.items():  # 连付款时间也没有：下单在盘点之后的也是之后发的
        sent(shop, f"285000000000000080{number}", 3, "", paid_at=None, ordered_at=at, shipped=True)
    assert shown(shop)["for_sale"] == 15


@pytest.mark.parametrize(("kind", "left"), [(Kind.RESEND, 19), (Kind.REPAIR, 20)])
def test_what_was_sent_again_has_left_too_but_for_a_repaired_piece(
    shop: Books, tmp_path: Path, kind: Kind, left: int
) -> None:
    counted(shop, tmp_path, SUNDAY)
    shop.order("2850000000000000805", ("TS-L", 1, 8000))
    number = shop.do(decisions.open_case, "2850000000000000805", kind=kind, reason="L_DAMAGE").number
    with opened(shop.asked()) as opened_shop:
        case = opened_shop.session.scalars(sa.select(Case).where(col(Case.number) == number)).one()
        opened_shop.session.execute(sa.delete(Replacement).where(col(Replacement.case_id) == case.id))
        at: datetime = shanghai("2026-11-09 09:00")
        goods = Replacement(case_id=case.id or 0, sku="TS-L", quantity=1, state="shipped", waybill="X", shipped_at=at)
        opened_shop.add(goods)
    assert shown(shop)["for_sale"] == left


def test_counted_empty_is_shown_as_none_left(shop: Books, tmp_path: Path) -> None:
    """盘到 0 件也是盘过：0 件，不是未盘点。"""
    counted(shop, tmp_path, ("TS-L", "可售", 0, "2026-11-08 18:00"))
    assert shown(shop)["for_sale"] == 0


def test_the_last_count_is_the_one_that_counts(shop: Books, tmp_path: Path) -> None:
    """周日 20 件，周一早上又盘到 12 件：周日之后、周一之前发走的不再减第二次。"""
    counted(shop, tmp_path, SUNDAY)
    sent(shop, "2850000000000000806", 5, "2026-11-08 20:00")
    counted(shop, tmp_path, ("TS-L", "可售", 12, "2026-11-09 09:00"), name="周一.csv")
    assert shown(shop)["for_sale"] == 12
    sent(shop, "2850000000000000807", 2, "2026-11-09 10:00")
    assert shown(shop)["for_sale"] == 10


def test_each_product_is_counted_off_from_its_own_count(shop: Books, tmp_path: Path) -> None:
    """TS-L 周日盘的，CUP 周一才盘：周日晚上各发走 5 件，TS-L 减，CUP 盘到的数里早没有那 5 件了。"""
    shop.product("CUP")
    counted(shop, tmp_path, SUNDAY)
    counted(shop, tmp_path, ("CUP", "可售", 12, "2026-11-09 09:00"), name="周一.csv")
    shop.order("2850000000000000808", ("TS-L", 5, 5000), ("CUP", 5, 5000))
    change(shop, "2850000000000000808", shipped_at=shanghai("2026-11-08 20:00"))
    assert [shown(shop, sku)["for_sale"] for sku in ("TS-L", "CUP")] == [15, 12]
