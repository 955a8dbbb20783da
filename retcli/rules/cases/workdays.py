"""Periods counted in working days, as an authority's letter counts them (实施条例 §46)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from retcli.rules.zone import SHANGHAI


class WorkCalendar(Protocol):
    """Which days are worked, swapped weekends (调休) included."""

    def is_workday(self, asked: date) -> bool | None:
        """Whether a day is worked; None in a year whose holidays are not announced yet."""


@dataclass(frozen=True)
class Due:
    """The last working day, the instant in UTC at which it is over, and whether a year's calendar was missing: then
    Mondays to Fridays were counted.
    """

    last: date
    at: datetime
    unsure: bool = False


def workdays_after(start: datetime, days: int, calendar: WorkCalendar) -> Due:
    """So many working days after the day of an instant in Shanghai, which itself does not count (民法典 §201)."""
    day, left, unsure = start.astimezone(SHANGHAI).date(), days, False
    while left:
        day += timedelta(days=1)
        is_workday = calendar.is_workday(day)
        unsure = unsure or is_workday is None
        works = day.weekday() < 5 if is_workday is None else is_workday
        left -= works
    over = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(days=1)
    return Due(day, over.astimezone(UTC), unsure)
