"""An import that gives parcels without a case to theirs says which: by the waybill that it names, or by points."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from retcli.actions.insight import today
from retcli.actions.warehouse.strangers import fitting, labels
from retcli.models import Parcel
from retcli.shop import Shop
from retcli.views.warehouse.parcels import Fitted
from tests.reports import REQUESTED, Folder, asked_back, sold, take
from tests.shopfloor import WAREHOUSE, Books
from tests.warehouse import Table, attached


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    return Table(books)


def order(place: int) -> str:
    return f"28500000000000001{place:02d}"


def waybill(place: int) -> str:
    return f"YT90000000000{place:02d}"


def files(folder: Folder, count: int) -> list[Path]:
    """The files of so many orders, each with a return on the way under its own waybill."""
    orders = [sold(order(place), ("TS-L", 1, 5490)) for place in range(count)]
    backs = [replace(asked_back(str(place + 1), each, 5490, status="买家已经退货，等待卖家确认收货", kind="退货退款"),
                     waybill=waybill(place)) for place, each in enumerate(orders)]  # fmt: skip
    return [*folder.both(*orders), folder.refunds(*backs)]


@pytest.mark.parametrize("count", [1, 3, 12])
def test_those_that_the_list_names_are_told(table: Table, folder: Folder, count: int) -> None:
    """退件先到，售后报表后导入，里面就有退货单号：导入说几件归到了、是谁；多了只说件数和命令。"""
    books = table.books
    numbers = [view.parcel for view in table.scan(*map(waybill, range(count)))]
    view = take(books, *files(folder, count))
    assert len(attached(books)) == count
    assert [each.parcel for each in view.fitted] == numbers
    lines = [line for line in view.found_lines() if line]
    assert str(count) in lines[0]
    assert ("retcli parcel list" in lines[-1]) == (count > 5)
    assert len(lines) == (1 + count if count <= 5 else 2)
    assert all("its number was named for the case" in line for line in lines[1:]) or count > 5
    assert view.document()["matched"][0]["parcel"] == numbers[0]
    assert books.do(today.today).matched == count
    books.check()
    assert take(books, *files(folder, count)).fitted == (), "what is known already is not told again"


def test_one_by_its_points_is_told_once(table: Table, folder: Folder) -> None:
    books = table.books
    books.product("TS-L")
    number = table.scan("SF1620041173366", "TS-L")[0].parcel
    sale = sold(order(0), ("TS-L", 1, 5490))
    books.do(labels.label, number, old_waybill=sale.waybill, by=WAREHOUSE)
    view = take(
        books, *folder.both(sale), folder.refunds(asked_back("1", sale, 5490, status=REQUESTED, kind="退货退款"))
    )
    assert [(each.parcel, each.score > 80) for each in view.fitted] == [(number, True)]


def test_an_import_that_finds_nobody_says_nothing(table: Table, folder: Folder) -> None:
    table.scan("SF1620041173366")
    view = take(table.books, *files(folder, 1))
    assert (view.fitted, view.found_lines()) == ((), [])
    assert "matched" not in view.document()


@pytest.mark.parametrize("strangers", [1, 12])
def test_nobody_waits_while_parcels_that_fit_nowhere_are_looked_at(
    sqlite_books: Books, folder: Folder, monkeypatch: pytest.MonkeyPatch, strangers: int
) -> None:
    """一堆无主件里只有一个对得上：导入只为这一个占用账本，别的只是看看，扫码的人不用等。"""
    table = Table(sqlite_books)
    table.books.hire()
    table.books.product("TS-L")
    number = table.scan("SF1620041173366", "TS-L")[0].parcel
    table.scan(*(f"SF9990000000{place:02d}" for place in range(1, strangers)))
    sale = sold(order(0), ("TS-L", 1, 5490))
    table.books.do(labels.label, number, old_waybill=sale.waybill, by=WAREHOUSE)
    judged, settle = [], fitting.settle

    def judging(shop: Shop, parcel: Parcel) -> Fitted | None:
        judged.append(parcel.number)
        return settle(shop, parcel)

    monkeypatch.setattr(fitting, "settle", judging)
    asked = folder.refunds(asked_back("1", sale, 5490, status=REQUESTED, kind="退货退款"))
    view = take(table.books, *folder.both(sale), asked)
    assert [each.parcel for each in view.fitted] == [number]
    assert judged == [number], "under the write lock"
