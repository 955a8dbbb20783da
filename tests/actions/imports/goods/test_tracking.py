"""Carrier movements: each event once, and the carrier's signature before the buyer's confirmation."""

from datetime import datetime
from pathlib import Path

import pytest

from fixtures.reports import Row
from retcli.rules.zone import SHANGHAI
from tests.reports import EXPORTS, Folder, counts, facts, sold, take, take_one
from tests.shopfloor import Books

HEADER: Row = ["运单号", "快递公司", "时间", "物流状态", "地点", "轨迹"]
ORDER = sold("2850000000000000100", ("A", 1, 500))
"""The buyer confirmed it on the fifth of November at 09:30."""
SIGNED = datetime(2026, 11, 3, 18, 20, tzinfo=SHANGHAI)


def tracked(folder: Folder, *events: tuple[str, str]) -> Path:
    """A sheet of movements of the order's parcel: (time, status)."""
    rows: list[Row] = [[ORDER.waybill, "顺丰速运", at, status, "金华", f"快件{status}"] for at, status in events]
    return folder.rows([list(HEADER), *rows], encoding="utf-8")


def signature(books: Books) -> tuple[datetime, str]:
    ((at, by),) = books.rows("SELECT signed_at, signed_by FROM orders")
    found = datetime.fromisoformat(f"{at}+00:00") if isinstance(at, str) else at
    return found, by


@pytest.mark.parametrize("first", ["orders", "movements"])
def test_the_carriers_signature_counts_whichever_file_comes_first(books: Books, folder: Folder, first: str) -> None:
    sheet = tracked(folder, ("2026-11-02 08:00:00", "已揽收"), ("2026-11-03 18:20:00", "已签收"))
    files = [*folder.both(ORDER), sheet]
    for path in files if first == "orders" else reversed(files):
        take(books, path)
    assert signature(books) == (SIGNED, "carrier")
    books.check()


def test_a_later_order_report_does_not_take_the_carriers_time_away(sqlite_books: Books, folder: Folder) -> None:
    take(sqlite_books, *folder.both(ORDER), tracked(folder, ("2026-11-03 18:20:00", "签收")))
    take(sqlite_books, folder.orders(ORDER, sold("2850000000000000200", ("B", 1, 700))))
    assert signature(sqlite_books) == (SIGNED, "carrier")


def test_the_first_of_several_signatures_counts(sqlite_books: Books, folder: Folder) -> None:
    again = ("2026-11-04 10:00:00", "已签收")
    take(sqlite_books, *folder.both(ORDER), tracked(folder, again, ("2026-11-03 18:20:00", "已签收")))
    assert signature(sqlite_books) == (SIGNED, "carrier")


def test_what_is_only_on_its_way_is_not_signed_for(sqlite_books: Books, folder: Folder) -> None:
    take(sqlite_books, *folder.both(ORDER), tracked(folder, ("2026-11-03 18:20:00", "派送中")))
    assert signature(sqlite_books)[1] == "confirmed"


def test_the_same_events_again_in_either_language_add_nothing(books: Books) -> None:
    first = take_one(books, EXPORTS / "plain" / "movements.zh.csv")
    assert first.added == first.rows == books.value("SELECT COUNT(*) FROM movements")
    before = facts(books)
    again = take_one(books, EXPORTS / "plain" / "movements.en.csv")
    assert counts(again) == (first.rows, 0, 0, first.rows, 0)
    assert facts(books) == before
    books.check()
