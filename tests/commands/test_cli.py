"""How a call ends: exit codes, pipes, locales, full disks, and text that would steer a terminal."""

import json
import random
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from fixtures import report_rows
from retcli import actions
from retcli.actions.imports import staged_rows
from retcli.database import engine
from tests.reports import EXPORTS, ITEMS, ORDERS, Folder, asked_back, changed, dump, sold, take
from tests.shopfloor import AGENT, NOON, ORDER_NUMBER, OWNER, WAREHOUSE
from tests.terminal import Answer, Desk, copied, environment, program

NUMBER = ORDER_NUMBER
SEVEN_DAY, EIGHTH_DAY, CUSTOM = "260000316158101910", "260000320142022565", "260000366395432435"
SEVEN_DAY_ORDER, PARCEL_BACK = "2850260723884701756", "260000230969172883"


# -- exit codes -------------------------------------------------------------------------------------------------------

WRONG: list[tuple[list[str], str]] = [
    (["nonsense"], "There is no command nonsense"),
    (["case"], "Say what to do"),
    (["case", "show"], "CASE is missing"),
    (["case", "show", "1", "2"], "There is something too much: 2"),
    (["--colour", "today"], "There is no option --colour"),
    (["case", "open", NUMBER, "--kind", "gift", "--reason", "B_7D"], "gift is no kind"),
    (["case", "open", NUMBER, "--kind", "return", "--reason", "WHY"], "WHY is no reason"),
    (["case", "open", NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-M=x"], "names no number of pieces"),
    (["case", "approve", "1", "--amount", "12.3456"], "12.3456 is no amount of money"),
    (["case", "approve", "1", "--amount", "-5"], "-5 is no amount of money"),
    (["case", "list", "--stage", "limbo"], "limbo is no stage"),
    (["parcel", "inspect", "1", "--item", "TS-L"], "TS-L is no finding"),
    (["parcel", "inspect", "1", "--item", "TS-L=1:C:sellable"], "do not go to sellable"),
    (["export", "reasons", "--since", "2026-13-01", "--until", "2026-11-30"], "2026-13-01 is no date"),
    (["export", "reconciliation", "--month", "November"], "November is no month"),
    (["staff", "add", "小红", "--role", "boss"], "boss is no role"),
    (["pay", "list", "--state", "lost"], "lost is no state"),
]


@pytest.mark.parametrize(("words", "told"), WRONG, ids=[" ".join(words) for words, _told in WRONG])
def test_a_wrong_command_line_ends_with_2(desk: Desk, words: list[str], told: str) -> None:
    before = dump(desk.books)
    answer = desk.type(*words)
    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err
    error = desk.read(*words, code=2)["error"]
    assert (error["code"], told in error["message"]) == ("usage", True)
    assert dump(desk.books) == before


@pytest.mark.parametrize(
    "words",
    [
        ["case", "show", "RC20260101-0001"],
        ["case", "approve", "99999"],
        ["order", "show", "123"],
        ["case", "open", "123", "--kind", "return", "--reason", "B_7D"],
        ["case", "open", NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "NO-SUCH"],
        ["parcel", "inspect", "SF0000000000000", "--item", "TS-L=1:A"],
        ["parcel", "match", "SF0000000000000"],
        ["pay", "sent", "PO20260101-0001"],
        ["imports", "show", "7"],
        ["imports", "faults", "4"],
        ["import", "/no/such/file.csv"],
        ["scan", "/no/such/file.txt"],
        ["platform", "done", "99999"],
    ],
    ids=" ".join,
)
def test_what_does_not_exist_ends_with_4(desk: Desk, words: list[str]) -> None:
    error = desk.read(*words, code=4)["error"]
    assert error["code"] == "not_found"
    assert error["message"]
    assert error["hint"], "and the way out is said"


def test_a_refusal_by_rule_limit_role_or_state_ends_with_5(desk: Desk) -> None:
    case = desk.case("open", NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-L")["number"]
    assert "is not on the staff list" in desk.refused("today", by="路人")
    assert "(warehouse) may not decide cases" in desk.refused("case", "approve", case, by=WAREHOUSE)
    assert "(agent) may not change the staff list" in desk.refused("staff", "add", "x", "--role", "agent", by=AGENT)
    assert "The case is not approved" in desk.refused("pay", "refund", case)
    assert "93.98 asked for, 93.97 is left of what was paid" in desk.refused(
        "case", "approve", case, "--amount", "93.98"
    )
    desk.case("approve", case)
    assert "nobody can approve once more" in desk.refused("case", "approve", case)
    assert "still has something open" in desk.refused("case", "finish", case)
    assert "The books need an owner" in desk.refused("staff", "add", OWNER, "--role", "agent")
    second = desk.refused("case", "open", NUMBER, "--kind", "exchange", "--reason", "SZ_FIT", "--line", "TS-L")
    assert case in second, "the refusal names who drew before"
    late = Desk(desk.database, NOON + timedelta(days=30))
    old = late.case("open", NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-M=1")["number"]
    assert "after the seven days ended" in late.refused("case", "approve", old)


def test_what_needs_a_person_ends_with_3(desk: Desk, tmp_path: Path) -> None:
    broken = EXPORTS / "broken"
    assert desk.read("import", str(broken / "amount_bad.csv"), code=3)["files"][0]["refused"] == 1
    assert desk.read("import", str(broken / "empty.csv"), code=3)["files"][0]["state"] == "refused"
    good = Folder(tmp_path).orders(sold("2850000000000000300", ("A", 1, 500)))
    mixed = desk.read("import", str(good), str(broken / "unknown.txt"), code=3)
    assert sorted(file["state"] for file in mixed["files"]) == ["imported", "refused"]
    assert desk.type("scan", "-", typed="???\n").code == 3
    with engine.engine(desk.database).begin() as connection:
        connection.exec_driver_sql("UPDATE orders SET paid = paid + 1")
    found = desk.read("books", "check", code=3)
    assert (found["ok"], found["problems"][0]["invariant"]) == (False, 3)


def test_busy_books_and_busy_files_end_with_6(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PATIENCE_SECONDS", 0.05)
    held = engine._driver().connect(desk.database, isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    assert desk.read("staff", "add", "小红", "--role", "agent", code=6)["error"]["code"] == "busy"
    held.execute("ROLLBACK")
    held.close()
    desk.read("staff", "add", "小红", "--role", "agent")
    path = Folder(tmp_path).orders(sold("2850000000000000300", ("A", 1, 500)))
    whole = staged_rows.parts

    def growing(reading: Any, stage: Any) -> Iterator[Any]:
        """The browser is still writing while the file is read."""
        yield from whole(reading, stage)
        with path.open("a") as stream:
            stream.write("x")

    monkeypatch.setattr(staged_rows, "parts", growing)
    before = dump(desk.books)
    assert desk.read("import", str(path), code=6)["files"][0]["state"] == "busy"
    assert dump(desk.books) == before


def test_a_fault_of_the_program_ends_with_1_and_no_traceback(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_shop: Any, **_options: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(actions.insight.today, "today", broken)
    answer = desk.type("today")
    assert answer.code == 1
    assert "retcli made a mistake (ZeroDivisionError)" in answer.err
    assert desk.read("today", code=1)["error"]["message"].startswith("retcli made a mistake")


def _damaged(path: Path, source: Path) -> None:
    content = bytearray(source.read_bytes())
    for place in range(2 * 4096, len(content), 97):
        content[place] ^= 0x55
    path.write_bytes(content)


DAMAGE: dict[str, Callable[[Path, Path], object]] = {
    "noise": lambda path, _source: path.write_bytes(random.Random(1).randbytes(5000)),
    "text": lambda path, _source: path.write_text("no books\n", encoding="utf-8"),
    "folder": lambda path, _source: path.mkdir(),
    "flipped bytes": _damaged,
    "cut off": lambda path, source: path.write_bytes(source.read_bytes()[:20000]),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damaged_books_end_with_7(stocked: Path, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "damaged.db"
    DAMAGE[kind](path, stocked)
    for words in (["today"], ["books", "check"], ["case", "list"], ["imports", "list"]):
        error = Desk(str(path)).read(*words, code=7)["error"]
        assert error["code"] == "storage"
    engine.engine(str(path)).dispose()


def test_books_elsewhere_are_named_when_they_cannot_be_reached(tmp_path: Path) -> None:
    assert Desk("mysql://there/books").read("today", code=2)["error"]["message"] == "Books cannot lie at mysql"
    gone = Desk("postgresql://nobody@127.0.0.1:1/books").read("today", code=7)["error"]
    assert gone["message"] == "The database does not answer"
    assert Desk(str(tmp_path / "file" / "x.db")).type("books", "init").code == 0, "a folder is made where it is missing"
    (tmp_path / "plain").write_text("x")
    assert Desk(str(tmp_path / "plain" / "x.db")).type("books", "init").code == 7


def test_an_interrupted_call_ends_with_130(desk: Desk) -> None:
    command = [sys.executable, "-m", "retcli", "scan", "-"]
    pipe = subprocess.PIPE
    # a shell that runs the tests in the background lets its children ignore the signal; a person's does not
    listening = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    env = environment(desk.database)
    running = subprocess.Popen(command, env=env, stdin=pipe, stdout=pipe, stderr=pipe, preexec_fn=listening)
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write(b"SF1234567890123\n")
    running.stdin.flush()
    assert b"SF1234567890123" in running.stdout.readline()
    running.send_signal(signal.SIGINT)
    _out, err = running.communicate(timeout=20)
    assert running.returncode == 130
    assert b"Traceback" not in err
    assert desk.books.value("SELECT COUNT(*) FROM parcels") == 1


# -- pipes, locales, full disks ---------------------------------------------------------------------------------------


def test_a_closed_pipe_is_no_failure(full_desk: Desk) -> None:
    env = environment(full_desk.database)
    for words in ("words", "case list --json"):
        line = f"{sys.executable} -m retcli {words} | head -1; echo ${{PIPESTATUS[0]}}"
        ended = subprocess.run(["bash", "-c", line], env=env, capture_output=True, timeout=60, check=False)
        assert ended.stdout.splitlines()[-1] == b"0", (words, ended)
        assert ended.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_standard_output_ends_with_7(full_desk: Desk) -> None:
    for words in (["case", "list"], ["--json", "words"], ["--help"]):
        with Path("/dev/full").open("wb") as full:
            env = environment(full_desk.database)
            ended = program(*words, env=env, capture_output=False, stdout=full, stderr=subprocess.PIPE)
        assert (ended.returncode, b"Traceback" in ended.stderr) == (7, False), words


def test_what_the_system_refuses_is_said_in_the_readers_language(full_desk: Desk, folder: Folder) -> None:
    """A file where a folder should be: the system itself would say "Not a directory"."""
    report = folder.orders(sold(NUMBER, ("TS-L", 1, 9397)))
    env = environment(full_desk.database, RETCLI_LANG="zh")
    ended = program("imports", "explain", str(report), "--map", str(report / "my.toml"), env=env)
    assert ended.returncode == 3
    assert "my.toml：路径里有一段不是文件夹" in ended.stderr.decode()


@pytest.mark.parametrize("redirect", [">&-", "<&- >&- 2>&-"])
def test_a_closed_stream_leads_nowhere(full_desk: Desk, redirect: str) -> None:
    line = f"{sys.executable} -m retcli today {redirect}"
    ended = subprocess.run(
        ["bash", "-c", line], env=environment(full_desk.database), capture_output=True, timeout=60, check=False
    )
    assert (ended.returncode, b"Traceback" in ended.stderr) == (0, False)


BARE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize("env", [{}, BARE], ids=["empty", "bare C"])
def test_cron_speaks_chinese_whatever_the_locale(full_desk: Desk, env: dict[str, str]) -> None:
    words = ("--db", full_desk.database, "--operator", OWNER, "case", "note", SEVEN_DAY, "小满说降价了")
    ended = program(*words, env=env)
    assert ended.returncode == 0, ended
    assert "小满说降价了" in ended.stdout.decode()
    assert "已备注" in ended.stdout.decode()
    named = env | {"RETCLI_DB": full_desk.database, "RETCLI_OPERATOR": OWNER}
    document = json.loads(program("--json", "case", "show", SEVEN_DAY, env=named).stdout)
    assert document["case"]["note"] == f"{OWNER}: 小满说降价了"


def test_cron_takes_files_in_whatever_the_locale(tmp_path: Path) -> None:
    path = EXPORTS / "商品资料.xlsx"
    ended = program("--db", str(tmp_path / "x.db"), "import", str(path), env=BARE)
    assert (ended.returncode, "商品资料.xlsx" in ended.stdout.decode()) == (0, True)


def test_a_narrow_encoding_loses_nothing_of_the_json(full_desk: Desk) -> None:
    full_desk.case("note", SEVEN_DAY, "压坏了几颗😢")
    env = environment(full_desk.database, PYTHONIOENCODING="gbk")
    document = json.loads(program("--json", "case", "show", SEVEN_DAY, env=env).stdout.decode("gbk"))
    assert "😢" in document["case"]["note"]
    assert program("case", "show", SEVEN_DAY, env=env).returncode == 0


def test_files_that_are_no_reports_leave_no_traceback(desk: Desk, tmp_path: Path) -> None:
    noise = random.Random(7).randbytes
    contents = {
        "noise.csv": noise(4000),
        "noise.xlsx": noise(4000),
        "zip.xlsx": b"PK\x03\x04" + noise(4000),
        "ole.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(4000),
        "nul.csv": "订单编号,订单状态\n\0\0\0\n".encode("gb18030"),
        "quote.csv": '订单编号,"订单状态\n'.encode(),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        file = desk.read("import", str(tmp_path / name), code=3)["files"][0]
        assert (file["state"], bool(file["problem"])) == ("refused", True), name


# -- strangers' text --------------------------------------------------------------------------------------------------

PAYLOADS = [
    "\x1b[31mred", "\x1b]0;title\x07", "\x1b]8;;http://evil\x1b\\here", "\x1b]52;c;ZXZpbA==\x07", "\x9b31m",
    "\x9d0;x\x9c", "\x07bell", "a\x08b", "del\x7f", "up\x1b[A\x1b[2K", "\x1bP+q\x1b\\", "\u202egpj.exe",
    "\u2066hidden\u2069", "zero\u200bwidth", "\u2028line", "\ue000private", "[red]", "[/b]", "[link=http://evil]",
    ":smile:", "a\r\nb\tc",
]  # fmt: skip
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ue000-\uf8ff]")


def _harmless(answer: Answer, where: object) -> None:
    for text in (answer.out, answer.err):
        assert not STEERING.search(text), (where, text)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Path:
    """Books in which every text that strangers write steers terminals: names, remarks, titles, words, file names."""
    path = tmp_path_factory.mktemp("hostile")
    desk = copied(template, path / "books.db")
    everything = "".join(PAYLOADS)
    order = sold(NUMBER, ("A", 1, 5000), buyer_remark=everything, seller_remark=everything, buyer=f"满{everything}",
                 receiver=everything, address=everything, carrier=everything)  # fmt: skip
    order = replace(order, lines=(replace(order.lines[0], title=everything, sku="A[red]\u202e"),))
    refund = asked_back("1", order, 5000, note=everything, reason="质量问题" + everything)
    folder = Folder(path)
    orders, items = folder.both(order)
    take(desk.books, orders, items, folder.refunds(refund))
    bad = changed(list(report_rows([order], ORDERS, ".csv")), 1, {"买家实际支付金额": everything})
    bad[0] = [*bad[0], everything]
    bad[1] = [*bad[1], everything]
    asking = changed(list(report_rows([order], ITEMS, ".csv")), 1, {"商家编码": everything})
    take(desk.books, folder.rows(bad, "bad\x1b[31m\u202e.csv", encoding="utf-8"), folder.rows(asking, encoding="utf-8"))
    desk.type("case", "note", "1", everything)
    desk.read("parcel", "expect", "1", "SF1234567890123", "--carrier", everything, code=0)
    engine.engine(desk.database).dispose()
    return path / "books.db"


LOOKS = (
    ["today"], ["case", "show", "1"], ["case", "list", "--stage", "finished"], ["case", "explain", "1"],
    ["order", "show", NUMBER], ["order", "show", NUMBER, "--reveal", "--because", "x"], ["order", "find", NUMBER],
    ["imports", "list"], ["imports", "show"], ["imports", "show", "4"], ["imports", "faults"], ["imports", "questions"],
    ["parcel", "list"], ["parcel", "match", "SF1234567890123"], ["pay", "list"],
    ["pay", "list", "--state", "confirmed"],
    ["platform", "todo"], ["stock", "show"], ["books", "check"],
)  # fmt: skip


@pytest.mark.parametrize("as_json", [False, True], ids=["drawn", "json"])
def test_what_strangers_wrote_steers_no_terminal(hostile: Path, tmp_path: Path, as_json: bool) -> None:
    desk = copied(hostile, tmp_path / "books.db")
    shown = ""
    for words in LOOKS:
        answer = desk.type(*(["--json"] if as_json else []), *words)
        assert answer.code in {0, 3}, (words, answer)
        _harmless(answer, words)
        shown += answer.out
    for markup in ("[red]", "[/b]", "[link=http://evil]", ":smile:"):
        assert markup in shown, "shown as text, not obeyed"
    assert ("\\u001b[31mred" if as_json else "\\x1b[31mred") in shown
    if as_json:
        assert json.loads(desk.type("--json", "order", "show", NUMBER).out)["buyer_remark"] == "".join(PAYLOADS).strip()


def test_what_is_typed_comes_back_harmless_in_errors(desk: Desk, tmp_path: Path) -> None:
    payload = "".join(PAYLOADS)
    strange = tmp_path / f"x{payload.replace('/', '_')}.csv"
    strange.write_text("no report\n", encoding="utf-8")
    calls = [
        ["order", "show", payload],
        ["order", "find", payload],
        ["case", "open", NUMBER, "--kind", payload, "--reason", "B_7D"],
        ["case", "open", NUMBER, "--kind", "return", "--reason", "B_7D", "--line", payload],
        ["case", "approve", "1", "--amount", payload],
        ["case", payload],
        ["case", "show", "1", payload],
        ["import", str(strange)],
        ["import", payload],
        ["import", str(strange), "--format", payload],
        ["staff", "add", payload, "--role", payload],
        ["export", "reasons", "--since", payload, "--until", payload],
        ["parcel", "inspect", payload, "--item", payload],
        ["stock", "show", payload],
        *([*before, each] for each in PAYLOADS for before in ([], ["case", "show"])),
        *([f"--{each}"] for each in PAYLOADS),
    ]
    for words in calls:
        for as_json in ([], ["--json"]):
            answer = desk.type(*as_json, *words)
            assert answer.code in {0, 2, 3, 4}, (words, answer)
            _harmless(answer, words)
    for each in PAYLOADS:
        _harmless(desk.type("today", by=each), "operator")
    _harmless(desk.type("scan", "-", typed="\n".join(PAYLOADS)), "scan")


def test_the_books_are_one_file_again_when_a_call_has_ended(tmp_path: Path) -> None:
    env = environment(str(tmp_path / "books.db"))
    assert program("staff", "add", "小林", "--role", "agent", env=env).returncode == 0
    assert program("case", "show", "1", env=env).returncode == 4
    assert [path.name for path in tmp_path.iterdir()] == ["books.db"], "no journal is left beside it"
