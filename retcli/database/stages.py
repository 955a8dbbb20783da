"""The stage: a file's rows, read and checked, beside the books and outside their write lock.

On SQLite a stage is a file of its own that the merge attaches, on PostgreSQL a schema of unlogged tables that is filled
by COPY; the statements are the same.
"""

import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from retcli.database import engine, troubles
from retcli.database.checks import Checks
from retcli.database.columns import CODE, FLAG, INSTANT, TABLES, TEXT, WHOLE
from retcli.database.engine import create_file
from retcli.errors import StorageTrouble

FORMAT = "6"
PREFIX = "stage_"
"""How the names of the schemas begin that are stages."""
CHECKPOINT_PAGES, WATCHFUL_PAGES = 16_000, 1_000
"""Pages (4 KB) in the log before an import copies them into the books: one that is written often is copied once. While
others write, soon: else their next commit has all of it to copy.
"""
PERSONS = 20
"""Of so many orders at most the person is hidden in a status: one that speaks of somebody is one order's."""
CACHE_KILOBYTES = 64_000
"""What of the books' indexes an import keeps in memory: its rows belong everywhere in them."""


@dataclass(frozen=True)
class StagedRow:
    """A row of the stage: where it stood in the file, its order and line, its values."""

    number: int
    order: str
    line: str
    values: dict[str, Any]


@dataclass(frozen=True)
class StagedFault:
    """A refused row of the stage; the problem is a message id."""

    number: int
    column: str
    text: str
    problem: str
    order: str = ""

    def cells(self) -> tuple[Any, ...]:
        """As a row of ``faults``."""
        return self.number, self.column, self.text[:500], self.problem, self.order


@dataclass(frozen=True)
class Part:
    """Some rows for tables of the stage, each a tuple in the order of the table's columns."""

    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)


def folder(database: str) -> Path:
    """Where the stages of some books lie: beside a SQLite file, else in the user's data folder."""
    if "://" in database:
        import platformdirs

        return Path(platformdirs.user_data_dir("retcli", appauthor=False)) / "stages"
    return Path(f"{database}-stages")


def stage_of(database: str, content: str) -> "Stage":
    """The stage of a file's content (its hash) for some books."""
    if "://" in database:
        return SchemaStage(database, f"{PREFIX}{content[:40]}")
    return FileStage(database, folder(database) / f"{content}.stage")


def clear(database: str, wanted: Collection[str]) -> None:
    """Takes away the stages of these books that no content (a hash) in `wanted` needs: a run that was killed between
    the end of its merge and the end of its work leaves one. Only for who holds the import's lock.
    """
    kept = {stage_of(database, content).name for content in wanted}
    for stage in _found(database):
        if stage.name not in kept:
            stage.drop()


def _found(database: str) -> list["Stage"]:
    """Every stage that there is for some books."""
    if "://" in database:
        with engine.engine(database).connect() as connection:
            names = connection.scalars(sa.text(f"SELECT nspname FROM pg_namespace WHERE nspname LIKE '{PREFIX}%'"))
            return [SchemaStage(database, name) for name in names]
    return [FileStage(database, path) for path in folder(database).glob("*.stage")]


