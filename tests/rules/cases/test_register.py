"""Until when evidence is wanted, and which words of a platform say that it has stepped in."""

from datetime import date

import pytest

from retcli.platforms.interventions import stepped_in
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
    due = wanted(shanghai("2026-11-09 12:00"), Weekdays(), said=said, authority=True)
    assert (due.due_at, due.estimated) == (said, False)


def test_else_three_days_which_nobody_promised() -> None:
    due = wanted(shanghai("2026-11-09 12:00"), Weekdays())
    assert (due.due_at, due.estimated) == (shanghai("2026-11-12 12:00"), True)


def test_a_regulator_waits_seven_working_days() -> None:
    """From Monday the 9th: 10, 12, 13, Sunday 15, 16, 17, 18; over when the 18th is."""
    due = wanted(shanghai("2026-11-09 12:00"), Weekdays(), authority=True)
    assert (due.due_at, due.estimated) == (shanghai("2026-11-19 00:00"), False)
    assert wanted(shanghai("2026-12-28 12:00"), Weekdays(), authority=True).estimated


@pytest.mark.parametrize(
    "words", ["客服已经介入", "需要客服介入", "平台介入中", "仲裁中", "客服介入，待商家举证", "是"]
)
def test_it_has_stepped_in(words: str) -> None:
    assert stepped_in(words)


@pytest.mark.parametrize(
    "words",
    ["", "不需客服介入", "未介入", "无仲裁", "没有介入", "否", "客服处理完成", "仲裁结束", "平台介入已撤销", "-"],
)
def test_it_has_not_or_not_any_more(words: str) -> None:
    assert not stepped_in(words)
