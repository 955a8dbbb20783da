"""Barcodes made comparable: one article number may be printed as EAN-8, UPC-A, EAN-13, ITF-14 or inside a GS1 code (GS1
General Specifications §3.2, §7.9).
"""

import re

from retcli.rules.warehouse.ids import checked, folded, normalised

LENGTHS = (8, 12, 13, 14)
"""Digits of EAN-8, UPC-A, EAN-13 and ITF-14; with noughts before it each is a number of 14 digits (GTIN)."""
_BRACKETED = re.compile(r"\(01\)(\d{14})(?:\(\d{2,4}\).*)?")
_PLAIN = re.compile(r"01(\d{14})")
_BEFORE_MORE = re.compile(r"01(\d{14}).*")
_GS1 = ("]C1", "]E0", "]D2", "]Q3", "]J1")
"""Symbology identifiers that scanners send before a GS1 code (ISO/IEC 15424)."""
_FNC1 = "\x1d"


def as_long_as_a_barcode(code: str) -> bool:
    """Whether a code is digits alone, and as many as an article number has."""
    return len(code) in LENGTHS and code.isascii() and code.isdigit()


def gtin(code: str) -> str:
    """A code as an article number of 14 digits; "" where its length or its check digit is none."""
    return code.zfill(14) if as_long_as_a_barcode(code) and checked(code) else ""


def in_one_piece(code: str) -> str:
    """An article number without the dashes between its groups (``978-7-111-12345-3``); any other code as it is."""
    number = code.replace("-", "")
    return number if as_long_as_a_barcode(number) else code


def forms(typed: str) -> tuple[str, ...]:
    """Every form in which the books may hold a barcode that was typed or scanned, the likeliest first. A code with a
    wrong check digit is only itself, so that no other article is ever found.
    """
    code = normalised(typed)
    number = gtin(_inside(typed) or in_one_piece(code))
    # a product sheet may hold the number with more or fewer noughts before it than the scanner sends
    shorter = [number[14 - length :] for length in LENGTHS if number and set(number[: 14 - length]) <= {"0"}]
    return tuple(dict.fromkeys((in_one_piece(code), code, folded(typed), *reversed(shorter))))


def _inside(typed: str) -> str:
    """The article number inside a GS1 code: ``(01)06901234567892``, ``]C10106901234567892…``; "" for any other."""
    # Without brackets, symbology identifier or FNC1 only exactly 01 and 14 digits count: anything longer that begins
    # with 01 may be a waybill or an order's number.
    code = folded(typed)
    marked = code.startswith(_GS1) or _FNC1 in typed
    bare = code[3:] if code.startswith("]") else code
    match = _BRACKETED.fullmatch(bare) or (_BEFORE_MORE if marked else _PLAIN).fullmatch(bare)
    return match[1] if match else ""


def as_kept(written: str) -> str:
    """A barcode as the books keep it: comparable, and without the other parts of a GS1 code."""
    return _inside(written) or in_one_piece(normalised(written))


def key(written: str) -> str:
    """The key by which two barcodes are the same: the article number of 14 digits, else the code itself."""
    code = in_one_piece(normalised(written))
    return gtin(code) or code
