"""What a scanner typed, made comparable."""

import re
import unicodedata

COMMAND = "RCMD"
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－", "-") | {"。": "."})
_JD_PARCEL = re.compile(r"(JD[A-Z]{0,3}\d{9,15})-\d+-\d+-?")
_AIM = re.compile(r"\][A-Za-z]\d")


def normalised(code: str) -> str:
    """A scanned code in the one form used for look-up: half-width, upper case, without blanks, control characters,
    the scanner's symbology prefix, or JD's parcel suffix (``JDVA0123456789-1-1-``).
    """
    plain = unicodedata.normalize("NFKC", code).translate(_DASHES)
    plain = "".join(ch for ch in plain if not ch.isspace() and unicodedata.category(ch)[0] != "C").upper()
    plain = _AIM.sub("", plain, count=1) if plain.startswith("]") else plain
    jd = _JD_PARCEL.fullmatch(plain)
    return jd[1] if jd else plain


def looks_typed_by_ime(code: str) -> bool:
    """Whether the input method stood between scanner and program: full-width or Chinese characters in a code."""
    return any(unicodedata.east_asian_width(ch) in {"F", "W"} for ch in code)


def ean13(code: str) -> bool:
    """Whether the code is an EAN-13 with a right check digit."""
    if len(code) != 13 or not code.isascii() or not code.isdigit():
        return False
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(code[:12]))
    return (10 - weighed % 10) % 10 == int(code[12])


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


def carrier(code: str) -> str | None:
    """The carrier that a waybill's pattern suggests; a suggestion only, since patterns overlap with barcodes."""
    if ean13(code):
        return None
    return next((name for name, pattern in _CARRIERS if re.fullmatch(pattern, code)), None)
