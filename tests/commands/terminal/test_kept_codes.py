"""Codes that were said to be kept outlive the program: they are on disk, and the next loop saves them, each once."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from retcli.actions.insight import doctor
from retcli.commands.terminal.scan_loop import ScanLoop
from retcli.database import engine, kept_codes
from retcli.errors import Busy
from retcli.views.base import when
from retcli.views.warehouse.scans import ScanView
from tests.shopfloor import OWNER, WAREHOUSE, Books
from tests.warehouse import returning, stock

ORDER, BACK, STRANGE = "2850000000000000321", "YT5260493176849", "SF1234567890123"
KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from retcli.database import kept_codes
from retcli.commands.terminal.scan_loop import ScanLoop
from retcli.database import engine
from retcli.settings import Asked

engine.PATIENCE_SECONDS = 0.3
database, who, at, when, *codes = sys.argv[1:]
holder = engine.bare_connection(Path(database).as_uri())

def die(*_anything):
    os.kill(os.getpid(), signal.SIGKILL)

def scanned():
    for place, code in enumerate(codes):
        if code == "HOLD":
            holder.execute("BEGIN IMMEDIATE")
        elif code == "LET GO":
            holder.execute("ROLLBACK")
        elif code == "DIE":
            die()
        else:
            yield code, 1.0 + place

note = kept_codes.Journal.saved

def noted(*words):
    note(*words)
    die()

if when:
    kept_codes.Journal.saved = {"saved": die, "noted": noted}[when]
call = Asked(database, who, rehearsed_at=datetime.fromisoformat(at))
for _view in ScanLoop(call, scanned(), live=True, sound="none").views():
    pass
"""


@pytest.fixture
def books(sqlite_books: Books, monkeypatch: pytest.MonkeyPatch) -> Books:
    """A return of three cups that is on its way; nobody waits long for the books."""
    sqlite_books.hire()
    sqlite_books.product("CUP")
    monkeypatch.setattr(engine, "PATIENCE_SECONDS", 0.3)
    returning(sqlite_books, ORDER, ("CUP", 3, 9000), waybill=BACK)
    return sqlite_books


def killed(books: Books, *codes: str, when: str = "") -> None:
    """Somebody scans, other programs hold the books (HOLD, LET GO), and the program is killed (DIE)."""
    words = [books.database, WAREHOUSE, books.at.isoformat(), when, *codes]
    ended = subprocess.run([sys.executable, "-c", KILLED, *words], capture_output=True, text=True, check=False)
    assert ended.returncode == -9, ended.stderr


def back(books: Books, *codes: str, by: str = WAREHOUSE) -> tuple[list[ScanView], list[str]]:
    """Somebody comes back to the loop: what is said to each code, and what is remarked."""
    remarks: list[str] = []
    call = replace(books.asked(by), remark=remarks.append)
    lines = ((code, time.monotonic() + place) for place, code in enumerate(codes))
    return list(ScanLoop(call, lines, live=True, sound="none").views()), remarks


def kept(books: Books) -> list[Path]:
    """The files beside the books that hold codes."""
    return sorted(kept_codes.folder(books.database).glob("*.jsonl"))


def test_what_was_kept_outlives_a_kill(books: Books) -> None:
    """锁住时扫了 2 件「已留下」，程序被杀：回来先补记这 2 件，记在原来那一包、原来的等级。"""
    killed(books, BACK, "RCMDA", "CUP", "HOLD", "CUP", "RCMDC", "CUP", "DIE")
    assert stock(books) == {("CUP", "sellable"): 1}
    (journal,) = kept(books)
    assert journal.stat().st_mode & 0o777 == 0o600
    books.later(hours=3)
    views, remarks = back(books)
    assert [(view.code, view.outcome) for view in views] == [
        ("CUP", "inspected"), ("RCMDC", "command"), ("CUP", "inspected"),
    ]  # fmt: skip
    assert stock(books) == {("CUP", "sellable"): 2, ("CUP", "defective"): 1}
    assert remarks[0] == (
        "These codes were read before and could not be saved then; they are saved now: CUP, RCMDC, CUP"
    )
    assert kept(books) == []
    assert not kept_codes.folder(books.database).exists()
    at = books.value("SELECT COUNT(DISTINCT at) FROM scans")
    assert at == 1, "they were read before the program was killed, not three hours later"
    books.check()


def test_no_counted_piece_is_lost_by_a_kill(books: Books) -> None:
    """盘点扫了 2 件，账本被占用时又扫 1 件、「已留下」，程序被杀：回来补记，还是那张盘点单，3 件，按扫的那一刻。"""
    killed(books, "RCMDCOUNT", "CUP", "CUP", "HOLD", "CUP", "DIE")
    assert books.value("SELECT SUM(pieces) FROM stock_tallies") == 2
    then = books.at
    books.later(hours=3)
    views, _remarks = back(books, "RCMDCOUNT", "CUP")
    assert [view.outcome for view in views] == ["counted", "command", "counted"]
    rows = books.rows("SELECT take_id, pieces, counted_at FROM stock_tallies ORDER BY id")
    assert [tuple(row[:2]) for row in rows] == [(1, 1)] * 4
    assert str(rows[2][2])[:19].replace("T", " ") == f"{then.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    books.check()


def test_a_parcel_that_was_kept_was_received_when_it_was_scanned(books: Books) -> None:
    killed(books, "HOLD", STRANGE, "DIE")
    then = books.at
    books.later(hours=3)
    views, _remarks = back(books)
    assert [view.outcome for view in views] == ["unclaimed"]
    received = books.value("SELECT received_at FROM parcels WHERE waybill = :w", w=STRANGE)
    assert str(received)[:19].replace("T", " ") == f"{then.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    books.check()


