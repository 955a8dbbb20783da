"""The stage: a file's rows, read and checked, beside the books and outside their write lock.

The statements on its tables are the same wherever it lies: `retcli.database.staging.stage_places` says where.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from retcli.database.staging.checks import Checks
from retcli.errors import StorageTrouble

FORMAT = "6"
"""What a complete stage is marked with: one of another program's shape counts as not complete, and is made anew."""
PERSONS = 20
"""Of so many orders at most the person is hidden in a status: one that speaks of somebody is one order's."""


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
    def _write(self, parts: Iterable[Part]) -> None:
        """Makes the stage's tables anew, writes all parts into them, and then the indexes."""

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
        self._write(parts)
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
        return int(self._value(f"SELECT doubles FROM {self.schema}.complete"))

    def size(self, table: str) -> int:
        """How many rows a table of the stage holds."""
        return int(self._value(f"SELECT COUNT(*) FROM {self.schema}.{table}"))

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
        refused = int(self._value(f"SELECT COUNT(DISTINCT row) FROM {self.schema}.faults"))
        return refused + max(self.size(table) for table in ("heads", "lines", "records"))

    def unknown_statuses(self) -> list[str]:
        """What the orders' rows say of their status that stands for none of ours."""
        return self._distinct("platform_status", "status IS NULL AND platform_status <> ''")

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
        return self._distinct("shop", "shop <> ''")

    def _distinct(self, column: str, where: str) -> list[str]:
        """The distinct values of a column of the heads that meet a condition, sorted here: the database would sort all
        rows for it.
        """
        with self.opened() as connection:
            values = connection.scalars(sa.text(f"SELECT DISTINCT {column} FROM {self.schema}.heads WHERE {where}"))
            return sorted(values)

    def until(self, books: sa.Connection, table: str, after: str, targets: int) -> str | None:
        """The last of the next `targets` targets (orders or refunds) of a table after one, seen from the books; None
        where no more come.
        """
        statement = (
            f"SELECT MAX(target) FROM (SELECT DISTINCT target FROM {self.schema}.{table} WHERE target > :after"
            " ORDER BY target LIMIT :n) AS step"
        )
        last: str | None = books.scalar(sa.text(statement), {"after": after, "n": targets})
        return last

    def rows(self, books: sa.Connection, after: str, until: str) -> list[StagedRow]:
        """The records of some targets, seen from the books, in the order of target, line and place."""
        statement = (
            f"SELECT row, target, line, payload FROM {self.schema}.records WHERE target > :after AND target <= :until"
            " ORDER BY target, line, row"
        )
        rows = books.execute(sa.text(statement), {"after": after, "until": until})
        return [StagedRow(row, target, line, json.loads(payload)) for row, target, line, payload in rows]

    def _value(self, statement: str, **values: Any) -> Any:
        """The one value that a statement on the stage's tables gives."""
        with self.opened() as connection:
            return connection.scalar(sa.text(statement), values)


KEYS = {"heads": "target", "lines": "target, line", "waybills": "target", "records": "target, line"}
"""The tables of rows, each with what tells its rows apart."""


def indexes(prefix: str) -> Iterator[str]:
    """The indexes by what tells rows apart, made after the rows are in. The checks read in their order: a sort would
    hold all rows in memory, since the bundled SQLite keeps no temporary files.
    """
    for table, key in KEYS.items():
        yield f"CREATE INDEX {table}_by_target ON {prefix}{table} ({key})"
