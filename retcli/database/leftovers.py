"""Files that killed runs left half written beside the books: which they are, and how they are deleted."""

import contextlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from retcli.database import copies

AN_HOUR = 3600.0
"""A half-written file whose name holds no process counts as left behind once nothing was added to it for so long."""
_JOURNALS = r"(?:-journal|-wal|-shm)?"
_WORKBOOK = re.compile(r"\..+\.xlsx\.(\d+)\.tmp")


def of_books(database: str) -> list[Path]:
    """Half-written files beside SQLite books whose writer is gone: of restores, copies and evidence; none for books on
    a server.
    """
    if "://" in database:
        return []
    books = Path(database)
    named = (
        (books.parent, re.compile(re.escape(books.name) + r"\.restoring-(\d+)" + _JOURNALS)),
        (copies.beside(database), re.compile(re.escape(books.stem) + r"-\d{8}-\d{6}-(\d+)\.partial" + _JOURNALS)),
        (copies.evidence_of(database), re.compile(r"[0-9a-f]{32}\.partial()")),
    )
    return sorted(path for folder, pattern in named for path in _abandoned(folder, pattern))


def of_workbooks(folder: Path) -> list[Path]:
    """Half-written workbooks in a folder whose writer is gone."""
    return sorted(_abandoned(folder, _WORKBOOK))


def tidy(paths: list[Path]) -> None:
    """Deletes files; one that the system does not let go of stays for the next run."""
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()


def _abandoned(folder: Path, pattern: re.Pattern[str]) -> Iterator[Path]:
    """The files of a folder whose writer is gone; the first group of the pattern is the process, or empty."""
    try:
        listed = list(folder.iterdir())
    except OSError:
        return
    for path in listed:
        fit = pattern.fullmatch(path.name)
        if fit and _is_abandoned(path, fit[1]):
            yield path


def _is_abandoned(path: Path, process: str) -> bool:
    """Whether the process that a name holds is gone; where none is named, or on Windows, whether the file is old."""
    with contextlib.suppress(OSError):
        # on Windows a signal 0 is no question: os.kill sends Ctrl-C there
        if process and os.name != "nt":
            return not _alive(int(process))
        return time.time() - path.stat().st_mtime > AN_HOUR
    return False


def _alive(process: int) -> bool:
    """Whether a process of this number runs, also where it is another user's."""
    if process == os.getpid():
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
