"""Workbooks: what is written is what stands in them, as text, number or date, and never half a file."""

import re
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.writer.excel import ExcelWriter

from retcli.errors import NotFound, RetcliError, StorageTrouble
from retcli.rules.money.minor_units import Money
from retcli.sheets import writer
from retcli.sheets.charts import Chart
from retcli.sheets.writer import Column, Heading, Sheet, Value, table, write
from tests.shopfloor import shanghai

COLUMNS = (Column("No.", "id"), Column("Text"), Column("Money", "money"), Column("Pieces", "count"))
ORDER = "2850156510451604295"


def small(*rows: tuple[Value, ...], **options: Any) -> Sheet:
    """A sheet of number, text, money, pieces."""
    return Sheet("Sheet", COLUMNS, rows or ((ORDER, "words", Money(1250, "CNY"), 2),), **options)


def cells(path: Path, row: int = 2) -> list[Any]:
    """The cells of a row of the only sheet."""
    return list(openpyxl.load_workbook(path)["Sheet"][row])


def xml(path: Path, name: str = "xl/worksheets/sheet1.xml") -> str:
    """A part of the file as it lies there."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where the workbook is to lie."""
    return tmp_path / "book.xlsx"


def test_long_numbers_stay_whole_as_text(target: Path) -> None:
    number = cells(write(target, [small()]))[0]
    assert (number.value, number.data_type, number.number_format) == (ORDER, "s", "@")


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x")', "+86", "-1", "@SUM(A1)", "#REF!", "=", "{=1}"])
def test_outside_text_never_becomes_a_formula(target: Path, text: str) -> None:
    cell = cells(write(target, [small((text, text, None, None))]))[1]
    assert (cell.value, cell.data_type) == (text, "s")
    assert bool(cell.quotePrefix) == text.startswith(("=", "+", "-", "@"))
    assert not re.search(r"<f\b|t=\"e\"", xml(target))


def test_control_characters_go_and_long_text_is_cut_in_sight(target: Path) -> None:
    made = cells(write(target, [small(("a\x00b\x1b[31mc\x9bd", "x" * 40_000, None, None))]))
    assert made[0].value == "ab[31mcd"
    assert len(made[1].value) == writer.LONGEST
    assert made[1].value.endswith(writer.CUT)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=40), min_size=1, max_size=5), fen=st.integers(-(10**13), 10**13))
def test_any_text_and_amount_come_back_as_they_were(tmp_path: Path, texts: list[str], fen: int) -> None:
    rows = tuple((text, text, Money(fen, "CNY"), 1) for text in texts)
    path = write(tmp_path / "any.xlsx", [small(*rows)])
    for row, text in enumerate(texts, 2):
        number, _text, money, _pieces = cells(path, row)
        assert (number.value or "") == writer.clean(text)
        assert round(money.value * 100) == fen
    path.unlink()


def test_money_is_a_number_in_yuan_and_totals_are_values(target: Path) -> None:
    write(
        target,
        [small(("1", "", Money(10, "CNY"), 1), ("2", "", Money(20, "CNY"), 2), ("3", "", Money(-12345, "CNY"), 4))],
    )
    assert cells(target)[2].value == 0.1
    assert cells(target)[2].number_format == "#,##0.00;[Red]-#,##0.00"
    assert [cell.value for cell in cells(target, 5)] == ["Total", None, -123.15, 7]


def test_currencies_are_not_added_up_and_each_has_its_own_decimals(target: Path) -> None:
    write(target, [small(("1", "", Money(1250, "CNY"), 1), ("2", "", Money(1250, "JPY"), 1))])
    assert [cells(target, row)[2].value for row in (2, 3, 4)] == [12.5, 1250, None]


