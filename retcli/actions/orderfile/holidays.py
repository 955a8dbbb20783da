"""Public holidays and working days: the State Council's, over which go those of the shop's rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ShopCalendar:
    """A calendar in which the days of the shop's rules (true: off, false: work) come before the State Council's."""

    own: Mapping[date, bool]

    def is_holiday(self, year: int, month: int, day: int) -> bool | None:
        """Whether a day is a public holiday (a plain weekend is none); None in a year that was not announced yet."""
        asked = date(year, month, day)
        if asked in self.own:
            return self.own[asked]
        import chinese_calendar  # late: a twentieth of a second, and hardly a case needs it

        try:
            rests, name = chinese_calendar.get_holiday_detail(asked)
        except NotImplementedError:
            return None
        return bool(rests and name)

    def is_workday(self, asked: date) -> bool | None:
        """Whether people work on a day; None in a year that was not announced yet."""
        if asked in self.own:
            return not self.own[asked]
        import chinese_calendar

        try:
            return bool(chinese_calendar.is_workday(asked))
        except NotImplementedError:
            return None
