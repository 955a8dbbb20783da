"""Broken files: each fault is named by row, column and text, and what is no report at all ends in a sentence."""

import gzip
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from retcli.actions.imports import intake
from retcli.errors import NeedsPerson
from retcli.reading import limits
from retcli.reading.dialect import Fault, Row
from retcli.reading.reader import UnknownKind
from tests.knownfiles import read
from tests.reading.test_reader import ITEM, ORDER, REFUND, faults, invented, report, values, without, written
from tests.shopfloor import FIXTURES, Books

BROKEN = FIXTURES / "exports" / "broken"
FILES_WITH_A_BAD_ROW = {
    "amount_bad.csv": (4, "买家实际支付金额", "12.3.4", "not an amount of money", 3),
    "date_bad.csv": (2, "订单付款时间", "2026-02-30 10:00:00", "not a date", 3),
    "id_destroyed.csv": (
        3,
        "订单编号",
        "4.10E+18",
        "a spreadsheet has destroyed this number; export again as text or CSV",
        3,
    ),
    "id_numeric.xlsx": (
        2,
        "主订单编号",
        "2.8501647037036E+18",
        "a spreadsheet has destroyed this number; export again as text or CSV",
        3,
    ),
}


@pytest.mark.parametrize("name", FILES_WITH_A_BAD_ROW)
def test_a_bad_cell_is_named_by_row_column_and_text(name: str) -> None:
    row, column, text, problem, good = FILES_WITH_A_BAD_ROW[name]
    found = list(read(BROKEN / name).rows)
    bad = [each for each in found if isinstance(each, Fault)]
    assert [(each.row, each.column, each.text, each.problem) for each in bad] == [(row, column, text, problem)]
    assert len(found) - 1 == good, "the other rows are read"


LOOKS_LIKE = "The file looks like order report, but these columns are missing: 订单编号"
FILES_REFUSED = {
    "column_missing.csv": ("unknown_format", LOOKS_LIKE, "Tick them in the export, then download again"),
    "empty.csv": ("needs_person", "The file is empty", "Download it again"),
    "truncated.csv": (
        "needs_person",
        "The file is not complete: it ends in the middle of a character, in line 4",
        "The download was cut off: download it again",
    ),
    "unknown.txt": (
        "unknown_format",
        "The file is of no known kind",
        "What it seems to be: retcli imports explain FILE\nTo say how to read it: retcli imports draft-map FILE",
    ),
}


@pytest.mark.parametrize("name", FILES_REFUSED)
def test_a_broken_file_is_refused_with_the_way_out(name: str) -> None:
    with pytest.raises(NeedsPerson) as refusal:
        read(BROKEN / name)
    assert (refusal.value.code, refusal.value.message, refusal.value.hint) == FILES_REFUSED[name]
    where = {"file": name, "row": 4} if name == "truncated.csv" else {"file": name}
    assert (refusal.value.exit_code, refusal.value.where) == (3, where)


def test_a_line_that_stands_twice_with_different_content_is_refused_both_times(sqlite_books: Books) -> None:
    (file,) = intake.take_in(sqlite_books.asked(), [BROKEN / "duplicate_differs.csv"]).files
    found = [(fault.row, fault.column, fault.problem) for fault in file.faults]
    assert found == [(row, "", "the same line stands twice in the file, with different content") for row in (3, 6)]
    assert (file.rows, file.added + file.changed + file.unchanged + file.refused) == (5, 5)


def test_every_broken_file_has_its_test() -> None:
    known = {*FILES_WITH_A_BAD_ROW, *FILES_REFUSED, "duplicate_differs.csv"}
    assert {path.name for path in BROKEN.iterdir()} == known


