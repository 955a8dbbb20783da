"""Whatever file a shop downloads: opened by what it holds, the same rows each time, or a sentence."""

import zipfile
import zlib
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from fixtures import containers, oldbooks
from fixtures.containers import ROWS
from retcli.errors import NeedsPerson
from retcli.reading import limits, workbooks
from retcli.reading.cells import spelled
from retcli.reading.containers import Table, UnknownKind, tables
from retcli.reading.sheetparts import Part
from tests.knownfiles import readings
from tests.lengths import length, sweep
from tests.reading.test_reader import ITEM, ORDER, report

PLAIN = [list(row) for row in ROWS]
EACH = containers.each()


def saved(folder: Path, content: bytes, name: str = "下载") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def rows(table: Table) -> list[list[str]]:
    return list(table.rows())


def all_rows(path: Path) -> list[list[list[str]]]:
    return [rows(table) for table in tables(path)]


def refusal(path: Path, encoding: str = "") -> NeedsPerson:
    with pytest.raises(NeedsPerson) as found:
        for table in tables(path, encoding):
            rows(table)
    return found.value


ENCODINGS = {
    "csv gb18030": "gb18030",
    "csv utf-8": "utf-8",
    "csv utf-8-sig": "utf-8-sig",
    "csv utf-16": "utf-16",
    "tsv": "gb18030",
    "zip csv": "gb18030",
    "zip xlsx": "xlsx",
    "gzip": "gb18030",
}


@pytest.mark.parametrize("kind", EACH)
@pytest.mark.parametrize("name", ["x.csv", "x.xlsx", "x.xls", "账单"])
def test_the_same_rows_from_every_kind_of_file_under_any_name(tmp_path: Path, kind: str, name: str) -> None:
    table, *others = tables(saved(tmp_path, EACH[kind], name))
    assert (table.encoding, rows(table)) == (ENCODINGS.get(kind, kind), PLAIN)
    assert rows(table) == PLAIN, "a second reading begins at the first line again"
    assert len(others) == (1 if kind == "zip csv" else 0)


def test_an_encoding_that_is_given_is_used_strictly(tmp_path: Path) -> None:
    unmarked = saved(tmp_path, containers.text(encoding="utf-16-le"))
    assert [rows(table) for table in tables(unmarked, "utf-16-le")] == [PLAIN]
    gbk = saved(tmp_path, containers.text())
    wrong = refusal(gbk, "utf-8")
    assert (wrong.message, wrong.where["row"]) == ("Line 1 cannot be read: its bytes are not utf-8", 1)
    assert refusal(gbk, "no-such").message == "There is no encoding no-such"


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_that_of_the_header_line(tmp_path: Path, delimiter: str) -> None:
    """Above it a line of words with another; below it remarks full of others."""
    other = ";" if delimiter != ";" else ","
    table = [["导出人"], ["订单编号", "金额", "备注", "状态"], ["1", "2", other.join("急急急急急急急"), "x"]]
    text = "".join(delimiter.join(row) + "\n" for row in table)
    assert all_rows(saved(tmp_path, text.encode())) == [table]


def test_tabs_that_cling_to_cells_are_no_delimiter(tmp_path: Path) -> None:
    """As Pinduoduo writes them: each value ends with a tab, an empty one is a lone tab."""
    text = "订单号,商品,备注\n1\t,2\t,\t\n"
    assert all_rows(saved(tmp_path, text.encode())) == [[["订单号", "商品", "备注"], ["1\t", "2\t", "\t"]]]


def test_members_of_a_chinese_zip_are_named_in_chinese(tmp_path: Path) -> None:
    path = saved(tmp_path, containers.zipped({"支付宝/明细.csv": containers.text(), "汇总.xlsx": containers.xlsx()}))
    assert [table.name for table in tables(path)] == ["支付宝/明细.csv", "汇总.xlsx: 页1"]
    marked = BytesIO()
    with zipfile.ZipFile(marked, "w") as archive:
        archive.writestr("明细.csv", containers.text())
    assert [table.name for table in tables(saved(tmp_path, marked.getvalue()))] == ["明细.csv"]


