"""What stands in the codes on labels of our own: two letters for the kind of thing, then its number or name, in the
signs A–Z and 0–9 only, since a scanner whose keyboard is set to another layout changes every other sign.

``RP202611090012`` is parcel PK20261109-0012, ``RC202611090034`` case RC20261109-0034. A place (``RL``), an article
(``RG``) and a badge (``RB``) hold a name with three digits behind it by which a misread one, or another code that
begins alike, is told; in the name ``Z`` and every sign but letters and digits are written as ``Z`` and two hexadecimal
digits a byte of UTF-8.
"""

import re

from retcli.rules.warehouse.ids import folded

PARCEL, CASE, SHIPMENT, PLACE, ARTICLE, BADGE = "RP", "RC", "RS", "RL", "RG", "RB"
NUMBERED = rf"(?:{PARCEL}|{CASE}|{SHIPMENT})20\d{{2}}[01]\d[0-3]\d\d{{4,}}"
"""The form of the codes that hold a number of the books."""
_OF_PARCEL = re.compile(rf"{PARCEL}(20\d{{6}})(\d{{4,}})", re.ASCII)
_NAMED = re.compile(rf"({PLACE}|{ARTICLE}|{BADGE})([A-Z0-9]+)(\d{{3}})", re.ASCII)
_PRIME = 997
"""The check number is a remainder by it, so that one wrong sign is always told."""
_BASE = 37
_SIGN = re.compile(r"[^A-Y0-9]", re.ASCII)
_WRITTEN = re.compile(r"(?:Z[0-9A-F]{2})+", re.ASCII)


def of_parcel(number: str) -> str:
    """The code for a parcel by its number (``PK20261109-0012``)."""
    return PARCEL + number.removeprefix("PK").replace("-", "")


def of_case(number: str) -> str:
    """The code for a case by its number (``RC20261109-0034``)."""
    return number.replace("-", "")


def of_place(name: str) -> str:
    """The code for a shelf or another place by its name."""
    return _named(PLACE, folded(name))


def of_article(sku: str) -> str:
    """The code for an article by its merchant code, where it has no barcode."""
    return _named(ARTICLE, folded(sku))


def of_badge(person: int) -> str:
    """The code for somebody who works in the shop, by their number in the list of staff."""
    return _named(BADGE, str(person))


def place(code: str) -> str:
    """The name of the place that a comparable code holds; "" for another code."""
    return _name(PLACE, code)


def badge(code: str) -> int:
    """The number in the list of staff that a comparable code holds; 0 for another code."""
    number = _name(BADGE, code)
    return int(number) if number.isascii() and number.isdigit() else 0


def spelled_out(code: str) -> str:
    """The number of the parcel, or the merchant code, that a comparable code on a label of ours holds; "" for another
    code, and for one of a case, which differs from its number by a dash only.
    """
    parcel = _OF_PARCEL.fullmatch(code)
    return f"PK{parcel[1]}-{parcel[2]}" if parcel else _name(ARTICLE, code)


def _named(kind: str, name: str) -> str:
    written = kind + _SIGN.sub(lambda sign: "".join(f"Z{byte:02X}" for byte in sign[0].encode()), name)
    return f"{written}{_check(written):03}"


def _name(kind: str, code: str) -> str:
    """The name in a code of a kind; "" where it is none, or its check number does not fit."""
    named = _NAMED.fullmatch(code)
    if named is None or named[1] != kind or int(named[3]) != _check(named[1] + named[2]):
        return ""
    try:
        return _WRITTEN.sub(lambda bytes_: bytes.fromhex(bytes_[0].replace("Z", "")).decode(), named[2])
    except UnicodeDecodeError:
        return ""


def _check(written: str) -> int:
    number = 0
    for sign in written:
        number = (number * _BASE + ord(sign)) % _PRIME
    return number
