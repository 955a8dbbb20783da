"""Real shells at a terminal: TAB gives the numbers."""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from retcli.completion.shells import INSTALLING, SCRIPTS
from retcli.database import engine
from tests.commandtree import NEEDLES, Scene
from tests.completion.asking import answered, from_bash
from tests.shopfloor import OWNER
from tests.terminal import Desk, environment

pexpect = pytest.importorskip("pexpect")
BEGUN = {"bash": ["bash", "--norc", "-i"], "zsh": ["zsh", "-f", "-i"], "fish": ["fish", "--no-config", "-i"]}
NEXT = {"bash": ["bash", "-i"], "zsh": ["zsh", "-i"], "fish": ["fish", "-i"]}
"""As each begins for a person, with what is set down in the home folder."""
INITS = {
    "bash": """PS1='READY''> '; eval "$(cat script)"; bind 'set enable-bracketed-paste off'""",
    "zsh": """PS1='READY''> '; eval "$(cat script)" """,
    "fish": "function fish_prompt; echo -n READY'> '; end; source script",
}
"""How a shell learns to complete: from the script in a file, as the command prints it, which is tested by itself."""
SHELLS = [
    pytest.param(name, marks=pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed"))
    for name in BEGUN
]
READY = "READY> "
ODD = ("李 雷", "a$(touch pwned)`touch pwned`", "b'c\"d", "e;touch pwned&", "f*", "g\\h", "i!j")
"""Names that a shell would take for something else."""


class Shell:
    """A shell at a terminal in which `retcli` completes, and for everything else prints its words."""

    def __init__(self, name: str, database: Path, home: Path) -> None:
        program = home / "bin" / "retcli"
        program.parent.mkdir(parents=True)
        program.write_text(
            "#!/bin/sh\n"
            f'[ -n "$_RETCLI_COMPLETING" ] || [ "$1" = completion ] && exec {sys.executable} -m retcli "$@"\n'
            "printf 'GIVEN'; for word in \"$@\"; do printf '<%s>' \"$word\"; done; echo END\n",
            encoding="utf-8",
        )
        program.chmod(0o755)
        (home / "script").write_text(SCRIPTS[name], encoding="utf-8")
        path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
        env = environment(
            str(database),
            PATH=path,
            HOME=str(home),
            XDG_CONFIG_HOME=f"{home}/.config",
            LC_ALL="C.UTF-8",
            TERM="xterm",
            NO_COLOR="1",
        )
        command, *words = BEGUN[name]
        self.name, self.home, self.tabs = name, home, {"bash": "\t\t\t", "zsh": "\t\t", "fish": "\t"}[name]
        self.terminal: Any = pexpect.spawn(
            command, words, env=env, cwd=str(home), encoding="utf-8", timeout=60, dimensions=(50, 120)
        )
        self.terminal.sendline(INITS[name])
        self.terminal.expect_exact(READY)
        self.given("true", begins="echo GIVEN; retcli")  # whatever a first prompt brings is over

    def given(self, *typed: str, begins: str = "retcli") -> list[str]:
        """The words with which retcli is called in the end; some pieces end with TAB."""
        self.terminal.send(f"{begins} ")
        for piece in typed:
            self.terminal.send(piece)
        self.terminal.send("\r")
        self.terminal.expect(r"GIVEN((?:<.*?>)*)END")
        words = re.findall(r"<(.*?)>(?=<|$)", self.terminal.match[1], re.DOTALL)
        self.terminal.expect_exact(READY)
        return words

    def shown(self, text: str, expected: str) -> str:
        """What is shown up to something expected at TAB, which is the last thing that is asked of this shell; bash
        shows it when nothing more can be put in.
        """
        self.terminal.send(f"retcli {text}" + self.tabs)
        self.terminal.expect_exact(expected)
        return f"{self.terminal.before}{expected}"


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest, whole_shop: Scene, tmp_path: Path) -> Iterator[Shell]:
    """Each shell that there is, on the shop with everything in it."""
    database = tmp_path / "shop.db"
    shutil.copyfile(whole_shop.path, database)
    with closing(engine.bare_connection(database.as_uri())) as books:
        for name in ODD:
            books.execute("INSERT INTO staff (name, role, created_at) VALUES (?, 'agent', '2026-11-09')", (name,))
    begun = Shell(request.param, database, tmp_path / "home")
    yield begun
    begun.terminal.close(force=True)


