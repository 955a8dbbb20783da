"""One file is read while another is merged: what comes of it is the same, and nothing half is left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from retcli.actions.imports import file_import, intake, staged_rows
from retcli.actions.imports.stager import Stager
from retcli.database.staging import stage_places, stages
from retcli.database.staging.checks import Checks
from retcli.database.staging.stages import Part
from retcli.errors import StorageTrouble
from tests.reports import Folder, counts, dump, sold, take
from tests.shopfloor import Books

ONE, TWO = sold("2850000000000000011", ("TS-L", 1, 9397)), sold("2850000000000000022", ("TS-M", 2, 10000))
PATIENCE_SECONDS = 10.0


def until(so: Callable[[], bool]) -> bool:
    """Whether it comes to be so."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not so() and time.monotonic() < deadline:
        time.sleep(0.01)
    return so()


def left(books: Books) -> list[Path]:
    """The stages that lie beside the books."""
    return sorted(stages.folder(books.database).glob("*.stage"))


def at_the_first_merge(monkeypatch: pytest.MonkeyPatch, do: Callable[[Stager], None]) -> None:
    """Does something before the first file of a run is merged."""
    merge, first = file_import.merge_all, [True]

    def merging(*given: Any) -> Any:
        if first:
            first.clear()
            do(given[-1])
        return merge(*given)

    monkeypatch.setattr(file_import, "merge_all", merging)


def test_the_next_file_is_read_while_the_first_is_merged(
    sqlite_books: Books, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = folder.both(ONE, TWO)
    seen: list[bool] = []

    def look(_stager: object) -> None:
        seen.append(until(lambda: len(left(sqlite_books)) == 2 and all(map(complete, left(sqlite_books)))))

    def complete(path: Path) -> bool:
        return stage_places.stage_of(sqlite_books.database, path.stem).complete()

    at_the_first_merge(monkeypatch, look)
    files = take(sqlite_books, *reports).files
    assert seen == [True]
    assert [counts(file) for file in files] == [(2, 2, 0, 0, 0), (2, 2, 0, 0, 0)]
    assert not left(sqlite_books)


def test_several_files_give_the_same_books_as_one_run_each(
    sqlite_books: Books, more_books: Callable[[], Books], folder: Folder
) -> None:
    reports = [*folder.both(ONE), *folder.both(TWO), *folder.both(ONE, TWO)]
    take(sqlite_books, *reports)
    other = more_books()
    for holds in (folder.path.glob("*[135].csv"), folder.path.glob("*[246].csv")):
        for path in sorted(holds):
            take(other, path)
    assert dump(sqlite_books, without=frozenset({"events", "anchors"})) == dump(
        other, without=frozenset({"events", "anchors"})
    )


def test_the_checks_of_a_stage_sort_nothing(
    sqlite_books: Books, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bundled SQLite sorts in memory only: a sort of all rows would take as much as there are rows."""
    do, plans = Checks._do, list[str]()

    def explained(self: Checks, statement: str, **values: Any) -> Any:
        plans.extend(str(row[3]) for row in do(self, f"EXPLAIN QUERY PLAN {statement}", **values))
        return do(self, statement, **values)

    monkeypatch.setattr(Checks, "_do", explained)
    take(sqlite_books, *folder.both(ONE, TWO))
    assert any("lines_by_target" in plan for plan in plans)
    assert not [plan for plan in plans if "TEMP B-TREE FOR GROUP BY" in plan]


def test_a_file_that_breaks_while_it_is_read_ahead_is_refused_when_its_turn_comes(
    sqlite_books: Books, folder: Folder
) -> None:
    orders, items = folder.both(ONE, TWO)
    items.write_bytes(items.read_bytes() + '"半句'.encode("gb18030"))
    first, second = take(sqlite_books, orders, items).files
    assert (first.state, second.state) == ("imported", "refused")
    assert "quotation mark" in second.problem
    assert not left(sqlite_books)


def test_a_disk_that_fills_while_a_file_is_read_ahead_stops_the_run_when_its_turn_comes(
    sqlite_books: Books, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, told = staged_rows.parts, list[str]()

    def full(reading: Any, stage: Any) -> Iterator[Part]:
        yield from parts(reading, stage)
        if reading.dialect.holds == "items":
            raise StorageTrouble("The disk is full")

    monkeypatch.setattr(staged_rows, "parts", full)
    with pytest.raises(StorageTrouble, match="The disk is full"):
        intake.take_in(replace(sqlite_books.asked(), remark=told.append), folder.both(ONE, TWO))
    assert told == ["It stopped; these files were done before: 001.csv"]
    assert sqlite_books.rows("SELECT name, state FROM imports") == [("001.csv", "done")]


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Item reports have no end from the first row on; set once one is being read."""
    parts, begun = staged_rows.parts, Event()

    def never_ending(reading: Any, stage: Any) -> Iterator[Part]:
        yield from parts(reading, stage)
        while reading.dialect.holds == "items":
            begun.set()
            time.sleep(0.001)
            yield Part()

    monkeypatch.setattr(staged_rows, "parts", never_ending)
    return begun


@pytest.mark.parametrize("stop", [StorageTrouble("The disk is full"), KeyboardInterrupt()])
def test_a_run_that_is_stopped_stops_reading_and_leaves_no_half_stage(
    sqlite_books: Books, folder: Folder, endless: Event, monkeypatch: pytest.MonkeyPatch, stop: BaseException
) -> None:
    def stopped(_stager: object) -> None:
        assert endless.wait(PATIENCE_SECONDS)
        raise stop

    at_the_first_merge(monkeypatch, stopped)
    with pytest.raises(type(stop)):
        take(sqlite_books, *folder.both(ONE, TWO))
    assert len(left(sqlite_books)) == 1, "the one whose merge was begun"


def test_reading_rests_while_somebody_else_writes(
    sqlite_books: Books, folder: Folder, endless: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts: list[float] = []

    def told(_name: str, done: int, _total: int | None) -> None:
        parts.append(done)

    def look(stager: Stager) -> None:
        assert endless.wait(PATIENCE_SECONDS)
        stager._awaited.set()
        stager.give_way(wanted=True)
        time.sleep(0.1)
        before = len(parts)
        time.sleep(0.2)
        assert len(parts) == before
        stager.give_way(wanted=False)
        assert until(lambda: len(parts) > before)
        raise StorageTrouble("enough seen")

    at_the_first_merge(monkeypatch, look)
    with pytest.raises(StorageTrouble, match="enough seen"):
        intake.take_in(replace(sqlite_books.asked(), progress=told), folder.both(ONE, TWO))