@pytest.mark.parametrize(
    ("layout", "column", "text", "problem"),
    [
        (ORDER, "买家实际支付金额", "", "is empty"),
        (ORDER, "买家实际支付金额", "-1.00", "not an amount of money"),
        (ORDER, "买家应付邮费", "(8.00)", "not an amount of money"),
        (ORDER, "买家实际支付金额", "59,90", "not an amount of money"),
        (ORDER, "订单编号", "", "is empty"),
        (ORDER, "宝贝总数量", "1.5", "not a number of pieces"),
        (ITEM, "购买数量", "0", "not a number of pieces"),
        (ITEM, "购买数量", "", "is empty"),
        (ITEM, "商品价格", "-5.00", "not an amount of money"),
        (ITEM, "买家实付金额", "-5.00", "not an amount of money"),
        (REFUND, "买家退款金额", "-5.00", "not an amount of money"),
        (REFUND, "退款状态", "退款飞了", "a word that is not known here"),
        (REFUND, "售后类型", "换头", "a word that is not known here"),
        (REFUND, "超时时间", "尽快", "not a date"),
    ],
)
def test_a_cell_that_cannot_be(tmp_path: Path, layout: str, column: str, text: str, problem: str) -> None:
    rows = report(layout)
    rows[1][rows[0].index(column)] = text
    assert [(f.row, f.column, f.text, f.problem) for f in faults(written(tmp_path, rows))] == [
        (2, column, text, problem)
    ]


def test_a_bad_row_names_its_order(tmp_path: Path) -> None:
    rows = report(ORDER)
    rows[1][rows[0].index("买家实际支付金额")] = "x"
    rows[2] = rows[2][:-3]
    numbers = [order.number for order in invented().orders]
    assert [(fault.row, fault.order) for fault in faults(written(tmp_path, rows))] == [(2, numbers[0]), (3, numbers[1])]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        pytest.param(lambda row: row[:-1], "the row has another number of cells than the header", id="one cell short"),
        pytest.param(lambda row: [*row, "x"], "the row has another number of cells than the header", id="one too many"),
        pytest.param(lambda row: [*row, "", " "], None, id="only empty ones too many"),
    ],
)
def test_a_row_of_another_width(tmp_path: Path, change: object, problem: str | None) -> None:
    rows = report(ORDER)
    assert callable(change)
    path = written(tmp_path, [rows[0], change(rows[1]), *rows[2:]])
    assert [fault.problem for fault in faults(path)] == ([problem] if problem else [])


def test_empty_records_are_passed_over_but_counted(tmp_path: Path) -> None:
    rows = report(ORDER)
    rows[3][rows[0].index("买家实际支付金额")] = "x"
    path = written(tmp_path, [rows[0], rows[1], [""] * len(rows[0]), rows[2], [], rows[3]])
    found = list(read(path).rows)
    assert [each.number if isinstance(each, Row) else each.row for each in found] == [2, 4, 6]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("orders", [3, 12], ids=["within the first lines", "further down"])
def test_a_download_cut_off_in_a_character_is_never_half_read(tmp_path: Path, encoding: str, orders: int) -> None:
    rows = report(ORDER)[: orders + 1] * (1 if orders == 3 else 5)
    path = written(tmp_path, rows, encoding=encoding)
    content = path.read_bytes()
    end = content.rindex("快递".encode(encoding.replace("-sig", "").replace("utf-16", "utf-16-le"))) + 1
    path.write_bytes(content[:end])
    with pytest.raises(NeedsPerson, match="not complete: it ends in the middle of a character"):
        list(read(path).rows)


def test_a_quotation_mark_that_is_not_closed_stops_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, report(ORDER))
    text = path.read_text("utf-8")
    cut = text.rindex('"=""')
    path.write_text(text[: cut + 8], "utf-8")
    with pytest.raises(NeedsPerson, match="cannot be read") as refusal:
        list(read(path).rows)
    assert "not closed" in refusal.value.hint


