"""Days as people say them: 昨天, 上周, 上周三, 本月; today comes in as a value."""

import re
from datetime import date, timedelta

_DAYS_AGO = {"今": 0, "今天": 0, "today": 0, "昨天": 1, "yesterday": 1, "前天": 2}
_WEEKS_AGO = {"本周": 0, "这周": 0, "this week": 0, "上周": 1, "上星期": 1, "last week": 1, "上上周": 2}
_MONTHS = {"本月": False, "这个月": False, "this month": False, "上月": True, "上个月": True, "last month": True}
"""Whether the month before is meant."""
_WEEKDAY = re.compile(r"(上?)(?:周|星期|礼拜)([一二三四五六日天])")
_WEEKDAYS = "一二三四五六日"


def spoken(written: str, today: date, *, last: bool = False) -> date | None:
    """The day that some words mean, of a week or month the first one, or its `last` up to today; None for other
    words.
    """
    words = written.strip().lower().replace("-", " ")
    if words in _DAYS_AGO:
        return today - timedelta(days=_DAYS_AGO[words])
    if words in _WEEKS_AGO:
        monday = today - timedelta(days=today.weekday() + 7 * _WEEKS_AGO[words])
        return min(monday + timedelta(days=6), today) if last else monday
    if words in _MONTHS:
        return _of_month(today, before=_MONTHS[words], last=last)
    weekday = _WEEKDAY.fullmatch(words)
    return _last_such(today, weekday) if weekday else None


def _of_month(today: date, *, before: bool, last: bool) -> date:
    """The first day of this month or the one before, or its last up to today."""
    first = today.replace(day=1)
    if before:
        end = first - timedelta(days=1)
        return end if last else end.replace(day=1)
    return today if last else first


def _last_such(today: date, weekday: re.Match[str]) -> date:
    """The last such weekday up to today; with 上 that of the week before."""
    number = _WEEKDAYS.index(weekday[2].replace("天", "日"))
    if weekday[1]:
        return today - timedelta(days=today.weekday() + 7 - number)
    return today - timedelta(days=(today.weekday() - number) % 7)
