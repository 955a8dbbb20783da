"""A stop at the terminal books nothing until somebody confirms it; another code is another wish."""

from __future__ import annotations

from typing import Any, cast

import pytest

from retcli.actions.warehouse.bench import last_tables, scanning
from retcli.actions.warehouse.bench.benches import Bench
from retcli.views.warehouse.bench_results import LastTable
from tests.shopfloor import OWNER, WAREHOUSE, Books
from tests.warehouse import Terminal, returning, stock

ORDER, OTHER, BACK, NEXT = "2850000000000000321", "2850000000000000322", "YT5260493176849", "SF1620041173366"
CUT_OFF = "YT52604931"


def answers(table: Terminal, *codes: str) -> list[str]:
    """The word that is said to each code."""
    return [view.outcome for view in table.codes(*codes)]


@pytest.fixture
def table(books: Books) -> Terminal:
    books.hire()
    books.product("CUP")
    books.product("PEN")
    returning(books, ORDER, ("CUP", 2, 8000), waybill=BACK)
    return Terminal(books)


def counted(books: Books) -> dict[str, int]:
    return dict(books.rows("SELECT sku, counted FROM parcel_counts WHERE counted > 0"))


def test_a_piece_too_many_is_booked_only_by_yes(table: Terminal) -> None:
    """申请 2 件，扫到第 3 件：停下，库存一件不动；扫 RCMDYES 才作为暂扣记一件。"""
    answers(table, BACK, "RCMDA", "CUP", "CUP")
    stopped = table.code("CUP")
    assert (stopped.outcome, stopped.to_confirm, "RCMDYES" in stopped.message) == ("stop", True, True)
    assert "CUP: piece 3" in stopped.message
    assert stock(table.books) == {("CUP", "sellable"): 2}
    confirmed = table.code("RCMDYES")
    assert (confirmed.outcome, confirmed.to_confirm) == ("held", False), "it is booked now"
    assert "1 held, no money for it" in confirmed.message
    assert stock(table.books) == {("CUP", "sellable"): 2, ("CUP", "held"): 1}
    assert answers(table, "RCMDUNDO") == ["undone"]
    assert stock(table.books) == {("CUP", "sellable"): 2}
    table.books.check()


@pytest.mark.parametrize("between", ["CUP", "RCMDA", "RCMDLIST", CUT_OFF, BACK])
def test_any_other_code_clears_a_stop(table: Terminal, between: str) -> None:
    answers(table, BACK, "RCMDA", "PEN", between)
    before = stock(table.books)
    said = table.code("RCMDYES")
    assert (said.outcome, stock(table.books)) == ("unknown", before)
    assert ("PEN", "held") not in before


def test_the_same_piece_again_is_no_confirmation(table: Terminal) -> None:
    assert answers(table, BACK, "RCMDA", "PEN", "PEN", "PEN") == ["received", "command", "stop", "stop", "stop"]
    assert stock(table.books) == {}
    assert table.code("RCMDYES").outcome == "held"
    assert stock(table.books) == {("PEN", "held"): 1}


def test_several_pieces_of_which_some_are_too_many(table: Terminal) -> None:
    """RCMDQTY3 加一件，单上只等 2 件：停下；确认后 2 件可售、1 件暂扣，件数不变。"""
    assert answers(table, BACK, "RCMDA", "RCMDQTY3", "CUP")[-1] == "stop"
    assert (stock(table.books), counted(table.books)) == ({}, {})
    answers(table, "RCMDYES")
    assert stock(table.books) == {("CUP", "sellable"): 2, ("CUP", "held"): 1}
    table.books.check()


def test_a_piece_behind_a_code_in_doubt_is_booked_by_yes(table: Terminal) -> None:
    assert answers(table, BACK, CUT_OFF, "CUP") == ["received", "unknown", "stop"]
    assert counted(table.books) == {}
    assert answers(table, "RCMDYES", "CUP") == ["counted", "counted"]
    assert counted(table.books) == {"CUP": 2}


def test_an_old_label_becomes_a_parcel_by_yes(table: Terminal) -> None:
    table.books.order(OTHER, ("PEN", 1, 500))
    ours = f"SF{OTHER[-12:]}"
    assert answers(table, ours)[0] == "stop"
    assert table.books.value("SELECT COUNT(*) FROM parcels WHERE state = 'received'") == 0
    answers(table, "RCMDYES")
    assert table.books.value("SELECT state FROM parcels WHERE waybill = :ours", ours=ours) == "received"


@pytest.mark.parametrize("again", ["RCMDNEXT", "RCMDYES"])
def test_the_next_parcel_is_asked_once_where_pieces_are_missing(table: Terminal, again: str) -> None:
    """单上 2 件，只扫了 1 件就扫 RCMDNEXT：问一次；再扫一次就走。"""
    answers(table, BACK, "CUP")
    asked = table.code("RCMDNEXT")
    assert (asked.outcome, "CUP×1" in asked.message, table.bench.parcel != "") == ("stop", True, True)
    assert (answers(table, again), table.bench.parcel) == (["command"], "")


