"""The terminal, on which views are drawn: by Rich, which is loaded only when something is drawn.

No text is markup, nothing can steer the terminal, and no id or amount loses a digit (`docs/hazards.md` C-7, rows 30 and
41).
"""

import os
import re
import sys
import unicodedata
from collections.abc import Sequence
from typing import TextIO

from retcli.settings import without_passwords
from retcli.shellwords import in_own_words
from retcli.views.base import Column

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories of characters that are spelled out: controls, formats (bidirectional too), private ones."""
_SPELLED = {"\n": " ", "\t": " ", "\r": " "}


def safe(text: str) -> str:
    """A text without what could steer a terminal: control, bidirectional and private characters are spelled out, line
    breaks become blanks, passwords of database addresses are hidden.
    """
    text = without_passwords(text)
    if text.isprintable():
        return text
    return "".join(_SPELLED.get(ch) or (_spelled(ch) if unicodedata.category(ch) in _HIDDEN else ch) for ch in text)


_ANY_WIDTH = sys.maxsize
"""Cells where there is no terminal: a row is as wide as it is."""


def _spelled(ch: str) -> str:
    """A character spelled out by its number."""
    return f"\\x{ord(ch):02x}" if ord(ch) < 256 else f"\\u{{{ord(ch):04x}}}"


class Terminal:
    """Draws on a stream; off a terminal nothing is cut or coloured."""

    def __init__(self, stream: TextIO | None = None) -> None:
        from rich.console import Console

        self.stream = stream or sys.stdout
        real = self.stream.isatty()
        # off a terminal Rich would assume 80 columns and shorten in silence
        width = None if real else int(os.environ.get("RETCLI_WIDTH") or _ANY_WIDTH)
        self.console = Console(
            file=self.stream,
            markup=False,
            emoji=False,
            highlight=False,
            width=width,
            force_terminal=real,
            soft_wrap=not real and "RETCLI_WIDTH" not in os.environ,
            # off a terminal there is no Windows console to be drawn on by its own calls
            legacy_windows=False if not real else None,
        )

    def clear(self) -> None:
        """Begins a new screen; off a terminal an empty line sets apart what follows."""
        if self.stream.isatty():
            self.console.clear()
        else:
            self.line()

    def line(self, text: str = "", style: str = "") -> None:
        """Shows one line of text; on a terminal a long one wraps, but not within a command that fits into a line."""
        from rich.text import Text

        self.console.print(Text(apart(safe(in_own_words(text)), self.console.width), style=style))

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], title: str = "") -> None:
        """Shows a table; where it has no room for whole ids and amounts, each value on a line of its own."""
        from rich.box import SIMPLE_HEAD
        from rich.table import Table
        from rich.text import Text

        if title:
            self.line(title, "bold")
        everything = columns, [[safe(cell) for cell in row] for row in rows]
        columns, rows = within(self.console.width, *everything)
        widths = laid_out(self.console.width, columns, rows)
        if widths is None:
            self._records(*everything)
            return
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
        for column, width in zip(columns, widths, strict=True):
            table.add_column(
                Text(column.title),
                justify="right" if column.kind in {"money", "count"} else "left",
                no_wrap=column.kind != "text",
                overflow="ellipsis" if column.kind == "title" else "fold",
                width=width,
            )
        for row in rows:
            table.add_row(*(Text(parted(cell)) for cell in row))
        self.console.print(table)

    def _records(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """Shows the rows of a table that has no room, each value on a line of its own behind its heading."""
        for row in rows:
            for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
                if cell:
                    head = "" if place == 0 else "  "
                    self.line(f"{head}{column.title} {cell}", "" if place else "bold")


_COMMAND = re.compile(r"retcli [^，。；;（）()\n]*[^，。；;（）()\s]")


def apart(text: str, width: int) -> str:
    """A text with each command in it on a line of its own, where the text is wider than `width` cells."""
    # a command that is broken over two lines cannot be copied
    from rich.cells import cell_len

    if cell_len(text) <= width or not _COMMAND.search(text):
        return text
    indent = " " * (len(text) - len(text.lstrip()) + 2)
    pieces, done = [], 0
    for command in _COMMAND.finditer(text):
        pieces += [text[done : command.start()].rstrip(), f"{indent}{command[0]}"]
        done = command.end()
    after = text[done:].lstrip("，。；; ")
    return "\n".join(piece for piece in (*pieces, f"{indent}{after}" if after else "") if piece.strip())


Rows = Sequence[Sequence[str]]
_BETWEEN = 3
"""Cells between two columns of a table."""


def within(width: int, columns: Sequence[Column], rows: Rows) -> tuple[Sequence[Column], Rows]:
    """The columns that a width in cells has room for, without wrapping any but with titles cut: the spare ones are left
    out from the last on where it has not.
    """
    from rich.cells import cell_len

    wide = [
        max((cell_len(safe(text)) for text in (column.title, *(row[place] for row in rows))), default=0)
        for place, column in enumerate(columns)
    ]
    wide = [min(cells, _TITLE) if columns[place].kind == "title" else cells for place, cells in enumerate(wide)]
    kept = list(range(len(columns)))
    for place in reversed(range(len(columns))):
        if columns[place].spare and sum(wide[each] + _BETWEEN for each in kept) - _BETWEEN > width:
            kept.remove(place)
    return [columns[place] for place in kept], [[row[place] for place in kept] for row in rows]


_ENDS = re.compile(r"(?<=[、；])(?=\S)")
_NUMBER = re.compile(r"\d[\d.,-]*\d|\d")


def parted(cell: str) -> str:
    """A cell with a blank after each item of a list, at which it may be wrapped."""
    return _ENDS.sub(" ", cell)


def laid_out(width: int, columns: Sequence[Column], rows: Rows) -> list[int] | None:
    """How many cells each column of a table gets so that no id, amount or time is broken: texts share what is left,
    then titles. None where there is no room for that.
    """
    from rich.cells import cell_len

    cells = [[row[place] for row in rows] for place in range(len(columns))]
    full = [max(map(cell_len, [c.title, *map(parted, each)])) for c, each in zip(columns, cells, strict=True)]
    least = [
        min(wide, _least(each)) if column.kind == "text" else min(wide, _TITLE) if column.kind == "title" else wide
        for column, each, wide in zip(columns, cells, full, strict=True)
    ]
    left = width - _BETWEEN * (len(columns) - 1) - sum(least)
    if left < 0:
        return None
    titles = [column.kind == "title" for column in columns]
    for _cell in range(min(left, sum(full) - sum(least))):
        lacking = [wide - given for wide, given in zip(full, least, strict=True)]
        widened = [place for place, cells in enumerate(lacking) if cells and not titles[place]] or range(len(full))
        least[max(widened, key=lambda place: lacking[place])] += 1
    return least


def _least(cells: Sequence[str]) -> int:
    """How many cells a column of texts needs so that no number in it is broken."""
    from rich.cells import cell_len

    words = [word for cell in cells for word in parted(cell).split() if _NUMBER.search(word)]
    return max([_NARROW, *(cell_len(word) for word in words)])


_NARROW, _TITLE = 6, 12
"""Cells that a column of texts has at least, and one of titles."""
