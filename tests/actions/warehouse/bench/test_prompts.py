"""The prompt shows all that is in force before the next code: grade, parcel, pieces, how many, and what is open."""

from __future__ import annotations

import pytest

from retcli.actions.warehouse.bench import last_tables, prompts, scanning
from retcli.transaction import opened
from tests.shopfloor import WAREHOUSE, Books
from tests.warehouse import Table, returning

ORDER, OTHER = "2850000000000000081", "2850000000000000082"
BACK, NEXT, STRANGER = "YT5260493176849", "SF1620041173366", "SF1888888888888"
CUT_OFF = "YT52604931"


class Prompting(Table):
    """Somebody at a terminal, who reads what stands before the next code."""

    seconds = 0.0

    def prompt(self, *codes: str) -> str:
        """What stands before the code after some codes, with the parcel's number as it is there."""
        told = ""
        for code in codes:
            self.seconds += 1
            view = self.books.do(scanning.scan, self.bench, code, self.seconds, by=WAREHOUSE)
            told = view.prompt.sentence() if view.prompt else ""
        number = self.books.value("SELECT number FROM parcels ORDER BY id LIMIT 1") or "-"
        return told.replace(f"PK…{number.partition('-')[2]}", "PK").replace(number, "PK")


@pytest.fixture
def table(books: Books) -> Prompting:
    books.hire()
    books.product("CUP")
    books.product("PEN")
    returning(books, ORDER, ("CUP", 2, 8000), ("PEN", 1, 500), waybill=BACK)
    return Prompting(books)


def test_several_pieces_are_shown_until_they_are_counted(table: Prompting) -> None:
    """扫了 RCMDQTY2 走开一会儿：回来一看就知道下一件算 2 件。"""
    assert table.prompt(BACK, "RCMDQTY2") == "checking, counting PK 0/3, missing CUP×2, PEN×1, next ×2"
    assert table.prompt("RCMDA") == "checking, A as new PK 0/3, missing CUP×2, PEN×1, next ×2"
    assert table.prompt("CUP") == "checking, A as new PK 2/3, missing PEN×1"


def test_several_on_an_empty_table(table: Prompting) -> None:
    assert table.prompt("RCMDQTY2") == "checking, counting, next ×2"


def test_pieces_of_another_order_count_apart(table: Prompting) -> None:
    """单上 3 件，收到 2 件对的、1 件别人的：2/3，另有非本单 1 件，不是 3/3。"""
    assert table.prompt(BACK, "RCMDA", "CUP", "RCMDX", "CUP").startswith("checking, X")
    assert table.prompt("RCMDA", "PEN") == "checking, A as new PK 2/3 +1 X, missing CUP×1"


def test_pieces_that_nobody_waits_for_count_apart(table: Prompting) -> None:
    table.prompt(BACK, "RCMDA", "PEN", "PEN", "RCMDYES")
    assert table.prompt("RCMDLIST") == "checking, A as new PK 1/3 +1 X, missing CUP×2"


@pytest.mark.parametrize(
    ("codes", "question"),
    [
        ((BACK, "RCMDA", "PEN", "PEN"), "RCMDYES: books PEN"),
        ((BACK, "CUP", "RCMDNEXT"), "RCMDYES: leaves it so"),
        ((BACK, CUT_OFF, "RCMDALL"), "RCMDYES: does RCMDALL"),
        ((BACK, CUT_OFF), f"{CUT_OFF}? its label first"),
        ((BACK, CUT_OFF, "CUP"), "RCMDYES: books CUP"),
        ((BACK, "RCMDSHELF"), "next line: the shelf"),
        ((BACK, "RCMDWEIGHT"), "next line: the weight"),
        ((BACK, "RCMDNOTE"), "next line: the note"),
        (("6901234567890128",), ""),
    ],
)
def test_what_is_open_is_shown(table: Prompting, codes: tuple[str, ...], question: str) -> None:
    assert table.prompt(*codes).rpartition("; ")[2] == question


@pytest.mark.parametrize("next_one", ["RCMDLIST", "RCMDUNDO"])
def test_what_is_not_open_any_more_is_not_shown(table: Prompting, next_one: str) -> None:
    assert "RCMDYES" not in table.prompt(BACK, "RCMDA", "PEN", "PEN", next_one)


def test_what_is_to_be_taken_back_elsewhere(table: Prompting) -> None:
    table.prompt(BACK, "CUP", "CUP", "PEN", "RCMDNEXT")
    assert table.prompt("RCMDUNDO") == "checking, counting; RCMDYES: takes it back"


def test_a_table_that_is_offered(table: Prompting) -> None:
    table.prompt(BACK, "CUP")
    back = Prompting(table.books)
    with opened(table.books.asked(WAREHOUSE)) as shop:
        last_tables.offer(shop, back.bench)
        told = prompts.in_force(shop, back.bench)
    assert told is not None
    assert told.sentence().startswith("checking, counting; RCMDYES: goes on with PK…")
    assert back.prompt("RCMDYES") == "checking, counting PK 1/3, missing CUP×1, PEN×1"


def test_none_is_no_quantity(table: Prompting) -> None:
    """RCMDQTY0：说明一件都不记，空包、多点了各该怎么办；已经定的件数不动。"""
    table.prompt(BACK, "RCMDQTY2")
    view = table.scan("RCMDQTY0", at=99.0)[0]
    assert (view.outcome, view.heading) == ("unknown", "nothing booked")
    assert view.message == (
        "0 pieces count nothing: nothing is booked. Nothing in the box: RCMDEMPTY; counted too many: RCMDUNDO"
    )
    assert (table.bench.pieces, table.bench.in_doubt) == (2, "")
