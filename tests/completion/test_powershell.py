"""The script for PowerShell, which no test runs: its text is held to what Typer's own says to PowerShell, and to what
the answer reads and writes.
"""

from __future__ import annotations

import re

import pytest
from typer import _completion_shared as typers

from retcli.completion import shells
from tests.commandtree import Scene
from tests.completion.asking import answered
from tests.shopfloor import OWNER

SCRIPT = shells.POWERSHELL
TYPERS = typers.COMPLETION_SCRIPT_POWER_SHELL
"""A script of the same kind that shops do run."""
RESULT = r"\[System\.Management\.Automation\.CompletionResult\]::new\(\s*([^)]*)\)"
NEWER = ("&&", "||", "??", "?.", "clean {", "-Parallel", "$PSStyle")
"""What Windows PowerShell 5.1 lacks."""


def parameters(script: str) -> list[str]:
    """What the block is given at TAB, in its order."""
    (found,) = re.findall(r"param\((.*?)\)", script)
    return [name.strip() for name in found.split(",")]


def results(script: str) -> list[str]:
    """What a candidate is made of, in its order: what is put in, what is shown, its kind, what is said of it."""
    (found,) = re.findall(RESULT, script)
    return [part.strip() for part in found.split(",")]


def test_it_is_registered_and_called_as_typers_own() -> None:
    assert "Register-ArgumentCompleter -Native -CommandName" in TYPERS
    assert "Register-ArgumentCompleter -Native -CommandName 'retcli', 'retcli.exe' -ScriptBlock {" in SCRIPT
    assert parameters(SCRIPT) == parameters(TYPERS)
    assert len(results(SCRIPT)) == len(results(TYPERS)) == 4
    assert results(SCRIPT)[2] == results(TYPERS)[2] == "'ParameterValue'"


def test_it_asks_by_the_variables_that_are_read_and_takes_them_away() -> None:
    """No variable of Typer's: with one of these Typer itself would answer, in its own form."""
    set_by_it = set(re.findall(r"\$env:(\w+) =", SCRIPT))
    removed = set(re.findall(r"Env:(\w+)", SCRIPT[SCRIPT.index("finally") :]))
    assert set_by_it == removed == {shells.ASKS, "_RETCLI_WORDS"}
    assert f"$env:{shells.ASKS} = 'powershell'" in SCRIPT
    assert "_TYPER_COMPLETE" not in SCRIPT and "_RETCLI_COMPLETE " not in SCRIPT


@pytest.mark.parametrize(
    "typed", [["retcli", "case", ""], ["retcli", "case", "show", "0002"], ["retcli", "note", "a b"]]
)
def test_what_it_sends_is_read_as_it_was_typed(typed: list[str]) -> None:
    """``((@($before) + $current) -join "`n") + "`n"``: the words before the cursor, then the one under it."""
    assert '$env:_RETCLI_WORDS = ((@($before) + $current) -join "`n") + "`n"' in SCRIPT
    read = shells.typed_line({shells.ASKS: "powershell", "_RETCLI_WORDS": "\n".join(typed) + "\n"})
    assert [*read.words, read.current] == typed


@pytest.mark.parametrize(
    "typed",
    [[""], ["case", ""], ["case", "show", ""], ["case", "open", "1", "--"], ["case", "open", "1", "--kind", ""],
     ["parcel", "inspect", "1", "--item", ""], ["staff", "leave", ""], ["--lang", ""]],
)  # fmt: skip
def test_every_answer_has_the_columns_that_it_splits(whole_shop: Scene, typed: list[str]) -> None:
    """A line to skip, then three columns: PowerShell refuses a candidate of which one is empty."""
    assert "Select-Object -Skip 1" in SCRIPT and '-split "`t", 3' in SCRIPT
    assert results(SCRIPT) == ["$value", "$shown", "'ParameterValue'", "$said"]
    how, *lines = answered("--db", str(whole_shop.path), "--operator", OWNER, *typed, shell="powershell")
    assert how.startswith("words") and lines
    for line in lines:
        columns = line.split("\t", 2)
        assert len(columns) == 3 and all(column.strip() for column in columns), line


def test_files_are_left_to_powershell(whole_shop: Scene) -> None:
    """Where it answers nothing, PowerShell itself offers files."""
    how, *lines = answered("--db", str(whole_shop.path), "import", "", shell="powershell")
    assert (how.split()[0], lines) == ("files", [])


def test_its_text_is_whole_and_of_the_oldest_powershell() -> None:
    assert SCRIPT.isascii()
    plain = re.sub(r"""'[^'\n]*'|"(?:`.|[^"`\n])*\"""", "''", SCRIPT)
    for opens, closes in ("{}", "()", "[]"):
        assert plain.count(opens) == plain.count(closes)
    assert [each for each in NEWER if each in plain] == []
    given = set(re.findall(r"\$(\w+)", plain)) - {"env", "_", "null", "false", "true"}
    known = {*(name.strip("$") for name in parameters(SCRIPT)), "element", "value", "shown", "said"}
    assert given == known | set(re.findall(r"\$(\w+) (?:=|\+=)", plain)), "every variable was given something before"
