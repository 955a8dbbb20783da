"""Reasons for which a file was not taken in: the facts of each kind, with its problem and its way out in words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from retcli.errors import RetcliError
from retcli.language import _, mark


class Unread(StrEnum):
    """Why a file could not be read."""

    NO_FILE = "no_file"
    NOT_READABLE = "not_readable"
    LINK_TO_ITSELF = "link_to_itself"
    UNFINISHED_DOWNLOAD = "unfinished_download"
    STILL_WRITTEN = "still_written"
    GONE = "gone"
    CUT_SHORT = "cut_short"
    READING_FAILED = "reading_failed"


_LATER, _RIGHTS = mark("Try again in a moment"), mark("Look at its rights")
_UNREAD = {
    Unread.NO_FILE: (mark("This is no file"), ""),
    Unread.NOT_READABLE: (mark("It cannot be read: {why}"), _RIGHTS),
    Unread.LINK_TO_ITSELF: (mark("It cannot be read: {why}"), _RIGHTS),
    Unread.UNFINISHED_DOWNLOAD: (mark("A download that did not finish"), ""),
    Unread.STILL_WRITTEN: (mark("The file is still being written"), _LATER),
    Unread.GONE: (mark("The file is no longer there"), _LATER),
    Unread.CUT_SHORT: (mark("The file is not complete"), mark("Download it again")),
    Unread.READING_FAILED: (mark("{path} cannot be read: {why}"), mark("Import it again")),
}
"""For each reason the problem and what to do about it (message ids)."""


class Trouble(Protocol):
    """A reason for which a file was not taken in."""

    @property
    def problem(self) -> str:
        """What is wrong, in the reader's language."""

    @property
    def hint(self) -> str:
        """What to do about it; empty where nothing is."""


@dataclass(frozen=True)
class NotTaken:
    """A file that could not be read, by its name: for which reason, with the system's own words."""

    reason: Unread
    name: str = ""
    system_says: str = ""

    @property
    def problem(self) -> str:
        """What is wrong, in the reader's language."""
        why = _("the link leads to itself") if self.reason == Unread.LINK_TO_ITSELF else self.system_says
        text, _hint = _UNREAD[self.reason]
        return _(text).format(path=self.name, why=why)

    @property
    def hint(self) -> str:
        """What to do about it; empty where nothing is."""
        _text, hint = _UNREAD[self.reason]
        return _(hint) if hint else ""


@dataclass(frozen=True)
class ColumnOfNone:
    """A column that cannot be read in (nearly) all rows of a file: the fault (a message id), in `faulty` of `rows`."""

    column: str
    fault: str
    faulty: int
    rows: int

    @property
    def problem(self) -> str:
        """What is wrong with the column, in the reader's language."""
        text = _("Column {column}: {problem}, in {n} of {rows} rows; nothing of the file was taken in")
        return text.format(column=self.column, problem=_(self.fault), n=self.faulty, rows=self.rows)

    @property
    def hint(self) -> str:
        """How to export the file anew."""
        return _("Tick {column} in the export, then download again").format(column=self.column)


@dataclass(frozen=True)
class Refusal:
    """An error that stopped a file, in its own words."""

    problem: str
    hint: str

    @classmethod
    def of(cls, error: RetcliError) -> "Refusal":
        """The refusal with the message and hint of an error."""
        return cls(error.message, error.hint)
