"""A command has given the books' lock back before its screen is made: nobody waits for a view."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from retcli import transaction
from retcli.actions.casefile import case_view
from retcli.errors import Busy
from retcli.rules.lifecycles import Kind
from tests.commandtree import CALLS, Scene, settled
from tests.shopfloor import Books
from tests.terminal import Desk

NUMBER = "2850000000000000861"
SHOWN_WITH_WHAT_WAS_DONE = {"case assign {asked} --to 小美", "case attach {asked} {photo} --kind photo"}
"""Several cases that were given away, and files with their case."""


@pytest.fixture
def under_lock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """For each view of a case that is made: whether the books were open for writing."""
    made: list[bool] = []
    real = case_view._view

    def view(shop: Any, held: Any, **how: Any) -> Any:
        made.append(shop.writes)
        return real(shop, held, **how)

    monkeypatch.setattr(case_view, "_view", view)
    yield made


CASES = [
    (path, call) for path, calls in CALLS.items() if path.startswith(("case ", "parcel ", "pay ")) for call in calls
]


@pytest.mark.parametrize(("path", "call"), CASES, ids=[f"{path} {call}" for path, call in CASES])
def test_no_view_of_a_case_is_made_under_the_lock(
    whole_shop: Scene, tmp_path: Path, under_lock: list[bool], path: str, call: str
) -> None:
    desk = whole_shop.desk(tmp_path / "tmp")
    desk.type(*path.split(), *whole_shop.words(call, tmp_path / "tmp"))
    settled(tmp_path / "tmp")
    assert any(under_lock) is (f"{path} {call}" in SHOWN_WITH_WHAT_WAS_DONE)


def test_what_is_saved_and_cannot_be_shown_is_not_said_to_have_failed(
    sqlite_books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    from retcli.actions.cases import decisions

    sqlite_books.order(NUMBER, ("TS-L", 1, 9397))
    case = sqlite_books.do(decisions.open_case, NUMBER, kind=Kind.RETURN, reason="B_7D").number
    opened = transaction.opened

    def busy(*args: Any, writes: bool = True, **options: Any) -> Any:
        if not writes:
            raise Busy("the books are in use")
        return opened(*args, writes=writes, **options)

    monkeypatch.setattr(transaction, "opened", busy)
    answer = Desk(sqlite_books.database).type("case", "note", case, "问过了")
    assert answer.code == 7
    assert "It is saved, but cannot be shown (the books are in use); what was done stays done" in answer.err
    assert sqlite_books.value("SELECT COUNT(*) FROM notes") == 1


def test_under_a_key_the_same_document_is_answered_again(sqlite_books: Books) -> None:
    from retcli.actions.cases import decisions

    sqlite_books.order(NUMBER, ("TS-L", 1, 9397))
    case = sqlite_books.do(decisions.open_case, NUMBER, kind=Kind.RETURN, reason="B_7D").number
    desk = Desk(sqlite_books.database)
    first = desk.read("case", "approve", case, "--key", "K1")
    assert desk.read("case", "approve", case, "--key", "K1") == first
    assert first["case"]["number"] == case
