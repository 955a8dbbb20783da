"""What is written down beside a case: notes, contacts, extensions of time, evidence, entries of the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from retcli.language import _, aside, clauses, headed, series
from retcli.rules.money.minor_units import Money
from retcli.views.base import money_text, until, when
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class NoteLine(Documented):
    """A note, with the amount, the article or the flag that it is about."""

    at: datetime
    by: str
    text: str
    amount: Money | None = None
    sku: str = ""
    flag: str = ""


@dataclass(frozen=True)
class ContactLine(Documented):
    """A contact with the buyer: by whom, by which way, with which result."""

    at: datetime
    by: str
    way: str
    result: str
    note: str

    @property
    def outcome(self) -> str:
        """How, what came of it, and what was noted."""
        return f"{word(self.way, 'contact')} {word(self.result, 'contact')} {self.note}".rstrip()

    def sentence(self) -> str:
        """One line: when, how, what came of it."""
        return aside(f"{when(self.at)} {self.outcome}", self.by)


@dataclass(frozen=True)
class ExtensionLine(Documented):
    """Days that the buyer got more to send the goods, and why."""

    at: datetime
    by: str
    days: int
    because: str


@dataclass(frozen=True)
class EntryLine(Documented):
    """An entry of the register; `axis` is the lifecycle of its state, which bad reviews have of their own."""

    KEYS = ("entry", "kind", "state", "authority", "due_at", "estimated", "note", "because", "opened_at")

    entry: str
    kind: str
    state: str
    authority: bool
    due_at: datetime | None
    estimated: bool
    note: str
    because: str
    opened_at: datetime
    axis: str = "escalation"

    @property
    def name(self) -> str:
        """The kind, and whether an authority asks."""
        return aside(word(self.kind), _("market regulator") if self.authority else "")

    @property
    def by(self) -> str:
        """The deadline, with a remark where it was only computed; a dash for none."""
        why = _("without that year's holiday calendar, put it into the rules") if self.authority else _("estimated")
        return aside(until(self.due_at) if self.due_at else "-", why if self.estimated else "")

    @property
    def state_word(self) -> str:
        """The state in words."""
        return word(self.state, self.axis)

    def sentence(self) -> str:
        """The entry as one line: its kind, then the deadline of an open one or the state of another."""
        if self.state == "open":
            return _("{kind}: to be answered by {at}").format(kind=self.name, at=self.by)
        return aside(headed(self.name, self.state_word), self.because)


@dataclass(frozen=True)
class SerialLine(Documented):
    """The serial number of a piece that came back, as it was read at its inspection (`at`, UTC); `held`: it is held,
    since nobody waits for it.
    """

    KEYS = ("sku", "serial", "at")

    sku: str
    serial: str
    at: datetime
    held: bool = False

    def sentence(self) -> str:
        """The piece with its serial number."""
        return aside(f"{self.sku} {self.serial}", word("held") if self.held else "")


@dataclass(frozen=True)
class Beside(Documented):
    """Everything written beside a case, where it is shown alone; texts are masked already."""

    KEYS = ("notes", "contact_log", "extensions", "register", "evidence_kinds", "serials")

    notes: tuple[NoteLine, ...] = ()
    contact_log: tuple[ContactLine, ...] = ()
    extensions: tuple[ExtensionLine, ...] = ()
    register: tuple[EntryLine, ...] = ()
    evidence_kinds: tuple[str, ...] = ()
    serials: tuple[SerialLine, ...] = ()

    def facts(self) -> Sequence[tuple[str, str]]:
        """The pairs of names and values for the case's card."""
        about = [f"{money_text(note.amount) if note.amount else ''} {note.sku}".strip() for note in self.notes]
        extended = [aside(f"+{extension.days} {extension.because}", extension.by) for extension in self.extensions]
        kinds = self.evidence_kinds
        evidence = series(f"{word(kind)} {kinds.count(kind)}" for kind in dict.fromkeys(kinds))
        return [
            (_("Noted amounts"), series(text for text in about if text)),
            (_("Contacts"), clauses(line.sentence() for line in self.contact_log)),
            (_("Days more"), clauses(extended)),
            (_("Register"), clauses(line.sentence() for line in self.register)),
            (_("Evidence"), evidence),
            (_("Serials"), series(line.sentence() for line in self.serials)),
        ]