def test_pictures_in_an_archive_are_passed_over(tmp_path: Path) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(200)
    path = saved(tmp_path, containers.zipped({"凭证.png": picture, "明细.csv": containers.text(), "空.csv": b""}))
    assert [table.name for table in tables(path)] == ["明细.csv"]
    only = saved(tmp_path, containers.zipped({"凭证.png": picture}))
    assert refusal(only).message == "下载 holds no table"


@pytest.mark.parametrize("inner", ["zip csv", "gzip"])
@pytest.mark.parametrize("outer", ["zip", "gzip"])
def test_an_archive_inside_an_archive_is_refused(tmp_path: Path, inner: str, outer: str) -> None:
    content = EACH[inner]
    path = saved(tmp_path, containers.zipped({"里": content}) if outer == "zip" else containers.gzipped(content))
    assert "is an archive inside an archive" in refusal(path).message


def orders_and_items(folder: Path) -> dict[str, bytes]:
    """A report of orders, one of items, and a summary of no known kind, as text."""
    texts: dict[str, Sequence[Sequence[object]]] = {
        "订单.csv": report(ORDER),
        "明细.csv": report(ITEM),
        "汇总.csv": [["笔数", "金额"], ["2", "3.00"]],
    }
    return {
        name: "".join(",".join(str(cell) for cell in row) + "\n" for row in table).encode("gb18030")
        for name, table in texts.items()
    }


def test_every_known_table_of_an_archive_is_read_and_a_summary_passed_over(tmp_path: Path) -> None:
    path = saved(tmp_path, containers.zipped(orders_and_items(tmp_path)))
    found = readings(path)
    assert [(reading.table, reading.dialect.name) for reading in found] == [
        ("订单.csv", "taobao.order"),
        ("明细.csv", "taobao.item"),
    ]
    assert [len(list(reading.rows)) for reading in found] == [len(report(ORDER)) - 1, len(report(ITEM)) - 1]


def test_every_known_sheet_of_a_workbook_is_read(tmp_path: Path) -> None:
    content = containers.xlsx([["说明"]], *[[[str(c) for c in row] for row in report(kind)] for kind in (ORDER, ITEM)])
    found = readings(saved(tmp_path, content))
    assert [(reading.table, reading.dialect.name) for reading in found] == [
        ("页2", "taobao.order"),
        ("页3", "taobao.item"),
    ]


def test_a_summary_alone_is_of_no_known_kind(tmp_path: Path) -> None:
    path = saved(tmp_path, containers.zipped({"汇总.csv": orders_and_items(tmp_path)["汇总.csv"]}))
    with pytest.raises(UnknownKind, match="no known kind"):
        readings(path)


# workbooks


def test_empty_rows_and_columns_before_the_first_cell_are_there(tmp_path: Path) -> None:
    cells = '<row r="3"><c r="C3"><v>1</v></c></row><row r="5"><c r="D5"><v>2.5</v></c></row>'
    (sheet,) = all_rows(saved(tmp_path, containers.bare_xlsx(cells)))
    assert [len(row) for row in sheet] == [4] * 5
    assert (sheet[2], sheet[4]) == (["", "", "1", ""], ["", "", "", "2.5"])
    old = oldbooks.write(tmp_path / "x", {"页": {(2, 2): 1.0, (4, 3): "x"}, "次": {(0, 0): 7.0}})
    assert all_rows(old) == [[[""] * 4, [""] * 4, ["", "", "1", ""], [""] * 4, ["", "", "", "x"]], [["7"]]]


def test_cells_are_spelled_and_no_digit_is_guessed(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    values = [4100000000000000017, 1.5, 128, True, datetime(2026, 11, 9, 8, 30), None, "00123"]
    book.active.append(values)
    book.save(tmp_path / "x")
    (sheet,) = all_rows(tmp_path / "x")
    assert sheet == [["4.1E+18", "1.5", "128", "True", "2026-11-09 08:30:00", "", "00123"]]


@given(st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(), st.booleans(), st.datetimes()))
def test_the_quick_way_spells_as_the_slow_one(value: object) -> None:
    assert workbooks._spelled(value) == spelled(value)


