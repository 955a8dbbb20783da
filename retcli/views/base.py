"""The view: what an action answers, as a JSON document and as something a person reads."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol

from retcli.language import _
from retcli.rules.money.minor_units import POINTS, Money
from retcli.rules.zone import SHANGHAI
from retcli.views.documents import Documented


class Screen(Protocol):
    """Where a view is drawn. Texts are shown as they are, never as markup."""

    def clear(self) -> None:
        """Begins a new screen, where there is one."""

    def line(self, text: str = "", style: str = "") -> None:
        """One line of text."""

    def table(self, columns: Sequence["Column"], rows: Sequence[Sequence[str]], title: str = "") -> None:
        """A table with its heading."""


class Sayable(Protocol):
    """A value that an action answers and of which a view tells people: facts, with the sentence that says them."""

    def sentence(self) -> str:
        """The facts in the reader's language."""


@dataclass(frozen=True)
class Verbatim:
    """Words that stand for themselves: those of an error that was raised, or a path."""

    words: str

    def sentence(self) -> str:
        """The words."""
        return self.words


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading (translated already), its kind (``id``, ``money``, ``count`` and ``time`` are
    never broken, a ``title`` is cut, a ``text`` wraps), and whether it is left out where the screen is too narrow for
    all (`spare`, the last of them first).
    """

    title: str
    kind: str = "text"
    spare: bool = False


class View(Documented):
    """What an action answers. In JSON it stands under the name `ENVELOPE` where it has one; in a list it does not."""

    ENVELOPE: ClassVar[str] = ""

    @property
    def exit_code(self) -> int:
        """0, or 3 where something needs a person."""
        return 0

    @property
    def complaints(self) -> tuple[str, ...]:
        """What went wrong beside it and a person must hear of, also where nothing else is said."""
        return ()

    def document(self) -> dict[str, Any]:
        """The JSON document of the contract."""
        document = super().document()
        return {self.ENVELOPE: document} if self.ENVELOPE else document

    def draw(self, screen: Screen) -> None:
        """Shows it to a person."""
        raise NotImplementedError

    def acted(self, action: str) -> "View":
        """What is shown once an action, by its name, is saved: itself, where nothing says it shorter."""
        del action
        return self


@dataclass(frozen=True)
class Later(View):
    """What is to be shown of a row of a table once the work on it is saved: `look(shop, row, **how)`."""

    look: Callable[..., View]
    table: type[Any]
    key: int
    how: Mapping[str, Any]


@dataclass(frozen=True)
class Said(View):
    """A sentence, with the document that a script reads."""

    KEYS = ("**facts",)

    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def draw(self, screen: Screen) -> None:
        """The sentence."""
        screen.line(self.text)


@dataclass
class Stream:
    """Views that come one after the other, each shown at once; `one_document` collects them under a name in JSON;
    `end_code` is asked for an exit code when the last was shown.
    """

    views: Iterator[View]
    one_document: str = ""
    closing: Mapping[str, Any] = field(default_factory=dict)
    end_code: Callable[[], int] = int


def money_text(amount: Money) -> str:
    """An amount for people, such as ``12.50`` or ``106 points``; another currency is named."""
    if amount.currency == POINTS:
        return _("{n} points").format(n=amount.minor)
    return str(amount)


def when(at: datetime | None) -> str:
    """An instant for people, in Shanghai's time; a dash where there is none."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else "-"


def until(at: datetime) -> str:
    """An exclusive end for people: midnight is the day before at 24:00."""
    here = at.astimezone(SHANGHAI)
    if (here.hour, here.minute, here.second) != (0, 0, 0):
        return when(at)
    return f"{here - timedelta(days=1):%Y-%m-%d} 24:00"


def draw_next(screen: Screen, commands: str) -> None:
    """What to type next, each of several commands on a line of its own; nothing where there is none."""
    first, *others = commands.splitlines() or [""]
    pairs(screen, [(_("Next"), first), *((_("Or"), other) for other in others)])


def pairs(screen: Screen, rows: Sequence[tuple[str, str]]) -> None:
    """Names and values, one a line; empty values are left out."""
    for name, value in rows:
        if value:
            screen.line(_("{name}: {value}").format(name=name, value=value))