@pytest.mark.parametrize("step", range(1, 12))
def test_a_file_cut_anywhere_gives_rows_faults_or_a_sentence(tmp_path: Path, step: int) -> None:
    """Never a traceback, and never a row that the whole file does not have."""
    path = written(tmp_path, report(ORDER), encoding="gb18030")
    whole = values(read(path))
    content = path.read_bytes()
    for end in range(len(content) * step // 12, len(content) * step // 12 + 40):
        path.write_bytes(content[:end])
        try:
            rows = [row.values for row in read(path).rows if isinstance(row, Row)]
        except NeedsPerson:
            continue
        assert rows == whole[: len(rows)]


def small(folder: Path, how: str) -> bytes:
    """The header and two orders as a file of a kind."""
    encoding = "utf-8" if how == "gzip" else how
    text = written(folder, report(ORDER)[:3], encoding=encoding).read_bytes()
    return gzip.compress(text, mtime=0) if how == "gzip" else text


@pytest.mark.parametrize("how", ["gb18030", "utf-8", "gzip"])
def test_a_small_file_cut_at_every_byte(tmp_path: Path, how: str) -> None:
    """A sentence, or the whole file's own rows from the first on; never a row that it does not have."""
    content, path = small(tmp_path, how), tmp_path / "cut"
    path.write_bytes(content)
    whole = values(read(path))
    assert len(whole) == 2
    for end in range(len(content)):
        path.write_bytes(content[:end])
        try:
            found = list(read(path).rows)
        except NeedsPerson as refused:
            assert refused.message
            continue
        rows = [row.values for row in found if isinstance(row, Row)]
        assert rows == whole[: len(rows)], end
        assert how != "gzip", "what has a check sum is whole or refused"
        assert len(found) == len(content[:end].decode(how).splitlines()) - 1, end


NOT_TEXT = bytes(range(128, 256)) * 50


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "photo.csv"
    path.write_bytes(NOT_TEXT)
    with pytest.raises(UnknownKind, match="no text"):
        read(path)


def test_utf8_after_its_mark_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "报表.csv"
    path.write_bytes(b"\xef\xbb\xbf" + NOT_TEXT)
    with pytest.raises(NeedsPerson):
        read(path)


def test_mojibake_is_not_taken_for_a_report(tmp_path: Path) -> None:
    """UTF-8 read as GB18030 and saved again has no known header."""
    text = "".join(",".join(map(str, row)) + "\n" for row in report(ORDER)[:2])
    path = tmp_path / "乱码.csv"
    path.write_text(text.encode().decode("gb18030", "replace"), "utf-8")
    with pytest.raises(UnknownKind, match="no known kind"):
        read(path)


def workbook(path: Path, *sheets: Sequence[Sequence[object]]) -> Path:
    """A workbook with several sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for place, rows in enumerate(sheets):
        sheet = book.create_sheet(f"页{place}")
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    book.save(path)
    return path


def test_the_sheet_with_the_report_is_found(tmp_path: Path) -> None:
    rows = report(ORDER, ".xlsx")
    path = workbook(tmp_path / "x.xlsx", [["说明"], ["请勿修改"]], rows)
    assert len(values(read(path))) == len(rows) - 1


def test_a_missing_column_is_named_whichever_sheet_it_is_on(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", without(report(ORDER, ".xlsx"), "订单编号"), [["说明"]])
    with pytest.raises(UnknownKind, match="these columns are missing: 订单编号"):
        read(path)


def test_a_zip_without_a_report_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "not a workbook")
    with pytest.raises(UnknownKind, match="no known kind"):
        read(path)


def test_a_workbook_too_big_unpacked_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "x.xlsx", report(ORDER, ".xlsx"))
    monkeypatch.setattr(limits, "UNPACKED_AT_MOST", 1000)
    with pytest.raises(NeedsPerson, match="too big"):
        read(path)


def test_a_damaged_workbook_ends_in_a_sentence(tmp_path: Path) -> None:
    """One of the hazards: the parser's own errors come in many types."""
    source = (FIXTURES / "exports" / "layouts" / "order.2026_partial.xlsx").read_bytes()
    chance, path = random.Random(20261109), tmp_path / "x.xlsx"
    for _ in range(150):
        damaged = bytearray(source)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(4, len(damaged))] = chance.randrange(256)
        path.write_bytes(damaged[: chance.choice([len(damaged), chance.randrange(10, len(damaged))])])
        try:
            list(read(path).rows)
        except NeedsPerson as refusal:
            assert refusal.message
