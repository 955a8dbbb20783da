"""What people and platforms do to a sheet: lines of totals, columns for one another, exports of another day,
files that come again.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fixtures import report_rows
from retcli.actions.cases import case_cards
from retcli.actions.imports import intake
from retcli.actions.insight import today
from retcli.actions.shop import orders
from retcli.models.imports import Import
from retcli.transaction import opened
from tests.reports import ITEMS, ORDERS, REQUESTED, SUCCEEDED, Folder, asked_back, changed, counts, sold, take, take_one
from tests.shopfloor import Books
from tests.terminal import Desk

ORDER = sold("2850000000000000511", ("TS-L", 2, 19800))
SENT = replace(ORDER, status="卖家已发货，等待买家确认", confirmed_at=None)


def with_total(layout: str, **cells: Any) -> list[list[Any]]:
    """A report with a line of totals below it."""
    rows = [list(row) for row in report_rows([ORDER], layout, ".csv")]
    names = [str(name).strip() for name in rows[0]]
    return [*rows, [cells.get(name, "") for name in names]]


@pytest.mark.parametrize("word", ["合计", "总计：", "Total"])
def test_a_line_of_totals_is_no_order(books: Books, folder: Folder, word: str) -> None:
    total = {"订单编号": word, "买家实际支付金额": "198.00", "宝贝总数量": "2"}
    file = take_one(books, folder.rows(with_total(ORDERS, **total)))
    assert (counts(file), file.waiting) == ((1, 1, 0, 0, 0), 1)
    take_one(books, folder.rows(with_total(ITEMS, **{"主订单编号": word, "购买数量": "2"})))
    assert [row.number for row in books.rows("SELECT number FROM orders")] == [ORDER.number]


def test_a_total_without_its_word_in_the_first_column(books: Books, folder: Folder) -> None:
    total = {"订单编号": "", "买家会员名": "合计", "买家实际支付金额": "198.00"}
    assert take_one(books, folder.rows(with_total(ORDERS, **total))).refused == 0


def test_an_order_that_lost_its_number_is_refused_whatever_its_remark_says(books: Books, folder: Folder) -> None:
    rows = changed(list(report_rows([ORDER], ORDERS, ".csv")), 1, {"订单编号": "", "订单备注": "合计"})
    (fault,) = take_one(books, folder.rows(rows)).faults
    assert (fault.row, fault.column, fault.problem) == (2, "订单编号", "is empty")


def test_a_closed_refund_of_nothing_on_two_pieces_is_taken(books: Books, folder: Folder) -> None:
    """退款关闭的行，退款金额常是 0.00。"""
    take(books, *folder.both(ORDER))
    assert counts(take_one(books, folder.refunds(asked_back("31", ORDER, 0, status="退款关闭")))) == (1, 1, 0, 0, 0)
    assert books.do(case_cards.show, "31").decision == "withdrawn"


def test_a_sheet_that_does_not_add_up_to_its_own_total_is_not_complete(books: Books, folder: Folder) -> None:
    file = take_one(books, folder.rows(with_total(ORDERS, **{"订单编号": "合计", "买家实际支付金额": "297.00"})))
    assert (file.state, file.rows) == ("refused", 0)
    assert file.problem == "The file says 297.00 (买家实际支付金额), its rows say 198.00: it is not complete"


def test_an_empty_cell_gives_way_to_the_next_column(books: Books, folder: Folder) -> None:
    """修改后的收货地址、联系手机平常是空的：取收货地址、联系电话。"""
    rows = list(report_rows([ORDER], ORDERS, ".csv"))
    cells = {"修改后的收货地址": "", "收货地址": "浙江省 金华市 1 号", "联系手机": "", "联系电话": "0571-88886666"}
    take(books, folder.rows(changed(rows, 1, cells)), folder.items(ORDER))
    (found,) = books.rows("SELECT address, phone FROM orders")
    assert (found.address, found.phone) == ("浙江省 金华市 1 号", "0571-88886666")


def test_a_narrower_file_takes_nothing_from_an_order_that_waits(books: Books, folder: Folder) -> None:
    whole = list(report_rows([ORDER], ORDERS, ".csv"))
    kept = ("订单编号", "买家会员名", "买家实际支付金额", "订单状态", "订单创建时间", "订单付款时间")
    places = [place for place, name in enumerate(whole[0]) if str(name).strip() in kept]
    narrow = [[row[place] for place in places] for row in whole]
    take(books, folder.rows(whole), folder.rows(narrow))
    take(books, folder.items(ORDER))
    (found,) = books.rows("SELECT status, waybill, receiver, signed_at FROM orders")
    assert (found.status, found.waybill, found.receiver) == ("done", ORDER.waybill, "林小满")
    assert found.signed_at is not None


def test_the_newer_export_has_the_last_word_in_any_order(
    sqlite_books: Books, more_books: Any, tmp_path: Path, folder: Folder
) -> None:
    """文件名里的时间说了算：先导旧的、先导新的，账一样；签收了的不会退回已发货。"""
    old = folder.orders(SENT, name="zz_20261103080000.csv")
    new = folder.orders(ORDER, name="aa_20261109080000.csv")
    items = folder.items(ORDER)
    for books, turns in ((sqlite_books, [[items, old, new]]), (more_books(), [[items, new], [old]])):
        for files in turns:
            take(books, *files)
        assert books.value("SELECT status FROM orders") == "done"


def test_what_succeeded_does_not_begin_anew(books: Books, folder: Folder) -> None:
    asked = asked_back("31", ORDER, 19800, status=REQUESTED)
    take(books, *folder.both(ORDER), folder.refunds(replace(asked, status=SUCCEEDED, finished_at=asked.applied_at)))
    late = take_one(books, folder.refunds(asked))
    assert counts(late) == (1, 0, 0, 1, 0)
    assert books.do(case_cards.show, "31").on_platform.platform_status == SUCCEEDED


def test_refused_rows_of_a_header_that_ends_with_an_empty_column_go_into_a_sheet(
    sqlite_books: Books, folder: Folder
) -> None:
    """京东的导出每行末尾都有一个逗号。"""
    rows = [[*row, ""] for row in changed(list(report_rows([ORDER], ORDERS, ".csv")), 1, {"订单编号": "2.85E+18"})]
    desk = Desk(sqlite_books.database)
    path = folder.rows(rows)
    assert desk.type("import", str(path)).code == 3
    made = desk.read("imports", "faults", "-o", str(folder.path / "f.xlsx"))
    assert made["rows"] == 1
    again = desk.read("import", str(path), code=3)["files"][0]
    assert (again["state"], again["rows"], again["unchanged"], again["refused"]) == ("unchanged", 1, 0, 1)


def test_an_import_that_was_cut_off_says_so(books: Books, folder: Folder) -> None:
    take(books, folder.orders(ORDER))
    with opened(books.asked()) as shop:
        imported = shop.session.get_one(Import, 1)
        imported.state = "merging"
    view = books.do(intake.show_import, None)
    assert (view.files[0].state, view.exit_code) == ("merging", 3)
    assert "It was cut off in the middle: the next import finishes it" in view.files[0].remarks
    assert books.do(today.today).unfinished == 1


def test_both_reports_in_one_run_wait_for_nothing(sqlite_books: Books, folder: Folder) -> None:
    told = Desk(sqlite_books.database).type("import", *map(str, folder.both(ORDER))).out
    assert "wait for the other half" not in told
    assert told.splitlines()[-1] == "Next: retcli today"
    assert sqlite_books.do(orders.show, ORDER.number).number == ORDER.number
