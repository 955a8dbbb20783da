"""Barcodes made comparable: the same article number as EAN-8, UPC-A, EAN-13, ITF-14 or inside a GS1 code (GS1 General
Specifications §3.2, §7.9).
"""

import re

from retcli.rules.warehouse.ids import folded, normalised

LENGTHS = (8, 12, 13, 14)
"""Digits of EAN-8, UPC-A, EAN-13 and ITF-14: all the same number of 14 digits with noughts before it."""
_BRACKETED = re.compile(r"\(01\)(\d{14})(?:\(\d{2,4}\).*)?")
_PLAIN = re.compile(r"01(\d{14})")
_BEFORE_MORE = re.compile(r"01(\d{14}).*")
_GS1 = ("]C1", "]E0", "]D2", "]Q3", "]J1")
"""What scanners send before a code that says itself that it is one of GS1's."""
_FNC1 = "\x1d"


def as_long_as_a_barcode(code: str) -> bool:
    """Whether a code is digits alone, as many as an article number has."""
    return len(code) in LENGTHS and code.isascii() and code.isdigit()


def gtin(code: str) -> str:
    """The article number of 14 digits that a code is; "" for one of another length or with a wrong check digit."""
    if not as_long_as_a_barcode(code):
        return ""
    number = code.zfill(14)
    weighed = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(number[:13]))
    return number if (10 - weighed % 10) % 10 == int(number[13]) else ""


def in_one_piece(code: str) -> str:
    """An article number without the dashes between its groups (``978-7-111-12345-3``); any other code as it is."""
    number = code.replace("-", "")
    return number if as_long_as_a_barcode(number) else code


def forms(typed: str) -> tuple[str, ...]:
    """Every way in which the books may hold the barcode that was typed or scanned, the likeliest first; never another
    article's: a code with a wrong check digit is only itself.
    """
    code = normalised(typed)
    number = gtin(_inside(typed) or in_one_piece(code))
    shorter = [number[14 - length :] for length in LENGTHS if number and set(number[: 14 - length]) <= {"0"}]
    return tuple(dict.fromkeys((in_one_piece(code), code, folded(typed), *reversed(shorter))))


def _inside(typed: str) -> str:
    """The article number inside a GS1 code: ``(01)06901234567892``, ``]C10106901234567892…``; "" for any other."""
    code = folded(typed)
    marked = code.startswith(_GS1) or _FNC1 in typed
    bare = code[3:] if code.startswith("]") else code
    match = _BRACKETED.fullmatch(bare) or (_BEFORE_MORE if marked else _PLAIN).fullmatch(bare)
    return match[1] if match else ""


def as_kept(written: str) -> str:
    """A barcode as the books keep it: comparable, and without what stands around it in a GS1 code."""
    return _inside(written) or in_one_piece(normalised(written))


def key(written: str) -> str:
    """What tells barcodes apart: the article number of 14 digits, or the code itself where it is none."""
    code = in_one_piece(normalised(written))
    return gtin(code) or code
