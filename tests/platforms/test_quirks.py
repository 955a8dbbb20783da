"""What spreadsheets and platforms leave in a file behind the shop's back: it means what the shop reads in it."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from fixtures import containers, report_rows, write_rows
from fixtures.make import SMALL_SEED
from fixtures.reports import Row as Cells
from fixtures.shopmaker import make_shop
from fixtures.statements import sheets
from retcli.actions.imports.intake import TURN
from retcli.errors import NeedsPerson
from retcli.platforms import pdd_bills
from retcli.platforms.mapping import load
from retcli.reading.dialect import Fault, Row
from tests.knownfiles import read
from tests.reports import EXPORTS, ORDERS, Folder, changed, sold
from tests.shopfloor import shanghai

ORDER, PAID = "2850261288958700001", "买家实际支付金额"
OWN = """name = "own"
platform = "own"
holds = "bills"
[fields]
number = "流水"
at = "时间"
amount = "金额"
"""


def utc(text: str) -> str:
    """An instant of Shanghai's time as rows have it."""
    return shanghai(text).astimezone(UTC).isoformat()


def said(path: Path, *words: str) -> list[object]:
    """What each row says under our words, or the column and the text for which it is refused."""
    return [
        (row.column, row.text) if isinstance(row, Fault) else tuple(row.values[word] for word in words)
        for row in read(path).rows
    ]


def moved(folder: Folder, *lines: Cells, units: str = "") -> dict[str, tuple[str, int]]:
    """When and how much each entry of a statement in the shop's own layout moved; nothing for a refused one."""
    mapping = folder.path / "own.toml"
    mapping.write_text(OWN + units, encoding="utf-8")
    rows = read(folder.rows([["流水", "时间", "金额"], *lines]), [load(mapping, TURN).dialect]).rows
    return {row.values["number"]: (row.values["at"], row.values["minor"]) for row in rows if isinstance(row, Row)}


# -- dates that Excel has made numbers ---------------------------------------------------------------------------------


def test_an_order_report_whose_dates_excel_has_made_numbers(folder: Folder, tmp_path: Path) -> None:
    order = sold(ORDER, ("TS-L", 1, 5990))
    numbered = {"订单创建时间": "46327.39", "订单付款时间": "46327.396527777775", "确认收货时间": "46338"}
    meant = [(utc("2026-11-01 09:21:36"), utc("2026-11-01 09:31"), utc("2026-11-12"))]
    words = ("ordered_at", "paid_at", "confirmed_at")
    report = list(report_rows([order], ORDERS, ".csv"))
    assert said(folder.rows(changed(report, 1, numbered)), *words) == meant
    book = tmp_path / "订单.xlsx"
    numbers = {name: float(number) for name, number in numbered.items()}
    write_rows(changed(list(report_rows([order], ORDERS, ".xlsx")), 1, numbers), book)
    assert said(book, *words) == meant


def test_a_number_that_is_no_day_refuses_its_row(folder: Folder) -> None:
    report = list(report_rows([sold(ORDER, ("TS-L", 1, 5990))], ORDERS, ".csv"))
    for number in ("20261109", "1768222209", "1768222209000", "12.5", "73052"):
        assert said(folder.rows(changed(report, 1, {"订单创建时间": number}))) == [("订单创建时间", number)]


def test_a_mapping_reads_excels_numbers_and_a_time_with_its_offset(folder: Folder) -> None:
    lines: list[Cells] = [
        ["A1", "46338.5", "1.00"],
        ["A2", "2026-04-04 20:49:44 +0500", "1.00"],
        ["A3", "20261109", "1.00"],
        ["A4", "2026-04-04 20:49:44", "1.00"],
    ]
    known = {
        "A1": (utc("2026-11-12 12:00"), 100),
        "A2": (datetime(2026, 4, 4, 15, 49, 44, tzinfo=UTC).isoformat(), 100),
        "A4": (utc("2026-04-04 20:49:44"), 100),
    }
    assert moved(folder, *lines) == known
    assert moved(folder, *lines, units='[units]\ndates = "%d/%m/%Y"\n') == known
    by_day = moved(folder, *lines, units='[units]\ndates = "%Y%m%d"\n')
    assert by_day == known | {"A3": (utc("2026-11-09"), 100)}


# -- amounts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paid", ["131.77(已退款89.84)", "131.77（已退款89.84）", "¥131.77(已退款¥89.84)"])
def test_what_was_paid_stands_before_what_went_back(folder: Folder, paid: str) -> None:
    report = changed(list(report_rows([sold(ORDER, ("TS-L", 1, 13177))], ORDERS, ".csv")), 1, {PAID: paid})
    assert said(folder.rows(report), "paid") == [(13177,)]


def test_another_note_behind_an_amount_refuses_its_row(folder: Folder) -> None:
    report = list(report_rows([sold(ORDER, ("TS-L", 1, 13177))], ORDERS, ".csv"))
    assert said(folder.rows(changed(report, 1, {PAID: "131.77(abc)"})), "paid") == [(PAID, "131.77(abc)")]


