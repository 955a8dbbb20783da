"""One import at a time into some books."""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from retcli.database import engine, leftovers
from retcli.database.engine import create_file
from retcli.database.stages import folder
from retcli.errors import Busy
from retcli.language import _
from retcli.views.base import when

IMPORT_LOCK = 7310530


@contextmanager
def alone(database: str) -> Iterator[None]:
    """One import at a time, or Busy: two would take the stage away from under each other. The lock is the kernel's on
    a file that always stays, or the PostgreSQL server's, so a killed import leaves nothing held.
    """
    if "://" in database:
        with engine.engine(database).connect() as connection:
            if not connection.scalar(sa.text("SELECT pg_try_advisory_lock(:lock)"), {"lock": IMPORT_LOCK}):
                raise _taken(*_server_holder(connection))
            connection.rollback()
            try:
                yield
            finally:
                connection.execute(sa.text("SELECT pg_advisory_unlock(:lock)"), {"lock": IMPORT_LOCK})
        return
    from filelock import FileLock, Timeout

    place = folder(database) / "lock"
    create_file(place)
    try:
        with FileLock(place, timeout=0), _told(_holder(database)):
            leftovers.tidy(leftovers.of_books(database))
            yield
    except Timeout as held:
        raise _taken(*holder(database)) from held


def taken(database: str) -> bool:
    """Whether somebody is importing into these books at this moment."""
    try:
        with alone(database):
            return False
    except Busy:
        return True


def _holder(database: str) -> Path:
    return folder(database) / "lock.holder"


@contextmanager
def _told(place: Path) -> Iterator[None]:
    """Who holds the lock, in a file beside it for others to read; the lock itself never depends on it."""
    with contextlib.suppress(OSError):
        place.write_text(f"{os.getpid()} {datetime.now(UTC).isoformat(timespec='seconds')}", encoding="utf-8")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            place.unlink()


def holder(database: str) -> tuple[str, datetime | None]:
    """The process that is importing into SQLite books and since when, as far as it said so."""
    try:
        process, since = _holder(database).read_text(encoding="utf-8").split()
        return process, datetime.fromisoformat(since)
    except (OSError, ValueError):
        return "", None


def _server_holder(connection: sa.Connection) -> tuple[str, datetime | None]:
    """The same on PostgreSQL, where the server knows it."""
    found = connection.execute(
        sa.text(
            "SELECT pid, backend_start FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory'"
            " AND classid = 0 AND objid = :lock AND granted AND datname = current_database()"
        ),
        {"lock": IMPORT_LOCK},
    ).first()
    return (str(found[0]), found[1]) if found else ("", None)


def _taken(process: str, since: datetime | None) -> Busy:
    message = _("Somebody else is importing into these books")
    if since is not None:
        message = _("Somebody else is importing into these books since {at} (process {number})")
    return Busy(message.format(at=when(since), number=process), _("Try again in a moment"))
