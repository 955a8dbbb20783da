"""Working days with the State Council's holidays: T07, T09 and T10 of `docs/rules.md` §7."""

from datetime import date, timedelta

import pytest

from retcli.actions.orderfile.holidays import ShopCalendar
from retcli.rules.cases.workdays import workdays_after
from tests.shopfloor import shanghai

OFF_2026 = (
    [date(2026, 1, d) for d in (1, 2, 3)]
    + [date(2026, 2, d) for d in range(15, 24)]
    + [date(2026, 4, d) for d in (4, 5, 6)]
    + [date(2026, 5, d) for d in range(1, 6)]
    + [date(2026, 6, d) for d in (19, 20, 21)]
    + [date(2026, 9, d) for d in (25, 26, 27)]
    + [date(2026, 10, d) for d in range(1, 8)]
)
"""The days off as `docs/rules.md` §7 prints them."""
MADE_UP = [
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
]


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        pytest.param("2026-02-13 10:00", 3, date(2026, 2, 25), id="T07"),
        pytest.param("2026-05-08 10:00", 1, date(2026, 5, 9), id="T09"),
        pytest.param("2026-04-03 10:00", 2, date(2026, 4, 8), id="T10"),
        pytest.param("2026-11-09 23:59", 7, date(2026, 11, 18), id="an ordinary week"),
    ],
)
def test_working_days(start: str, days: int, last: date) -> None:
    found = workdays_after(shanghai(start), days, ShopCalendar({}))
    assert (found.last, found.unsure) == (last, False)
    assert found.at == shanghai(f"{last + timedelta(days=1)} 00:00")


def test_the_calendar_is_the_one_that_was_announced() -> None:
    calendar, day = ShopCalendar({}), date(2026, 1, 1)
    while day.year == 2026:
        works = day in MADE_UP or (day.weekday() < 5 and day not in OFF_2026)
        assert calendar.is_workday(day) is works, day
        day += timedelta(days=1)
    assert all(calendar.is_holiday(d.year, d.month, d.day) for d in OFF_2026)
    assert not calendar.is_holiday(2026, 11, 28), "a plain Saturday is no holiday"


def test_a_year_that_nobody_knows_is_said_and_can_be_told() -> None:
    found = workdays_after(shanghai("2026-12-31 10:00"), 1, ShopCalendar({}))
    assert (found.last, found.unsure) == (date(2027, 1, 1), True)
    told = ShopCalendar({date(2027, 1, n): True for n in (1, 2, 3)} | {date(2027, 1, 4): False})
    found = workdays_after(shanghai("2026-12-31 10:00"), 1, told)
    assert (found.last, found.unsure) == (date(2027, 1, 4), False)
