"""Which difference a refund shows at the end of a month, and control totals that always add up."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcli.rules.money.reconciliation import OwnPayout, PlatformRefund, control, difference, entries
from retcli.rules.periods import Period
from tests.shopfloor import shanghai

NOVEMBER, DECEMBER = Period.month("2026-11"), Period.month("2026-12")
EARLY, LATE = shanghai("2026-11-10 12:00"), shanghai("2026-12-03 12:00")


def ours(minor: int = 10000, *, state: str = "confirmed", decided: datetime = EARLY, settled: datetime | None = EARLY,
         own: bool = True, undone: datetime | None = None, over: int = 0) -> OwnPayout:  # fmt: skip
    """A payout of ours, decided and settled in November unless said."""
    return OwnPayout("PO1", "RC1", minor, state, decided, settled, own, undone, over=over)


def theirs(
    minor: int = 10000, at: datetime | None = EARLY, *, closed: bool = False, agreed: int | None = None, over: int = 0
) -> PlatformRefund:
    """The platform's refund, in November unless said."""
    return PlatformRefund("T1", "O1", minor, at, closed, agreed, over)


BACK_IN_DECEMBER = [
    ours(state="reversed", undone=LATE),
    ours(-10000, decided=LATE, settled=LATE, undone=LATE),
]


@pytest.mark.parametrize(
    ("payouts", "refund", "november", "december"),
    [
        ([ours()], theirs(), "matched", "matched"),
        ([ours(4000), ours(6000)], theirs(), "matched", "matched"),
        ([], theirs(), "D2", "D2"),
        ([ours(own=False)], theirs(), "D2", "D2"),
        ([ours(1500, own=False)], theirs(1500, agreed=1200), "D3", "D3"),
        ([ours(1200)], theirs(1500, agreed=1200), "D3", "D3"),
        ([ours(11000, over=1000)], theirs(11000, agreed=10000, over=1000), "matched", "matched"),
        ([ours(11000, own=False)], theirs(11000, agreed=9000, over=1000), "D3", "D3"),
        ([ours(11000, own=False)], theirs(11000, over=1000), "D2", "D2"),
        ([ours(1000, own=False)], theirs(1000, over=1000), "", ""),
        ([ours()], None, "D1", "D1"),
        ([ours()], theirs(at=None), "D1", "D1"),
        ([ours()], theirs(at=LATE), "D1", "D5"),
        ([ours(settled=None, state="sent")], theirs(at=None), "D1", "D1"),
        ([ours(settled=None, state="unknown")], None, "D1", "D1"),
        ([ours(settled=None, state="due")], theirs(at=None), "open", "open"),
        ([ours(settled=None, state="waiting")], None, "", ""),
        ([ours(settled=None, state="waiting")], theirs(), "D2", "D2"),
        ([ours(settled=LATE)], theirs(at=LATE), "open", "D5"),
        ([ours(9900)], theirs(), "D3", "D3"),
        ([ours(9900, settled=None, state="due")], theirs(), "D3", "D3"),
        ([ours()], theirs(at=None, closed=True), "D7", "D7"),
        ([ours(state="failed", settled=None)], None, "", ""),
        ([ours(state="failed", settled=None)], theirs(), "D2", "D2"),
        (BACK_IN_DECEMBER, theirs(), "matched", "D7"),
        (BACK_IN_DECEMBER, None, "D1", ""),
        ([ours(decided=LATE, settled=LATE)], None, "", "D1"),
    ],
)  # fmt: skip
def test_the_class_of_a_refund(
    payouts: list[OwnPayout], refund: PlatformRefund | None, november: str, december: str
) -> None:
    assert difference(payouts, refund, NOVEMBER) == november
    assert difference(payouts, refund, DECEMBER) == december


def test_a_refund_is_cleared_when_both_sides_agree_and_for_good() -> None:
    later = LATE + timedelta(days=1)
    found = entries([ours(4000), ours(6000, settled=LATE), ours(-10000, decided=later, settled=later)], theirs())
    assert {(entry.side, entry.minor): entry.cleared_at for entry in found} == {
        ("ours", 4000): LATE,
        ("ours", 6000): LATE,
        ("platform", 10000): LATE,
        ("ours", -10000): None,
    }


def test_the_control_totals_of_two_months() -> None:
    found = entries([ours(decided=EARLY, settled=LATE)], theirs(at=LATE))
    mine = [entry for entry in found if entry.side == "ours"]
    november, december = control(mine, NOVEMBER), control(mine, DECEMBER)
    assert (november.opening, november.new, november.matched, november.closing) == (
        (0, 0),
        (1, 10000),
        (0, 0),
        (1, 10000),
    )
    assert (december.opening, december.new, december.matched, december.closing) == (
        (1, 10000),
        (0, 0),
        (1, 10000),
        (0, 0),
    )


moments = st.datetimes(datetime(2026, 9, 1), datetime(2027, 2, 1)).map(lambda at: at.replace(tzinfo=EARLY.tzinfo))
payouts_drawn = st.builds(
    ours, st.integers(1, 300) | st.integers(-300, -1), decided=moments, settled=st.none() | moments, own=st.booleans()
)


@given(st.lists(payouts_drawn, max_size=6), st.none() | st.builds(theirs, st.integers(1, 300), moments))
def test_opening_and_new_are_matched_and_closing(payouts: list[OwnPayout], refund: PlatformRefund | None) -> None:
    found = entries(payouts, refund)
    assert len(found) == len(payouts) + (refund is not None)
    closing = None
    for month in ("2026-09", "2026-10", "2026-11", "2026-12", "2027-01"):
        totals = control(found, Period.month(month))
        assert totals.holds
        assert closing is None or totals.opening == closing
        closing = totals.closing
