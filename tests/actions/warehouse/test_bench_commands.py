"""Commands of the sheet beside the bench: several at once, all that is missing, shelf, weight, note, modes."""

from __future__ import annotations

import pytest

from retcli.actions.warehouse.bench.bench_commands import grams_of
from retcli.views.warehouse.scans import ScanView
from tests.shopfloor import Books
from tests.warehouse import Table, returning, stock

ORDER, BACK = "2850000000000000321", "YT5260493176849"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    books.product("CUP")
    books.product("PEN")
    return Table(books)


def last(views: list[ScanView]) -> ScanView:
    return views[-1]


def test_the_next_piece_counts_as_several(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 5, 8000), waybill=BACK)
    table.scan(BACK, "RCMDA", "RCMDQTY3", "CUP", "CUP")
    assert stock(table.books) == {("CUP", "sellable"): 4}
    assert last(table.scan("RCMDQTY0")).outcome == "unknown"
    table.books.check()


def test_all_that_is_missing_at_once(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 3, 8000), ("PEN", 2, 500), waybill=BACK)
    table.scan(BACK, "CUP", "RCMDA", "PEN")
    assert last(table.scan("RCMDALL")).outcome == "inspected"
    assert stock(table.books) == {("CUP", "sellable"): 3, ("PEN", "sellable"): 2}
    assert last(table.scan("RCMDALL")).outcome == "unknown"
    assert last(table.scan("RCMDUNDO")).outcome == "undone"
    assert stock(table.books) == {("CUP", "pending"): 1, ("PEN", "sellable"): 1}
    table.books.check()


def test_several_pieces_are_not_several_of_all(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 3, 8000), ("PEN", 2, 500), waybill=BACK)
    table.scan(BACK, "RCMDQTY3", "RCMDALL")
    assert stock(table.books) == {("CUP", "pending"): 3, ("PEN", "pending"): 2}


def test_all_is_none_in_a_round_that_only_receives(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 3, 8000), waybill=BACK)
    assert table.outcomes("RCMDRECEIVE", BACK, "RCMDALL")[-1] == "unknown"
    assert stock(table.books) == {}


@pytest.mark.parametrize("command", ["RCMDALL", "RCMDEMPTY", "RCMDSHELF", "RCMDWEIGHT", "RCMDNOTE"])
def test_nothing_is_written_of_a_parcel_behind_a_label_that_nobody_understood(table: Table, command: str) -> None:
    """前一个码没认出来，可能是另一包的面单：这时什么都不写到台上这一包。"""
    returning(table.books, ORDER, ("CUP", 3, 8000), waybill=BACK)
    assert table.outcomes(BACK, "HELLO?", command) == ["received", "unknown", "stop"]
    assert (stock(table.books), table.bench.awaits) == ({}, "")


@pytest.mark.parametrize("command", ["RCMDSHELF", "RCMDWEIGHT", "RCMDNOTE"])
@pytest.mark.parametrize("code", ["SF1620041173366", "6901234567892", BACK, "CUP"])
def test_a_label_or_barcode_is_no_text(table: Table, command: str, code: str) -> None:
    """扫了 RCMDNOTE 忘了打字，接着扫下一件：不能当备注吞掉。"""
    returning(table.books, ORDER, ("CUP", 3, 8000), waybill=BACK)
    view = last(table.scan(BACK, command, code))
    assert (view.outcome, "nothing is written" in view.message) == ("unknown", True)
    assert [tuple(row) for row in table.books.rows("SELECT shelf, weight FROM parcels")] == [(None, None)]
    assert table.books.rows("SELECT text FROM notes") == []


def test_all_only_counted(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 3, 8000), waybill=BACK)
    table.scan(BACK, "CUP")
    view = last(table.scan("RCMDALL"))
    assert (view.outcome, stock(table.books)) == ("counted", {("CUP", "pending"): 3})
    assert view.parcel


def test_where_it_was_put_and_what_it_weighs(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 1, 8000), waybill=BACK)
    table.scan(BACK, "RCMDSHELF", "a-03", "RCMDWEIGHT", "1.25kg")
    query = "SELECT shelf, weight FROM parcels"
    assert [tuple(row) for row in table.books.rows(query)] == [("A-03", 1250)]
    table.scan("RCMDUNDO", "RCMDUNDO")
    assert [tuple(row) for row in table.books.rows(query)] == [(None, None)]
    table.books.check()


@pytest.mark.parametrize(
    ("typed", "grams"),
    [("850", 850), ("850g", 850), ("850克", 850), ("1.25kg", 1250), ("1.25", 1250), ("2公斤", 2000), ("0", None),
     ("6901234567892", None), ("1.5g", None), ("heavy", None), ("100001", None)],
)  # fmt: skip
def test_weights(typed: str, grams: int | None) -> None:
    assert grams_of(typed) == grams


def test_a_note_on_the_case_of_the_parcel(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 1, 8000), waybill=BACK)
    table.scan(BACK, "RCMDNOTE", "盒子 压坏了")
    assert [text for (text,) in table.books.rows("SELECT text FROM notes")] == ["盒子 压坏了"]
    assert last(table.scan("RCMDUNDO")).outcome == "undone"
    table.books.check()


def test_a_command_instead_of_the_text(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 1, 8000), waybill=BACK)
    assert table.outcomes(BACK, "RCMDNOTE", "RCMDA", "CUP")[-1] == "inspected"
    assert table.books.rows("SELECT text FROM notes") == []


def test_a_round_that_only_receives(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 1, 8000), waybill=BACK)
    assert table.outcomes("RCMDRECEIVE", BACK, "CUP") == ["command", "received", "unknown"]
    assert table.outcomes("RCMDCHECK", "CUP")[-1] == "counted"
    assert table.books.value("SELECT mode FROM scans WHERE code = 'CUP' ORDER BY id LIMIT 1") == "receiving"


def test_the_last_five_and_who(table: Table) -> None:
    table.scan("A1", "A2", "A3", "A4", "A5", "A6")
    message = last(table.scan("RCMDLIST")).message
    assert all(f"A{n}" in message for n in range(2, 7))
    assert "A1" not in message
    assert "阿强" in last(table.scan("RCMDWHO")).message
    assert "RCMDUNDO" in last(table.scan("RCMDHELP")).message
