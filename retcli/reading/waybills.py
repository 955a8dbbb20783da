"""Readers of cells that hold waybills: one, or several that are told apart, each with its carrier."""

import re
import unicodedata
from collections.abc import Sequence

from retcli.language import mark
from retcli.reading.cells import BLANK, Unreadable, identifier, word
from retcli.rules.warehouse.ids import carrier, normalised

_WITH_CARRIER = re.compile(
    r"[\u4e00-\u9fff]+[ :：]+(?:[Nn][Oo][.:：]+)?([A-Za-z\d-]{8,})|([A-Za-z\d-]{8,})[ :：]+[\u4e00-\u9fff]+"
)
_APART = re.compile(r"[,;、|\r\n\t]+|(?<=[\dA-Z-])(?=(?:NO|[\u4e00-\u9fff]*(?:单号|编号|号码))[:.])", re.IGNORECASE)
"""What separates two waybills in a cell: a sign, or only the label of the next one."""
_CARRIERS_APART = re.compile(r"[,;，；、|/\n]")
_PERHAPS_APART = re.compile(r"[\s/]+")
_QUOTED = re.compile(r'="|"|^\s*\[|\]\s*$')
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+", re.ASCII)
_WHOLE_NUMBER = re.compile(r"[A-Z]{0,5}\d{9,}[A-Z]{0,2}", re.ASCII)
"""A number long enough to be a waybill by itself; the groups of one written in groups are shorter."""
_RUN = re.compile(
    r"(?<![A-Z\d])[A-Z]{0,5}\d{9,}[A-Z]{0,2}(?:-\d{1,3}-\d{1,3}(?!\d)-?)?(?![A-Z\d])", re.ASCII | re.IGNORECASE
)
"""A waybill within words and signs, with the number of its box behind it."""
_HYPHENED = re.compile(r"[A-Z\d]-+(?=[A-Z]{0,5}\d{9,})", re.ASCII | re.IGNORECASE)
_CIRCLED = re.compile(r"[\u2460-\u249b\u2776-\u2793]")
"""Numbers of a list written as one sign: ``①``, ``⑵``, ``⒊``."""
_NUMBERED = re.compile(
    r"(?<![A-Z\d.])[\u4e00-\u9fff]{0,12}\d{1,2}[ ]?[:.、)](?=\s*(?:NO[:.]+\s*)?[A-Z]{0,5}\d{9,})(?!\s*\d+E[+]?\d)",
    re.IGNORECASE,
)
"""Numbers of a list before the waybills of a cell: ``1.``, ``单号2：``, ``包裹1：``."""
_LABEL_ALONE = re.compile(r"(?:NO|[\u4e00-\u9fff]*单号)[:.]*")


def waybill(cell: str) -> str:
    """A waybill in the form that a scanner's code is compared with, without a label before it (``No:``, ``运单号：``)
    or a carrier's name beside it. Raises Unreadable where a spreadsheet has destroyed its last digits.
    """
    # two letters and digits, the usual case, without the patterns below
    if cell[:2].isalpha() and cell[2:].isdigit() and cell.isascii():
        return cell.upper()
    written = word(cell)
    with_carrier = _WITH_CARRIER.fullmatch(written)
    code = normalised(with_carrier[1] or with_carrier[2] if with_carrier else written)
    return "" if _LABEL_ALONE.fullmatch(code) else identifier(code)


def waybills(cell: str) -> list[str]:
    """Every waybill of a cell, each once and in the form that a scanner's code is compared with, the first one first.

    They may be separated by commas, semicolons, bars, tabs and new lines, by a label or a number of a list that comes
    again, or by anything between two whole numbers. A carrier's name by itself is left out. Raises Unreadable with the
    one that a spreadsheet has destroyed, and for several that cannot be told apart.
    """
    if cell.isascii() and cell.isalnum():
        return [one] if (one := waybill(cell)) else []
    written = unicodedata.normalize("NFKC", _CIRCLED.sub(";", _QUOTED.sub(" ", cell))).strip(BLANK)
    # one number with a spreadsheet's commas, not several
    if _THOUSANDS.fullmatch(written):
        written = written.replace(",", "")
    counted = _NUMBERED.sub(";", written)
    parts = [each for part in _APART.split(counted) for each in _whole(part.rstrip(" -"))]
    numbers = [part for part in parts if any(map(str.isdigit, part))] or parts[:1]
    if len(numbers) < 2:
        return (
            [one]
            if (one := waybill(numbers[0] if len(parts) > 1 or written.isdigit() or cell[:1] == "[" else cell))
            else []
        )
    return list(filter(None, dict.fromkeys(map(_one_of_them, numbers))))


def _whole(part: str) -> list[str]:
    """The whole numbers of a part that blanks, slashes or other signs separate; the part itself where there are not
    several. Raises Unreadable as `_runs` does.
    """
    tokens = _PERHAPS_APART.split(part.strip())
    whole = [token for token in tokens if _WHOLE_NUMBER.fullmatch(normalised(token))]
    others = [token for token in tokens if token not in whole and any(map(str.isdigit, token))]
    return whole if len(whole) > 1 and not others else _runs(part)


def _runs(part: str) -> list[str]:
    """The whole numbers among other words and signs. Raises Unreadable where other digits stand between them, or a
    hyphen joins what may be one number.
    """
    runs = [run[0] for run in _RUN.finditer(part)]
    if len(runs) < 2 or carrier(normalised(part)):
        return [part]
    doubtful = _HYPHENED.search(part) is not None and not all(carrier(normalised(run)) for run in runs)
    if doubtful or any(map(str.isdigit, _RUN.sub(" ", part))):
        raise Unreadable(mark("several numbers in one cell that cannot be told apart"), part.strip(BLANK))
    return runs


def _one_of_them(part: str) -> str:
    """One waybill of several in a cell. Raises Unreadable that names it."""
    try:
        return waybill(part)
    except Unreadable as wrong:
        raise Unreadable(str(wrong), part.strip(BLANK)) from wrong


def all_waybills(cell: str) -> str:
    """Every waybill of a cell in one text, separated by blanks. Raises Unreadable as `waybills` does."""
    return " ".join(waybills(cell))


def with_carriers(numbers: Sequence[str], written: str) -> list[tuple[str, str]]:
    """Each waybill with its carrier. `written` names one carrier for all, or as many as there are waybills; with any
    other number of names the carriers are "".
    """
    carriers = [carrier.strip() for carrier in _CARRIERS_APART.split(written)]
    if len(carriers) == 1:
        carriers *= len(numbers)
    return list(zip(numbers, carriers if len(carriers) == len(numbers) else [""] * len(numbers), strict=True))
