"""The pages of the roles show what the program prints: each command is run in the role's practice shop, in order."""

import os
import re
import shlex
from pathlib import Path

import pytest

from retcli import language
from retcli.actions import demo
from retcli.actions.practice import looking, making
from retcli.actions.practice.state import BOOKS_NAME
from retcli.rules.lifecycles import Role
from retcli.settings import Asked
from tests.terminal import Desk

ROOT = Path(__file__).parent.parent
WIDTH = 80
BLOCK = re.compile(r"(?:<!-- 只留 (?P<kept>.*?) -->\n)?```console\n(?P<commands>.*?)```", re.DOTALL)
"""A block of screens; of those after such a remark only lines stay that begin with one of its words."""
SIGNS = 2000
"""What a person reads in five minutes, who reads 400 signs in one."""


def page_of(role: Role) -> Path:
    """The page of a role."""
    return ROOT / "docs" / ".".join((role, "zh-CN", "md"))


def printed(desk: Desk, command: str) -> str:
    """What a command line of a page prints; ``printf`` stands for what is typed or scanned."""
    codes, pipe, call = command.rpartition(" | ")
    typed = shlex.split(codes)[1].replace("\\n", "\n") if pipe else ""
    answer = desk.type("--quiet", "--lang", "zh", *shlex.split(call)[1:], typed=typed)
    assert answer.code in {0, 3}, (command, answer)
    return "".join(f"{line.rstrip()}\n" for line in answer.out.splitlines())


def renewed(desk: Desk, text: str) -> str:
    """A page with every screen as it is printed now."""

    def screens(block: re.Match[str]) -> str:
        """A block with what its commands print."""
        commands = [line for line in block["commands"].splitlines() if line.startswith("$ ")]
        kept = block["kept"].split() if block["kept"] else None
        shown = (f"{command}\n{cut(printed(desk, command.removeprefix('$ ')), kept)}" for command in commands)
        remark = f"<!-- 只留 {block['kept']} -->\n" if kept else ""
        return f"{remark}```console\n" + "\n".join(shown) + "```"

    return BLOCK.sub(screens, text)


def cut(screen: str, kept: list[str] | None) -> str:
    """A screen with only the lines that begin with one of some words, and … for what is left out between them."""
    lines: list[str] = []
    for line in screen.splitlines():
        stays = kept is None or line.strip().startswith(tuple(kept))
        lines += [line] if stays else ["…"] * (lines[-1:] != ["…"])
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.writes_page
@pytest.mark.parametrize("role", looking.RULES)
def test_a_page_shows_what_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: Role) -> None:
    language.use(language.CHINESE)
    monkeypatch.setenv("RETCLI_WIDTH", str(WIDTH))
    making.make(role, tmp_path / "shop", Asked("", "", quiet=True))
    monkeypatch.chdir(tmp_path / "shop")
    at = demo.THURSDAY if role == Role.FINANCE else demo.MONDAY
    desk = Desk(str(tmp_path / "shop" / BOOKS_NAME), at=at, by=looking.OPERATORS[role])
    before = page_of(role).read_text(encoding="utf-8")
    now = renewed(desk, before)
    if os.environ.get("RETCLI_WRITE_DOCS"):
        page_of(role).write_text(now, encoding="utf-8")
        return
    assert now == before, "run RETCLI_WRITE_DOCS=1 python -m pytest tests/test_role_pages.py"


@pytest.mark.parametrize("role", looking.RULES)
def test_a_page_is_read_in_five_minutes(role: Role) -> None:
    """All its signs, and no screen that one has to search."""
    text = page_of(role).read_text(encoding="utf-8")
    read = re.sub(r"<!--.*?-->|\s|─", "", text)
    assert len(read) <= SIGNS, len(read)
    for block in BLOCK.finditer(text):
        for screen in block["commands"].split("\n$ "):
            assert len(screen.splitlines()) <= 16, screen


@pytest.mark.parametrize("role", looking.RULES)
def test_a_page_names_the_practice_of_its_role(role: Role) -> None:
    text = page_of(role).read_text(encoding="utf-8")
    word = language.catalogue(language.CHINESE).gettext(str(role))
    assert f"retcli demo --practice {word}" in text
    assert "零一二三四五六七八"[len(looking.RULES[role])] + "道题" in text
