"""调拨和处置：每样都有原因，货不会变多变少；报废超过限额要第二个人；能撤销就原样撤销。"""

from collections.abc import Iterator
from typing import Any

import pytest

from retcli.actions.books import check
from retcli.actions.cases import undoing
from retcli.actions.warehouse import stock_moves, stock_orders
from retcli.actions.warehouse.pieces import stock as stocks
from retcli.errors import Ambiguous, NotFound, Refused, WrongCommand
from retcli.rules.warehouse.causes import Cause
from retcli.transaction import opened
from tests.shopfloor import AGENT, FINANCE, MANAGER, OWNER, WAREHOUSE, Books
from tests.warehouse import stock

CUP = "CUP"


@pytest.fixture
def shop(books: Books) -> Iterator[Books]:
    """Thirty defective cups and two sellable ones; the books are checked at the end."""
    books.hire()
    books.product(CUP)
    with opened(books.asked()) as held:
        for bucket, pieces in (("defective", 30), ("sellable", 2)):
            stocks.move(held, CUP, stocks.OUTSIDE, bucket, pieces, None, cause=Cause.COUNTED)
    books.later(minutes=1)
    yield books
    books.check()


def lies(books: Books) -> dict[str, int]:
    return {bucket: pieces for (_sku, bucket), pieces in stock(books).items()}


def test_moved_with_its_reason_and_taken_back(shop: Books) -> None:
    view = shop.do(stock_orders.move, CUP, 3, source="defective", target="repair", because="能修", by=WAREHOUSE)
    assert (view.state, view.because, lies(shop)) == ("done", "能修", {"defective": 27, "repair": 3, "sellable": 2})
    assert shop.do(stock_moves.moves, CUP).moves[0].cause == "moved"
    shop.later(minutes=1)
    shop.do(undoing.undo, by=WAREHOUSE)
    assert lies(shop) == {"defective": 30, "sellable": 2}
    assert shop.do(stock_moves.moves, CUP).moves[0].cause == "put_back"


def test_a_number_of_a_person_is_hidden_in_its_reason(shop: Books) -> None:
    because = "买家13987654321说进水了，微信zhangsan_88"
    shop.do(stock_orders.move, CUP, 1, source="defective", target="repair", because=because, by=WAREHOUSE)
    shop.do(stock_orders.dispose, CUP, 11, way="scrap", because=because, by=WAREHOUSE)
    (waiting,) = shop.do(stock_orders.waiting, by=MANAGER).stock_orders
    assert "13987654321" not in waiting.because
    assert "zhangsan_88" not in waiting.because
    assert "进水了" in waiting.because


def test_into_what_is_sold_only_who_may_decide_that(shop: Books) -> None:
    """残次当良品卖要罚：仓库不能自己调进可售。"""
    with pytest.raises(Refused, match="may not move pieces to that stock"):
        shop.do(stock_orders.move, CUP, 1, source="defective", target="sellable", because="看着还行", by=WAREHOUSE)
    shop.do(stock_orders.move, CUP, 1, source="defective", target="sellable", because="复验是良品", by=MANAGER)
    assert lies(shop) == {"defective": 29, "sellable": 3}


