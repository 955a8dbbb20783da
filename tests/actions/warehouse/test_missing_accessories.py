"""Accessories that are not with a piece stand on its finding, are taken back with it, and leave no piece as new."""

from __future__ import annotations

import pytest

from retcli.actions.cases import undoing
from retcli.actions.warehouse import inspection
from retcli.actions.warehouse.strangers import cards
from retcli.errors import Refused
from tests.shopfloor import WAREHOUSE, Books
from tests.terminal import Desk
from tests.warehouse import returning, stock

ORDER, BACK = "2850000000000000095", "YT9000000000095"


@pytest.fixture
def shop(books: Books) -> Books:
    books.hire()
    books.product("EAR-1", category="数码/耳机")
    returning(books, ORDER, ("EAR-1", 3, 9000), waybill=BACK)
    return books


def inspect(books: Books, item: str, missing: str = "", *, regrade: bool = False) -> None:
    graded = [inspection.parse_item(item)]
    books.do(inspection.inspect, BACK, graded, missing=missing, regrade=regrade, by=WAREHOUSE)


def lacking(books: Books) -> list[tuple[str, int, str]]:
    """Grade, pieces and what is missing of each finding that stands."""
    return [(each["grade"], each["pieces"], each.get("missing", "")) for each in books.do(cards.show, BACK).found]


def test_what_is_missing_stands_on_the_finding(shop: Books) -> None:
    inspect(shop, "EAR-1=2:C", "充电线")
    assert lacking(shop) == [("C", 2, "充电线")]
    assert shop.do(cards.show, BACK).document()["parcel"]["found"][0]["missing"] == "充电线"
    shop.check()


@pytest.mark.parametrize("grade", ["A", "B"])
def test_an_incomplete_piece_is_neither_a_nor_b(shop: Books, grade: str) -> None:
    with pytest.raises(Refused, match="is complete"):
        inspect(shop, f"EAR-1=1:{grade}", "充电线")
    assert stock(shop) == {}


def test_graded_anew_in_part_the_rest_keeps_it_and_undone_it_is_there_again(shop: Books) -> None:
    inspect(shop, "EAR-1=2:C", "充电线")
    shop.later(minutes=1)
    inspect(shop, "EAR-1=1:D", regrade=True)
    assert sorted(lacking(shop)) == [("C", 1, "充电线"), ("D", 1, "")]
    shop.do(undoing.undo, by=WAREHOUSE)
    assert sorted(lacking(shop)) == [("C", 1, "充电线"), ("C", 1, "充电线")]
    shop.check()


def test_several_accessories_are_all_kept(shop: Books) -> None:
    """缺两样就写两样：一样都不会被后一样盖掉。"""
    desk = Desk(shop.database, at=shop.at, by=WAREHOUSE)
    desk.read("parcel", "inspect", BACK, "--item", "EAR-1=1:C", "--missing", "吊牌", "--missing", "包装盒")
    assert lacking(shop) == [("C", 1, "吊牌, 包装盒")]
    assert "--item SKU=1:C" in desk.type("parcel", "inspect", BACK, "--missing", "吊牌").err
