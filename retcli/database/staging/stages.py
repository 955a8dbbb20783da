"""The stage of a file: its rows, read and checked beside the books, outside their write lock.

What is asked of a stage is the same on both databases; `stage_places` has the two kinds.
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

FORMAT = "7"
"""The mark of a complete stage. It is raised where the stage's tables change: a stage with another mark, of an older
program, is made anew.
"""
PERSONS = 20
"""The persons of so many orders at most are hidden in the text of an unknown status: one that names somebody is one
order's, and one that thousands of orders share names nobody.
"""


@dataclass(frozen=True)
class StagedRow:
    """A row of the stage: its number in the file, its order and line, its values by field."""

    number: int
    order: str
    line: str
    values: dict[str, Any]


@dataclass(frozen=True)
class StagedFault:
    """A row that was refused: its number in the file, the column and its text, the problem (a message id), its
    order.
    """

    number: int
    column: str
    text: str
    problem: str
    order: str = ""

    def cells(self) -> tuple[Any, ...]:
        """The values of a row of the stage's table ``faults``."""
        return self.number, self.column, self.text[:500], self.problem, self.order


@dataclass(frozen=True)
class Part:
    """Rows for tables of the stage, by table: each a tuple in the order of the table's columns."""

    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)


def folder(database: str) -> Path:
    """The folder for the stages of some books, and for the lock of imports: beside a SQLite file, else in the user's
    data folder.
    """
    if "://" in database:
        import platformdirs

        return Path(platformdirs.user_data_dir("retcli", appauthor=False)) / "stages"
    return Path(f"{database}-stages")


class Stage(ABC):
    """The rows of one file, which count only once the stage is complete; a half-written one is thrown away.

    `name` tells it from the other stages of the books, `schema` is the name under which statements on the books find
    its tables, `one_writer` whether a merge holds up everybody else who writes.
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
        """Deletes the stage: its rows are in the books, or are not wanted."""

    @abstractmethod
    def instants(self, values: Sequence[str | None]) -> Sequence[str | None]:
        """Instants of ISO text in UTC, in the form in which the books store them."""

    @abstractmethod
    def others_wrote(self, books: sa.Connection) -> int:
        """A number that changes when somebody else has written into the books; 0 where a merge holds up nobody."""

    @abstractmethod
    def watch(self, books: sa.Connection, *, watchful: bool) -> None:
        """Sets the connection up for a merge with others writing beside it (`watchful`), or alone."""

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
        """Has the database count the books' tables again, where it plans statements by how big they are."""

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
        """How many rows were dropped since they repeated an earlier one."""
        return int(self._value(f"SELECT doubles FROM {self.schema}.complete"))

    def size(self, table: str) -> int:
        """How many rows a table of the stage holds."""
        return int(self._value(f"SELECT COUNT(*) FROM {self.schema}.{table}"))

    def faults(self) -> list[StagedFault]:
        """The refused rows, in the order of the file."""
        statement = f"SELECT row, field, found, problem FROM {self.schema}.faults ORDER BY row"
        with self.opened() as connection:
            return [StagedFault(*row) for row in connection.execute(sa.text(statement))]

    def faults_by_column(self) -> list[tuple[str, str, int]]:
        """Column, problem (a message id) and how many rows were refused for both, most first."""
        statement = (
            f"SELECT field, problem, COUNT(*) FROM {self.schema}.faults WHERE field <> ''"
            " GROUP BY field, problem ORDER BY COUNT(*) DESC"
        )
        with self.opened() as connection:
            return [(str(row[0]), str(row[1]), int(row[2])) for row in connection.execute(sa.text(statement))]

    def rows_read(self) -> int:
        """How many rows of the file the stage holds, refused ones with them."""
        refused = int(self._value(f"SELECT COUNT(DISTINCT row) FROM {self.schema}.faults"))
        return refused + max(self.size(table) for table in ("heads", "lines", "records"))

    def unknown_statuses(self) -> list[str]:
        """The platform's words for an order's status that stand for none of ours."""
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
        """The shops that the rows of orders name."""
        return self._distinct("shop", "shop <> ''")

    def _distinct(self, column: str, where: str) -> list[str]:
        """The distinct values of a column of the heads that meet a condition, sorted here: the database would sort all
        rows for it.
        """
        with self.opened() as connection:
            values = connection.scalars(sa.text(f"SELECT DISTINCT {column} FROM {self.schema}.heads WHERE {where}"))
            return sorted(values)

    def until(self, books: sa.Connection, table: str, after: str, targets: int) -> str | None:
        """The end of the next step of a merge: of the next `targets` targets (orders or refunds) of a table after one,
        the last; None where no more come. `books` is a connection from which the stage is seen.
        """
        statement = (
            f"SELECT MAX(target) FROM (SELECT DISTINCT target FROM {self.schema}.{table} WHERE target > :after"
            " ORDER BY target LIMIT :n) AS step"
        )
        last: str | None = books.scalar(sa.text(statement), {"after": after, "n": targets})
        return last

    def rows(self, books: sa.Connection, after: str, until: str) -> list[StagedRow]:
        """The records of the targets after one up to another, in the order of target, line and row of the file."""
        statement = (
            f"SELECT row, target, line, payload FROM {self.schema}.records WHERE target > :after AND target <= :until"
            " ORDER BY target, line, row"
        )
        rows = books.execute(sa.text(statement), {"after": after, "until": until})
        return [StagedRow(row, target, line, json.loads(payload)) for row, target, line, payload in rows]

    def _value(self, statement: str, **values: Any) -> Any:
        """The single value that a statement on the stage's tables gives."""
        with self.opened() as connection:
            return connection.scalar(sa.text(statement), values)


KEYS = {"heads": "target", "lines": "target, line", "waybills": "target", "records": "target, line"}
"""The tables of rows, each with the columns that tell its rows apart."""


def indexes(prefix: str) -> Iterator[str]:
    """Statements that make the indexes by `KEYS`, once the rows are in. The checks read in their order: a sort would
    hold all rows in memory, since the bundled SQLite keeps no temporary files.
    """
    for table, key in KEYS.items():
        yield f"CREATE INDEX {table}_by_target ON {prefix}{table} ({key})"
