"""The two kinds of stages: for SQLite books a file of its own that the merge attaches, for PostgreSQL a schema of its
own with unlogged tables that COPY fills.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from retcli.database import engine, troubles
from retcli.database.engine import create_file
from retcli.database.staging.columns import CODE, FLAG, INSTANT, TABLES, TEXT, WHOLE
from retcli.database.staging.stages import FORMAT, KEYS, Part, Stage, folder, indexes

PREFIX = "stage_"
"""How the names of PostgreSQL schemas begin that are stages."""
CHECKPOINT_PAGES, WATCHFUL_PAGES = 16_000, 1_000
"""Pages (4 KB) in the log before an import copies them into the books: one that is written often is copied once. While
others write, soon: else their next commit has all of it to copy.
"""
CACHE_KILOBYTES = 64_000
"""What of the books' indexes an import keeps in memory: its rows belong everywhere in them."""


def stage_of(database: str, content: str) -> Stage:
    """The stage of a file's content (by its SHA-256) for some books; it need not be there yet."""
    if "://" in database:
        # a part of the hash: names on a server have 63 letters at most
        return SchemaStage(database, f"{PREFIX}{content[:40]}")
    return FileStage(database, folder(database) / f"{content}.stage")


def clear(database: str, wanted: Collection[str]) -> None:
    """Deletes the stages of these books whose content (by its SHA-256) is not in `wanted`: a run that was killed
    between the end of its merge and the end of its work leaves one. Only for who holds the import lock.
    """
    kept = {stage_of(database, content).name for content in wanted}
    for stage in _stages_of(database):
        if stage.name not in kept:
            stage.drop()


def _stages_of(database: str) -> list[Stage]:
    """Every stage that there is for some books."""
    if "://" in database:
        with engine.engine(database).connect() as connection:
            names = connection.scalars(sa.text(f"SELECT nspname FROM pg_namespace WHERE nspname LIKE '{PREFIX}%'"))
            return [SchemaStage(database, name) for name in names]
    return [FileStage(database, path) for path in folder(database).glob("*.stage")]


PATIENT_SECONDS = 0.005
"""A merge waits so long between two tries for the write lock, five times as long as a scan, which so gets it first
(`docs/hazards.md` C-10).
"""


class FileStage(Stage):
    """The stage of an import into SQLite books, in a file of its own."""

    one_writer = True

    def __init__(self, database: str, path: Path) -> None:
        super().__init__(database, path.name, "stage")
        self.path = path

    def complete(self) -> bool:
        """Whether every row of the file was staged and checked."""
        if not self.path.is_file():
            return False
        try:
            with closing(sqlite3.connect(self.path)) as connection:
                mark = connection.execute("SELECT format FROM complete").fetchone()
        except sqlite3.DatabaseError:
            return False
        return bool(mark) and mark[0] == FORMAT

    def drop(self) -> None:
        """Deletes the stage's file."""
        self.path.unlink(missing_ok=True)

    def instants(self, values: Sequence[str | None]) -> Sequence[str | None]:
        """Instants as SQLAlchemy writes them into a text column, so that both compare as texts."""
        return [value and f"{value[:10]} {value[11:19]}.000000" for value in values]

    def _write(self, parts: Iterable[Part]) -> None:
        """Makes the file anew with all rows, and then the indexes."""
        self.drop()
        create_file(self.path)
        types = {TEXT: "TEXT", CODE: "TEXT", WHOLE: "INTEGER", INSTANT: "TEXT", FLAG: "INTEGER"}
        inserts = {t: f"INSERT INTO {t} VALUES ({', '.join('?' * len(columns))})" for t, columns in TABLES.items()}
        try:
            with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
                # without a journal: a half-written stage is thrown away, never mended
                connection.execute("PRAGMA journal_mode=OFF")
                connection.execute("PRAGMA synchronous=OFF")
                connection.execute("BEGIN")
                for table, columns in TABLES.items():
                    columns_sql = ", ".join(f"{name} {types[kind]}" for name, kind in columns.items())
                    connection.execute(f"CREATE TABLE {table} ({columns_sql})")
                for part in parts:
                    for table, rows in part.rows.items():
                        connection.executemany(inserts[table], rows)
                for statement in indexes(""):
                    connection.execute(statement)
                connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self.drop()
            raise troubles.named(error, str(self.path)) from error

    def count_again(self, books: sa.Connection) -> None:
        """Does nothing: SQLite plans these statements by the indexes alone."""

    def others_wrote(self, books: sa.Connection) -> int:
        """SQLite's count of commits that other connections made."""
        driver: Any = books.connection.driver_connection
        return int(driver.execute("PRAGMA main.data_version").fetchone()[0])

    def watch(self, books: sa.Connection, *, watchful: bool) -> None:
        """Keeps the write-ahead log short while others write (`watchful`), else lets it grow."""
        driver: Any = books.connection.driver_connection
        driver.execute(f"PRAGMA main.wal_autocheckpoint={WATCHFUL_PAGES if watchful else CHECKPOINT_PAGES}")

    @contextmanager
    def opened(self) -> Iterator[sa.Connection]:
        """A transaction on the stage's file alone, which takes no lock of the books."""
        with engine.storage_errors(str(self.path)), engine.stage(self.path) as connection:
            yield connection

    @contextmanager
    def beside_books(self) -> Iterator[sa.Connection]:
        """A connection to the books with the stage's file attached, set up for a merge."""
        with engine.engine(self.database).connect() as connection:
            driver: Any = connection.connection.driver_connection
            # SQLite attaches within no transaction: before SQLAlchemy begins one on this connection
            driver.execute("ATTACH DATABASE ? AS stage", (str(self.path),))
            self.watch(connection, watchful=False)
            driver.execute(f"PRAGMA main.cache_size=-{CACHE_KILOBYTES}")  # negative: kilobytes, not pages
            connection.info[engine.POLL] = PATIENT_SECONDS
            try:
                yield connection
            finally:
                connection.invalidate()  # neither the attached file nor the large cache goes back into the pool


