"""Ids made comparable: what a file holds, a person types and a scanner sends comes into one form, for waybills, orders
and codes of goods; and whose waybill a number looks like. For barcodes see `barcodes.py`.
"""

import re
import unicodedata

COMMAND = "RCMD"
END = f"{COMMAND}END"
"""The command barcode that clears the table; at a terminal it ends the scan loop."""
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－", "-") | {"。": "."})
_CAPITALS = str.maketrans({small: small.upper() for small in "abcdefghijklmnopqrstuvwxyz"})
_ONE_OF_SEVERAL = re.compile(r"([A-Z0-9]+)-(\d{1,3})-(\d{1,3})-?")
"""A waybill with the number of the box and of all its boxes, as carriers print it on each (子母件)."""
_WRAPPED = re.compile(r"""="(.*)"|['`’‘]+([^'`’‘]+)""")
"""What spreadsheets put around a number so that it stays text."""
_BESIDE_A_NAME = re.compile(
    r"(?:[\u4e00-\u9fff]+[:.,|/-]*)?([A-Z0-9]+(?:-\d{1,3}-\d{1,3}-?)?)(?:[:.,|/-]*[(\[]?[\u4e00-\u9fff]+[)\]]?)?"
)
_AFTER_NO = re.compile(r"[A-Z]{0,12}NO([A-Z0-9]{9,})")
_SHORTEST = 9
"""Characters that a number must have for a Chinese word beside it to be its carrier's name: a shorter one may be a
code of the shop."""
_GROUPED = re.compile(r"(?:[A-Z]{2,5}-?)?\d[\d-]{8,}\d")
_STRANGER = re.compile(r"(?:无主|UNCLAIMED-|RU)-?(\d{1,9})", re.ASCII)
_AIM = re.compile(r"\][A-Za-z]\d")
"""The symbology identifier that a scanner may send before a code (AIM)."""
_LABEL = re.compile(
    r"[\u4e00-\u9fff]*单号(?:NO)?[:.]*(?=[^:.])"
    r"|[\u4e00-\u9fff]*(?:编号|号码|号)[:.]+(?=[^:.])"
    r"|[A-Z]{0,12}NO[:.]*:(?=[^:.])"
    r"|[A-Z]{0,12}NO\.+(?=(?:.*\d){6})(?=[A-Z0-9.+-]{8,}$)"
    r"|(?:TRACKING|WAYBILL|ORDER|REFUND|RETURN)(?:NUMBER|ID)?:(?=[^:.])"
)
"""A label before a number: ``单号：``, ``No:``, and ``No.`` where a long number follows, since a code of the shop may
begin with it (``No.5-100ML``)."""


def as_kept(code: str) -> str:
    """An id as the books keep and show it: half-width, plain dashes, no control or invisible characters; letters keep
    their case, and single blanks stay.
    """
    plain = unicodedata.normalize("NFKC", code).translate(_DASHES)
    return " ".join("".join(" " if ch.isspace() else ch for ch in plain if _visible(ch)).split())


def _visible(ch: str) -> bool:
    """Whether a character is a blank or no control, format or private one."""
    return ch.isspace() or unicodedata.category(ch)[0] != "C"


def normalised(code: str) -> str:
    """An id in the one form used for look-up: half-width, Latin letters as capitals, without blanks and control
    characters, a label before the number, the scanner's symbology prefix, and the box number that a carrier prints
    behind a waybill (``JDVA0123456789-1-1-``).
    """
    plain = folded(code)
    # again until nothing more comes off: labels, brackets and names stand around each other in any order
    while plain != (bare := _less_around(plain)):
        plain = bare
    return plain


def folded(code: str) -> str:
    """A code of the shop's (SKU) in the form used for look-up: as `normalised`, but a label or suffix belongs to it."""
    if code.isascii() and code.isalnum():  # nearly every code: each scan folds some a dozen times
        return code.upper()
    plain = unicodedata.normalize("NFKC", code).translate(_DASHES)
    return "".join(ch for ch in plain if not ch.isspace() and unicodedata.category(ch)[0] != "C").translate(_CAPITALS)


def _less_around(plain: str) -> str:
    """A code less one thing around the number: a spreadsheet's wrapping, a scanner's prefix, a label, the number of a
    box, a carrier's name; the code itself where nothing is left to take off.
    """
    if plain.isalnum() and plain.isascii():
        after_no = _AFTER_NO.fullmatch(plain)
        return after_no[1] if after_no and carrier(after_no[1]) else plain
    written = _WRAPPED.fullmatch(plain)
    plain = written[1] or written[2] if written else plain
    plain = _AIM.sub("", plain, count=1) if plain.startswith("]") else plain
    label = _LABEL.match(plain)
    plain = plain[label.end() :] if label else plain
    boxed = _ONE_OF_SEVERAL.fullmatch(plain)
    if boxed and 1 <= int(boxed[2]) <= int(boxed[3]) and carrier(boxed[1]):
        return boxed[1]
    return _without_a_name(plain) or _joined(plain) or plain


