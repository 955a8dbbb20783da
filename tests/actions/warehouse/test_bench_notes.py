"""What a bench writes on the cases of its parcel: that the rest is not in it, that somebody must look at it."""

from __future__ import annotations

import pytest

from tests.shopfloor import Books
from tests.warehouse import Table, returning, stock

ORDER, BACK = "2850000000000000321", "YT5260493176849"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    books.product("CUP")
    books.product("PEN")
    returning(books, ORDER, ("CUP", 2, 8000), ("PEN", 1, 500), waybill=BACK)
    return Table(books)


def told(books: Books) -> list[str]:
    return [text for (text,) in books.rows("SELECT text FROM notes")]


def test_what_is_not_in_it_is_noted_on_the_case(table: Table) -> None:
    """应有 2 杯 1 笔，只有 1 杯：记下缺 1 杯 1 笔，下一包不再问。"""
    view = table.scan(BACK, "CUP", "RCMDSHORT")[-1]
    assert (view.outcome, "not in it: CUP×1, PEN×1" in view.message) == ("command", True)
    assert told(table.books) == [f"{view.parcel}: not in it: CUP×1, PEN×1"]
    assert table.scan("RCMDNEXT", at=9.0)[0].outcome == "command"
    table.books.check()


def test_it_is_taken_back(table: Table) -> None:
    table.scan(BACK, "CUP", "RCMDSHORT")
    assert table.outcomes("RCMDUNDO") == ["undone"]
    assert table.books.value("SELECT COUNT(*) FROM acts WHERE kind = 'undo_note' AND row_id IS NOT NULL") == 1
    table.books.check()


@pytest.mark.parametrize(
    ("codes", "says"),
    [((BACK,), "RCMDEMPTY"), ((BACK, "CUP", "CUP", "PEN"), "nothing is missing"), ((), "scan the parcel")],
)
def test_where_nothing_can_be_short(table: Table, codes: tuple[str, ...], says: str) -> None:
    view = table.scan(*codes, "RCMDSHORT")[-1]
    assert (view.outcome, says in view.message, told(table.books)) == ("unknown", True, [])


def test_a_parcel_put_aside_has_a_red_flag_until_that_is_taken_back(table: Table) -> None:
    flag = "SELECT flag FROM cases"
    view = table.scan(BACK, "RCMDHOLD")[-1]
    assert (view.outcome, table.books.value(flag)) == ("command", "red")
    assert told(table.books) == [f"{view.parcel} was put aside at the table: somebody must look at it"]
    assert table.outcomes("RCMDUNDO") == ["undone"]
    assert table.books.value(flag) is None
    table.books.check()


def test_wrong_goods_are_held(table: Table) -> None:
    assert table.outcomes(BACK, "RCMDWRONG", "CUP")[-1] == "inspected"
    assert stock(table.books) == {("CUP", "held"): 1}


@pytest.mark.parametrize("command", ["RCMDSHORT", "RCMDHOLD"])
def test_nothing_is_written_behind_a_label_in_doubt(table: Table, command: str) -> None:
    assert table.outcomes(BACK, "CUP", "HELLO?", command)[-1] == "stop"
    assert told(table.books) == []
