"""Rows whose key is joined of several columns are found by an index, however many there are, whatever stands in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from retcli.database import engine
from retcli.database.history import facts, watched
from retcli.models import Barcode
from retcli.transaction import opened
from tests.shopfloor import Books

JOINED = [table for table in watched.TABLES if len(watched.key_columns(table)) > 1]
CODES = ("6901234567892", "69/01", "/", "69//01/")
"""Codes of which some hold what joins the columns of a key."""


@contextmanager
def plans(books: Books) -> Iterator[list[str]]:
    """The steps by which SQLite goes through the tables of joined keys, of each statement that is asked meanwhile."""
    asked: list[tuple[str, Any]] = []
    steps: list[str] = []

    def heard(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if not many and any(f"FROM {table}" in statement for table in JOINED) and "SELECT" in statement:
            asked.append((statement, values))

    made = engine.engine(books.database)
    sa.event.listen(made, "before_cursor_execute", heard)
    try:
        yield steps
    finally:
        sa.event.remove(made, "before_cursor_execute", heard)
        with made.connect() as connection:
            for statement, values in asked:
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                steps += [str(row[-1]) for row in rows]


def stocked(books: Books, *codes: str) -> None:
    """A product with some codes on its labels, and the waybills of an order."""
    books.product("S/1")
    books.order("2850000000000000991", ("S/1", 1, 1000))
    with opened(books.asked()) as shop:
        for code in codes:
            shop.add(Barcode(code=code, sku="S/1", pieces=2))
        for waybill in ("YT5260493176849", "YT/1"):
            insert = "INSERT INTO order_waybills (order_id, waybill, carrier) VALUES (1, :waybill, '')"
            shop.session.execute(sa.text(insert), {"waybill": waybill})


def walked(steps: list[str]) -> list[str]:
    """The steps that read all of such a table."""
    return [step for step in steps if step.startswith("SCAN ") and step.split()[1] in {*JOINED, "t"}]


def test_there_are_such_tables() -> None:
    assert set(JOINED) == {"barcodes", "order_waybills"}


@pytest.mark.parametrize("many", [False, True], ids=["few", "many"])
def test_no_noted_row_is_sought_in_all(sqlite_books: Books, monkeypatch: pytest.MonkeyPatch, *, many: bool) -> None:
    if many:
        monkeypatch.setattr(facts, "FEW", 0)
    with plans(sqlite_books) as made:
        stocked(sqlite_books, *CODES)
        with opened(sqlite_books.asked()) as shop:
            shop.session.execute(sa.text("UPDATE barcodes SET pieces = 3"))
            shop.session.execute(sa.text("UPDATE order_waybills SET carrier = 'YTO'"))
    assert made
    assert walked(made) == []


@pytest.mark.parametrize("many", [False, True], ids=["few", "many"])
def test_each_row_is_told_whatever_stands_in_its_key(
    books: Books, monkeypatch: pytest.MonkeyPatch, *, many: bool
) -> None:
    """New ones, one that changes, one that goes: the history tells just what is there."""
    if many:
        monkeypatch.setattr(facts, "FEW", 0)
    stocked(books, *CODES)
    books.check()
    with opened(books.asked()) as shop:
        shop.session.execute(sa.text("UPDATE barcodes SET pieces = 5 WHERE code = '69/01'"))
        shop.session.execute(sa.text("UPDATE order_waybills SET carrier = 'YTO' WHERE waybill = 'YT/1'"))
    books.check()
    with opened(books.asked()) as shop:
        shop.session.execute(sa.text("DELETE FROM barcodes WHERE code = '/'"))
    books.check()


def test_a_full_read_would_be_noticed(sqlite_books: Books) -> None:
    stocked(sqlite_books, *CODES)
    with plans(sqlite_books) as made, engine.engine(sqlite_books.database).connect() as connection:
        connection.exec_driver_sql("SELECT pieces FROM barcodes AS t WHERE code || '/' || sku IN ('1/2')").all()
    assert walked(made) == ["SCAN t"]
