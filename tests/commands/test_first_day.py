"""`retcli` alone: the first day on a terminal without books, three lines with them, help where nobody sits."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.reports import EXPORTS
from tests.shopfloor import OWNER, Books
from tests.terminal import Desk, environment, hears_control_c, program

pexpect = pytest.importorskip("pexpect")

QUESTIONS = ("to tell it", "between", "downloads go")


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An empty home in which nobody has worked yet."""
    named = environment(HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path / "config"), TERM="dumb", COLUMNS="80")
    return {name: value for name, value in named.items() if name != "RETCLI_OPERATOR"}


def answered(home: dict[str, str], answers: Sequence[str], *words: str) -> tuple[str, int]:
    """What a terminal shows of a call with its questions and their answers, and the exit code."""
    child = pexpect.spawn(
        sys.executable, ["-m", "retcli", "--db", f"{home['HOME']}/shop.db", *words], env=home, encoding="utf-8",
        dimensions=(40, 100), timeout=60, preexec_fn=hears_control_c,
    )  # fmt: skip
    shown = ""
    for answer in answers:
        child.expect(": ?$")
        shown += child.before
        child.sendcontrol("c") if answer == "^C" else child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    return shown + child.before, child.exitstatus


def test_three_questions_and_the_shop_s_files_are_in(home: dict[str, str], tmp_path: Path) -> None:
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    for name in ("订单报表.csv", "宝贝报表.xlsx"):
        shutil.copyfile(EXPORTS / name, downloads / name)
    (downloads / "假期照片.txt").write_text("nothing of the shop's", encoding="utf-8")
    for file in downloads.iterdir():
        os.utime(file, (0, 1_780_000_000))  # what is still being written is waited for
    shown, code = answered(home, ["", "林小满", "9 火星", "taobao和抖店平台，淘包", "y", "/nowhere", str(downloads)])
    assert code in {0, 3}, shown
    for words in (
        "A name, please",
        "火星 is no platform",
        "Taken so far: Youzan",
        "淘包: do you mean Taobao?",
        "/nowhere is no folder",
        "已卖出的宝贝",
        "售后工作台",
        "Today,",
    ):
        assert words in shown, words
    books = Books(f"{tmp_path}/shop.db")
    assert books.rows("SELECT name, role FROM staff") == [("林小满", "owner")]
    assert books.value("SELECT COUNT(*) FROM orders") > 100
    assert (downloads / "假期照片.txt").is_file()
    again = program("--db", books.database, "staff", "list", env=home)
    assert (again.returncode, "林小满" in again.stdout.decode()) == (0, True), "who works here is remembered"


def test_nothing_is_made_before_the_last_answer(home: dict[str, str], tmp_path: Path) -> None:
    shown, code = answered(home, ["林小满", "1", "^C"])
    assert code == 130
    assert all(question in shown for question in QUESTIONS)
    assert {path.name for path in tmp_path.iterdir()} <= {".cache", ".local"}


def test_a_folder_taken_in_at_a_terminal_is_no_night(home: dict[str, str], tmp_path: Path) -> None:
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    shutil.copyfile(EXPORTS / "订单报表.csv", downloads / "订单报表.csv")
    os.utime(downloads / "订单报表.csv", (0, 1_780_000_000))
    shown, code = answered(home | {"RETCLI_OPERATOR": OWNER}, [], "import", str(downloads))
    assert code in {0, 3}, shown
    books = Books(f"{tmp_path}/shop.db")
    assert books.rows("SELECT job FROM runs") == [("import",)]
    line = next(line for line in Desk(books.database).read("doctor", code=3)["lines"] if line["where"] == "night")
    assert (line["state"], line["text"]) == ("ok", "No nightly import is set up")


def test_an_empty_folder_says_what_to_do(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "downloads").mkdir()
    shown, code = answered(home, ["林小满", "", str(tmp_path / "downloads")])
    assert code == 0
    assert f"retcli import {tmp_path}/downloads" in shown.replace("\r\n", "")
    assert Books(f"{tmp_path}/shop.db").value("SELECT COUNT(*) FROM staff") == 1


def test_with_books_the_day_stands_in_three_lines(home: dict[str, str], template: Path, tmp_path: Path) -> None:
    shutil.copyfile(template, tmp_path / "shop.db")
    shown, code = answered(home | {"RETCLI_OPERATOR": OWNER}, [])
    lines = [line.strip() for line in shown.splitlines() if line.strip()]
    assert (code, [line.partition(":")[0] for line in lines]) == (0, ["Cases", "Money", "Files", "Next"])
    assert lines[0] == "Cases: 0 to do, 0 overdue, 0 due within four hours"
    assert lines[3] == "Next: retcli today"


def test_where_nobody_sits_it_is_help(tmp_path: Path) -> None:
    desk = Desk(str(tmp_path / "shop.db"))
    answer = desk.type()
    assert (answer.code, "Usage: " in answer.out) == (0, True)
    assert desk.refused(code=2) == "No command was given"
    assert not (tmp_path / "shop.db").exists()


@pytest.mark.parametrize("words", [("import", str(EXPORTS / "订单报表.csv")), ("books", "init")])
def test_the_first_books_ask_for_the_name_once(home: dict[str, str], tmp_path: Path, words: tuple[str, ...]) -> None:
    """A newcomer who begins with the import, or with empty books, is asked as on the first day, not taken for root."""
    shown, code = answered(home, ["", "林小满"], *words)
    assert code in {0, 3}, shown
    assert "A name, please" in shown
    books = Books(f"{tmp_path}/shop.db")
    assert books.rows("SELECT name, role FROM staff") == [("林小满", "owner")]
    again, code = answered(home, [], "today")
    assert (code, "林小满" in again) == (0, True), again


def test_a_trial_and_who_is_named_are_not_asked(home: dict[str, str], tmp_path: Path) -> None:
    file = str(EXPORTS / "订单报表.csv")
    assert "Your name" not in answered(home, [], "import", file, "--dry-run")[0]
    assert "Your name" not in answered(home, [], "--operator", "阿强", "import", file)[0]
    assert Books(f"{tmp_path}/shop.db").rows("SELECT name FROM staff") == [("阿强",)]


def test_off_a_terminal_the_account_s_name_stands(home: dict[str, str], tmp_path: Path) -> None:
    ended = program("--db", f"{tmp_path}/shop.db", "books", "init", env=home)
    assert ended.returncode == 0, ended
    assert len(Books(f"{tmp_path}/shop.db").rows("SELECT name FROM staff")) == 1
