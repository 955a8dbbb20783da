"""Runs commands on a disk that fails at one call after the other, each in a process that is forked ready to go.

Run with the failing disk preloaded: python -m tests.faults.drive JOB, where the job is a JSON file with `template`
(books), `files` (copied beside them), `folder` (below which calls fail), `commands` (lists of words), `points` (how
many a command, None: every call), `errors` (numbers; 0 kills, -N sends signal N, from 1000 on the power goes), `facts`
(queries whose answers are compared), `wal` (whether the books' journal is of the newer kind), `again` (whether each
command is given a second time after the fault). Prints one JSON line a fault.
"""

import ctypes
import gc
import hashlib
import io
import json
import os
import shutil
import signal
import sqlite3
import sys
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from retcli import actions, cli
from retcli.actions.cases.disputes import evidence
from retcli.database import engine
from retcli.transaction import opened
from tests.shopfloor import Books

disk = ctypes.CDLL(None)
disk.fault_arm.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_int, ctypes.c_int]
disk.fault_calls.restype = ctypes.c_long
disk.fault_cut.restype = None


POWER = 1000
Work = Callable[[], dict[str, Any]]


def told(work: Work, afterwards: Callable[[], Any] = bool) -> dict[str, Any]:
    """What a forked process answers, `afterwards` done behind that; its exit code alone where it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        signal.signal(signal.SIGINT, signal.default_int_handler)  # who started this may have told it to hear none
        answer = work()
        os.write(writing, json.dumps(answer).encode())
        afterwards()
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        content = stream.read()
    _pid, status = os.waitpid(child, 0)
    return json.loads(content) if content else {"code": os.waitstatus_to_exitcode(status), "out": "", "err": ""}


def call(words: list[str], folder: Path, at: int, number: int) -> dict[str, Any]:
    """One command while call `at` below a folder fails."""
    out, err = io.StringIO(), io.StringIO()
    disk.fault_arm(str(folder).encode(), at, number, 0)
    code: Any = 0
    try:
        with redirect_stdout(out), redirect_stderr(err):
            cli.app(words)
    except SystemExit as end:
        code = end.code
    except BaseException as fault:
        code = f"{type(fault).__name__}: {fault}"
    calls = disk.fault_calls()
    if number < POWER:
        disk.fault_arm(b"", 0, 0, 0)
    return {"code": code, "out": out.getvalue(), "err": err.getvalue(), "calls": calls}


def look(database: str, job: dict[str, Any]) -> dict[str, Any]:
    """What is in the books and beside them afterwards, and what is wrong with them."""
    shop = Books(database)
    problems = []
    try:
        shop.check()
        if shop.value("PRAGMA integrity_check") != "ok":
            problems.append("pages")
    except Exception as wrong:
        problems.append(f"{type(wrong).__name__}: {wrong}")
    answers: list[Any] = [[list(row) for row in shop.rows(fact)] for fact in job["facts"]]
    problems += [f"evidence {row.name} {row.state}" for row in _evidence(shop) if row.state != "present"]
    folder = Path(job["folder"])
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}
    problems += [f"{Path(file).name} is lost" for file in job["files"] if _digest(file) not in digests]
    engine.engine(database).dispose()
    return {"problems": problems, "facts": answers, "made": sorted(_whole(folder))}


def _digest(file: str) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()


def _evidence(shop: Books) -> list[Any]:
    """Each piece of evidence that is written down, its content compared."""
    with opened(shop.asked(), writes=False) as there:
        numbers = there.session.scalars(sa.text("SELECT number FROM cases")).all()
        return [row for number in numbers for row in evidence.evidence_of(there, number, check=True).evidence]


def _whole(folder: Path) -> set[str]:
    """What lies in the folder of finished files, whole by its own sums: the kinds of file."""
    kinds = set()
    for path in folder.rglob("*"):
        if path.suffix == ".xlsx" and "in" not in path.parts:
            with suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as file:
                kinds |= {"workbook"} if file.testzip() is None else set()
        if path.suffix == ".db" and path.name != "shop.db":
            with closing(sqlite3.connect(path)) as copy, suppress(sqlite3.DatabaseError):
                sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                kinds |= {"copy"} if sound and copy.execute("SELECT COUNT(*) FROM orders").fetchone()[0] else set()
    return kinds


def fresh(job: dict[str, Any]) -> str:
    """A new copy of the books in the folder that fails, and of the files beside them."""
    folder = Path(job["folder"])
    for left in folder.parent.glob(f"{folder.name}.kept-*"):
        left.unlink()
    shutil.rmtree(folder, ignore_errors=True)
    _lay(job)
    return str(shutil.copyfile(job["template"], folder / "shop.db"))


def _lay(job: dict[str, Any]) -> None:
    """The files that a command is given, where it looks for them."""
    inbox = Path(job["folder"]) / "in"
    inbox.mkdir(parents=True, exist_ok=True)
    for file in job["files"]:
        shutil.copy(file, inbox)


def say(line: dict[str, Any]) -> None:
    """One line of the report."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def struck(job: dict[str, Any], words: list[str], at: int, number: int) -> dict[str, Any]:
    """What a command answers whose call `at` fails, and what is there afterwards."""
    database, folder = fresh(job), Path(job["folder"])
    given = ["--db", database, *words]
    answer = told(lambda: call(given, folder, at, number), disk.fault_cut if number >= POWER else bool)
    left = _state(folder, given if job["again"] else [])
    if left not in SEEN:
        SEEN[left] = told(lambda: look(database, job))
        if job["again"]:
            _lay(job)
            SEEN[left]["again"] = told(lambda: call(given, folder, 0, 5)) | told(lambda: look(database, job))
    return {"words": words, "at": at, "error": number, **answer, **SEEN[left]}


SEEN: dict[str, dict[str, Any]] = {}
"""What was found in a folder, by every byte that was left in it: what is there twice is looked at once."""


def _state(folder: Path, given: list[str]) -> str:
    """A digest of every name, right and byte below a folder, and of the command that is given again."""
    digest = hashlib.sha256(json.dumps(given).encode())
    for path in sorted(folder.rglob("*")):
        digest.update(json.dumps([str(path), path.lstat().st_mode]).encode())
        if path.is_file():
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def learn(job: dict[str, Any], words: list[str]) -> None:
    """Runs a command once in this process, so that each of those forked from it knows its modules and statements."""
    database = fresh(job)
    call(["--db", database, *words], Path(job["folder"]), 0, 5)
    look(database, job)
    if threading.active_count() > 1:
        raise RuntimeError("a process with threads cannot be forked")
    gc.collect()
    gc.freeze()


def main(job: dict[str, Any]) -> None:
    engine.wal_is_safe = lambda version: bool(job["wal"])
    for words in job["commands"]:
        learn(job, words)
        database = fresh(job)
        before = told(lambda database=database: look(database, job))["facts"]  # type: ignore[misc]
        whole = struck(job, words, 0, 5)
        say({"words": words, "whole": whole, "after": whole, "before": before})
        calls = whole["calls"] + 1
        step = max(1, calls // job["points"]) if job["points"] else 1
        for at in sorted({*range(1, calls + 1, step), calls}):
            for number in job["errors"]:
                say(struck(job, words, at, number))


if __name__ == "__main__":
    assert actions
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
