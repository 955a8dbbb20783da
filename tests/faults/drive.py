"""Runs commands on a disk that fails at one call after the other, each in a process that is forked ready to go.

Run with the failing disk preloaded: python -m tests.faults.drive JOB, where the job is a JSON file with `template`
(books), `folder` (below which calls fail), `commands` (lists of words), `points` (how many a command, None: every
call), `errors` (numbers; 0 kills), `facts` (queries whose answers are compared). Prints one JSON line a fault.
"""

import ctypes
import io
import json
import os
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from retcli import actions, cli
from retcli.actions import books, doctor, exports, imports, scanning  # noqa: F401 (loaded once, before the forks)
from retcli.database import engine
from tests.shopfloor import Books

disk = ctypes.CDLL(None)
disk.fault_arm.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_int, ctypes.c_int]
disk.fault_calls.restype = ctypes.c_long


def told(work: Any) -> dict[str, Any]:
    """What a forked process answers; its exit code alone where it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        answer = work()
        os.write(writing, json.dumps(answer).encode())
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
    disk.fault_arm(b"", 0, 0, 0)
    return {"code": code, "out": out.getvalue(), "err": err.getvalue(), "calls": calls}


def look(database: str, facts: list[str]) -> dict[str, Any]:
    """What is in the books afterwards, and what is wrong with them."""
    shop = Books(database)
    problems = []
    try:
        shop.check()
        if shop.value("PRAGMA integrity_check") != "ok":
            problems.append("pages")
    except Exception as wrong:
        problems.append(f"{type(wrong).__name__}: {wrong}")
    answers = [[list(row) for row in shop.rows(fact)] for fact in facts]
    engine.engine(database).dispose()
    return {"problems": problems, "facts": answers}


def fresh(job: dict[str, Any]) -> str:
    """A new copy of the books in the folder that fails."""
    folder = Path(job["folder"])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return str(shutil.copyfile(job["template"], folder / "shop.db"))


def say(line: dict[str, Any]) -> None:
    """One line of the report."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main(job: dict[str, Any]) -> None:
    folder = Path(job["folder"])
    for words in job["commands"]:
        database = fresh(job)
        before = told(lambda database=database: look(database, job["facts"]))["facts"]
        whole = told(lambda words=words, database=database: call(["--db", database, *words], folder, 0, 5))
        after = told(lambda database=database: look(database, job["facts"]))
        calls = whole["calls"]
        say({"words": words, "whole": whole, "after": after, "before": before})
        step = max(1, calls // job["points"]) if job["points"] else 1
        for at in range(1, calls + 1, step):
            for number in job["errors"]:
                database = fresh(job)
                answer = told(
                    lambda words=words, at=at, number=number, database=database: call(
                        ["--db", database, *words], folder, at, number
                    )
                )
                found = told(lambda database=database: look(database, job["facts"]))
                say({"words": words, "at": at, "error": number, **answer, **found})


if __name__ == "__main__":
    assert actions
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
