"""Periods of days and calendar months in Shanghai, as pairs of instants in UTC."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from retcli.rules.zone import SHANGHAI, midnight


@dataclass(frozen=True)
class Period:
    """Days in Shanghai as instants in UTC: from `start` up to but without `end`."""

    start: datetime
    end: datetime

    @classmethod
    def days(cls, first: date, last: date) -> "Period":
        """From 00:00 of the first day to 24:00 of the last."""
        return cls(midnight(first), midnight(last + timedelta(days=1)))

    @classmethod
    def month(cls, written: str) -> "Period":
        """A calendar month such as ``2026-11``. Raises ValueError for anything else."""
        first = date.fromisoformat(f"{written}-01")
        return cls.days(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))

    def holds(self, at: datetime | None) -> bool:
        """Whether an instant lies in the period; None never does."""
        return at is not None and self.start <= at < self.end

    @property
    def months(self) -> list[str]:
        """The calendar months that the period touches, as ``2026-11``, the first one first."""
        firsts, day = [], self.start.astimezone(SHANGHAI).date().replace(day=1)
        while midnight(day) < self.end:
            firsts.append(f"{day:%Y-%m}")
            # 31 days after a first is always in the next month, and its first is again a first
            day = (day + timedelta(days=31)).replace(day=1)
        return firsts


def month_of(at: datetime) -> str:
    """The calendar month of an instant in Shanghai, as ``2026-11``."""
    return f"{at.astimezone(SHANGHAI):%Y-%m}"
