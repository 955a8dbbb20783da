"""Until when evidence is wanted of the shop."""

from datetime import date

from retcli.rules.cases.register import wanted
from tests.shopfloor import shanghai


class Weekdays:
    """Mondays to Fridays, but for a holiday on 11 November and a Sunday worked on the 15th; next year is not known."""

    def is_workday(self, asked: date) -> bool | None:
        if asked.year > 2026:
            return None
        return asked == date(2026, 11, 15) or (asked.weekday() < 5 and asked != date(2026, 11, 11))


def test_what_was_said_counts() -> None:
    said = shanghai("2026-11-10 18:00")
    due = wanted(shanghai("2026-11-09 12:00"), Weekdays(), named=said, authority=True)
    assert (due.due_at, due.estimated) == (said, False)


def test_else_three_days_which_nobody_promised() -> None:
    due = wanted(shanghai("2026-11-09 12:00"), Weekdays())
    assert (due.due_at, due.estimated) == (shanghai("2026-11-12 12:00"), True)


def test_a_regulator_waits_seven_working_days() -> None:
    """From Monday the 9th: 10, 12, 13, Sunday 15, 16, 17, 18; over when the 18th is."""
    due = wanted(shanghai("2026-11-09 12:00"), Weekdays(), authority=True)
    assert (due.due_at, due.estimated) == (shanghai("2026-11-19 00:00"), False)
    assert wanted(shanghai("2026-12-28 12:00"), Weekdays(), authority=True).estimated
