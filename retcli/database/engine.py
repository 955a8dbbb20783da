"""Connections to the books on SQLite or PostgreSQL, set up so that what was said to be saved is saved."""

import atexit
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from retcli.database import disk, troubles
from retcli.errors import StorageTrouble, WrongCommand
from retcli.language import _

PATIENCE_SECONDS = 30.0
"""So long a writer waits for its turn before it is told that the books are busy."""

# the pool tells its log of a connection that broke while it was closed, and raises what broke it, which is what the
# user is told: without a handler Python would print the log's lines, traceback and all
logging.getLogger("sqlalchemy.pool").addHandler(logging.NullHandler())


def _driver() -> Any:
    """The module that speaks SQLite: the newer one that is bundled where it has a wheel, else Python's own."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        import sqlite3 as dbapi2
    return dbapi2


def bare_connection(address: str) -> Any:
    """A connection of the driver alone, past SQLAlchemy, to a SQLite file beside the books, by its ``file:``
    address.
    """
    return _driver().connect(address, uri=True, isolation_level=None)


def driver_error() -> type[Exception]:
    """The class of the errors that a bare connection raises; the bundled driver's are not those of Python's sqlite3."""
    error: type[Exception] = _driver().Error
    return error


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the WAL-reset fix (`docs/hazards.md` decision 1)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0)


@cache
def engine(database: str) -> sa.Engine:
    """The engine of the books at a path or a ``postgresql://`` address, one in a process; it is closed when the process
    ends, so that SQLite folds its log into the file.
    """
    books = _postgres(database) if "://" in database else _sqlite(Path(database))
    atexit.register(books.dispose)
    return books


def _postgres(address: str) -> sa.Engine:
    """An engine for books on a server. Raises WrongCommand for a wrong address, StorageTrouble without the driver."""
    scheme, _sep, location = address.partition("://")
    if scheme not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise WrongCommand(_("Books cannot lie at {place}").format(place=scheme), _("Use a path or postgresql://…"))
    try:
        url = sa.make_url(f"postgresql+psycopg://{location}")
        patience = {} if "options" in url.query else {"options": f"-c lock_timeout={int(PATIENCE_SECONDS * 1000)}"}
        # hidden, since an error would else print the values of its statement, a buyer's phone among them
        books = sa.create_engine(url, hide_parameters=True, connect_args=patience)
    except (ValueError, sa.exc.ArgumentError) as wrong:
        text = _("{place} is no address of a database").format(place=address)
        raise WrongCommand(text, "postgresql://USER:PASSWORD@HOST:5432/NAME") from wrong
    except ImportError as missing:
        hint = _("Install it: pip install 'retcli[postgres]'")
        raise StorageTrouble(_("The PostgreSQL driver is not installed"), hint) from missing
    _listen(books)
    return books


def _sqlite(path: Path) -> sa.Engine:
    """An engine for books in a file; nothing is opened yet."""
    driver = _driver()
    books = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        module=driver,
        hide_parameters=True,
        # no wait of the driver's own: `_begin` waits. The pool gives a connection to whichever thread asks next
        connect_args={"timeout": 0, "check_same_thread": False},
        poolclass=sa.pool.QueuePool,
    )
    journal = "WAL" if wal_is_safe(driver.sqlite_version_info) else "TRUNCATE"
    event.listen(books, "connect", lambda connection, record: _prepare(connection, record, journal, path))
    event.listen(books, "begin", _begin)
    _listen(books)
    return books


@contextmanager
def stage(path: Path) -> Iterator[sa.Connection]:
    """A transaction on a stage's file alone, attached as ``stage`` as it is beside the books; without durability, since
    a stage that was cut off is made anew.
    """
    with _stages().connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("ATTACH DATABASE ? AS stage", (str(path),))
        driver.execute("PRAGMA stage.journal_mode=OFF")
        driver.execute("PRAGMA stage.synchronous=OFF")
        with connection.begin():
            yield connection


@cache
def _stages() -> sa.Engine:
    """The engine of all stages in files, each opened by a new connection: what is learnt of their statements, which are
    the same for every file, is learnt once.
    """
    stages = sa.create_engine("sqlite://", module=_driver(), poolclass=sa.pool.NullPool, hide_parameters=True)
    # with isolation_level None the driver begins nothing by itself
    event.listen(stages, "connect", lambda connection, _record: setattr(connection, "isolation_level", None))
    event.listen(stages, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return stages


def in_memory() -> sa.Engine:
    """An empty database that is gone with its engine."""
    return sa.create_engine("sqlite://", module=_driver(), poolclass=sa.pool.StaticPool)


def _prepare(connection: Any, record: Any, journal: str, path: Path) -> None:
    """Sets up a new connection to SQLite books, before anything runs on it."""
    # the driver begins nothing by itself: `_begin` says when, and with which lock
    connection.isolation_level = None
    record.info["file"] = _identity(path)  # compared at each begin
    connection.execute("PRAGMA busy_timeout=2000")  # a change of the journal needs the file alone for a moment
    # with recursive triggers REPLACE meets the guards against deleting too; functions that the schema of a stranger's
    # file names are not run; what is deleted, a buyer's data among it, is overwritten on the disk
    for pragma in ("foreign_keys=ON", "recursive_triggers=ON", "trusted_schema=OFF", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    if connection.execute("PRAGMA journal_mode").fetchone()[0].upper() != journal:
        connection.execute(f"PRAGMA journal_mode={journal}")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA busy_timeout=0")  # from here on `_begin` waits, since SQLite's own wait is unfair


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and inode of the file that bears a name now; None where none does."""
    try:
        there = path.stat()
    except FileNotFoundError:
        return None
    return there.st_dev, there.st_ino


