"""The scan loop at a real terminal: what is printed is saved, whatever happens next."""

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from retcli.database import engine
from tests.shopfloor import AGENT, WAREHOUSE, Books
from tests.terminal import Desk, environment, hears_control_c, program

pexpect = pytest.importorskip("pexpect")

NUMBER, WAYBILL, BARCODE = "2850000000000000001", "SF1620041173366", "6901234567892"
COMMAND = [sys.executable, "-m", "retcli", "--operator", WAREHOUSE]


@pytest.fixture
def expected(sqlite_books: Books) -> Desk:
    """A return of two pieces that is on its way, its product with a barcode."""
    books = sqlite_books
    books.hire()
    books.order(NUMBER, ("TS-M", 2, 10000))
    books.product("TS-M", barcode=BARCODE)
    desk = Desk(books.database)
    desk.case("open", NUMBER, "--kind", "return", "--reason", "B_7D", by=AGENT)
    desk.case("approve", "1", by=AGENT)
    desk.read("parcel", "expect", "1", WAYBILL, by=AGENT)
    return desk


class Scanner:
    """A scanner at a terminal: it types a code and presses Enter."""

    def __init__(self, desk: Desk, *options: str, **of_scan: str) -> None:
        env = environment(desk.database, TERM="xterm", COLUMNS="200")
        self.desk = desk
        words = [*COMMAND[1:], *options, "scan", *(f"--{name}={value}" for name, value in of_scan.items())]
        self.terminal: Any = pexpect.spawn(
            COMMAND[0],
            words,
            env=env,
            encoding="utf-8",
            timeout=20,
            dimensions=(24, 200),
            preexec_fn=hears_control_c,
        )
        self.terminal.setecho(False)
        self.terminal.expect_exact("> ")
        self.greeting = str(self.terminal.before)

    def scan(self, code: str) -> str:
        """What is printed for a code, up to the next prompt."""
        self.terminal.sendline(code)
        self.terminal.expect_exact("> ")
        return str(self.terminal.before).replace("\r", "").strip("\a\n")

    def saved(self, statement: str) -> list[Any]:
        """What another connection reads while the loop still runs."""
        return self.desk.books.rows(statement)

    def end(self) -> int:
        """Ctrl-D: the exit code."""
        self.terminal.sendeof()
        self.terminal.expect(pexpect.EOF)
        self.terminal.close()
        return int(self.terminal.exitstatus)


@pytest.fixture
def scanner(expected: Desk) -> Iterator[Scanner]:
    """The warehouse's terminal, ready to scan."""
    made = Scanner(expected)
    yield made
    made.terminal.close(force=True)


def test_a_shift_at_the_door(scanner: Scanner) -> None:
    """Each line is in the books of another connection as soon as it is printed."""
    assert "Scan a waybill, then the goods in it" in scanner.greeting
    pieces = "SELECT counted, inspected FROM parcel_counts"
    assert "scan the parcel first" in scanner.scan(BARCODE)

    assert "received" in scanner.scan(WAYBILL)
    assert scanner.saved("SELECT waybill, state, received_by FROM parcels") == [(WAYBILL, "received", WAREHOUSE)]

    told = scanner.scan(WAYBILL)
    assert f"scanned before  {WAYBILL}  received 2026-11-09 12:00 by {WAREHOUSE} already" in told
    assert len(scanner.saved("SELECT 1 FROM parcels")) == 1

    told = scanner.scan("ＳＦ１６２００４１１７３３６６")
    assert f"scanned before  {WAYBILL}" in told, "typed through an input method, and the same parcel"

    assert "TS-M: piece 1" in scanner.scan(BARCODE)
    assert scanner.saved(pieces) == [(1, 0)]
    assert scanner.saved("SELECT bucket, quantity FROM stock_balances") == [("pending", 1)]

    assert "pieces are graded A as new and go to sellable" in scanner.scan("RCMDA")
    told = scanner.scan(BARCODE)
    assert "graded A as new to sellable" in told
    assert scanner.saved("SELECT grade, quantity FROM inspections") == [("A", 1)]
    assert ("sellable", 1) in scanner.saved("SELECT bucket, quantity FROM stock_balances WHERE quantity > 0")

    assert "parcel without a case" in scanner.scan("YT5260493176849")
    assert scanner.saved("SELECT state FROM parcels WHERE waybill = 'YT5260493176849'") == [("received",)]
    assert "not known here" in scanner.scan("hello")
    assert "no such command" in scanner.scan("RCMDNONE")
    in_force = "checking, counting PK…0002 0; RCMDNONE? its label first"
    assert scanner.scan("") == in_force, "an empty line is nothing; what is in force is shown"
    assert scanner.end() == 3, "two codes were not known: somebody looks"
    scanner.desk.books.check()


