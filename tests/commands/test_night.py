"""The night as programs of their own: several at once, killed ones, full disks, and cron's bare surroundings."""

from __future__ import annotations

import json
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from fixtures import stream_orders, write_report
from retcli.database import engine, locks
from retcli.settings import COPIES_KEPT
from tests.forks import Forked
from tests.lengths import HOUR, LONG, length, sweep
from tests.reports import Folder, dump, settle, sold
from tests.shopfloor import NOON, OWNER, WAREHOUSE, Books
from tests.terminal import Desk, environment
from tests.test_crash import disk

ROOT = Path(__file__).parents[2]
BIG = 4000
COPIES = length(6, 100)
ONE = sold("2850000000000000421", ("A", 1, 500))


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report that takes a while."""
    path = tmp_path_factory.mktemp("big") / "orders.csv"
    write_report(stream_orders(7, BIG), "taobao.order.2021a", path)
    return path


def begun(database: str, *words: str, typed: bytes = b"") -> Forked:
    """One call of retcli that is not waited for."""
    return Forked(["--json", *words], environment(database), typed)


def held(books: Books) -> subprocess.Popen[bytes]:
    """A program that holds the import's lock until it is killed."""
    held_by = f"import time\nfrom retcli.database.locks import alone\nwith alone({books.database!r}):\n"
    held_by += "    print('held', flush=True)\n    time.sleep(100)\n"
    holder = subprocess.Popen([sys.executable, "-c", held_by], env=environment(), stdout=subprocess.PIPE, cwd=ROOT)
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == b"held"
    return holder


# -- one at a time ----------------------------------------------------------------------------------------------------


def test_of_ten_at_once_one_works_and_nine_are_told_that_it_is_busy(sqlite_books: Books, big: Path) -> None:
    engine.engine(sqlite_books.database).dispose()
    crew = [begun(sqlite_books.database, "import", str(big)) for _ in range(10)]
    ended = [(process.communicate(timeout=120), process.returncode) for process in crew]
    codes = Counter(code for _streams, code in ended)
    documents = [json.loads(out) for (out, _err), _code in ended]
    taken = [document for document in documents if "files" in document]
    assert codes[6] == 10 - len(taken), ended
    assert sum(document["totals"]["added"] for document in taken) == BIG, "once, however many found it free after"
    assert codes[6] >= 1
    for document in documents:
        if "error" in document:
            assert document["error"]["code"] == "busy"
    assert sqlite_books.value("SELECT COUNT(*) FROM runs WHERE exit = 0") == len(taken)


def test_the_second_is_told_who_works_and_since_when_and_a_killed_one_holds_nothing(
    books: Books, folder: Folder
) -> None:
    path = folder.orders(ONE)
    books.rows("SELECT 1")
    holder = held(books)
    try:
        nine = [begun(books.database, "import", str(path)) for _ in range(9)]
        for process in nine:
            out, _err = process.communicate(timeout=60)
            message = json.loads(out)["error"]["message"]
            assert process.returncode == 6
            assert "importing into these books since 20" in message
            assert ("://" in books.database) or f"(process {holder.pid})" in message
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.wait(20)
    if "://" not in books.database:
        assert locks.holder(books.database)[0] == str(holder.pid), "its note stays, and means nothing"
    deadline = time.monotonic() + 20
    while (code := begun(books.database, "import", str(path)).wait(60)) == 6:
        assert time.monotonic() < deadline
    assert code == 0
    assert locks.holder(books.database) == ("", None)


def test_somebody_who_scans_does_not_wait_for_the_import(sqlite_books: Books) -> None:
    sqlite_books.hire()
    holder = held(sqlite_books)
    try:
        assert Desk(sqlite_books.database, by=WAREHOUSE).type("scan", "-", typed="SF1620041173366\n").code in {0, 3}
    finally:
        holder.kill()
        holder.wait(20)


