"""What a stranger's parcel holds beyond the case that it is given to: held, by whichever door it gets there."""

from __future__ import annotations

import pytest

from retcli.actions.cases import case_cards
from retcli.actions.warehouse import inspection, parcels
from retcli.errors import Refused, WrongCommand
from retcli.transaction import opened
from tests.shopfloor import Books
from tests.warehouse import Table, returning, stock

ONE, STRANGER = "2850000000000000081", "SF1620041173366"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    for sku in ("TS-L", "CUP"):
        books.product(sku)
    return Table(books)


def accepted(books: Books, case: str) -> list[tuple[int, int]]:
    with opened(books.asked(), writes=False) as shop:
        return [(line.received, line.accepted) for line in case_cards.show(shop, case).lines]


@pytest.mark.parametrize("door", ["match", "slip"])
@pytest.mark.parametrize("how", ["scanned", "typed", "counted"])
def test_what_is_beyond_the_case_is_held(table: Table, door: str, how: str) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill="")
    number = table.scan(STRANGER)[0].parcel
    if how == "scanned":
        table.scan("RCMDA", "TS-L", "TS-L", "TS-L", "CUP")
    elif how == "typed":
        books.do(inspection.inspect, number, [inspection.parse_item("TS-L=3:A"), inspection.parse_item("CUP=1:A")])
    else:
        table.scan("TS-L", "TS-L", "TS-L", "CUP")
    if door == "match":
        books.do(parcels.match, number, case)
    else:
        table.scan(case)
    table.scan(*(["RCMDA", "TS-L", "RCMDPENDING"] if how == "counted" else []))
    assert stock(books) == {("TS-L", "sellable"): 1, ("TS-L", "held"): 2, ("CUP", "held"): 1}
    assert accepted(books, case) == [(1, 1)]
    books.check()


def test_what_the_case_waits_for_stays_as_it_was_found(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 2, 10980), waybill="")
    number = table.scan(STRANGER, "RCMDA", "TS-L", "RCMDC", "TS-L")[0].parcel
    before = books.rows("SELECT id, grade, quantity FROM inspections ORDER BY id")
    books.do(parcels.match, number, case)
    assert books.rows("SELECT id, grade, quantity FROM inspections ORDER BY id") == before
    assert accepted(books, case)[0][0] == 2
    books.check()


def test_pieces_are_graded_anew_or_more_not_both(table: Table) -> None:
    books = table.books
    returning(books, ONE, ("TS-L", 2, 10980), waybill=STRANGER)
    table.scan(STRANGER, "RCMDA", "TS-L")
    with pytest.raises(WrongCommand, match="graded anew"):
        books.do(inspection.inspect, STRANGER, [inspection.parse_item("TS-L=1:A")], more=True, regrade=True)
    with pytest.raises(Refused, match="nothing changes") as refused:
        books.do(inspection.inspect, STRANGER, [inspection.parse_item("TS-L=1:A")], regrade=True)
    assert "--more" not in str(refused.value.hint)
    assert stock(books) == {("TS-L", "sellable"): 1}
