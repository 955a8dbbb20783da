"""Personal data as it may be shown: enough to recognise, not enough to misuse."""

import re


def name(text: str) -> str:
    """The first character of a name: 张*."""
    return f"{text[0]}*" if text else ""


def phone(text: str) -> str:
    """A phone number without its middle: 138****8000."""
    plain = text.split("-")[0]
    return f"{plain[:3]}****{plain[-4:]}" if len(plain) >= 7 else "****" if plain else ""


def free_text(text: str) -> str:
    """Words that somebody typed, with mobile numbers in them masked."""
    return re.sub(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)", r"\1****\2", text)


def address(text: str) -> str:
    """An address to the district: at most its first ten characters."""
    return f"{text[:10].strip()}…" if text else ""
