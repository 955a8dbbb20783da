"""Shares that make a whole, and rates whose numerator and denominator are the same orders."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcli.rules.insight.analysis import (
    CaseGroup,
    Interval,
    MoneyGroup,
    ProductCount,
    by_month,
    by_product,
    by_reason,
    interval,
    rate,
    shares,
)
from retcli.rules.lifecycles import Decision, Kind
from retcli.rules.periods import Period
from tests.shopfloor import shanghai


def case(reason: str = "B_7D", kind: Kind = Kind.RETURN, **facts: Any) -> CaseGroup:
    """One agreed return of one piece that was refunded."""
    known: dict[str, Any] = {"decision": Decision.APPROVED, "month": "2026-11", "shipped": True, "paid_back": True,
                             "cases": 1, "pieces": 1}  # fmt: skip
    return CaseGroup(reason, kind, **(known | facts))


def money(reason: str, refunded: int, currency: str = "CNY", *, given: int = 0) -> MoneyGroup:
    """What went to the buyers of a reason in November."""
    return MoneyGroup(reason, "2026-11", currency, refunded, given)


@given(st.lists(st.integers(0, 10**9), max_size=40))
def test_shares_make_exactly_the_whole(amounts: list[int]) -> None:
    assert sum(shares(amounts)) == (10_000 if any(amounts) else 0)


def test_thirds_make_a_hundred_percent() -> None:
    assert shares([1, 1, 1]) == [3334, 3333, 3333]
    assert rate(1, 3) == 3333
    assert rate(2, 3) == 6667
    assert rate(1, 0) is None


def test_the_most_frequent_reason_comes_first_and_the_vague_ones_last() -> None:
    found = by_reason([case("X_OTHER", cases=3), case("B_7D"), case("Q_FUNC", cases=2)], [])
    assert [(row.reason, row.cases, row.share_cases) for row in found] == [
        ("Q_FUNC", 2, 3333),
        ("B_7D", 1, 1667),
        ("X_OTHER", 3, 5000),
    ]


def test_money_of_two_currencies_is_two_sums_with_two_shares() -> None:
    spent = [money("B_7D", 300), money("Q_FUNC", 100, given=40), money("Q_FUNC", 500, "MYR")]
    rows = {row.reason: row for row in by_reason([case("B_7D"), case("Q_FUNC")], spent)}
    assert (rows["B_7D"].spent.refunded, rows["B_7D"].share_refunded) == ({"CNY": 300}, {"CNY": 7500, "MYR": 0})
    assert rows["Q_FUNC"].spent.refunded == {"CNY": 100, "MYR": 500}
    assert rows["Q_FUNC"].spent.given == {"CNY": 40, "MYR": 0}
    assert rows["Q_FUNC"].share_refunded == {"CNY": 2500, "MYR": 10_000}


def test_only_agreed_returns_are_returns() -> None:
    kinds = [case(), case(), case(decision=Decision.REJECTED, paid_back=False)]
    kinds += [case(kind=Kind.EXCHANGE, paid_back=False), case(kind=Kind.ALLOWANCE)]
    kinds += [case("Q_FUNC", kind=Kind.REFUND_ONLY, shipped=False)]
    month, now = Period.month("2026-11"), shanghai("2026-12-15 00:00")
    row = by_month(kinds, [money("B_7D", 4000)], {"2026-11": 2}, {"2026-11": 8}, month, now)[0]
    assert (row.cases, row.returns, row.unshipped, row.quality, row.spent.refunded) == (6, 2, 1, 1, {"CNY": 4000})
    assert (row.refunded_orders, row.paid_orders, row.refund_rate) == (2, 8, 2500)
    assert (row.mature, row.ended, row.whole) == (False, True, True)


def test_a_refund_counts_for_the_month_its_order_was_paid_in() -> None:
    now = shanghai("2027-02-01 00:00")
    rows = by_month(
        [case(month="2026-12")],
        [],
        {"2026-11": 1},
        {"2026-11": 4},
        Period.days(date(2026, 10, 15), date(2026, 12, 3)),
        now,
    )
    assert [(row.month, row.cases, row.refund_rate) for row in rows] == [
        ("2026-10", 0, None),
        ("2026-11", 0, 2500),
        ("2026-12", 1, None),
    ]
    assert all(row.mature for row in rows)
    days = [(row.first.day, row.last.day, row.whole, row.ended) for row in rows]
    assert days == [(15, 31, False, False), (1, 30, True, True), (1, 3, False, False)]


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(9, 200, 239, 833), (0, 10, 0, 2775), (10, 10, 7225, 10_000), (1, 16, 111, 2833)],
)
def test_the_interval_of_a_rate(part: int, whole: int, low: int, high: int) -> None:
    """9 of 200: 2.3853 % to 8.3297 %, as every table of Wilson's interval has it."""
    assert interval(part, whole) == Interval(low, high)


def test_nothing_has_no_interval() -> None:
    assert interval(0, 0) is None


def test_products_with_too_few_sold_come_last() -> None:
    """3 of 16 is 18.75 %, and says nothing."""
    lines = [ProductCount("FEW", "Q_FUNC", 3, 3), ProductCount("MANY", "Q_FUNC", 1, 1)]
    rows = by_product(lines, {("FEW", "Q_FUNC"): 3, ("MANY", "Q_FUNC"): 1}, {"FEW": 16, "MANY": 30}, each_reason=False)
    assert [(row.sku, row.return_rate, row.too_few) for row in rows] == [("MANY", 333, False), ("FEW", 1875, True)]
    assert sum(row.share for row in rows) == 10_000


@pytest.mark.parametrize("each_reason", [False, True])
def test_products_by_pieces(each_reason: bool) -> None:
    lines = [ProductCount("A", "B_7D", 2, 3), ProductCount("B", "B_7D", 1, 3), ProductCount("A", "Q_FUNC", 1, 1)]
    back = {("A", "B_7D"): 1, ("B", "B_7D"): 3, ("A", "Q_FUNC"): 1}
    found = by_product(lines, back, {"A": 100, "B": 40}, each_reason=each_reason)
    shown = [(row.sku, row.reason, row.cases, row.pieces, row.share, row.returned, row.return_rate) for row in found]
    if each_reason:
        assert shown == [
            ("A", "B_7D", 2, 3, 7500, 1, 100),
            ("A", "Q_FUNC", 1, 1, 2500, 1, 100),
            ("B", "B_7D", 1, 3, 10000, 3, 750),
        ]
    else:
        assert shown == [("A", "", 3, 4, 5714, 2, 200), ("B", "", 1, 3, 4286, 3, 750)]
