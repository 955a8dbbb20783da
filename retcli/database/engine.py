"""Opening the books on SQLite or PostgreSQL, so that what was said to be saved is saved."""

import atexit
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from retcli.errors import Busy, Overdrawn, Refused, RetcliError, StorageTrouble, WrongCommand
from retcli.language import _

FATAL = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_NOMEM", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_READONLY")
PATIENCE_SECONDS = 30.0
APPLICATION = 0x52455443


def _driver() -> Any:
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        import sqlite3 as dbapi2
    return dbapi2


def bare_connection(address: str) -> Any:
    """A connection of the driver alone to a SQLite file beside the books, by its ``file:`` address."""
    return _driver().connect(address, uri=True, isolation_level=None)


def driver_error() -> type[Exception]:
    """What a bare connection raises."""
    error: type[Exception] = _driver().Error
    return error


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the WAL-reset fix (`hazards.md` decision 1)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0)


@cache
def engine(database: str) -> sa.Engine:
    """The engine of a database: a path of a SQLite file or a ``postgresql://`` address; closed when the process ends,
    so that SQLite folds its journal into the file.
    """
    made = _postgres(database) if "://" in database else _sqlite(Path(database))
    atexit.register(made.dispose)
    return made


def _postgres(address: str) -> sa.Engine:
    scheme, _sep, rest = address.partition("://")
    if scheme not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise WrongCommand(_("Books cannot lie at {place}").format(place=scheme), _("Use a path or postgresql://…"))
    try:
        return sa.create_engine(f"postgresql+psycopg://{rest}", hide_parameters=True)
    except ImportError as missing:
        hint = _("Install it: pip install 'retcli[postgres]'")
        raise StorageTrouble(_("The PostgreSQL driver is not installed"), hint) from missing


def _sqlite(path: Path) -> sa.Engine:
    driver = _driver()
    made = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        module=driver,
        hide_parameters=True,
        connect_args={"timeout": 0, "check_same_thread": False},
        poolclass=sa.pool.QueuePool,
    )
    journal = "WAL" if wal_is_safe(driver.sqlite_version_info) else "TRUNCATE"
    event.listen(made, "connect", lambda connection, _record: _prepare(connection, journal))
    event.listen(made, "begin", _begin)
    event.listen(made, "handle_error", _poison)
    return made


def stage_engine(path: Path) -> sa.Engine:
    """An engine for a stage's file alone, under the same name that the books give it; nothing durable is promised."""
    made = sa.create_engine("sqlite://", module=_driver(), poolclass=sa.pool.NullPool, hide_parameters=True)

    def attach(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("ATTACH DATABASE ? AS stage", (str(path),))
        connection.execute("PRAGMA stage.journal_mode=OFF")
        connection.execute("PRAGMA stage.synchronous=OFF")

    event.listen(made, "connect", attach)
    event.listen(made, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return made


def in_memory() -> sa.Engine:
    """An empty database that is gone with its engine."""
    return sa.create_engine("sqlite://", module=_driver(), poolclass=sa.pool.StaticPool)


def _prepare(connection: Any, journal: str) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA busy_timeout=2000")
    for pragma in ("foreign_keys=ON", "recursive_triggers=ON", "trusted_schema=OFF", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    if connection.execute("PRAGMA journal_mode").fetchone()[0].upper() != journal:
        connection.execute(f"PRAGMA journal_mode={journal}")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA busy_timeout=0")


def _begin(connection: sa.Connection) -> None:
    """Writers take the lock first, trying again about every millisecond: SQLite's own wait is unfair."""
    begin = connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE")
    driver = connection.connection.driver_connection
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            driver.execute(begin)  # type: ignore[union-attr]
            return
        except connection.dialect.loaded_dbapi.OperationalError as locked:
            if "locked" not in str(locked) or time.monotonic() > deadline:
                raise sa.exc.OperationalError(begin, None, locked) from locked
            time.sleep(0.001)


def _poison(context: Any) -> None:
    """After an I/O-class error SQLite has rolled back by itself: nothing more may run on that connection."""
    error = context.original_exception
    name = getattr(error, "sqlite_errorname", None) or ""
    if name.startswith(FATAL) or any(word in str(error) for word in ("disk is full", "disk I/O", "malformed")):
        context.is_disconnect = True


def reading(database: str) -> sa.Engine:
    """The same engine for work that only reads: no write lock is taken."""
    return engine(database).execution_options(sqlite_begin="BEGIN")


def address(made: sa.Engine) -> str:
    """The path or address that an engine was made for."""
    if made.url.get_backend_name() == "sqlite":
        return str(made.url.database)
    return made.url.render_as_string(hide_password=False)


def exists(database: str) -> bool:
    """Whether books lie there already."""
    return "://" in database or Path(database).exists()


def create_file(path: Path) -> None:
    """An empty file that only its owner may read; the folder too where it is made here."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turns what a database says into what a person can do."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise _named(error) from error
    except sa.exc.PendingRollbackError as error:
        raise StorageTrouble(_("The disk gave up in the middle; nothing of this was saved")) from error
    except PermissionError as error:
        raise StorageTrouble(_("No permission for {path}").format(path=error.filename)) from error


def _refused_by_the_books(text: str) -> RetcliError:
    """What the database's own guards say, where the program did not see it coming: usually two at the same moment."""
    if "overdrawn" in text:
        return Overdrawn(_("The books refuse it: more than the line, the freight or the order still has"))
    if "not approved" in text or "append-only" in text:
        return Refused(_("The books refuse it: the case is not approved, or history would change"))
    return Busy(_("Somebody else did the same at the same moment"), _("Look at it again, then decide"))


def _named(error: sa.exc.DBAPIError) -> RetcliError:
    if isinstance(error, sa.exc.IntegrityError):
        return _refused_by_the_books(str(error.orig).lower())
    return trouble(str(error.orig))


def trouble(text: str) -> RetcliError:
    """What a person can do about what a database says."""
    lowered = text.lower()
    if any(word in lowered for word in ("locked", "deadlock", "could not serialize", "busy")):
        return Busy(_("Somebody else is writing in the books"), _("Try again in a moment"))
    if "full" in lowered:
        return StorageTrouble(_("The disk is full; nothing of this was saved"), _("Free some space and try again"))
    if "readonly" in lowered or "read-only" in lowered:
        return StorageTrouble(_("The books can only be read"), _("Check the permissions of the file"))
    if any(word in lowered for word in ("malformed", "not a database", "disk i/o")):
        return StorageTrouble(_("The books are damaged"), _("Restore the last backup, or ask for help before going on"))
    if "connection" in lowered or "connect" in lowered:
        return StorageTrouble(_("The database does not answer"), _("Check RETCLI_DB and that the server runs"))
    return StorageTrouble(_("The database refused: {text}").format(text=text.splitlines()[0]))
