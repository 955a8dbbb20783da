"""Books that an older program wrote, which took what was left after refunds for what was paid: put right by the next
order report, counted, and told.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from retcli.actions.books import check as checking
from retcli.actions.cases import decisions
from retcli.actions.insight import doctor
from retcli.rules.lifecycles import Kind
from retcli.rules.zone import SHANGHAI
from tests.database.test_schema import attempt
from tests.reports import Folder, questions, sold, take, take_one
from tests.shopfloor import FIXTURES, MANAGER, Books

FILES = FIXTURES / "exports" / "taobao" / "refunded"
NIGHT = datetime(2026, 3, 8, 10, tzinfo=SHANGHAI)


def old(tmp_path: Path, name: str, *statements: str) -> Books:
    """The books as they were found, after some statements past the program."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((Path(__file__).parents[3] / "oldbooks" / f"{name}.sql").read_text(encoding="utf-8"))
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    path.chmod(0o600)
    return Books(str(path), NIGHT)


def newer(tmp_path: Path, night: str) -> Path:
    """The same night's order report, exported again."""
    text = (FILES / f"order_{night}.csv").read_text(encoding="gb18030")
    path = tmp_path / "again.csv"
    path.write_text(text.replace("申通快递", "圆通快递"), encoding="gb18030")
    return path


def looked(books: Books) -> list[tuple[str, str]]:
    view = doctor.examine(books.asked("o"))
    return [(finding.state, finding.text) for finding in view.findings if finding.where == "amounts"]


def take_as_owner(books: Books, *paths: Path) -> object:
    from retcli.actions.imports import intake

    return intake.take_in(books.asked("o"), paths)


def test_orders_read_net_are_put_right_with_their_lines_refunds_and_questions(tmp_path: Path) -> None:
    """One order stood with 25.31 of 234.00 and one with 0.00 of 119.00; of their refunds 25.31 and nothing was written
    down, and three questions were open.
    """
    books = old(tmp_path, "refunded_before")
    assert [tuple(r) for r in books.rows("SELECT paid FROM orders ORDER BY id")] == [(0,), (2531,)]
    view = take_as_owner(books, newer(tmp_path, "after"))
    (file,) = view.files  # type: ignore[attr-defined]
    assert (file.questions, file.exit_code) == (0, 0)
    assert "2 orders were put right: they stood here with what was left of them after refunds" in file.remarks
    assert [tuple(r) for r in books.rows("SELECT paid, refunded_there FROM orders ORDER BY id")] == [
        (11900, 11900),
        (23400, 20869),
    ]
    assert [tuple(r) for r in books.rows("SELECT cash, cash_source FROM order_lines ORDER BY id")] == [
        (11900, "file"),
        (23400, "file"),
    ]
    paid = "SELECT o.number, SUM(p.minor) FROM payouts p JOIN orders o ON o.id = p.order_id GROUP BY 1 ORDER BY 1"
    assert [minor for _number, minor in books.rows(paid)] == [11900, 20869]
    assert books.value("SELECT COUNT(*) FROM import_questions WHERE state = 'open'") == 0
    assert books.value("SELECT COUNT(*) FROM events WHERE action = 'reread'") == 2
    assert looked(books) == [("ok", "2 orders were put right that stood with what was left of them after refunds")]
    assert books.do(checking.check, by="o").document()["problems"] == []


def test_a_refund_seen_since_asks_no_more_and_changes_nothing(tmp_path: Path) -> None:
    """Those books hold what was paid, and asked every night whether it was less."""
    books = old(tmp_path, "refunded_since")
    assert books.value("SELECT COUNT(*) FROM import_questions WHERE state = 'open' AND field = 'paid'") == 2
    view = take_as_owner(books, newer(tmp_path, "after"))
    (file,) = view.files  # type: ignore[attr-defined]
    assert (file.questions, file.exit_code, file.remarks[2:]) == (0, 0, ())
    assert [tuple(r) for r in books.rows("SELECT paid, refunded_there FROM orders ORDER BY id")] == [
        (11900, 11900),
        (23400, 20869),
    ]
    assert books.value("SELECT COUNT(*) FROM import_questions WHERE state = 'open'") == 0
    assert looked(books) == []
    assert books.do(checking.check, by="o").document()["problems"] == []


def test_before_any_newer_report_they_are_named(tmp_path: Path) -> None:
    books = old(tmp_path, "refunded_before")
    text = (
        "2 Taobao orders may stand with what was left of them after refunds: 4100000000000000002, 4100000000000000001"
    )
    assert looked(books) == [("attention", text)]


ORDER = sold("2850000000000000500", ("A", 1, 10000), ("B", 1, 13400), freight=600)


@pytest.mark.parametrize("grown", [False, True])
def test_it_is_put_right_on_either_database_also_where_more_went_back_since(
    books: Books, folder: Folder, grown: bool
) -> None:
    """24.00 of 240.00 were left; by the newer report it may be less."""
    take(books, *folder.both(ORDER))
    attempt(books, "UPDATE orders SET paid = 2400, freight = 600, refunded_there = NULL")
    attempt(books, "UPDATE order_lines SET cash = 1800 * cash / 23400, cash_source = 'split', refunded_there = NULL")
    books.tell()
    file = take_one(books, folder.orders(replace(ORDER, refunded=24000 if grown else 21600)))
    assert (file.questions, file.changed) == (0, 1)
    assert books.value("SELECT mended FROM imports ORDER BY id DESC LIMIT 1") == 1
    assert [tuple(r) for r in books.rows("SELECT paid, freight FROM orders")] == [(24000, 600)]
    assert [r[0] for r in books.rows("SELECT cash FROM order_lines ORDER BY position")] == [10000, 13400]
    assert questions(books) == []
    books.check()


def test_what_cases_draw_on_a_line_is_never_taken_from_it(books: Books, folder: Folder) -> None:
    """By the older reading a line has 230.00, by the newer one 100.00, and 200.00 are drawn: a person must look."""
    books.hire()
    take(books, *folder.both(ORDER))
    attempt(books, "UPDATE orders SET paid = 23600, refunded_there = NULL")
    attempt(books, "UPDATE order_lines SET cash = CASE WHEN position = 1 THEN 23000 ELSE 0 END, refunded_there = NULL")
    case = books.do(decisions.open_case, ORDER.number, kind=Kind.ALLOWANCE, reason="Q_FUNC", lines=["A"], amount=20000)
    books.do(decisions.approve, case.number, by=MANAGER, waive=["evidence"], because="x")
    file = take_one(books, folder.orders(replace(ORDER, refunded=400)))
    assert (file.questions, file.exit_code) == (1, 3)
    assert questions(books) == [(ORDER.number, "paid", "236.00", "240.00")]
    assert books.value("SELECT paid FROM orders") == 23600


def test_an_order_that_says_something_else_is_asked_about_as_ever(books: Books, folder: Folder) -> None:
    """No refund explains that 260.00 were paid by the books."""
    take(books, *folder.both(ORDER))
    attempt(books, "UPDATE orders SET paid = 26000, refunded_there = NULL")
    file = take_one(books, folder.orders(replace(ORDER, refunded=400)))
    assert file.questions == 1
    assert questions(books) == [(ORDER.number, "paid", "260.00", "240.00")]
