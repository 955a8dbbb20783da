"""Putting SQLite books back from a copy that is trusted in nothing before it is examined (`docs/hazards.md` row 51)."""

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
"""Books whose chain has no event but those of their founding and of the program itself are empty."""
Standing = Literal["empty", "books", "damaged"]


@contextmanager
def examined(file: Path, books: Path) -> Iterator[Path]:
    """A copy of a backup beside the books in which everything holds, taken away at the end.

    What is examined is what is put in place, so that nobody changes the file in between.
    """
    ready = books.with_name(f"{books.name}.restoring-{os.getpid()}")
    ready.unlink(missing_ok=True)
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
    """Its tables, indexes and triggers are those that this program makes at that version, no more and no less."""
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
    """Refuses where somebody is not an owner in the books to be put back: they could not work in them after."""
    with closing(copies.read_only(path)) as connection:
        role = connection.execute("SELECT role FROM staff WHERE name = ?", (operator,)).fetchone()
    if role is None or role[0] != "owner":
        message = _("{who} is no owner in the books to be put back").format(who=operator)
        raise Refused(message, _("Say who you are with --operator"))


def standing(books: Path) -> Standing:
    """What stands where the books go."""
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
"""Faults of the content; a lock, a missing right or a failing disk say nothing of it."""


@contextmanager
def _nobody_writing(books: Path) -> Iterator[None]:
    """The write lock of damaged books, as far as they still have one. Raises Busy where somebody holds it."""
    with closing(engine.bare_connection(f"{books.resolve().as_uri()}?mode=rw")) as connection:
        connection.execute(f"PRAGMA busy_timeout={int(engine.PATIENCE_SECONDS * 1000)}")
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except engine.driver_error() as error:
            if troubles.kind_of(error) not in _READABLE:
                raise
        yield


def set_aside(books: Path) -> Path:
    """Damaged books keep their content and their journals under another name, for whoever can mend them.

    Raises Busy where somebody is writing in them.
    """
    with _nobody_writing(books):
        return _renamed(books)


def _renamed(books: Path) -> Path:
    """Gives books and their journals another name; which."""
    aside = books.with_name(f"{books.name}.damaged-{datetime.now(SHANGHAI):%Y%m%d-%H%M%S}")
    for ending in ("", "-wal", "-shm", "-journal"):
        part = books.with_name(books.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def put(ready: Path, books: Path) -> None:
    """Into the books by SQLite itself, in one transaction that others at work see whole or not at all."""
    engine.create_file(books)
    with closing(copies.read_only(ready)) as source:
        raw = engine.engine(str(books)).raw_connection()
        try:
            copies.poured(source, raw.driver_connection)
        finally:
            raw.invalidate()
            raw.close()
    if os.name != "nt":
        copies.sync_folder(books.parent)
