"""The lock that lets one import at a time into some books; scans and decisions do not take it."""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from retcli.database import engine, leftovers
from retcli.database.engine import create_file
from retcli.database.staging.stages import folder
from retcli.errors import Busy
from retcli.language import _
from retcli.views.base import when

IMPORT_LOCK = 7310530
"""The number of the advisory lock on a server: any, as long as it stays the same."""


@contextmanager
def alone(database: str) -> Iterator[None]:
    """Holds the import lock of some books for the length of the context: two imports would delete each other's stages.
    Raises Busy, with who holds it since when, at once.

    The lock is the kernel's on a file that always stays, or the PostgreSQL server's, so that a killed import holds
    nothing (`docs/hazards.md` C-5).
    """
    if "://" in database:
        with engine.engine(database).connect() as connection:
            if not connection.scalar(sa.text("SELECT pg_try_advisory_lock(:lock)"), {"lock": IMPORT_LOCK}):
                raise _busy(*_server_holder(connection))
            # the lock is the session's, not the transaction's: an open one would keep the server from tidying for hours
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
        # no wait: the import that holds the lock may take an hour
        with FileLock(place, timeout=0), _naming_holder(_holder(database)):
            # under the lock: nobody else restores, copies for an import, or begins one meanwhile
            leftovers.tidy(leftovers.of_books(database))
            yield
    except Timeout as somebody:
        raise _busy(*holder(database)) from somebody


def taken(database: str) -> bool:
    """Whether somebody is importing into these books at this moment."""
    try:
        with alone(database):
            return False
    except Busy:
        return True


def _holder(database: str) -> Path:
    """The file beside the lock that says who holds it: a process, and since when."""
    return folder(database) / "lock.holder"


@contextmanager
def _naming_holder(place: Path) -> Iterator[None]:
    """Writes into a file beside the lock who holds it, for the error of others; the lock never depends on that file."""
    with contextlib.suppress(OSError):
        place.write_text(f"{os.getpid()} {datetime.now(UTC).isoformat(timespec='seconds')}", encoding="utf-8")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            place.unlink()


def holder(database: str) -> tuple[str, datetime | None]:
    """The process that is importing into SQLite books and since when (UTC); "" and None where it could not say so."""
    try:
        process, since = _holder(database).read_text(encoding="utf-8").split()
        return process, datetime.fromisoformat(since)
    except (OSError, ValueError):
        return "", None


def _server_holder(connection: sa.Connection) -> tuple[str, datetime | None]:
    """The server process that holds the lock of PostgreSQL books, and since when it is connected."""
    row = connection.execute(
        sa.text(
            "SELECT pid, backend_start FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory'"
            " AND classid = 0 AND objid = :lock AND granted AND datname = current_database()"
        ),
        {"lock": IMPORT_LOCK},
    ).first()
    return (str(row[0]), row[1]) if row else ("", None)


def _busy(process: str, since: datetime | None) -> Busy:
    """The error for who comes second, with the process that holds the lock as far as it is known."""
    message = _("Somebody else is importing into these books")
    if since is not None:
        message = _("Somebody else is importing into these books since {at} (process {number})")
    return Busy(message.format(at=when(since), number=process), _("Try again in a moment"))