class Stage(ABC):
    """One file's rows. It counts only once it is complete; a half-written one is thrown away.

    `name` tells it from the other stages of the books, `schema` is where statements on the books find its tables,
    `one_writer` whether a merge holds up all others.
    """

    one_writer: bool

    def __init__(self, database: str, name: str, schema: str) -> None:
        self.database = database
        self.name = name
        self.schema = schema

    @abstractmethod
    def complete(self) -> bool:
        """Whether every row of the file was staged and checked."""

    @abstractmethod
    def drop(self) -> None:
        """Takes the stage away; its rows are in the books."""

    @abstractmethod
    def instants(self, values: Sequence[str | None]) -> Sequence[str | None]:
        """Instants of ISO text in UTC as the books store them."""

    @abstractmethod
    def others_wrote(self, books: sa.Connection) -> int:
        """A number that changes when somebody else has written into the books; 0 where that holds up nobody."""

    @abstractmethod
    def watch(self, books: sa.Connection, *, watchful: bool) -> None:
        """Goes easy on those who write beside the merge, or not."""

    @abstractmethod
    def _filled(self, parts: Iterable[Part]) -> None:
        """Makes the tables anew and writes all parts."""

    @abstractmethod
    def opened(self) -> Any:
        """A transaction on the stage's own tables, as a context."""

    @abstractmethod
    def beside_books(self) -> Any:
        """A connection to the books from which the stage's tables are seen, as a context."""

    @abstractmethod
    def count_again(self, books: sa.Connection) -> None:
        """Lets the database see how big the books' tables have become, where it plans its statements by that."""

    def fill(self, parts: Iterable[Part], differing: str, sibling: str) -> None:
        """Writes all rows, refuses whole orders of which one cannot stand, and marks the stage as complete.

        Two rows of one order and line are one where they say the same, and both refused where they differ; `differing`
        and `sibling` (another row of the order was refused) are the message ids of the problems.
        """
        self._filled(parts)
        complete = sa.text(f"INSERT INTO {self.schema}.complete VALUES (:format, :doubles)")
        try:
            with self.opened() as connection:
                doubles = Checks(connection, self.schema).run(differing, sibling)
                connection.execute(complete, {"format": FORMAT, "doubles": doubles})
        except StorageTrouble:
            self.drop()  # a full disk is not kept full by half a stage
            raise

    def doubles(self) -> int:
        """How many rows said the same as an earlier one and were dropped."""
        return int(self._one(f"SELECT doubles FROM {self.schema}.complete"))

    def size(self, table: str) -> int:
        """How many rows a table of the stage holds."""
        return int(self._one(f"SELECT COUNT(*) FROM {self.schema}.{table}"))

    def faults(self) -> list[StagedFault]:
        """The refused rows, by their place in the file."""
        statement = f"SELECT row, field, found, problem FROM {self.schema}.faults ORDER BY row"
        with self.opened() as connection:
            return [StagedFault(*row) for row in connection.execute(sa.text(statement))]

    def faults_by_column(self) -> list[tuple[str, str, int]]:
        """How many rows were refused for a column and a problem, most first."""
        statement = (
            f"SELECT field, problem, COUNT(*) FROM {self.schema}.faults WHERE field <> ''"
            " GROUP BY field, problem ORDER BY COUNT(*) DESC"
        )
        with self.opened() as connection:
            return [(str(row[0]), str(row[1]), int(row[2])) for row in connection.execute(sa.text(statement))]

    def rows_read(self) -> int:
        """How many rows of the file stand in the stage, whether refused or not."""
        refused = int(self._one(f"SELECT COUNT(DISTINCT row) FROM {self.schema}.faults"))
        return refused + max(self.size(table) for table in ("heads", "lines", "records"))

    def unknown_statuses(self) -> list[str]:
        """What the orders' rows say of their status that stands for none of ours."""
        return self._different("platform_status", "status IS NULL AND platform_status <> ''")

    def persons(self, platform_status: str) -> list[tuple[str, ...]]:
        """Buyer, receiver, phone and address of the first orders that say this of their status."""
        statement = (
            f"SELECT buyer, receiver, phone, address FROM {self.schema}.heads WHERE platform_status = :status"
            f" ORDER BY row LIMIT {PERSONS}"
        )
        with self.opened() as connection:
            rows = connection.execute(sa.text(statement), {"status": platform_status})
            return [tuple(text or "" for text in row) for row in rows]

    def shops(self) -> list[str]:
        """The shops that the orders' own rows name."""
        return self._different("shop", "shop <> ''")

    def _different(self, column: str, where: str) -> list[str]:
        """The different values of a column of the heads, sorted here: a sort there would be one of all rows."""
        with self.opened() as connection:
            found = connection.scalars(sa.text(f"SELECT DISTINCT {column} FROM {self.schema}.heads WHERE {where}"))
            return sorted(found)

    def until(self, books: sa.Connection, table: str, after: str, targets: int) -> str | None:
        """The last of so many targets beyond one, seen from the books; None where no more come."""
        statement = (
            f"SELECT MAX(target) FROM (SELECT DISTINCT target FROM {self.schema}.{table} WHERE target > :after"
            " ORDER BY target LIMIT :n) AS step"
        )
        found: str | None = books.scalar(sa.text(statement), {"after": after, "n": targets})
        return found

    def rows(self, books: sa.Connection, after: str, until: str) -> list[StagedRow]:
        """The records of some targets, seen from the books, in the order of target, line and place."""
        statement = (
            f"SELECT row, target, line, payload FROM {self.schema}.records WHERE target > :after AND target <= :until"
            " ORDER BY target, line, row"
        )
        rows = books.execute(sa.text(statement), {"after": after, "until": until})
        return [StagedRow(row, target, line, json.loads(payload)) for row, target, line, payload in rows]

    def _one(self, statement: str, **values: Any) -> Any:
        with self.opened() as connection:
            return connection.scalar(sa.text(statement), values)