def test_times_are_beijing_dates_without_an_offset(target: Path) -> None:
    columns = (Column("At", "time"), Column("On", "date"), Column("Share", "percent"))
    write(target, [Sheet("Sheet", columns, [(shanghai("2026-11-01 00:30"), shanghai("2026-11-01 00:30"), 1234)])])
    at, on, share = cells(target)
    assert (at.value, at.number_format) == (datetime(2026, 11, 1, 0, 30), "yyyy-mm-dd hh:mm")
    assert (on.value, on.number_format) == (datetime(2026, 11, 1), "yyyy-mm-dd")
    assert (Decimal(str(share.value)), share.number_format) == (Decimal("0.1234"), "0.00%")


def test_how_a_sheet_looks_and_prints(target: Path) -> None:
    write(target, [small(detail=True), Sheet("Other", COLUMNS, [("1", "", None, None)])])
    book: Any = openpyxl.load_workbook(target)
    page, other = book["Sheet"], book["Other"]
    assert (page.freeze_panes, other.freeze_panes) == ("C2", "A2")
    assert page.auto_filter.ref == "A1:D2"  # the total in row 3 is no part of it
    assert (page.page_setup.orientation, other.page_setup.orientation) == ("landscape", "portrait")
    for each in (page, other):
        assert (each.page_setup.paperSize, each.page_setup.fitToWidth, each.page_setup.fitToHeight) == (9, 1, 0)
        assert each.sheet_properties.pageSetUpPr.fitToPage
        assert each.print_title_rows == "$1:$1"
        assert each.print_area == f"'{each.title}'!$A$1:$D$3"
        assert not each.merged_cells.ranges
        assert "&P" in each.oddFooter.center.text
        assert each.row_dimensions[1].height == 24
    fonts = {(cell.font.name, cell.font.size) for row in page.iter_rows() for cell in row}
    assert fonts == {("微软雅黑", 10)}
    assert (page["A1"].font.color.rgb[-6:], page["A1"].font.bold) == ("FFFFFF", True)


def test_an_empty_table_has_its_heading_and_nothing_else(target: Path) -> None:
    chart = Chart("bar", "Chart", "No.", ("Pieces",))
    write(target, [Sheet("Sheet", COLUMNS, [], charts=(chart,))])
    assert [cell.value for cell in cells(target)] == ["Total", None, 0, 0]
    book: Any = openpyxl.load_workbook(target)
    assert book["Sheet"]._charts == []


@pytest.mark.parametrize("kind", ["bar", "line"])
def test_charts_show_their_axes_and_numbers_below_the_table(target: Path, kind: Any) -> None:
    chart = Chart(kind, "Chart", "No.", ("Pieces",), first=2)
    write(target, [small(*((str(n), "", Money(n, "CNY"), n) for n in range(5, 0, -1)), charts=(chart,))])
    drawn = xml(target, "xl/charts/chart1.xml")
    assert drawn.count('<delete val="0"') + drawn.count('<c:delete val="0"') == 2
    assert "'Sheet'!$D$2:$D$3" in drawn
    assert 'showVal val="1"' in drawn
    assert "legend>" not in drawn
    area = openpyxl.load_workbook(target)["Sheet"].print_area
    assert int(area.rpartition("$")[2]) > 7


def test_sheet_names_are_cleaned(target: Path) -> None:
    write(target, [Sheet("'a/b[c]:d*e?f\\" + "g" * 40, COLUMNS, [])])
    assert openpyxl.load_workbook(target).sheetnames == ["abcdef" + "g" * 25]


def test_a_file_that_is_there_is_left_alone(target: Path) -> None:
    target.write_bytes(b"older")
    (target.parent / "book (2).xlsx").write_bytes(b"older")
    assert write(target, [small()]).name == "book (3).xlsx"
    assert target.read_bytes() == b"older"


