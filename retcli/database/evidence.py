"""The folder of evidence beside the books: each content once, named by its SHA-256, readable by its owner alone."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from retcli import named_files
from retcli.database import copies
from retcli.database.abandoned import abandoned
from retcli.errors import Refused, StorageTrouble, why
from retcli.language import _
from retcli.rules.cases.media import FITTING, HEAD_BYTES, LIMITS, MEGABYTE, media_of
from retcli.words import word

CHUNK = 1 << 20
"""So many bytes of a file are in memory at a time."""


@dataclass(frozen=True)
class Stored:
    """A file as it lies in the folder: its SHA-256, its place below the folder, bytes, what it was called; `new` where
    the folder did not have it.
    """

    sha256: str
    place: str
    size: int
    name: str
    new: bool


def store(database: str, path: Path, kind: str) -> Stored:
    """Copies a file into the folder of evidence; content that lies there already is not stored twice. Raises NotFound
    or Refused where it is missing, no regular file, empty, too big, or its content is not of its `kind`;
    StorageTrouble.
    """
    folder = copies.evidence_of(database)
    with _opened(path) as source, _troubles(folder):
        _make(folder)
        _tidy(folder)
        partial = folder / f"{uuid4().hex}{copies.PARTIAL}"
        try:
            size, sha256, media = _copy_fitting(source, partial, path, kind)
            place = f"{sha256[:2]}/{sha256}.{media}"
            new = _put(partial, folder / place, sha256)
        finally:
            partial.unlink(missing_ok=True)
    return Stored(sha256, place, size, shown_name(path.name), new)


def shown_name(name: str) -> str:
    """A file's name as text to show: without folders and control characters, at most 120 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:120].strip()


def state_of(database: str, place: str, sha256: str, *, read: bool = False) -> str:
    """How a stored file stands: ``present``, ``missing``, or ``damaged``, which only `read` tells by its bytes."""
    path = copies.evidence_of(database) / place
    if not path.is_file():
        return "missing"
    return "damaged" if read and copies.digest(path) != sha256 else "present"


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """A regular file, open to read. Raises Refused for a link out of its own folder: a folder of photos that somebody
    sent could else take in any file of the computer.
    """
    if path.is_symlink() and path.resolve().parent != path.parent.resolve():
        raise Refused(_("{path} is a link that leads elsewhere").format(path=path), _("Name the file itself"))
    with named_files.opened(path.resolve()) as source:
        yield source


def _copy_fitting(source: BinaryIO, partial: Path, path: Path, kind: str) -> tuple[int, str, str]:
    """Copies a file in pieces, checking content and size on the way; its bytes, SHA-256 and kind of content (``jpg``,
    ``mp4`` …), once it is safe on the disk. Raises Refused where content or size does not fit its `kind`.
    """
    size, sha256, head = 0, hashlib.sha256(), b""
    handle = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as target:
        while piece := source.read(CHUNK):
            if not size:  # judged by the first piece, before gigabytes of something else were copied
                head = piece[:HEAD_BYTES]
                _fits(media_of(head), path, kind)
            size += len(piece)
            if size > LIMITS[kind]:
                message = _("{path} is bigger than {n} MB").format(path=path, n=LIMITS[kind] // MEGABYTE)
                raise Refused(message, _("Cut or shrink it first"), file=path)
            sha256.update(piece)
            target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    if not size:
        raise Refused(_("{path} is empty").format(path=path), _("Download it again"), file=path)
    return size, sha256.hexdigest(), media_of(head)


def _fits(media: str, path: Path, kind: str) -> None:
    """Raises Refused where a file's content (`media`, "" where unknown) is none that its kind may have."""
    if media in FITTING[kind]:
        return
    if media:
        message = _("{path} is not a {kind}: its content is {media}")
        hint = _("Say what it is: --kind photo|video|chat|report")
        raise Refused(message.format(path=path, kind=word(kind), media=media), hint, file=path)
    message = _("{path}: nobody knows this kind of content")
    hint = _("Take one of: {all}").format(all=" ".join(sorted(FITTING[kind])))
    raise Refused(message.format(path=path), hint, file=path)


def _put(partial: Path, path: Path, sha256: str) -> bool:
    """Renames a whole file to its place; whether the folder did not hold that content, undamaged, before."""
    # read again: a damaged file of that name is replaced by the good one
    if path.is_file() and copies.digest(path) == sha256:
        return False
    _make(path.parent)
    partial.replace(path)
    copies.sync_folder(path.parent)
    copies.sync_folder(path.parent.parent)
    return True


def _make(folder: Path) -> None:
    """Makes a folder, and the one above it, that only their owner may open (0700)."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def _tidy(folder: Path) -> None:
    """Deletes partial files that killed runs left an hour ago or earlier."""
    for path in abandoned(folder, re.compile(r"[0-9a-f]{32}\.partial()")):
        path.unlink(missing_ok=True)


@contextmanager
def _troubles(folder: Path) -> Iterator[None]:
    """Raises StorageTrouble for an OSError inside, with the folder of the evidence and what to look at."""
    try:
        yield
    except OSError as error:
        message = _("Nothing can be stored in {folder}: {why}").format(folder=folder, why=why(error))
        raise StorageTrouble(message, _("Look whether the disk is there, has room, and may be written")) from error
