"""What a platform's file says of an order in part, or in words of its own: never half taken, never guessed."""

from pathlib import Path
from typing import Any

import pytest

from fixtures.platforms import headers, table
from fixtures.reports import write_rows
from retcli.actions.cases import decisions
from retcli.rules.lifecycles import Kind
from tests.reports import Folder, counts, sold, take_one
from tests.shopfloor import Books

LIPSTICK = {
    "订单号": "P700000000000000009",
    "订单状态": "已发货",
    "订单创建时间": "2026-11-01 09:30:00",
    "支付时间": "2026-11-01 09:35:00",
    "商品名称": "口红",
    "商品总价(元)": "59",
    "用户应付金额(元)": "50",
    "商家编码": "X1",
    "SKU件数": "1",
}
POWDER = {"商品名称": "粉底", "商品总价(元)": "99", "用户应付金额(元)": "90", "商家编码": "X2", "SKU件数": "1"}
DOUYIN = {
    "主订单编号": "6910000000000000001",
    "选购商品": "保温杯",
    "商品数量": "1",
    "商家编码": "CUP",
    "订单应付金额": "50.00",
    "运费": "0.00",
    "支付优惠": "0.00",
    "订单提交时间": "2026-11-01 09:30:00",
    "支付完成时间": "2026-11-01 09:31:00",
    "发货时间": "2026-11-02 09:30:00",
    "订单状态": "已发货",
}


def sheet(folder: Path, layout: str, *rows: dict[str, Any], name: str = "list.xlsx") -> Path:
    """A platform's list with these rows."""
    path = folder / name
    write_rows(table(headers()[layout], rows), path)
    return path


def test_goods_under_a_merged_order_number_fell_the_whole_order(sqlite_books: Books, tmp_path: Path) -> None:
    """The cells of the order stand in its first row only: half of it, 50.00 of 140.00, is not taken."""
    other = LIPSTICK | {"订单号": "P700000000000000010"}
    file = take_one(sqlite_books, sheet(tmp_path, "xhs.order", LIPSTICK, POWDER, other))
    assert counts(file) == (3, 1, 0, 0, 2)
    assert [(fault.row, fault.problem) for fault in file.faults] == [
        (2, "another row of this order was refused, and an order comes in whole"),
        (3, "is empty"),
    ]
    assert sqlite_books.rows("SELECT number FROM orders") == [("P700000000000000010",)]


@pytest.mark.parametrize(
    "note", ["#导出时间：2026-11-21 10:00:00", "说明：以上为近三个月订单", "导出时间：2026-11-21 10:00"]
)
def test_a_note_below_the_table_is_no_row(sqlite_books: Books, folder: Folder, note: str) -> None:
    path = folder.orders(sold("2850000000000000011", ("A", 1, 500)))
    path.write_bytes(path.read_bytes() + f"{note}\r\n".encode("gb18030"))
    assert counts(take_one(sqlite_books, path)) == (1, 1, 0, 0, 0)


def test_the_order_above_is_known_also_where_the_reader_takes_the_next_rows(
    sqlite_books: Books, tmp_path: Path
) -> None:
    """Rows are read five hundred at a time: the second line of the 500th order is the first of the next ones."""
    rows = [LIPSTICK | {"订单号": f"P70000000000000{n:04d}"} for n in range(500)]
    file = take_one(sqlite_books, sheet(tmp_path, "xhs.order", *rows, POWDER))
    assert counts(file) == (501, 499, 0, 0, 2)
    assert sqlite_books.value("SELECT COUNT(*) FROM orders WHERE number = 'P700000000000000499'") == 0


def test_a_destroyed_number_is_not_that_of_the_row_above(sqlite_books: Books, tmp_path: Path) -> None:
    spoilt = LIPSTICK | {"订单号": "2.85E+18"}
    file = take_one(sqlite_books, sheet(tmp_path, "xhs.order", LIPSTICK, spoilt, POWDER))
    assert counts(file) == (3, 1, 0, 0, 2)
    assert sqlite_books.rows("SELECT number FROM orders") == [(LIPSTICK["订单号"],)]


def test_statuses_that_nobody_knows_are_said(sqlite_books: Books, tmp_path: Path) -> None:
    odd = LIPSTICK | {"订单号": "P700000000000000010", "订单状态": "补贴待确认"}
    file = take_one(sqlite_books, sheet(tmp_path, "xhs.order", LIPSTICK, odd))
    assert "Statuses of orders that are not known here, and count as none: 补贴待确认" in file.remarks
    assert sqlite_books.value("SELECT status FROM orders WHERE platform_status = '补贴待确认'") == ""


def test_a_part_of_an_order_does_not_say_how_far_the_order_is(books: Books, tmp_path: Path) -> None:
    """An export of what is done holds one of two parcels: the seven days of the other do not begin."""
    first, second = ({**DOUYIN, "子订单编号": f"691000000000000001{n}"} for n in (1, 2))
    take_one(books, sheet(tmp_path, "douyin.order.75", first, second))
    done = {"订单状态": "已完成", "订单完成时间": "2026-11-24 10:00:00"}
    part = take_one(books, sheet(tmp_path, "douyin.order.75", second | done, name="part.xlsx"))
    assert counts(part) == (1, 0, 1, 0, 0), "the line's own status is taken"
    assert books.rows("SELECT status, platform_status, signed_at FROM orders") == [("shipped", "已发货", None)]
    take_one(books, sheet(tmp_path, "douyin.order.75", first | done, second | done, name="whole.xlsx"))
    assert books.rows("SELECT status, platform_status FROM orders") == [("done", "已完成")]
    assert books.value("SELECT signed_at FROM orders") is not None


@pytest.mark.parametrize(
    ("status", "verdict"), [("交易关闭", "person"), ("退款成功", "person"), ("refunded", "person"), ("交易成功", "yes")]
)
def test_what_the_platform_gave_back_is_not_given_twice_by_a_case_opened_by_hand(
    sqlite_books: Books, folder: Folder, status: str, verdict: str
) -> None:
    """The refund report was not imported, but the order report says what became of the money."""
    order = sold("2850000000000000011", ("A", 1, 500), status=status)
    for path in folder.both(order):
        take_one(sqlite_books, path)
    view = sqlite_books.do(decisions.open_case, order.number, kind=Kind.RETURN, reason="B_7D")
    assert view.document()["case"]["verdict"] == verdict
    (said,) = [finding for finding in view.document()["case"]["findings"] if finding["rule"] == "money"]
    assert (f"the money went back already ({status}): import the refund report" in said["text"]) == (verdict != "yes")
