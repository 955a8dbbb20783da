"""Errors of a database driver, named by what they are and turned into what a person can do about them."""

from typing import Any

import sqlalchemy as sa

from retcli.database.disk import full_disk, scant
from retcli.errors import Busy, Overdrawn, Passing, Refused, RetcliError, StorageTrouble, WrongCommand
from retcli.language import _

POISONED = frozenset({"FULL", "IOERR", "NOMEM", "CORRUPT", "NOTADB", "READONLY"})
"""Kinds of error after which SQLite has rolled back by itself (`docs/hazards.md` decision 3)."""
_NEVER_COMMITTED = frozenset({"BUSY", "CONSTRAINT", "FULL", "READONLY"})
"""Kinds of error with which a commit certainly has not happened: SQLite writes its last frame after everything that
needs room, and a disk that is full when the log is moved into the books later is not the commit's error.
"""
_PASSING = frozenset({"FULL", "GONE"})
"""Kinds of error that may be over in a while."""
_BY_NAME = {"LOCKED": "BUSY", "PROTOCOL": "BUSY", "AUTH": "RIGHTS", "PERM": "RIGHTS"}
_BY_TEXT = {
    "not a database": "NOTADB",
    "malformed": "CORRUPT",
    "disk is full": "FULL",
    "disk i/o": "IOERR",
    "readonly": "READONLY",
    "out of memory": "NOMEM",
    "unable to open": "CANTOPEN",
    "locked": "BUSY",
}
_BY_STATE = {
    "53100": "FULL",  # disk_full
    "58030": "IOERR",  # io_error
    "53200": "NOMEM",  # out_of_memory
    "53300": "BUSY",  # too_many_connections
    "40001": "BUSY",  # serialization_failure
    "40P01": "BUSY",  # deadlock_detected
    "55P03": "BUSY",  # lock_not_available
    "25006": "READONLY",  # read_only_sql_transaction
    "XX001": "CORRUPT",  # data_corrupted
    "XX002": "CORRUPT",  # index_corrupted
    "42501": "RIGHTS",  # insufficient_privilege
}
"""SQLSTATEs of PostgreSQL by the kind that SQLite would call them."""


class Uncertain(StorageTrouble):
    """A commit failed in a way that leaves open whether it was saved; the hint names commands that show it."""

    code = "uncertain"


class Interrupted(Uncertain):
    """Somebody pressed Ctrl-C within a commit: whether it was saved is not known."""

    exit_code = 130


def kind_of(error: Any) -> str:
    """The kind of a driver's error: SQLite's name without its prefix (``BUSY``, ``FULL`` …), also for PostgreSQL's;
    "" where nobody knows.
    """
    name = str(getattr(error, "sqlite_errorname", None) or "").removeprefix("SQLITE_")
    if name:
        # extended codes, such as IOERR_WRITE, count as their first part
        return _BY_NAME.get(name.split("_")[0], name.split("_")[0])
    state = str(getattr(error, "sqlstate", None) or "")
    if state:
        # class 08: no connection; class 57: the server is going down, or somebody ended the session
        return "GONE" if state[:2] in {"08", "57"} else _BY_STATE.get(state, "")
    # the bundled driver of SQLite names no code for some errors: what is left is its English
    text = str(error).lower()
    kind = next((kind for words, kind in _BY_TEXT.items() if words in text), "")
    return kind or ("GONE" if "connect" in text else "")


def named(error: Exception, place: str = "") -> RetcliError:
    """The RetcliError for a driver's error: Busy, Overdrawn, Refused, WrongCommand for a number beyond 64 bits, else
    StorageTrouble; `place` is the path of the books where they are a file.
    """
    integrity = isinstance(error, sa.exc.IntegrityError)
    if isinstance(error, sa.exc.DBAPIError) and isinstance(error.orig, Exception):
        error = error.orig
    if isinstance(error, OverflowError) or str(getattr(error, "sqlstate", "")) == "22003":
        return WrongCommand(_("A number is larger than the books can hold"), _("Look at what was typed"))
    kind = kind_of(error)
    if integrity or kind == "CONSTRAINT":
        return _refused_by_the_books(str(error).lower())
    if kind == "BUSY":
        return Busy(_("Somebody else is writing in the books"), _("Try again in a moment"))
    message, hint = _sentences(kind, place)
    if not message:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        message = _("The database refused: {text}").format(text=first)
    return Passing(message, hint) if kind in _PASSING else StorageTrouble(message, hint)


def _sentences(kind: str, place: str) -> tuple[str, str]:
    """Message and hint for a kind of error; both empty for a kind that nobody knows."""
    if kind in {"CORRUPT", "NOTADB"}:
        return _("The books are damaged"), _("Restore the last backup, or ask for help before going on")
    if kind == "FULL" or (kind in {"IOERR", "CANTOPEN"} and scant(place)):
        return full_disk(place), _("Free some space and try again")
    sentences = {
        "IOERR": (_("The disk does not answer as it should"), _("Look at the disk and its cable, then try again")),
        "CANTOPEN": (_("The books cannot be opened"), _("Look whether the folder is there and may be written")),
        "READONLY": (_("The books can only be read"), _("Check the permissions of the file")),
        "RIGHTS": (_("The books may not be opened or changed"), _("Check the permissions of the file")),
        "NOMEM": (_("There is not enough memory"), _("Close other programs and try again")),
        "GONE": (_("The database does not answer"), _("Check RETCLI_DB and that the server runs")),
    }
    return sentences.get(kind, ("", ""))


def uncertain(error: BaseException, place: str) -> Uncertain | None:
    """The error for a failed commit; None where the database has refused it, so that certainly nothing was saved."""
    if not isinstance(error, Exception):
        text = _("It was interrupted while it was being saved; it is not known whether the last step was saved")
        return Interrupted(text, look_first(()))
    if kind_of(error) in _NEVER_COMMITTED or (getattr(error, "sqlstate", None) and kind_of(error) != "GONE"):
        return None
    text = _("{what}; it is not known whether the last step was saved").format(what=named(error, place).message)
    return Uncertain(text, look_first(()))


def look_first(subjects: tuple[str, ...]) -> str:
    """The hint with the commands that show what was saved about some subjects (numbers of cases, payouts, parcels)."""
    looks = {_LOOKS.get(subject[:2], "retcli doctor").format(number=subject) for subject in subjects}
    commands = "  ".join(sorted(looks)[:3]) or "retcli doctor"
    return _("Look before you repeat it: {commands}").format(commands=commands)


_LOOKS = {
    "RC": "retcli case show {number}",
    "PO": "retcli pay list",
    "PK": "retcli parcel list",
}


def _refused_by_the_books(text: str) -> RetcliError:
    """The error for what a trigger or constraint of the database refused, by the words of its message. The program asks
    the same before, so that this is usually two people at the same moment.
    """
    if "overdrawn" in text:
        return Overdrawn(_("The books refuse it: more than the line, the freight or the order still has"))
    if "not approved" in text or "append-only" in text:
        return Refused(_("The books refuse it: the case is not approved, or history would change"))
    return at_the_same_moment()


def at_the_same_moment() -> Busy:
    """The error where two people did the same at one moment, and the other was first."""
    return Busy(_("Somebody else did the same at the same moment"), _("Look at it again, then decide"))
