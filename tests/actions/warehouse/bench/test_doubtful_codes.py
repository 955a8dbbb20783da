"""A code that nobody understood may have been the next parcel's label: what follows it is not the last parcel's."""

from __future__ import annotations

import pytest

from tests.shopfloor import Books
from tests.warehouse import Table, attached, returning, stock

ONE, TWO, THREE = "2850000000000000061", "2850000000000000062", "2850000000000000063"
BACK, NEXT, STRANGER = "75300000000021", "YT9000000000022", "SF1620041173366"
CUT_OFF, BARCODE = "YT900000000022", "6901234567892"
DOUBTFUL = [CUT_OFF, "6901234567893", "13812345678", "LP00012345678901", TWO, "HELLO", f"HELLO {BARCODE}", "RCMDNXT"]


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    books.product("TS-M", barcode=BARCODE)
    returning(books, ONE, ("TS-M", 2, 10980), waybill=BACK)
    returning(books, TWO, ("TS-M", 1, 5490), waybill=NEXT)
    return Table(books)


def counts(books: Books) -> list[tuple[str, int]]:
    query = "SELECT p.waybill, c.counted FROM parcel_counts c JOIN parcels p ON p.id = c.parcel_id ORDER BY p.waybill"
    return [(waybill, n) for waybill, n in books.rows(query)]


@pytest.mark.parametrize("code", DOUBTFUL)
def test_a_piece_behind_a_code_in_doubt_is_not_the_last_parcel_s(table: Table, code: str) -> None:
    said = table.scan(BACK, "RCMDA", BARCODE, code, BARCODE, "ts-m")
    assert [view.outcome for view in said[4:]] == ["stop", "stop"]
    shown = "138****5678" if code == "13812345678" else code.replace(" ", "")
    assert shown in said[4].message
    assert "RCMDNEXT" in said[4].message
    assert counts(table.books) == [(BACK, 1)]
    assert stock(table.books) == {("TS-M", "sellable"): 1}
    table.books.check()


def test_the_next_label_that_is_read_takes_the_pieces(table: Table) -> None:
    assert table.outcomes(BACK, "RCMDA", BARCODE, CUT_OFF, BARCODE, NEXT, BARCODE)[4:] == [
        "stop", "received", "counted",
    ]  # fmt: skip
    assert counts(table.books) == [(BACK, 1), (NEXT, 1)]
    table.books.check()


def test_the_same_label_says_that_it_is_still_this_parcel(table: Table) -> None:
    """What was counted before the doubt stays counted, and the next piece is the second."""
    said = table.scan(BACK, "RCMDA", BARCODE, CUT_OFF, BARCODE, BACK, BARCODE)
    assert [view.outcome for view in said[4:]] == ["stop", "duplicate", "inspected"]
    assert "TS-M×1" in said[5].message
    assert "piece 2" in said[6].message
    assert counts(table.books) == [(BACK, 2)]
    assert table.outcomes(BACK, BARCODE, BARCODE) == ["duplicate"] * 3, "without a doubt the label begins anew"
    table.books.check()


def test_a_parcel_being_read_again_goes_on_where_it_was(table: Table) -> None:
    """Two pieces counted; read again, a doubt behind the first: the second is no third one."""
    said = table.scan(BACK, BARCODE, BARCODE, BACK, BARCODE, CUT_OFF, BARCODE, BACK, BARCODE)
    assert [view.outcome for view in said[4:]] == ["duplicate", "unknown", "stop", "duplicate", "duplicate"]
    assert "TS-M×1 counted before are not read again yet" in said[7].message
    assert counts(table.books) == [(BACK, 2)]


def test_a_parcel_of_an_earlier_day_is_read_again_from_its_first_piece_also_behind_a_doubt(table: Table) -> None:
    """头一天点了 1 件；今天扫面单、错码、面单：说的是先重扫点过的那件，第二件才算新的。"""
    table.scan(BACK, BARCODE)
    said = Table(table.books).scan(BACK, CUT_OFF, BACK, BARCODE, BARCODE)
    assert "TS-M×1 counted before are not read again yet" in said[2].message
    assert [view.outcome for view in said[3:]] == ["duplicate", "counted"]
    again = Table(table.books).scan(BACK, BARCODE, BARCODE, CUT_OFF, BACK)
    assert "go on with what is not counted yet" in again[4].message


def test_rcmdnext_ends_the_doubt_with_its_parcel(table: Table) -> None:
    said = table.outcomes(BACK, BARCODE, CUT_OFF, "RCMDNEXT", BARCODE, BACK, BARCODE, BARCODE)
    assert said[2:] == ["unknown", "command", "unknown", "duplicate", "duplicate", "counted"]
    assert counts(table.books) == [(BACK, 2)]


@pytest.mark.parametrize("between", ["RCMDC", "RCMDPENDING", "RCMDA"])
def test_a_grade_does_not_end_a_doubt(table: Table, between: str) -> None:
    assert table.outcomes(BACK, CUT_OFF, between, BARCODE)[3] == "stop"
    assert counts(table.books) == []


def test_a_slip_behind_a_code_in_doubt_does_not_take_the_last_parcel(table: Table) -> None:
    returning(table.books, THREE, ("TS-M", 1, 5490), waybill="")
    before = attached(table.books)
    assert table.outcomes(STRANGER, BARCODE, CUT_OFF, THREE) == ["unclaimed", "counted", "unknown", "stop"]
    assert attached(table.books) == before
    assert table.outcomes(STRANGER, THREE) == ["duplicate", "received"]


def test_on_an_empty_table_nothing_is_in_doubt(table: Table) -> None:
    assert table.outcomes(CUT_OFF, BACK, BARCODE) == ["unknown", "received", "counted"]