def test_an_import_that_was_killed_is_named_and_finished_by_the_next(sqlite_books: Books, big: Path) -> None:
    engine.engine(sqlite_books.database).dispose()
    process = begun(sqlite_books.database, "import", str(big))
    while not sqlite_books.value("SELECT COUNT(*) FROM runs"):
        time.sleep(0.002)
    process.kill()
    process.communicate()
    assert sqlite_books.rows("SELECT ended_at FROM runs") == [(None,)]
    desk = Desk(sqlite_books.database)
    line = next(line for line in desk.read("doctor", code=3)["lines"] if line["where"] == "unfinished")
    assert line["state"] == "attention"
    assert desk.read("import", str(big))["totals"]["rows"] == BIG
    line = next(line for line in desk.read("doctor", code=3)["lines"] if line["where"] == "unfinished")
    assert line["state"] == "ok"


# -- cron's surroundings ----------------------------------------------------------------------------------------------

BARE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
SURROUNDINGS: dict[str, dict[str, str]] = {
    "empty": {},
    "C": {"LC_ALL": "C"},
    "bare C": BARE,
    "Honolulu": {"TZ": "Pacific/Honolulu"},
    "Kiritimati": {"TZ": "Pacific/Kiritimati"},
    "bad zone": {"TZ": "Nowhere/Land"},
}
TOGETHER = (("empty",), ("C", "Honolulu"), ("bare C", "Kiritimati"), ("bad zone",))
"""Those of which two are tried at once in the short form: a locale and a zone."""
NIGHTS = [(name,) for name in SURROUNDINGS] if LONG else TOGETHER


@sweep
@pytest.mark.parametrize("names", NIGHTS, ids=", ".join)
def test_cron_does_the_same_whatever_surrounds_it(
    sqlite_books: Books, folder: Folder, tmp_path: Path, names: tuple[str, ...]
) -> None:
    more = {key: value for name in names for key, value in SURROUNDINGS[name].items()}
    folder.orders(ONE, name="订单报表.csv")
    folder.items(ONE, name="宝贝报表.csv")
    settle(folder.path)
    engine.engine(sqlite_books.database).dispose()
    python = ["env", "-i", "PATH=/usr/bin:/bin", *(f"{name}={value}" for name, value in more.items())]
    python += [f"RETCLI_NOW={NOON.isoformat()}", sys.executable, "-m", "retcli"]
    words = ["--db", sqlite_books.database, "--operator", OWNER]
    night = ["--quiet", *words, "import", str(folder.path), "--move-done", str(tmp_path / "已导入")]
    ended = subprocess.run([*python, *night], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, cwd=ROOT)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
    assert sorted(path.name for path in (tmp_path / "已导入").iterdir()) == ["宝贝报表.csv", "订单报表.csv"]
    assert sqlite_books.rows("SELECT job, started_at, exit FROM runs") == [
        ("nightly import", "2026-11-09 04:00:00.000000", 0)
    ]
    told = subprocess.run([*python, "--json", *words, "today"], capture_output=True, timeout=60, cwd=ROOT, check=True)
    assert [file["at"] for file in json.loads(told.stdout)["files"]][:2] == ["2026-11-09T12:00:00+08:00"] * 2
    for again in (["doctor"], ["books", "backup", str(tmp_path / "备份")]):
        ended = subprocess.run([*python, *words, *again], stdin=subprocess.DEVNULL, capture_output=True, cwd=ROOT)
        assert (ended.returncode, b"Traceback" in ended.stderr) == (3 if again == ["doctor"] else 0, False), ended
        assert "备份" in ended.stdout.decode()


@pytest.mark.parametrize(("redirect", "code"), [(">&-", 0), ("<&- >&- 2>&-", 0), (">/dev/full", 7), ("| head -1", 0)])
def test_wherever_its_output_goes_the_files_are_in(
    sqlite_books: Books, folder: Folder, redirect: str, code: int
) -> None:
    engine.engine(sqlite_books.database).dispose()
    path = folder.orders(ONE)
    line = f"set -o pipefail; {sys.executable} -m retcli import {path} {redirect}"
    ended = subprocess.run(
        ["bash", "-c", line], env=environment(sqlite_books.database), capture_output=True, timeout=60
    )
    assert (ended.returncode, b"Traceback" in ended.stderr) == (code, False), ended
    assert sqlite_books.value("SELECT COUNT(*) FROM waiting_orders") == 1
    assert sqlite_books.rows("SELECT exit FROM runs") == [(0,)]


