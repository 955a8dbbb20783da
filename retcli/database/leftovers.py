"""Files that killed runs left half written beside the books: which they are, and how they are deleted."""

import contextlib
import re
from pathlib import Path

from retcli.database import copies
from retcli.database.abandoned import abandoned

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
    return sorted(path for folder, pattern in named for path in abandoned(folder, pattern))


def of_workbooks(folder: Path) -> list[Path]:
    """Half-written workbooks in a folder whose writer is gone."""
    return sorted(abandoned(folder, _WORKBOOK))


def tidy(paths: list[Path]) -> None:
    """Deletes files; one that the system does not let go of stays for the next run."""
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()
