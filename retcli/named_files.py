"""Opens files that people name: regular files only, up to a size, and without ever waiting for a pipe."""

import hashlib
import os
import stat
from io import BufferedReader
from pathlib import Path

from retcli.errors import NotFound, Refused, why
from retcli.language import _

MEGABYTE = 1 << 20
TEXT_AT_MOST = MEGABYTE
"""Bytes of a file that a person writes by hand: rules, a mapping."""
CODES_AT_MOST = 20 * MEGABYTE
"""Bytes of a file of scanned codes."""


def opened(path: Path, most: int | None = None, *, links: bool = True) -> BufferedReader:
    """A regular file, open to read; `most` bytes at most, a link only where `links`.

    Raises NotFound where it is missing, Refused where it is none, too big or unreadable.
    """
    # O_NONBLOCK: to open a named pipe would else wait for ever for somebody who writes into it
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        _regular(path, path.stat(follow_symlinks=links))
        handle = os.open(path, flags if links else flags | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError as missing:
        raise NotFound(_("There is no file {path}").format(path=path), _("Check the name"), file=path) from missing
    except (OSError, ValueError) as error:
        reason = why(error) if isinstance(error, OSError) else str(error)
        message = _("{path} cannot be read: {why}").format(path=path, why=reason)
        raise Refused(message, _("Look at its rights"), file=path) from error
    stream = os.fdopen(handle, "rb")
    try:
        # looked at once more on the open file: between the two the name may have come to stand for another one
        seen = os.fstat(handle)
        _regular(path, seen)
        if most is not None and seen.st_size > most:
            raise _too_big(path, most)
    except BaseException:
        stream.close()
        raise
    return stream


def content(path: Path, most: int = TEXT_AT_MOST) -> bytes:
    """The bytes of a file that a person names. Raises as `opened`, also where it grows beyond `most` meanwhile."""
    with opened(path, most) as stream:
        read = stream.read(most + 1)  # one byte more than allowed tells a file that grew since its size was asked
    if len(read) > most:
        raise _too_big(path, most)
    return read


def digest(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal. Raises as `opened`."""
    with opened(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def require(path: Path) -> None:
    """Sees that a regular file lies there and may be read. Raises as `opened`."""
    opened(path).close()


def _regular(path: Path, seen: os.stat_result) -> None:
    if not stat.S_ISREG(seen.st_mode):
        raise Refused(_("{path} is not a file").format(path=path), _("Name a file"), file=path)


def _too_big(path: Path, most: int) -> Refused:
    message = _("{path} is bigger than {n} MB").format(path=path, n=most // MEGABYTE)
    return Refused(message, _("Name another file"), file=path)
