"""What of the files' totals of an order some refunds explain: those alone that had left when the file was made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from retcli.rules.money.refunded_on_platform import BookedRefund, FileTotal, explained

NIGHT = datetime(2026, 11, 9, 0, 0, tzinfo=UTC)


def hour(number: int) -> datetime:
    """An hour of that night."""
    return NIGHT + timedelta(hours=number)


def test_a_refund_let_go_after_the_file_explains_nothing_of_it() -> None:
    """By 12:00 40.00 had gone back; 15.00 leaves at 13:00: nothing of the 40.00 is ours."""
    total = FileTotal(4000, hour(12))
    assert explained([total], [BookedRefund(1, 1500, hour(13))]).minor == 0
    assert explained([total], [BookedRefund(1, 1500, hour(12))]).lines == {1: 1500}
    assert explained([total], [BookedRefund(1, 1500, hour(13), reported=True)]).minor == 1500
    assert explained([total], [BookedRefund(1, 1500, None)]).minor == 0
    assert explained([FileTotal(4000, None)], [BookedRefund(1, 1500, hour(1))]).minor == 0


def test_of_a_total_of_no_certain_time_only_the_original_route_is_a_part() -> None:
    """40.00 at 12:00 at the latest: 15.00 of 11:00 may be in it by the original route, not by a transfer."""
    total = FileTotal(4000, hour(12), estimated=True)
    assert explained([total], [BookedRefund(1, 1500, hour(11), original=True)]).minor == 1500
    assert explained([total], [BookedRefund(1, 1500, hour(11), original=False)]).minor == 0
    assert explained([total], [BookedRefund(1, 1500, hour(13), original=True)]).minor == 0


def test_a_newer_file_is_explained_by_its_growth_alone() -> None:
    """40.00 at 12:00, ours of 15.00 at 13:00, 41.00 at 14:00: of that 1.00 can be ours; of 55.00 at 15:00 all 15.00."""
    ours = [BookedRefund(None, 1500, hour(13))]
    totals = [FileTotal(4000, hour(12)), FileTotal(4100, hour(14))]
    assert explained(totals, ours).minor == 100
    assert explained([*totals, FileTotal(5500, hour(15))], ours).minor == 1500
    assert explained([FileTotal(4100, hour(14))], ours).minor == 1500, "nobody told of the 40.00"


moments, lines, yes_or_no = st.integers(0, 9).map(hour), st.integers(1, 3), st.booleans()


@given(
    st.lists(st.builds(FileTotal, st.integers(1, 5000), st.none() | moments, yes_or_no), min_size=1, max_size=5),
    st.lists(st.builds(BookedRefund, lines, st.integers(1, 3000), st.none() | moments, yes_or_no, yes_or_no)),
)
def test_what_is_left_unexplained_is_the_most_that_any_file_leaves(
    totals: list[FileTotal], refunds: list[BookedRefund]
) -> None:
    most = max(x.minor for x in totals)
    for total in totals:
        ours = 0
        for refund in refunds:
            timely = total.at is not None and refund.let_go_at is not None and refund.let_go_at <= total.at
            ours += refund.minor if refund.reported or (timely and (refund.original or not total.estimated)) else 0
        assert most - explained(totals, refunds).minor >= total.minor - ours
    assert explained(totals, refunds).minor <= sum(refund.minor for refund in refunds)
    assert explained(list(reversed(totals)), refunds).minor == explained(totals, refunds).minor
