"""Labels of our own at the bench: a parcel's, a case's, a shelf's, an article's, a badge."""

import pytest

from retcli.actions.warehouse import strangers
from retcli.actions.warehouse.bench import scanning
from retcli.rules.warehouse import payloads
from tests.shopfloor import OWNER, WAREHOUSE, Books
from tests.warehouse import Terminal, attached, returning, stock


@pytest.fixture(autouse=True)
def _people(books: Books) -> None:
    books.hire()


def test_the_labels_of_a_parcel_and_of_its_case_are_read(books: Books) -> None:
    case = returning(books, "2850000000000000001", ("CUP-500", 1, 4900), waybill="SF1620041173366")
    table = Terminal(books)
    received = table.code("SF1620041173366")
    table.code("RCMDNEXT")
    assert table.code(payloads.of_parcel(received.parcel)).parcel == received.parcel, "by its own label"
    slip = table.code(payloads.of_case(case))
    assert (slip.outcome, slip.cases) == ("duplicate", (case,)), "the slip of the parcel on the table"


def test_a_case_s_label_attaches_a_stranger(books: Books) -> None:
    case = returning(books, "2850000000000000001", ("CUP-500", 1, 4900), waybill="")
    table = Terminal(books)
    table.code("SF1888888888888", payloads.of_case(case))
    assert attached(books) == [("SF1888888888888", case)]


def test_the_label_of_a_shelf_says_where_the_parcel_lies(books: Books) -> None:
    table = Terminal(books)
    a_03 = payloads.of_place("A-03")
    assert table.code(a_03).outcome == "unknown", "no parcel lies there"
    table.code("SF1888888888888")
    assert "A-03" in table.code(a_03).message
    assert books.value("SELECT shelf FROM parcels") == "A-03"
    table.code("RCMDSHELF", payloads.of_place("东-1"))
    assert books.value("SELECT shelf FROM parcels") == "东-1", "also where the shelf was asked for"
    books.do(strangers.shelves.shelve, "SF1888888888888", a_03)
    assert books.value("SELECT shelf FROM parcels") == "A-03", "and typed into a command"


def test_the_label_of_a_shelf_says_where_pieces_are_counted(books: Books) -> None:
    books.product("CUP-500")
    table = Terminal(books)
    table.code("RCMDCOUNT", payloads.of_place("A-03"), "CUP-500")
    assert books.rows("SELECT sku, pieces, place FROM stock_tallies") == [("CUP-500", 1, "A-03")]


def test_an_article_without_a_barcode_is_read_by_its_label(books: Books) -> None:
    returning(books, "2850000000000000001", ("红色-YD12", 1, 4900), waybill="SF1620041173366")
    table = Terminal(books)
    counted = table.code("SF1620041173366", payloads.of_article("红色-YD12"))
    assert counted.outcome == "counted"
    assert stock(books) == {("红色-YD12", "pending"): 1}


def test_a_badge_says_whose_it_is_and_lets_nobody_else_scan(books: Books) -> None:
    own, other = (books.value("SELECT id FROM staff WHERE name = :n", n=name) for name in (WAREHOUSE, OWNER))
    table = Terminal(books)
    assert "who scans here" in table.code(payloads.of_badge(own)).message
    told = table.code(payloads.of_badge(other)).message
    assert f"badge of {OWNER}" in told
    assert f"retcli --operator {OWNER} scan" in told
    assert table.code(payloads.of_badge(99)).outcome == "unknown"
    assert books.do(scanning.scan, table.bench, "RCMDWHO", 99.0, by=WAREHOUSE).message.startswith(WAREHOUSE)
