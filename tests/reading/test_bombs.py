"""Files made to do harm: bombs and mutants end in a sentence, soon and in little memory."""

import random
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures import containers, oldbooks
from retcli.errors import RetcliError
from retcli.reading import limits
from retcli.reading.containers import tables
from retcli.reading.dialect import Row
from tests.knownfiles import read
from tests.lengths import HOUR, length, sweep
from tests.reading.test_containers import EACH, saved
from tests.reading.test_reader import ITEM, ORDER, REFUND, report, written

MUTANTS = length(1_000, 10_000)
DAMAGED = length(40, 1_200)
"""Of each report in each encoding."""
SLOWEST = 10.0
"""Seconds that no file may take, however it is broken."""

# bombs


def zip_of(name: str, content: bytes) -> bytes:
    return containers.zipped({name: content})


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{column}{row}"><v>1</v></c></row>'
ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def many_rows(cell: str, count: int) -> str:
    return "".join(f'<row r="{n}">{cell.format(n=n)}</row>' for n in range(1, count + 1))


def nowhere(content: bytes) -> bytes:
    """An old Office file whose root names no child: the parser reads its directory as a list and finds the workbook."""
    (shift,), (first,) = struct.unpack_from("<H", content, 30), struct.unpack_from("<I", content, 48)
    child_of_root = ((first + 1) << shift) + 76
    return content[:child_of_root] + b"\xff" * 4 + content[child_of_root + 4 :]


def bombs() -> dict[str, Callable[[], bytes]]:
    """How each bomb is made: by its own test alone, since making all of them takes seconds."""
    xml = containers.xml().decode()
    return {
        "zip": lambda: zip_of("a.csv", bytes(50_000_000)),
        "zip of many": lambda: containers.zipped({f"{n}.csv": b"x" for n in range(limits.ENTRIES_AT_MOST + 1)}),
        "gzip": lambda: containers.gzipped(b"1,2\n" * 60_000_000),
        "entities": lambda: xml.replace("<Workbook", f"{ENTITIES}]><Workbook").replace("订单", "&i;").encode(),
        "entities in a part": lambda: containers.bare_xlsx(
            FAR.format(row=2, column="A"), "<si><t>&i;</t></si>", ENTITIES + "]>"
        ),
        "far cell": lambda: containers.bare_xlsx(FAR.format(row=1048576, column="XFD")),
        "far cell, narrow": lambda: containers.bare_xlsx(FAR.format(row=1048576, column="Z")),
        "far cell, in quotes of the other kind": lambda: containers.bare_xlsx(
            FAR.format(row=1048576, column="XFD").replace('"', "'")
        ),
        "far cell, prefixed": lambda: containers.bare_xlsx(
            FAR.format(row=1048576, column="XFD").replace("<", "<x:").replace("<x:/", "</x:")
        ),
        "cells without a place": lambda: containers.bare_xlsx(
            "<row>" + "<c><v>1</v></c>" * 5000 + "</row>" + "<row><c><v>1</v></c></row>" * 20_000
        ),
        "rows without a number, then cells without a place": lambda: containers.bare_xlsx(
            '<row r="1"><c r="ZZ1"><v>1</v></c></row>' + "<row></row>" * 47_651 + "<row><c><v>1</v></c></row>"
        ),
        "one text in many cells": lambda: containers.bare_xlsx(
            many_rows('<c r="A{n}" t="s"><v>0</v></c>', 30_000), f"<si><t>{'x' * 32_000}</t></si>"
        ),
        "far cell in an old workbook": lambda: oldbooks.workbook({"页": {(0, 0): 1.0, (65535, 255): 1.0}}),
        "far cell in an old workbook whose directory leads nowhere": lambda: nowhere(
            oldbooks.workbook({"页": {(0, 0): 1.0, (65535, 255): 1.0}})
        ),
        "page": lambda: b"<html><table><tr><td>" + b"x" * 30_000_000,
        "wide page": lambda: b"<html><table><tr><td colspan=99999999>x</table>",
        "far cell in markup": lambda: xml.replace("<Cell>", '<Cell ss:Index="99999999">', 1).encode(),
    }


