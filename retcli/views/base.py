"""The view, which is the result of an action with its JSON document and its drawing, and what all views share."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol

from retcli.language import _
from retcli.rules.money.minor_units import POINTS, Money
from retcli.rules.zone import SHANGHAI
from retcli.views.documents import Documented


class Screen(Protocol):
    """A place to draw a view on. Texts are shown as they are, never as markup."""

    def clear(self) -> None:
        """Begins a new screen at a terminal; does nothing elsewhere."""

    def line(self, text: str = "", style: str = "") -> None:
        """Shows one line of text."""

    def verbatim(self, text: str) -> None:
        """Shows the text of a file, to be copied as it stands."""

    def table(self, columns: Sequence["Column"], rows: Sequence[Sequence[str]], title: str = "") -> None:
        """Shows a table, its title above it."""


class Sayable(Protocol):
    """A value of facts that puts itself into a sentence: actions give values, and only views make words of them."""

    def sentence(self) -> str:
        """The facts in the reader's language."""


@dataclass(frozen=True)
class Verbatim:
    """Words that are their own sentence: those of an error that was raised, or a path."""

    words: str

    def sentence(self) -> str:
        """The words."""
        return self.words


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    title: str  # translated already
    kind: str = "text"  # id, money, count and time are never broken, a title is cut, a text wraps
    spare: bool = False  # left out where the screen is too narrow for all, the last of these first


class View(Documented):
    """The result of an action. Its JSON stands under the name `ENVELOPE` where it has one, but not within a list."""

    ENVELOPE: ClassVar[str] = ""

    @property
    def exit_code(self) -> int:
        """0, or 3 where a person must look at something."""
        return 0

    @property
    def complaints(self) -> tuple[str, ...]:
        """Lines for standard error: what went wrong beside the result and must be heard of in any case."""
        return ()

    def document(self) -> dict[str, Any]:
        """The JSON document of the contract."""
        document = super().document()
        return {self.ENVELOPE: document} if self.ENVELOPE else document

    def draw(self, screen: Screen) -> None:
        """Shows the result to a person."""
        raise NotImplementedError

    def acted(self, action: str) -> "View":
        """The view to be shown once an action, by its name, is saved: itself, unless a shorter one says it."""
        del action
        return self


@dataclass(frozen=True)
class Later(View):
    """The promise of a view that is made once the work is saved: `look(shop, row, **how)` of the row with `key`."""

    look: Callable[..., View]
    table: type[Any]
    key: int
    how: Mapping[str, Any]


@dataclass(frozen=True)
class Said(View):
    """A view that is one sentence; `facts` are its JSON document."""

    KEYS = ("**facts",)

    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def draw(self, screen: Screen) -> None:
        """Shows the sentence."""
        screen.line(self.text)


@dataclass
class Stream:
    """Views that come one after the other, each shown at once."""

    views: Iterator[View]
    one_document: str = ""  # the key under which JSON collects them all; empty: a document each
    closing: Mapping[str, Any] = field(default_factory=dict)  # further keys of that one document
    end_code: Callable[[], int] = int  # asked for an exit code when the last view was shown


def money_text(amount: Money) -> str:
    """An amount for people, such as ``12.50`` or ``106 points``; a currency other than yuan is named."""
    if amount.currency == POINTS:
        return _("{n} points").format(n=amount.minor)
    return str(amount)


def when(at: datetime | None) -> str:
    """An instant for people, to the minute in Shanghai's time; a dash where there is none."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else "-"


def until(at: datetime) -> str:
    """An exclusive end for people; midnight is shown as 24:00 of the day before, which is the last day."""
    here = at.astimezone(SHANGHAI)
    if (here.hour, here.minute, here.second) != (0, 0, 0):
        return when(at)
    return f"{here - timedelta(days=1):%Y-%m-%d} 24:00"


@dataclass(frozen=True)
class Trial(View):
    """What work of which nothing was saved (`of`) would have come to; `command` does it for good, "" where there is
    nothing to do.
    """

    of: View
    command: str

    @property
    def exit_code(self) -> int:
        """That of the work."""
        return self.of.exit_code

    @property
    def complaints(self) -> tuple[str, ...]:
        """Those of the work."""
        return self.of.complaints

    def document(self) -> dict[str, Any]:
        """The document of the work."""
        return self.of.document()

    def draw(self, screen: Screen) -> None:
        """Shows what would be, then the command that does it."""
        self.of.draw(OnTrial(screen))
        draw_next(screen, self.command)


_ONLY_TRIED = re.compile(r"\b[A-Z]{2}\d{8}-T\d+(?:-T?\d+)?\b")
"""A number that a trial gave to what was not saved, or what begins with one."""


@dataclass(frozen=True)
class OnTrial:
    """A screen on which a trial shows nothing that is not in the books: no number that was only tried, and no command
    that goes on from there.
    """

    screen: Screen

    def clear(self) -> None:
        """Begins a new screen."""
        self.screen.clear()

    def line(self, text: str = "", style: str = "") -> None:
        """Shows one line of text."""
        self.screen.line(_saved_alone(text), style)

    def verbatim(self, text: str) -> None:
        """Shows the text of a file."""
        self.screen.verbatim(_saved_alone(text))

    def table(self, columns: Sequence["Column"], rows: Sequence[Sequence[str]], title: str = "") -> None:
        """Shows a table."""
        self.screen.table(columns, [[_saved_alone(cell) for cell in row] for row in rows], title)


def _saved_alone(text: str) -> str:
    return _ONLY_TRIED.sub(lambda _number: _("(no number yet)"), text)


def draw_next(screen: Screen, commands: str, name: str = "") -> None:
    """Shows the commands to type next, each on a line of its own, the first under a `name` ("Next" where it has none);
    nothing where there are none, or where what was done before them was only tried.
    """
    if isinstance(screen, OnTrial):
        return
    first, *others = commands.splitlines() or [""]
    pairs(screen, [(name or _("Next"), first), *((_("Or"), other) for other in others)])


def pairs(screen: Screen, rows: Sequence[tuple[str, str]]) -> None:
    """Shows names with their values, one pair a line; empty values are left out."""
    for name, value in rows:
        if value:
            screen.line(_("{name}: {value}").format(name=name, value=value))
