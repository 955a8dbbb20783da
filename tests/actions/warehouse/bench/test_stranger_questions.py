"""At a terminal a stranger's parcel is asked about; from a pipe nothing is asked; it may be refused at the door."""

from __future__ import annotations

import pytest

from retcli.actions.warehouse.strangers import cards
from tests.shopfloor import Books
from tests.warehouse import Table, attached, returning, stock

ONE, STRANGER, OTHER, BACK = "2850000000000000061", "SF1620041173366", "SF1620041173399", "YT9000000000022"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    books.product("TS-L")
    return Table(books)


def known(books: Books) -> tuple[str, str, str | None]:
    """What is written down of the first stranger: the telephone's end, the sender, the shelf."""
    card = books.do(cards.show, "无主-001")
    label = card.label
    return (label.phone_tail if label else "", label.full_sender if label else "", card.parcel.shelf)


def test_tail_sender_and_shelf_are_asked_one_after_the_other(table: Table) -> None:
    said = [table.scan(code, at=n)[0] for n, code in enumerate((STRANGER, "138****5678", "王小明", "a-03"))]
    assert "unclaimed-001" in said[0].message
    assert ["Enter skips" in view.message for view in said] == [True, True, True, False]
    assert known(table.books) == ("5678", "王小明", "A-03")
    assert table.scan("TS-L", at=9)[0].outcome == "counted"
    table.books.check()


def test_enter_skips_each(table: Table) -> None:
    for n, code in enumerate((STRANGER, "", "", "B-01")):
        table.scan(code, at=n)
    assert known(table.books) == ("", "", "B-01")


@pytest.mark.parametrize(("code", "outcome"), [(OTHER, "unclaimed"), ("TS-L", "counted"), ("RCMDA", "command")])
def test_any_code_ends_the_asking_and_is_done(table: Table, code: str, outcome: str) -> None:
    table.scan(STRANGER, at=0)
    assert table.scan(code, at=1)[0].outcome == outcome
    assert known(table.books) == ("", "", None)


def test_from_a_pipe_nothing_is_asked(table: Table) -> None:
    view = table.scan(STRANGER)[0]
    assert "Enter" not in view.message
    assert table.bench.awaits == ""


def test_what_was_answered_is_taken_back_one_by_one(table: Table) -> None:
    for n, code in enumerate((STRANGER, "5678", "王小明")):
        table.scan(code, at=n)
    table.scan("RCMDUNDO", at=5)
    assert known(table.books)[:2] == ("5678", "")
    table.scan("RCMDUNDO", at=6)
    assert known(table.books)[:2] == ("", "")
    table.books.check()


def test_a_parcel_is_refused_at_the_door(table: Table) -> None:
    books = table.books
    number = table.scan(STRANGER, at=0)[0].parcel
    assert table.scan("RCMDREJECT", at=1)[0].outcome == "command"
    assert books.value("SELECT state FROM parcels") == "turned_away"
    assert (table.bench.parcel, stock(books)) == ("", {})
    table.scan("RCMDUNDO", at=2)
    table.scan("RCMDYES", at=3)
    assert books.value("SELECT state FROM parcels") == "received"
    assert books.do(cards.show, number).parcel.number == number
    books.check()


def test_what_a_case_waits_for_and_what_was_opened_is_not_refused(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill=BACK)
    assert table.outcomes(BACK, "RCMDREJECT", "RCMDNEXT", STRANGER, "TS-L", "RCMDREJECT")[1::4] == ["stop", "stop"]
    assert attached(books) == [(BACK, case)]
    assert set(books.rows("SELECT state FROM parcels")) == {("received",)}
    books.check()
