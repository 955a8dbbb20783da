"""The errors that a person can act on: each has an exit code, a sentence that states the fact, and the way out."""

import errno
from collections.abc import Mapping, Sequence
from typing import Any

from retcli.language import _, mark, series


class RetcliError(Exception):
    """A refusal or failure that a person can act on."""

    code = "error"
    exit_code = 1

    def __init__(self, message: str, hint: str = "", **where: object) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def document(self) -> dict[str, Any]:
        """The error as the contract's JSON document."""
        where = {key: str(value) for key, value in self.where.items() if value is not None}
        return {"error": {"code": self.code, "message": self.message, "hint": self.hint, "where": where}}


class WrongCommand(RetcliError):
    """The command line is wrong, or names several things at once."""

    code = "usage"
    exit_code = 2


class Ambiguous(WrongCommand):
    """What was typed (`named`) names several things; `candidates` are the whole names of each."""

    def __init__(self, message: str, named: str, candidates: Sequence[str]) -> None:
        super().__init__(message, series(candidates))
        self.named = named
        self.candidates = tuple(candidates)


class NeedsPerson(RetcliError):
    """The file or the books hold something that only a person can settle."""

    code = "needs_person"
    exit_code = 3


class NotFound(RetcliError):
    """No such order, case, parcel, payout or product."""

    code = "not_found"
    exit_code = 4


class NoBooks(NotFound):
    """There are no books where the call looks for them, and only a few commands make books."""

    code = "no_books"


class Refused(RetcliError):
    """A rule, a limit or the present state says no."""

    code = "refused"
    exit_code = 5


class Changed(Refused):
    """What was looked at is no longer so: a case was decided, changed, or is worth another amount, a payout moved."""

    code = "changed"


class Overdrawn(Refused):
    """More money or pieces than a line still has; the message names the document that drew before."""

    code = "overdrawn"


class Busy(RetcliError):
    """Somebody else holds the books for the moment."""

    code = "busy"
    exit_code = 6


class StorageTrouble(RetcliError):
    """The disk or the database: full, read-only, damaged, or newer than this program."""

    code = "storage"
    exit_code = 7


class Passing(StorageTrouble):
    """A disk without room, or a server that does not answer: nothing was saved, and the same may go well later."""


class AlreadyDone(Exception):
    """The same operation key came again with the same arguments: the document saved the first time."""

    def __init__(self, key: str, document: Mapping[str, Any]) -> None:
        super().__init__(key)
        self.key = key
        self.document = document


FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""Error numbers of a full disk: no room left, or a quota used up."""
_REASONS = {
    "ENOENT": mark("it is not there"),
    "ENOTDIR": mark("a part of the path is no folder"),
    "EISDIR": mark("it is a folder"),
    "EACCES": mark("no permission"),
    "EPERM": mark("no permission"),
    "ENOSPC": mark("the disk is full"),
    "EDQUOT": mark("the disk is full"),
    "EROFS": mark("the disk can only be read"),
    "EIO": mark("the disk does not answer as it should"),
    "ENAMETOOLONG": mark("the name is too long"),
    "EBUSY": mark("another program holds it"),
    "EEXIST": mark("something of that name is there already"),
    "EINVAL": mark("that cannot be there"),
    "EMFILE": mark("too many files are open"),
    **dict.fromkeys(("ENODEV", "ENXIO", "ESTALE", "ETIMEDOUT", "EHOSTDOWN", "ENOTCONN"), mark("the drive is gone")),
}


def why(error: OSError) -> str:
    """What the system refused, in the reader's language where that is known, else in the system's words."""
    reason = _REASONS.get(errno.errorcode.get(error.errno or 0, ""))
    return _(reason) if reason else error.strerror or str(error)