BOMBS = bombs()
CHILD = """
import sys, time
from pathlib import Path
from retcli.errors import NeedsPerson
from retcli.reading.containers import tables
import python_calamine, defusedxml.ElementTree
began = time.process_time()
try:
    for table in tables(Path(sys.argv[1])):
        for row in table.rows(): pass
    print("read", end=" ")
except NeedsPerson: print("refused", end=" ")
print(time.process_time() - began, end=" ")
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def opened_apart(path: Path) -> tuple[str, float, int]:
    """What becomes of a file in a process of its own: the outcome, seconds of the processor, MB at the most."""
    done = subprocess.run([sys.executable, "-c", CHILD, str(path)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-500:]
    outcome, seconds, peak = done.stdout.split()
    return outcome, float(seconds), int(peak) // 1024


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_two_seconds_and_200_mb(tmp_path: Path, name: str) -> None:
    outcome, seconds, peak = opened_apart(saved(tmp_path, BOMBS[name]()))
    assert (outcome, seconds < 2, peak < 200) == ("refused", True, True), (seconds, peak)


def test_a_long_text_is_read_in_little_memory(tmp_path: Path) -> None:
    """Sixty MB here; a million rows of a whole report are a GB, and take no more."""
    line = "4100000000000000017,浙江省杭州市余杭区文一西路 969 号,59.90,1\n".encode("gb18030")
    outcome, _seconds, peak = opened_apart(saved(tmp_path, line * (60_000_000 // len(line))))
    assert (outcome, peak < 80) == ("read", True), peak


# mutants


def mutant(chance: random.Random, content: bytes) -> bytes:
    """A few bytes changed, bits turned, pieces lost or swapped."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        place, other, size = chance.randrange(len(data)), chance.randrange(len(data)), chance.randint(1, 60)
        match chance.randrange(5):
            case 0 | 1:
                data[place] = chance.randrange(256)
            case 2:
                data[place] ^= 1 << chance.randrange(8)
            case 3 if len(data) > 2 * size:
                del data[place : place + size]
            case _:
                data[place : place + size], data[other : other + size] = (
                    data[other : other + size],
                    data[place : place + size],
                )
    return bytes(data)


@sweep
@pytest.mark.timeout(HOUR)
@pytest.mark.parametrize("kind", EACH)
def test_mutants_give_rows_or_a_sentence(tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(f"{kind} 20261109")
    for _ in range(-(-MUTANTS // len(EACH))):
        path = saved(tmp_path, mutant(chance, EACH[kind]))
        began = time.perf_counter()
        try:
            for table in tables(path):
                assert all(isinstance(cell, str) for row in table.rows() for cell in row)
        except RetcliError as refused:
            assert refused.message
        assert time.perf_counter() - began < SLOWEST
    assert capfd.readouterr() == ("", ""), "nor does a library say anything on its own"


@sweep
@pytest.mark.timeout(HOUR)
@pytest.mark.parametrize("layout", [ORDER, ITEM, REFUND])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-16"])
def test_no_row_of_a_mutant_is_passed_over_in_silence(tmp_path: Path, layout: str, encoding: str) -> None:
    """Each row below the header is understood or refused by its number, wherever a report was damaged."""
    chance = random.Random(f"{layout} {encoding} 20261110")
    whole = written(tmp_path, report(layout), encoding=encoding).read_bytes()
    understood = 0
    for _ in range(DAMAGED):
        path = saved(tmp_path, mutant(chance, whole))
        try:
            found = list(read(path).rows)
        except RetcliError as refused:
            assert refused.message
            continue
        told = [each.number if isinstance(each, Row) else each.row for each in found]
        (table,) = tables(path)
        there = [n for n, cells in enumerate(table.rows(), 1) if n > 1 and any(cell.strip() for cell in cells)]
        assert sorted(told) == there
        understood += 1
    assert understood >= DAMAGED // 10, "a tenth at least can be read for the most part"
