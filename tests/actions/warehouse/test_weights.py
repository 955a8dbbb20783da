"""A parcel is weighed beside what its goods left with: one that is too light is photographed before it is opened."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.cases.disputes import evidence
from retcli.actions.warehouse import detaching, parcels
from retcli.actions.warehouse.strangers import cards
from retcli.models import Order, Product
from retcli.transaction import opened
from retcli.views.warehouse.weights import ParcelWeight
from tests.reports import EXPORTS, take_one
from tests.shopfloor import Books
from tests.warehouse import Terminal, returning

ORDER, BACK = "2850000000000000711", "YT9000000000001"


def door(
    books: Books, *, left_with: int | None = None, cup: int | None = None, waybill: str = BACK
) -> tuple[Terminal, str]:
    """A return of two cups is on the table, of an order that left with so many grams; its case."""
    books.hire()
    with opened(books.asked()) as shop:
        shop.add(Product(sku="CUP", name="杯", category="家居", price=900, cost=100, weight=cup))
    case = returning(books, ORDER, ("CUP", 2, 1800), waybill=waybill)
    with opened(books.asked()) as shop:
        shop.session.execute(sa.update(Order).where(col(Order.number) == ORDER).values(weight=left_with))
    table = Terminal(books)
    table.code(f"{waybill}-1-2-" if waybill.startswith("JD") else waybill)
    return table, case


def test_under_sixty_per_cent_of_what_it_left_with_is_photographed_first(books: Books) -> None:
    """900 g left, 60 % are 540: with 539 g something is missing."""
    table, case = door(books, left_with=900)
    table.code("RCMDWEIGHT")
    view = table.code("539")
    assert (view.sound, view.exit_code) == ("stop", 3)
    assert "photograph it before it is opened" in view.message and "900 g" in view.message
    card = books.do(cards.show, BACK)
    assert (card.weight.weighed, card.weight.expected, card.weight.light) == (539, 900, True)
    assert any(line.action == "too_light" for line in card.history)
    (parcel,) = books.do(evidence.evidence_of, case).parcels
    assert parcel.weight.light
    books.check()


@pytest.mark.parametrize(
    ("left_with", "cup", "weighed"),
    [(900, None, "540"), (None, 350, "420"), (None, None, "1"), (900, 350, "0.6kg")],
)
def test_what_is_heavy_enough_or_known_by_nobody_is_only_written_down(
    books: Books, left_with: int | None, cup: int | None, weighed: str
) -> None:
    table, _case = door(books, left_with=left_with, cup=cup)
    table.code("RCMDWEIGHT")
    view = table.code(weighed)
    assert (view.sound, view.exit_code) == ("ok", 0)


def test_by_the_weights_of_its_articles(books: Books) -> None:
    """Two cups of 350 g: 60 % of 700 are 420."""
    table, _case = door(books, cup=350)
    table.code("RCMDWEIGHT")
    assert table.code("419").sound == "stop"


def test_a_weight_taken_back_is_no_more_light(books: Books) -> None:
    table, _case = door(books, left_with=900)
    table.codes("RCMDWEIGHT", "100", "RCMDUNDO")
    assert not books.do(cards.show, BACK).weight.light
    books.check()


def test_of_what_comes_in_two_parcels_nobody_knows_what_one_should_weigh(books: Books) -> None:
    """Two cups of 350 g, announced in two parcels: 300 g may be one of them."""
    table, case = door(books, cup=350)
    table.codes("RCMDWEIGHT", "300")
    assert books.do(cards.show, BACK).weight.light
    books.do(parcels.expect_by_hand, case, "YT9000000000002")
    assert books.do(cards.show, BACK).weight == ParcelWeight(300)
    books.do(detaching.detach, "YT9000000000002", case, because="x")
    assert books.do(cards.show, BACK).weight.light


def test_of_a_parcel_in_two_boxes_nobody_knows_what_one_should_weigh(books: Books) -> None:
    table, _case = door(books, cup=350, waybill="JD0123456789012")
    table.codes("JD0123456789012-2-2-", "RCMDWEIGHT")
    assert table.code("300").sound == "ok"


def test_weights_come_from_the_product_sheet(sqlite_books: Books, tmp_path: Path) -> None:
    """A later sheet without them takes none away."""
    sheets = (
        "商家编码,条码,商品名称,重量(kg),安全库存\nCUP,6901234567892,杯,0.35,5\nMUG,,马克杯,,\n",
        "商家编码,条码,商品名称,重量\nMUG,,马克杯,420\nCUP,,杯,\n",
    )
    for place, lines in enumerate(sheets):
        sheet = tmp_path / f"商品资料{place}.csv"
        sheet.write_text(lines, encoding="utf-8")
        take_one(sqlite_books, sheet)
    query = "SELECT sku, weight, safety_stock FROM products ORDER BY sku"
    assert sqlite_books.rows(query) == [("CUP", 350, 5), ("MUG", 420, None)]


def test_what_an_order_left_with_comes_from_the_erp(sqlite_books: Books, tmp_path: Path) -> None:
    """旺店通 prints 预估重量 in kilograms; a file without it takes none away."""
    for place, kilograms in enumerate(("0.3500", "")):
        rows = list(csv.reader((EXPORTS / "erp" / "旺店通订单.csv").open(encoding="gb18030", newline="")))
        column = rows[0].index("预估重量")
        for row in rows[1:]:
            row[column] = kilograms
        sheet = tmp_path / f"旺店通{place}.csv"
        with sheet.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows(rows)
        take_one(sqlite_books, sheet)
        assert sqlite_books.rows("SELECT DISTINCT weight FROM orders") == [(350,)]
