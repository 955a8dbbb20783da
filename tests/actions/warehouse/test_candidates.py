"""Whose a parcel of nobody may be: the likeliest case first, each reason with its score."""

from __future__ import annotations

import pytest

from retcli.actions.warehouse import parcel_candidates
from retcli.views.warehouse.parcels import Candidate
from tests.shopfloor import WAREHOUSE, Books
from tests.warehouse import Table, returning

STRANGER = "SF1620041173366"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    for sku in ("TS-L", "CUP"):
        books.product(sku)
    return Table(books)


def number(n: int) -> str:
    return f"28500000000000001{n:02d}"


def candidates(books: Books, tail: str = "") -> tuple[Candidate, ...]:
    return books.do(parcel_candidates.candidates, STRANGER, tail, by=WAREHOUSE).candidates


def test_the_case_with_just_these_goods_comes_before_those_with_some_of_them(table: Table) -> None:
    """十一个售后单都等这款：正好两件的排第一，等三件的在后，等别的货的不列。"""
    books = table.books
    for n in range(10):
        returning(books, number(n), ("TS-L", 3, 16470), waybill="")
    just = returning(books, number(50), ("TS-L", 2, 10980), waybill="")
    returning(books, number(51), ("CUP", 1, 5990), waybill="")
    table.scan(STRANGER, "TS-L", "TS-L")
    first, *others = candidates(books)
    assert (first.case, first.score) == (just, 30)
    assert first.because == ("holds exactly what the case waits for: TS-L (+30)",)
    assert {each.score for each in others} == {15}
    assert len(others) == parcel_candidates.MOST - 1


def test_time_carrier_telephone_and_what_is_here_already_tell_alike_cases_apart(table: Table) -> None:
    books = table.books
    phone, none, there = (
        returning(books, number(n), ("TS-L", 1, 5490), waybill=waybill, phone_tail=tail, carrier=carrier)
        for n, waybill, tail, carrier in (
            (1, "", "5678", "圆通速递"), (2, "", "1111", "顺丰速运"), (3, "YT5260493176849", "2222", "圆通速递"),
        )
    )  # fmt: skip
    books.later(days=5)
    table.scan("YT5260493176849", "TS-L", "RCMDNEXT", STRANGER, "TS-L")
    assert [(each.case, each.score) for each in candidates(books)] == [(none, 45), (phone, 40), (there, 0)]
    with_tail = candidates(books, "138 0000 5678")
    assert [(each.case, each.score) for each in with_tail] == [(phone, 80), (none, 45), (there, 0)]
    books.later(days=20)
    assert [each.score for each in candidates(books, "5678")] == [60, 25, -20]


def test_a_telephone_number_alone_names_the_cases_and_a_shared_one_says_less(table: Table) -> None:
    books = table.books
    first = returning(books, number(1), ("TS-L", 1, 5490), waybill="", phone_tail="5678")
    table.scan(STRANGER)
    assert candidates(books) == ()
    assert [(each.case, each.score) for each in candidates(books, "5678")] == [(first, 40)]
    second = returning(books, number(2), ("CUP", 1, 5990), waybill="", phone_tail="5678")
    assert [(each.case, each.score) for each in candidates(books, "5678")] == [(second, 30), (first, 30)]
    assert candidates(books, "") == ()
