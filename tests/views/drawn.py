"""What a call shows, drawn at every width at once: on terminals of 60, 80 and 140 columns, and into a pipe."""

import io
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TextIO

import pytest
from rich.console import ConsoleDimensions
from typer.testing import CliRunner

from retcli import cli
from retcli.shellwords import in_own_words
from retcli.views.base import Column
from retcli.views.screen import Terminal, safe

WIDTHS = (60, 80, 140)
PIPE = "pipe"
STEERING = re.compile(r"\x1b\[([\d;]*)m")
"""What makes the text after it bold or coloured."""
COLOURS = {"31": "red", "32": "green", "33": "yellow", "36": "cyan"}


class Tty(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """Always."""
        return True


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.pop(name, None) for name in ("TERM", "NO_COLOR")}
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            os.environ.pop(name, None)
        os.environ.update({name: value for name, value in before.items() if value is not None})


def _terminal(width: int, **environment: str) -> Terminal:
    with _environment(**environment):
        terminal = Terminal(Tty())
    terminal.console.size = ConsoleDimensions(width, 50)
    return terminal


@dataclass
class Drawn:
    """A screen that draws all that it is told on several; texts that change from run to run are put in order first."""

    plain: Callable[[str], str]
    screens: dict[str, Terminal] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.screens |= {str(width): _terminal(width, TERM="dumb") for width in WIDTHS}
        self.screens |= {PIPE: Terminal(io.StringIO()), "coloured": _terminal(80, TERM="xterm-256color")}
        self.screens["without colour"] = _terminal(80, TERM="xterm-256color", NO_COLOR="1")

    def clear(self) -> None:
        """Begins a new screen: an empty line in what is kept."""
        self.line()

    def line(self, text: str = "", style: str = "") -> None:
        """Draws a line on each."""
        self.told.append(safe(in_own_words(self.plain(text))))
        for screen in self.screens.values():
            screen.line(self.plain(text), style)

    def verbatim(self, text: str) -> None:
        """Draws the text of a file on each."""
        for screen in self.screens.values():
            screen.verbatim(self.plain(text))

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Any]], title: str = "") -> None:
        """Draws a table on each."""
        rows = [[self.plain(cell) for cell in row] for row in rows]
        self.told += [safe(cell) for row in rows for cell in row]
        for screen in self.screens.values():
            screen.table(columns, rows, title)

    def text(self, name: str) -> str:
        """What one of the screens shows, without blanks at the ends of its lines."""
        stream = self.screens[name].stream
        assert isinstance(stream, io.StringIO)
        return _trimmed(stream.getvalue())


def _trimmed(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


@dataclass(frozen=True)
class Shown:
    """What a call showed: its exit code, its text on each screen, and each line and cell that it told the screens."""

    code: int
    texts: Mapping[str, str]
    told: Sequence[str]

    def coloured(self) -> Iterator[tuple[str, str]]:
        """Each piece of text that is shown in a colour, with the colour's name."""
        colour = ""
        text = self.texts["coloured"]
        for piece in re.split(r"(\x1b\[[\d;]*m)", text):
            if steering := STEERING.fullmatch(piece):
                codes = steering[1].split(";")
                colour = next((COLOURS.get(code, code) for code in codes if code[:1] in "349" and len(code) > 1), "")
            elif colour and piece.strip():
                yield colour, piece


def shown(words: Sequence[str], plain: Callable[[str], str], typed: str = "") -> Shown:
    """Calls retcli in this process; `plain` takes out of each text what differs from run to run."""
    drawn = Drawn(plain)

    def onto(_stream: TextIO | None = None) -> Drawn:
        return drawn

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "_terminal", onto)
        ended = CliRunner().invoke(cli.app, list(words), input=typed)
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    written = _trimmed(plain(ended.output))
    return Shown(ended.exit_code, {name: drawn.text(name) + written for name in drawn.screens}, drawn.told)
