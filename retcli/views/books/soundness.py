"""Findings about the file of the books (pages, schema, guards, history): the facts of each kind, and its sentence."""

from dataclasses import dataclass
from enum import Enum, StrEnum

from retcli.language import _, mark, series


class FileNote(StrEnum):
    """Findings that need no facts to be told."""

    NOT_OURS = "not_ours"
    REFERENCES_HOLD = "references_hold"
    REFERENCES_HOLD_BUT_ORDERS = "references_hold_but_orders"
    HISTORY_CUT_OFF = "history_cut_off"

    def sentence(self) -> str:
        """The finding in the reader's language."""
        return _(_NOTES[self])


_NOTES = {
    FileNote.NOT_OURS: mark("These are no books of retcli"),
    FileNote.REFERENCES_HOLD: mark("Every reference holds"),
    FileNote.REFERENCES_HOLD_BUT_ORDERS: mark("Every reference but the orders' own holds"),
    FileNote.HISTORY_CUT_OFF: mark("The end of the history is missing"),
}


class FileRemedy(Enum):
    """Remedies that a person has to see to and no single command does."""

    CHECK_DATABASE = "check_database"
    CLOSE_PROGRAMS = "close_programs"

    def sentence(self) -> str:
        """The remedy in the reader's language."""
        return _(_REMEDIES[self])


_REMEDIES = {
    FileRemedy.CHECK_DATABASE: mark("Check --db and RETCLI_DB"),
    FileRemedy.CLOSE_PROGRAMS: mark("Close every program that has the books open, then try again"),
}


@dataclass(frozen=True)
class Engine:
    """The SQLite that keeps the books, the journal it uses, whether it has the fix that WAL needs, and whether the
    journal is the one that it should use.
    """

    version: str
    journal: str
    has_fix: bool
    as_it_should: bool = True

    def sentence(self) -> str:
        """Version and journal, by what they mean for those who work with the books."""
        text = _("SQLite {version}: others can read while somebody writes")
        if not self.has_fix:
            text = _("SQLite {version}, an older one: others wait while somebody writes")
        if not self.as_it_should:
            text = _("SQLite {version}: another program left the file in a mode ({journal}) that retcli does not use")
        return text.format(version=self.version, journal=self.journal)


@dataclass(frozen=True)
class Damaged:
    """The file is damaged, by SQLite's own check, in its words."""

    words: str

    def sentence(self) -> str:
        """That the file is damaged."""
        return _("The file is damaged: {text}").format(text=self.words)


@dataclass(frozen=True)
class PagesHold:
    """The file holds by SQLite's own check, whose name is `check`; `partly`: orders and history were left out."""

    check: str
    partly: bool

    def sentence(self) -> str:
        """What holds, and the command that checks everything."""
        if self.partly:
            return _("All of the file but the orders and the history holds; those too: retcli doctor --deep")
        deep = self.check == "integrity_check"
        return _("The file holds, looked at thoroughly") if deep else _("The file holds")


@dataclass(frozen=True)
class RowsMissing:
    """A table refers to rows of another (`named`) that are not there."""

    table: str
    named: str

    def sentence(self) -> str:
        """Both tables."""
        text = _("{table} names rows of {other} that are not there")
        return text.format(table=self.table, other=self.named)


@dataclass(frozen=True)
class SchemaVersion:
    """The revision of the schema; `next` is the one to which the next command brings it, empty where it is up
    to date.
    """

    revision: str
    next: str = ""

    def sentence(self) -> str:
        """The revision, and what happens next."""
        if not self.next:
            return _("Books of version {found}, the newest").format(found=self.revision)
        text = _("Books of version {found}; the next command brings them to {head}, after a copy")
        return text.format(found=self.revision, head=self.next)


@dataclass(frozen=True)
class SchemaDiffers:
    """Parts of the schema, by name, that are not as retcli makes them."""

    names: tuple[str, ...]

    def sentence(self) -> str:
        """Which of them."""
        return _("The schema is not as retcli makes it: {what}").format(what=series(self.names))


@dataclass(frozen=True)
class GuardsDiffer:
    """Triggers, by name, that are missing, changed or not retcli's."""

    names: tuple[str, ...]

    def sentence(self) -> str:
        """Which of them."""
        text = _("Guards of the database are missing, changed or not ours: {names}")
        return text.format(names=series(self.names))


@dataclass(frozen=True)
class GuardsThere:
    """All triggers that guard the books are there; `count` of them."""

    count: int

    def sentence(self) -> str:
        """How many."""
        return _("All {n} guards of the database are there").format(n=self.count)


@dataclass(frozen=True)
class HistoryChanged:
    """The chain of events breaks at the event with this number."""

    seq: int

    def sentence(self) -> str:
        """Which event."""
        return _("The history was changed at event {seq}").format(seq=self.seq)


@dataclass(frozen=True)
class HistoryHolds:
    """The chain of events holds, as far as it was read: `read` events of `events`."""

    read: int
    events: int

    def sentence(self) -> str:
        """How many, and how to read the others too."""
        if self.read == self.events:
            return _("{n} events, one chain").format(n=self.read)
        text = _("The last {n} events are one chain; all {all} of them: retcli doctor --deep")
        return text.format(n=self.read, all=self.events)
