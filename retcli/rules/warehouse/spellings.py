"""What a scanner sends, taken apart: the code as it stands, then the numbers that may lie in it, the surest first.

Scanners and labels put something around a number: a letter for the kind of barcode, the stars of Code 39, a word with a
colon, a count of pieces, the address or the data of a QR code. Which of the numbers is meant is decided in `codes`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from urllib.parse import unquote

from retcli.rules.warehouse.barcodes import gtin
from retcli.rules.warehouse.ids import carrier, folded, normalised
from retcli.rules.warehouse.payloads import spelled_out

_BLANKS = re.compile(r"[ \t\r\n\xa0\u3000]+")
_AT_ONCE = 9
"""Codes that are told apart in one line at most."""
_OURS = re.compile(r"([A-Z]{2})(\d{8})-?(\d{4,})", re.ASCII)
_SIGNS = "*%!.,;:~^|/\\\"'`()[]{}<>@&=+_-#?$"
_LABELLED = re.compile(r"[^\d:]{1,16}:(.+)")
_LETTER = re.compile(r"[A-D](\d{8,})[A-D]|[A-Z](.{8,})", re.ASCII)
"""The two letters with which a Codabar begins and ends, or the one by which a scanner tells the kind of barcode."""
_COUNTED = re.compile(r"""["']?([^,;|"'\s]{2,}?)["']?(?:\s*[,;|]\s*|\s+)["']?(\d{1,3})["']?(?:[,;|\s].*)?""", re.ASCII)
"""A line of a handheld: code, pieces, and perhaps the time, with any sign or blanks between them."""
_HOST = re.compile(r"[A-Z][A-Z0-9+.-]*://[^/?#]*", re.ASCII)
_OF_DATA = re.compile(r"://|[{}=&?]")
_NUMBER = re.compile(r"[A-Z0-9]+(?:[-_.][A-Z0-9]+)*-?", re.ASCII)
_SHORTEST = 6
"""Characters of a number in an address or in data: what is shorter is a sign of the page or the depot."""
_MOST = 12
"""Numbers of an address or of data that are looked up at most."""
_LAYERS = 2
"""Things around a number that are taken off one after the other at most."""
_WHOLE = 8
"""Characters of a code that a scanner may have sent twice in one line: a shorter one may repeat itself."""


class Around(StrEnum):
    """What stood around the number in what was read."""

    NOTHING = "nothing"  # prefix, label and box number, which every waybill may have, aside
    DASHES = "dashes"  # left out of a number of our own
    PAPER = "paper"  # it stands on a label of our own
    TWICE = "twice"  # the code stood there twice
    SIGNS = "signs"
    LABEL = "label"
    LETTER = "letter"
    COUNT = "count"
    DATA = "data"  # the address or the data of a QR code


@dataclass(frozen=True)
class Spelling:
    """A code that may be meant by what was read (`typed`), what stood around it, and how many `pieces` were counted."""

    typed: str
    around: Around = Around.NOTHING
    pieces: int = 1

    @cached_property
    def text(self) -> str:
        """The code in its comparable form."""
        return normalised(self.typed)


def apart(typed: str) -> tuple[str, ...]:
    """The codes of a line in which a scanner put a blank, a tab or CR behind each; empty where it holds only one, or
    more than anybody scans into one line.
    """
    parts = tuple(_BLANKS.split(typed.strip()))
    return parts if 1 < len(parts) <= _AT_ONCE else ()


def spellings(typed: str) -> tuple[Spelling, ...]:
    """The codes that may be meant by what was typed or scanned, each once: first all of it as it stands."""
    whole = Spelling(typed)
    each = {whole.text: whole, "": whole}
    peeled = [whole]
    for _layer in range(_LAYERS):
        inside = [replace(inner, pieces=outer.pieces * inner.pieces) for outer in peeled for inner in _within(outer)]
        peeled = [spelling for spelling in inside if spelling.text not in each]
        for spelling in peeled:
            each.setdefault(spelling.text, spelling)
    return tuple(dict.fromkeys((whole, *each.values())))


def _within(outer: Spelling) -> Iterator[Spelling]:
    """The codes that may lie in one, less one thing around each; none in a number out of an address or data."""
    if outer.around == Around.DATA:
        return
    typed, text = outer.typed, outer.text
    ours = _OURS.fullmatch(text)
    if ours:
        yield Spelling(f"{ours[1]}{ours[2]}-{ours[3]}", Around.DASHES)
    if on_paper := spelled_out(text):
        yield Spelling(on_paper, Around.PAPER)
    half = text[: len(text) // 2]
    if len(half) >= _WHOLE and text == half + half and not apart(typed):
        yield Spelling(half, Around.TWICE)
    yield Spelling(text.strip(_SIGNS), Around.SIGNS)
    labelled = _LABELLED.fullmatch(text)
    if labelled and not _OF_DATA.search(text):
        yield Spelling(labelled[1], Around.LABEL)
    yield from _behind_a_letter(text)
    counted = _COUNTED.fullmatch(unicodedata.normalize("NFKC", typed).strip())
    if counted and int(counted[2]):
        yield Spelling(counted[1], Around.COUNT, int(counted[2]))
    if _OF_DATA.search(text):
        yield from _of_data(folded(unquote(typed)))


def _behind_a_letter(text: str) -> Iterator[Spelling]:
    """The number behind a scanner's letter, only where it has a shape by itself: any code begins with some letter."""
    lettered = _LETTER.fullmatch(text)
    number = (lettered[1] or lettered[2]) if lettered else ""
    if number and (carrier(number) or gtin(number)):
        yield Spelling(number, Around.LETTER)


def _of_data(text: str) -> Iterator[Spelling]:
    """The numbers in an address, without its host, or in data such as ``{'k5':'SF…'}``."""
    numbers = [number for number in _NUMBER.findall(_HOST.sub("", text)) if any(map(str.isdigit, number))]
    yield from [Spelling(number, Around.DATA) for number in numbers if len(number) >= _SHORTEST][:_MOST]
