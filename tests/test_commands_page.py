"""The page of commands says what the command tree says, in both languages."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from retcli import language
from retcli.cli import app
from retcli.commands import completion_tree
from retcli.rules.lifecycles import Role
from retcli.rules.roles import COMMANDS
from retcli.words import word
from tests.commandtree import leaves

PAGE = Path(__file__).parent.parent / "docs/commands.md"
BEGINNING = """# Commands

What `--help` says of each command, in Chinese and in English, and who may use it. This page is written by
`RETCLI_WRITE_DOCS=1 python -m pytest tests/test_commands_page.py`.

Options before the command hold for all of them: `retcli --help`.
"""


def _help(path: str, speech: str) -> str:
    """What a command says of itself in a language, at a hundred columns."""
    ended = CliRunner().invoke(app, ["--lang", speech, *path.split(), "--help"], terminal_width=100)
    assert ended.exit_code == 0, (path, ended.output)
    return "\n".join(line.rstrip() for line in ended.output.strip().splitlines())


def _who(path: str) -> str:
    """Who may use a command, in both languages."""
    roles = [role for role in Role if role in COMMANDS[path]]
    if len(roles) == len(Role):
        return "所有人 · everybody"
    language.use(language.CHINESE)
    chinese = "、".join(word(role) for role in roles)
    language.use(language.ENGLISH)
    return f"{chinese} · {', '.join(word(role) for role in roles)}"


def _parts() -> Iterator[str]:
    yield BEGINNING
    yield f"## retcli\n\n```\n{_help('', 'zh')}\n```\n\n```\n{_help('', 'en')}\n```\n"
    for path, _command in leaves():
        chinese, english = _help(path, "zh"), _help(path, "en")
        yield f"## {path}\n\n{_who(path)}\n\n```\n{chinese}\n```\n\n```\n{english}\n```\n"


@pytest.mark.writes_page
def test_the_page_says_what_the_commands_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    wanted = "\n".join(_parts())
    if os.environ.get("RETCLI_WRITE_DOCS"):
        PAGE.write_text(wanted, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == wanted, f"RETCLI_WRITE_DOCS=1 python -m pytest {Path(__file__).name}"


@pytest.mark.writes_page
def test_completion_reads_the_same_tree() -> None:
    wanted = completion_tree.written(typer.main.get_command(app))
    if os.environ.get("RETCLI_WRITE_DOCS"):
        completion_tree.TREE.write_text(wanted, encoding="utf-8")
    same = completion_tree.TREE.read_text(encoding="utf-8") == wanted
    assert same, f"RETCLI_WRITE_DOCS=1 python -m pytest {Path(__file__).name}"