def test_missing_pieces_that_turn_up_are_counted(table: Terminal) -> None:
    assert answers(table, BACK, "CUP", "RCMDNEXT", "CUP", "RCMDNEXT")[2:] == ["stop", "counted", "command"]


@pytest.mark.parametrize("codes", [(BACK,), (BACK, "CUP", "CUP"), ("RCMDRECEIVE", BACK), (NEXT, "CUP")])
def test_nothing_is_asked_of_parcels_that_are_whole_or_not_opened(table: Terminal, codes: tuple[str, ...]) -> None:
    assert answers(table, *codes, "RCMDNEXT")[-1] == "command"


def test_the_last_missing_piece_sounds_done(table: Terminal) -> None:
    heard = [table.code(code).sound for code in (BACK, "CUP", "CUP", "RCMDLIST", "CUP", "RCMDNEXT", "RCMDEND")]
    assert heard == ["ok", "ok", "done", "ok", "stop", "look", "done"], "look: two pieces have no grade"


def test_from_a_pipe_nobody_confirms_and_nothing_is_lost(table: Terminal) -> None:
    assert table.outcomes(BACK, "RCMDA", "PEN", "RCMDNEXT")[2:] == ["stop", "command"]
    assert stock(table.books) == {("PEN", "held"): 1}


@pytest.mark.parametrize("command", ["RCMDLOCK", "RCMDYES", "RCMDQTY2", "RCMDWHO"])
def test_a_command_of_the_sheet_is_never_another_parcel_s_label(books: Books, command: str) -> None:
    books.hire()
    returning(books, ORDER, ("CUP", 2, 8000), waybill=BACK)
    said = answers(Terminal(books), BACK, command, "CUP")
    assert said[-1] == "counted"


# -- the table that was left ------------------------------------------------------------------------------------------


def offered(books: Books, bench: Bench, by: str = WAREHOUSE) -> LastTable | None:
    offer: Any = last_tables.offer
    return cast("LastTable | None", books.do(offer, bench, by=by))


def test_the_table_that_was_left_comes_back(table: Terminal) -> None:
    """判 C 扫了 1 件，窗口关了；回来扫 RCMDYES：还是那一包、还是判 C，下一件是第 2 件。"""
    answers(table, BACK, "RCMDC", "CUP")
    back = Terminal(table.books)
    offer = offered(table.books, back.bench)
    assert offer is not None
    assert "CUP×1" in offer.sentence()
    assert answers(back, "RCMDYES", "CUP") == ["command", "inspected"]
    assert stock(table.books) == {("CUP", "defective"): 2}
    table.books.check()


def test_another_code_declines_it(table: Terminal) -> None:
    answers(table, BACK, "CUP")
    back = Terminal(table.books)
    offered(table.books, back.bench)
    assert answers(back, "CUP", "RCMDYES") == ["unknown", "unknown"]
    assert back.bench.parcel == ""


@pytest.mark.parametrize("last", ["RCMDEND", "RCMDNEXT"])
def test_a_table_that_was_cleared_is_not_offered(table: Terminal, last: str) -> None:
    answers(table, BACK, "CUP", "CUP", last)
    assert offered(table.books, Bench()) is None


def test_a_table_is_not_offered_to_others_or_after_four_hours(table: Terminal) -> None:
    answers(table, BACK, "CUP")
    assert offered(table.books, Bench(), by=OWNER) is None
    table.books.later(hours=4)
    assert offered(table.books, Bench()) is not None
    table.books.later(minutes=1)
    assert offered(table.books, Bench()) is None


def test_the_mode_of_the_table_comes_back(table: Terminal) -> None:
    answers(table, "RCMDRECEIVE", BACK)
    back = Terminal(table.books)
    offered(table.books, back.bench)
    assert answers(back, "RCMDYES", "CUP") == ["command", "unknown"]
    assert table.books.do(scanning.scan, back.bench, "RCMDCHECK", 99.0, by=WAREHOUSE).outcome == "command"


@pytest.mark.parametrize(
    "begun",
    [["RCMDQTY3"], ["CUP"], ["RCMDSHELF"], ["RCMDNOTE"], ["RCMDQTY2", "CUP"]],
    ids=["a quantity", "a stop", "a shelf asked for", "a note asked for", "a stop of several"],
)
def test_undo_first_drops_what_waits(table: Terminal, begun: list[str]) -> None:
    """2 件已记。扫错了件数、停下待确认、等着写货架：RCMDUNDO 只取消这一步，2 件不动；再扫一次才撤销上一件。"""
    answers(table, BACK, "RCMDA", "CUP", "CUP", *begun)
    dropped = table.code("RCMDUNDO")
    assert (dropped.outcome, dropped.to_confirm) == ("command", False)
    assert "nothing that was booked is taken back" in dropped.message
    assert stock(table.books) == {("CUP", "sellable"): 2}
    assert answers(table, "RCMDUNDO") == ["undone"]
    assert stock(table.books) == {("CUP", "sellable"): 1}
    assert answers(table, "CUP") == ["inspected"], "it counts as one"
    assert stock(table.books) == {("CUP", "sellable"): 2}
