"""The history tells what was written of each row; older books are told once, and an edit is never told as if it were
ours.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from retcli import shop as shops
from retcli.actions import books as actions
from retcli.actions import cases, payouts
from retcli.database import engine
from retcli.rules.lifecycles import Kind
from retcli.settings import Asked
from retcli.shop import opened
from tests.shopfloor import MANAGER, NOON, Books

ORDER = "2850000000000000441"


def problems(books: Books) -> list[tuple[int, str, str]]:
    with opened(books.asked(), writes=False) as shop:
        return [(problem.invariant, problem.where, problem.text) for problem in actions.check(shop).problems]


def attempt(books: Books, *statements: str) -> None:
    """Somebody works on the books past the program, the triggers in place."""
    with engine.engine(books.database).begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


@pytest.fixture
def paid(books: Books) -> str:
    """A payout that is due."""
    books.hire()
    books.order(ORDER, ("TS-L", 2, 1000))
    case = books.do(cases.open_case, ORDER, kind=Kind.REFUND_ONLY, reason="Q_FUNC")
    books.do(cases.approve, case.number, waive=["evidence"], because="139 8765 4321 说好的", by=MANAGER)
    return str(books.do(payouts.refund, case.number, by=MANAGER).number)


def test_an_edit_is_named_with_its_column_and_both_values(books: Books, paid: str) -> None:
    books.check()
    attempt(books, "UPDATE payouts SET payee = 'somebody' WHERE id = 1", "UPDATE staff SET role = 'owner' WHERE id = 3")
    assert problems(books) == [
        (13, f"payouts/1 {paid}", "payee is somebody, its events tell buyer"),
        (13, "staff/3", "role is owner, its events tell agent"),
    ]


def test_what_an_edit_left_is_not_told_by_the_next_piece_of_work(books: Books, paid: str) -> None:
    """Somebody edits a payout, then it is worked on as ever: the edit stays named, the work does not count as one."""
    attempt(books, "UPDATE payouts SET payee = 'somebody' WHERE id = 1")
    books.do(payouts.step, paid, "send", by=MANAGER)
    assert problems(books) == [(13, f"payouts/1 {paid}", "payee is somebody, its events tell buyer")]


def test_a_row_that_was_slipped_in_stays_untold_when_it_is_worked_on(books: Books, paid: str) -> None:
    with engine.engine(books.database).begin() as connection:
        columns = "kind, method, payee, minor, currency, origin, version, decided_by, decided_at, because"
        connection.execute(
            sa.text(
                f"INSERT INTO payouts (number, request, case_id, order_id, state, {columns})"
                f" SELECT 'PO1', 'slipped', case_id, order_id, 'due', {columns} FROM payouts"
            )
        )
    books.do(payouts.step, "PO1", "send", by=MANAGER)
    assert (13, "payouts/2 PO1", "it stands there, but no event tells of it") in problems(books)


def test_paid_and_lines_changed_together_are_named(books: Books, paid: str) -> None:
    attempt(books, "UPDATE orders SET paid = 2000", "UPDATE order_lines SET cash = 2000")
    assert [where for rule, where, _text in problems(books) if rule == 13] == ["order_lines/1", "orders/1"]


def test_no_event_repeats_what_somebody_typed(books: Books, paid: str) -> None:
    told = "".join(row[0] for row in books.rows("SELECT payload FROM events WHERE action = 'facts'"))
    assert '"because":"#' in told
    assert "8765" not in told
    assert "说好" not in told


def test_the_notebook_is_empty_after_each_piece_of_work(books: Books, paid: str) -> None:
    assert books.value("SELECT COUNT(*) FROM changed_rows") == 0


@pytest.mark.parametrize("name", ["refunded_before", "refunded_since"])
def test_older_books_are_told_once_as_they_stand(tmp_path: Path, name: str) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        script = Path(__file__).parent / "oldbooks" / f"{name}.sql"
        connection.executescript(script.read_text(encoding="utf-8"))
    before = Books(str(path)).value("SELECT MAX(seq) FROM events")
    said: list[str] = []
    owner = Books(str(path)).value("SELECT name FROM staff WHERE role = 'owner'")
    asked = Asked(str(path), owner, rehearsed_at=NOON, remark=said.append)
    shops.prepare(asked)
    assert [text for text in said if "history tells every row" in text]
    with opened(asked, writes=False) as shop:
        view = actions.check(shop)
    told = [problem for problem in view.problems if problem.invariant in {8, 13}]
    assert (told, view.since > before) == ([], True)
    attempt(Books(str(path)), "UPDATE orders SET paid = paid + 1 WHERE id = 1")
    with opened(asked, writes=False) as shop:
        assert (13, "orders/1") in {(problem.invariant, problem.where) for problem in actions.check(shop).problems}
