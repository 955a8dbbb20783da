"""Days and months begin and end at midnight in Shanghai."""

from datetime import UTC, date, datetime, timedelta

from retcli.rules.periods import Period
from tests.shopfloor import shanghai

OCTOBER_ON = Period.days(date(2026, 10, 15), date(2026, 12, 3))


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
