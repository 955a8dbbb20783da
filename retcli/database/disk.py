"""A disk's free room, and the errors for what the system refused with a file."""

import errno
import shutil
from pathlib import Path

from retcli.errors import FULL, Passing, StorageTrouble, why
from retcli.language import _

SCANT_BYTES = 4_000_000
"""Where a database cannot write and its disk has less room than this, the disk is called full: on a full one SQLite
may fail with IOERR or CANTOPEN too, as it cannot make its journal.
"""

QUOTA_BYTES = 1_000_000_000
"""Where a disk has more room than this and still says that it is full, a quota is."""


def room(place: str) -> int | None:
    """Free bytes of the disk on which a file lies or would lie; None where nobody can say."""
    if not place or "://" in place:
        return None
    try:
        # the nearest folder that exists: neither file nor folder need be there yet
        there = next(folder for folder in Path(place).absolute().parents if folder.is_dir())
        return shutil.disk_usage(there).free
    except (OSError, StopIteration):
        return None


def scant(place: str) -> bool:
    """Whether the disk of a file has next to no room (less than `SCANT_BYTES`)."""
    free = room(place)
    return free is not None and free < SCANT_BYTES


def full_disk(place: str) -> str:
    """The sentence that the disk is full, with how much is still free of it where that can be asked."""
    free = room(place)
    if free is None or free > QUOTA_BYTES:
        return _("The disk, or a quota on it, is full")
    folder = Path(place).absolute().parent
    return _("The disk is full: {free} MB free in {folder}").format(free=f"{free / 1_000_000:.1f}", folder=folder)


def of_disk(error: OSError) -> StorageTrouble:
    """The error for what the system refused with a file: no room, no permission, or any other fault of the disk."""
    place = str(error.filename or "")
    if error.errno in FULL:
        return Passing(full_disk(place), _("Free some space and try again"), file=place or None)
    if error.errno in {errno.EACCES, errno.EPERM}:
        message = _("No permission for {path}").format(path=place)
        return StorageTrouble(message, _("Check the permissions of the file"))
    return StorageTrouble(f"{place}: {why(error)}" if place else why(error), _("Look at the disk, then try again"))
