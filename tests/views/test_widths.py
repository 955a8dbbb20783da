"""Narrow terminals: no table breaks an id, an amount or a time, whatever it has to give up for that."""

import re
from typing import Any

import pytest
from rich.cells import cell_len

from retcli.views.base import Column
from retcli.views.screen import Terminal, laid_out
from tests.shopfloor import OWNER, shanghai
from tests.terminal import Desk

LISTS = (
    "today", "case list", "case register", "case explain 0034", "case show 0034", "platform todo", "parcel list",
    "parcel unclaimed", "stock show", "pay list", "imports list", "imports questions", "policy history",
    "policy waivers", "reason list", "staff list", "order find 2850", "order show 2850261263592704217",
    "report speed --since 2026-07-01 --until 2026-11-12", "report offers --since 2026-07-01 --until 2026-11-12",
    "case approve --all-yes --dry-run", "pay refund --all-due --dry-run",
)  # fmt: skip
NUMBER = re.compile(r"[A-Z]*\d[\d.:-]*")
YEAR = re.compile(r"\b(20\d\d)-(?=\d\d-)")
"""What narrow tables say once, in the heading of a column of times."""
SPARE = {
    "parcel list": {"contents"}, "case list": {"paid", "sent", "clicked", "payouts"},
    "case approve --all-yes --dry-run": {"order", "order_number"}, "pay refund --all-due --dry-run": {"order"},
}  # fmt: skip
"""Amounts that a list leaves out, column and all, where it has no room."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The shop of the demo."""
    folder = tmp_path_factory.mktemp("widths") / "shop"
    assert Desk("").type("demo", str(folder)).code == 0
    return Desk(str(folder / "demo.db"), at=shanghai("2026-11-12 14:00"), by=OWNER)


def numbers(text: str) -> set[str]:
    """The numbers and ids of a text."""
    return {found.rstrip(".:-") for found in NUMBER.findall(text)}


def values(document: Any, without: set[str]) -> set[str]:
    """The ids and amounts of a document."""
    if isinstance(document, dict):
        if {"minor", "text"} <= set(document):
            return {document["text"]}
        return {x for name, each in document.items() if name not in without for x in values(each, without)}
    if isinstance(document, list):
        return {x for each in document for x in values(each, without)}
    is_id = isinstance(document, str) and re.fullmatch(r"[A-Z]{0,4}\d[\d-]{5,}", document)
    return {document} if is_id else set()


COMMAND = re.compile(r"retcli [^，。；;（）()\n]*[^，。；;（）()\s]")


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("call", LISTS)
def test_a_command_that_fits_stands_whole(demo: Desk, monkeypatch: pytest.MonkeyPatch, call: str, width: int) -> None:
    wide = demo.type("--lang", "zh", *call.split()).out
    commands = {each for each in COMMAND.findall(wide) if cell_len(each) <= width - 6}
    monkeypatch.setenv("RETCLI_WIDTH", str(width))
    lines = demo.type("--lang", "zh", *call.split()).out.splitlines()
    assert [each for each in commands if not any(each in line for line in lines)] == []


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("call", LISTS)
def test_no_number_is_broken(demo: Desk, monkeypatch: pytest.MonkeyPatch, call: str, width: int) -> None:
    words = call.split()
    wide = demo.type("--lang", "zh", *words).out
    stated = {value for value in values(demo.type("--json", *words).document, SPARE.get(call, set())) if value in wide}
    monkeypatch.setenv("RETCLI_WIDTH", str(width))
    narrow = demo.type("--lang", "zh", *words).out
    assert [value for value in stated if value not in narrow] == []
    told = "\n".join(line for line in narrow.splitlines() if not line.startswith("还有 "))
    short = numbers(YEAR.sub("", wide)) | set(YEAR.findall(wide))
    assert numbers(told) <= numbers(wide) | short, "no piece of a number stands alone"


def test_texts_share_what_ids_and_amounts_leave() -> None:
    """16 cells for 4 of an id, 6 of an amount, two times 3 between. A text of six characters is never wrapped, of a
    longer one as many stay together.
    """
    columns = [Column("id", "id"), Column("text"), Column("money", "money")]
    rows = [("A123", "一二三四五六", "123.45")]
    assert laid_out(28, columns, rows) == [4, 12, 6]
    assert laid_out(27, columns, rows) is None
    rows = [("A123", "一二三四五六七八", "123.45")]
    assert laid_out(32, columns, rows) == [4, 16, 6]
    assert laid_out(28, columns, rows) == [4, 12, 6]
    assert laid_out(27, columns, rows) is None


