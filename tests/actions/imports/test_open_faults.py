"""Refused rows stand in the day's list, with their sum and the command, until they are mended or seen."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from fixtures import report_rows
from retcli.actions.insight import today
from retcli.views.insight.today import TodayView
from tests.reports import REFUNDS, REQUESTED, Folder, asked_back, changed, sold, take
from tests.shopfloor import WAREHOUSE, Books
from tests.terminal import Desk

ORDERS = [sold(f"285000000000000057{n}", ("A", 1, 5000)) for n in range(3)]
AMOUNTS = (1000, 2000, 3000)
WANTED = [
    asked_back(f"3157{amount}", order, amount, status=REQUESTED) for amount, order in zip(AMOUNTS, ORDERS, strict=True)
]


def refused(
    folder: Folder, column: str = "订单编号", cell: str = "4.10E+18", *, rows: tuple[int, ...] = (1, 2)
) -> Path:
    """A list of three refunds (10.00, 20.00, 30.00) of which the cell of some is damaged."""
    table = list(report_rows(WANTED, REFUNDS, ".csv"))
    for row in rows:
        table = changed(table, row, {column: cell})
    return folder.rows(table)


def day(books: Books) -> TodayView:
    return books.do(today.today)


def test_what_was_refused_waits_with_its_sum(books: Books, folder: Folder) -> None:
    """Of 10.00, 20.00 and 30.00 the first two were refused for their order's number: 30.00 wait."""
    take(books, *folder.both(*ORDERS), refused(folder))
    waiting = day(books).refused_rows.document()
    assert (waiting["rows"], waiting["files"], waiting["number"]) == (2, 1, 3)
    assert [dict(money)["minor"] for money in waiting["money"]] == [3000]


def test_an_amount_that_cannot_be_read_makes_no_sum(books: Books, folder: Folder) -> None:
    take(books, *folder.both(*ORDERS), refused(folder, "买家退款金额", "很多"))
    waiting = day(books).refused_rows
    assert (waiting.rows, waiting.sums) == (2, {})


def test_the_line_names_the_command_and_its_answer_the_next(books: Books, folder: Folder) -> None:
    take(books, *folder.both(*ORDERS), refused(folder))
    desk = Desk(books.database)
    assert "1 个文件有 2 行未导入，共 30.00：retcli imports faults 3" in desk.type("--lang", "zh", "today").out
    shown = desk.type("--lang", "zh", "imports", "faults", "3").out
    assert "下一步：retcli imports faults 3 -o faults.xlsx" in shown
    assert "或者：retcli imports faults 3 --seen" in shown


def test_a_mended_sheet_settles_them(books: Books, folder: Folder, tmp_path: Path) -> None:
    take(books, *folder.both(*ORDERS), refused(folder))
    desk, sheet = Desk(books.database), tmp_path / "faults.xlsx"
    desk.read("imports", "faults", "3", "-o", str(sheet))
    workbook = load_workbook(sheet)
    rows = workbook.worksheets[0]
    place = 1 + next(n for n, cell in enumerate(rows[1]) if cell.value == "订单编号")
    for row, order in ((2, ORDERS[0]), (3, ORDERS[1])):
        rows.cell(row, place).value = order.number
    workbook.save(sheet)
    assert desk.read("import", str(sheet))["files"][0]["added"] == 2
    assert day(books).refused_rows.rows == 0
    assert "下一步" not in desk.type("--lang", "zh", "imports", "faults", "3").out
    books.check()


def test_seen_settles_them_once(books: Books, folder: Folder) -> None:
    take(books, *folder.both(*ORDERS), refused(folder))
    desk = Desk(books.database)
    answer = desk.type("--lang", "zh", "imports", "faults", "--seen")
    assert answer.code == 0 and "2 行拒收的已阅" in answer.out and "下一步：retcli today" in answer.out
    assert day(books).refused_rows.rows == 0
    assert desk.type("imports", "faults", "3").out.count("4.10E+18") == 1, "they stay listed"
    assert desk.type("imports", "faults", "--seen").code == 4
    take(books, refused(folder, rows=(2, 3)))
    assert day(books).refused_rows.rows == 2, "another file's are open anew"
    books.check()


@pytest.mark.parametrize("words", [("--seen", "-o", "x.xlsx")])
def test_one_thing_at_a_time(books: Books, words: tuple[str, ...]) -> None:
    assert Desk(books.database).type("imports", "faults", *words).code == 2


def test_who_decides_nothing_settles_nothing(books: Books, folder: Folder) -> None:
    books.hire()
    take(books, *folder.both(*ORDERS), refused(folder))
    desk = Desk(books.database)
    assert desk.type("imports", "faults", "--seen", by=WAREHOUSE).code == 5
    assert "未导入" not in desk.type("--lang", "zh", "today", by=WAREHOUSE).out
