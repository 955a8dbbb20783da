"""Puts SQLite books back from a copy, which is examined as a stranger's file first (`docs/hazards.md` row 51)."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

from retcli.database import copies, engine, troubles, versions
from retcli.errors import Refused, RetcliError, StorageTrouble
from retcli.language import _, series
from retcli.rules.zone import SHANGHAI

_WORK = "SELECT 1 FROM events WHERE subject <> 'books' OR action NOT IN ('found', 'facts', 'upgrade') LIMIT 1"
"""An event that somebody's work left; books that only have those of their founding and of the program are empty."""
Standing = Literal["empty", "books", "damaged"]


@contextmanager
def examined(file: Path, books: Path) -> Iterator[Path]:
    """A file beside the books with the content of a backup in which everything holds; it is deleted at the end.

    That file is examined and put in place, so that nobody can change the backup in between. Raises StorageTrouble where
    its schema is not this program's, or pages, references or history do not hold.
    """
    ready = books.with_name(f"{books.name}.restoring-{os.getpid()}")
    ready.unlink(missing_ok=True)  # left by a killed process that had the same number
    engine.create_file(ready)
    try:
        with closing(copies.read_only(file)) as source:
            copies.pour_into(source, ready)
        _of_this_program(ready, file.name)
        copies.verified(ready)
        yield ready
    finally:
        ready.unlink(missing_ok=True)


def _of_this_program(path: Path, name: str) -> None:
    """Raises StorageTrouble unless a file's tables, indexes, triggers and views are exactly those that this program
    makes at the file's version: one more trigger could do anything once the books are in use.
    """
    with closing(copies.read_only(path)) as connection:
        there = versions.schema(connection)
        if ("table", "alembic_version") not in {key[:2] for key in there}:
            raise StorageTrouble(_("{file} holds no books of retcli").format(file=name), _("Take another copy"))
        version = str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    versions.readable(version)
    wanted = versions.expected(version)
    strange = sorted(f"{kind} {thing}" for kind, thing, *_rest in there ^ wanted)
    if strange:
        message = _("{file} is not as retcli makes it: {what}").format(file=name, what=series(strange[:5]))
        raise StorageTrouble(message, _("Take another copy"))


def owned(path: Path, operator: str) -> None:
    """Raises Refused where somebody is no owner in the books to be put back: they could not work in them afterwards."""
    with closing(copies.read_only(path)) as connection:
        role = connection.execute("SELECT role FROM staff WHERE name = ?", (operator,)).fetchone()
    if role is None or role[0] != "owner":
        message = _("{who} is no owner in the books to be put back").format(who=operator)
        raise Refused(message, _("Say who you are with --operator"))


def standing(books: Path) -> Standing:
    """What stands where the books are to go: nothing or books without any work (``empty``), ``books``, or a file that
    cannot be read as such (``damaged``). Raises the driver's error where a lock, a right or the disk stands against it.
    """
    if not books.is_file() or not books.stat().st_size:
        return "empty"
    try:
        with closing(copies.read_only(books)) as connection:
            connection.execute(f"PRAGMA busy_timeout={int(engine.PATIENCE_SECONDS * 1000)}")
            if [row[0] for row in connection.execute("PRAGMA quick_check(1)")] != ["ok"]:
                return "damaged"
            if ("table", "anchors") not in {key[:2] for key in versions.schema(connection)}:
                return "books"
            copies.history(connection, books.name)
            return "books" if connection.execute(_WORK).fetchone() else "empty"
    except RetcliError:
        return "damaged"
    except engine.driver_error() as error:
        if troubles.kind_of(error) in _READABLE:
            return "damaged"
        raise


_READABLE = frozenset({"CORRUPT", "NOTADB", "ERROR", ""})
"""Kinds of error that say that a file's content is damaged; a lock, a missing right or a failing disk do not."""


@contextmanager
def _nobody_writing(books: Path) -> Iterator[None]:
    """Holds the write lock of damaged books, where their file can still be locked. Raises the driver's error where
    somebody else holds it.
    """
    with closing(engine.bare_connection(f"{books.resolve().as_uri()}?mode=rw")) as connection:
        connection.execute(f"PRAGMA busy_timeout={int(engine.PATIENCE_SECONDS * 1000)}")
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except engine.driver_error() as error:
            # a damaged file may be one that SQLite cannot lock at all: then nobody writes in it either
            if troubles.kind_of(error) not in _READABLE:
                raise
        yield


def set_aside(books: Path) -> Path:
    """Renames damaged books and their journals, for whoever can mend them; the new path.

    Raises the driver's error where somebody is writing in them.
    """
    with _nobody_writing(books):
        return _renamed(books)


def _renamed(books: Path) -> Path:
    """Renames books and their journals to a name with the time of day; the new path."""
    aside = books.with_name(f"{books.name}.damaged-{datetime.now(SHANGHAI):%Y%m%d-%H%M%S}")
    for ending in ("", "-wal", "-shm", "-journal"):
        part = books.with_name(books.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def put(ready: Path, books: Path) -> None:
    """Copies an examined file into the books by SQLite itself, in one transaction that others at work see whole or not
    at all. Raises Busy where somebody keeps the books locked.
    """
    engine.create_file(books)
    with closing(copies.read_only(ready)) as source:
        raw = engine.engine(str(books)).raw_connection()
        try:
            copies.poured(source, raw.driver_connection)
        finally:
            # the pool shall not give out a connection that knows the tables and pages of the books from before
            raw.invalidate()
            raw.close()
    if os.name != "nt":
        copies.sync_folder(books.parent)
