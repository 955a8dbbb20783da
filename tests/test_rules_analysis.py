"""Periods, shares that make a whole, and rates whose numerator and denominator are the same orders."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcli.rules.analysis import CaseFact, Period, Piece, by_month, by_product, by_reason, rate, shares
from retcli.rules.lifecycles import Decision, Kind
from tests.shopfloor import shanghai

OCTOBER_ON = Period.days(date(2026, 10, 15), date(2026, 12, 3))


def case(reason: str = "B_7D", kind: Kind = Kind.RETURN, **facts: Any) -> CaseFact:
    """An agreed return of one piece, refunded at 10.00, on an order paid in the same month."""
    known: dict[str, Any] = {"decision": Decision.APPROVED, "month": "2026-11", "paid_month": "2026-11", "order": 1,
                             "refunded": 1000, "shipped": True, "lines": (Piece("A", 1),)}  # fmt: skip
    return CaseFact(reason, kind, **(known | facts))


def test_days_begin_and_end_at_midnight_in_shanghai() -> None:
    november = Period.month("2026-11")
    assert (november.start, november.end) == (
        datetime(2026, 10, 31, 16, tzinfo=UTC),
        datetime(2026, 11, 30, 16, tzinfo=UTC),
    )
    assert november.holds(shanghai("2026-11-30 23:59"))
    assert not november.holds(shanghai("2026-12-01 00:00"))
    assert not november.holds(None)
    assert Period.month("2026-02").end - Period.month("2026-02").start == timedelta(days=28)
    assert OCTOBER_ON.months == ["2026-10", "2026-11", "2026-12"]


@given(st.lists(st.integers(0, 10**9), max_size=40))
def test_shares_make_exactly_the_whole(amounts: list[int]) -> None:
    assert sum(shares(amounts)) == (10_000 if any(amounts) else 0)


def test_thirds_make_a_hundred_percent() -> None:
    assert shares([1, 1, 1]) == [3334, 3333, 3333]
    assert rate(1, 3) == 3333
    assert rate(2, 3) == 6667
    assert rate(1, 0) is None


def test_the_most_frequent_reason_comes_first_and_the_vague_ones_last() -> None:
    found = by_reason([case("X_OTHER"), case("X_OTHER"), case("X_OTHER"), case("B_7D"), case("Q_FUNC"), case("Q_FUNC")])
    assert [(row.reason, row.cases, row.share_cases) for row in found] == [
        ("Q_FUNC", 2, 3333),
        ("B_7D", 1, 1667),
        ("X_OTHER", 3, 5000),
    ]


def test_only_agreed_returns_are_returns_and_each_order_counts_once() -> None:
    kinds = [case(), case(order=1), case(decision=Decision.REJECTED, refunded=0, order=2)]
    kinds += [case(kind=Kind.EXCHANGE, refunded=0, order=3), case(kind=Kind.ALLOWANCE, order=4)]
    kinds += [case("Q_FUNC", kind=Kind.REFUND_ONLY, order=5, shipped=False)]
    row = by_month(kinds, kinds, {"2026-11": 8}, Period.month("2026-11"), shanghai("2026-12-15 00:00"))[0]
    assert (row.cases, row.returns, row.unshipped, row.quality, row.refunded) == (6, 2, 1, 1, 4000)
    assert (row.refunded_orders, row.paid_orders, row.refund_rate) == (2, 8, 2500)
    assert not row.mature


def test_a_refund_counts_for_the_month_its_order_was_paid_in() -> None:
    late = case(month="2026-12", paid_month="2026-11")
    rows = by_month([late], [late], {"2026-11": 4}, OCTOBER_ON, shanghai("2027-02-01 00:00"))
    assert [(row.month, row.cases, row.refund_rate) for row in rows] == [
        ("2026-10", 0, None),
        ("2026-11", 0, 2500),
        ("2026-12", 1, None),
    ]
    assert all(row.mature for row in rows)


@pytest.mark.parametrize("each_reason", [False, True])
def test_products_by_pieces(each_reason: bool) -> None:
    both = (Piece("A", 1), Piece("B", 3))
    cases = [case(lines=both), case("Q_FUNC", lines=(Piece("A", 1),)), case(kind=Kind.EXCHANGE, lines=(Piece("A", 2),))]
    found = by_product(cases, cases, {"A": 10, "B": 4}, each_reason=each_reason)
    shown = [(row.sku, row.reason, row.cases, row.pieces, row.share, row.returned, row.return_rate) for row in found]
    if each_reason:
        assert shown == [
            ("A", "B_7D", 2, 3, 7500, 1, 1000),
            ("A", "Q_FUNC", 1, 1, 2500, 1, 1000),
            ("B", "B_7D", 1, 3, 10000, 3, 7500),
        ]
    else:
        assert shown == [("A", "", 3, 4, 5714, 2, 2000), ("B", "", 1, 3, 4286, 3, 7500)]
