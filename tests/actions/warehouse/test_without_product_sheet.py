"""A shop that never imported a product sheet: the merchant codes on its order lines are articles at the table."""

from __future__ import annotations

import pytest

from retcli.actions.warehouse import inspection, parcels
from retcli.actions.warehouse.bench import explained_scans
from retcli.rules.warehouse.codes import Meaning
from tests.reports import Folder, asked_back, sold, take
from tests.shopfloor import Books
from tests.warehouse import Table, stock

ONE, TWO = "2850000000000000051", "2850000000000000052"
BACK, STRANGER = "YT5260493176849", "YT1252110038258"
SENT_BACK = "买家已经退货，等待卖家确认收货"
EAN = "6901234567892"


@pytest.fixture
def table(books: Books, folder: Folder) -> Table:
    """One order of a shirt and a cup, of which the shirt comes back; another one of a mug and a lamp."""
    books.hire()
    one = sold(ONE, ("TS01-WH-L", 1, 5000), ("Cup 500", 1, 2000))
    two = sold(TWO, ("mug-9", 1, 3000), (EAN, 1, 4000))
    wish = asked_back("R1", one, 5000, status=SENT_BACK, waybill=BACK)
    take(books, *folder.both(one, two), folder.refunds(wish))
    assert books.value("SELECT COUNT(*) FROM products") == 0
    return Table(books)


@pytest.mark.parametrize("typed", ["TS01-WH-L", "ts01-wh-l", "ＴＳ０１－ＷＨ－Ｌ", "TS01-WH-L\t"])
def test_the_piece_of_the_open_parcel_s_case(table: Table, typed: str) -> None:
    assert table.outcomes(BACK, "RCMDA", typed) == ["received", "command", "inspected"]
    assert stock(table.books) == {("TS01-WH-L", "sellable"): 1}
    table.books.check()


@pytest.mark.parametrize(
    ("typed", "sku"),
    [
        ("Cup 500", "Cup 500"),  # of the same order, which nobody asked back
        ("CUP500", "Cup 500"),
        ("cup 500", "Cup 500"),
        ("mug-9", "mug-9"),  # another order's
        ("MUG-9", "mug-9"),
        (EAN, EAN),  # a shop whose merchant codes are the barcodes
    ],
)
def test_a_wrong_piece_is_held_and_said(table: Table, typed: str, sku: str) -> None:
    """退错的商品：停，暂扣，说清楚是什么，不是“都不认识”。"""
    said = table.scan(BACK, "RCMDA", typed)[-1]
    assert said.outcome == "stop"
    assert said.message.startswith(f"{sku}: piece 1")
    assert stock(table.books) == {(sku, "held"): 1}
    table.books.check()


def test_a_piece_in_a_parcel_of_nobody(table: Table) -> None:
    """没人等的件先点货，再归单：点的就是那一件。"""
    number = table.scan(STRANGER, "RCMDA", "ts01-wh-l")[0].parcel
    assert stock(table.books) == {("TS01-WH-L", "unclaimed"): 1}
    table.books.do(parcels.match, number, "R1")
    assert stock(table.books) == {("TS01-WH-L", "sellable"): 1}
    assert stock(table.books) == {("TS01-WH-L", "sellable"): 1}
    table.books.check()


def test_a_code_that_nobody_ever_sold_is_still_unknown(table: Table) -> None:
    assert table.outcomes(BACK, "TS99-XX") == ["received", "unknown"]
    assert stock(table.books) == {}


def test_at_the_desk_it_is_written_as_the_books_have_it(table: Table) -> None:
    table.books.do(inspection.inspect, BACK, [inspection.parse_item("MUG-9=1:X")])
    assert stock(table.books) == {("mug-9", "held"): 1}


def test_it_is_explained_as_an_article(table: Table) -> None:
    explained = table.books.do(explained_scans.explain, "MUG-9", BACK, dry_run=True)
    assert (explained.read.meaning, explained.read.article.sku) == (Meaning.ARTICLE, "mug-9")


def test_two_spellings_of_two_articles_are_asked_about(table: Table, folder: Folder) -> None:
    take(table.books, *folder.both(sold("2850000000000000053", ("MUG-9", 1, 3000))))
    assert table.outcomes(BACK, "Mug-9") == ["received", "unknown"]
    assert table.scan(BACK, "MUG-9")[-1].message.startswith("MUG-9: piece 1")
