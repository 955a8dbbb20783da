"""Every write, sync, rename, open and unlink of a command may fail, or the program be killed or interrupted at it, or
the power go: what was acknowledged is there, what failed is not or is said to be uncertain, the exit code fits, and
the books are sound.

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

from fixtures import stream_orders, write_report
from retcli.database import engine
from tests.lengths import HOUR, LONG, length, sweep
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
Commands = tuple[list[str], ...]
NO_FAULT_OF_THE_BOOKS = ("damaged", "made a mistake", "Traceback")


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The failing disk, compiled."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if sys.platform != "linux" or compiler is None:
        pytest.skip("no failing disk can be compiled here: Linux and a C compiler are needed")
    library = tmp_path_factory.mktemp("disk") / "disk.so"
    source = Path(__file__).parents[1] / "faults" / "disk.c"
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


def faulted(
    disk: Path, shop: Path, folder: Path, points: int | None, errors: list[int], named: Commands = COMMANDS, **more: Any
) -> list[dict[str, Any]]:
    """What came of each command at each of its calls; `more` of the job's entries."""
    template = shutil.copyfile(shop, folder / "template.db")
    place = folder / "disk"
    commands = [[word.replace("FOLDER", str(place)) for word in words] for words in named]
    job = {"template": str(template), "folder": str(place), "commands": commands, "points": points,
           "errors": errors, "facts": FACTS, "files": [], "wal": True, "again": False} | more  # fmt: skip
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    env = environment(LD_PRELOAD=str(disk), XDG_CONFIG_HOME=str(folder), RETCLI_OPERATOR=OWNER)
    ended = subprocess.run(
        [sys.executable, "-m", "tests.faults.drive", str(folder / "job.json")],
        cwd=FIXTURES.parent, env=env, capture_output=True, text=True, timeout=HOUR, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-2000:]
    return [json.loads(line) for line in ended.stdout.splitlines()]


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
    lines = faulted(disk, shop, tmp_path, None if LONG else 4, errors)
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


SIGINT, SIGTERM, ALL_IS_LOST = -2, -15, 1000
STOPPED = {SIGINT: {130}, SIGTERM: {-15}}
CARRYING = (
    ["case", "attach", CASE, "FOLDER/in/photo.png"],
    ["import", "FOLDER/in/orders.csv", "FOLDER/in/items.csv", "--move-done", "FOLDER/done"],
)
STANDS = (
    *FACTS,
    "SELECT COUNT(*), SUM(paid) FROM orders",
    "SELECT COUNT(*), SUM(cash) FROM order_lines",
    "SELECT name, state, rows, added, refused FROM imports ORDER BY id",
    "SELECT sha256 FROM evidence",
)


@pytest.fixture
def carried(tmp_path: Path) -> list[str]:
    """A photo, and the two reports of thirty orders."""
    made = [tmp_path / name for name in ("photo.png", "orders.csv", "items.csv")]
    made[0].write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 200)
    write_report(stream_orders(7, 30), "taobao.order.2016", made[1])
    write_report(stream_orders(7, 30), "taobao.item.2026_xlsx", made[2])
    return [str(path) for path in made]


def outlived(found: dict[str, Any], whole: dict[str, Any]) -> str:
    """What is wrong with what a program left that ended in the middle, or right after it told what it had done."""
    code, text, after = found["code"], found["out"] + found["err"], whole["after"]
    told = code in {0, 3}
    if found["problems"]:
        return f"not sound: {found['problems']}"
    if not told and code not in STOPPED.get(found["error"], {-9}):
        return f"exit code {code}"
    if any(word in text for word in NO_FAULT_OF_THE_BOOKS):
        return "said what is not so"
    if told and (found["facts"] != after["facts"] or found["made"] != after["made"]):
        return "acknowledged and not there"
    again = found.get("again")
    if again:
        taken = again["code"] in {0, 3} and again["facts"] == after["facts"] and not again["problems"]
        return "" if taken else f"given again, it ends otherwise: {again['code']} {again['problems']} {again['err']}"
    whole_or_nothing = told or "--all-yes" in found["words"] or found["facts"] in (whole["before"], after["facts"])
    return "" if whole_or_nothing else "half is saved"


def assert_outlived(lines: list[dict[str, Any]], least: int) -> Counter[int]:
    """Every end in the middle left what it should; how often each exit code came."""
    whole = {str(line["words"]): line for line in lines if "whole" in line}
    faults = [line for line in lines if "whole" not in line]
    wrong = [
        (line["words"], line["at"], line["error"], verdict, line["out"][-200:], line["err"][-300:])
        for line in faults
        if (verdict := outlived(line, whole[str(line["words"])]))
    ]
    codes = Counter(line["code"] for line in faults)
    sys.stderr.write(f"\n{len(faults)} ends in the middle: {dict(codes)}\n")
    assert not wrong, f"{len(wrong)} of {len(faults)}:\n" + "\n".join(map(str, wrong[:10]))
    assert len(faults) >= least
    return codes


@sweep
@pytest.mark.timeout(HOUR)
@pytest.mark.parametrize("wal", [True, False])
@pytest.mark.parametrize("commands", [COMMANDS, CARRYING], ids=["told", "carried"])
def test_when_the_power_goes_what_was_told_is_there_and_the_rest_is_whole_or_not_at_all(
    disk: Path, shop: Path, tmp_path: Path, carried: list[str], commands: Commands, wal: bool
) -> None:
    """At each call, and right after the last: all that was not synced is lost, or by chance some of it."""
    chances = [ALL_IS_LOST, *(ALL_IS_LOST + seed for seed in range(1, length(2, 5)))]
    again = commands is CARRYING
    points = None if LONG else 4 if again else 2
    lines = faulted(
        disk, shop, tmp_path, points, chances, commands, facts=list(STANDS), files=carried, wal=wal, again=again
    )
    codes = assert_outlived(lines, least=20)
    assert codes[0] >= len(commands), "and right after it was told"


@sweep
@pytest.mark.timeout(HOUR)
def test_an_interrupted_command_is_done_or_not_at_all(
    disk: Path, shop: Path, tmp_path: Path, carried: list[str]
) -> None:
    for commands in (COMMANDS, CARRYING):
        again = commands is CARRYING
        points = None if LONG else 5 if again else 3
        lines = faulted(
            disk, shop, tmp_path, points, [SIGINT, SIGTERM], commands, facts=list(STANDS), files=carried, again=again
        )
        assert_outlived(lines, least=20)
