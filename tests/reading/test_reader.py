"""Files into rows: every layout since 2016, every fault with its place, the same rows however they were saved."""

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from fixtures.model import Shop as Invented
from fixtures.refundmaker import SECOND_REPORT, refunds_as_of
from fixtures.reports import Row as Cells
from fixtures.reports import layouts, report_rows, write_rows
from fixtures.shopmaker import make_shop
from retcli.errors import NeedsPerson
from retcli.platforms import DIALECTS
from retcli.reading.dialect import Dialect, Fault, Row, match
from retcli.reading.reader import Reading, UnknownKind
from tests.knownfiles import read

TAOBAO = [name for name in layouts() if name.startswith("taobao.")]
ORDER, ITEM, REFUND = "taobao.order.2021a", "taobao.item.2026_xlsx", "taobao.refund.2026"


def kind_of(layout: str) -> str:
    """``taobao.order`` of ``taobao.order.2021a``."""
    return ".".join(layout.split(".")[:2])


@cache
def invented() -> Invented:
    return make_shop(7, orders=12, refunds=6)


def report(layout: str, suffix: str = ".csv") -> list[Cells]:
    """The header and rows of a small report in a layout."""
    shop = invented()
    return list(
        report_rows(refunds_as_of(shop, SECOND_REPORT) if ".refund." in layout else shop.orders, layout, suffix)
    )