@pytest.mark.parametrize("size", [48, 50, 53, 61, 97, 1 << 18])
def test_a_sheet_is_measured_alike_however_it_is_cut_into_pieces(size: int) -> None:
    """Places that are said, places that follow from the one before, rows without a number, and other quotes."""
    sheet = (
        b'<worksheet><sheetData><row r="3"><c r="C3"><v>1</v></c><c><v>2</v></c></row><row></row><row/>'
        b"<row><c><v>3</v></c><c/></row><row r='9' spans='1:2'><c r='B9'/></row>"
        b'<row r="11"/><row r="12"><c r="A12"/><c r="H12"/><c/><c/></row><row><c/></row></sheetData></worksheet>'
    )
    part = Part()
    assert all(part.take(sheet[at : at + size]) for at in range(0, len(sheet), size))
    part.finish()
    assert (part.rows, part.columns) == (13, 10)


@sweep
def test_a_workbook_of_many_rows_is_none_too_big(tmp_path: Path) -> None:
    """The limits are for bombs: a hundred thousand rows of forty columns pass, and so does one thin column."""
    count = length(10_000, 100_000)
    letters = [chr(65 + n) if n < 26 else "A" + chr(39 + n) for n in range(40)]
    cells = "".join(
        f'<row r="{n}">' + "".join(f'<c r="{c}{n}"><v>{n * 7 % 9973}</v></c>' for c in letters) + "</row>"
        for n in range(1, count + 1)
    )
    (wide,) = tables(saved(tmp_path, containers.bare_xlsx(cells)))
    assert sum(len(row) for row in wide.rows()) == count * 40
    thin = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 100_001))
    (long,) = tables(saved(tmp_path, containers.bare_xlsx(thin)))
    assert sum(1 for _row in long.rows()) == 100_000


# markup


def test_cells_that_reach_over_several_leave_the_others_empty(tmp_path: Path) -> None:
    page = """<html><table><tr><th colspan=2>订单<th>件</tr>
      <tr><td rowspan="2">1<br>2</td><td>a&amp;b</td><td><table><tr><td>x</td></tr></table></td></tr>
      <tr><td>c</td><td>d</td></table></html>"""
    assert all_rows(saved(tmp_path, page.encode())) == [[["订单", "", "件"], ["1\n2", "a&b", "x"], ["", "c", "d"]]]


def test_rows_and_cells_of_spreadsheetml_stand_where_they_say(tmp_path: Path) -> None:
    text = containers.xml([["a", "b"]]).decode()
    text = text.replace("<Row>", '<Row ss:Index="3">').replace("<Cell><Data", '<Cell ss:Index="2"><Data', 1)
    assert all_rows(saved(tmp_path, text.encode())) == [[[], [], ["", "a", "b"]]]


@pytest.mark.parametrize("kind", ["html", "xml"])
def test_markup_that_was_cut_off_names_the_line(tmp_path: Path, kind: str) -> None:
    content = EACH[kind]
    found = refusal(saved(tmp_path, content[: content.rindex(b"\n")]))
    assert found.where["row"] == {"html": 5, "xml": 7}[kind]
    assert found.hint == "The download was cut off: download it again"


# what is damaged


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(oldbooks.compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y" * 5000}), id="xlsx"),
        pytest.param(oldbooks.workbook({"页": {(0, 0): 1.0}}, locked=True), id="xls"),
        pytest.param(EACH["zip csv"].replace(b"PK\1\2\x14\x03\x14\0\0\0", b"PK\1\2\x14\x03\x14\0\1\0"), id="zip"),
    ],
)
def test_what_a_password_locks_is_said_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    found = refusal(saved(tmp_path, content))
    assert found.message == "下载 is password-protected"
    assert found.hint == "Open it, save it without the password, import that"


def test_a_cut_in_a_character_names_the_line(tmp_path: Path) -> None:
    for encoding in ("gb18030", "utf-8", "utf-8-sig", "utf-16"):
        content = containers.text(encoding=encoding)
        word = "黄浦".encode(encoding.replace("-sig", "").replace("utf-16", "utf-16-le"))
        found = refusal(saved(tmp_path, content[: content.rindex(word) + 1]))
        assert (found.where["row"], "in the middle of a character" in found.message) == (4, True), encoding


