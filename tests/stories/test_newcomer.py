"""Somebody who never saw retcli: from an empty home to the first workbook of a month, at a real terminal in Chinese,
typing nothing but what was printed on the way.
"""

import re
import shlex
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from retcli.database import engine
from tests.reports import EXPORTS
from tests.shopfloor import Books
from tests.terminal import Answer, Desk, environment, hears_control_c

pexpect = pytest.importorskip("pexpect")

DOWNLOADED = {
    "订单报表.csv": "ExportOrderList202611121830.csv",
    "宝贝报表.xlsx": "ExportOrderDetailList202611121831.xlsx",
    "退款报表_1.xlsx": "退款管理_20261112.xlsx",
}
"""Packaged exports, and what the platform calls such a download."""
OF_OTHERS = ("IMG_0001.jpg", "IMG_0002.jpg", "IMG_0003.jpg", "房租合同.docx", "setup.exe", "报价.csv")
"""What lies in a folder for downloads besides."""
NAME = "林小满"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")
COMMAND = re.compile(r"retcli(?: [^\s，。；：）]+)*")
KEYS_A_MINUTE = 150
MINUTES = 5
MOST_KEYS = 240
"""Keys of the whole way, with some to spare for a longer number: under two minutes of typing."""
LEAST_HINTS = 12
"""So many different commands are printed on the way at least."""
KNOWN = {"‹原因›": "说好的", "‹售后单号›": "RC20261109-0038"}
"""What only a person knows, and some word for it."""


def commands(text: str) -> list[str]:
    """The commands that stand in a text, each once, as they were printed."""
    return list(dict.fromkeys(each.strip() for each in COMMAND.findall(text) if each.strip() != "retcli"))


@dataclass
class Newcomer:
    """A person at a terminal of 80 columns: what was printed so far, and how many keys were pressed."""

    home: Path
    keys: int = 0
    printed: list[str] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    tried: dict[str, Answer] = field(default_factory=dict)

    @property
    def database(self) -> str:
        """Where the books lie when nobody says where."""
        return str(self.home / ".local/share/retcli/retcli.db")

    def environment(self, **more: str) -> dict[str, str]:
        """Of a fresh account in Chinese."""
        named = environment(HOME=str(self.home), TERM="xterm-256color", RETCLI_LANG="zh", **more)
        dropped = {"RETCLI_OPERATOR", "COLUMNS", "LINES"}
        return {name: value for name, value in named.items() if name not in dropped and not name.startswith("XDG_")}

    def type(self, command: str, *answers: str) -> str:
        """What a command prints, with the answers to its questions; every key is counted, the Enter too."""
        program, *words = shlex.split(command)
        assert program == "retcli"
        child = pexpect.spawn(
            sys.executable, ["-m", "retcli", *words], env=self.environment(), cwd=str(self.home), encoding="utf-8",
            dimensions=(50, 80), timeout=120, preexec_fn=hears_control_c,
        )  # fmt: skip
        shown = ""
        for answer in answers:
            child.expect("(?:: |\\]: ?|> ?)$")
            shown += child.before + child.after
            child.sendline(answer) if answer != "q" else child.send(answer)
        child.expect(pexpect.EOF)
        child.close()
        self.keys += len(command) + 1 + sum(len(answer) + 1 for answer in answers)
        self.codes.append(child.exitstatus)
        text = ESCAPES.sub("", shown + child.before).replace("\r\n", "\n")
        self.printed.append(text)
        self.try_hints(text)
        return text

    def try_hints(self, text: str) -> None:
        """Runs each command that a text names as it stands, on a copy of the books as they are now."""
        for command in commands(text):
            if command not in self.tried:
                copy = Path(shutil.copyfile(self.database, self.home / "copies" / "copy.db"))
                self.tried[command] = self._tried(Desk(str(copy), by=NAME), command)
                engine.engine(str(copy)).dispose()

    def _tried(self, desk: Desk, command: str) -> Answer:
        """How a hint fares, with what only a person knows filled in."""
        for placeholder, word in (KNOWN | {"‹文件›": str(self.home / "Downloads/报价.csv")}).items():
            command = command.replace(placeholder, word)
        assert "‹" not in command, command
        words = shlex.split(command)[1:]
        return desk.type("--lang", "zh", *words, *(["-"] if words == ["scan"] else []))

    def follow(self, beginning: str, *answers: str, **words: str) -> str:
        """Types the command printed last that begins so, as it stands but for what only a person knows."""
        hints = [each for text in reversed(self.printed) for each in commands(text) if each.startswith(beginning)]
        assert hints, (beginning, self.printed[-1])
        command = hints[0]
        for placeholder, word in words.items():
            command = command.replace(f"‹{placeholder}›", word)
        assert "‹" not in command, command
        return self.type(command, *answers)


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newcomer:
    """An empty home with a folder for downloads, in which the platform's exports were put a moment ago."""
    home = tmp_path / "小满"
    (home / "Downloads").mkdir(parents=True)
    (home / "copies").mkdir()
    monkeypatch.chdir(home / "copies")
    for packaged, downloaded in DOWNLOADED.items():
        shutil.copyfile(EXPORTS / packaged, home / "Downloads" / downloaded)
    for name in OF_OTHERS:
        (home / "Downloads" / name).write_bytes(b"\x00\x01 nothing of the shop's")
    (home / "Downloads" / "报价.csv").write_text("品名,单价\n杯子,12\n", encoding="utf-8")
    return Newcomer(home)