def test_tab_completes_commands_numbers_words_and_files(shell: Shell, whole_shop: Scene) -> None:
    asked = whole_shop.names["asked"]
    (shell.home / "报表 11.csv").write_text("x", encoding="utf-8")
    assert shell.given("cas\t", "sho\t", f"{asked[-4:]}\t") == ["case", "show", asked]
    assert shell.given(f"case approve {asked.lower()[:-1]}{asked[-1]}\t") == ["case", "approve", asked]
    assert shell.given("case open 1 --kind=refund-o\t") == ["case", "open", "1", "--kind=refund-only"]
    assert shell.given("case open 1 --kind 退货退\t") == ["case", "open", "1", "--kind", "退货退款"]
    assert shell.given("parcel inspect 1 --item TS-L\t", "1:A\t") == ["parcel", "inspect", "1", "--item", "TS-L=1:A"]
    assert shell.given("import 报\t") == ["import", "报表 11.csv"]


def test_what_is_shown_has_the_words_and_no_buyer(shell: Shell, whole_shop: Scene) -> None:
    shown = shell.shown("case show ", "90.00")
    assert "t*" in shown
    assert [needle for needle in NEEDLES if needle in shown] == []


@pytest.mark.parametrize("name", ODD)
def test_a_name_with_any_signs_is_given_as_it_is(shell: Shell, name: str) -> None:
    assert shell.given(f"staff leave {name[0]}\t") == ["staff", "leave", name]
    assert not (shell.home / "pwned").exists()


def test_what_is_typed_once_installs_it(shell: Shell, whole_shop: Scene) -> None:
    (shell.home / ".config" / "fish").mkdir(parents=True, exist_ok=True)
    shell.terminal.sendline(INSTALLING[shell.name])
    shell.terminal.expect_exact(READY)
    shell.terminal.sendline(f"exec {' '.join(NEXT[shell.name])}")
    shell.terminal.sendline("echo GIV''EN")
    shell.terminal.expect_exact("GIVEN")
    asked = whole_shop.names["asked"]
    shell.terminal.send(f"retcli case show {asked[-4:]}\t")
    shell.terminal.expect_exact(asked)


@pytest.mark.parametrize("name", list(SCRIPTS))
def test_the_script_is_printed_as_it_is(tmp_path: Path, name: str) -> None:
    desk = Desk(str(tmp_path / "none.db"))
    answer = desk.type("completion", name)
    assert answer.out == SCRIPTS[name]
    assert answer.out.isascii()
    assert [path.name for path in tmp_path.iterdir()] == []
    every = desk.read("completion")["shells"]
    assert [each["install"] for each in every] == list(INSTALLING.values())
    explained = desk.type("completion").out
    assert all(f"  {line}\n" in explained and len(line) <= 78 for line in INSTALLING[name].splitlines())
    assert desk.type("completion", "tcsh").code == 2


def test_powershell_gets_values_that_it_reads_back(whole_shop: Scene, tmp_path: Path) -> None:
    database = tmp_path / "shop.db"
    shutil.copyfile(whole_shop.path, database)
    with closing(engine.bare_connection(database.as_uri())) as books:
        for name in ("o'x", "o’y", "o,z", "o"):
            books.execute("INSERT INTO staff (name, role, created_at) VALUES (?, 'agent', '2026-11-09')", (name,))
    before = ("--db", str(database), "--operator", OWNER)
    lines = answered(*before, "staff", "leave", "o", shell="powershell")[1:]
    assert [line.split("\t") for line in lines] == [
        ["'o''x'", "o'x", "agent"],
        ["'o’’y'", "o’y", "agent"],
        ["'o,z'", "o,z", "agent"],
        ["o", "o", "agent"],
    ]
    months = answered("export", "reconciliation", "--month", "", shell="powershell")[1:]
    assert all(len(line.split("\t")) == 3 and line.split("\t")[2] for line in months)


def test_bash_gets_what_stands_behind_its_own_word_breaks() -> None:
    line = "retcli case open 1 --kind=ret"
    assert from_bash(line, "ret") == ["words", "return"]
    assert from_bash("retcli case open 1 --kind=", "")[1].startswith("refund-only")


def test_bash_is_told_no_remark_that_it_would_type_or_cannot_show(whole_shop: Scene) -> None:
    line = f"retcli --db {whole_shop.path} --operator {OWNER} --lang zh case show "
    plain = from_bash(line, "", _RETCLI_TYPE="37")
    assert all(re.fullmatch(r"RC\d{8}-\d{4}", value) for value in plain[1:])
    assert all(value.isascii() for value in from_bash(line, "", _RETCLI_LOCALE="C")[1:])
    assert any("退货退款" in value for value in from_bash(line, "")[1:])
    narrow = from_bash(line, "", _RETCLI_WIDTH="30")
    assert max(len(value.encode("gbk")) for value in narrow[1:]) < 30


def test_what_several_end_with_stays_as_it_was_typed(whole_shop: Scene) -> None:
    begin = f"retcli --db {whole_shop.path} --operator {OWNER} case show"
    how, *lines = from_bash(f"{begin} 000", "000")
    assert how == "words shown"
    assert {line[:1] for line in lines} == {" ", "R"}
