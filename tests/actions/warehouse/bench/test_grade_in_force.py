"""The grade in force is one parcel's: the next one begins without, unless somebody locks the grade."""

from __future__ import annotations

import pytest

from retcli.actions.warehouse.bench import scanning
from tests.shopfloor import Books
from tests.warehouse import Table, returning, stock

ONE, TWO = "2850000000000000081", "2850000000000000082"
BACK, NEXT, STRANGER = "YT5260493176849", "SF1620041173366", "SF1888888888888"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    books.product("TS-L")
    returning(books, ONE, ("TS-L", 1, 5490), waybill=BACK)
    returning(books, TWO, ("TS-L", 1, 5490), waybill=NEXT)
    return Table(books)


@pytest.mark.parametrize("between", [(), ("RCMDNEXT",), (STRANGER,)])
def test_a_grade_ends_with_its_parcel(table: Table, between: tuple[str, ...]) -> None:
    """上一件判了次品，下一件没人判过：只点数，等验货，不会悄悄也算次品。"""
    said = table.outcomes(BACK, "RCMDC", "TS-L", *between, NEXT, "TS-L")
    assert said[-1] == "counted"
    assert stock(table.books) == {("TS-L", "defective"): 1, ("TS-L", "pending"): 1}
    table.books.check()


def test_a_grade_scanned_on_an_empty_table_is_the_next_parcel_s(table: Table) -> None:
    assert table.outcomes("RCMDA", BACK, "TS-L", NEXT, "TS-L")[2::2] == ["inspected", "counted"]


def test_a_locked_grade_stays_until_it_is_let_go(table: Table) -> None:
    said = table.scan("RCMDLOCK", "RCMDA", "RCMDLOCK", BACK, "TS-L", "RCMDNEXT", NEXT, "TS-L")
    assert [view.outcome for view in said] == [
        "unknown", "command", "command", "received", "inspected", "command", "received", "inspected",
    ]  # fmt: skip
    assert "RCMDPENDING" in said[2].message
    assert table.outcomes("RCMDPENDING", STRANGER, "TS-L") == ["command", "unclaimed", "counted"]


def test_another_grade_is_not_locked(table: Table) -> None:
    said = table.outcomes("RCMDA", "RCMDLOCK", BACK, "RCMDC", "TS-L", NEXT, "TS-L")
    assert said[-1] == "counted"
    assert stock(table.books)["TS-L", "defective"] == 1


def test_the_same_parcel_read_again_keeps_its_grade(table: Table) -> None:
    said = table.outcomes(BACK, "RCMDC", BACK, "TS-L")
    assert said[-1] == "inspected"


def test_what_is_in_force_and_missing_is_told_at_the_terminal(table: Table) -> None:
    def at_terminal(code: str) -> str:
        view = table.books.do(scanning.scan, table.bench, code, 1.0)
        return view.prompt.sentence() if view.prompt else ""

    first, number = at_terminal(BACK), table.books.value("SELECT number FROM parcels ORDER BY id LIMIT 1")
    short = f"PK…{number.partition('-')[2]}"
    assert first == f"checking, counting {short} 0/1, missing TS-L×1"
    assert at_terminal("RCMDA") == f"checking, A as new {short} 0/1, missing TS-L×1"
    assert at_terminal("TS-L") == f"checking, A as new {short} 1/1"
    assert at_terminal("RCMDNEXT") == ""
    assert at_terminal("RCMDC") == "checking, C defective"
    assert at_terminal("RCMDLOCK") == "checking, C defective, locked"
    assert at_terminal(STRANGER).startswith("checking, C defective, locked PK")
