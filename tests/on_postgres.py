"""Which tests meet PostgreSQL in the ordinary run: as few as it takes for each statement to be run there once. All
others that run on both databases do so there in the long form.

`LIST` names them, and the files of which none is needed. ``RETCLI_LIST=1 python -m pytest -k postgres`` runs all of
them, some twenty minutes, and makes it anew; a file that it does not know, or of which a test that it names is gone,
runs there whole.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

LIST = Path(__file__).with_name("on_postgres.txt")
_VALUES = re.compile(r"stage_?[0-9a-f]{8,}|'[^']*'|\b\d+\b|%\(\w+\)s(::[\w ()]+)?|\bNULL\b")
_LISTS = re.compile(r"(\(?_(, ?)?\)?(, ?)?)+")
LOAD = 100
"""Statements that are run for any test whatever: so much weighs a further test, beside those that it runs again."""


def on_postgres(item: pytest.Item) -> bool:
    """Whether a test is one of both databases, on PostgreSQL."""
    case = getattr(item, "callspec", None)
    return case is not None and "postgres" in case.params.values()


def left_out(items: Iterable[pytest.Item]) -> set[pytest.Item]:
    """The tests that the ordinary run leaves out on PostgreSQL."""
    there = {item.nodeid: item for item in items if on_postgres(item)}
    listed = LIST.read_text(encoding="utf-8").splitlines()
    gone = {name for name in listed if name != _file(name) and name not in there}
    files = {_file(name) for name in listed} - {_file(name) for name in gone}
    return {item for name, item in there.items() if _file(name) in files} - {there.get(name) for name in listed}


def _file(name: str) -> str:
    return name.partition("::")[0]


def shape(statement: str) -> str:
    """A statement without its values, the length of its lists and the names of stages."""
    return "".join(_LISTS.sub("_", _VALUES.sub("_", statement)).split())


def listing(statements: Mapping[str, frozenset[str]]) -> list[str]:
    """The lines of the list: as few tests as it takes, and the files of which none is among them."""
    chosen = set(fewest(statements))
    return sorted(chosen | {_file(name) for name in statements} - {_file(name) for name in chosen})


def fewest(statements: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """As few tests as it takes to run each statement once, those first that run most of what is left for their own
    length.
    """
    left = frozenset[str]().union(*statements.values())
    while left:
        best = max(statements, key=lambda name: len(left & statements[name]) / (LOAD + len(statements[name])))
        left -= statements[best]
        yield best


class Recorder:
    """Notes the statements of each test, and makes the list of them at the end of the run."""

    def __init__(self) -> None:
        self.statements: dict[str, frozenset[str]] = {}
        self.running: set[str] = set()
        sa.event.listen(sa.Engine, "before_cursor_execute", self._ran)

    def _ran(self, _connection: sa.Connection, _cursor: Any, statement: str, *_how: Any) -> None:
        self.running.add(shape(statement))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Notes what one test ran."""
        self.running.clear()
        result = yield
        if on_postgres(item):
            self.statements[item.nodeid] = frozenset(self.running)
        return result

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Makes the list, where every test was green."""
        if exitstatus == pytest.ExitCode.OK:
            LIST.write_text("\n".join(listing(self.statements)) + "\n", encoding="utf-8")