def test_from_nothing_to_the_first_workbook_by_what_is_printed(
    newcomer: Newcomer,
) -> None:
    """Three questions, the day, the first case decided and clicked, a look at the review, the workbook."""
    first = newcomer.type("retcli", NAME, "", "")
    case = re.search(r"先看这一张：retcli case show (\S+)", first)
    assert case, first
    each_once(first)
    newcomer.follow("retcli case show")
    newcomer.follow("retcli case approve", "y")
    newcomer.follow("retcli platform todo")
    newcomer.follow("retcli platform done", 售后单号=case[1])
    newcomer.follow("retcli case review", "q")
    newcomer.follow("retcli today")
    written = newcomer.follow("retcli export reconciliation")
    assert newcomer.codes == [3, *[0] * 7], "3: two rows of the order report were not taken in, and that is said"
    refused = {command: answer for command, answer in newcomer.tried.items() if answer.code not in {0, 3}}
    assert refused == {}
    assert len(newcomer.tried) >= LEAST_HINTS, list(newcomer.tried)
    assert newcomer.keys <= MOST_KEYS < MINUTES * KEYS_A_MINUTE
    sums_of(newcomer, written)


def each_once(first: str) -> None:
    """The first screens tell each thing once: where the files come from, how each fared, what is no export in a line,
    the day; no hint that the next screen answers, and nothing in another language.
    """
    lines = [line.strip() for line in first.splitlines()]
    for once in ("千牛：交易 → 已卖出的宝贝", "今日待办", "往后这样用", "跳过 5 个文件"):
        assert sum(line.startswith(once) for line in lines) == 1, (once, first)
    assert "下一步" not in first
    assert all(first.count(downloaded + "：") == 1 for downloaded in DOWNLOADED.values())
    assert not re.findall(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", COMMAND.sub("", first)), "in another language"


def sums_of(newcomer: Newcomer, written: str) -> None:
    """The workbook that was written holds what the platform refunded in its month, to the fen."""
    (path,) = newcomer.home.glob("售后对账_2026-10_*.xlsx")
    books = Books(newcomer.database)
    minor = books.value(
        "SELECT SUM(platform_amount) FROM cases WHERE platform_succeeded_at >= '2026-09-30 16:00:00'"
        " AND platform_succeeded_at < '2026-10-31 16:00:00'"
    )
    total = f"{minor // 100}.{minor % 100:02}"
    assert f"平台退款合计：{total}" in written
    workbook: Any = openpyxl.load_workbook(path)
    names = [sheet.title for sheet in workbook.worksheets]
    assert names[:3] == ["说明", "汇总", "明细"]
    header, *rows = workbook["明细"].iter_rows(values_only=True)
    place = header.index("平台退款金额")
    assert sum(round(row[place] * 100) for row in rows if str(row[0]).startswith("RC")) == minor
