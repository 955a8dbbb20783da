"""Of the command tree only the branch that is asked for is built: the rest would cost every call its time."""

from typing import Any

import pytest
from typer.main import get_command

from retcli.cli import app
from tests.terminal import Desk


def built(*words: str) -> list[str]:
    """The branches that stand once a call has ended."""
    root: Any = get_command(app)
    with pytest.raises(SystemExit):
        root.main(list(words))
    return [name for name, branch in root.commands.items() if getattr(branch, "built", False)]


def test_help_builds_no_branch(capsys: pytest.CaptureFixture[str]) -> None:
    assert built("--help") == []
    assert "case" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "branch"), [(("order", "find", "1"), "order"), (("case", "list"), "case"), (("pay", "--help"), "pay")]
)
def test_a_call_builds_its_own_branch_alone(desk: Desk, words: tuple[str, ...], branch: str) -> None:
    assert built("--db", desk.database, "--operator", desk.by, *words) == [branch]
