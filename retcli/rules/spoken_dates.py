"""Days and months as people in a shop say and type them, in Shanghai's calendar."""

import re
import unicodedata
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

_DAYS_AGO = {"今": 0, "今天": 0, "今日": 0, "today": 0, "昨": 1, "昨天": 1, "昨日": 1, "yesterday": 1}
_DAYS_AGO |= {"前天": 2, "前日": 2, "大前天": 3}
_DAYS_AHEAD = {"明天": 1, "明日": 1, "tomorrow": 1, "后天": 2, "大后天": 3}
_MONTHS_AGO = {"本月": 0, "这个月": 0, "这月": 0, "当月": 0, "上个月": 1, "上月": 1, "上上个月": 2, "上上月": 2}
_WEEKS_AGO = {"本周": 0, "这周": 0, "这个星期": 0, "上周": 1, "上星期": 1, "上个星期": 1, "上上周": 2}
_YEARS_AGO = {"今年": 0, "去年": 1, "前年": 2}
_WEEKDAYS = {
    name: number for number, names in enumerate(("一", "二", "三", "四", "五", "六", "日天末")) for name in names
}
_DIGITS = {name: number for number, name in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_WEEK = re.compile("(?P<which>上上|上|本|这|这个|上个)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])")
_AGO = re.compile(r"(?P<n>\d+)(?P<unit>天|周|个星期|星期|个月|年)[前内]")


def _plain(written: str) -> str:
    """What was typed, in plain digits and letters without blanks; Chinese numerals as digits, but those of weekdays."""
    text = "".join(unicodedata.normalize("NFKC", written).split()).casefold()
    if _WEEK.fullmatch(text):
        return text
    text = re.sub("[一二三四五六七八九]?十[一二三四五六七八九]?", lambda tens: str(_tens(tens.group())), text)
    return re.sub("[零〇一二三四五六七八九两]", lambda digit: str(_DIGITS[digit.group()]), text)


def _tens(written: str) -> int:
    """The number of a Chinese numeral from ten to ninety-nine."""
    tens, _ten, ones = written.partition("十")
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


def day(written: str, today: date, *, ahead: bool = False) -> date:
    """The day that is meant: 2026-11-01, 26.11.1, 20261101, 2026年11月1日; without a year the last such day up to
    today, or the next from today where the day is `ahead`: 11.5, 11月5号, 5号, 周五; 昨天, 3天前, 上周五, 上月5号,
    月初, 上月底. Raises ValueError.
    """
    text = _plain(written)
    if text in _DAYS_AGO:
        return today - timedelta(days=_DAYS_AGO[text])
    if ahead and text in _DAYS_AHEAD:
        return today + timedelta(days=_DAYS_AHEAD[text])
    if weekday := _WEEK.fullmatch(text):
        return _of_week(weekday, today, ahead=ahead)
    if ago := _AGO.fullmatch(text):
        return _ago(int(ago["n"]), ago["unit"], today)
    return _of_month(text, today, ahead=ahead)


def span(written: str, today: date) -> tuple[date, date]:
    """The first and the last day of what is meant, up to today: of a week or a month (上周, 本月), or twice the `day`.
    Raises ValueError.
    """
    text = _plain(written)
    if text in _WEEKS_AGO:
        monday = today - timedelta(days=today.weekday(), weeks=_WEEKS_AGO[text])
        return monday, min(monday + timedelta(days=6), today)
    if text in _MONTHS_AGO:
        first = (today - relativedelta(months=_MONTHS_AGO[text])).replace(day=1)
        return first, min(first + relativedelta(day=31), today)
    only = day(written, today)
    return only, only


def _of_week(weekday: re.Match[str], today: date, *, ahead: bool) -> date:
    """A weekday, of this week, the last or the one before where that was said."""
    monday = today - timedelta(days=today.weekday())
    weeks = {"本": 0, "这": 0, "这个": 0, "上": 1, "上个": 1, "上上": 2}
    meant = monday + timedelta(days=_WEEKDAYS[weekday["day"]])
    if weekday["which"]:
        return meant - timedelta(weeks=weeks[weekday["which"]])
    if ahead:
        return meant if meant >= today else meant + timedelta(weeks=1)
    return meant if meant <= today else meant - timedelta(weeks=1)


def _ago(number: int, unit: str, today: date) -> date:
    """So many days, weeks, months or years before today. Raises ValueError for more than a calendar holds."""
    if number > 9999:
        raise ValueError(number)
    steps = {"天": relativedelta(days=number), "个月": relativedelta(months=number), "年": relativedelta(years=number)}
    return today - steps.get(unit, relativedelta(weeks=number))


def _of_month(text: str, today: date, *, ahead: bool) -> date:
    """A day of a month, by its number, or the month's first or last."""
    for said, months in _MONTHS_AGO.items():
        rest = text.removeprefix(said)
        if rest != text or rest in {"月初", "月底", "月末"}:
            first = (today - relativedelta(months=months if rest != text else 0)).replace(day=1)
            if rest.removeprefix("月") == "初":
                return first
            if rest.removeprefix("月") in {"底", "末"}:
                return first + relativedelta(day=31)
            return first.replace(day=_number(rest.rstrip("日号")))
    return _numbered(text, today, ahead=ahead)


def _numbered(text: str, today: date, *, ahead: bool) -> date:
    """A day by its numbers, with its year, without, or only of the month."""
    for said, years in _YEARS_AGO.items():
        if text.startswith(said):
            text = f"{today.year - years}-{text.removeprefix(said)}"
    alone = re.fullmatch(r"(\d{1,2})[日号]", text)
    if alone:
        return _latest(today, relativedelta(months=1), day=int(alone.group(1)), ahead=ahead)
    text = re.sub("[年月./]", "-", text).rstrip("日号")
    if text.isdigit() and len(text) in {6, 8}:
        text = f"{text[:-4]}-{text[-4:-2]}-{text[-2:]}"
    match [_number(part) for part in text.split("-")]:
        case [year, month, number]:
            return date(year + 2000 if year < 100 else year, month, number)
        case [month, number]:
            date(2000, month, number)  # a day that some year has
            return _latest(today, relativedelta(years=1), month=month, day=number, ahead=ahead)
        case _:
            raise ValueError(text)


def _latest(today: date, step: relativedelta, *, day: int, ahead: bool, month: int | None = None) -> date:
    """The last such day up to today, or the next from today; a month or year that has no such day is passed over."""
    at = today
    for _try in range(12):
        try:
            meant = at.replace(day=day) if month is None else date(at.year, month, day)
        except ValueError:
            meant = None
        if meant is not None and (meant >= today if ahead else meant <= today):
            return meant
        at = at.replace(day=1) + (step if ahead else -step)
    raise ValueError(day)


def _number(text: str) -> int:
    """A number of up to four digits. Raises ValueError."""
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise ValueError(text)
    return int(text)


def month(written: str, today: date) -> str:
    """The month that is meant, as ``2026-11``: 2026-11, 26.11, 202611, 2026年11月, 去年11月, 上月; by its number alone
    (11, 11月, 十一月) just the number. Raises ValueError.
    """
    if written.strip() == "十一":
        raise ValueError(written)  # it may as well be the first of October
    text = _plain(written).replace("月份", "月")
    if text in _MONTHS_AGO:
        return f"{today - relativedelta(months=_MONTHS_AGO[text]):%Y-%m}"
    for said, years in _YEARS_AGO.items():
        if text.startswith(said):
            text = f"{today.year - years}-{text.removeprefix(said)}"
    text = re.sub("[年./]", "-", text).removesuffix("月")
    if text.isdigit() and len(text) == 6:
        text = f"{text[:4]}-{text[4:]}"
    match [_number(part) for part in text.split("-")]:
        case [year, number]:
            return f"{date(year + 2000 if year < 100 else year, number, 1):%Y-%m}"
        case [number] if 1 <= number <= 12:
            return str(number)
        case _:
            raise ValueError(text)