def test_a_full_disk_for_copies_leaves_the_books_and_no_half_copy(sqlite_books: Books, tmp_path: Path) -> None:
    desk = Desk(sqlite_books.database)
    with disk(tmp_path / "usb", "200k") as place:
        error = desk.read("books", "backup", str(place), code=7)["error"]
        assert "No room" in error["message"]
        assert list(place.iterdir()) == []
    with disk(tmp_path / "usb2", "2m") as place:
        with (place / "filler").open("wb") as filler:
            filler.write(b"x" * 1_900_000)
        assert desk.read("books", "backup", str(place), code=7)["error"]["code"] == "storage"
        assert [path.name for path in place.iterdir()] == ["filler"]
        (place / "filler").unlink()
        assert desk.read("books", "backup", str(place))["kept"] == 1
    sqlite_books.check()


# -- copies while others write ----------------------------------------------------------------------------------------


def four_writing(database: str, reports: list[Path], over: threading.Event, codes: list[int]) -> list[threading.Thread]:
    """Three people who scan and one who imports, until it is over; every call's exit code is noted."""

    def write(person: int) -> None:
        rng = random.Random(person)
        while not over.is_set():
            typed = f"SF{rng.randrange(10**12, 10**13)}\n".encode() if person else b""
            words = ("scan", "-") if person else ("import", str(reports[rng.randrange(3)]))
            codes.append(begun(database, *words, typed=typed).wait(60))

    crew = [threading.Thread(target=write, args=(person,)) for person in range(4)]
    for thread in crew:
        thread.start()
    return crew


@sweep
@pytest.mark.timeout(HOUR)
def test_copies_taken_while_four_people_write_all_hold_and_come_back(
    sqlite_books: Books, tmp_path: Path, folder: Folder
) -> None:
    engine.engine(sqlite_books.database).dispose()
    over, codes, copies = threading.Event(), list[int](), list[Path]()
    orders = [sold(f"28500000000005{n:05d}", ("A", 1, 100 + n)) for n in range(60)]
    reports = [folder.orders(*orders[n : n + 20]) for n in (0, 20, 40)]
    crew = four_writing(sqlite_books.database, reports, over, codes)
    try:
        for _ in range(COPIES):
            taken = begun(sqlite_books.database, "books", "backup", str(tmp_path / "usb"))
            told, _remarks = taken.communicate(60)
            assert taken.returncode == 0, told
            copies.append(Path(json.loads(told)["file"]))
    finally:
        over.set()
        for thread in crew:
            thread.join()
    assert set(codes) <= {0, 3}, Counter(codes)
    sqlite_books.check()
    seqs = [int(re.findall(r"-e(\d+)-[0-9a-f]{8}\.db$", path.name)[0]) for path in copies]
    assert seqs == sorted(seqs)
    assert len(set(seqs)) > COPIES // 2, "the books changed between the copies"
    left = {copy: seq for copy, seq in zip(copies, seqs, strict=True) if copy.exists()}
    assert list(left) == list(dict.fromkeys(copies))[-COPIES_KEPT:], "the newest ones are kept"
    for n, (copy, seq) in enumerate(left.items()):
        fresh = Desk(str(tmp_path / f"back{n}.db"))
        assert fresh.read("books", "restore", str(copy))["seq"] == seq
        fresh.books.check()
        lines = {line["where"]: line["state"] for line in fresh.read("doctor", "--deep", code=3)["lines"]}
        assert {lines[name] for name in ("pages", "references", "schema", "triggers", "history")} == {"ok"}
        engine.engine(fresh.database).dispose()


def test_the_same_night_twice_leaves_the_same_books(sqlite_books: Books, folder: Folder) -> None:
    folder.both(ONE)
    settle(folder.path)
    desk = Desk(sqlite_books.database)
    assert desk.read("import", str(folder.path))["totals"]["added"] == 2
    before = dump(sqlite_books)
    again = desk.read("import", str(folder.path))
    assert (again["totals"]["added"], dump(sqlite_books)) == (0, before)
