"""The night: what is taken from a folder, what is moved away, what a run leaves behind, and what `today` says of it."""

import errno
import json
import os
import shutil
import sqlite3
import stat
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fixtures import report_rows
from retcli import settings
from retcli.actions.imports import file_import, folders, staged_rows, stager
from retcli.actions.imports.folders import move
from retcli.errors import NotFound, StorageTrouble
from tests.reports import ITEMS, ORDERS, Folder, changed, counts, dump, settle, sold, take
from tests.shopfloor import Books
from tests.terminal import Desk

ONE = sold("2850000000000000401", ("A", 1, 500))
TWO = sold("2850000000000000402", ("A", 1, 700), ("B", 2, 900))


def set_up(tmp_path: Path, text: str) -> None:
    """The user's settings file."""
    path = settings.settings_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    assert tmp_path in path.parents, "never the user's own"


def second_place(tmp_path: Path, keep: int = 14) -> Path:
    """A second place for copies, set in the settings file."""
    set_up(tmp_path, f'[backup]\nfolder = "{tmp_path}/usb"\nkeep = {keep}\n')
    return tmp_path / "usb"


# -- the folder -------------------------------------------------------------------------------------------------------


def test_a_file_that_was_written_a_moment_ago_waits_unless_it_is_named(sqlite_books: Books, folder: Folder) -> None:
    path = folder.orders(ONE)
    view = take(sqlite_books, folder.path)
    assert [(file.path, file.state) for file in view.files] == [(path.name, "busy")]
    assert view.exit_code == 6
    assert take(sqlite_books, path).files[0].state == "imported"


@pytest.mark.parametrize(("age", "state"), [(4, "busy"), (60, "imported"), (-3600, "imported")])
def test_a_file_settles_in_a_few_seconds_also_where_its_date_lies_ahead(
    sqlite_books: Books, folder: Folder, age: int, state: str
) -> None:
    path = folder.orders(ONE)
    os.utime(path, (time.time() - age,) * 2)
    assert [file.state for file in take(sqlite_books, folder.path).files] == [state]


