"""An agent's Monday: the thirteen cases of the packaged shop are worked off before ten, at a real terminal in Chinese,
and every command and key is counted; and a call by somebody who knows no number.
"""

import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from retcli.rules.zone import SHANGHAI
from tests.shopfloor import AGENT, Books
from tests.terminal import Desk, environment, hears_control_c, packaged

pexpect = pytest.importorskip("pexpect")

NINE = datetime(2026, 11, 9, 9, 0, tzinfo=SHANGHAI)
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
WAITS = "[>：）?] ?$|\\]: $"
"""The end of every line at which an answer is awaited."""
CASES, GROUP = 13, 6
COMMANDS_SINGLY = 1 + 3 * CASES
"""Before there were group and review: the list, and each case looked at, decided, and marked as clicked."""
KEYS_SINGLY = len("retcli today\n") + CASES * sum(
    len(f"retcli {verb} RC20261109-0000\n") for verb in ("case show", "case approve", "platform done")
)
COMMANDS, KEYS = 5, 160
"""What the morning takes at most."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged shop on Monday, its files imported."""
    return packaged(tmp_path_factory.mktemp("monday") / "shop.db")


@dataclass
class Agent:
    """Somebody at a terminal; the commands that were typed and the keys that were pressed, Enter included."""

    database: str
    commands: int = 0
    keys: int = 0
    printed: list[str] = field(default_factory=list)

    def type(self, words: str, answer: Callable[[str], str] | None = None) -> str:
        """What a call prints; each question is answered by the keys that `answer` chooses."""
        env = environment(self.database, RETCLI_LANG="zh", RETCLI_OPERATOR=AGENT, RETCLI_NOW=NINE.isoformat())
        child: Any = pexpect.spawn(
            sys.executable, ["-m", "retcli", *words.split()], env=env | {"TERM": "xterm"}, encoding="utf-8",
            dimensions=(50, 80), timeout=90, preexec_fn=hears_control_c,
        )  # fmt: skip
        self.commands += 1
        self.keys += len(f"retcli {words}\n")
        shown = ""
        while answer is not None and child.expect([WAITS, pexpect.EOF]) == 0:
            screen = ESCAPES.sub("", child.before + child.after).replace("\r", "")
            shown += screen
            pressed = answer(screen)
            self.keys += len(pressed)
            assert self.keys < 10 * KEYS, shown
            child.send(pressed)
        if answer is None:
            child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus in {0, 3}, child.before
        self.printed.append(shown + ESCAPES.sub("", child.before).replace("\r", ""))
        return self.printed[-1]


@dataclass
class Judgement:
    """How the agent decides what the group left: by what stands on the card."""

    card: str = ""

    def __call__(self, screen: str) -> str:
        """The key for a question."""
        line = screen.rstrip().splitlines()[-1]
        if "[a]同意" in line:
            self.card = screen
            return self._decision()
        if "拒绝原因" in line:
            return "1" if "已过七天" in self.card else "2"
        if "最后一单" in line:
            return "q"
        return "1" if "转给谁" in line else "\r" if "备注" in line else "y"

    def _decision(self) -> str:
        if "审核结论：不通过" in self.card:
            return "r"
        return "a" if "审核结论：通过" in self.card or "缺少照片" in self.card else "m"


def test_thirteen_cases_before_ten(shop: Path, tmp_path: Path) -> None:
    """The list, the six plain ones as a group, the other seven a key or two each, then the clicks."""
    books = Books(str(shutil.copyfile(shop, tmp_path / "shop.db")), NINE)
    agent = Agent(books.database)
    assert "待审核 13" in agent.type("today")
    group = agent.type("case approve --all-yes", lambda _screen: "y\r")
    assert f"已同意 {GROUP} 单，共 586.05" in group
    assert "下一步：retcli case review" in group
    review = agent.type("case review", Judgement())
    assert "已同意 2、已拒绝 2、转主管 3" in review
    assert "下一步：retcli platform todo" in review
    todo = agent.type("platform todo")
    numbers = re.findall(r"RC20261109-00(\d\d)", todo)
    assert len(numbers) == 9, "the refund above the agent's limit and what the manager has are not the agent's to click"
    clicked = agent.type("platform done " + " ".join(numbers))
    assert clicked.count(" 已点：") == len(numbers)
    owners = books.rows("SELECT owner FROM cases WHERE decision = 'requested'")
    assert owners == [("店长",)] * 3, "nothing is left that an agent may decide"
    assert "没有待点的操作" in Desk(books.database, at=NINE, by=AGENT).type("--lang", "zh", "platform", "todo").out
    assert (agent.commands, agent.keys <= KEYS) == (COMMANDS, True), (agent.commands, agent.keys)
    assert COMMANDS * 8 <= COMMANDS_SINGLY
    assert KEYS * 8 <= KEYS_SINGLY
    books.check()


def test_a_call_about_a_black_one_from_last_week(shop: Path, tmp_path: Path) -> None:
    """No number, no name: colour, size and the time find the order; the case is open and approved two commands later,
    both as they were printed.
    """
    books = Books(str(shutil.copyfile(shop, tmp_path / "shop.db")), NINE)
    desk = Desk(books.database, at=NINE, by=AGENT)
    found = desk.type("--lang", "zh", "order", "find", "--goods", "黑 L 恤", "--since", "上周")
    rows = [line for line in found.out.splitlines() if line.startswith("2850")]
    assert all("黑色" in row for row in rows) and 2 <= len(rows) <= 12, found.out
    (tuesday,) = (row.split()[0] for row in rows if "11-03 19:24" in row)
    command = re.search(r"retcli (case open ‹订单号› .*)", found.out)
    assert command, found.out
    opened = desk.type("--lang", "zh", *command[1].replace("‹订单号›", tuesday).split())
    assert opened.code == 0, opened
    following = re.search(r"retcli (case approve RC\S+)", opened.out)
    assert following, opened.out
    approved = desk.type("--lang", "zh", *following[1].split())
    assert approved.code == 0, approved
    case = following[1].split()[-1]
    assert books.rows(f"SELECT decision FROM cases WHERE number = '{case}'") == [("approved",)]


def test_what_was_not_sold_last_week_is_not_offered(shop: Path, tmp_path: Path) -> None:
    """The days narrow, and so do further words; a name beside them narrows too; nothing said is refused with examples
    that work.
    """
    books = Books(str(shutil.copyfile(shop, tmp_path / "shop.db")), NINE)
    desk = Desk(books.database, at=NINE, by=AGENT)

    def orders(*words: str) -> list[dict[str, Any]]:
        return list(desk.read("order", "find", *words)["orders"])

    black = orders("--goods", "黑")
    assert all("黑" in "".join(order["goods"]) for order in black)
    week = orders("--goods", "黑", "--since", "上周", "--until", "上周")
    assert {order["number"] for order in week} < {order["number"] for order in black}
    assert all("2026-11-02" <= order["ordered_at"][:10] <= "2026-11-08" for order in week)
    assert orders("--goods", "黑 没有这样的词") == []
    assert orders("13700000000", "--goods", "黑") == []
    refused = desk.type("--lang", "zh", "order", "find")
    assert refused.code == 2
    assert "retcli order find --goods 红 --since 上周" in refused.err
