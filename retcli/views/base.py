"""The view, which is the result of an action with its JSON document and its drawing, and what all views share."""

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


def draw_next(screen: Screen, commands: str) -> None:
    """Shows the commands to type next, each on a line of its own; nothing where there are none."""
    first, *others = commands.splitlines() or [""]
    pairs(screen, [(_("Next"), first), *((_("Or"), other) for other in others)])


def pairs(screen: Screen, rows: Sequence[tuple[str, str]]) -> None:
    """Shows names with their values, one pair a line; empty values are left out."""
    for name, value in rows:
        if value:
            screen.line(_("{name}: {value}").format(name=name, value=value))
