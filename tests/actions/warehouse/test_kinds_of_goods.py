"""Opened food, cosmetics and underwear are never as new, and a battery that is not sound lies apart, at every door."""

from __future__ import annotations

from typing import Any

import pytest

from retcli.actions.warehouse import inspection
from retcli.errors import Refused
from tests.shopfloor import WAREHOUSE, Books
from tests.warehouse import Table, Terminal, returning, stock

ORDER, BACK = "2850000000000000091", "YT9000000000091"
CREAM, CHARGER, SHIRT = "CRM-1", "PWR-1", "TS-L"


@pytest.fixture
def door(books: Books) -> Terminal:
    books.hire()
    for sku, category in ((CREAM, "美妆/护肤"), (CHARGER, "数码/充电宝"), (SHIRT, "服装")):
        books.product(sku, category=category)
    returning(books, ORDER, (CREAM, 2, 9000), (CHARGER, 2, 9000), (SHIRT, 1, 900), waybill=BACK)
    return Terminal(books)


def inspect(books: Books, *items: str, **how: Any) -> None:
    graded = [inspection.parse_item(item) for item in items]
    books.do(inspection.inspect, BACK, graded, by=WAREHOUSE, **how)


def test_at_the_bench_cosmetics_are_as_new_once_somebody_says_the_seal_is_whole(door: Terminal) -> None:
    door.codes(BACK, "RCMDA")
    asked = door.code(CREAM)
    assert (asked.outcome, asked.to_confirm, stock(door.books)) == ("stop", True, {})
    door.code("RCMDYES")
    assert stock(door.books) == {(CREAM, "sellable"): 1}
    assert door.code(SHIRT).outcome == "inspected", "a shirt is asked nothing"
    door.books.check()


def test_opened_cosmetics_are_held_until_somebody_decides(door: Terminal) -> None:
    door.codes(BACK, "RCMDB")
    assert "held" in door.code(CREAM).message
    assert stock(door.books) == {(CREAM, "held"): 1}
    door.code("RCMDUNDO")
    assert stock(door.books) == {}
    door.books.check()


def test_a_faulty_battery_lies_apart_and_a_sound_one_is_sold(door: Terminal) -> None:
    door.codes(BACK, "RCMDA", CHARGER, "RCMDD", CHARGER)
    assert stock(door.books) == {(CHARGER, "sellable"): 1, (CHARGER, "held"): 1}


def test_all_at_once_is_asked_about_once(door: Terminal) -> None:
    door.codes(BACK, "RCMDA")
    assert door.code("RCMDALL").outcome == "stop"
    assert stock(door.books) == {}
    door.code("RCMDYES")
    assert stock(door.books) == {(CREAM, "sellable"): 2, (CHARGER, "sellable"): 2, (SHIRT, "sellable"): 1}


def test_from_a_file_nobody_can_say_it_so_that_nothing_is_booked(books: Books, door: Terminal) -> None:
    table = Table(books)
    views = table.scan(BACK, "RCMDA", CREAM, SHIRT)
    assert [view.outcome for view in views[2:]] == ["stop", "inspected"]
    assert (views[2].exit_code, views[2].to_confirm, stock(books)) == (3, False, {(SHIRT, "sellable"): 1})
    table.scan("RCMDYES")
    assert stock(books) == {(SHIRT, "sellable"): 1}


def test_by_command_too(door: Terminal) -> None:
    books = door.books
    with pytest.raises(Refused, match="only while its seal is whole"):
        inspect(books, f"{CREAM}=1:A")
    inspect(books, f"{CREAM}=1:A", sealed=True)
    inspect(books, f"{CREAM}=1:B", more=True)
    assert stock(books) == {(CREAM, "sellable"): 1, (CREAM, "held"): 1}
    for item in (f"{CREAM}=1:B:defective", f"{CHARGER}=1:D:scrapped", f"{CHARGER}=1:C:repair"):
        with pytest.raises(Refused, match="held"):
            inspect(books, item, more=True)
    inspect(books, f"{CREAM}=1:D", regrade=True)
    assert stock(books)[CREAM, "scrapped"] == 1
    books.check()