def test_a_name_that_is_held_open_is_passed_over(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Windows does while Excel holds a file."""
    replace = Path.replace

    def held(self: Path, to: Path) -> Path:
        if to == target:
            raise PermissionError(13, "held open")
        return replace(self, to)

    monkeypatch.setattr(Path, "replace", held)
    assert write(target, [small()]).name == "book (2).xlsx"


def test_a_full_disk_leaves_nothing_behind(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Any) -> None:
        self._archive.writestr("half", b"half a file")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ExcelWriter, "save", full)
    with pytest.raises(StorageTrouble, match="the disk is full"):
        write(target, [small()])
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize("harm", ["row", "number", "heading", "formula"])
def test_a_file_that_reads_back_otherwise_is_not_kept(target: Path, harm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    save = ExcelWriter.save

    def harmed(self: Any) -> None:
        page = self.workbook["Sheet"]
        place, value = {
            "row": ("A2", None),
            "number": ("C2", 12.51),
            "heading": ("B1", "x"),
            "formula": ("B2", "=1+1"),
        }[harm]
        if harm == "row":
            page.delete_rows(2, 2)
        else:
            page[place].value = value
        save(self)

    monkeypatch.setattr(ExcelWriter, "save", harmed)
    with pytest.raises(RetcliError, match="does not read back"):
        write(target, [small()])
    assert list(target.parent.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no folder"):
        write(tmp_path / "none" / "book.xlsx", [small()])


def test_columns_are_got_from_things(target: Path) -> None:
    columns: list[Any] = [(Column("Word"), str.upper), (Column("Long", "count"), len)]
    write(target, [table("Sheet", columns, ["ab", "cde"])])
    assert [[cell.value for cell in cells(target, row)] for row in (2, 3, 4)] == [["AB", 2], ["CDE", 3], ["Total", 5]]


def test_columns_of_one_currency_each_add_up_in_one_total_row() -> None:
    """Yen never stand as 0 under a heading of yuan."""
    columns = (
        Column("What"),
        Column("Refunded CNY", "money", currency="CNY"),
        Column("Refunded JPY", "money", currency="JPY"),
    )
    rows: list[list[Value]] = [["a", Money(100, "CNY"), Money(0, "JPY")], ["b", Money(0, "CNY"), Money(5, "JPY")]]
    total = {"What": "Total", "Refunded CNY": Money(100, "CNY"), "Refunded JPY": Money(5, "JPY")}
    assert Sheet("Sheet", columns, rows).totals() == [total]
    mixed = (*columns, Column("In all", "money"))
    first, *others = Sheet("Sheet", mixed, [[*row, row[n + 1]] for n, row in enumerate(rows)]).totals()
    assert first == total
    assert others == [
        {"What": "Total CNY", "In all": Money(100, "CNY")},
        {"What": "Total JPY", "In all": Money(5, "JPY")},
    ]


def test_only_a_text_that_wraps_makes_its_row_higher(tmp_path: Path) -> None:
    columns = (Column("What", width=20), Column("How", "line", 20))
    long = "词" * 60
    rows: list[list[Value]] = [[Heading(long), None], ["short", long], [long, None]]
    page: Any = openpyxl.load_workbook(write(tmp_path / "a.xlsx", [Sheet("Sheet", columns, rows)]))["Sheet"]
    heights = [page.row_dimensions[number].height for number in (2, 3, 4)]
    assert heights[:2] == [None, None]
    assert heights[2] > 16
    assert [bool(page.cell(*place).alignment.wrap_text) for place in ((3, 2), (4, 1))] == [False, True]


def test_a_table_too_broad_for_an_upright_page_lies_across(tmp_path: Path) -> None:
    for n, side in ((3, "portrait"), (20, "landscape")):
        columns = tuple(Column(f"C{place}", width=12) for place in range(n))
        path = write(tmp_path / f"{n}.xlsx", [Sheet("Sheet", columns, [["x"] * n])])
        page: Any = openpyxl.load_workbook(path)["Sheet"]
        assert (page.page_setup.orientation, page.print_title_rows) == (side, "$1:$1")