class FileStage(Stage):
    """A stage in a SQLite file of its own."""

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
                found = connection.execute("SELECT format FROM complete").fetchone()
        except sqlite3.DatabaseError:
            return False
        return bool(found) and found[0] == FORMAT

    def drop(self) -> None:
        """Takes the file away."""
        self.path.unlink(missing_ok=True)

    def instants(self, values: Sequence[str | None]) -> Sequence[str | None]:
        """As SQLAlchemy writes them into a text column."""
        return [value and f"{value[:10]} {value[11:19]}.000000" for value in values]

    def _filled(self, parts: Iterable[Part]) -> None:
        self.drop()
        create_file(self.path)
        types = {TEXT: "TEXT", CODE: "TEXT", WHOLE: "INTEGER", INSTANT: "TEXT", FLAG: "INTEGER"}
        inserts = {t: f"INSERT INTO {t} VALUES ({', '.join('?' * len(columns))})" for t, columns in TABLES.items()}
        try:
            with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
                connection.execute("PRAGMA journal_mode=OFF")
                connection.execute("PRAGMA synchronous=OFF")
                connection.execute("BEGIN")
                for table, columns in TABLES.items():
                    made = ", ".join(f"{name} {types[kind]}" for name, kind in columns.items())
                    connection.execute(f"CREATE TABLE {table} ({made})")
                for part in parts:
                    for table, rows in part.rows.items():
                        connection.executemany(inserts[table], rows)
                for statement in _indexes(""):
                    connection.execute(statement)
                connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self.drop()
            raise troubles.named(error, str(self.path)) from error

    def count_again(self, books: sa.Connection) -> None:
        """Nothing: SQLite goes by the indexes."""

    def others_wrote(self, books: sa.Connection) -> int:
        """SQLite counts the commits of other connections."""
        driver: Any = books.connection.driver_connection
        return int(driver.execute("PRAGMA main.data_version").fetchone()[0])

    def watch(self, books: sa.Connection, *, watchful: bool) -> None:
        """The log is kept short while somebody waits for it."""
        driver: Any = books.connection.driver_connection
        driver.execute(f"PRAGMA main.wal_autocheckpoint={WATCHFUL_PAGES if watchful else CHECKPOINT_PAGES}")

    @contextmanager
    def opened(self) -> Iterator[sa.Connection]:
        """The stage alone, without the books' lock."""
        with engine.storage_errors(str(self.path)), engine.stage_engine(self.path).begin() as connection:
            yield connection

    @contextmanager
    def beside_books(self) -> Iterator[sa.Connection]:
        """The books with the stage's file attached."""
        with engine.engine(self.database).connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("ATTACH DATABASE ? AS stage", (str(self.path),))
            self.watch(connection, watchful=False)
            driver.execute(f"PRAGMA main.cache_size=-{CACHE_KILOBYTES}")
            try:
                yield connection
            finally:
                connection.invalidate()


class SchemaStage(Stage):
    """A stage in unlogged tables of a PostgreSQL schema of its own."""

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
        """Takes the schema away."""
        with self.opened() as connection:
            connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {self.schema} CASCADE"))

    def instants(self, values: Sequence[str | None]) -> Sequence[str | None]:
        """ISO text with its offset is what the server reads."""
        return values

    def _filled(self, parts: Iterable[Part]) -> None:
        self.drop()
        types = {TEXT: "text", CODE: 'text COLLATE "C"', WHOLE: "bigint", INSTANT: "timestamptz", FLAG: "boolean"}
        with self.opened() as connection:
            connection.execute(sa.text(f"CREATE SCHEMA {self.schema}"))
            for table, columns in TABLES.items():
                made = ", ".join(f"{name} {types[kind]}" for name, kind in columns.items())
                connection.execute(sa.text(f"CREATE UNLOGGED TABLE {self.schema}.{table} ({made})"))
            driver: Any = connection.connection.driver_connection
            for part in parts:
                for table, rows in part.rows.items():
                    with driver.cursor().copy(f"COPY {self.schema}.{table} FROM STDIN") as copy:
                        for row in rows:
                            copy.write_row(row)
            for statement in _indexes(f"{self.schema}."):
                connection.execute(sa.text(statement))
            for table in _KEYS:
                connection.execute(sa.text(f"ANALYZE {self.schema}.{table}"))

    @contextmanager
    def opened(self) -> Iterator[sa.Connection]:
        """A transaction on the stage's tables."""
        with engine.storage_errors(), engine.engine(self.database).begin() as connection:
            yield connection

    def others_wrote(self, books: sa.Connection) -> int:
        """Nobody waits for anybody."""
        return 0

    def watch(self, books: sa.Connection, *, watchful: bool) -> None:
        """Nothing: a merge there holds up nobody."""

    def count_again(self, books: sa.Connection) -> None:
        """ANALYZE of the tables that a merge fills: as long as they count as empty, each step would read them whole."""
        books.execute(sa.text("ANALYZE orders, order_lines, waiting_orders, waiting_lines"))

    @contextmanager
    def beside_books(self) -> Iterator[sa.Connection]:
        """The stage's tables are in the books' own database."""
        with engine.engine(self.database).connect() as connection:
            yield connection


_KEYS = {"heads": "target", "lines": "target, line", "waybills": "target", "records": "target, line"}


def _indexes(prefix: str) -> Iterator[str]:
    """The indexes by what tells rows apart, made after the rows are in. The checks read in their order: a sort would
    hold all rows in memory, since the bundled SQLite keeps no temporary files.
    """
    for table, key in _KEYS.items():
        yield f"CREATE INDEX {table}_by_target ON {prefix}{table} ({key})"
