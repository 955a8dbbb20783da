"""Readers of single cells: each turns the text of one cell into a value, or raises `Unreadable` with the reason.

A dialect names one for each column. Nothing is guessed: what may mean two things is refused.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any

from retcli.language import mark
from retcli.rules.money import minor_units as amounts
from retcli.rules.warehouse import barcodes
from retcli.rules.warehouse.ids import as_kept
from retcli.rules.zone import SHANGHAI

Read = Callable[[str], Any]
EMPTY = frozenset({"", "-", "--", "——", "/", "null", "NULL", "无", "None"})
"""What exports write into a cell that says nothing."""
DIGITS_KEPT = 15
"""Digits of a number that a spreadsheet keeps; it turns all further ones into noughts."""
BLANK = " \t\r\n\u3000\xa0\ufeff"
"""What exports leave around the text of a cell."""
NO_CURRENCY = mark("the currency is not known: add a column named Currency with its code, such as USD")
_NOTED = re.compile(r"([^()（）]+)[(（].*[)）]")
_PART_BACK = re.compile(r"(.+?)[(（]已退款([^()（）]+)[)）]")
_EXPONENT = re.compile(r"[+-]?\d+(\.\d+)?[eE][+]?\d+")
_DAY = re.compile(r"[1-9]\d{3}-\d\d-\d\d", re.ASCII)
_ISO = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?)?")
_OFFSET = re.compile(r"(.*\d) ?(Z|UTC|[+-][01]\d:?[0-5]\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(.*)")
_AMOUNT = re.compile(r"([A-Z]{3})? ?(-?[\d.,]*\d)")
_SERIAL = re.compile(r"\d{5}(\.\d+)?", re.ASCII)
_LOOSE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?)?")
_SERIALS = range(39_814, 73_052)
"""The days from 2009-01-01 to 2100-01-01 as a spreadsheet counts them; other numbers of five digits are no dates."""
_DAY_NOUGHT = datetime(1899, 12, 30)
"""Day 0 of a spreadsheet's 1900 date system: not the 31st, since Excel counts a 29 February 1900 that never was."""


class Unreadable(Exception):
    """A cell that cannot be read with certainty. Its message is a message id that tells why; `part` is the bad one of
    several numbers in the cell, "" where the whole cell is meant.
    """

    def __init__(self, problem: str, part: str = "") -> None:
        super().__init__(problem)
        self.part = part


def plain(cell: str) -> str:
    """The cell without what exports wrap around it: ``="…"``, a leading ' or backtick, tabs and blanks."""
    text = cell.strip(BLANK)
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1].strip(BLANK)
    return text.lstrip("'`").strip(BLANK) if text[:1] in {"'", "`"} else text


def spelled(value: object) -> str:
    """A cell of a workbook as text. A number that may have lost digits is written with an exponent, so that a reader of
    ids refuses it.
    """
    if isinstance(value, str):
        return value
    # before int: True is an int in Python
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        exact = Decimal(repr(value))
        if exact == exact.to_integral_value():
            return str(int(exact)) if abs(exact) < 10**15 else f"{exact:E}"
        return repr(value)
    if isinstance(value, int):
        return str(value) if abs(value) < 10**15 else f"{Decimal(value):E}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


def text(cell: str) -> str:
    """Free text as it stands, without blanks around it; "" for a written ``null``."""
    # control characters stay: the books keep what was written, and the screen spells them out
    stripped = cell.strip(BLANK)
    return "" if stripped.lstrip("'`") in {"null", "NULL"} else stripped


def remark(cell: str) -> str:
    """Free text without what exports wrap around it (``="…"``, a leading apostrophe)."""
    return text(plain(cell))


def word(cell: str) -> str:
    """A word of a platform's vocabulary; "" for the signs of an empty cell (``-``, ``无``)."""
    bare = plain(cell)
    return "" if bare in EMPTY else bare


def identifier(cell: str) -> str:
    """An id as text. Raises Unreadable where a spreadsheet has destroyed its last digits."""
    # digits alone, as nearly all ids are, need none of what follows
    bare = cell[2:-1] if cell[:2] == '="' and cell[-1] == '"' else cell
    if bare.isdigit() and bare.isascii():
        return bare
    written = word(cell)
    whole, point, zeros = written.partition(".")
    as_number = bool(point) and whole.isdigit() and zeros.strip("0") == "" != zeros
    if _EXPONENT.fullmatch(written) or (as_number and len(whole) > DIGITS_KEPT):
        raise Unreadable(mark("a spreadsheet has destroyed this number; export again as text or CSV"))
    # ``1234567.0`` is what a spreadsheet makes of a short id that it took for a number
    if as_number:
        return whole
    return as_kept(written)