def test_the_minus_may_stand_before_the_currency(folder: Folder) -> None:
    lines: list[Cells] = [["A1", "2026-11-12", "-¥5.00"], ["A2", "2026-11-12", "¥-5.00"], ["A3", "2026-11-12", "-5.00"]]
    assert {minor for _at, minor in moved(folder, *lines).values()} == {-500}


# -- workbooks of 2003 -------------------------------------------------------------------------------------------------


def test_a_workbook_of_2003_does_not_write_the_empty_cells_at_a_rows_end(tmp_path: Path) -> None:
    """Excel leaves them out; a row that ends before an amount it needs is refused for that alone."""
    header, row = PAID_ORDERS
    rows = [["2026年11月订单"], header, row, row[: row.index("TS-L") + 1], row[:2]]
    path = tmp_path / "订单.xls"
    path.write_bytes(containers.xml(rows))
    assert said(path, "order", "paid", "seller_remark") == [
        (ORDER, 5990, "加急"),
        (ORDER, 5990, ""),
        ("用户实付金额(元)", ""),
    ]


def test_a_row_with_more_than_the_header_has_is_refused_there_too(tmp_path: Path) -> None:
    header, row = PAID_ORDERS
    path = tmp_path / "订单.xls"
    path.write_bytes(containers.xml([header, row, [*row, "多"], row[:-1]]))
    assert said(path, "order") == [(ORDER,), ("", str(len(header) + 1)), (ORDER,)]


PAID_ORDERS = (
    ["订单号", "订单状态", "用户实付金额(元)", "商品数量(件)", "支付时间", "商家编码-规格维度", "商家备注"],
    [ORDER, "已签收", "59.90", "1", "2026-11-01 09:31:00", "TS-L", "加急"],
)


# -- statements that were cut off --------------------------------------------------------------------------------------

FOOTED = {
    "alipay/fund.classic.csv": 4,
    "alipay/fund.2026.csv": 4,
    "alipay/trade.csv": 4,
    "wechat/trade.all.csv": 2,
    "wechat/trade.success.old.csv": 2,
    "wechat/trade.refund.old.csv": 2,
    "wechat/fund.csv": 2,
    "pdd/settle.csv": 2,
}
"""Statements that end with their totals, and in how many lines."""


def cut(folder: Path, name: str, without: int) -> Path:
    """A statement that lacks so many of its last lines."""
    lines = (EXPORTS / name).read_bytes().splitlines(keepends=True)
    path = folder / "账单.csv"
    path.write_bytes(b"".join(lines[: len(lines) - without]))
    return path


@pytest.mark.parametrize("name", FOOTED)
def test_a_statement_that_was_cut_off_at_a_lines_end_is_not_taken(tmp_path: Path, name: str) -> None:
    footer = FOOTED[name]
    for without in (footer - 1 if footer == 4 or "wechat" in name else footer, footer, footer + 1, footer + 3):
        with pytest.raises(NeedsPerson) as refusal:
            list(read(cut(tmp_path, name, without)).rows)
        assert refusal.value.message == "The file is not complete: the line with its totals is missing"
        assert refusal.value.hint == "Download it again"


@pytest.mark.parametrize(
    ("name", "summed"),
    [("alipay/fund.classic.csv", "退款"), ("alipay/fund.2026.csv", "退款"), ("alipay/trade.csv", "交易")],
)
def test_a_statement_cut_between_two_of_its_sums_is_compared_with_the_one_that_is_left(
    tmp_path: Path, name: str, summed: str
) -> None:
    """Every entry stands above the sums, so that the first sum alone, of what goes out or of payments, takes it in; an
    entry that it counts is missed.
    """
    path = cut(tmp_path, name, 2)
    assert len(said(path)) == len(said(EXPORTS / name))
    lines = path.read_bytes().splitlines(keepends=True)
    lines.remove(next(line for line in lines if summed in line.decode("gb18030") and line[:1].isdigit()))
    path.write_bytes(b"".join(lines))
    with pytest.raises(NeedsPerson, match=r"The file says .*, its rows say .*: it is not complete"):
        list(read(path).rows)


def test_a_statement_cut_in_the_middle_of_a_line_is_not_taken_either(tmp_path: Path) -> None:
    path = cut(tmp_path, "wechat/trade.all.csv", 4)
    path.write_bytes(path.read_bytes()[:-150])
    with pytest.raises(NeedsPerson, match="the line with its totals is missing"):
        list(read(path).rows)


@pytest.mark.parametrize("name", FOOTED)
def test_a_statement_saved_as_a_workbook_may_have_lost_its_totals(tmp_path: Path, name: str) -> None:
    """A workbook that was cut off cannot be opened at all."""
    text = cut(tmp_path, name, FOOTED[name]).read_bytes()
    rows = csv.reader(io.StringIO(text.decode("utf-8-sig" if "wechat" in name else "gb18030")))
    book = tmp_path / "账单.xlsx"
    write_rows(list(rows), book)
    assert len(said(book)) == len(said(EXPORTS / name))


