"""Whatever is counted, moved, posted and taken back in whatever order: the books hold what an account apart says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col

from retcli.actions.cases import undoing
from retcli.actions.warehouse import stock_shown
from retcli.actions.warehouse.pieces import stock as stocks
from retcli.actions.warehouse.stocktakes import posting, takes
from retcli.errors import Refused, RetcliError
from retcli.models.stock import Stocktake, StockTally
from retcli.rules.lifecycles import Bucket
from retcli.rules.warehouse.causes import Cause
from retcli.transaction import opened
from tests.shopfloor import AGENT, MANAGER, WAREHOUSE, Books
from tests.warehouse import stock

SKUS = ("CUP", "PEN")


def begun(books: Books) -> Books:
    """A shop with ten of each, counted."""
    books.hire()
    for sku in SKUS:
        books.product(sku)
        books.do(takes.count, sku, 10, by=WAREHOUSE)
    books.do(posting.post, by=MANAGER)
    books.later(minutes=1)
    return books


def moved(books: Books, sku: str, pieces: int) -> None:
    """So many pieces come (below zero: go) by other ways."""
    source, target = (stocks.OUTSIDE, Bucket.SELLABLE) if pieces > 0 else (Bucket.SELLABLE, stocks.OUTSIDE)
    with opened(books.asked()) as shop:
        stocks.move(shop, sku, source, target, abs(pieces), None, cause=Cause.FOUND)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("count"), st.sampled_from(SKUS), st.integers(0, 25), st.sampled_from((WAREHOUSE, AGENT))),
        st.tuples(st.just("move"), st.sampled_from(SKUS), st.integers(-6, 6).filter(bool)),
        st.tuples(st.just("post")),
        st.tuples(st.just("undo"), st.sampled_from((WAREHOUSE, AGENT, MANAGER))),
        st.tuples(st.just("drop")),
    ),
    max_size=14,
)


def step(books: Books, what: tuple[Any, ...], account: dict[str, int]) -> None:
    """Does one step on the books and, where they do not refuse, in the account of what is there."""
    books.later(minutes=1)
    before = dict(account)
    try:
        if what[0] == "count":
            books.do(takes.count, what[1], what[2], by=what[3])
        elif what[0] == "move":
            moved(books, what[1], what[2])
            account[what[1]] += what[2]
        elif what[0] == "post":
            books.do(posting.post, by=MANAGER)
            account |= pieces_of(books)
        elif what[0] == "undo":
            books.do(undoing.undo, by=what[1])
            account |= pieces_of(books)
        else:
            books.do(takes.drop, by=WAREHOUSE)
    except RetcliError:
        account.update(before)


def pieces_of(books: Books) -> dict[str, int]:
    return {sku: stock(books).get((sku, "sellable"), 0) for sku in SKUS}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_balances_are_the_sum_of_the_moves_and_never_below_zero(
    more_books: Callable[[], Books], steps: list[tuple[Any, ...]]
) -> None:
    books = begun(more_books())
    account = dict.fromkeys(SKUS, 10)
    for what in steps:
        step(books, what, account)
        sums = "SELECT SUM(CASE WHEN target = 'sellable' THEN quantity ELSE -quantity END) FROM stock_moves WHERE sku ="
        for sku in SKUS:
            assert int(books.value(f"{sums} :sku", sku=sku) or 0) == pieces_of(books)[sku] == account[sku] >= 0
    books.check()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(numbers=st.dictionaries(st.sampled_from(SKUS), st.integers(0, 20), min_size=1), later=st.integers(-5, 5))
def test_posted_and_undone_is_as_before(more_books: Callable[[], Books], numbers: dict[str, int], later: int) -> None:
    books = begun(more_books())
    for sku, pieces in numbers.items():
        books.do(takes.count, sku, pieces, by=WAREHOUSE)
    books.later(minutes=1)
    if later:
        moved(books, "CUP", later)
    before, told = pieces_of(books), books.do(stock_shown.show).document()
    books.later(minutes=1)
    books.do(posting.post, by=MANAGER)
    expected = {sku: before[sku] + (numbers[sku] - 10 if sku in numbers else 0) for sku in SKUS}
    refused = {sku for sku in SKUS if expected[sku] < 0}
    assert pieces_of(books) == {sku: before[sku] if sku in refused else expected[sku] for sku in SKUS}
    books.later(minutes=1)
    books.do(undoing.undo, by=MANAGER)
    assert (pieces_of(books), books.do(stock_shown.show).document()) == (before, told)
    books.check()


def test_a_difference_against_the_stock_of_today_is_noticed(
    more_books: Callable[[], Books], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that compared with the books of today would lose what came meanwhile."""
    correct = stocks.correct

    def of_today(shop: Any, sku: str, bucket: str, _difference: int, *others: Any) -> None:
        counted = shop.session.scalars(sa.select(StockTally).where(col(StockTally.take_id) == 2)).one().pieces
        correct(shop, sku, bucket, counted - stocks.held(shop, sku, bucket), *others)

    for mutant, right in ((correct, 10), (of_today, 8)):
        books = begun(more_books())
        books.do(takes.count, "CUP", 8, by=WAREHOUSE)
        books.later(minutes=1)
        moved(books, "CUP", 2)
        monkeypatch.setattr(stocks, "correct", mutant)
        books.do(posting.post, by=MANAGER)
        monkeypatch.undo()
        assert pieces_of(books)["CUP"] == right


def test_posted_once_only(more_books: Callable[[], Books], monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that did not ask whether a stocktake is still open would post its differences twice."""
    books = begun(more_books())
    books.do(takes.count, "CUP", 8, by=WAREHOUSE)
    books.do(posting.post, by=MANAGER)
    with pytest.raises(Refused):
        books.do(posting.post, by=MANAGER)
    assert pieces_of(books)["CUP"] == 8
    monkeypatch.setattr(takes, "open_take", lambda shop, _bucket: shop.session.get_one(Stocktake, 2))
    with pytest.raises(RetcliError):
        books.do(posting.post, by=MANAGER)
    assert pieces_of(books)["CUP"] == 8
