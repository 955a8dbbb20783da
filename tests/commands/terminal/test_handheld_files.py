"""Files of a handheld: the time in them counts where it is sound, and what cannot be read is named by its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from retcli.commands.terminal import incoming_codes
from retcli.commands.terminal.scan_loop import ScanLoop
from tests.shopfloor import WAREHOUSE, Books
from tests.warehouse import returning, stock

ORDER, BACK = "2850000000000000321", "YT5260493176849"
FILE = f"""条码;数量;时间
{BACK};1;2026-11-09 09:00:01

RCMDA;1;2026-11-09 09:00:02
CUP;2;2026-11-09 09:00:03
CUP;三;2026-11-09 09:00:04
CUP;1;2027-01-01 00:00:00
"""


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_a_morning_on_a_handheld(sqlite_books: Books, encoding: str) -> None:
    """枪上的时间就是收件时间；第 6 行的数量读不出来，说清行、列、原文；第 7 行的时间在将来，按现在算。"""
    books = sqlite_books
    books.hire()
    books.product("CUP")
    returning(books, ORDER, ("CUP", 4, 8000), waybill=BACK)
    remarks: list[str] = []
    lines, heading = incoming_codes.written(FILE.encode(encoding))
    assert heading == "条码;数量;时间"
    call = replace(books.asked(WAREHOUSE), remark=remarks.append)
    loop = ScanLoop(call, [(line, 0.0, place) for place, line in enumerate(lines, 1)], live=False, sound="none")
    views = list(loop.views())
    assert [view.outcome for view in views] == ["received", "command", "inspected", "unknown", "inspected"]
    assert views[3].message == "line 6, quantity “三”: not a number of pieces (1 to 999); nothing is booked"
    assert (views[3].code, views[3].exit_code) == ("CUP", 3)
    assert "1 lines count as read now: line 7, time “2027-01-01 00:00:00”: in the future" in remarks
    assert stock(books) == {("CUP", "sellable"): 3}
    received = str(books.value("SELECT received_at FROM parcels"))[:19].replace("T", " ")
    assert received == f"{datetime(2026, 11, 9, 1, 0, 1, tzinfo=UTC):%Y-%m-%d %H:%M:%S}", "09:00:01 in Shanghai"
    books.check()


def test_lines_of_a_pipe_have_numbers_too(sqlite_books: Books) -> None:
    books = sqlite_books
    books.hire()
    loop = ScanLoop(books.asked(WAREHOUSE), [("\n", 0.0), ("CUP,-1", 0.0)], live=False, sound="none")
    (view,) = loop.views()
    assert view.message.startswith("line 2, quantity “-1”")
