"""Orders whose two reports do not fit, and orders that wait for nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fixtures.reports import report_rows
from retcli.actions.insight import today
from tests.reports import ITEMS, ORDERS, Folder, changed, in_books, questions, sold, take, take_one
from tests.shopfloor import Books

NUMBER = "2850000000000000400"
ORDER = sold(NUMBER, ("A", 1, 5000), ("B", 2, 8000))
GIVEN_UP = sold(
    "2850000000000000410", ("C", 1, 900), paid=0, paid_at=None, shipped_at=None, confirmed_at=None, waybill="",
    carrier="", status="交易关闭", close_reason="买家未付款",
)  # fmt: skip


def test_an_order_closed_unpaid_waits_for_nothing(books: Books, folder: Folder) -> None:
    """It stands in the order report only."""
    view = take(books, folder.orders(GIVEN_UP, ORDER), folder.items(ORDER))
    assert (view.waiting, view.exit_code) == (0, 0)
    assert [file.waiting for file in view.files] == [0, 0]
    assert not any("wait" in remark for file in view.files for remark in file.remarks)
    assert view.hint == "Next: retcli today"
    assert list(in_books(books)) == [NUMBER]


def test_its_lines_may_come_all_the_same(sqlite_books: Books, folder: Folder) -> None:
    take(sqlite_books, folder.orders(GIVEN_UP))
    take(sqlite_books, folder.items(GIVEN_UP))
    assert in_books(sqlite_books)[GIVEN_UP.number]["paid"] == 0


@pytest.mark.parametrize("first", ["orders", "items"])
def test_halves_that_do_not_fit_are_named_with_both_numbers_and_both_files(
    books: Books, folder: Folder, first: str
) -> None:
    """One piece by the order report, three by the item report; a second order waits for its lines as before."""
    lonely = sold("2850000000000000420", ("D", 1, 700))
    rows = changed(list(report_rows([ORDER, lonely], ORDERS, ".csv")), 1, {"宝贝总数量": "1"})
    orders, items = folder.rows(rows, "订单"), folder.items(ORDER, name="宝贝")
    paths = (orders, items) if first == "orders" else (items, orders)
    take_one(books, paths[0])
    file = take_one(books, paths[1])
    sentence = f"{NUMBER}: 1 pieces in {orders.name}, 3 in {items.name}"
    assert f"1 orders stand in both reports and do not fit: {sentence}" in file.remarks
    assert (file.misfits, file.exit_code, file.document()["misfits"]) == (1, 3, 1)
    assert file.waiting == (1 if first == "items" else 0)
    assert sum("wait for the other half" in remark for remark in file.remarks) == (first == "items")
    assert books.do(today.today).document()["misfits"] == 1
    assert in_books(books) == {}
    whole = take(books, folder.orders(ORDER))
    assert (whole.exit_code, books.do(today.today).document()["misfits"]) == (0, 0)
    assert list(in_books(books)) == [NUMBER]


def test_fewer_pieces_than_were_ordered_may_still_come_and_are_named(sqlite_books: Books, folder: Folder) -> None:
    header, first, second = report_rows([ORDER], ITEMS, ".csv")
    orders, items = folder.orders(ORDER), folder.rows([header, first])
    take(sqlite_books, orders)
    file = take_one(sqlite_books, items)
    assert (file.waiting, file.misfits, file.exit_code) == (1, 0, 0)
    assert f"{NUMBER}: 3 pieces in {orders.name}, 1 in {items.name}" in "".join(file.remarks)
    assert sqlite_books.do(today.today).document()["misfits"] == 1
    assert not any("wait for the other half" in remark for remark in file.remarks)
    assert take_one(sqlite_books, folder.rows([header, second])).halves == ()


def test_a_voucher_of_the_platforms_is_no_question(books: Books, folder: Folder) -> None:
    """5.00 of B were paid by the platform: the item report has 75.00 for it, the order report 130.00 for all."""
    lines = (ORDER.lines[0], replace(ORDER.lines[1], voucher=500))
    view = take(books, *folder.both(replace(ORDER, lines=lines)))
    assert [file.questions for file in view.files] == [0, 0]
    assert in_books(books)[NUMBER]["paid"] == 13000
    rows = books.rows("SELECT cash, stated, platform_share, cash_source FROM order_lines ORDER BY position")
    assert [tuple(row) for row in rows] == [(5000, 5000, 0, "file"), (8000, 7500, 500, "file")]
    assert take(books, *folder.both(replace(ORDER, lines=lines, waybill="SF1999999999999"))).exit_code == 0
    assert questions(books) == []


def test_less_in_the_item_report_that_no_voucher_explains_is_a_question(sqlite_books: Books, folder: Folder) -> None:
    """By its own columns the platform paid 5.00, and 10.00 are missing."""
    cells = {"买家应付货款": "80.00", "买家实付金额": "75.00"}
    items = changed(list(report_rows([ORDER], ITEMS, ".csv")), 2, cells)
    items = changed(items, 1, {"买家应付货款": "45.00", "买家实付金额": "45.00"})
    take(sqlite_books, folder.orders(ORDER), folder.rows(items))
    assert questions(sqlite_books) == [(NUMBER, "lines_sum", "130.00", "120.00")]