def money(cell: str) -> int | None:
    """An amount in fen, None for an empty cell; of ``131.77(已退款89.84)`` what was paid, 131.77. Raises Unreadable."""
    written = plain(cell)
    if written in EMPTY:
        return None
    # "no refund was applied for", in place of the amount of one
    if written == "无退款申请":
        return 0
    back = _PART_BACK.fullmatch(written)
    try:
        if back:
            amounts.parse(back[2])
        return amounts.parse(back[1] if back else written)
    except ValueError as wrong:
        raise Unreadable(mark("not an amount of money")) from wrong


def worth(cell: str) -> int | None:
    """An amount in fen that cannot be negative (price, payment, fee); None for an empty cell. Raises Unreadable."""
    minor = money(cell)
    if minor is not None and minor < 0:
        raise Unreadable(mark("not an amount of money"))
    return minor


def noted_worth(cell: str) -> int | None:
    """An amount in fen that cannot be negative, without the note in brackets behind it: 69.20 of
    ``69.20(分销商等级折扣：47.80)``; None for an empty cell. Raises Unreadable.
    """
    noted = _NOTED.fullmatch(plain(cell))
    return worth(noted[1] if noted else cell)


def went_back(cell: str) -> int | None:
    """The fen that went back by a note behind an amount: 89.84 of ``131.77(已退款89.84)``, 0 without such a note.
    Raises Unreadable.
    """
    back = _PART_BACK.fullmatch(plain(cell))
    return worth(back[2]) if back else 0


def count(cell: str) -> int | None:
    """A number of pieces, None for an empty cell. Raises Unreadable."""
    digits = word(cell).removesuffix(".0")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 7:
        raise Unreadable(mark("not a number of pieces"))
    return int(digits)


def pieces(cell: str) -> int | None:
    """A number of pieces bought: at least one, None for an empty cell. Raises Unreadable."""
    number = count(cell)
    if number == 0:
        raise Unreadable(mark("not a number of pieces"))
    return number


# Nearly every time is written ``2026-01-02 03:04:05``: put together from these tables it takes no parsing.
_SECONDS = {f":{m:02}:{s:02}": f":{m:02}:{s:02}+00:00" for m in range(60) for s in range(60)}


_HOURS = {f"{hour:02}": (hour < 8, f"T{(hour - 8) % 24:02}") for hour in range(24)}
"""Each hour of Shanghai in UTC, and whether that is the day before."""


# a column of times has few different days
@lru_cache(maxsize=20_000)
def _days(written: str) -> tuple[str, str] | None:
    """A day and the day before it, as ISO text; None where it is not written ``2026-01-02``. Raises ValueError for a
    day that no calendar has.
    """
    if not _DAY.fullmatch(written):
        return None
    day = date.fromisoformat(written)
    return day.isoformat(), (day - timedelta(days=1)).isoformat()


def instant(cell: str) -> str | None:
    """An instant as ISO text in UTC, from a time of Shanghai or from a spreadsheet's count of days (``46338.5``); None
    for an empty cell. Raises Unreadable for anything else.
    """
    try:
        seconds, hour = _SECONDS.get(cell[13:]), _HOURS.get(cell[11:13])
        if seconds and hour and cell[10] == " " and (days := _days(cell[:10])):
            return days[hour[0]] + hour[1] + seconds
    except (ValueError, OverflowError) as wrong:
        raise Unreadable(mark("not a date")) from wrong
    written = word(cell)
    return _instant(written, SHANGHAI) if written else None


def zoned(cell: str) -> str | None:
    """An instant as ISO text in UTC, from a time with its offset (``2026-04-04 20:49:44 +0500``), without one from
    Shanghai's; None for an empty cell. Raises Unreadable.
    """
    written = word(cell)
    offset = _OFFSET.fullmatch(written) if ":" in written else None
    return _instant(offset[1], _zone(offset[2])) if offset else instant(cell)


def _instant(written: str, zone: tzinfo) -> str:
    """An instant written in a zone, as ISO text in UTC. Raises Unreadable where it is none."""
    try:
        if _ISO.fullmatch(written):
            at = datetime.fromisoformat(written)
        elif _SERIAL.fullmatch(written) and int(written[:5]) in _SERIALS:
            at = _DAY_NOUGHT + timedelta(seconds=round(Decimal(written) * 86_400))
        else:
            parts = _LOOSE.fullmatch(written)
            if parts is None:
                raise ValueError(written)
            at = datetime(*(int(part or 0) for part in parts.groups()))  # type: ignore[arg-type]
        return at.replace(tzinfo=zone).astimezone(UTC).isoformat()
    except (ValueError, OverflowError) as wrong:
        raise Unreadable(mark("not a date")) from wrong


def _zone(offset: str) -> tzinfo:
    """The zone that an offset names: ``+0500``, ``-08:00``, ``Z`` or ``UTC``."""
    if offset in {"Z", "UTC"}:
        return UTC
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1))


