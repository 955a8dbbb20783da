"""What one scan asks of the books: everybody else who writes waits for its last statement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from retcli.actions.warehouse import parcels
from retcli.database import engine
from tests import warehouse
from tests.shopfloor import WAREHOUSE, Books
from tests.warehouse import Table

ORDER, BACK, STRANGER = "2850000000000000081", "YT5260493176849", "SF1234567890123"


@contextmanager
def asked(books: Books) -> Iterator[list[str]]:
    """Every statement that is run meanwhile."""
    statements: list[str] = []

    def heard(*of: Any) -> None:
        statements.append(" ".join(str(of[2]).split()))

    made = engine.engine(books.database)
    sa.event.listen(made, "before_cursor_execute", heard)
    try:
        yield statements
    finally:
        sa.event.remove(made, "before_cursor_execute", heard)


@pytest.mark.parametrize(("code", "at_most"), [(BACK, 24), ("TS-L", 48), (STRANGER, 17), ("RCMDA", 11)])
def test_a_scan_asks_no_more_than_it_must(sqlite_books: Books, code: str, at_most: int) -> None:
    """On SQLite; a server is also asked for each row that is held."""
    books = sqlite_books
    books.hire()
    warehouse.returning(books, ORDER, ("TS-L", 1, 5490), waybill=BACK)
    table = Table(books)
    table.scan("RCMDB")
    if code == "TS-L":
        table.scan(BACK)
    with asked(books) as statements:
        table.scan(code)
    assert len(statements) <= at_most, statements
    # no row of a parcel or case is read twice for the same question
    assert len([s for s in statements if "FROM parcels WHERE parcels.number =" in s and "UNION" not in s]) <= 1
    books.check()


def test_what_is_read_of_a_parcel_is_what_stands_there(books: Books) -> None:
    """A parcel that is asked for twice in a piece of work is one object, which a step of its lifecycle has moved on."""
    from retcli.transaction import opened

    books.hire()
    warehouse.returning(books, ORDER, ("TS-L", 1, 5490), waybill=BACK)
    with opened(books.asked(WAREHOUSE)) as shop:
        (number,) = shop.session.execute(sa.text("SELECT number FROM parcels")).scalars()
        parcel = parcels.numbered(shop, number)
        parcels.receive(shop, parcel)
        again = parcels.numbered(shop, number)
        row = shop.session.execute(sa.text("SELECT state, version, received_by FROM parcels")).one()
        assert again is parcel
        assert (again.state, again.version, again.received_by) == tuple(row)
        assert again.received_at == shop.now
