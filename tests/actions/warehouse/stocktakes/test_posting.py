"""盘点：盲盘，按盘到那一刻的账面入账，差得多要另一个人复盘，撤销就和没盘过一样。"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from retcli.actions.cases import undoing
from retcli.actions.warehouse import stock_shown
from retcli.actions.warehouse.bench import scanning
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.pieces import stock as stocks
from retcli.actions.warehouse.stocktakes import posting, takes
from retcli.errors import NotFound, Refused
from retcli.models import Order
from retcli.rules.lifecycles import Bucket
from retcli.rules.warehouse.causes import Cause
from retcli.rules.warehouse.modes import COUNTING
from retcli.transaction import opened
from retcli.views.warehouse.scans import ScanView
from retcli.views.warehouse.stocktakes import StocktakeView
from tests.actions.imports.goods.test_stock_counts import counted
from tests.shopfloor import AGENT, MANAGER, OWNER, WAREHOUSE, Books, shanghai
from tests.warehouse import stock

CUP, PEN = ("CUP", "sellable"), ("PEN", "sellable")


@pytest.fixture
def shop(books: Books) -> Iterator[Books]:
    """A shop with nine cups and three pens that were counted on Sunday; its books are checked at the end."""
    books.hire()
    for sku, pieces in (("CUP", 9), ("PEN", 3)):
        books.product(sku)
        books.do(takes.count, sku, pieces, by=WAREHOUSE)
    books.do(posting.post, by=MANAGER)
    books.later(hours=1)
    yield books
    books.check()


def counting(books: Books, *codes: str, by: str = WAREHOUSE) -> list[ScanView]:
    """What is said to each code at a bench at which the stock is counted, a minute each."""
    bench, views = Bench(mode=COUNTING), []
    for code in codes:
        books.later(minutes=1)
        views.append(books.do(scanning.scan, bench, code, by=by))
    return views


def shelves(books: Books) -> dict[str, int]:
    """Where the cups were counted last."""
    (cup,) = books.do(stock_shown.show, "CUP").stock
    return dict(cup.places)


def moved(books: Books, sku: str, source: str, target: str, pieces: int) -> None:
    """Pieces that somebody moves meanwhile."""
    books.later(minutes=1)
    with opened(books.asked()) as shop:
        stocks.move(shop, sku, source, target, pieces, None, cause=Cause.FOUND)


def states(view: StocktakeView) -> dict[str, tuple[Any, ...]]:
    return {line.sku: (line.counted, line.state, line.book, line.difference) for line in view.lines}


def test_the_first_count_of_all_says_what_is_there(shop: Books) -> None:
    assert stock(shop) == {CUP: 9, PEN: 3}
    (cup, pen) = shop.do(stock_shown.show).document()["stock"]
    assert (cup["for_sale"], pen["for_sale"], cup["as_of"]) == (9, 3, "2026-11-09T12:00:00+08:00")


def test_scanned_blind_and_posted_by_who_may(shop: Books) -> None:
    """杯子扫 8 件（账面 9）、笔扫 2+2 件（账面 3）：入账前谁也看不到账面数；入账后少 1、多 1。"""
    views = counting(shop, *["CUP"] * 8, "PEN", "PEN", "RCMDQTY2", "PEN", "RCMDEND")
    assert [view.outcome for view in views[:8]] == ["counted"] * 8
    assert views[-2].result.sentence() == "PEN×2, 4 counted so far"
    blind = shop.do(takes.show, by=WAREHOUSE)
    assert states(blind) == {"CUP": (8, "counted", None, None), "PEN": (4, "counted", None, None)}
    assert stock(shop) == {CUP: 9, PEN: 3}
    for who in (WAREHOUSE, AGENT):
        with pytest.raises(Refused, match="may not post"):
            shop.do(posting.post, by=who)
    posted = shop.do(posting.post, by=MANAGER)
    assert states(posted) == {"CUP": (8, "posted", 9, -1), "PEN": (4, "posted", 3, 1)}
    assert (stock(shop), posted.state, posted.exit_code) == ({CUP: 8, PEN: 4}, "posted", 0)


@pytest.mark.parametrize(("source", "target", "after"), [("", "sellable", 10), ("sellable", "", 6)])
def test_what_moved_between_counting_and_posting_is_not_counted_twice(
    shop: Books, source: str, target: str, after: int
) -> None:
    """盘到 8 件（账面 9）后，进 2 件或出 2 件，再入账：8 + 2 = 10，8 − 2 = 6。"""
    counting(shop, *["CUP"] * 8)
    moved(shop, "CUP", source, target, 2)
    assert states(shop.do(posting.post, by=MANAGER)) == {"CUP": (8, "posted", 9, -1)}
    assert stock(shop)[CUP] == after


def test_moved_in_the_middle_of_its_count_it_is_counted_again(shop: Books) -> None:
    """扫了 4 件，上架 1 件，又扫 4 件：谁也说不清数的是哪些，重盘；同一个人也行。"""
    counting(shop, *["CUP"] * 4)
    moved(shop, "CUP", "", "sellable", 1)
    counting(shop, *["CUP"] * 4, "PEN", "PEN", "PEN")
    view = shop.do(posting.post, by=MANAGER)
    assert states(view) == {"CUP": (None, "moved", None, None), "PEN": (3, "posted", 3, 0)}
    assert (view.state, view.exit_code, stock(shop)) == ("open", 3, {CUP: 10, PEN: 3})
    counting(shop, *["CUP"] * 9)
    assert states(shop.do(posting.post, by=MANAGER))["CUP"] == (9, "posted", 10, -1)
    assert stock(shop) == {CUP: 9, PEN: 3}


def test_two_people_count_one_product_at_two_shelves(shop: Books) -> None:
    """两个人各数一个货位，5 + 3 件（第 4 件撤销了）：一张盘点单，合起来 8 件；stock show 说各在哪里。"""
    assert shelves(shop) == {"": 9}
    first = counting(shop, "RCMDSHELF", "A-01", *["CUP"] * 5)
    counting(shop, "RCMDSHELF", "B-02", *["CUP"] * 4, "RCMDUNDO", by=AGENT)
    assert shelves(shop) == {"": 9}, "nothing is posted yet"
    assert first[-1].result.sentence() == "CUP×1, 5 counted so far, at A-01"
    view = shop.do(posting.post, by=MANAGER)
    assert states(view) == {"CUP": (8, "posted", 9, -1)}
    assert (view.lines[0].places, view.counted_by) == (("A-01", "B-02"), (WAREHOUSE, AGENT))
    assert shelves(shop) == {"A-01": 5, "B-02": 3}
    shop.do(undoing.undo, by=MANAGER)
    assert shelves(shop) == {"": 9}


def test_beyond_the_limit_another_person_counts_again(shop: Books) -> None:
    """盘到 30 件，多 21 件：不入账；他自己再盘不收，换人盘到 28 件，入账 28。"""
    shop.do(takes.count, "CUP", 30, by=WAREHOUSE)
    view = shop.do(posting.post, by=MANAGER)
    assert (states(view), stock(shop)[CUP]) == ({"CUP": (None, "another", None, None)}, 9)
    with pytest.raises(Refused, match="somebody else counts it again"):
        shop.do(takes.count, "CUP", 30, by=WAREHOUSE)
    with pytest.raises(Refused, match="somebody else"):
        counting(shop, "CUP")
    with pytest.raises(Refused, match="is not to be counted again"):
        shop.do(takes.count, "PEN", 3, by=AGENT)
    with pytest.raises(Refused, match="Nothing was counted"):
        shop.do(posting.post, by=MANAGER)
    shop.do(takes.count, "CUP", 28, by=AGENT)
    assert states(shop.do(posting.post, by=MANAGER)) == {"CUP": (28, "posted", 9, 19)}
    assert stock(shop)[CUP] == 28


def test_what_was_sold_meanwhile_is_no_difference(shop: Books) -> None:
    """周日 9 件，卖了 8 件（订单表里已发货），盘到 1 件：账面差 8，其实不差。"""
    shop.do(takes.count, "CUP", 40, by=WAREHOUSE)
    shop.do(takes.drop, by=WAREHOUSE)
    shop.order("2850000000000000901", ("CUP", 8, 8000))
    with opened(shop.asked()) as books:
        books.session.get_one(Order, 1).shipped_at = shop.at + timedelta(minutes=5)
    shop.later(hours=1)
    assert shop.do(stock_shown.show, "CUP").stock[0].for_sale.pieces == 1  # type: ignore[union-attr]
    shop.do(takes.count, "CUP", 1, by=WAREHOUSE)
    assert states(shop.do(posting.post, by=MANAGER)) == {"CUP": (1, "posted", 9, -8)}
    assert shop.do(stock_shown.show, "CUP").stock[0].for_sale.pieces == 1  # type: ignore[union-attr]


def test_count_and_undo_is_as_if_nobody_had_counted(shop: Books) -> None:
    """入账再撤销：库存、可售、截至都回到原样；再入账还是同一个结果。"""
    before = stock(shop), shop.do(stock_shown.show).document()
    counting(shop, *["CUP"] * 8)
    shop.do(posting.post, by=MANAGER)
    shop.later(minutes=5)
    shop.do(undoing.undo, by=MANAGER)
    assert (stock(shop), shop.do(stock_shown.show).document()) == before
    assert states(shop.do(takes.show)) == {"CUP": (8, "counted", None, None)}
    shop.do(posting.post, by=MANAGER)
    assert stock(shop)[CUP] == 8
    shop.later(minutes=1)
    shop.do(undoing.undo, by=MANAGER)
    shop.do(undoing.undo, by=WAREHOUSE)
    assert states(shop.do(takes.show)) == {"CUP": (7, "counted", None, None)}


def test_what_stands_on_a_posting_keeps_it(shop: Books) -> None:
    """多盘出 1 件已经卖掉，或者之后又盘过：撤销不了，说清为什么。"""
    shop.do(takes.count, "CUP", 10, by=WAREHOUSE)
    shop.do(posting.post, by=MANAGER)
    moved(shop, "CUP", "sellable", "", 10)
    with pytest.raises(Refused, match="There are not 1 pieces"):
        shop.do(undoing.undo, by=MANAGER)
    shop.do(takes.count, "CUP", 0, by=WAREHOUSE)
    shop.do(posting.post, by=OWNER)
    with pytest.raises(Refused, match="counted again after it"):
        shop.do(undoing.undo, by=MANAGER)


def test_counted_after_a_posting_it_stays_too(shop: Books) -> None:
    """入账后要复盘的已经复盘了：先撤销复盘。"""
    shop.do(takes.count, "CUP", 30, by=WAREHOUSE)
    shop.do(posting.post, by=MANAGER)
    shop.do(takes.count, "CUP", 28, by=AGENT)
    with pytest.raises(Refused, match="went on after it"):
        shop.do(undoing.undo, by=MANAGER)
    shop.do(undoing.undo, by=AGENT)
    shop.do(undoing.undo, by=MANAGER)
    assert states(shop.do(takes.show)) == {"CUP": (30, "counted", None, None)}


def test_a_dropped_one_is_gone_on_with_by_undo(shop: Books) -> None:
    shop.do(takes.count, "CUP", 8, by=WAREHOUSE)
    shop.do(takes.drop, by=WAREHOUSE)
    assert shop.do(takes.show).state == "dropped"
    shop.do(undoing.undo, by=WAREHOUSE)
    assert states(shop.do(takes.show)) == {"CUP": (8, "counted", None, None)}


def test_undone_at_the_bench_one_by_one_and_over_rounds(shop: Books) -> None:
    views = counting(shop, "CUP", "PEN", "RCMDUNDO", "RCMDUNDO", "RCMDUNDO")
    assert [view.outcome for view in views[2:4]] == ["undone", "undone"]
    assert views[2].result.sentence() == "taken back: PEN×1, 0 counted so far"
    assert states(shop.do(takes.show)) == {}
    again = counting(shop, "CUP", "RCMDUNDO", "PEN", "RCMDEND")
    assert again[-1].result.sentence().startswith("the end; 1 products, 1 pieces")
    assert stock(shop) == {CUP: 9, PEN: 3}


def test_a_pieces_zero_is_a_number_too(shop: Books) -> None:
    shop.do(takes.count, "PEN", 0, by=WAREHOUSE)
    assert states(shop.do(posting.post, by=MANAGER)) == {"PEN": (0, "posted", 3, -3)}


def test_said_twice_the_last_number_counts(shop: Books) -> None:
    """`stock count SKU --pieces N` 说的是一共多少件，再说一遍就是改。"""
    shop.do(takes.count, "CUP", 5, by=WAREHOUSE)
    shop.do(takes.count, "CUP", 8, by=WAREHOUSE)
    assert states(shop.do(takes.show)) == {"CUP": (8, "counted", None, None)}


def test_each_stock_has_a_stocktake_of_its_own(shop: Books) -> None:
    moved(shop, "CUP", "", "defective", 4)
    shop.do(takes.count, "CUP", 3, bucket=Bucket.DEFECTIVE, by=WAREHOUSE)
    shop.do(takes.count, "CUP", 9, by=WAREHOUSE)
    shop.do(posting.post, bucket=Bucket.DEFECTIVE, by=MANAGER)
    assert stock(shop) == {CUP: 9, PEN: 3, ("CUP", "defective"): 3}


def test_only_pieces_are_read_while_the_stock_is_counted(shop: Books) -> None:
    """盘点时扫到运单号、等级：什么都不记，退件不会被收进来。"""
    views = counting(shop, "SF1444444444444", "RCMDA", "RCMDEMPTY", "NO-SUCH", "RCMDSHELF", "?", "RCMDCHECK")
    assert [view.outcome for view in views] == ["unknown"] * 4 + ["command", "unknown", "command"]
    assert shop.rows("SELECT number FROM parcels") == []
    with pytest.raises(NotFound):
        shop.do(takes.show, bucket=Bucket.REPAIR)


@pytest.mark.parametrize(("at", "left"), [("2026-11-09 13:30", 8), ("2026-11-09 12:30", 9)])
def test_another_count_in_between_has_it_counted_again(shop: Books, tmp_path: Path, at: str, left: int) -> None:
    """13:00 盘到 7 件没入账，另一张盘点表先入了账（不管它的时间更早更晚）：7 件和什么比说不清了，重盘。"""
    shop.do(takes.count, "CUP", 7, by=WAREHOUSE)
    shop.later(hours=1)
    counted(shop, tmp_path, ("CUP", "可售", left, at))
    assert stock(shop)[CUP] == left
    assert states(shop.do(posting.post, by=MANAGER)) == {"CUP": (None, "moved", None, None)}
    assert stock(shop)[CUP] == left


def test_a_later_count_in_the_books_wins_over_codes_read_before_it(shop: Books, tmp_path: Path) -> None:
    """13:05 扫的、13:40 才补记，13:30 的盘点已经入账：不收，扫码的人知道。"""
    shop.at = shanghai("2026-11-09 13:40")
    counted(shop, tmp_path, ("CUP", "可售", 8, "2026-11-09 13:30"))
    with pytest.raises(Refused, match="a later count"):
        shop.do(scanning.scan, Bench(mode=COUNTING), "CUP", None, shanghai("2026-11-09 13:05"), by=WAREHOUSE)


def test_kept_codes_are_counted_as_of_when_they_were_read(shop: Books) -> None:
    """账本忙时扫的码先留下：补记时按扫码那一刻的账面比，不按补记时的。"""
    bench, read_at = Bench(mode=COUNTING), shanghai("2026-11-09 13:05")
    shop.at = shanghai("2026-11-09 13:10")
    moved(shop, "CUP", "", "sellable", 2)
    for _time in range(8):
        shop.do(scanning.scan, bench, "CUP", None, read_at, by=WAREHOUSE)
    assert states(shop.do(posting.post, by=MANAGER)) == {"CUP": (8, "posted", 9, -1)}
    assert stock(shop)[CUP] == 10
