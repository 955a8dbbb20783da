"""What happens to files while they are taken in: replaced, damaged, deleted, unreadable, cut off for another shop."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from fixtures import report_rows
from retcli.actions.imports import file_import, intake, staged_rows
from retcli.database import engine, locks
from retcli.database.staging import stages
from retcli.database.staging.stages import Part
from tests.knownfiles import read
from tests.reports import ORDERS, Folder, changed, counts, sold, take
from tests.shopfloor import Books
from tests.terminal import Desk

ONE, TWO = sold("2850000000000000011", ("A", 1, 500)), sold("2850000000000000022", ("B", 2, 700))


@pytest.fixture
def spoilt(folder: Folder) -> Path:
    """An order report of two rows, the second without an amount."""
    rows = list(report_rows([ONE, TWO], ORDERS, ".csv"))
    return folder.rows(changed(rows, 2, {"买家实际支付金额": "12.3.4"}), "a.csv")


def behind(books: Books, statement: str) -> None:
    """Works on the books behind the program's back."""
    with engine.engine(books.database).begin() as connection:
        connection.execute(sa.text(statement))


def once_merged(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> None:
    """Does something when the first file of a run has been merged."""
    merge, first = file_import.merge_all, [True]

    def merging(*given: Any) -> Any:
        view = merge(*given)
        if first:
            first.clear()
            do()
        return view

    monkeypatch.setattr(file_import, "merge_all", merging)


def other_rows(path: Path) -> None:
    """A second download under the same name, with other orders."""
    other = sold("2850000000000000600", ("C", 1, 61300)), sold("2850000000000000601", ("C", 1, 61400))
    Folder(path.parent).rows(list(report_rows(other, ORDERS, ".csv")), path.name)


@pytest.mark.parametrize(
    "happens", [other_rows, lambda path: path.write_bytes(b"PK\x03\x04 junk"), Path.unlink], ids=["new", "junk", "gone"]
)
def test_a_file_that_is_another_one_by_now_is_in_the_books_and_stops_no_other(
    sqlite_books: Books, folder: Folder, spoilt: Path, monkeypatch: pytest.MonkeyPatch, happens: Callable[[Path], None]
) -> None:
    items = folder.items(ONE, name="b.csv")
    once_merged(monkeypatch, lambda: happens(spoilt))
    first, second = take(sqlite_books, spoilt, items).files
    assert (first.state, counts(first)) == ("imported", (2, 1, 0, 0, 1))
    assert (second.state, counts(second)) == ("imported", (1, 1, 0, 0, 0))
    assert sqlite_books.value("SELECT cells FROM import_faults") is None, "no other file's rows are kept for these"


def test_a_trial_keeps_no_cells(sqlite_books: Books, spoilt: Path) -> None:
    take(sqlite_books, spoilt)
    behind(sqlite_books, "UPDATE import_faults SET cells = NULL")
    take(sqlite_books, spoilt, dry_run=True)
    assert sqlite_books.value("SELECT cells FROM import_faults") is None
    take(sqlite_books, spoilt)
    assert "12.3.4" in json.loads(sqlite_books.value("SELECT cells FROM import_faults"))


def test_a_file_that_cannot_be_read_stops_no_other(
    sqlite_books: Books, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders, items = folder.both(ONE)
    parts = staged_rows.parts

    def pulled_out(reading: Any, stage: Any) -> Iterator[Part]:
        if reading.dialect.holds == "orders":
            raise OSError(5, "Input/output error")
        yield from parts(reading, stage)

    monkeypatch.setattr(staged_rows, "parts", pulled_out)
    first, second = take(sqlite_books, orders, items).files
    assert (first.state, first.problem) == (
        "refused",
        "001.csv cannot be read: the disk does not answer as it should",
    )
    assert second.state == "imported"


def test_a_file_that_is_gone_before_its_turn_leaves_no_stage(
    sqlite_books: Books, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders, items = folder.both(ONE)
    once_merged(monkeypatch, items.unlink)
    assert [file.state for file in take(sqlite_books, orders, items).files] == ["imported", "busy"]
    assert not list(stages.folder(sqlite_books.database).glob("*.stage"))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no /proc to count open files in")
def test_many_files_are_recognised_without_keeping_them_open(folder: Folder) -> None:
    rows = list(report_rows([sold(f"28500000000000{n:05d}", ("A", 1, 500)) for n in range(60)], ORDERS, ".csv"))
    paths = [folder.rows(rows, f"{n}.csv") for n in range(20)]
    handles = Path("/proc/self/fd")
    before = len(list(handles.iterdir()))
    found = [read(path) for path in paths]
    assert len(list(handles.iterdir())) < before + 5
    assert all(len(list(reading.rows)) == 60 for reading in found)


def test_an_import_cut_off_for_one_shop_is_finished_before_the_file_comes_for_another(
    sqlite_books: Books, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = folder.orders(ONE, TWO)

    def cut(*_given: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as interrupted, pytest.raises(KeyboardInterrupt):
        interrupted.setattr(file_import, "_close", cut)
        take(sqlite_books, orders, shop_name="甲店")
    take(sqlite_books, orders)
    assert sqlite_books.rows("SELECT shop, state FROM imports ORDER BY id") == [("甲店", "done"), ("", "done")]


def test_a_running_import_is_not_called_cut_off(sqlite_books: Books, folder: Folder) -> None:
    orders = folder.orders(ONE)
    desk = Desk(sqlite_books.database)
    take(sqlite_books, orders)
    behind(sqlite_books, "UPDATE imports SET state = 'merging'")
    assert "1 imports were cut off" in desk.type("today").out
    with locks.alone(sqlite_books.database):
        assert "cut off" not in desk.type("today").out
        assert "An import is running" in desk.type("doctor").out


def test_a_file_that_comes_again_is_dated_in_shanghai(sqlite_books: Books, folder: Folder) -> None:
    """Half past three at night there is the day before in UTC."""
    orders, night = folder.orders(ONE), sqlite_books
    night.later(hours=15.5)
    take(night, orders)
    (file,) = intake.take_in(night.asked(), [orders]).files
    assert file.remarks == ("Taken in on 2026-11-10 as 001.csv; nothing to do",)
