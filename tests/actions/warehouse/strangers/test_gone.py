"""Parcels that left the door: why their pieces moved, where they are again when that is undone, and the empty box."""

from __future__ import annotations

import pytest

from retcli.actions.cases import undoing
from retcli.actions.warehouse import inspection, parcels, stock_moves
from retcli.actions.warehouse.strangers import cards, labels, leaving
from retcli.errors import Refused
from tests.actions.warehouse.strangers.test_cards import ORDER, STRANGER, as_before, leave, undo
from tests.shopfloor import WAREHOUSE, Books
from tests.warehouse import Table, returning, stock

WAYS = {"send_back": "sent_back", "dispose": "disposed"}


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    for sku in ("TS-L", "CUP"):
        books.product(sku)
    return Table(books)


def moved(books: Books) -> list[tuple[str, str, str, int, str]]:
    """Each movement in the order in which it was written, with its cause."""
    rows = books.rows("SELECT sku, source, target, quantity, cause FROM stock_moves ORDER BY id")
    return [tuple(row) for row in rows]


def actions(books: Books, number: str) -> list[str]:
    return [line.now or line.action for line in books.do(cards.show, number).history]


@pytest.mark.parametrize(("way", "cause"), WAYS.items())
def test_pieces_that_leave_say_so_and_those_that_are_here_again(table: Table, way: str, cause: str) -> None:
    """点 2 件、判 1 件，退回：货从无主出去，原因是退回寄件人，不是取消清点；撤销退回：又在了。"""
    books = table.books
    number = table.scan(STRANGER, "RCMDA", "TS-L", "RCMDPENDING", "CUP")[0].parcel
    before = len(moved(books))
    told = actions(books, number)
    leave(books, number, way)
    assert moved(books)[before:] == [("CUP", "unclaimed", "", 1, cause), ("TS-L", "unclaimed", "", 1, cause)]
    assert actions(books, number)[len(told) :] == ["leave", "leave", cause]
    books.check()
    undo(books)
    assert moved(books)[before + 2:] == [
        ("CUP", "", "unclaimed", 1, "here_again"), ("TS-L", "", "unclaimed", 1, "here_again"),
    ]  # fmt: skip
    assert not {"count", "uncount", "take_back_grade"} & set(actions(books, number)[len(told) :])
    books.check()


@pytest.mark.parametrize(("way", "cause"), WAYS.items())
def test_pieces_of_earlier_books_leave_from_where_they_lie(table: Table, way: str, cause: str) -> None:
    """老账里的无主件，次品在残次：直接从残次出去，一步，撤销也是一步。"""
    books = table.books
    number = table.scan(STRANGER, "RCMDC", "TS-L")[0].parcel
    as_before(books, "defective")
    before = len(moved(books))
    leave(books, number, way)
    assert moved(books)[before:] == [("TS-L", "defective", "", 1, cause)]
    undo(books)
    assert moved(books)[before + 1 :] == [("TS-L", "", "defective", 1, "here_again")]
    assert stock(books) == {("TS-L", "defective"): 1}
    books.check()


def test_the_list_tells_it_in_words(table: Table) -> None:
    number = table.scan(STRANGER, "TS-L")[0].parcel
    leave(table.books, number, "send_back")
    assert table.books.do(stock_moves.moves, "TS-L").moves[0].why == "sent back to who sent it"


@pytest.mark.parametrize("way", WAYS)
def test_serials_come_back_with_their_pieces(table: Table, way: str) -> None:
    books = table.books
    number = table.scan(STRANGER, "RCMDA", "TS-L", "RCMDSN", "SN12345678")[0].parcel
    leave(books, number, way)
    undo(books)
    assert books.do(cards.show, number).parcel.contents[0]["serials"] == ["SN12345678"]
    books.check()


