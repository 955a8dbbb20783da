"""Freight that is left is refunded beside amends: up to what is left of goods and freight together, by every door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.money import payout_steps, payouts
from retcli.errors import Refused
from retcli.rules.casefile.findings import Answer
from retcli.rules.lifecycles import Decision, Kind
from tests.actions.money.test_beyond_price import BEYOND, money_of
from tests.actions.money.test_refund_beyond_price import DECIDING, ORDER, amends
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import AGENT, MANAGER, Books


@dataclass(frozen=True)
class Left:
    """Of goods 100.00 and freight 10.00, not sent: what was given in cash (`amends`), cut from the price (`cut`) and
    given back of the freight (`freight`), and what is left of the goods and of the freight, all in fen, by hand.
    """

    goods_left: int
    freight_left: int
    amends: int = 0
    cut: int = 0
    freight: int = 0

    @property
    def all(self) -> int:
        return self.goods_left + self.freight_left


LEFT = {
    "nothing given": Left(10000, 1000),
    "60.00 in cash": Left(4000, 1000, amends=6000),
    "100.00 in cash": Left(0, 1000, amends=10000),
    "60.00 cut and 40.00 in cash": Left(0, 1000, amends=4000, cut=6000),
    "60.00 cut and 39.99 in cash": Left(1, 1000, amends=3999, cut=6000),
    "60.00 in cash, 4.00 of the freight": Left(4000, 600, amends=6000, freight=400),
    "100.00 in cash, all of the freight": Left(0, 0, amends=10000, freight=1000),
    "60.00 cut": Left(4000, 1000, cut=6000),
}
DOORS = {name: door for name, door in DECIDING.items() if name != "raised"}
"""That one makes a return of the case, whose goods would have to come back first."""
ASKED = [
    (name, what, minor)
    for name, left in LEFT.items()
    for what, minor in (("all of it", left.all), ("a fen less", left.all - 1), ("the freight alone", 1000))
    if 0 < minor <= left.all
]
"""What is asked for of what is left, where there is so much."""


@pytest.fixture
def shop(books: Books) -> Books:
    books.hire()
    books.order(ORDER, ("TS-L", 1, 10000), freight=1000, shipped=False, signed_at=None)
    return books


def given(books: Books, left: Left) -> None:
    """What was given before the refund is asked for."""
    for reason, minor in (("N_AGREE", left.cut), ("I_FREIGHT", left.freight)):
        if minor:
            case = books.do(decisions.open_case, ORDER, kind=Kind.ALLOWANCE, reason=reason, amount=minor).number
            books.do(decisions.approve, case, by=MANAGER)
            number = books.do(payouts.refund, case, by=MANAGER).number
            books.do(payout_steps.step, number, "send", by=MANAGER)
            books.do(payout_steps.step, number, "confirm", by=MANAGER)
    if left.amends:
        amends(books, left.amends)


def asked(books: Books, minor: int) -> str:
    return books.do(decisions.open_case, ORDER, kind=Kind.REFUND_ONLY, reason="S_OOS", amount=minor).number


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("name", "minor"), [(n, m) for n, _what, m in ASKED], ids=[f"{n}-{w}" for n, w, _m in ASKED])
def test_what_is_left_of_both_is_agreed_to_and_leaves(shop: Books, name: str, minor: int, door: str) -> None:
    left = LEFT[name]
    given(shop, left)
    before = money_of(shop)
    case = asked(shop, minor)
    assert not [each for each in shop.do(case_cards.show, case).judgement.findings if each.answer == Answer.NO]
    DOORS[door](shop, case, MANAGER)
    freight = max(minor - left.goods_left, 0)
    assert shop.rows("SELECT freight_due FROM cases WHERE number = :n", n=case) == [(freight,)]
    assert shop.value("SELECT SUM(due) FROM case_lines JOIN cases c ON c.id = case_id WHERE c.number = :n", n=case) == (
        minor - freight
    )
    shop.do(payouts.refund, case, by=MANAGER)
    assert money_of(shop) == before + minor
    shop.check()


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", [name for name in LEFT if LEFT[name].amends])
def test_a_fen_more_is_refused(shop: Books, name: str, door: str) -> None:
    given(shop, LEFT[name])
    case = asked(shop, LEFT[name].all + 1)
    with pytest.raises(Refused) as refused:
        DOORS[door](shop, case, AGENT)
    assert f"--waive {BEYOND}" in str(refused.value.hint)
    assert shop.do(case_cards.show, case).decision != Decision.APPROVED


def test_the_derivation_says_what_of_it_is_freight(shop: Books) -> None:
    """45.00 beside 60.00 of amends: 40.00 of the goods, 5.00 of the freight."""
    given(shop, Left(4000, 1000, amends=6000))
    case = asked(shop, 4500)
    steps = [(step.text, step.money) for step in shop.do(case_cards.show, case).judgement.amount.steps]
    assert steps[-3:] == [
        ("Less was asked for or agreed", 4500),
        ("Of it freight of the way out: beside the amends {left} is left of the goods", 500),
        ("Due", 4500),
    ]


def test_it_leaves_in_parts_too(shop: Books) -> None:
    given(shop, Left(0, 1000, amends=10000))
    case = asked(shop, 1000)
    shop.do(decisions.approve, case, by=AGENT)
    for minor in (400, 600):
        shop.do(payouts.refund, case, amount=minor, by=MANAGER)
    assert money_of(shop) == 11000
    with pytest.raises(Refused):
        shop.do(payouts.refund, case, amount=1, by=MANAGER)
    shop.check()


@pytest.mark.parametrize("paid_by_itself", [False, True])
def test_what_the_buyer_applies_for_on_the_platform_is_measured_alike(
    books: Books, folder: Folder, *, paid_by_itself: bool
) -> None:
    """50.00 beside 60.00 of amends: 40.00 of the goods and the freight; agreed to and clicked here, or paid there."""
    books.hire()
    bought = unsent(sold(ORDER, ("TS-L", 1, 10000), freight=1000))
    take(books, *folder.both(bought))
    amends(books, 6000)
    wish: dict[str, Any] = {"kind": "仅退款", "goods": "买家未收到货", "line": None}
    if not paid_by_itself:
        take(books, folder.refunds(asked_back("R1", bought, 5000, status=REQUESTED, **wish)))
        books.do(decisions.approve, "R1", by=MANAGER)
        books.do(platform_list.done, ["R1"], by=MANAGER)
    books.later(hours=1)
    take(books, folder.refunds(asked_back("R1", bought, 5000, status=SUCCEEDED, **wish)))
    assert books.rows("SELECT freight_due FROM cases WHERE platform_number = 'R1'") == [(1000,)]
    assert money_of(books) == 11000
    books.check()
