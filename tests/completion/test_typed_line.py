"""Which word of a line is under the cursor, and what it is."""

from typing import Any

import pytest

from retcli.completion import offers, typed_line
from retcli.completion.typed_line import COMMANDS, NOTHING, OPTIONS, Place, Typed

TREE: dict[str, Any] = offers.read_tree()["root"]


def _place(*words: str) -> Place:
    return typed_line.place(TREE, Typed(("retcli", *words[:-1]), words[-1]))


@pytest.mark.parametrize(
    ("line", "words", "current", "quote"),
    [
        ("retcli ", ("retcli",), "", ""),
        ("retcli case sh", ("retcli", "case"), "sh", ""),
        ("retcli staff leave 'Li Le", ("retcli", "staff", "leave"), "Li Le", "'"),
        ('retcli "a b" c', ("retcli", "a b"), "c", ""),
        (r"retcli a\ b", ("retcli",), "a b", ""),
        ("retcli '' x ", ("retcli", "", "x"), "", ""),
        (r'retcli "a\"b', ("retcli",), 'a"b', '"'),
        ("retcli --kind=re", ("retcli",), "--kind=re", ""),
    ],
)
def test_a_line_is_read_as_a_shell_reads_it(line: str, words: tuple[str, ...], current: str, quote: str) -> None:
    typed = typed_line.read(line)
    assert (typed.words, typed.current, typed.quote) == (words, current, quote)


@pytest.mark.parametrize(
    ("words", "kind", "typed"),
    [
        (("",), COMMANDS, ""),
        (("case", "sh"), COMMANDS, "sh"),
        (("case", "show", "00"), "cases", "00"),
        (("case", "show", "0034", ""), OPTIONS, ""),
        (("case", "show", "--"), OPTIONS, "--"),
        (("case", "show", "--", "-1"), "cases", "-1"),
        (("--db", "x.db", "case", "show", ""), "cases", ""),
        (("--db",), OPTIONS, "--db"),
        (("--db", ""), "files", ""),
        (("case", "open", "--kind", "re"), "kinds", "re"),
        (("case", "open", "--kind=re"), "kinds", "re"),
        (("case", "open", "--kind", "return", "28"), "orders", "28"),
        (("case", "open", "--dry-run", "28"), "orders", "28"),
        (("platform", "done", "0034", "00"), "cases", "00"),
        (("case", "attach", "0034", "ph"), "files", "ph"),
        (("books", "backup", ""), "folders", ""),
        (("case", "show", "--nowhere=x"), NOTHING, "x"),
        (("cases", "show", "x"), NOTHING, "x"),
    ],
)
def test_the_word_under_the_cursor_is_something(words: tuple[str, ...], kind: str, typed: str) -> None:
    place = _place(*words)
    assert (place.kind, place.typed) == (kind, typed)


def test_what_stands_before_an_equals_sign_stays() -> None:
    assert _place("case", "open", "--kind=re").before == "--kind="


def test_options_before_the_command_are_known_behind_it() -> None:
    place = _place("--db", "a.db", "--lang=en", "case", "show", "1")
    assert (place.options["--db"], place.options["--lang"], place.path) == ("a.db", "en", "case show")