class SchemaStage(Stage):
    """The stage of an import into PostgreSQL books, in unlogged tables of a schema of its own."""

    one_writer = False

    def __init__(self, database: str, name: str) -> None:
        super().__init__(database, name, name)

    def complete(self) -> bool:
        """Whether every row of the file was staged and checked."""
        there = sa.text("SELECT to_regclass(:name) IS NOT NULL")
        with engine.engine(self.database).connect() as connection:
            if not connection.scalar(there, {"name": f"{self.schema}.complete"}):
                return False
            return bool(connection.scalar(sa.text(f"SELECT format FROM {self.schema}.complete")) == FORMAT)

    def drop(self) -> None:
        """Drops the stage's schema with its tables."""
        with self.opened() as connection:
            connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {self.schema} CASCADE"))

    def instants(self, values: Sequence[str | None]) -> Sequence[str | None]:
        """The same texts: ISO with its offset is what the server reads."""
        return values

    def _write(self, parts: Iterable[Part]) -> None:
        """Makes the schema anew, fills its tables by COPY, and then makes the indexes."""
        self.drop()
        # ids sort by their bytes, as the books' own columns of them do: else no join of the two would use an index
        types = {TEXT: "text", CODE: 'text COLLATE "C"', WHOLE: "bigint", INSTANT: "timestamptz", FLAG: "boolean"}
        with self.opened() as connection:
            connection.execute(sa.text(f"CREATE SCHEMA {self.schema}"))
            for table, columns in TABLES.items():
                columns_sql = ", ".join(f"{name} {types[kind]}" for name, kind in columns.items())
                connection.execute(sa.text(f"CREATE UNLOGGED TABLE {self.schema}.{table} ({columns_sql})"))
            driver: Any = connection.connection.driver_connection
            for part in parts:
                for table, rows in part.rows.items():
                    with driver.cursor().copy(f"COPY {self.schema}.{table} FROM STDIN") as copy:
                        for row in rows:
                            copy.write_row(row)
            for statement in indexes(f"{self.schema}."):
                connection.execute(sa.text(statement))
            # no autovacuum comes by before the checks and the merge, which would plan for empty tables
            for table in KEYS:
                connection.execute(sa.text(f"ANALYZE {self.schema}.{table}"))

    @contextmanager
    def opened(self) -> Iterator[sa.Connection]:
        """A transaction on the stage's tables, which lie in the books' own database."""
        with engine.storage_errors(), engine.engine(self.database).begin() as connection:
            yield connection

    def others_wrote(self, books: sa.Connection) -> int:
        """Always 0: on a server nobody waits for a merge."""
        return 0

    def watch(self, books: sa.Connection, *, watchful: bool) -> None:
        """Does nothing: on a server a merge holds up nobody."""

    def count_again(self, books: sa.Connection) -> None:
        """Runs ANALYZE on the tables that a merge fills: while they count as empty, each step would read them whole."""
        books.execute(sa.text("ANALYZE orders, order_lines, waiting_orders, waiting_lines"))

    @contextmanager
    def beside_books(self) -> Iterator[sa.Connection]:
        """A connection to the books, in whose database the stage's tables lie."""
        with engine.engine(self.database).connect() as connection:
            yield connection