def _still_there(connection: sa.Connection) -> None:
    """Raises StorageTrouble where the books' file was deleted or replaced since it was opened: nobody would ever find
    what is saved in it (`docs/hazards.md` C-5).
    """
    path = Path(str(connection.engine.url.database))
    if connection.info.get("file") != _identity(path):
        connection.invalidate()
        message = _("{path} was deleted, moved or replaced while it was open").format(path=path)
        raise StorageTrouble(message, _("Nothing of this was saved: look what lies there, then start again"))


POLL = "seconds between two tries for the lock"
"""Under this name a connection keeps how often it tries: one that works through a night's file leaves the lock to those
at a table, who try about every millisecond.
"""
EAGER_SECONDS = 0.001


def _begin(connection: sa.Connection) -> None:
    """Begins a transaction; one that may write takes the lock first, trying again as often as its `POLL` says."""
    _still_there(connection)
    # a deferred transaction that must become a writer fails at once where somebody else writes, whatever the timeout
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
            time.sleep(connection.info.get(POLL, EAGER_SECONDS))


def _committing(connection: sa.Connection) -> None:
    """Notes that a commit has begun: an error from here on may mean that the work was saved or not."""
    connection.info["committing"] = True


def _not_committing(connection: sa.Connection) -> None:
    """Notes at the beginning of a transaction that no commit is under way."""
    connection.info["committing"] = False


def _fault(context: Any) -> Exception | None:
    """Hears of every error of a driver: after one of `troubles.POISONED` the connection counts as dead, since SQLite
    has rolled back by itself and each further statement would commit alone (`docs/hazards.md` C-3). An error within a
    commit becomes Uncertain where the work may be saved; None leaves the error as it is.
    """
    error, connection = context.original_exception, context.connection
    if troubles.kind_of(error) in troubles.POISONED:
        context.is_disconnect = True
    if connection is None or connection.closed or connection.invalidated or not connection.info.get("committing"):
        return None
    connection.info["committing"] = False
    return troubles.uncertain(error, str(context.engine.url.database or "") if context.engine else "")


def _listen(books: sa.Engine) -> None:
    """Listens to each begin, commit and error of an engine, to tell a failed commit from other faults."""
    event.listen(books, "begin", _not_committing)
    event.listen(books, "commit", _committing)
    event.listen(books, "handle_error", _fault, retval=True)


def reading(database: str) -> sa.Engine:
    """The engine of a database for work that only reads: it takes no write lock and sees the books at one moment,
    however long it takes; on PostgreSQL it can change nothing.
    """
    if "://" in database:
        return engine(database).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine(database).execution_options(sqlite_begin="BEGIN")


def address(books: sa.Engine) -> str:
    """The path or address that an engine was made for."""
    if books.url.get_backend_name() == "sqlite":
        return str(books.url.database)
    return books.url.render_as_string(hide_password=False)


def exists(database: str) -> bool:
    """Whether a file lies at a path; an address of a server counts as one."""
    return "://" in database or Path(database).exists()


def create_file(path: Path) -> None:
    """Makes an empty file that only its owner may read (0600), and its folder (0700) where that is missing; a file that
    lies there is left as it is.
    """
    # made by hand, since SQLite would make it readable for others; its journals have the rights of their file
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return


@contextmanager
def storage_errors(database: str = "") -> Iterator[None]:
    """Raises a RetcliError that a person can act on for what a database, its driver or a disk raises inside; `database`
    is where the books lie.
    """
    try:
        yield
    except (sa.exc.DBAPIError, driver_error()) as error:
        raise troubles.named(error, database) from error
    except OverflowError as error:
        raise WrongCommand(_("A number is larger than the books can hold"), _("Look at what was typed")) from error
    # the session was used again after an error had rolled it back: the cause was a fault of the disk, told before
    except sa.exc.PendingRollbackError as error:
        raise StorageTrouble(_("The disk gave up in the middle; nothing of this step was saved")) from error
    # who names the file, and who prints into the pipe, know better what these mean
    except (FileNotFoundError, BrokenPipeError):
        raise
    except OSError as error:
        raise disk.of_disk(error) from error
    except Exception as error:
        # COPY speaks to the driver itself, past SQLAlchemy and its errors
        if isinstance(error, _server_errors()):
            raise troubles.named(error, database) from error
        raise


def _server_errors() -> type[Exception] | tuple[()]:
    """The class of PostgreSQL's driver errors; an empty tuple while the driver is not loaded, which it is on use
    only.
    """
    driver = sys.modules.get("psycopg")
    error: type[Exception] | tuple[()] = driver.Error if driver else ()
    return error
