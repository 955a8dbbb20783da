"""The sheet of commands: each is told of in HELP and on the pages; what is none books nothing and names the nearest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from retcli.actions.warehouse import inspection
from retcli.actions.warehouse.bench import scanned_commands
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.strangers import cards
from tests.shopfloor import WAREHOUSE, Books
from tests.warehouse import Table, returning, stock

ORDER, BACK, STRANGE = "2850000000000000321", "YT5260493176849", "SF1234567890123"
ROOT = Path(__file__).parents[4]


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    books.product("CUP")
    return Table(books)


def named(text: str) -> set[str]:
    """The commands that a text names."""
    return set(re.findall(r"RCMD[A-Z]+\d*", text))


def test_every_command_is_in_help(table: Table) -> None:
    assert set(scanned_commands.COMMANDS) == named(table.scan("RCMDHELP")[0].message) | {"RCMDQTY3"}


@pytest.mark.parametrize("page", ["docs/guide.md", "docs/guide.zh-CN.md"])
def test_every_command_is_on_the_page(page: str) -> None:
    assert not set(scanned_commands.COMMANDS) - named((ROOT / page).read_text(encoding="utf-8"))


def test_the_page_of_the_warehouse_tells_what_names_all_commands() -> None:
    """它五分钟要看完：只写天天用的，其余的扫 RCMDHELP。"""
    named_there = named((ROOT / "docs/warehouse.zh-CN.md").read_text(encoding="utf-8"))
    daily = {"RCMDHELP", "RCMDYES", "RCMDUNDO", "RCMDRECEIVE", "RCMDCHECK"}
    assert daily <= named_there <= set(scanned_commands.COMMANDS)


@pytest.mark.parametrize(
    ("code", "nearest"),
    [("RCMDUNDOO", "RCMDUNDO"), ("RCMDEMPT", "RCMDEMPTY"), ("RCMDQTY", "RCMDQTY3"),
     ("RCMDQTY1000", "RCMDQTY3"), ("RCMDZZZZZZ", "RCMDHELP")],
)  # fmt: skip
def test_an_unknown_command_books_nothing_and_names_the_nearest(table: Table, code: str, nearest: str) -> None:
    returning(table.books, ORDER, ("CUP", 1, 8000), waybill=BACK)
    view = table.scan(BACK, code)[-1]
    assert (view.outcome, "nothing is booked" in view.message, nearest in view.message) == ("unknown", True, True)


def test_a_note_stands_on_the_parcel_where_it_has_no_case(table: Table) -> None:
    """没有售后单的件也能记：备注记在退件上，历史里有，撤销退回。"""
    assert table.outcomes(STRANGE, "RCMDNOTE", "外箱 破了，王小明签的", "RCMDNOTE", "里面是湿的")[1:] == ["command"] * 4
    card = table.books.do(cards.show, STRANGE)
    assert card.label is not None
    assert ([each.note for each in card.earlier], card.label.note) == (["外箱 破了，王小明签的"], "里面是湿的")
    assert [line.action for line in card.history].count("label") == 2
    told = "".join(row[0] for row in table.books.rows("SELECT payload FROM events"))
    assert "王小明" not in told
    assert table.outcomes("RCMDUNDO") == ["undone"]
    card = table.books.do(cards.show, STRANGE)
    assert card.label is not None
    assert card.label.note == "外箱 破了，王小明签的"
    table.books.check()


def test_the_last_codes_stand_below_each_other(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 1, 8000), waybill=BACK)
    lines = table.scan(BACK, "RCMDA", "CUP", "RCMDLIST")[-1].message.split("\n")[1:]
    assert [line[8:] for line in lines] == [
        "  CUP              inspected", "  RCMDA            command", f"  {BACK}  received",
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["RCMDHOLD", "RCMDLOCK", "RCMDUNDO", "RCMDYES", "RCMDALL", "RCMDSHORT"])
def test_a_command_that_cannot_be_obeyed_is_not_called_unknown(books: Books, code: str) -> None:
    books.hire()
    books.order(ORDER, ("CUP", 1, 8000))
    fresh = Table(books)
    fresh.scan(STRANGE) if code != "RCMDUNDO" else None
    view = fresh.scan(code)[-1]
    assert (view.outcome, view.heading) == ("unknown", "nothing booked")


# what a round did, and what lies before it


def test_each_round_has_a_name_of_its_own() -> None:
    assert len({Bench().session for _round in range(20)} - {""}) == 20


def test_undo_takes_back_this_round_only_and_asks_before_what_lies_before(table: Table) -> None:
    """RCMDUNDO 先撤这一轮的；再往前是命令验的货：说清是什么，扫 RCMDYES 才撤。"""
    books = table.books
    returning(books, ORDER, ("CUP", 2, 8000), waybill=BACK)
    books.do(inspection.inspect, BACK, [inspection.parse_item("CUP=1:A")], by=WAREHOUSE)
    table.scan(STRANGE, at=1.0)
    assert table.scan("RCMDUNDO", at=2.0)[0].outcome == "undone"
    asked = table.scan("RCMDUNDO", at=3.0)[0]
    assert (asked.outcome, asked.to_confirm) == ("stop", True)
    assert "nothing in this round is left to take back" in asked.message
    assert "CUP×1" in asked.message
    assert stock(books) == {("CUP", "sellable"): 1}
    assert table.scan("RCMDYES", at=4.0)[0].outcome == "undone"
    assert stock(books) == {}
    books.check()


def test_another_round_of_the_same_person_is_before_this_one(table: Table) -> None:
    returning(table.books, ORDER, ("CUP", 2, 8000), waybill=BACK)
    table.scan(BACK, "CUP")
    second = Table(table.books)
    said = second.scan("RCMDUNDO")[0]
    assert (said.outcome, "retcli undo" in said.message) == ("unknown", True), "from a pipe nobody can be asked"
    assert stock(table.books) == {("CUP", "pending"): 1}
    assert table.scan("RCMDUNDO")[0].outcome == "undone"