@pytest.mark.parametrize("way", [*WAYS, "turn_away"])
def test_who_names_the_waybill_again_and_takes_that_back_leaves_it_gone(table: Table, way: str) -> None:
    """退回了的件，又被填成某单的退货单号，再撤销：还是退回，不是作废；撤销退回照样行。"""
    books = table.books
    number = table.scan(STRANGER)[0].parcel
    if way == "turn_away":
        table.scan("RCMDREJECT")
    else:
        leave(books, number, way)
    gone = books.value("SELECT state FROM parcels")
    case = returning(books, ORDER, ("TS-L", 1, 5490), waybill="")
    books.do(parcels.expect_by_hand, case, STRANGER, by=WAREHOUSE)
    assert books.value("SELECT state FROM parcels") == "expected"
    undo(books)
    assert books.value("SELECT state FROM parcels") == gone
    card = books.do(cards.show, number)
    assert (card.parcel.cases, card.because != "") == ((), way != "turn_away")
    assert card.returned[1] == ("SF1620041173377" if way == "send_back" else "")
    books.check()
    undo(books)
    assert books.value("SELECT state FROM parcels") == "received"
    books.check()


def test_its_pieces_are_nobodys_again_after_all_is_taken_back(table: Table) -> None:
    """退回、填成退货单号、两步都撤销：货还在无主，不进可售。"""
    books = table.books
    number = table.scan(STRANGER, "RCMDA", "TS-L")[0].parcel
    leave(books, number, "send_back")
    case = returning(books, ORDER, ("TS-L", 1, 5490), waybill="")
    books.do(parcels.expect_by_hand, case, STRANGER, by=WAREHOUSE)
    undo(books)
    undo(books)
    assert stock(books) == {("TS-L", "unclaimed"): 1}
    books.check()


@pytest.mark.parametrize("way", [*WAYS, "turn_away"])
def test_who_scans_it_as_here_again_and_takes_that_back_leaves_it_gone(table: Table, way: str) -> None:
    """已退回的面单再扫、RCMDYES 收下，再撤销：还是退回。"""
    books = table.books
    number = table.scan(STRANGER)[0].parcel
    if way == "turn_away":
        table.scan("RCMDREJECT")
    else:
        leave(books, number, way)
    gone = books.rows("SELECT state, received_at, received_by FROM parcels")
    books.later(hours=1)
    table.scan("RCMDNEXT", STRANGER, "RCMDYES")
    assert books.value("SELECT state FROM parcels") == "received"
    assert table.outcomes("RCMDUNDO") == ["undone"]
    assert books.rows("SELECT state, received_at, received_by FROM parcels") == gone, "and it came when it had come"
    assert (books.do(cards.show, number).because != "") == (way != "turn_away")
    books.check()


def test_an_empty_box_that_nobody_sent_is_taken_out(table: Table) -> None:
    """空盒子没人认：能作废；撤销后还是拆过的空盒。"""
    books = table.books
    number = table.scan(STRANGER, "RCMDEMPTY")[0].parcel
    books.do(leaving.void, number, because="快递站的空箱", by=WAREHOUSE)
    assert books.value("SELECT state FROM parcels") == "void"
    books.check()
    books.do(undoing.undo, by=WAREHOUSE)
    assert books.value("SELECT state FROM parcels") == "inspected"
    books.check()
    table.scan("RCMDNEXT", STRANGER, "TS-L")
    with pytest.raises(Refused, match="1 pieces were counted"):
        books.do(leaving.void, number, because="扫错", by=WAREHOUSE)


def test_missing_accessories_come_back_with_their_piece(table: Table) -> None:
    books = table.books
    number = table.scan(STRANGER)[0].parcel
    books.do(inspection.inspect, number, [inspection.parse_item("CUP=1:C")], missing="杯盖", by=WAREHOUSE)
    leave(books, number, "send_back")
    undo(books)
    assert [each["missing"] for each in books.do(cards.show, number).found] == ["杯盖"]
    books.check()


@pytest.mark.parametrize("way", list(WAYS))
def test_what_may_be_a_waiting_cases_does_not_go_unasked(table: Table, way: str) -> None:
    """The telephone says that it may be the case's (40 points): what is gone comes back to nobody."""
    books = table.books
    case = returning(books, "2850000000000000712", ("TS-L", 1, 5490), waybill="", phone_tail="0101", buyer="褚四")
    number = table.scan(STRANGER)[0].parcel
    books.do(labels.label, number, phone_tail="0101", by=WAREHOUSE)
    with pytest.raises(Refused, match=f"{case}.*--yes"):
        leave(books, number, way)
    leave(books, number, way, sure=True)
    assert books.value("SELECT state FROM parcels WHERE number = :n", n=number) == WAYS[way]
