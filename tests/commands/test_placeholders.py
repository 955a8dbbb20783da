"""What a hint leaves to the reader (‹reason›) is never taken for a value, whatever command it is typed to."""

from typing import Any

import pytest

from tests.commandtree import leaves
from tests.shopfloor import Books
from tests.terminal import Desk

LEAVES = dict(leaves())


def _calls(path: str, command: Any, placeholder: str) -> list[list[str]]:
    """Calls of a command, each with the placeholder as one argument or as the value of one option."""
    calls = []
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            calls.append([*path.split(), placeholder])
        elif not parameter.is_flag and not parameter.count:
            calls += [[*path.split(), parameter.opts[0], placeholder], [*path.split(), f"--x={placeholder}"]]
    return calls


@pytest.mark.parametrize("path", LEAVES)
def test_no_command_takes_a_placeholder_for_a_value(path: str, sqlite_books: Books) -> None:
    desk = Desk(sqlite_books.database)
    for placeholder in ("‹原因›", "改成‹店名›的", "…", "〈原因〉"):
        for call in _calls(path, LEAVES[path], placeholder):
            answer = desk.type("--lang", "zh", *call)
            assert answer.code == 2, call
            assert "要换成你自己的内容" in answer.err, (call, answer.err)


def test_the_global_options_neither(sqlite_books: Books) -> None:
    answer = Desk(sqlite_books.database).type("--operator", "‹姓名›", "today")
    assert answer.code == 2
    assert "‹姓名› only says what belongs there" in answer.err


@pytest.mark.parametrize("word", ["<急>件", "12…", "..", "TEXTIL", "a<b", "《三体》"])
def test_what_a_person_writes_is_taken(sqlite_books: Books, word: str) -> None:
    assert "only says what belongs there" not in Desk(sqlite_books.database).type("order", "find", word).err


def test_the_way_out_is_the_help_of_the_command(sqlite_books: Books) -> None:
    answer = Desk(sqlite_books.database).type("--lang", "zh", "case", "reject", "3", "--because", "‹原因›", "--json")
    assert answer.document["error"]["code"] == "usage"
    assert answer.document["error"]["hint"] == "retcli case reject --help"
