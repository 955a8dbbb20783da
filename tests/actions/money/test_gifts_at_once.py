"""Two gifts on two cases of one order at the same instant count together against the limit of an agent."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest

from retcli.actions.cases import decisions, offers
from retcli.actions.money import payouts
from retcli.rules.cases.remedies import Rung
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from tests.shopfloor import AGENT, MANAGER, Books, shanghai

NUMBER = "2850000000000000721"
BEFORE, AFTER = shanghai("2026-11-09 23:59:59"), shanghai("2026-11-10 00:00:00")
"""Payouts of two days are numbered apart, so that neither waits for the other's number."""


def two_cases(books: Books) -> list[str]:
    books.hire()
    books.order(NUMBER, ("TS-L", 1, 9397), ("CUP", 1, 9397))
    cases = []
    for sku in ("TS-L", "CUP"):
        case = books.do(decisions.open_case, NUMBER, kind=Kind.EXCHANGE, reason="Q_FUNC", lines=[f"{sku}=1"]).number
        books.do(decisions.approve, case, by=MANAGER)
        cases.append(case)
    return cases


def at_once(first: Books, second: Books, *gifts: Any) -> list[tuple[int, str]]:
    """Gives the first, and the second before the first is saved; what the payouts are then."""
    faults: list[BaseException] = []

    def give() -> None:
        try:
            with opened(second.asked(AGENT)) as shop:
                gifts[1](shop)
        except BaseException as fault:
            faults.append(fault)

    other = Thread(target=give)
    with opened(first.asked(AGENT)) as shop:
        gifts[0](shop)
        other.start()
        other.join(2)
    other.join(30)
    assert (faults, other.is_alive()) == ([], False)
    return [tuple(row) for row in first.rows("SELECT minor, state FROM payouts ORDER BY minor")]


@pytest.mark.parametrize("moments", [(BEFORE, BEFORE), (BEFORE, AFTER)], ids=["one day", "midnight"])
@pytest.mark.parametrize("gift", ["coupon", "points", "cash"])
def test_compensations_share_the_limit(postgres_books: Books, gift: str, moments: Any) -> None:
    """20.00 and 10.01 are above 30.00 together."""
    cases = two_cases(postgres_books)
    first, second = (postgres_books.at_(moment) for moment in moments)
    gifts = [
        lambda shop, case=case, minor=minor: payouts.compensate(shop, case, **{gift: minor})
        for case, minor in zip(cases, (2000, 1001), strict=True)
    ]
    assert at_once(first, second, *gifts) == [(1001, "waiting"), (2000, "due")]
    postgres_books.check()


def test_an_accepted_coupon_shares_it_too(postgres_books: Books) -> None:
    cases = two_cases(postgres_books)
    postgres_books.do(offers.offer, cases[1], Rung.COUPON, amount=1001, by=AGENT)
    first, second = postgres_books.at_(BEFORE), postgres_books.at_(AFTER)
    gifts = [
        lambda shop: payouts.compensate(shop, cases[0], points=2000),
        lambda shop: offers.answer(shop, cases[1], accepted=True),
    ]
    assert at_once(first, second, *gifts) == [(1001, "waiting"), (2000, "due")]
