"""Pieces that stay held once nothing open waits for them: the day's list says so, and where they lie."""

from __future__ import annotations

import pytest

from retcli.actions.cases import decisions
from retcli.actions.insight import today
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import detaching, parcels
from tests.shopfloor import MANAGER, WAREHOUSE, Books
from tests.terminal import Desk
from tests.warehouse import Table, returning, stock

ONE, TWO = "2850000000000000051", "2850000000000000052"
BACK, STRANGER = "YT5260493176849", "YT1252110038258"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    for sku in ("CUP", "MUG"):
        books.product(sku)
    return Table(books)


def settled(books: Books, case: str) -> None:
    """The case is paid and finished."""
    payout = books.do(payouts.refund, case, by=MANAGER).number
    for move in ("send", "confirm"):
        books.do(payout_steps.step, payout, move, by=MANAGER)
    if books.value("SELECT filing FROM cases WHERE number = :n", n=case) == "open":
        books.do(decisions.finish, case, by=MANAGER)


def held(books: Books) -> tuple[int, dict[str, dict[str, int]]]:
    """How many parcels the day's list tells of, and the held pieces of each in the list that it names."""
    listed = books.do(parcels.list_parcels, held=True).parcels
    return books.do(today.today).held, {parcel.number: dict(parcel.held) for parcel in listed}


@pytest.mark.parametrize("how", ["scanned", "detached", "one too many"])
def test_what_nobody_waits_for_is_listed_once_its_cases_are_finished(table: Table, how: str) -> None:
    """件里多出来的马克杯一直暂扣：售后单完结以后，今天要做里有一行。"""
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 800), waybill=BACK)
    other = returning(books, TWO, ("MUG", 1, 900), waybill="") if how == "detached" else ""
    wrong = "CUP" if how == "one too many" else "MUG"
    number = table.scan(BACK, "RCMDA", "CUP", wrong, "RCMDEND")[0].parcel
    if other:
        books.do(parcels.match, number, other)
        assert stock(books) == {("CUP", "sellable"): 1, ("MUG", "sellable"): 1}
        books.do(detaching.detach, number, other, because="归错了")
    assert stock(books)[wrong, "held"] == 1
    assert held(books) == (0, {}), "an open case of the parcel tells of it"
    settled(books, case)
    assert held(books) == (1, {number: {wrong: 1}})
    said = Desk(books.database).type("today", by=WAREHOUSE).out
    assert "retcli parcel list --held" in said
    if how == "detached":
        books.do(parcels.match, number, other)
        assert held(books) == (0, {})
    books.check()


def test_what_was_taken_off_its_only_case_is_nobody_s_and_has_its_grade_again(table: Table) -> None:
    """归单时多出来暂扣的那件，取消归单后放回原来的等级；整件又是无主件。"""
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 800), waybill="")
    number = table.scan(STRANGER, "RCMDA", "CUP", "MUG", "RCMDC", "CUP", "RCMDEND")[0].parcel
    found = {("CUP", "unclaimed"): 2, ("MUG", "unclaimed"): 1}
    assert stock(books) == found
    books.do(parcels.match, number, case)
    assert stock(books) == {("CUP", "sellable"): 1, ("CUP", "held"): 1, ("MUG", "held"): 1}
    books.do(detaching.detach, number, because="归错了")
    assert stock(books) == found
    assert (books.do(today.today).unclaimed, held(books)) == (1, (0, {}))
    books.check()


def test_after_three_months_only_their_own_list_has_them(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("CUP", 1, 800), waybill=BACK)
    number = table.scan(BACK, "RCMDA", "CUP", "MUG", "RCMDEND")[0].parcel
    settled(books, case)
    books.later(days=90)
    assert held(books) == (1, {number: {"MUG": 1}})
    books.later(days=1)
    assert held(books) == (0, {number: {"MUG": 1}})
