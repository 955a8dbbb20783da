"""Every movement in stock has its cause: in the books, in the list, in the check, and in books of before."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from retcli.actions.books import check
from retcli.actions.warehouse import stock_moves
from retcli.database import engine
from retcli.database.migrations import noting, triggers
from retcli.database.versions import HEAD, upgrade
from retcli.errors import NotFound
from retcli.opening import _tell
from tests.actions.imports.goods.test_stock_counts import counted
from tests.shopfloor import WAREHOUSE, Books
from tests.warehouse import Table, returning

ORDER, OTHER = "2850000000000000501", "2850000000000000502"
BACK, NEXT = "YT5260493176849", "SF1620041173366"
CAUSES = ("cause", "cause_id")


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    books.product("CUP")
    books.product("PEN")
    returning(books, ORDER, ("CUP", 2, 8000), ("PEN", 1, 500), waybill=BACK)
    returning(books, OTHER, ("CUP", 1, 8000), waybill=NEXT)
    return Table(books)


def without_causes(connection: sa.Connection) -> None:
    """Movements in stock without their causes, as before revision 0039."""
    columns = {row["name"] for row in sa.inspect(connection).get_columns("stock_moves")}
    noting.note_anew(connection, "stock_moves", sorted(columns - {"id", *CAUSES}))
    for column in CAUSES:
        connection.exec_driver_sql(f"ALTER TABLE stock_moves DROP COLUMN {column}")


def written(books: Books) -> list[tuple[str, str, str, int, str]]:
    """Each movement in the order in which it was written, with its cause."""
    rows = books.rows("SELECT sku, source, target, quantity, cause FROM stock_moves ORDER BY id")
    return [tuple(row) for row in rows]


def test_each_has_its_cause(table: Table) -> None:
    """点 1 件、判良品 1 件（先点后判）、撤销一步：三种原因都写清，撤销也写。"""
    table.scan(BACK, "CUP", "RCMDA", "PEN", "RCMDUNDO", "CUP")
    assert written(table.books) == [
        ("CUP", "", "pending", 1, "counted"),
        ("PEN", "", "pending", 1, "counted"),
        ("PEN", "pending", "sellable", 1, "found"),
        ("PEN", "sellable", "pending", 1, "taken_back"),
        ("PEN", "pending", "", 1, "uncounted"),
        ("CUP", "pending", "sellable", 1, "found"),
    ]
    table.books.check()


def test_the_list_tells_why_of_what_by_whom(table: Table) -> None:
    table.scan(BACK, "RCMDC", "CUP", "RCMDNEXT", NEXT, "RCMDA", "CUP")
    view = table.books.do(stock_moves.moves, "CUP")
    number, case = table.books.rows(
        "SELECT p.number, c.number FROM parcels p JOIN parcel_cases s ON s.parcel_id = p.id"
        " JOIN cases c ON c.id = s.case_id WHERE p.waybill = :w", w=NEXT)[0]  # fmt: skip
    newest = view.moves[0]
    assert (newest.cause, newest.grade, newest.parcel, newest.case, newest.by) == (
        "found",
        "A",
        number,
        case,
        WAREHOUSE,
    )
    assert newest.why == "inspected: A as new"
    assert newest.way == "pending inspection → sellable"
    assert [move.cause for move in view.moves] == ["found", "counted", "found", "counted"]
    of_parcel = table.books.do(stock_moves.moves, parcel=NEXT)
    assert [(move.sku, move.cause) for move in of_parcel.moves] == [("CUP", "found"), ("CUP", "counted")]
    assert table.books.do(stock_moves.moves, "PEN").moves == ()
    with pytest.raises(NotFound):
        table.books.do(stock_moves.moves, parcel="NOWHERE")


def test_a_difference_of_the_stocktake_names_its_count(table: Table, tmp_path: Path) -> None:
    counted(table.books, tmp_path, ("CUP", "可售", 20, "2026-11-08 18:00"))
    counted(table.books, tmp_path, ("CUP", "可售", 17, "2026-11-09 09:00"))
    rows = table.books.rows("SELECT m.cause, m.quantity, c.quantity FROM stock_moves m JOIN stock_counts c"
                            " ON c.id = m.cause_id ORDER BY m.id")  # fmt: skip
    assert [tuple(row) for row in rows] == [("stocktake", 20, 20), ("stocktake", 3, 17)]


@pytest.mark.parametrize("wrong", ["cause = ''", "cause = 'gone'", "cause_id = 999", "cause_id = 1"])
def test_one_without_a_cause_is_a_problem(table: Table, wrong: str) -> None:
    table.scan(BACK, "RCMDA", "PEN", "CUP")
    table.books.check()
    made = engine.engine(table.books.database)
    with made.begin() as connection:
        for statement in triggers.changeable(connection.dialect.name, "stock_moves"):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"UPDATE stock_moves SET {wrong} WHERE sku = 'CUP' AND target = 'sellable'")
    told = [problem.text for problem in table.books.do(check.check).problems if "moved in stock" in problem.text]
    assert len(told) == 1, told


def test_books_of_before_are_filled_where_their_history_tells_it(table: Table, tmp_path: Path) -> None:
    """升级前的账本：点数、验货、撤销、盘点都补上原因；一行没写的原因也没有。"""
    books = table.books
    table.scan(BACK, "CUP", "RCMDA", "PEN", "RCMDUNDO", "CUP")
    books.later(minutes=5)
    table.scan("RCMDC", "CUP")
    counted(books, tmp_path, ("CUP", "可售", 20, "2026-11-08 18:00"))
    now = written(books)
    rows = books.rows("SELECT cause, cause_id FROM stock_moves ORDER BY id")
    with engine.engine(books.database).begin() as connection:
        without_causes(connection)
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0038'")
    upgrade(engine.engine(books.database), "0039", lambda connection, noted: _tell(
        books.asked(), "0038", connection, noted))  # fmt: skip
    with engine.engine(books.database).begin() as connection:  # all that came after that revision is there already
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{HEAD}'")
    assert written(books) == now
    filled = books.rows("SELECT cause, cause_id FROM stock_moves ORDER BY id")
    assert [tuple(row) for row in filled] == [tuple(row) for row in rows]
    books.check()
    with pytest.raises(Exception, match="append-only"), engine.engine(books.database).begin() as connection:
        connection.exec_driver_sql("UPDATE stock_moves SET cause = 'found'")
