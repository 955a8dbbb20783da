"""The workbook of a month reads the month's refunds and what was left open before, not all that there ever were."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from benchmarks.exports import fill
from retcli.actions.insight.month import reconciliation as reconciling
from retcli.database import engine
from retcli.sheets import reconciliation
from retcli.transaction import opened
from tests.shopfloor import Books


def _rows_read(books: Books, orders: int, month: str) -> tuple[int, int]:
    """How many rows the database gives for the workbook of a month in books with so many orders of a year, every tenth
    of them refunded; and how many refunds the month has.
    """
    fill(books.database, orders)
    read = 0

    def counted(_cursor: object, row: Any) -> Any:
        nonlocal read
        read += 1
        return row

    def count(connection: Any, *_of: object) -> None:
        connection.row_factory = counted

    sa.event.listen(engine.engine(books.database), "checkout", count)
    with opened(books.asked(), writes=False) as shop:
        made = reconciling.month_of_books(shop, month)
        reconciliation.sheets(made)
    return read, len(made.movements)


def test_what_matched_in_earlier_months_is_not_read(more_books: Callable[[], Books]) -> None:
    few, many = (_rows_read(more_books(), orders, "2027-02") for orders in (100, 1000))
    assert few == many, "ten refunds of the year before, or a hundred: all of them matched"
    assert many[1] == 0


def test_the_rows_read_grow_with_the_months_own_refunds(more_books: Callable[[], Books]) -> None:
    """Of 120 refunds in a year, one each 3.04 days from 2025-12-04 on, the 110th to the 118th are of November; of 1,200
    the 1,091st to the 1,189th.
    """
    few, many = (_rows_read(more_books(), orders, "2026-11") for orders in (1200, 12_000))
    assert (few[1], many[1]) == (9, 99)
    each, beyond = divmod(many[0] - few[0], 99 - 9)
    assert (each < 20, beyond) == (True, 0), "some statements give a row of each refund of the month, none of another"
