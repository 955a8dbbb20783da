"""What may be so of the books' own file: the facts of each, and the sentence that says them."""

from dataclasses import dataclass
from enum import Enum, StrEnum

from retcli.language import _, mark, series


class FileNote(StrEnum):
    """What needs no facts to be said."""

    NOT_OURS = "not_ours"
    REFERENCES_HOLD = "references_hold"
    REFERENCES_HOLD_BUT_ORDERS = "references_hold_but_orders"
    HISTORY_CUT_OFF = "history_cut_off"

    def sentence(self) -> str:
        """The note in the reader's language."""
        return _(_NOTES[self])


_NOTES = {
    FileNote.NOT_OURS: mark("These are no books of retcli"),
    FileNote.REFERENCES_HOLD: mark("Every reference holds"),
    FileNote.REFERENCES_HOLD_BUT_ORDERS: mark("Every reference but the orders' own holds"),
    FileNote.HISTORY_CUT_OFF: mark("The end of the history is missing"),
}


class FileRemedy(Enum):
    """What a person does about the file that no single command does."""

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
    """The SQLite that keeps the books, the journal it uses, and whether it has the fix that WAL needs."""

    version: str
    journal: str
    has_fix: bool

    def sentence(self) -> str:
        """Version, journal, and why it is that one."""
        why = _("without the fix that WAL needs, which is 3.51.3 or 3.50.7")
        why = _("it has the fix that WAL needs") if self.has_fix else why
        return f"SQLite {self.version}, {self.journal}: {why}"


@dataclass(frozen=True)
class Damaged:
    """What SQLite's own check says of a damaged file, in its words."""

    words: str

    def sentence(self) -> str:
        """That the file is damaged."""
        return _("The file is damaged: {text}").format(text=self.words)


@dataclass(frozen=True)
class PagesHold:
    """By a check of SQLite (its name) the file holds; `partly` where the orders and the history were left out."""

    check: str
    partly: bool

    def sentence(self) -> str:
        """What holds, and how to look at the rest."""
        text = _("All of the file but the orders and the history holds ({check}); those too: retcli doctor --deep")
        return (text if self.partly else _("The file holds ({check})")).format(check=self.check)


@dataclass(frozen=True)
class RowsMissing:
    """A table that names rows of another which are not there."""

    table: str
    named: str

    def sentence(self) -> str:
        """Both tables."""
        text = _("{table} names rows of {other} that are not there")
        return text.format(table=self.table, other=self.named)


@dataclass(frozen=True)
class SchemaVersion:
    """The revision of the schema; where it is behind, the one to which the next command brings it."""

    revision: str
    next: str = ""

    def sentence(self) -> str:
        """The revision, and what happens next."""
        if not self.next:
            return _("Schema {found}").format(found=self.revision)
        text = _("Schema {found}; the next command brings it to {head}, after a copy")
        return text.format(found=self.revision, head=self.next)


@dataclass(frozen=True)
class SchemaDiffers:
    """Tables and other things of the schema that are not as retcli makes them, by name."""

    names: tuple[str, ...]

    def sentence(self) -> str:
        """Which of them."""
        return _("The schema is not as retcli makes it: {what}").format(what=series(self.names))


@dataclass(frozen=True)
class GuardsDiffer:
    """Triggers that are missing, changed or not retcli's, by name."""

    names: tuple[str, ...]

    def sentence(self) -> str:
        """Which of them."""
        text = _("Guards of the database are missing, changed or not ours: {names}")
        return text.format(names=series(self.names))


@dataclass(frozen=True)
class GuardsThere:
    """How many triggers guard the books, all of them there."""

    count: int

    def sentence(self) -> str:
        """How many."""
        return _("All {n} guards of the database are there").format(n=self.count)


@dataclass(frozen=True)
class HistoryChanged:
    """The first event (its number) that does not follow from the one before it."""

    seq: int

    def sentence(self) -> str:
        """Which event."""
        return _("The history was changed at event {seq}").format(seq=self.seq)


@dataclass(frozen=True)
class HistoryHolds:
    """How many events were read as one chain, of how many there are."""

    read: int
    events: int

    def sentence(self) -> str:
        """How many, and how to read the others too."""
        if self.read == self.events:
            return _("{n} events, one chain").format(n=self.read)
        text = _("The last {n} events are one chain; all {all} of them: retcli doctor --deep")
        return text.format(n=self.read, all=self.events)
