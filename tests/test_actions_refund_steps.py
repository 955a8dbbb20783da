"""An import of refunds that remembers the orders of its step does just what one does that asks each time."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fixtures import make_shop, write_report
from retcli.actions import imports, step_memory
from retcli.shop import Shop
from tests.reports import facts
from tests.shopfloor import NOON, Books


def _taken_in(books: Books, folder: Path) -> dict[str, Any]:
    """All that the books say after the reports of a made shop, its scripted refunds among them, with every event."""
    made, paths = make_shop(5, 240, 40), [folder / f"{name}.csv" for name in ("orders", "items", "refunds")]
    for path, layout in zip(paths, ("order.2016", "item.2026_xlsx"), strict=False):
        write_report(made.orders, f"taobao.{layout}", path)
    write_report(made.refunds, "taobao.refund.2026", paths[2])
    for path in paths:
        os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    view = imports.take_in(books.asked(), paths)
    assert [file.refused for file in view.files] == [0, 0, 0]
    books.check()
    told = books.rows("SELECT subject, action, payload FROM events WHERE subject NOT LIKE 'books%' ORDER BY seq")
    return facts(books) | {"events": [(subject, action, json.loads(payload)) for subject, action, payload in told]}


def _asks_each_time(_shop: Shop) -> step_memory.StepMemory:
    return step_memory.StepMemory()


def test_what_is_known_by_heart_is_what_the_books_say(
    sqlite_books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remembered = _taken_in(sqlite_books, tmp_path)
    monkeypatch.setattr(step_memory, "of", _asks_each_time)
    others = replace(sqlite_books, database=str(tmp_path / "others.db"))
    assert _taken_in(others, tmp_path) == remembered
