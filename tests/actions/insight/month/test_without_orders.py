"""Refunds that wait for their order stand in the month's workbook, on no side but in a class of their own."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from retcli.actions.insight import exports
from retcli.language import speaking
from retcli.rules.money.minor_units import Money
from retcli.sheets.writer import Sheet
from tests.reports import REQUESTED, Folder, asked_back, sold, take, take_one
from tests.shopfloor import NOON, Books
from tests.workbooks import cells, workbook

ORDER = sold("2850000000000000931", ("TS-L", 1, 7900))
OTHER = sold("2850000000000000932", ("TS-M", 1, 5000))
NAME = "Refunds that wait for their order"
OF_SHOPIFY = """
name = "shopify.refunds"
holds = "refunds"
platform = "shopify"
[fields]
order = "Order"
refund = "Refund"
amount = "Amount"
status = "Status"
finished_at = "Done"
[values.status]
done = "succeeded"
"""


def waits(sheets: dict[str, Sheet]) -> list[tuple[Any, ...]]:
    """Order, refund, class, both sides, the difference, what waits, currency, refunds counted."""
    titles = ("Platform order no.", "Platform refund no.", "Class", "Decided by us", "Platform refunded", "Difference")
    return cells(sheets["Differences"], *titles, "Waits for its order", "Currency", "Refunds")


def noted(sheets: dict[str, Sheet]) -> list[tuple[Any, ...]]:
    """What the notes have of them: name, count, money."""
    return [tuple(row[:3]) for row in sheets["Notes"].rows if str(row[0]).startswith(NAME)]


def test_one_that_succeeded_in_the_month_stands_there_until_its_order_comes(books: Books, folder: Folder) -> None:
    """79.00 succeeded on 9 November; one is still pending, and one succeeded in October."""
    before = asked_back("9003", OTHER, 5000, finished_at=datetime(2026, 10, 31, 23, 59))
    pending = asked_back("9002", OTHER, 5000, status=REQUESTED)
    assert take_one(books, folder.refunds(asked_back("9001", ORDER, 7900), pending, before)).waiting == 3
    sheets = workbook(books)
    row = (ORDER.number, "9001", "waits for its order", None, None, None, Money(7900, "CNY"), "CNY", None)
    assert waits(sheets) == [row]
    assert cells(sheets["Differences"], "What to do") == [("Import the order report that has its order",)]
    assert noted(sheets) == [(NAME, 1, Money(7900, "CNY"))]
    take(books, *folder.both(ORDER))
    sheets = workbook(books)
    assert noted(sheets) == [], "from now on it counts among what the platform refunded"
    assert [row[1:3] for row in sheets["Notes"].rows if row[0] == "Refunded by the platform"] == [
        (1, Money(7900, "CNY"))
    ]


def test_the_terminal_names_them_beside_the_totals(sqlite_books: Books, folder: Folder, tmp_path: Path) -> None:
    take(sqlite_books, folder.refunds(asked_back("9001", ORDER, 7900), asked_back("9002", OTHER, 5000)))
    view = sqlite_books.do(exports.reconciliation, "2026-11", tmp_path / "month.xlsx")
    document = view.document()
    (waiting,) = document["totals"]["waits_for_order"]
    assert (waiting["minor"], document["totals"]["named"]) == (12900, 2)
    assert [each["waits_for_order"]["minor"] for each in document["differences"]] == [7900, 5000]
    assert document["remarks"] == [
        "2 refunds of the month wait for their order (129.00), beside the totals: import its order report"
    ]
    with speaking("zh_CN"):
        assert "2 笔" in view.remarks[0]
        assert "129.00" in view.remarks[0]


def test_a_currency_that_only_the_order_tells_is_not_guessed(books: Books, tmp_path: Path) -> None:
    """A refund of 79.00 on Shopify may be dollars or pounds: it stands there with its digits, and in no sum."""
    layout = tmp_path / "refunds.toml"
    layout.write_text(OF_SHOPIFY, encoding="utf-8")
    file = tmp_path / "refunds.csv"
    file.write_text("Order,Refund,Amount,Status,Done\n#9001,R1,79.00,done,2026-11-09 12:00:00\n", encoding="utf-8")
    assert take_one(books, file, map_file=layout).added == 1
    sheets = workbook(books)
    known = "waits for its order (79.00 in a currency that is not known)"
    assert waits(sheets) == [("#9001", "R1", known, None, None, None, None, "not known", None)]
    assert noted(sheets) == [(f"{NAME} (amount or currency not known)", 1, None)]


def test_without_a_time_of_its_end_it_counts_by_its_list(books: Books, folder: Folder) -> None:
    """A list that names no time of success: the time at which the list was exported, here in November."""
    listed = folder.refunds(asked_back("9001", ORDER, 7900, finished_at=None))
    os.utime(listed, (NOON.timestamp(),) * 2)
    take(books, listed)
    assert [row[1] for row in waits(workbook(books))] == ["9001"]
