"""The shapes of telephone numbers of China and from abroad, by which they are masked and never taken for a waybill."""

import re

GAP = r"[\s\-–—.·_/]{0,3}"
"""Pattern of what people put between the digits of a number."""
NOT_IN_A_NUMBER = r"(?<![0-9])"
ENDED = r"(?![0-9])"


def apart(count: int, digit: str = "[0-9]") -> str:
    """The pattern of so many digits, each with what people may put before it."""
    return f"(?:{GAP}{digit}){{{count}}}"


MOBILE = re.compile(rf"{NOT_IN_A_NUMBER}(?:(?:\+|00)?\(?86\)?{GAP})?(1[3-9]|1{GAP}[3-9]){apart(9)}{ENDED}")
LANDLINE = re.compile(
    rf"{NOT_IN_A_NUMBER}(?:\+?86[\s\-]?|\()?(0(?:10|2[0-9]|[3-9][0-9]{{2}}))\)?{GAP}[2-8][0-9]{{2,3}}{GAP}[0-9]{{4}}"
    rf"(?:\s?(?:-|转|ext\.?)\s?[0-9]{{1,6}})?{ENDED}",
    re.IGNORECASE,
)
HOTLINE = re.compile(rf"{NOT_IN_A_NUMBER}[48]00{apart(7)}{ENDED}")
"""A firm's number of ten digits that begins with 400 or 800."""
ABROAD = re.compile(r"\+(?!86)[1-9][0-9]{0,2}[\s\-]?(?:\(?[0-9]{1,4}\)?[\s\-]?){2,4}[0-9]{2,4}(?![0-9])")
_EXTENSION = re.compile(r"\s?(?:-|转|ext\.?)\s?[0-9]{1,6}$", re.IGNORECASE)
"""The extension behind a mobile number: the virtual numbers by which platforms hide buyers have one."""
FORMS = (MOBILE, LANDLINE, HOTLINE, ABROAD)


def telephone(text: str) -> bool:
    """Whether a text in half-width signs is a telephone number, with or without an extension, and nothing else."""
    number = text.strip()
    return any(form.fullmatch(number) for form in FORMS) or bool(MOBILE.fullmatch(_EXTENSION.sub("", number)))
