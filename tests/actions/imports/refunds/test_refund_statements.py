"""What a list of refunds asks the database grows with its steps, not with its rows."""

import os
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from fixtures import make_shop, write_report
from retcli.actions.imports import intake, pace
from retcli.database import engine
from tests.shopfloor import NOON, Books

FILES = (("orders", "order.2016"), ("items", "item.2026_xlsx"))


VALUES = re.compile(r"\(\?(?:, \?)*\)")


def _statements(books: Books, folder: Path, rows: int) -> Counter[str]:
    """The statements by which so many new refunds are taken in, each the first of its order, in one step: how often
    each is run, whatever the number of its values.
    """
    folder.mkdir()
    made = make_shop(5, 6 * rows, rows + rows // 5)
    firsts = list({refund.order: refund for refund in reversed(made.refunds)}.values())[:rows]
    paths = [folder / f"{name}.csv" for name, _layout in FILES]
    for path, (_name, layout) in zip(paths, FILES, strict=True):
        write_report(made.orders, f"taobao.{layout}", path)
    report = folder / "refunds.csv"
    write_report(firsts, "taobao.refund.2026", report)
    for path in (*paths, report):
        os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    intake.take_in(books.asked(), paths)
    asked: list[str] = []
    sa.event.listen(engine.engine(books.database), "before_cursor_execute", lambda *of: asked.append(of[2]))
    (view,) = intake.take_in(books.asked(), [report]).files
    assert (view.rows, view.added, view.refused) == (rows, rows, 0)
    statements = Counter(VALUES.sub("(?)", statement) for statement in asked)
    books.check()
    return statements


def test_three_times_as_many_rows_of_a_step_are_no_more_statements(
    more_books: Callable[[], Books], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pace.SHORTEST_OF, "refunds", 1000)
    few, many = (_statements(more_books(), tmp_path / str(rows), rows) for rows in (40, 120))
    # a table that only the longer list fills has its one statement, as every other has
    assert {text: times for text, times in many.items() if times != few.get(text, 1)} == {}
    assert many.total() - few.total() < 10
