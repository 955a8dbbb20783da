"""What killed runs left beside the books is named by the doctor and gone after the next run that holds the lock."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from retcli.database.abandoned import AN_HOUR
from tests.reports import Folder, sold
from tests.shopfloor import Books
from tests.terminal import Desk


@pytest.fixture
def gone() -> int:
    """The number of a process that ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def left(desk: Desk, process: int) -> list[Path]:
    """What a killed restore, copy and attachment leave, with their journals."""
    books = Path(desk.database)
    evidence, kept = Path(f"{books}-evidence"), Path(f"{books}-backups")
    for folder in (evidence, kept):
        folder.mkdir(exist_ok=True)
    names = [books.with_name(f"{books.name}.restoring-{process}{end}") for end in ("", "-journal", "-wal")]
    names += [kept / f"shop-20261109-120000-{process}.partial{end}" for end in ("", "-journal")]
    names.append(evidence / f"{'a' * 32}.partial")
    for path in names:
        path.write_bytes(b"13987654321")
    os.utime(names[-1], (time.time() - 2 * AN_HOUR,) * 2)
    return names


def test_they_are_named_then_tidied_by_the_next_import(sqlite_books: Books, folder: Folder, gone: int) -> None:
    desk = Desk(sqlite_books.database)
    files = left(desk, gone)
    lines = [line for line in desk.read("doctor", code=3)["lines"] if line["where"] == "leftovers"]
    assert [line["state"] for line in lines] == ["attention"]
    assert files[0].name in lines[0]["text"]
    assert all(path.exists() for path in files), "looking takes nothing away"
    desk.type("import", str(folder.orders(sold("2850000000000000441", ("A", 1, 500)))))
    assert [path.name for path in files if path.exists()] == []
    lines = [line for line in desk.read("doctor", code=3)["lines"] if line["where"] == "leftovers"]
    assert [line["state"] for line in lines] == ["ok"]


def test_what_somebody_is_writing_and_what_is_not_ours_stays(sqlite_books: Books, folder: Folder) -> None:
    desk = Desk(sqlite_books.database)
    mine = left(desk, os.getpid())[:-1]
    other = Path(desk.database).parent / "notes.restoring-1"
    other.write_text("x", encoding="utf-8")
    desk.type("import", str(folder.orders(sold("2850000000000000441", ("A", 1, 500)))))
    assert all(path.exists() for path in [*mine, other])
    for path in mine:
        path.unlink()


def test_drafts_of_workbooks_go_with_the_next_workbook_in_their_folder(
    sqlite_books: Books, tmp_path: Path, gone: int
) -> None:
    draft, other = tmp_path / f".对账.xlsx.{gone}.tmp", tmp_path / ".对账.xlsx.tmp"
    for path in (draft, other):
        path.write_bytes(b"x")
    words = ("export", "reasons", "--since", "2026-11-01", "--until", "2026-11-30", "-o", str(tmp_path / "b.xlsx"))
    Desk(sqlite_books.database).read(*words)
    assert (draft.exists(), other.exists()) == (False, True)


def test_a_copy_that_was_killed_goes_with_the_next_copy_into_its_folder(
    sqlite_books: Books, tmp_path: Path, gone: int
) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    killed = [place / f"shop-20261109-120000-{gone}.partial{end}" for end in ("", "-journal")]
    running, other = (place / name for name in (f"shop-20261109-120000-{os.getpid()}.partial", "shop-old.partial"))
    for path in (*killed, running, other):
        path.write_bytes(b"13987654321")
    Desk(sqlite_books.database).read("books", "backup", str(place))
    assert [path.name for path in killed if path.exists()] == []
    assert (running.exists(), other.exists()) == (True, True)