def test_refused_entries_that_were_mended_have_no_totals(tmp_path: Path) -> None:
    lines = cut(tmp_path, "wechat/trade.all.csv", 2).read_text("utf-8-sig").splitlines()
    path = tmp_path / "mended.csv"
    path.write_text("\n".join([f"{lines[0]},原行号,原因", *(f"{line},9,金额不对" for line in lines[1:4])]), "utf-8")
    assert said(path, "category") == [("payment",)] * 3


WECHAT = {
    "wechat/trade.all.csv": {1: "payments", 2: "refunds", 3: "coupons refunded", 4: "fees", 5: "amounts of the orders",
                             6: "refunds asked for"},
    "wechat/trade.success.old.csv": {1: "payments", 2: "refunds", 4: "fees"},
    "wechat/trade.refund.old.csv": {2: "refunds", 3: "coupons refunded", 4: "fees"},
}  # fmt: skip
"""What the sums in the last line of a bill are of, as far as its rows can tell, by their place behind the count."""


@pytest.mark.parametrize(("name", "place"), [(name, place) for name, sums in WECHAT.items() for place in sums])
def test_every_sum_under_a_bill_of_wechat_is_compared_to_the_fen(tmp_path: Path, name: str, place: int) -> None:
    path = cut(tmp_path, name, 0)
    *lines, last = path.read_text("utf-8-sig").splitlines()
    sums = [cell.strip("`") for cell in last.split(",")]
    more = Decimal(sums[place]) + Decimal("0.01")
    path.write_text("\n".join([*lines, ",".join([*sums[:place], str(more), *sums[place + 1 :]])]), "utf-8")
    with pytest.raises(NeedsPerson, match=r"it is not complete") as refusal:
        list(read(path).rows)
    assert f"The file says {more:.2f} ({WECHAT[name][place]})" in refusal.value.message


def test_a_sum_of_a_column_that_was_taken_out_is_not_compared(tmp_path: Path) -> None:
    rows = [row.split(",") for row in (EXPORTS / "wechat/trade.all.csv").read_text("utf-8-sig").splitlines()]
    gone = [rows[0].index(name) for name in ("订单金额", "申请退款金额")]
    left = [[cell for place, cell in enumerate(row) if place not in gone] for row in rows[:-2]]
    path = tmp_path / "账单.csv"
    path.write_text("\n".join(map(",".join, [*left, *rows[-2:]])), "utf-8")
    assert said(path, "minor") == said(EXPORTS / "wechat/trade.all.csv", "minor")


# -- sheets from abroad ------------------------------------------------------------------------------------------------

ABROAD = [
    ("tiktok/orders.csv", "SKU Unit Original Price"),
    ("tiktok/orders.csv", "Order Amount"),
    ("lazada/orders.xlsx", "paidPrice"),
    ("shopee/orders.xlsx", "Deal Price"),
    ("shopee/orders.xlsx", "Original Price"),
    ("shopify/orders.csv", "Total"),
    ("shopify/orders.csv", "Shipping"),
]


@pytest.mark.parametrize(("path", "column"), ABROAD)
def test_a_refused_amount_from_abroad_is_named_by_its_own_column(folder: Folder, path: str, column: str) -> None:
    (sheet,) = [each for each in sheets(make_shop(SMALL_SEED, orders=12, refunds=6)) if each.path == path]
    rows = [{**sheet.rows[0], column: "1.234"}]
    if column == "Original Price":
        rows = [{name: cell for name, cell in rows[0].items() if name != "Deal Price"}]
    table = replace(sheet, rows=rows).table()
    gone = [place for place, name in enumerate(table[0]) if name == "Deal Price" and column == "Original Price"]
    left: list[Cells] = [[cell for place, cell in enumerate(row) if place not in gone] for row in table]
    assert said(folder.rows(left)) == [(column, "1.234")]


@pytest.mark.parametrize(
    ("document", "order"),
    [
        ("261109-123456789012345", "261109-123456789012345"),
        ("261109-1234567890123456", ""),
        ("261109-123456789012345-1", ""),
        ("X261109-123456789012345", ""),
    ],
)
def test_a_pinduoduo_document_of_another_shape_is_no_order(document: str, order: str) -> None:
    """A longer number with its head kept would be another order's."""
    cells = {"document": document, "at": "2026-11-09T04:00:00", "income": 5990, "outgo": 0, "words": "交易收入"}
    assert pdd_bills.ACCOUNT.row_steps is not None
    (row,) = pdd_bills.ACCOUNT.row_steps([Row(1, cells)])
    assert isinstance(row, Row) and (row.values["order"], row.values["trade"]) == (order, document)
