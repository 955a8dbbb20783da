"""The stage: a file's rows, read and checked, in a file of their own outside the books' write lock."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from retcli.database.engine import create_file, trouble
from retcli.errors import Busy
from retcli.language import _

FORMAT = "2"
CHUNK = 2000


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


def folder(database: str) -> Path:
    """Where the stages of some books lie: beside a SQLite file, else in the user's data folder."""
    if "://" in database:
        import platformdirs

        return Path(platformdirs.user_data_dir("retcli", appauthor=False)) / "stages"
    return Path(f"{database}-stages")


@contextmanager
def alone(database: str) -> Iterator[None]:
    """One import at a time, or Busy: two would take the stage away from under each other. The lock is the kernel's on
    a file that always stays, so a killed import leaves nothing held.
    """
    from filelock import FileLock, Timeout

    place = folder(database) / "lock"
    create_file(place)
    try:
        with FileLock(place, timeout=0):
            yield
    except Timeout as taken:
        raise Busy(_("Somebody else is importing into these books"), _("Try again in a moment")) from taken


class Stage:
    """One file's rows. It counts only once it is complete; a half-written one is thrown away."""

    def __init__(self, path: Path) -> None:
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

    @contextmanager
    def _opened(self, *, fresh: bool = False) -> Iterator[sqlite3.Connection]:
        """The stage's own connection; a fresh one that finds the disk full does not stay there in the way."""
        try:
            with closing(sqlite3.connect(self.path, isolation_level=None if fresh else "DEFERRED")) as connection:
                yield connection
        except sqlite3.OperationalError as error:
            if fresh:
                self.drop()
            raise trouble(str(error)) from error

    def fill(self, rows: Iterable[StagedRow | StagedFault]) -> None:
        """Writes all rows."""
        self.drop()
        create_file(self.path)
        with self._opened(fresh=True) as connection:
            connection.executescript(
                "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
                "CREATE TABLE staged (number INTEGER PRIMARY KEY, target TEXT, line TEXT, payload TEXT);"
                "CREATE TABLE faults (number INTEGER, field TEXT, found TEXT, problem TEXT, target TEXT);"
                "CREATE TABLE complete (format TEXT, doubles INTEGER); BEGIN"
            )
            batch: list[tuple[Any, ...]] = []
            for row in rows:
                if isinstance(row, StagedFault):
                    fault = (row.number, row.column, row.text[:500], row.problem, row.order)
                    connection.execute("INSERT INTO faults VALUES (?, ?, ?, ?, ?)", fault)
                    continue
                batch.append((row.number, row.order, row.line, json.dumps(row.values, ensure_ascii=False)))
                if len(batch) >= CHUNK:
                    connection.executemany("INSERT INTO staged VALUES (?, ?, ?, ?)", batch)
                    batch.clear()
            connection.executemany("INSERT INTO staged VALUES (?, ?, ?, ?)", batch)
            connection.execute("CREATE INDEX by_target ON staged (target, line, number)")
            connection.execute("COMMIT")

    def check(self, differing: str, sibling: str) -> None:
        """Refuses whole orders of which a row cannot stand, then marks the stage as complete.

        Two rows of one order and line are one where they say the same, and both refused where they differ;
        `differing` and `sibling` (another row of the order was refused) are the message ids of the problems; without
        a `sibling` the rows of an order stand by themselves.
        """
        with self._opened() as connection, connection:
            same = connection.execute(
                "DELETE FROM staged WHERE number IN (SELECT b.number FROM staged a JOIN staged b ON a.target = b.target"
                " AND a.line = b.line AND a.payload = b.payload AND a.number < b.number)"
            ).rowcount
            self._refuse(
                connection,
                "number IN (SELECT a.number FROM staged a JOIN staged b ON a.target = b.target AND a.line = b.line"
                " AND a.number <> b.number)",
                differing,
            )
            if sibling:
                self._refuse(connection, "target IN (SELECT target FROM faults WHERE target <> '')", sibling)
            connection.execute("INSERT INTO complete VALUES (?, ?)", (FORMAT, same))

    def doubles(self) -> int:
        """How many rows said the same as an earlier one and were dropped."""
        with self._opened() as connection:
            return int(connection.execute("SELECT doubles FROM complete").fetchone()[0])

    def _refuse(self, connection: sqlite3.Connection, where: str, problem: str) -> None:
        connection.execute(
            f"INSERT INTO faults SELECT number, '', target, ?, target FROM staged WHERE {where}", (problem,)
        )
        connection.execute("DELETE FROM staged WHERE number IN (SELECT number FROM faults)")

    def faults(self) -> list[StagedFault]:
        """The refused rows, by their place in the file."""
        with self._opened() as connection:
            rows = connection.execute("SELECT number, field, found, problem FROM faults ORDER BY number").fetchall()
        return [StagedFault(*row) for row in rows]

    def groups(self, after: str) -> Iterator[tuple[str, list[StagedRow]]]:
        """The rows of each order together, in the order of their numbers, beyond the one named."""
        with self._opened() as connection:
            rows = connection.execute(
                "SELECT number, target, line, payload FROM staged WHERE target > ? ORDER BY target, line, number",
                (after,),
            )
            for order, group in groupby(rows, key=lambda row: row[1]):
                yield str(order), [StagedRow(n, str(o), line, json.loads(payload)) for n, o, line, payload in group]

    def drop(self) -> None:
        """Takes the stage away; its rows are in the books."""
        self.path.unlink(missing_ok=True)