def _without_a_name(plain: str) -> str:
    """A waybill without its carrier's Chinese name before or behind it; "" where none stands there."""
    named = _BESIDE_A_NAME.fullmatch(plain)
    number = _ONE_OF_SEVERAL.sub(r"\1", named[1]) if named else ""
    return named[1] if named and len(number) >= _SHORTEST and named[1] != plain and carrier(number) else ""


def _joined(plain: str) -> str:
    """A waybill written in groups (``SF16-20041173366``, ``7731-8791-0000-004``), in one piece."""
    first, _dash, groups = plain.partition("-")
    number = f"{first}{groups.replace('-', '')}"
    # where a whole waybill stands before the dash, what follows is no part of it
    return number if _GROUPED.fullmatch(plain) and not carrier(first) and carrier(number) else ""


def box(code: str) -> int | None:
    """The number of the box that a code was read from, of a waybill with several (``JDVA0123456789-2-2-``: 2); None
    where the code names none.
    """
    boxed = _ONE_OF_SEVERAL.search(folded(code))
    return int(boxed[2]) if boxed and boxed[1] == normalised(code) else None


def stranger(code: str) -> int:
    """The plain number of a parcel without a case, as it is shown, typed or printed (``无主-009``, ``RU009``); 0 for
    another code.
    """
    number = _STRANGER.fullmatch(folded(code))
    return int(number[1]) if number else 0


def order_key(number: str) -> str:
    """An order's number in the form used for look-up, without the sign of ``#1001``: people leave it out, and a shell
    takes it for a comment.
    """
    return normalised(number).lstrip("#")


def looks_typed_by_ime(code: str) -> bool:
    """Whether an input method changed what a scanner typed: the code holds full-width or Chinese characters."""
    return any(unicodedata.east_asian_width(ch) in {"F", "W"} for ch in code)


def checked(number: str) -> bool:
    """Whether the last digit of an article number, of whatever length, is the check digit of those before it (GS1
    General Specifications §7.9: from the right they weigh three and one by turns).
    """
    weighed = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(number[:-1])))
    return (10 - weighed % 10) % 10 == int(number[-1])


def ean13(code: str) -> bool:
    """Whether the code is an EAN-13 with a right check digit."""
    return len(code) == 13 and code.isascii() and code.isdigit() and checked(code)


# Shapes overlap with barcodes and with each other: they only suggest a carrier, the first that fits.
_CARRIERS = (
    ("顺丰", r"SF\d{9,15}"),
    ("圆通", r"YT\d{13,15}|88\d{10}"),
    ("中通", r"7[3589]\d{12}"),
    ("申通", r"77\d{13}"),
    ("韵达", r"YD\d+|4[36]\d{11}|4[36]\d{13}"),
    ("京东", r"JD[A-Z]{0,3}\d{9,15}"),
    ("极兔", r"JT\d{10,15}"),
    ("EMS", r"[A-Z]{2}\d{9}CN|1[01]\d{11}|5[0-9]\d{11}"),
    ("邮政", r"9[5-9]\d{11}"),
    ("德邦", r"DPK\d{10,}"),
)


_LETTERS = re.compile(r"(?:SF|STO|YTO?|YD|JD[A-Z]{0,3}|JT[A-Z]{0,2}|DP[A-Z]?|ZTO)\d{9,15}")
"""A long number behind a carrier's letters, of any length its waybills have had: for what is shown whole, not masked.
"""
_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}", re.ASCII)
"""A mobile number of the mainland; no carrier's waybill looks like one."""


def mobile(code: str) -> bool:
    """Whether a comparable code is a mobile number and not a waybill."""
    return _MOBILE.fullmatch(code) is not None


def carriers_letters(code: str) -> bool:
    """Whether a code begins with a carrier's letters and goes on as its waybills do: nobody's telephone number."""
    return code[:1].isalpha() and (_LETTERS.fullmatch(code) is not None or carrier(code) is not None)


def same_carrier(one: str, other: str) -> bool:
    """Whether two names are of one carrier: platforms add a word to it (圆通, 圆通速递)."""
    return bool(one) and folded(one)[:2] == folded(other)[:2]


_ISBN = re.compile(r"97[89]\d{10}")
"""The number of a book, also with a digit read wrong: books are sold goods, and 97… is the shape of a waybill as well.
"""


def carrier(code: str) -> str | None:
    """The carrier that the shape of a code suggests; None for a valid EAN-13, which is taken for a barcode."""
    return None if ean13(code) else shaped_as_of(code)


def shaped_as_of(code: str) -> str | None:
    """The carrier whose waybills have the shape of a code, though it may be a barcode as well; None for a book's."""
    if _ISBN.fullmatch(code):
        return None
    return next((name for name, pattern in _CARRIERS if re.fullmatch(pattern, code)), None)