@pytest.mark.parametrize(
    ("pieces", "source", "target", "because", "error", "says"),
    [
        (31, "defective", "repair", "x", Refused, "There are not 31 pieces"),
        (0, "defective", "repair", "x", WrongCommand, "0 is no number"),
        (1, "defective", "defective", "x", WrongCommand, "two different"),
        (1, "defective", "scrapped", "x", WrongCommand, "disposing"),
        (1, "pending", "repair", "x", WrongCommand, "hang on their parcels"),
        (1, "defective", "unclaimed", "x", WrongCommand, "hang on their parcels"),
        (1, "defective", "repair", " ", WrongCommand, "Say why"),
    ],
)
def test_what_cannot_be_is_refused(
    shop: Books, pieces: int, source: str, target: str, because: str, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        shop.do(stock_orders.move, CUP, pieces, source=source, target=target, because=because, by=WAREHOUSE)
    assert lies(shop) == {"defective": 30, "sellable": 2}
    assert shop.rows("SELECT id FROM stock_orders") == []


@pytest.mark.parametrize(
    ("way", "cause"), [("markdown", "marked_down"), ("scrap", "scrapped"), ("supplier", "to_supplier")]
)
def test_each_way_to_dispose_is_a_cause_of_its_own(shop: Books, way: str, cause: str) -> None:
    view = shop.do(stock_orders.dispose, CUP, 10, way=way, because="处理", by=WAREHOUSE)
    assert (view.state, view.exit_code, lies(shop)) == ("done", 0, {"defective": 20, "sellable": 2})
    assert shop.do(stock_moves.moves, CUP).moves[0].cause == cause
    shop.later(minutes=1)
    shop.do(undoing.undo, by=WAREHOUSE)
    assert lies(shop) == {"defective": 30, "sellable": 2}


def test_scrapped_beyond_the_limit_waits_for_another(shop: Books) -> None:
    """11 件：货不动，等第二个人；自己不能复核；复核后才出库。"""
    view = shop.do(stock_orders.dispose, CUP, 11, way="scrap", because="受潮", by=MANAGER)
    assert (view.state, view.exit_code, lies(shop)) == ("waiting", 3, {"defective": 30, "sellable": 2})
    assert view.next == f"retcli stock approve {view.number}"
    assert [each.number for each in shop.do(stock_orders.waiting, by=OWNER).stock_orders] == [view.number]
    with pytest.raises(Refused, match="their own"):
        shop.do(stock_orders.approve, view.number, by=MANAGER)
    for who in (WAREHOUSE, AGENT, FINANCE):
        with pytest.raises(Refused, match="may not approve"):
            shop.do(stock_orders.approve, view.number, by=who)
    shop.later(minutes=1)
    done = shop.do(stock_orders.approve, view.number[-4:], by=OWNER)
    assert (done.state, done.approved_by, lies(shop)) == ("done", OWNER, {"defective": 19, "sellable": 2})
    with pytest.raises(Refused):
        shop.do(stock_orders.approve, view.number, by=OWNER)
    with pytest.raises(Refused, match="was approved by"):
        shop.do(undoing.undo, by=MANAGER)
    shop.later(minutes=1)
    shop.do(undoing.undo, by=OWNER)
    assert lies(shop) == {"defective": 30, "sellable": 2}
    assert [each.state for each in shop.do(stock_orders.waiting, by=OWNER).stock_orders] == ["waiting"]
    shop.do(undoing.undo, by=MANAGER)
    assert shop.do(stock_orders.waiting, by=OWNER).stock_orders == ()


def test_many_small_ones_of_a_day_pass_no_limit(shop: Books) -> None:
    """5 + 5 件自己报废，再 1 件就要第二个人；过一天重新算。"""
    states = [shop.do(stock_orders.dispose, CUP, n, way="scrap", because="x", by=WAREHOUSE).state for n in (5, 5, 1)]
    assert states == ["done", "done", "waiting"]
    shop.later(days=1, minutes=1)
    assert shop.do(stock_orders.dispose, CUP, 1, way="scrap", because="x", by=WAREHOUSE).state == "done"
    assert lies(shop) == {"defective": 19, "sellable": 2}


def test_the_pieces_went_before_the_second_person_came(shop: Books) -> None:
    """等复核时货又卖掉了：复核不了，说清楚少了，不会变负数。"""
    number = shop.do(stock_orders.dispose, CUP, 25, way="scrap", because="x", by=WAREHOUSE).number
    shop.do(stock_orders.dispose, CUP, 10, way="markdown", because="x", by=WAREHOUSE)
    with pytest.raises(Refused, match="There are not 25 pieces"):
        shop.do(stock_orders.approve, number, by=MANAGER)
    assert lies(shop) == {"defective": 20, "sellable": 2}


def test_what_went_on_is_not_taken_back(shop: Books) -> None:
    shop.do(stock_orders.move, CUP, 3, source="defective", target="repair", because="能修", by=WAREHOUSE)
    shop.do(stock_orders.dispose, CUP, 3, way="supplier", because="退", source="repair", by=MANAGER)
    with pytest.raises(Refused, match="There are not 3 pieces"):
        shop.do(undoing.undo, by=WAREHOUSE)


def test_an_unknown_product_or_number_is_named(shop: Books) -> None:
    with pytest.raises(NotFound, match="NOPE"):
        shop.do(stock_orders.dispose, "NOPE", 1, way="scrap", because="x", by=WAREHOUSE)
    with pytest.raises(NotFound, match="SO20201109"):
        shop.do(stock_orders.approve, "SO20201109-0001", by=OWNER)


def test_a_move_that_is_not_its_orders_is_named(sqlite_books: Books) -> None:
    """处置单写 3 件，库存却动了 2 件：`books check` 说得出来。"""
    books = sqlite_books
    books.hire()
    books.product(CUP)
    with opened(books.asked()) as held:
        stocks.move(held, CUP, stocks.OUTSIDE, "defective", 5, None, cause=Cause.COUNTED)
        stocks.move(held, CUP, "defective", stocks.OUTSIDE, 2, None, cause=Cause.SCRAPPED, cause_id=1)
    problems = books.do(check.check).problems
    assert [(problem.invariant, problem.where) for problem in problems] == [(4, "CUP/2")]


def test_the_end_of_a_number_means_one_that_waits_or_asks(shop: Books) -> None:
    """两天的 0001 都在等：不猜是哪一单；只剩一单在等，就是它；通配符什么都不是。"""
    scrap: dict[str, Any] = {"way": "scrap", "because": "坏了", "by": WAREHOUSE}
    first = shop.do(stock_orders.dispose, CUP, 12, **scrap).number
    shop.later(hours=48)
    second = shop.do(stock_orders.dispose, CUP, 13, **scrap).number
    assert first[-4:] == second[-4:]
    with pytest.raises(Ambiguous):
        shop.do(stock_orders.approve, first[-4:], by=MANAGER)
    for wild in ("%", "_", "1%"):
        with pytest.raises(NotFound):
            shop.do(stock_orders.approve, wild, by=MANAGER)
    assert lies(shop) == {"defective": 30, "sellable": 2}
    shop.do(stock_orders.approve, second, by=MANAGER)
    assert shop.do(stock_orders.approve, first[-4:], by=MANAGER).number == first
    assert lies(shop) == {"defective": 5, "sellable": 2}
