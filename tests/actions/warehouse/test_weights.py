"""A parcel is weighed beside what its goods left with: one that is too light is photographed before it is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from retcli.actions.cases.disputes import evidence
from retcli.actions.warehouse.strangers import cards
from retcli.transaction import opened
from tests.shopfloor import Books
from tests.warehouse import Terminal, returning

ORDER, BACK = "2850000000000000711", "YT9000000000001"


def door(
    books: Books, *, left_with: int | None = None, cup: int | None = None, pieces: int = 2
) -> tuple[Terminal, str]:
    """A return of two cups is on the table, of an order that left with so many grams; its case."""
    from retcli.models import Order, Product

    books.hire()
    with opened(books.asked()) as shop:
        shop.add(Product(sku="CUP", name="杯", category="家居", price=900, cost=100, weight=cup))
    case = returning(books, ORDER, ("CUP", pieces, 1800), waybill=BACK)
    with opened(books.asked()) as shop:
        order = shop.session.query(Order).filter_by(number=ORDER).one()
        order.weight = left_with
    table = Terminal(books)
    table.code(BACK)
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


def test_weights_come_from_the_product_sheet_and_the_erp(books: Books, tmp_path: Path) -> None:
    from retcli.actions.imports import importing

    sheet = tmp_path / "商品资料.csv"
    sheet.write_text(
        "商家编码,条码,商品名称,重量(kg),安全库存\nCUP,6901234567892,杯,0.35,5\nMUG,,马克杯,,\n", encoding="utf-8"
    )
    importing.import_paths(books.asked(), [sheet])
    assert books.rows("SELECT sku, weight, safety_stock FROM products ORDER BY sku") == [
        ("CUP", 350, 5),
        ("MUG", None, None),
    ]
