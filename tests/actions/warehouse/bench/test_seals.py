"""Whether a seal is whole is answered by a code, by whoever stands there, in a file and in a pipe."""

from __future__ import annotations

import pytest

from retcli.models import Product
from retcli.transaction import opened
from tests.shopfloor import Books
from tests.warehouse import Table, Terminal, returning, stock

BACK, ORDER = "YT9000000000001", "2850000000000000711"


@pytest.fixture(params=[Table, Terminal])
def table(request: pytest.FixtureRequest, books: Books) -> Table:
    """A table on which a return of two face masks lies: from a pipe, and with somebody at a terminal."""
    books.hire()
    with opened(books.asked()) as shop:
        shop.add(Product(sku="MASK", name="面膜", category="美妆/护肤/面膜", price=900, cost=100))
    returning(books, ORDER, ("MASK", 2, 1800), waybill=BACK)
    table: Table = request.param(books)
    table.scan(BACK)
    return table


def outcomes(table: Table, *codes: str) -> list[str]:
    """The word that is said to each code."""
    if isinstance(table, Terminal):
        return [view.outcome for view in table.codes(*codes)]
    return table.outcomes(*codes)


def test_a_whole_seal_is_graded_as_asked_about(table: Table) -> None:
    assert outcomes(table, "RCMDA", "MASK", "RCMDSEALED", "MASK", "RCMDSEALED") == [
        "command",
        "stop",
        "inspected",
        "stop",
        "inspected",
    ]
    assert stock(table.books) == {("MASK", "sellable"): 2}
    table.books.check()


def test_an_opened_one_is_b_and_held_and_the_grade_stays_in_force(table: Table) -> None:
    assert outcomes(table, "RCMDA", "MASK", "RCMDOPENED")[-1] == "inspected"
    assert stock(table.books) == {("MASK", "held"): 1}
    assert table.bench.grade == "A"
    table.books.check()


def test_all_of_them_at_once(table: Table) -> None:
    outcomes(table, "RCMDA", "RCMDALL", "RCMDSEALED")
    assert stock(table.books) == {("MASK", "sellable"): 2}


def test_another_code_ends_the_question(table: Table) -> None:
    assert outcomes(table, "RCMDA", "MASK", "RCMDLIST", "RCMDSEALED")[-1] == "unknown"
    assert stock(table.books) == {}


def test_a_word_about_a_seal_that_nobody_asked_about_books_nothing(table: Table) -> None:
    assert outcomes(table, "RCMDA", "RCMDSEALED", "RCMDOPENED")[1:] == ["unknown", "unknown"]