def test_a_piece_too_many_waits_for_somebody_who_is_sure(scanner: Scanner) -> None:
    held = "SELECT quantity FROM stock_balances WHERE bucket = 'held'"
    scanner.scan(WAYBILL)
    scanner.scan("RCMDA")
    for _piece in range(2):
        scanner.scan(BARCODE)
        time.sleep(0.4)  # nobody takes up another piece faster
    told = scanner.scan(BARCODE)
    assert "stop" in told
    assert "RCMDYES where it is right so" in told
    assert scanner.saved(held) == []
    assert "1 held, no money for it" in scanner.scan("RCMDYES")
    assert scanner.saved(held) == [(1,)]
    scanner.desk.books.check()


def test_the_last_codes_stand_one_beneath_the_other(scanner: Scanner) -> None:
    scanner.scan(WAYBILL)
    scanner.scan(BARCODE)
    lines = [line.strip("\a ") for line in scanner.scan("RCMDLIST").splitlines()]
    newest = lines.index(f"12:00:00  {BARCODE:<{len(WAYBILL)}}  counted")
    assert lines[newest + 1] == f"12:00:00  {WAYBILL}  received"


def test_the_next_parcel_is_asked_once_while_a_piece_is_missing(scanner: Scanner) -> None:
    scanner.scan(WAYBILL)
    scanner.scan(BARCODE)
    assert "missing in PK20261109-0001: TS-M×1" in scanner.scan("RCMDNEXT")
    assert "next parcel" in scanner.scan("RCMDNEXT")


def test_the_table_comes_back_after_ctrl_c(scanner: Scanner) -> None:
    scanner.scan(WAYBILL)
    scanner.scan("RCMDC")
    scanner.scan(BARCODE)
    scanner.terminal.sendintr()
    scanner.terminal.expect(pexpect.EOF)
    back = Scanner(scanner.desk)
    assert f"On the table at 12:00: PK20261109-0001 ({WAYBILL}), TS-M×1 counted" in back.greeting
    back.scan("RCMDYES")
    assert "TS-M: piece 2, graded C defective" in back.scan(BARCODE)
    assert back.end() == 0


def test_a_round_may_begin_by_only_receiving(expected: Desk) -> None:
    receiving = Scanner(expected, mode="receiving")
    assert receiving.greeting
    receiving.scan(WAYBILL)
    assert "only received in this round" in receiving.scan(BARCODE)
    assert receiving.scan("") == "receiving PK…0001 0/2, missing TS-M×2"
    assert receiving.end() == 3


def test_control_d_ends_with_0(scanner: Scanner) -> None:
    assert "received" in scanner.scan(WAYBILL)
    assert scanner.end() == 0


def test_an_end_code_ends_it(scanner: Scanner) -> None:
    scanner.terminal.sendline("RCMDEND")
    scanner.terminal.expect(pexpect.EOF)
    assert "not saved" not in scanner.terminal.before
    scanner.terminal.close()
    assert scanner.terminal.exitstatus == 0


def test_the_input_method_is_named_after_three_codes_in_full_width(scanner: Scanner) -> None:
    for n in (1, 2):
        assert "input method" not in scanner.scan(f"ＹＴ５２６０４９３１７６８４{n}")
    assert "The input method stands in between: switch it to English" in scanner.scan("ＹＴ５２６０４９３１７６８４３")


def test_the_bell_tells_what_the_eye_misses(expected: Desk) -> None:
    loud = Scanner(expected)
    loud.terminal.sendline(WAYBILL)
    loud.terminal.expect_exact("received")
    loud.terminal.sendline("???")
    loud.terminal.expect(r"\a[^\a]*\a[^\a]*\a")
    assert loud.end() == 3


def test_nothing_is_heard_where_nobody_wants_it(expected: Desk) -> None:
    still = Scanner(expected, sound="none")
    still.terminal.sendline("???")
    still.terminal.expect_exact("not known here")
    still.terminal.sendeof()
    still.terminal.expect(pexpect.EOF)
    assert "\a" not in str(still.terminal.before)