def written(folder: Path, rows: Sequence[Sequence[object]], *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """The rows as a text file."""
    path = folder / "报表.csv"
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return path


def values(reading: Reading) -> list[dict[str, object]]:
    """What the rows say; none may be a fault."""
    found = list(reading.rows)
    assert not [fault for fault in found if isinstance(fault, Fault)]
    return [row.values for row in found if isinstance(row, Row)]


def faults(path: Path) -> list[Fault]:
    return [fault for fault in read(path).rows if isinstance(fault, Fault)]


@pytest.mark.parametrize("layout", TAOBAO)
def test_every_layouts_header_is_known(layout: str) -> None:
    """Of all dialects exactly its own fits."""
    fits = [found.dialect.name for dialect in DIALECTS if (found := match(dialect, layouts()[layout])) and found.fits]
    assert fits == [kind_of(layout)]


NEVER = [
    pytest.param(dialect, name, id=f"{dialect.name} never has {name}") for dialect in DIALECTS for name in dialect.never
]


@pytest.mark.parametrize(("dialect", "name"), NEVER)
def test_a_column_of_another_kind_of_file_decides(dialect: Dialect, name: str) -> None:
    header = [wanted.headers[0] for wanted in dialect.fields]
    assert match(dialect, header) is not None
    assert match(dialect, [*header, name]) is None


def test_a_file_that_fits_two_kinds_is_asked_about(tmp_path: Path) -> None:
    twin = replace(next(dialect for dialect in DIALECTS if dialect.name == kind_of(ORDER)), name="twin.order")
    with pytest.raises(NeedsPerson, match="any of") as refusal:
        read(written(tmp_path, report(ORDER)), [*DIALECTS, twin])
    assert "--format" in refusal.value.hint


@pytest.mark.parametrize("layout", TAOBAO)
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_every_layout_is_read_whole(tmp_path: Path, layout: str, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    rows = report(layout, suffix)
    write_rows(rows, path)
    reading = read(path)
    assert (reading.dialect.name, len(values(reading))) == (kind_of(layout), len(rows) - 1)


def test_an_order_comes_out_to_the_fen_and_the_second(tmp_path: Path) -> None:
    path = tmp_path / "订单.csv"
    write_rows(report(ORDER), path)
    for order, row in zip(invented().orders, values(read(path)), strict=True):
        assert (row["order"], row["paid"], row["freight"]) == (order.number, order.paid, order.freight)
        assert (row["refunded_amount"], row["net"]) == (order.refunded, order.paid - order.refunded)
        assert (row["phone"], row["pieces"]) == (order.phone, sum(line.quantity for line in order.lines))


def test_lines_come_out_to_the_fen(tmp_path: Path) -> None:
    path = tmp_path / "宝贝.xlsx"
    write_rows(report(ITEM, ".xlsx"), path)
    lines = [(order, line) for order in invented().orders for line in order.lines]
    for (order, line), row in zip(lines, values(read(path)), strict=True):
        assert (row["order"], row["line"], row["sku"]) == (order.number, line.number, line.sku)
        assert (row["price"], row["quantity"], row["stated"]) == (line.price, line.quantity, line.cash - line.voucher)
        assert row["platform_share"] == line.voucher or not line.cash


def test_refunds_come_out_to_the_fen(tmp_path: Path) -> None:
    path = tmp_path / "退款.xlsx"
    write_rows(report(REFUND, ".xlsx"), path)
    refunds = refunds_as_of(invented(), SECOND_REPORT)
    for refund, row in zip(refunds, values(read(path)), strict=True):
        assert (row["refund"], row["order"], row["amount"]) == (refund.number, refund.order.number, refund.amount)
        assert row["kind"] in {"refund-only", "return", "exchange", "resend"}
        assert row["status"]


@pytest.mark.parametrize("layout", [ORDER, "taobao.item.2018", REFUND])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_the_same_rows_in_any_encoding(tmp_path: Path, layout: str, encoding: str) -> None:
    rows = report(layout)
    plain = values(read(written(tmp_path, rows)))
    assert values(read(written(tmp_path, rows, encoding=encoding))) == plain


def test_the_encoding_is_said(tmp_path: Path) -> None:
    rows = report(ORDER)
    seen = {name: read(written(tmp_path, rows, encoding=name)).encoding for name in ("gb18030", "utf-8", "utf-8-sig")}
    assert seen == {"gb18030": "gb18030", "utf-8": "utf-8", "utf-8-sig": "utf-8-sig"}


@pytest.mark.parametrize("layout", [ORDER, ITEM, REFUND])
def test_the_same_rows_in_a_workbook_as_in_text(tmp_path: Path, layout: str) -> None:
    """Ids as text cells, amounts as number cells, phones without their apostrophe."""
    book = tmp_path / "报表.xlsx"
    write_rows(report(layout, ".xlsx"), book)
    assert values(read(book)) == values(read(written(tmp_path, report(layout))))


def test_the_same_rows_between_tabs(tmp_path: Path) -> None:
    rows = report(ORDER)
    assert values(read(written(tmp_path, rows, delimiter="\t"))) == values(read(written(tmp_path, rows)))


def test_what_a_file_is_does_not_hang_on_its_name(tmp_path: Path) -> None:
    book, text = tmp_path / "really.csv", tmp_path / "text.xlsx"
    source = tmp_path / "x.xlsx"
    write_rows(report(ORDER, ".xlsx"), source)
    source.rename(book)
    written(tmp_path, report(ORDER)).rename(text)
    assert (read(book).encoding, read(text).encoding) == ("xlsx", "utf-8")


@pytest.mark.parametrize("layout", [ORDER, ITEM, REFUND, "taobao.item.2018"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_columns_in_any_order_give_the_same(tmp_path: Path, layout: str, seed: int) -> None:
    rows = report(layout)
    plain = values(read(written(tmp_path, rows)))
    turn = list(range(len(rows[0])))
    random.Random(seed).shuffle(turn)
    assert values(read(written(tmp_path, [[row[place] for place in turn] for row in rows]))) == plain


def without(rows: Sequence[Cells], *columns: str) -> list[Cells]:
    places = [place for place, name in enumerate(rows[0]) if str(name).strip() not in columns]
    return [[row[place] for place in places] for row in rows]


REQUIRED = [
    pytest.param(layout, wanted.headers, id=f"{layout} without {wanted.headers[0]}")
    for layout in (ORDER, ITEM, REFUND, "taobao.order.2016", "taobao.refund.2026_alt_partial")
    for dialect in DIALECTS
    if dialect.name == kind_of(layout)
    for wanted in dialect.fields
    if wanted.required
]


@pytest.mark.parametrize(("layout", "headers"), REQUIRED)
def test_a_required_column_that_is_missing_is_named(tmp_path: Path, layout: str, headers: tuple[str, ...]) -> None:
    path = written(tmp_path, without(report(layout), *headers))
    with pytest.raises(UnknownKind) as refusal:
        read(path)
    kind = kind_of(layout).removeprefix("taobao.")
    assert refusal.value.message == f"The file looks like {kind} report, but these columns are missing: {headers[0]}"
    assert refusal.value.where == {"file": path.name}


OPTIONAL = [
    pytest.param(wanted.name, wanted.headers, id=wanted.name)
    for dialect in DIALECTS
    if dialect.name == "taobao.order"
    for wanted in dialect.fields
    if not wanted.required and wanted.name not in {"_total", "refunded_amount"}
]
"""Without the two left out, what was paid is read from the others."""


@pytest.mark.parametrize(("name", "headers"), OPTIONAL)
def test_an_optional_column_that_is_missing_is_said_and_nothing_shifts(
    tmp_path: Path, name: str, headers: tuple[str, ...]
) -> None:
    rows = report(ORDER)
    plain = values(read(written(tmp_path, rows)))
    reading = read(written(tmp_path, without(rows, *headers)))
    missing = {wanted.name for wanted in reading.match.missing}
    assert name in missing
    assert values(reading) == [{k: v for k, v in row.items() if k not in missing} for row in plain]


PARTS = ("paid", "refunded_amount", "net", "total")
"""What an order report says of an order's money."""


@pytest.mark.parametrize(
    ("left_out", "net", "total", "back", "said"),
    [
        ((), "25.31", "234.00", "208.69", (23400, 20869, 2531, 23400)),
        ((), "0.00", "119.00", "119.00", (11900, 11900, 0, 11900)),
        ((), "75.00", "100.00", "20.00", (9500, 2000, 7500, 10000)),
        ((), "100.00", "100.00", "20.00", (10000, 2000, 10000, 10000)),
        (("退款金额",), "100.00", "100.00", "", (10000, 0, 10000, 10000)),
        (("退款金额",), "75.00", "100.00", "", (7500, None, 7500, 10000)),
        (("总金额",), "75.00", "", "25.00", (10000, 2500, 7500, None)),
        (("退款金额", "总金额"), "75.00", "", "", (7500, None, 7500, None)),
    ],
)
def test_what_was_paid_is_what_is_left_and_what_went_back(
    tmp_path: Path, left_out: tuple[str, ...], net: str, total: str, back: str, said: tuple[int | None, ...]
) -> None:
    """Where they are not the whole, the lesser of the two readings stands until a person looks."""
    rows = report(ORDER)[:2]
    for name, cell in (("买家实际支付金额", net), ("总金额", total), ("退款金额", back)):
        rows[1][rows[0].index(name)] = cell
    (row,) = values(read(written(tmp_path, without(rows, *left_out))))
    assert tuple(row[name] for name in PARTS) == said


def test_columns_nobody_asked_for_are_said_and_passed_over(tmp_path: Path) -> None:
    rows = [["新栏目", *row] if place == 0 else ["=1+1", *row] for place, row in enumerate(report(ORDER))]
    reading = read(written(tmp_path, rows))
    assert reading.match.unknown[0] == "新栏目"
    assert values(reading) == values(read(written(tmp_path, report(ORDER))))


@pytest.mark.parametrize("name", ["买家实际支付金额", "买家实际支付金额 "])
def test_a_column_that_stands_twice_is_refused_by_name(tmp_path: Path, name: str) -> None:
    rows = report(ORDER)
    path = written(tmp_path, [[*rows[0], name], *([*row, "1.00"] for row in rows[1:])])
    with pytest.raises(NeedsPerson, match="stand twice in the header: 买家实际支付金额"):
        read(path)


def test_a_column_nobody_asked_for_may_stand_twice(tmp_path: Path) -> None:
    rows = report(ORDER)
    path = written(tmp_path, [[*rows[0], "返点积分"], *([*row, "1"] for row in rows[1:])])
    assert values(read(path)) == values(read(written(tmp_path, rows)))


@pytest.mark.parametrize(
    "spell",
    [str.strip, " {} ".format, "{}\t".format, "\ufeff{}".format, "`{}".format],
    ids=["plain", "blank", "tab", "bom", "tick"],
)
def test_headers_are_known_with_what_clings_to_them(tmp_path: Path, spell: object) -> None:
    rows = report(ORDER)
    assert callable(spell)
    assert read(written(tmp_path, [[spell(str(name)) for name in rows[0]], *rows[1:]])).match.fits


def test_lines_above_the_header_are_passed_over_and_rows_still_counted_from_the_top(tmp_path: Path) -> None:
    rows = report(ORDER)
    rows[2][rows[0].index("买家实际支付金额")] = "x"
    path = written(tmp_path, [["订单报表"], ["导出时间：2026-11-09"], *rows])
    assert [(fault.row, fault.column) for fault in faults(path)] == [(5, "买家实际支付金额")]


def test_a_kind_that_was_asked_for_is_the_only_one_tried(tmp_path: Path) -> None:
    refunds = [dialect for dialect in DIALECTS if dialect.name == "taobao.refund"]
    with pytest.raises(UnknownKind):
        read(written(tmp_path, report(ORDER)), refunds)


def test_the_remark_of_a_buyer_is_only_text(tmp_path: Path) -> None:
    """Commas, quotes, line ends, formulas and codes inside a cell belong to the cell."""
    rows = report(ORDER)
    remark = '=HYPERLINK("http://x"),\r\n"[bold]急！\x1b[31m，，\t\''
    rows[1][rows[0].index("买家留言")] = remark
    first, *_ = values(read(written(tmp_path, rows)))
    assert first["buyer_remark"] == remark.strip()


def test_line_ends_of_any_kind(tmp_path: Path) -> None:
    rows = report(ORDER)
    plain = values(read(written(tmp_path, rows)))
    for end in ("\n", "\r\n"):
        stream = io.StringIO()
        csv.writer(stream, lineterminator=end).writerows(rows)
        path = tmp_path / "x.csv"
        path.write_bytes(stream.getvalue().encode())
        assert values(read(path)) == plain