def day_first(cell: str) -> str | None:
    """An instant as ISO text in UTC, from ``02/01/2026 03:04:05`` with the day first; None for an empty cell. Raises
    Unreadable.
    """
    written = word(cell)
    parts = _DAY_FIRST.fullmatch(written)
    if written and not parts:
        raise Unreadable(mark("not a date"))
    return instant("{2}-{1}-{0}{3}".format(*parts.groups())) if parts else None


def amount(cell: str) -> str:
    """An amount as it is written, with a currency's code before it where there is one; "" for an empty cell. `minor`
    makes minor units of it once the row's currency is known. Raises Unreadable.
    """
    written = word(cell)
    if written and not _AMOUNT.fullmatch(written):
        raise Unreadable(mark("not an amount of money"))
    return written


def minor(written: str, currency: str) -> int | None:
    """Minor units of a text that `amount` read, in the currency that it names, else the row's; None for no amount.

    Raises Unreadable where no currency is known, where the two differ, or where there are more decimals than the
    currency has.
    """
    parts = _AMOUNT.fullmatch(written)
    if parts is None:
        return None
    if not (parts[1] or currency):
        raise Unreadable(NO_CURRENCY)
    if parts[1] and currency and parts[1] != currency:
        raise Unreadable(mark("the amount is in another currency than its row"))
    try:
        return amounts.parse(parts[2], parts[1] or currency)
    except ValueError as wrong:
        raise Unreadable(mark("not an amount of money")) from wrong


def codes(cell: str) -> list[str]:
    """The codes of goods in a cell, separated by blanks, commas or semicolons."""
    parts = [part for part in re.split(r"[\s,;，；、|｜/]+", word(cell)) if part]
    # ``6 901234 567892`` is one barcode, in the groups that are printed below its bars
    whole = "".join(parts)
    groups = all(part.isdigit() and not barcodes.as_long_as_a_barcode(part) for part in parts)
    apart = [whole] if groups and barcodes.as_long_as_a_barcode(whole) and " " in word(cell) else parts
    return [barcodes.as_kept(code) for code in apart]


def one_of(words: Mapping[str, str], otherwise: str | None = None) -> Read:
    """A reader that turns a platform's words into our codes, compared without punctuation, blanks and case; "" for an
    empty cell. An unknown word becomes `otherwise`, or raises Unreadable without one.
    """
    code_of = {_bare(name): code for name, code in words.items()}

    def read(cell: str) -> str:
        """Our code for the word in a cell. Raises Unreadable."""
        written = word(cell)
        if not written:
            return ""
        code = code_of.get(_bare(written), otherwise)
        if code is None:
            raise Unreadable(mark("a word that is not known here"))
        return code

    return read


def _bare(name: str) -> str:
    """A word as words are compared: letters and digits alone, in small letters."""
    return "".join(ch for ch in name if ch.isalnum()).casefold()


_WEIGHT = re.compile(r"(\d{1,6})(?:\.(\d+))?\s*(KG|G|公斤|千克|克)?", re.ASCII)
HEAVIEST = 1_000_000
"""Grams that one article or order may weigh: more is a number of something else."""
A_PARCEL = 50_000
"""Grams of the heaviest parcel that a carrier takes: where no unit is named, kilograms are not more."""


def weight(cell: str) -> int | None:
    """A weight in whole grams where the heading names no unit (``350``, ``350g``, ``0.35kg``, ``0.35``): without one in
    the cell it is in grams, with a decimal point in kilograms, where a parcel can weigh that. None for an empty cell.
    Raises Unreadable.
    """
    written = word(cell)
    in_kilograms = _weighed(written, 1000) if "." in written else None
    return in_kilograms if in_kilograms is not None and in_kilograms <= A_PARCEL else _weighed(written, 1)


def grams(cell: str) -> int | None:
    """A weight in whole grams of a column in grams (``350``, ``5.5``); None for an empty cell. Raises Unreadable."""
    return _weighed(word(cell), 1)


def kilograms(cell: str) -> int | None:
    """A weight in whole grams of a column in kilograms (``0.35``, ``2``); None for an empty cell. Raises Unreadable."""
    return _weighed(word(cell), 1000)


def _weighed(written: str, unit: int) -> int | None:
    """A weight in whole grams, half of one and more counting as one; `unit` is that of a number without one, in grams.
    None for nothing. Raises Unreadable.
    """
    if not written:
        return None
    number = _WEIGHT.fullmatch(written.replace(",", "").upper())
    if number is None:
        raise Unreadable(mark("not a weight"))
    known = {"KG": 1000, "公斤": 1000, "千克": 1000, "G": 1, "克": 1}.get(number[3] or "", unit)
    fraction = number[2] or ""
    tenths = int(number[1] + fraction) * known * 10 // int("1" + "0" * len(fraction))
    if tenths > HEAVIEST * 10:
        raise Unreadable(mark("not a weight"))
    return (tenths + 5) // 10