def test_a_wrong_byte_further_down_names_the_line(tmp_path: Path) -> None:
    """Beyond what is looked at before reading begins."""
    line = "4100000000000000017,浙江省杭州市余杭区文一西路,59.90\n".encode("gb18030")
    content = bytearray(line * 60_000)
    content[len(line) * 30_000 + 22] = 0xFF
    found = refusal(saved(tmp_path, bytes(content)))
    assert found.message == "Line 30001 cannot be read: its bytes are not gb18030"


def test_a_quotation_mark_that_is_not_closed_is_named_where_it_opens(tmp_path: Path) -> None:
    found = refusal(saved(tmp_path, b'a,b\n1,2\n3,"4\n5,6\n7,8\n'))
    assert (found.message, found.where["row"]) == ("Line 3 cannot be read: a quotation mark is not closed", 3)
    follows = refusal(saved(tmp_path, b'a,b\n1,"2"x\n'))
    assert follows.message == "Line 2 cannot be read: text follows a closing quotation mark"


def test_a_cell_a_row_and_a_line_beyond_the_limits_name_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = refusal(saved(tmp_path, b"a,b\n1,2\n3," + b"x" * (limits.CELL_AT_MOST + 1)))
    assert cell.message == "Line 3 cannot be read: a cell has more than 131072 characters"
    row = refusal(saved(tmp_path, b"a,b\n" + b"," * limits.COLUMNS_AT_MOST))
    assert row.message == "Line 2 cannot be read: it has 703 cells, at most 702 can be"
    line = refusal(saved(tmp_path, b"a,b\n" + b"1,2\n" + b"x" * (limits.LINE_AT_MOST + 2)))
    assert line.message == "Line 3 cannot be read: it is longer than 8 MB"
    monkeypatch.setattr(limits, "ROWS_AT_MOST", 3)
    assert refusal(saved(tmp_path, b"a,b\n" * 4)).where["row"] == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_zero_byte_is_no_text(tmp_path: Path, encoding: str) -> None:
    path = saved(tmp_path, "订单,金额\n1,\0\n".encode(encoding))
    found = refusal(path)
    assert (type(found), found.message) == (UnknownKind, "The file is no text that can be read here")


def test_every_check_sum_is_compared(tmp_path: Path) -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.csv", b"a,b\n1,2\n")
    assert all_rows(saved(tmp_path, content.getvalue())) == [[["a", "b"], ["1", "2"]]]
    found = refusal(saved(tmp_path, content.getvalue().replace(b"1,2", b"1,3")))
    assert found.message == "下载 cannot be opened: a.csv in it is damaged"


def test_an_entry_that_declares_less_than_it_holds_is_refused(tmp_path: Path) -> None:
    """Its check sum is that of the part it declares: a reader that stops there sees nothing wrong."""
    whole = b"a,b\n" + b"1,2\n" * 100
    content = containers.zipped({"a.csv": whole})
    for field, value in ((len(whole), 4), (zlib.crc32(whole), zlib.crc32(whole[:4]))):
        content = content.replace(field.to_bytes(4, "little"), value.to_bytes(4, "little"))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
    assert refusal(saved(tmp_path, content)).message.endswith("a.csv in it is damaged")


@pytest.mark.parametrize("kind", EACH)
def test_a_file_cut_off_anywhere_gives_its_first_rows_or_a_sentence(tmp_path: Path, kind: str) -> None:
    content = EACH[kind]
    step = 1 if len(content) < 1200 else 61
    for end in range(1, len(content), step):
        path = saved(tmp_path, content[:end])
        try:
            for table, whole in zip(tables(path), ([PLAIN], [PLAIN, PLAIN[:2]])[kind == "zip csv"], strict=False):
                found = rows(table)
                begun = b"<table" in content[:end] if kind == "html" else b"spreadsheet" in content[:end]
                if kind == "csv utf-8":
                    begun = end > 40  # in less of a text UTF-8 and GB18030 cannot be told apart: the header decides
                if begun or kind not in {"html", "xml", "csv utf-8"}:
                    assert found[:-1] == whole[: max(0, len(found) - 1)]
        except NeedsPerson as refused:
            assert refused.message