def test_columns_without_room_are_left_out_and_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """First the year of all times goes into their heading, then the last spare column goes."""
    columns = [Column("Case", "id"), Column("By", "time"), Column("Owner", spare=True), Column("Note", spare=True)]
    rows = [("RC20261109-0034", "2026-11-09 12:00", "小美", "急"), ("RC20261109-0035", "2026-11-10 12:00", "阿强", "")]
    monkeypatch.setenv("RETCLI_WIDTH", "49")
    Terminal().table(columns, rows)
    assert capsys.readouterr().out.split()[:4] == ["Case", "By", "Owner", "Note"]
    monkeypatch.setenv("RETCLI_WIDTH", "42")
    Terminal().table(columns, rows)
    head, _rule, first, *_others = capsys.readouterr().out.splitlines()
    assert head.split() == ["Case", "2026", "By", "Owner"] and first.split()[1:] == ["11-09", "12:00", "小美"]
    monkeypatch.setenv("RETCLI_WIDTH", "30")
    Terminal().table(columns, rows)
    head, _rule, _first, _second, *last = capsys.readouterr().out.splitlines()
    assert head.split() == ["Case", "2026", "By"]
    assert " ".join(map(str.strip, last)) == "2 more columns in a wider window: Owner, Note"


def test_a_table_without_room_is_told_value_by_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RETCLI_WIDTH", "30")
    columns = [Column("Case", "id"), Column("Cases"), Column("Due", "money")]
    Terminal().table(columns, [("RC20261109-0034", "RC20261109-0001、RC20261109-0002", "12.50")])
    drawn = capsys.readouterr().out.splitlines()
    assert drawn[0] == "Case RC20261109-0034" and drawn[-1] == "  Due 12.50"
    monkeypatch.setenv("RETCLI_WIDTH", "42")
    Terminal().table(columns, [("RC20261109-0034", "RC20261109-0001、RC20261109-0002", "12.50")])
    drawn = capsys.readouterr().out.splitlines()
    assert all(cell_len(line) <= 42 for line in drawn)
    assert any("RC20261109-0001、" in line for line in drawn) and any("RC20261109-0002" in line for line in drawn)


def test_off_a_terminal_no_width_is_assumed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A row is as wide as it is, however wide that may be: no cell is wrapped, no spare column is left out."""
    monkeypatch.delenv("RETCLI_WIDTH", raising=False)
    columns = [Column("Case", "id"), Column("Words"), Column("Sent", "money", spare=True)]
    words = "很长的话 " * 4000
    Terminal().table(columns, [("RC20261109-0034", words.strip(), "12.50")])
    head, _rule, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["Case", "Words", "Sent"]
    assert row.split() == ["RC20261109-0034", *words.split(), "12.50"]
    Terminal().line(words)
    assert capsys.readouterr().out.splitlines() == [words]


def test_a_list_in_a_pipe_has_every_column_and_a_line_a_row(demo: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RETCLI_WIDTH", raising=False)
    head, _rule, *rows = demo.type("--lang", "zh", "case", "list").out.splitlines()
    assert head.split() == ["售后单", "类型", "阶段", "原因", "应退", "已打出", "已到账", "截止"]
    cases = demo.type("--json", "case", "list").document["cases"]
    in_rows = [row for row in rows if row.startswith("RC")]
    assert [row.split()[0] for row in in_rows] == [case["number"] for case in cases]
    assert all(len(row.split()) in {8, 9} for row in in_rows), in_rows


def test_on_a_terminal_no_column_says_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A column that is empty in every row is left out, a spare one with dashes only too; in a pipe each one stays."""
    columns = [Column("Case", "id"), Column("Told"), Column("Sent", spare=True), Column("Paid")]
    rows = [["RC1", "", "-", "-"], ["RC2", "", "-", "-"]]
    monkeypatch.setenv("RETCLI_WIDTH", "80")
    Terminal().table(columns, rows)
    assert capsys.readouterr().out.split("\n")[0].split() == ["Case", "Paid"]
    monkeypatch.delenv("RETCLI_WIDTH")
    Terminal().table(columns, rows)
    assert capsys.readouterr().out.split("\n")[0].split() == ["Case", "Told", "Sent", "Paid"]
