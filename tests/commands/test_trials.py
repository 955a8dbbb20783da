"""A trial (``--dry-run``) names nothing that is not in the books, and ends with the call that does it for good."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.commandtree import CALLS, Scene, leaves
from tests.next_steps import commands
from tests.terminal import Desk

NUMBER = re.compile(r"\b(?:RC|PK|PO|ST|SO|DH)\d{8}-\d+\b")
LOOKS = {
    *(("parcel match", "{stray}"), ("parcel match", "{stray} --tail 5678")),
    *(("stock count", ""), ("stock approve", "")),
}
"""Calls that only look: for a parcel's case, at what is counted, at what waits."""
TRIED = [
    (path, call.replace(" --dry-run", ""))
    for path, command in leaves()
    for call in CALLS[path]
    if any("--dry-run" in option.opts for option in command.params) and (path, call) not in LOOKS
]
"""Every call of a command that has trials."""


def numbers(desk: Desk) -> set[str]:
    """The numbers of all cases, parcels, payouts, stocktakes, disposals and deliveries."""
    tables = "cases", "parcels", "payouts", "stocktakes", "stock_orders", "deliveries"
    return {str(number) for table in tables for (number,) in desk.books.rows(f"SELECT number FROM {table}")}


def test_there_are_trials_of_most_acts() -> None:
    assert len(TRIED) > 35


@pytest.mark.parametrize(("path", "call"), TRIED)
def test_a_trial_names_no_number_that_was_not_saved(whole_shop: Scene, tmp_path: Path, path: str, call: str) -> None:
    desk, words = whole_shop.desk(tmp_path / "shop"), [*path.split(), *whole_shop.words(call, tmp_path)]
    answer = desk.type(*words, "--dry-run")
    assert answer.code in {0, 3}, answer
    assert "A trial: nothing was saved" in answer.err
    assert set(NUMBER.findall(answer.out)) <= numbers(desk)
    assert not re.search(r"\d-T\d", answer.out)
    last = commands(answer.out)[-1]
    assert shlex.split(last)[-len(words) :] == words, answer.out
    document = desk.read(*words, "--dry-run", code=answer.code)
    assert set(NUMBER.findall(str(document))) <= numbers(desk)
