"""The terminal, on which views are drawn: by Rich, which is loaded only when something is drawn.

No text is markup, nothing can steer the terminal, and no id or amount loses a digit (`docs/hazards.md` C-7, rows 30 and
41).
"""

import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

from retcli.language import _, series
from retcli.settings import without_passwords
from retcli.shellwords import in_own_words
from retcli.views.base import Column
from retcli.views.folding import cells, folded, hanging, pieces

if TYPE_CHECKING:
    from rich.text import Text

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
        """Shows one line of text. On a terminal a long one wraps under what it continues, but not within a command:
        that one stands alone, and where it is longer than the line, the terminal itself goes on in the next.
        """
        for line in apart(safe(in_own_words(text)), self.console.width).split("\n"):
            for piece in _wrapped(line, self.console.width):
                self._print(piece, style)

    def verbatim(self, text: str) -> None:
        """Shows the text of a file as it stands, to be copied: its lines are as long as they are."""
        for line in text.splitlines() or [""]:
            self._print(safe(in_own_words(line)))

    def _print(self, line: str, style: str = "") -> None:
        from rich.text import Text

        self.console.print(Text(line, style=style), soft_wrap=True)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], title: str = "") -> None:
        """Shows a table; where it has no room for whole ids and amounts, each row as some lines of its own."""
        if title:
            self.line(title, "bold")
        everything = columns, [[safe(cell) for cell in row] for row in rows]
        shown, cut_down = within(self.console.width, *everything)
        widths = laid_out(self.console.width, shown, cut_down)
        if widths is None:
            self._records(*everything)
            return
        self._grid(shown, cut_down, widths)
        left_out = _left_out(*everything, shown)
        if left_out:
            text = _("{n} more columns in a wider window: {names}")
            self.line(text.format(n=len(left_out), names=series(left_out)))

    def _grid(self, columns: Sequence[Column], rows: "Rows", widths: Sequence[int]) -> None:
        """Draws a table whose columns have these widths in cells."""
        from rich.box import SIMPLE_HEAD
        from rich.table import Table
        from rich.text import Text

        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
        for column, width in zip(columns, widths, strict=True):
            table.add_column(
                Text("\n".join(folded(column.title, width))),
                justify="right" if column.kind in {"money", "count"} else "left",
                no_wrap=column.kind != "text",
                overflow="ellipsis" if column.kind == "title" else "fold",
                width=width,
            )
        for row in rows:
            cells_shown = zip(row, columns, widths, strict=True)
            table.add_row(*(_cell(cell, width if column.kind == "text" else 0) for cell, column, width in cells_shown))
        self.console.print(table)

    def _records(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """Shows the rows of a table that has no room: the first value, then the others behind their headings, as many
        on a line as it has room for.
        """
        for row in rows:
            first, *others = (
                f"{column.title} {cell}" for column, cell in zip(columns, row, strict=True) if cell not in _NOTHING
            )
            self.line(first, "bold")
            for line in filled(others, self.console.width - len(_INDENT)):
                self.line(_INDENT + line)


_INDENT = "  "
_NOTHING = {"", "-"}


def filled(texts: Iterable[str], width: int) -> list[str]:
    """Texts in lines of so many cells, two blanks between them; a wider text has a line of its own."""
    lines = list[str]()
    for text in texts:
        if lines and cells(f"{lines[-1]}  {text}") <= width:
            lines[-1] += f"  {text}"
        else:
            lines.append(text)
    return lines


_URGENT = "！"
"""The mark before what is overdue, which is shown in red."""


def _cell(cell: str, width: int) -> "Text":
    """A cell, in lines of so many cells where a width is given."""
    from rich.text import Text

    style = "red" if cell.startswith(_URGENT) else ""
    return Text("\n".join(folded(cell, width)) if width else cell, style=style)


_COMMAND = re.compile(r"retcli [^，。；;（）()\n]*[^，。；;（）()\s]")
_ALONE = re.compile(r"\s*(?:\$ )?retcli ")


def _wrapped(line: str, width: int) -> list[str]:
    """A line in lines of a screen; a command, or a line that is no wider, as it is."""
    if width >= _ANY_WIDTH or cells(line) <= width or _ALONE.match(line):
        return [line]
    return folded(line, width, min(hanging(line), width // 3))


def apart(text: str, width: int) -> str:
    """A text with each command in it on a line of its own, where the text is wider than `width` cells."""
    # a command that is broken over two lines cannot be copied
    if width >= _ANY_WIDTH or cells(text) <= width or not _COMMAND.search(text) or text.startswith("$ "):
        return text
    indent = " " * (len(text) - len(text.lstrip()) + 2)
    lines, done = list[str](), 0
    for command in _COMMAND.finditer(text):
        lines += [text[done : command.start()].rstrip(), f"{indent}{command[0]}"]
        done = command.end()
    after = text[done:].lstrip("，。；; ")
    return "\n".join(line for line in (*lines, f"{indent}{after}" if after else "") if line.strip())


Rows = Sequence[Sequence[str]]
_BETWEEN = 3
"""Cells between two columns of a table."""


def within(width: int, columns: Sequence[Column], rows: Rows) -> tuple[Sequence[Column], Rows]:
    """The columns that a width in cells has room for, without wrapping any but with titles cut. On a terminal those
    that say nothing are left out. Where it has not room for all others, times lose a year that all of a column share,
    which then stands in its heading, and the spare columns are left out from the last on.
    """
    if width < _ANY_WIDTH and rows:
        columns, rows = _telling(columns, rows)
    if _wide(columns, rows) > width:
        columns, rows = _short_times(columns, rows)
    kept = list(range(len(columns)))
    for place in reversed(range(len(columns))):
        if columns[place].spare and _wide([columns[each] for each in kept], _only(rows, kept)) > width:
            kept.remove(place)
    return [columns[place] for place in kept], _only(rows, kept)


def _telling(columns: Sequence[Column], rows: Rows) -> tuple[Sequence[Column], Rows]:
    """A table without the columns that are empty in every row, and without the spare ones that have dashes only."""
    nothing = [" -" if column.spare else " " for column in columns]
    kept = [n for n, signs in enumerate(nothing) if any(row[n].strip(signs) for row in rows)]
    return ([columns[n] for n in kept], _only(rows, kept)) if kept else (columns, rows)


def _only(rows: Rows, places: Sequence[int]) -> Rows:
    """The cells in some places of each row."""
    return [[row[place] for place in places] for row in rows]


def _wide(columns: Sequence[Column], rows: Rows) -> int:
    """How wide a table is in cells when nothing is wrapped, titles cut."""
    wide = [max(map(cells, [column.title, *(row[n] for row in rows)])) for n, column in enumerate(columns)]
    cut = [min(each, _TITLE) if column.kind == "title" else each for column, each in zip(columns, wide, strict=True)]
    return sum(cut) + _BETWEEN * (len(cut) - 1)


_YEAR = re.compile(r"\b(\d{4})-(?=\d\d-\d\d)")


def _short_times(columns: Sequence[Column], rows: Rows) -> tuple[Sequence[Column], Rows]:
    """A table whose columns of times of one year have that year in their heading."""
    shortened = [list(row) for row in rows]
    headings = list(columns)
    for place, column in enumerate(columns):
        years = {year for row in rows for year in _YEAR.findall(row[place])}
        if column.kind == "time" and len(years) == 1:
            headings[place] = replace(column, title=f"{years.pop()} {column.title}")
            for row in shortened:
                row[place] = _YEAR.sub("", row[place])
    return (headings, shortened) if _wide(headings, shortened) < _wide(columns, rows) else (columns, rows)


def _left_out(columns: Sequence[Column], rows: Rows, shown: Sequence[Column]) -> list[str]:
    """The headings of the columns that say something and are not among those shown."""
    # headings of times may have got their year
    titles = {column.title.split(" ", 1)[-1] for column in shown} | {column.title for column in shown}
    return [
        column.title
        for place, column in enumerate(columns)
        if column.title not in titles and any(row[place].strip(" -") for row in rows)
    ]


def laid_out(width: int, columns: Sequence[Column], rows: Rows) -> list[int] | None:
    """How many cells each column of a table gets so that no id, amount or time is broken, and no short text: texts
    share what is left, then titles. None where there is no room for that.
    """
    texts = [[row[place] for row in rows] for place in range(len(columns))]
    full = [max(map(cells, [c.title, *each])) for c, each in zip(columns, texts, strict=True)]
    least = [
        _least([column.title, *each])
        if column.kind == "text"
        else min(wide, _TITLE)
        if column.kind == "title"
        else wide
        for column, each, wide in zip(columns, texts, full, strict=True)
    ]
    left = width - _BETWEEN * (len(columns) - 1) - sum(least)
    if left < 0:
        return None
    titles = [column.kind == "title" for column in columns]
    for _each in range(min(left, sum(full) - sum(least))):
        lacking = [wide - given for wide, given in zip(full, least, strict=True)]
        widened = [place for place, lack in enumerate(lacking) if lack and not titles[place]] or range(len(full))
        least[max(widened, key=lambda place: lacking[place])] += 1
    return least


_DIGIT = re.compile(r"\d")


def _least(texts: Sequence[str]) -> int:
    """How many cells a column of texts needs so that no number in it is broken, and no text of `_SHORT` cells."""
    numbers = [cells(piece) for text in texts for piece in pieces(text) if _DIGIT.search(piece)]
    return max([*(min(cells(text), _SHORT) for text in texts), *numbers])


_SHORT, _TITLE = 12, 12
"""Cells of a text that is never wrapped, six Chinese characters, and those that a title has at least."""