def test_at_a_terminal_a_file_that_was_written_just_now_is_waited_for_once(
    sqlite_books: Books, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two files written together are waited for together; one that still grows then is left."""
    files, slept = folder.both(ONE), list[float]()
    now = time.time()
    for file in files:
        os.utime(file, (now - 1.0,) * 2)
    ran = [0.0]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        ran[0] += seconds

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(time, "time", lambda: now + ran[0])
    monkeypatch.setattr(time, "monotonic", lambda: ran[0])
    patience = folders.Patience(sqlite_books.asked(), patient=True)
    for file in files:
        patience.wait_for(file)
        assert folders.age(file) >= folders.SETTLED_SECONDS
    assert slept == [pytest.approx(4.0, abs=0.1)]
    os.utime(files[1], (now + ran[0],) * 2)
    patience.wait_for(files[1])
    assert sum(slept) == pytest.approx(folders.SETTLED_SECONDS), "no longer than one file must be quiet"
    assert folders.age(files[1]) < folders.SETTLED_SECONDS


def test_what_a_browser_still_writes_is_passed_over(sqlite_books: Books, folder: Folder) -> None:
    orders, items = folder.orders(ONE, name="订单.csv"), folder.items(ONE, name="宝贝.csv")
    shutil.copy(orders, folder.path / "未确认.crdownload")
    shutil.copy(orders, folder.path / "x.part")
    shutil.copy(orders, folder.path / "y.TMP")
    for hidden in ("~$订单.xlsx", ".DS_Store", ".x.csv"):
        (folder.path / hidden).write_bytes(b"x")
    (folder.path / "宝贝.csv.part").write_bytes(b"")
    view = take(sqlite_books, settle(folder.path))
    assert {file.path: file.state for file in view.files} == {
        "x.part": "passed_over",
        "y.TMP": "passed_over",
        "宝贝.csv": "busy",
        "宝贝.csv.part": "passed_over",
        "未确认.crdownload": "passed_over",
        "订单.csv": "imported",
    }
    (folder.path / "宝贝.csv.part").unlink()
    assert [f.state for f in take(sqlite_books, folder.path).files if f.path == items.name] == ["imported"]


def test_a_file_named_twice_comes_once(sqlite_books: Books, folder: Folder) -> None:
    path = folder.orders(ONE)
    assert len(take(sqlite_books, settle(folder.path), path, folder.path).files) == 1
    with pytest.raises(NotFound):
        take(sqlite_books, folder.path / "nowhere.csv")


def test_a_bad_file_never_stops_the_others(sqlite_books: Books, folder: Folder) -> None:
    folder.orders(ONE, name="b.csv")
    folder.items(ONE, name="c.csv")
    (folder.path / "a.csv").write_bytes(b"")
    (folder.path / "d.xlsx").write_bytes(b"PK\x03\x04 broken")
    view = take(sqlite_books, settle(folder.path))
    states = {file.path: file.state for file in view.files}
    assert (states["b.csv"], states["c.csv"]) == ("imported", "imported")
    assert {states["a.csv"], states["d.xlsx"]} <= {"refused", "passed_over"}
    assert sqlite_books.value("SELECT COUNT(*) FROM orders") == 1


def test_trouble_with_the_disk_stops_the_run_and_what_was_done_is_told(
    night: Desk, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.orders(ONE, name="a.csv")
    folder.items(ONE, name="b.csv")
    folder.orders(TWO, name="c.csv")
    whole = file_import.take_in_one

    def failing(asked: Any, file: stager.File, *rest: Any, **options: Any) -> Any:
        if file.path.name == "c.csv":
            raise StorageTrouble("The disk is full")
        return whole(asked, file, *rest, **options)

    monkeypatch.setattr(file_import, "take_in_one", failing)
    answer = night.type("import", str(settle(folder.path)))
    assert answer.code == 7
    assert "these files were done before: a.csv" in answer.err
    assert night.books.rows("SELECT job, exit FROM runs") == [("nightly import", 7)]
    assert json.loads(night.books.value("SELECT counts FROM runs"))["files"] == 1


# -- moved away -------------------------------------------------------------------------------------------------------


def test_a_file_wholly_in_the_books_is_moved_and_one_partly_refused_stays(sqlite_books: Books, folder: Folder) -> None:
    done = folder.path.parent / "done"
    folder.orders(ONE, name="good.csv")
    rows = changed(list(report_rows([ONE, TWO], ORDERS, ".csv")), 2, {"订单编号": "4.10E+18"})
    folder.rows(rows, "partly.csv")
    (folder.path / "empty.csv").write_bytes(b"")
    for _night in range(2):
        view = take(sqlite_books, settle(folder.path), move_done=done)
        assert sorted(path.name for path in folder.path.iterdir()) == ["empty.csv", "partly.csv"]
        assert [path.name for path in done.iterdir()] == ["good.csv"]
        assert all(not file.remarks or "Moved to" not in file.remarks[-1] for file in view.files if file.refused)
    assert next(f for f in view.files if f.path == "partly.csv").state == "unchanged", "known, and still in the way"


def test_a_name_that_is_taken_is_numbered_and_never_written_over(sqlite_books: Books, folder: Folder) -> None:
    done = folder.path.parent / "done"
    done.mkdir()
    (done / "订单.csv").write_text("older", encoding="utf-8")
    (done / "订单 (2).csv").write_text("old", encoding="utf-8")
    new = folder.orders(ONE, name="订单.csv").read_bytes()
    view = take(sqlite_books, settle(folder.path), move_done=done)
    assert {path.name: path.read_bytes() for path in done.iterdir()} == {
        "订单.csv": b"older",
        "订单 (2).csv": b"old",
        "订单 (3).csv": new,
    }
    assert view.files[0].remarks[-1] == f"Moved to {done}/订单 (3).csv"


def test_a_file_known_already_is_moved_too_and_a_trial_moves_nothing(sqlite_books: Books, folder: Folder) -> None:
    done = folder.path.parent / "done"
    path = folder.orders(ONE)
    before = dump(sqlite_books)
    take(sqlite_books, path, move_done=done, dry_run=True)
    assert (path.exists(), done.exists(), dump(sqlite_books)) == (True, False, before)
    assert sqlite_books.value("SELECT COUNT(*) FROM runs") == 0
    take(sqlite_books, path)
    assert take(sqlite_books, path, move_done=done).files[0].state == "unchanged"
    assert (path.exists(), (done / path.name).exists()) == (False, True)


def test_a_file_goes_to_another_disk_whole(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder.orders(ONE, name="a.csv")
    content, target = path.read_bytes(), folder.path / "done"
    target.mkdir()

    def elsewhere(_self: Path, other: Path) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link", str(other))

    monkeypatch.setattr(Path, "replace", elsewhere)
    moved = move(path, target)
    assert (moved.read_bytes(), path.exists()) == (content, False)

    def full(_from: Path, to: Path) -> None:
        to.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    path = folder.orders(ONE, name="b.csv")
    monkeypatch.setattr(shutil, "copy2", full)
    with pytest.raises(OSError, match="No space"):
        move(path, target)
    assert (path.read_bytes(), [each.name for each in target.iterdir()]) == (content, ["a.csv"])


def test_a_file_that_cannot_be_moved_is_a_remark_and_no_lost_import(night: Desk, folder: Folder) -> None:
    blocked = folder.path.parent / "done"
    blocked.write_text("a file, no folder", encoding="utf-8")
    folder.orders(ONE, name="a.csv")
    answer = night.type("--quiet", "import", str(settle(folder.path)), "--move-done", str(blocked))
    assert answer.code == 3, "somebody must see to it"
    assert "a.csv: It could not be moved" in answer.err
    assert night.books.value("SELECT state FROM imports") == "done"
    assert (folder.path / "a.csv").exists()


def test_a_file_that_was_downloaded_anew_meanwhile_stays(
    sqlite_books: Books, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder.orders(ONE, name="a.csv")
    settle(folder.path)
    whole = file_import.merge_all

    def overtaken(*given: Any) -> Any:
        view = whole(*given)
        path.write_bytes(b"the next one")
        return view

    monkeypatch.setattr(file_import, "merge_all", overtaken)
    take(sqlite_books, path, move_done=folder.path / "done")
    assert path.read_bytes() == b"the next one"


# -- one line, or none ------------------------------------------------------------------------------------------------


def test_a_run_ends_with_one_line_and_a_quiet_one_only_where_somebody_is_needed(night: Desk, folder: Folder) -> None:
    folder.orders(ONE, TWO)
    answer = night.type("import", str(settle(folder.path)))
    line = "1 files, 2 rows: 2 new, 0 changed, 0 refused, 0 questions, 2 waiting; "
    assert answer.out.splitlines()[-2].startswith(line)
    folder.items(ONE, TWO)
    answer = night.type("import", str(settle(folder.path)))
    line = "2 files, 5 rows: 3 new, 0 changed, 0 refused, 0 questions, 0 waiting; "
    assert answer.out.splitlines()[-2].startswith(line), "what waited has been joined"
    quiet = night.type("--quiet", "import", str(folder.path))
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    folder.rows(changed(list(report_rows([TWO], ITEMS, ".csv")), 1, {"主订单编号": "4.10E+18"}), "bad.csv")
    quiet = night.type("--quiet", "import", str(settle(folder.path)))
    assert quiet.code == 3
    assert quiet.out.startswith("bad.csv"), "only what somebody must look at"
    assert "3 files, 7 rows: " in quiet.out.splitlines()[-1]
    again = night.read("--quiet", "import", str(folder.path), code=3)["totals"]
    assert (again["rows"], again["unchanged"], again["refused"]) == (7, 6, 1), "what was refused still is"


# -- the heartbeat ----------------------------------------------------------------------------------------------------


def test_every_run_leaves_its_beginning_end_and_counts(night: Desk, folder: Folder) -> None:
    night.type("import", str(folder.orders(ONE)))
    ((job, started, ended, code, told),) = night.books.rows("SELECT job, started_at, ended_at, exit, counts FROM runs")
    assert (job, code, started[:16], ended[:16]) == ("nightly import", 0, "2026-11-09 04:00", "2026-11-09 04:00")
    assert json.loads(told) == {
        "files": 1, "rows": 1, "added": 1, "changed": 0, "refused": 0, "waiting": 1, "questions": 0
    }  # fmt: skip


@pytest.mark.parametrize(("hours", "told"), [(36, ""), (37, "37 hours ago, 2026-11-09 12:00"), (73, "3 days ago")])
def test_a_night_that_stays_away_is_said_after_36_hours(night: Desk, folder: Folder, hours: int, told: str) -> None:
    night.type("import", str(folder.orders(ONE)))
    later = Desk(night.database, night.at + timedelta(hours=hours))
    assert told in later.type("today").out
    assert ("nightly import" in later.type("today").out) == bool(told)
    line = next(line for line in later.read("doctor", code=3)["lines"] if line["where"] == "night")
    assert (line["state"], told in line["text"]) == ("attention" if told else "ok", True)
    assert later.read("today")["night"]["last_success_at"] == "2026-11-09T12:00:00+08:00"


def test_runs_by_hand_and_runs_that_failed_are_no_heartbeat(books: Books, folder: Folder) -> None:
    from retcli.actions.imports import runs
    from retcli.transaction import opened

    def beat() -> tuple[bool, bool]:
        with opened(books.asked(), writes=False) as shop:
            found = runs.heartbeat(shop)
        return found.first_at is not None, found.last_success_at is not None

    take(books, folder.orders(ONE))
    assert beat() == (False, False)
    folder.items(ONE)
    take(books, folder.path, nightly=True)
    assert beat() == (True, False), "the files were still being written: 6"
    take(books, settle(folder.path), nightly=True)
    assert beat() == (True, True)


# -- copies after a run -----------------------------------------------------------------------------------------------


def test_a_run_that_changed_something_is_copied_to_the_second_place(
    night: Desk, folder: Folder, tmp_path: Path
) -> None:
    place = second_place(tmp_path)
    answer = night.type("import", str(folder.orders(ONE)))
    (copy,) = place.iterdir()
    seq, head = night.books.rows("SELECT seq, hash FROM anchors")[0]
    assert copy.name.startswith("shop-")
    assert copy.name.endswith(f"-e{seq}-{head[:8]}.db")
    assert f"Copied and verified: {copy}" in answer.out
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT exit FROM runs").fetchall() == [(0,)], "the run had ended when it was copied"
    document = night.read("import", str(folder.path / "001.csv"))
    assert ("backup" in document, len(list(place.iterdir()))) == (False, 1), "nothing came in, nothing is copied"
    assert "No second place" not in night.type("today").out
    state = next(line for line in night.read("doctor", code=3)["lines"] if line["where"] == "backup")
    assert state["state"] == "ok"


def test_a_copy_that_fails_is_said_and_the_import_stays(night: Desk, folder: Folder, tmp_path: Path) -> None:
    set_up(tmp_path, f'[backup]\nfolder = "{tmp_path}/no/such/disk"\n')
    answer = night.type("--quiet", "import", str(folder.orders(ONE)))
    assert answer.code == 3
    assert "No copy was made: No copy can be made in" in answer.err
    assert night.books.rows("SELECT state FROM imports") == [("done",)]
    assert night.books.value("SELECT exit FROM runs") == 3
    assert not (tmp_path / "no").exists(), "a disk that is not there is not made up"
    problem = night.read("import", str(folder.items(ONE)), code=3)["backup"]["problem"]
    assert "no/such/disk" in problem


@pytest.mark.parametrize("said", ['folder = "usb"', "folder = 3", 'folder = "/x"\nkeep = 0', 'keep = "all"'])
def test_settings_that_cannot_be_are_refused_by_name(night: Desk, tmp_path: Path, said: str) -> None:
    set_up(tmp_path, f"[backup]\n{said}\n")
    error = night.read("books", "backup", code=2)["error"]
    assert "backups that cannot be" in error["message"]
    assert error["where"]["file"].endswith("settings.toml")


def test_counts_of_a_folder_are_the_same_in_any_order(more_books: Callable[[], Books], folder: Folder) -> None:
    folder.orders(ONE, TWO, name="2.csv")
    folder.items(ONE, TWO, name="1.csv")
    settle(folder.path)
    first = take(more_books(), folder.path)
    second = take(more_books(), *sorted(folder.path.iterdir(), reverse=True))
    assert [(f.path, counts(f)) for f in first.files] == [(f.path, counts(f)) for f in second.files]


def test_a_stage_that_is_read_while_it_grows_is_thrown_away(
    sqlite_books: Books, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder.orders(ONE)
    whole = staged_rows.parts

    def gone(reading: Any, stage: Any) -> Any:
        yield from whole(reading, stage)
        path.unlink()

    monkeypatch.setattr(staged_rows, "parts", gone)
    view = take(sqlite_books, path)
    assert [(file.state, file.problem) for file in view.files] == [("busy", "The file is no longer there")]
    assert sqlite_books.value("SELECT COUNT(*) FROM imports") == 0
