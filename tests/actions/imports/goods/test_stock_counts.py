"""Stock counts: the counted number is the balance of its moment; what moved since stays, nothing is counted twice."""

from pathlib import Path

import pytest

from retcli.actions.warehouse.pieces import stock
from retcli.rules.lifecycles import Bucket
from retcli.rules.warehouse.causes import Cause
from retcli.transaction import opened
from retcli.views.imports.imports import FileView
from tests.reports import EXPORTS, counts, take_one
from tests.shopfloor import Books, shanghai


def counted(books: Books, folder: Path, *rows: tuple[str, str, object, str], name: str = "盘点.csv") -> FileView:
    """A sheet of (merchant code, bucket, pieces, when)."""
    path = folder / name
    lines = ["商家编码,库存状态,数量,盘点时间", *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return take_one(books, path)


def pieces(books: Books, sku: str = "TS-L") -> dict[str, int]:
    """What the books have of a product, empty buckets left out."""
    rows = books.rows("SELECT bucket, quantity FROM stock_balances WHERE sku = :sku AND quantity > 0", sku=sku)
    return {bucket: int(n) for bucket, n in rows}


def moved(books: Books, source: str, target: str, n: int, at: str) -> None:
    with opened(books.at_(shanghai(at)).asked()) as shop:
        stock.move(shop, "TS-L", source, target, n, None, cause=Cause.STOCKTAKE)


def test_the_first_count_fills_the_shelf_and_the_next_corrects_it(books: Books, tmp_path: Path) -> None:
    books.product("TS-L")
    first = counted(books, tmp_path, ("TS-L", "可售", 20, "2026-11-08 18:00"), ("TS-L", "残次", 3, "2026-11-08 18:00"))
    assert counts(first) == (2, 2, 0, 0, 0)
    assert pieces(books) == {"sellable": 20, "defective": 3}
    later = counted(books, tmp_path, ("TS-L", "可售", 17, "2026-11-09 09:00"), ("TS-L", "残次", 3, "2026-11-09 09:00"))
    assert counts(later) == (2, 2, 0, 0, 0)
    assert pieces(books) == {"sellable": 17, "defective": 3}
    books.check()


def test_what_moved_after_the_count_stays_and_the_file_twice_changes_nothing(books: Books, tmp_path: Path) -> None:
    """Ten on Sunday evening, two came back on Monday morning, the sheet comes in at noon: twelve."""
    books.product("TS-L")
    row = ("TS-L", "可售", 10, "2026-11-08 18:00")
    moved(books, stock.OUTSIDE, Bucket.SELLABLE, 2, "2026-11-09 08:00")
    assert counts(counted(books, tmp_path, row)) == (1, 1, 0, 0, 0)
    assert pieces(books) == {"sellable": 12}
    again = counted(books, tmp_path, row, ("TS-L", "残次", 0, "2026-11-08 18:00"), name="盘点 另存.csv")
    assert counts(again) == (2, 1, 0, 1, 0)
    assert pieces(books) == {"sellable": 12}
    books.check()


def test_a_count_that_later_moves_contradict_is_refused(books: Books, tmp_path: Path) -> None:
    """Ten were there, nine left on Monday; a count of none on Sunday cannot be."""
    books.product("TS-L")
    moved(books, stock.OUTSIDE, Bucket.SELLABLE, 10, "2026-11-08 08:00")
    moved(books, Bucket.SELLABLE, stock.OUTSIDE, 9, "2026-11-09 08:00")
    file = counted(books, tmp_path, ("TS-L", "可售", 0, "2026-11-08 18:00"))
    assert counts(file) == (1, 0, 0, 0, 1)
    assert "count again" in file.faults[0].problem
    assert pieces(books) == {"sellable": 1}
    books.check()


def test_an_older_sheet_never_beats_a_later_count(books: Books, tmp_path: Path) -> None:
    """17 on Monday stay 17, though a sheet of 20 from Sunday comes in afterwards."""
    books.product("TS-L")
    counted(books, tmp_path, ("TS-L", "可售", 17, "2026-11-09 09:00"))
    older = counted(books, tmp_path, ("TS-L", "可售", 20, "2026-11-08 18:00"), name="旧.csv")
    assert (counts(older), "a later count" in older.faults[0].problem) == ((1, 0, 0, 0, 1), True)
    other = counted(books, tmp_path, ("TS-L", "可售", 18, "2026-11-09 09:00"), name="改.csv")
    assert (counts(other), "another number" in other.faults[0].problem) == ((1, 0, 0, 0, 1), True)
    assert pieces(books) == {"sellable": 17}
    books.check()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("NOPE", "可售", 3, "2026-11-08 18:00"), "import the product sheet first"),
        (("TS-L", "可售", -3, "2026-11-08 18:00"), "not a number of pieces"),
        (("TS-L", "可售", "3.5", "2026-11-08 18:00"), "not a number of pieces"),
        (("TS-L", "仓库外", 3, "2026-11-08 18:00"), "not known here"),
        (("TS-L", "可售", 3, ""), "is empty"),
        (("TS-L", "可售", 10, "2062-11-08 18:00"), "in the future"),
    ],
)
def test_a_row_that_cannot_be_a_count_is_named(
    books: Books, tmp_path: Path, row: tuple[str, str, object, str], problem: str
) -> None:
    books.product("TS-L")
    file = counted(books, tmp_path, row, ("TS-L", "残次", 1, "2026-11-08 18:00"))
    assert counts(file)[4] >= 1
    assert problem in file.faults[0].problem
    books.check()


@pytest.mark.parametrize("path", ["plain/counts.zh.xlsx", "plain/counts.en.xlsx"])
def test_the_packaged_sheets_come_in_once_their_articles_are_known(books: Books, path: str) -> None:
    unknown = take_one(books, EXPORTS / path)
    rows = unknown.rows
    assert (unknown.refused, rows > 0) == (rows, True)
    assert all("product sheet" in fault.problem for fault in unknown.faults)
