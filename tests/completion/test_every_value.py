"""Every option and argument that takes a value has somebody who completes it."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer

from retcli import language
from retcli.cli import app
from retcli.commands import completion_tree
from retcli.completion import in_books, offers
from tests.commandtree import leaves

TREE = offers.read_tree()
BY_THE_CALENDAR = {"days", "months"}


def parameters() -> Iterator[tuple[str, Any]]:
    """Every parameter that takes a value, with its command's path."""
    root = typer.main.get_command(app)
    for path, command in [("", root), *leaves()]:
        for param in command.params:
            if not (getattr(param, "is_flag", False) or getattr(param, "count", False)):
                yield path, param


PARAMETERS = [pytest.param(path, param, id=f"{path} {param.name}") for path, param in parameters()]


def _parser(param: Any) -> Any:
    return getattr(param.type, "func", None)


@pytest.mark.parametrize(("path", "param"), PARAMETERS)
def test_a_value_is_completed_or_known_to_the_person_only(path: str, param: Any) -> None:
    """A new one whose name in the help tells nothing is entered in `completion_tree`."""
    kind = completion_tree.kind_of(path, param)
    ours = set(TREE["choices"]) | set(in_books.KINDS) | offers.PARTS | BY_THE_CALENDAR
    assert kind == completion_tree.FREE or kind in ours | {offers.FILES, offers.FOLDERS}


@pytest.mark.parametrize(("path", "param"), PARAMETERS)
def test_what_is_a_file_or_a_choice_is_completed(path: str, param: Any) -> None:
    kind, parser = completion_tree.kind_of(path, param), _parser(param)
    chooses = getattr(parser, "__qualname__", "").startswith("chosen.") or getattr(parser, "__name__", "") == "a_reason"
    if chooses:
        assert kind in TREE["choices"]
        assert [code for code, _word in TREE["choices"][kind] if parser(code) != code] == []
    if param.type.name == "path" or getattr(parser, "__name__", "") == "place":
        assert kind in {offers.FILES, offers.FOLDERS}


def test_most_values_are_completed() -> None:
    kinds = [completion_tree.kind_of(path, param) for path, param in parameters()]
    assert {"cases", "orders", "skus", "parcels", "payouts", "questions", "staff", "files", "months"} <= set(kinds)


def test_a_choice_is_found_by_its_code_and_by_its_word() -> None:
    kinds = TREE["choices"]["kinds"]
    by_code = [code for code, _said in offers.chosen(kinds, "RE")]
    assert by_code == ["refund-only", "return", "resend", "repair"]
    with language.speaking(language.CHINESE):
        assert list(offers.chosen(kinds, "退")) == [("退货退款", "return")]
