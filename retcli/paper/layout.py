"""Where everything stands on a label, in dots from its upper left corner: nothing is cut off. What does not fit at the
smallest size of letters goes on to another label with the same code.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from retcli.language import _, headed
from retcli.paper import codes
from retcli.paper.fonts import Face, plain
from retcli.paper.sizes import Size
from retcli.views.warehouse.labels import Label

_LEADING = 4
"""A row is by a quarter higher than its letters, whose lower ends take most of that."""
_HUGE = 200
"""Dots of the biggest letters of a word that fills its label."""


@dataclass(frozen=True)
class Text:
    """A text from its left end at `x` on the baseline `y`, in letters `size` dots high."""

    x: int
    y: int
    size: int
    words: str


@dataclass(frozen=True)
class Bars:
    """Bars from the upper left corner on, each module `dots` wide and all `height` high."""

    x: int
    y: int
    dots: int
    height: int
    modules: str


@dataclass(frozen=True)
class Squares:
    """A QR code from the upper left corner of its blank border on, each square `dots` wide."""

    x: int
    y: int
    dots: int
    rows: tuple[str, ...]

    @property
    def side(self) -> int:
        """How wide and high it is."""
        return self.dots * len(self.rows)


@dataclass(frozen=True)
class Drawn:
    """One label as it is drawn: all that stands on it."""

    texts: tuple[Text, ...]
    bars: Bars | None
    squares: Squares


@dataclass(frozen=True)
class _Body:
    """The rows of a label's text: the first one's upper end, how many fit into what is left at a size of letters."""

    top: int
    bottom: int
    width: int

    def rows(self, size: int) -> int:
        """How many rows of letters of a size fit."""
        return max((self.bottom - self.top) // height(size), 0)


def height(size: int) -> int:
    """How high a row of letters of a size is."""
    return size + -(-size // _LEADING)


def laid_out(label: Label, size: Size, face: Face) -> list[Drawn]:
    """A label as it is drawn, with as many further ones as its texts take."""
    texts = [headed(plain(name), plain(text)) for name, text in label.fields]
    head, body = _head(label, size, face)
    big, body = _big(label, size, face, body)
    letters, rows = _rows(texts, size, face, body)
    most = max(body.rows(letters), 1)
    chunks = [rows[first : first + most] for first in range(0, len(rows), most)] or [[]]
    drawn = []
    for number, chunk in enumerate(chunks, 1):
        page = _page(number, len(chunks), size, face)
        drawn.append(replace(head, texts=(*head.texts, *page, *big, *_written(chunk, letters, size, body))))
    return drawn


def texts_of(label: Label) -> Iterator[str]:
    """Every text that a label shows."""
    yield from (plain(text) for text in (label.title, label.caption, label.big, _page_text(1, 23456789), "0"))
    yield from (headed(plain(name), plain(text)) for name, text in label.fields)


def _head(label: Label, size: Size, face: Face) -> tuple[Drawn, _Body]:
    """The title, the bars with their number below, and the QR code at the lower right; and the room for all else."""
    y = size.margin
    room = size.inner - face.width(_page_text(99, 99), size.title * 3 // 4)
    title = _shrunk(plain(label.title), size.title, room, face)
    texts = [Text(size.margin, _base(y, title), title, plain(label.title))]
    y += height(size.title)
    modules, dots = codes.bars(label.code, size)
    bars = Bars((size.width - dots * len(modules)) // 2, y, dots, size.bars, modules) if modules else None
    y += size.bars if modules else 0
    letters = _shrunk(plain(label.caption), size.caption, size.inner, face, size.least)
    for line in _wrapped(plain(label.caption), size.inner, letters, face):
        texts.append(Text((size.width - face.width(line, letters)) // 2, _base(y, letters), letters, line))
        y += height(letters)
    squares = _squares(label.code, size, y)
    return Drawn(tuple(texts), bars, squares), _Body(y, size.height - size.margin, squares.x - size.margin)


def _squares(code: str, size: Size, top: int) -> Squares:
    """The QR code in the lower right corner, as big as what is left allows."""
    rows, dots = codes.squares(code, min(size.qr, size.height - size.margin // 2 - top))
    side = dots * len(rows)
    return Squares(size.width - size.margin // 2 - side, size.height - size.margin // 2 - side, dots, rows)


def _big(label: Label, size: Size, face: Face, body: _Body) -> tuple[list[Text], _Body]:
    """The word that is as big as its room allows, and what is left below it: beside other texts it has three fifths of
    the height.
    """
    word = plain(label.big)
    if not word:
        return [], body
    room = (body.bottom - body.top) * (3 if label.fields else 5) // 5
    most = min(room * _LEADING // (_LEADING + 1), _HUGE)
    letters = next((n for n in range(most, size.least, -1) if _fits(word, n, room, body, face)), size.least)
    lines = _wrapped(word, body.width, letters, face)
    below = replace(body, top=body.top + len(lines) * height(letters))
    return _written(lines, letters, size, body), below


def _fits(word: str, letters: int, room: int, body: _Body, face: Face) -> bool:
    """Whether words fit a room in letters of a size, without one of them being broken."""
    lines = _wrapped(word, body.width, letters, face, whole=True)
    return len(lines) * height(letters) <= room and all(face.width(line, letters) <= body.width for line in lines)


def _rows(texts: Sequence[str], size: Size, face: Face, body: _Body) -> tuple[int, list[str]]:
    """The biggest letters in which all texts fit, and their rows; the smallest where they fit in none."""
    rows: list[str] = []
    for letters in range(size.largest, size.least - 1, -1):
        rows = [row for text in texts for row in _wrapped(text, body.width, letters, face)]
        if len(rows) <= body.rows(letters):
            return letters, rows
    return size.least, rows


def _written(rows: Sequence[str], letters: int, size: Size, body: _Body) -> list[Text]:
    return [
        Text(size.margin, _base(body.top + place * height(letters), letters), letters, row)
        for place, row in enumerate(rows)
    ]


def _page(number: int, of: int, size: Size, face: Face) -> list[Text]:
    """Which of several labels it is, at the upper right; nothing where it is the only one."""
    if of == 1:
        return []
    letters, words = size.title * 3 // 4, _page_text(number, of)
    return [Text(size.width - size.margin - face.width(words, letters), _base(size.margin, letters), letters, words)]


def _page_text(number: int, of: int) -> str:
    return _("{n} of {all}").format(n=number, all=of)


def _base(top: int, letters: int) -> int:
    """The baseline of a row of letters whose upper end is at `top`."""
    return top + letters


def _shrunk(text: str, size: int, room: int, face: Face, least: int = 1) -> int:
    """The biggest letters up to a size in which a text is no wider than its room; not below the `least`."""
    while size > least and face.width(text, size) > room:
        size -= 1
    return size


def _wrapped(text: str, width: int, letters: int, face: Face, *, whole: bool = False) -> list[str]:
    """A text in rows of a width: broken at blanks and between Chinese signs; a word that is wider by itself is broken
    where its row ends, unless it must stay `whole`.
    """
    rows, row = list[str](), ""
    for piece in _pieces(text):
        if face.width((row + piece).rstrip(), letters) <= width:
            row += piece
            continue
        if row.strip():
            rows.append(row.rstrip())
        row = piece.lstrip()
        while not whole and face.width(row.rstrip(), letters) > width:
            cut = _longest(row, width, letters, face)
            rows.append(row[:cut])
            row = row[cut:]
    return [*rows, row.rstrip()] if row.strip() else rows


def _longest(row: str, width: int, letters: int, face: Face) -> int:
    """How many of a row's signs fit a width, at least one."""
    return next((n for n in range(len(row), 1, -1) if face.width(row[:n], letters) <= width), 1)


def _pieces(text: str) -> Iterator[str]:
    """The parts of a text between which a row may end: Chinese signs each by itself, words with the blank behind."""
    piece = ""
    for sign in text:
        wide = unicodedata.east_asian_width(sign) in {"W", "F"}
        closing = sign in "，。、；：！？）】》”’" and piece
        if piece and not closing and (wide or piece[-1] == " " or _is_wide(piece[-1])):
            yield piece
            piece = ""
        piece += sign
    if piece:
        yield piece


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in {"W", "F"}
