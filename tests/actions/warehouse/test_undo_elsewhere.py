"""What is taken back is said by grade and pieces, and asked about first where it is not of what lies on the table."""

from __future__ import annotations

import pytest

from retcli.actions.warehouse import inspection
from retcli.actions.warehouse.bench import last_tables
from retcli.transaction import opened
from tests.shopfloor import WAREHOUSE, Books
from tests.warehouse import Terminal, returning, stock

ORDER, OTHER = "2850000000000000301", "2850000000000000302"
BACK, NEXT, STRANGE = "YT5260493176849", "SF1620041173366", "SF1234567890123"


@pytest.fixture
def table(books: Books) -> Terminal:
    books.hire()
    books.product("CUP")
    books.product("PEN")
    returning(books, ORDER, ("CUP", 2, 8000), ("PEN", 1, 500), waybill=BACK)
    returning(books, OTHER, ("CUP", 1, 8000), waybill=NEXT)
    return Terminal(books)


def number(books: Books, waybill: str) -> str:
    return str(books.value("SELECT number FROM parcels WHERE waybill = :w", w=waybill))


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        (("RCMDA", "CUP"), "graded A as new: CUP×1"),
        (("CUP",), "counted CUP×1"),
        (("CUP", "CUP", "RCMDC", "RCMDQTY2", "CUP"), "graded C defective: CUP×2"),
        (("RCMDA", "RCMDALL"), "graded A as new: CUP×2, graded A as new: PEN×1"),
        (("RCMDA", "PEN", "PEN", "RCMDYES"), "held PEN×1"),
        (("RCMDB", "PEN", "RCMDLIST"), "graded B opened: PEN×1"),
        ((), "arrival"),
        (("RCMDSHELF", "A-03"), "put on a shelf"),
    ],
)
def test_what_was_taken_back_is_said(table: Terminal, codes: tuple[str, ...], told: str) -> None:
    view = table.code(BACK, *codes, "RCMDUNDO")
    assert view.outcome == "undone"
    assert view.message == f"taken back: {told} ({number(table.books, BACK)})"
    table.books.check()


def test_a_corrected_grade_is_again_what_it_was(table: Terminal) -> None:
    """判了 X 又改判良品，撤销：说清又算 X 了。"""
    table.code(BACK, "RCMDX", "PEN", "RCMDA", "PEN")
    said = table.code("RCMDUNDO").message
    assert said.startswith("taken back: graded A as new: PEN×1, X not of this order again"), said


def test_by_command_it_says_so_too(table: Terminal) -> None:
    from retcli.actions.cases import undoing

    table.books.do(inspection.inspect, BACK, [inspection.parse_item("CUP=2:C")], by=WAREHOUSE)
    view = table.books.do(undoing.undo, by=WAREHOUSE)
    assert [each.sentence() for each in view.undone_pieces] == ["graded C defective: CUP×2"]


@pytest.mark.parametrize("then", [(NEXT,), ("RCMDNEXT",), ("RCMDNEXT", NEXT, "RCMDNEXT")], ids=str)
def test_another_parcel_of_this_round_is_asked_about(table: Terminal, then: tuple[str, ...]) -> None:
    """前一包判了一件，台上换了包：RCMDUNDO 先撤台上这包的；再往前先说是哪一包、哪一件，扫 RCMDYES 才撤。"""
    table.code(BACK, "RCMDA", "CUP", "CUP", "PEN", *then)
    if NEXT in then:
        assert number(table.books, NEXT) in table.code("RCMDUNDO").message
        if then[-1] != NEXT:
            assert table.code("RCMDYES").outcome == "undone"
    before = stock(table.books)
    asked = table.code("RCMDUNDO")
    assert (asked.outcome, asked.to_confirm, stock(table.books)) == ("stop", True, before)
    assert "not of what lies on the table, nothing is done" in asked.message
    assert f"graded A as new: PEN×1 ({number(table.books, BACK)})" in asked.message
    assert table.code("RCMDYES").outcome == "undone"
    assert ("PEN", "sellable") not in stock(table.books)
    table.books.check()


def test_another_code_drops_the_question(table: Terminal) -> None:
    table.code(BACK, "RCMDA", "CUP", "CUP", "PEN", "RCMDNEXT", "RCMDUNDO", "RCMDWHO")
    assert table.code("RCMDYES").outcome == "unknown"
    assert stock(table.books) == {("CUP", "sellable"): 2, ("PEN", "sellable"): 1}


def test_a_note_on_a_case_of_another_parcel_is_asked_about(table: Terminal) -> None:
    table.code(BACK, "RCMDNOTE", "压坏了", NEXT, "RCMDUNDO")
    asked = table.code("RCMDUNDO")
    assert (asked.outcome, "note" in asked.message) == ("stop", True)
    assert table.code(BACK, "RCMDUNDO").outcome == "undone"


def test_what_is_confirmed_is_what_was_named(table: Terminal) -> None:
    """问的是那一件；确认前别的窗口又记了一件：重新问，不会撤到没说过的那一件。"""
    table.code(BACK, "RCMDA", "CUP", "RCMDNEXT")
    table.code("RCMDNEXT")
    table.code("RCMDUNDO")
    other = Terminal(table.books)
    other.bench.session = table.bench.session
    other.code(NEXT, "RCMDC", "CUP")
    asked = table.code("RCMDYES")
    assert (asked.outcome, "graded C defective: CUP×1" in asked.message) == ("stop", True)
    assert table.code("RCMDYES").outcome == "undone"
    assert stock(table.books) == {("CUP", "sellable"): 1}


def test_after_a_kill_it_asks_before_the_table_is_taken_up(table: Terminal) -> None:
    table.code(BACK, "RCMDA", "CUP")
    back = Terminal(table.books)
    with opened(table.books.asked(WAREHOUSE)) as shop:
        last_tables.offer(shop, back.bench)
    asked = back.code("RCMDUNDO")
    assert (asked.outcome, stock(table.books)) == ("stop", {("CUP", "sellable"): 1})
    assert "nothing in this round is left to take back" in asked.message
    assert f"graded A as new: CUP×1 ({number(table.books, BACK)})" in asked.message


def test_after_a_kill_it_takes_back_at_once_on_the_table_that_was_taken_up(table: Terminal) -> None:
    table.code(BACK, "RCMDA", "CUP")
    back = Terminal(table.books)
    with opened(table.books.asked(WAREHOUSE)) as shop:
        last_tables.offer(shop, back.bench)
    assert back.code("RCMDYES", "RCMDUNDO").outcome == "undone"
    assert stock(table.books) == {}


def test_from_a_pipe_nobody_can_be_asked(table: Terminal) -> None:
    table.scan(BACK, "RCMDA", "CUP", "RCMDNEXT")
    said = table.scan("RCMDUNDO")[0]
    assert (said.outcome, said.heading, "retcli undo" in said.message) == ("unknown", "nothing booked", True)
    assert stock(table.books) == {("CUP", "sellable"): 1}


def test_from_a_pipe_a_piece_too_many_is_called_what_it_is(table: Terminal) -> None:
    """没人在场确认，多的那件照样扣押入账：那一行说「暂扣」，不说「停」。"""
    view = table.scan(NEXT, "RCMDA", "CUP", "CUP")[-1]
    assert (view.heading, view.exit_code) == ("held", 3)
    assert stock(table.books) == {("CUP", "sellable"): 1, ("CUP", "held"): 1}
