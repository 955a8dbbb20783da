"""Days and months as people in a shop type them, worked out by hand on the calendar of November 2026."""

from collections.abc import Mapping
from datetime import date

import pytest

from retcli.rules import spoken_dates

TODAY = date(2026, 11, 12)
"""A Thursday."""
DAYS = {
    "2026-11-05": "2026-11-05 2026/11/5 2026.11.5 26.11.5 26-11-5 20261105 261105 2026年11月5日 11-5 11.5 11/05 "
    "11月5号 11月5 十一月五号 １１月５日 5号 一周前 本月5日",
    "2025-12-31": "12月31日 十二月三十一号",
    "2025-11-13": "11月13日",
    "2026-11-12": "11月12日 今天 今日 周四 today",
    "2024-02-29": "2月29日",
    "2026-10-13": "13号",
    "2026-10-31": "31号 上月底 上个月31号",
    "2026-10-20": "二十号",
    "2026-11-11": "昨天 昨日 1天前",
    "2026-11-10": "前天",
    "2026-11-09": "大前天 3天前 三天前 星期一 本周一 这周一",
    "2026-11-02": "十天前 上周一",
    "2026-10-29": "两周前 2个星期前",
    "2026-10-12": "一个月前",
    "2026-11-06": "周五 上周五 上个星期五",
    "2026-11-08": "礼拜天 上周日",
    "2026-11-01": "上上周日 月初 本月初",
    "2026-10-01": "上月初",
    "2026-10-05": "上个月5号 10月5日",
    "2025-12-01": "去年12月1日",
    "2026-03-01": "今年3月1日",
}
AHEAD = {
    "2026-11-13": "明天 周五 13号",
    "2026-11-14": "后天",
    "2026-11-16": "周一",
    "2026-12-05": "5号",
    "2027-01-05": "1月5日",
    "2026-11-15": "11.15",
    "2026-11-12": "今天 周四 11月12日",
}
NO_DAYS = "明天 13月1日 2月30日 32号 0号 11-31 1-2-3-4 2026 上周 周八 11 去年 99999天前 十 2026-13-01 ☃ 上月 月 日"
MONTHS = {
    "2026-11": "2026-11 2026年11月 2026.11 2026/11 202611 26年11月 本月 这个月",
    "2026-01": "2026-1 今年1月",
    "11": "11 11月 11月份 十一月",
    "3": "３月 三月",
    "2026-10": "上月 上个月",
    "2026-09": "上上个月",
    "2025-11": "去年11月",
}
NO_MONTHS = "13 0 十一 2026-13 2026-00 2026 11.5.1 下月 0月"


def pairs(meant: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(written, day) for day, words in meant.items() for written in words.split()]


@pytest.mark.parametrize(("written", "meant"), pairs(DAYS))
def test_a_day(written: str, meant: str) -> None:
    assert spoken_dates.day(written, TODAY).isoformat() == meant


def test_blanks_between_the_signs_are_nothing() -> None:
    assert spoken_dates.day(" 11 月 5 日 ", TODAY) == date(2026, 11, 5)


@pytest.mark.parametrize(("written", "meant"), pairs(AHEAD))
def test_a_day_ahead(written: str, meant: str) -> None:
    assert spoken_dates.day(written, TODAY, ahead=True).isoformat() == meant


@pytest.mark.parametrize("written", ["", "99999999999999999999-1", *NO_DAYS.split()])
def test_no_day(written: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        spoken_dates.day(written, TODAY)


@pytest.mark.parametrize(("written", "meant"), pairs(MONTHS))
def test_a_month(written: str, meant: str) -> None:
    assert spoken_dates.month(written, TODAY) == meant


@pytest.mark.parametrize("written", ["", *NO_MONTHS.split()])
def test_no_month(written: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        spoken_dates.month(written, TODAY)


def test_the_last_month_of_a_januarys_day() -> None:
    assert spoken_dates.month("上月", date(2027, 1, 31)) == "2026-12"
    assert spoken_dates.day("上月底", date(2026, 3, 31)).isoformat() == "2026-02-28"


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("上周", "2026-11-02", "2026-11-08"),
        ("本周", "2026-11-09", "2026-11-11"),
        ("上上周", "2026-10-26", "2026-11-01"),
        ("上月", "2026-10-01", "2026-10-31"),
        ("这个月", "2026-11-01", "2026-11-11"),
    ],
)
def test_a_week_and_a_month_have_a_first_day_and_a_last_up_to_today(written: str, first: str, last: str) -> None:
    wednesday = date(2026, 11, 11)
    assert [each.isoformat() for each in spoken_dates.span(written, wednesday)] == [first, last]
    assert spoken_dates.span("11.5", wednesday) == (date(2026, 11, 5), date(2026, 11, 5))
