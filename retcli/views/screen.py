"""The terminal: Rich, loaded only when something is drawn."""

import os
import sys
import unicodedata
from collections.abc import Sequence
from typing import TextIO

from retcli.settings import without_passwords
from retcli.shellwords import in_own_words
from retcli.views.base import Column

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_SPELLED = {"\n": " ", "\t": " ", "\r": " "}


def safe(text: str) -> str:
    """Outside text without what could steer a terminal: control, bidirectional and private characters are spelled
    out, line breaks become blanks, passwords of addresses are hidden.
    """
    text = without_passwords(text)
    if text.isprintable():
        return text
    return "".join(_SPELLED.get(ch) or (_spelled(ch) if unicodedata.category(ch) in _HIDDEN else ch) for ch in text)


def _spelled(ch: str) -> str:
    return f"\\x{ord(ch):02x}" if ord(ch) < 256 else f"\\u{{{ord(ch):04x}}}"


class Terminal:
    """Draws on a stream; off a terminal nothing is cut or coloured."""

    def __init__(self, stream: TextIO | None = None) -> None:
        from rich.console import Console

        self.stream = stream or sys.stdout
        real = self.stream.isatty()
        width = None if real else int(os.environ.get("RETCLI_WIDTH") or 10_000)
        self.console = Console(
            file=self.stream,
            markup=False,
            emoji=False,
            highlight=False,
            width=width,
            force_terminal=real,
            soft_wrap=not real,
            legacy_windows=False if not real else None,
        )

    def clear(self) -> None:
        """Begins a new screen; off a terminal an empty line sets apart what follows."""
        if self.stream.isatty():
            self.console.clear()
        else:
            self.line()

    def line(self, text: str = "", style: str = "") -> None:
        """One line of text; on a terminal long ones wrap."""
        from rich.text import Text

        self.console.print(Text(safe(in_own_words(text)), style=style))

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], title: str = "") -> None:
        """A table; ids and amounts fold rather than lose a digit."""
        from rich.box import SIMPLE_HEAD
        from rich.table import Table
        from rich.text import Text

        if title:
            self.line(title, "bold")
        columns, rows = within(self.console.width, columns, rows)
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
        for column in columns:
            plain = column.kind == "text"
            table.add_column(
                Text(column.title),
                justify="right" if column.kind in {"money", "count"} else "left",
                no_wrap=column.kind in {"money", "count", "time", "id"},
                overflow="fold",
                min_width=None if plain else max((len(_cell(row, column, columns)) for row in rows), default=1),
            )
        for row in rows:
            table.add_row(*(Text(safe(cell)) for cell in row))
        self.console.print(table)


Rows = Sequence[Sequence[str]]
_BETWEEN = 3
"""Cells between two columns of a table."""


def within(width: int, columns: Sequence[Column], rows: Rows) -> tuple[Sequence[Column], Rows]:
    """The columns that a width in cells has room for, without wrapping any: the spare ones are left out from the last
    on where it has not.
    """
    from rich.cells import cell_len

    wide = [
        max((cell_len(safe(text)) for text in (column.title, *(row[place] for row in rows))), default=0)
        for place, column in enumerate(columns)
    ]
    kept = list(range(len(columns)))
    for place in reversed(range(len(columns))):
        if columns[place].spare and sum(wide[each] + _BETWEEN for each in kept) - _BETWEEN > width:
            kept.remove(place)
    return [columns[place] for place in kept], [[row[place] for place in kept] for row in rows]


def _cell(row: Sequence[str], column: Column, columns: Sequence[Column]) -> str:
    return safe(row[list(columns).index(column)])
