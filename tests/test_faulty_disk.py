"""Every write, sync, rename, open and unlink of a command may fail, or the program be killed at it: what was
acknowledged is there, what failed is not or is said to be uncertain, the exit code fits, and the books are sound.

The disk is one of our own: a library that is compiled here and preloaded, on Linux with a C compiler. All calls of all
commands with RETCLI_LONG=1, more than a hundred of them otherwise.
"""

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from retcli.database import engine
from tests.lengths import HOUR, LONG, sweep
from tests.shopfloor import FIXTURES, OWNER, Books
from tests.terminal import Desk, environment

EIO, ENOSPC, EACCES, KILL = 5, 28, 13, 0
NUMBER, CASE = "2850000000000000481", "RC20261109-0001"
FACTS = ("SELECT name FROM staff ORDER BY id", "SELECT decision FROM cases", "SELECT COUNT(*) FROM notes",
         "SELECT waybill, state FROM parcels ORDER BY id", "SELECT COUNT(*) FROM payouts")  # fmt: skip
COMMANDS = (
    ["staff", "add", "小红", "--role", "agent"],
    ["case", "approve", CASE],
    ["case", "approve", "--all-yes", "--yes"],
    ["parcel", "expect", CASE, "SF1620041173366"],
    ["books", "backup"],
    ["today"],
    ["export", "reasons", "--since", "2026-11-01", "--until", "2026-11-09", "-o", "FOLDER/reasons.xlsx"],
)
NO_FAULT_OF_THE_BOOKS = ("damaged", "made a mistake", "Traceback")


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The failing disk, compiled."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if sys.platform != "linux" or compiler is None:
        pytest.skip("no failing disk can be compiled here: Linux and a C compiler are needed")
    library = tmp_path_factory.mktemp("disk") / "disk.so"
    source = Path(__file__).parent / "faults" / "disk.c"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"], check=True)
    return library


@pytest.fixture
def shop(sqlite_books: Books) -> Path:
    """Books with two plain returns and the staff."""
    sqlite_books.hire()
    desk = Desk(sqlite_books.database)
    for n, number in enumerate((NUMBER, f"{NUMBER[:-1]}2")):
        sqlite_books.order(number, ("TS-L", 1, 9397 + n))
        desk.case("open", number, "--kind", "return", "--reason", "B_7D")
    engine.engine(sqlite_books.database).dispose()
    return Path(sqlite_books.database)


def faulted(disk: Path, shop: Path, folder: Path, points: int | None, errors: list[int]) -> list[dict[str, Any]]:
    """What came of each command at each of its calls."""
    template = shutil.copyfile(shop, folder / "template.db")
    place = folder / "disk"
    commands = [[word.replace("FOLDER", str(place)) for word in words] for words in COMMANDS]
    facts = [fact for fact in FACTS if _answers(Books(str(shop)), fact)]
    job = {"template": str(template), "folder": str(place), "commands": commands, "points": points,
           "errors": errors, "facts": facts}  # fmt: skip
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    env = environment(LD_PRELOAD=str(disk), XDG_CONFIG_HOME=str(folder), RETCLI_OPERATOR=OWNER)
    ended = subprocess.run(
        [sys.executable, "-m", "tests.faults.drive", str(folder / "job.json")],
        cwd=FIXTURES.parent, env=env, capture_output=True, text=True, timeout=HOUR, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-2000:]
    return [json.loads(line) for line in ended.stdout.splitlines()]


def _answers(books: Books, fact: str) -> bool:
    try:
        books.rows(fact)
    except Exception:
        return False
    return True


def judged(found: dict[str, Any], whole: dict[str, Any]) -> str:
    """What is wrong with how one fault was met; empty where nothing is."""
    code, text = found["code"], found["out"] + found["err"]
    before, after = whole["before"], whole["after"]["facts"]
    if found["problems"]:
        return f"the books are not sound: {found['problems']}"
    if found["error"] == KILL and code == -9:
        return "" if found["facts"] in (before, after) or "--all-yes" in found["words"] else "half is saved"
    if code not in {0, 3, 4, 6, 7}:
        return f"exit code {code}"
    if any(word in text for word in NO_FAULT_OF_THE_BOOKS):
        return "said what is not so"
    if code in {0, 3} and found["facts"] != after:
        return "acknowledged and not there"
    if code in {0, 3} or "--all-yes" in found["words"]:
        return ""
    if found["facts"] != before and "not known whether" not in text and "stays done" not in text:
        return "said to have failed, but it is there"
    return ""


@sweep
@pytest.mark.timeout(HOUR)
def test_whatever_call_fails_nothing_acknowledged_is_lost_and_nothing_untrue_is_said(
    disk: Path, shop: Path, tmp_path: Path
) -> None:
    errors = [EIO, ENOSPC, EACCES, KILL] if LONG else [EIO, ENOSPC, KILL]
    lines = faulted(disk, shop, tmp_path, None if LONG else 5, errors)
    whole = {str(line["words"]): line for line in lines if "whole" in line}
    faults = [line for line in lines if "at" in line]
    wrong = [
        (line["words"], line["at"], line["error"], verdict, line["code"], line["out"][-200:], line["err"][-300:])
        for line in faults
        if (verdict := judged(line, whole[str(line["words"])]))
    ]
    codes = Counter(line["code"] for line in faults)
    sys.stderr.write(f"\n{len(faults)} faults: {dict(codes)}\n")
    assert not wrong, "\n".join(map(str, wrong[:10]))
    assert len(faults) > 90
    assert codes[7] > 40