def test_a_code_that_was_saved_just_before_the_kill_is_saved_once(books: Books) -> None:
    """存好了、还没来得及划掉就断电：回来不会再记一次，后面的接着记。"""
    killed(books, BACK, "RCMDA", "HOLD", "CUP", "CUP", "LET GO", "CUP", when="saved")
    assert stock(books) == {("CUP", "sellable"): 1}
    views, _remarks = back(books)
    assert [view.outcome for view in views] == ["duplicate", "inspected", "inspected"]
    assert "saved already" in views[0].message
    assert stock(books) == {("CUP", "sellable"): 3}
    assert kept(books) == []
    books.check()


def test_the_table_is_clear_after_it(books: Books) -> None:
    killed(books, BACK, "HOLD", "CUP", "DIE")
    views, remarks = back(books, "CUP")
    assert [view.outcome for view in views] == ["counted", "unknown"]
    assert "RCMDYES goes on with it" in remarks[1]


def test_what_is_kept_at_the_end_is_said_and_stays(books: Books) -> None:
    holder = engine.bare_connection(Path(books.database).as_uri())

    def codes() -> Iterator[tuple[str, float]]:
        yield BACK, 1.0
        holder.execute("BEGIN IMMEDIATE")
        yield "CUP", 2.0

    with pytest.raises(Busy) as busy:
        list(ScanLoop(books.asked(WAREHOUSE), codes(), live=True, sound="none").views())
    holder.close()
    assert busy.value.message == ("Kept on disk and saved first by the next retcli scan, do not scan them again: CUP")
    assert len(kept(books)) == 1
    assert [view.outcome for view in back(books)[0]] == ["counted"]


def test_what_another_person_kept_is_theirs(books: Books) -> None:
    killed(books, BACK, "HOLD", "CUP", "DIE")
    views, remarks = back(books, by=OWNER)
    assert (views, len(kept(books))) == ([], 1)
    assert remarks == [f"1 codes of {WAREHOUSE} are kept and not saved yet: retcli --operator {WAREHOUSE} scan"]
    assert [view.outcome for view in back(books)[0]] == ["counted"]


def test_a_loop_that_still_runs_keeps_its_own(books: Books) -> None:
    journal = kept_codes.Journal.begun(books.database, "aa")
    journal.keep([kept_codes.Kept("CUP", 1.0)], WAREHOUSE, {})
    assert list(kept_codes.left_behind(books.database)) == []
    journal.close(done=False)
    (left,) = kept_codes.left_behind(books.database)
    assert [code.typed for code in left.codes] == ["CUP"]
    left.journal.close(done=True)


def test_a_line_that_was_cut_off_was_promised_to_nobody(books: Books) -> None:
    journal = kept_codes.Journal.begun(books.database, "aa")
    journal.keep([kept_codes.Kept("CUP", 1.0)], WAREHOUSE, {})
    journal.close(done=False)
    with (kept_codes.folder(books.database) / "aa.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"kept": "0')
    (left,) = kept_codes.left_behind(books.database)
    assert [code.typed for code in left.codes] == ["CUP"]
    left.journal.close(done=True)


def test_where_the_disk_refuses_the_file_nothing_is_promised(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    holder = engine.bare_connection(Path(books.database).as_uri())

    def refused(*_anything: Any) -> kept_codes.Journal:
        raise OSError("the disk is full")

    def codes() -> Iterator[tuple[str, float]]:
        holder.execute("BEGIN IMMEDIATE")
        yield STRANGE, 2.0

    monkeypatch.setattr(kept_codes.Journal, "begun", refused)
    said = []
    with pytest.raises(Busy, match="Codes were not saved"):
        for view in ScanLoop(books.asked(WAREHOUSE), codes(), live=True, sound="none").views():
            said.append(view.message)
    holder.close()
    assert "only while this window stays open, and not on disk: do not close it" in said[0]


def test_from_a_pipe_nothing_is_kept(books: Books) -> None:
    holder = engine.bare_connection(Path(books.database).as_uri())
    holder.execute("BEGIN IMMEDIATE")
    said = []
    with pytest.raises(Busy):
        for view in ScanLoop(books.asked(WAREHOUSE), iter([(STRANGE, 0.0)]), live=False, sound="none").views():
            said.append(view.message)
    holder.close()
    assert all("is tried again" in text for text in said)
    assert kept(books) == []


def test_the_doctor_names_what_nobody_came_back_for(books: Books) -> None:
    """留着没记的码，那个人再没回来：doctor 说清是谁的、几个、从什么时候起、敲什么；什么都不动。"""
    assert not [each for each in doctor.examine(books.asked(OWNER)).lines if each.where == "kept_codes"]
    killed(books, BACK, "HOLD", "CUP", "RCMDC", "CUP", "DIE")
    then = books.at
    books.later(hours=30)
    before = [path.read_bytes() for path in kept(books)]
    (line,) = (each for each in doctor.examine(books.asked(OWNER)).lines if each.where == "kept_codes")
    assert (line.state, line.remedy) == ("attention", f"retcli --operator {WAREHOUSE} scan")
    assert line.text == f"3 codes that {WAREHOUSE} scanned from {when(then)} on are kept and not saved yet"
    assert [path.read_bytes() for path in kept(books)] == before
    back(books)
    assert not [each for each in doctor.examine(books.asked(OWNER)).lines if each.where == "kept_codes"]


def test_the_doctor_leaves_a_loop_that_still_runs_alone(books: Books) -> None:
    journal = kept_codes.Journal.begun(books.database, "aa")
    journal.keep([kept_codes.Kept("CUP", 1.0)], WAREHOUSE, {})
    assert list(kept_codes.abandoned(books.database)) == []
    journal.close(done=False)
    assert [left.codes for left in kept_codes.abandoned(books.database)] == [1]