def test_a_killed_loop_loses_nothing_that_was_printed(expected: Desk) -> None:
    """kill -9 after so many printed lines: each of them is in the books, and the books are in order."""
    codes = [f"SF{n:013d}" for n in range(1, 301)]
    running = subprocess.Popen(
        [*COMMAND, "scan", "-"], env=environment(expected.database), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write("\n".join([*codes, ""]).encode())
    running.stdin.flush()
    printed = [running.stdout.readline().decode() for _line in range(7)]
    running.send_signal(signal.SIGKILL)
    printed += running.stdout.read().decode().splitlines(keepends=True)
    running.wait(timeout=20)
    told = {line.split("  ")[1] for line in printed if line.endswith("\n") and "  " in line}
    assert 7 <= len(told) < len(codes), "it was cut off in the middle"
    known = {waybill for (waybill,) in expected.books.rows("SELECT waybill FROM parcels")}
    assert told <= known
    expected.books.check()
    again = expected.type("scan", "-", by=WAREHOUSE, typed="\n".join(codes[: len(known) + 3]))
    assert again.code == 3, "three parcels are nobody's: a person looks"
    assert expected.books.value("SELECT COUNT(*) FROM parcels") == len(known) + 4, "the same again adds only the rest"


def test_codes_from_a_pipe_a_file_and_as_json(expected: Desk, tmp_path: Path) -> None:
    codes = f"{WAYBILL}\n\nRCMDA\n{BARCODE}\n{BARCODE}\n"
    answer = expected.type("--json", "scan", "-", by=WAREHOUSE, typed=codes)
    assert answer.code == 0
    assert [(each["code"], each["outcome"]) for each in answer.documents] == [
        (WAYBILL, "received"),
        ("RCMDA", "command"),
        (BARCODE, "inspected"),
        (BARCODE, "inspected"),
    ]
    assert answer.err == "", "no bell and no prompt off a terminal"
    assert "\a" not in answer.out
    path = tmp_path / "codes.txt"
    path.write_text(f"\ufeff{WAYBILL}\r\n", encoding="utf-8")
    again = expected.type("scan", str(path), by=WAREHOUSE)
    assert (again.code, "scanned before" in again.out) == (0, True)


@pytest.mark.parametrize(
    ("between", "encoding"),
    [(",", "utf-8"), (",", "gbk"), (";", "utf-8-sig"), ("\t", "gbk"), ("\t", "utf-16"), ("，", "gbk"), ("|", "gbk")],
)
def test_a_file_of_a_handheld(expected: Desk, tmp_path: Path, between: str, encoding: str) -> None:
    """盘点机导出：条码、数量、时间，什么分隔符、UTF-8 还是 GBK 都认；两件一行就是两件。"""
    rows = (("条码", "数量", "时间"), (WAYBILL, "1", "2026-11-09 11:58:03"), (BARCODE, "2", "2026-11-09 11:58:20"))
    path = tmp_path / "pda.txt"
    path.write_bytes("\r\n".join(between.join(row) for row in rows).encode(encoding))
    answer = expected.type("scan", str(path), by=WAREHOUSE)
    assert expected.books.rows("SELECT sku, counted FROM parcel_counts") == [("TS-M", 2)]
    heading = between.join(rows[0]).replace("\t", " ")
    assert f"Taken for a heading, not scanned: {heading}" in answer.err
    assert "received" in answer.out


def test_pieces_without_a_grade_end_a_pipe_with_3_and_their_next_command(expected: Desk) -> None:
    codes = f"{WAYBILL}\n{BARCODE}\n".encode()
    ended = program("--operator", WAREHOUSE, "scan", "-", env=environment(expected.database), typed=codes)
    number = expected.books.value("SELECT number FROM parcels")
    assert ended.returncode == 3
    assert f"retcli parcel inspect {number} --item TS-M=1:‹grade›" in ended.stderr.decode()
    assert len(ended.stdout.splitlines()) == 2, "one line a code"


def test_bytes_that_are_no_text_do_not_stop_the_loop(expected: Desk) -> None:
    typed = b"\xff\xfe\n" + WAYBILL.encode() + b"\n"
    ended = program("--operator", WAREHOUSE, "--json", "scan", "-", env=environment(expected.database), typed=typed)
    assert ended.returncode == 3
    assert [line.split(b'"outcome": "')[1].split(b'"')[0] for line in ended.stdout.splitlines()] == [
        b"unknown",
        b"received",
    ]


def test_another_program_may_write_between_two_scans(scanner: Scanner) -> None:
    """The loop holds no lock while it waits for the next code."""
    assert "received" in scanner.scan(WAYBILL)
    other = engine._driver().connect(scanner.desk.database, timeout=0, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")
    other.close()
    assert scanner.desk.type("case", "note", "1", "the buyer called").code == 0
    assert "scanned before" in scanner.scan(WAYBILL)
    assert scanner.end() == 0


@pytest.mark.parametrize("at_once", [False, True])
def test_ctrl_c_names_the_codes_that_wait_behind_books_in_use(scanner: Scanner, *, at_once: bool) -> None:
    """What was scanned while somebody else held the books is named, the last as well as the first."""
    scanner.scan(WAYBILL)
    held = sqlite3.connect(scanner.desk.books.database, isolation_level=None)
    held.execute("BEGIN EXCLUSIVE")
    try:
        codes = (BARCODE, "TS-M", "YT5260493176849")
        if at_once:  # the last ones lie unread in the terminal when Ctrl-C comes
            scanner.terminal.send("".join(f"{code}\n" for code in codes) + "\x03")
        else:
            for code in codes:
                scanner.terminal.sendline(code)
                time.sleep(0.3)
            scanner.terminal.sendintr()
        scanner.terminal.expect_exact("not saved")
        scanner.terminal.expect_exact(f"{BARCODE}, TS-M, YT5260493176849")
    finally:
        held.close()
    scanner.terminal.expect(pexpect.EOF)
