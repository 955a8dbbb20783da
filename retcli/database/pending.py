"""Rows that are decided and not written yet: each has its id before it stands in the books, so that others can refer to
it, and all of them are written together. Only for who writes alone, as SQLite's writers do.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col

from retcli.models.base import metadata
from retcli.models.books import Counter

_GIVEN = sa.select(col(Counter.last)).where(col(Counter.series) == sa.bindparam("series"))


@cache
def _highest(names: tuple[str, ...]) -> sa.Select[Any]:
    """The highest ids of those tables that have one, in one statement, which costs hardly more than that of one."""
    keyed = (metadata.tables[name] for name in names if metadata.tables[name].primary_key.columns.keys() == ["id"])
    return sa.select(*(sa.select(sa.func.max(each.c.id)).scalar_subquery().label(each.name) for each in keyed))


class AsksBooks(Exception):
    """A decision that was to be made without the books asks them, or writes into them."""


@dataclass
class Pending:
    """Rows by table in the order in which they came; the last id given in each table, by its name, and the last number
    in each series; rows by the statement that puts them into the books in a way of its own. `notice` hears of each row.
    """

    session: Session
    notice: Callable[[object, Any], None]
    rows: dict[type[Any], list[Any]] = field(default_factory=lambda: defaultdict(list))
    ids: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    puts: dict[Any, list[Mapping[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, row: Any) -> None:
        """Keeps a row under the next id of its table."""
        table = type(row).__tablename__
        if not self.ids:
            highest = self.session.connection().execute(_highest(tuple(metadata.tables))).mappings().one()
            self.ids = {name: ident or 0 for name, ident in highest.items()}
        self.ids[table] += 1
        row.id = self.ids[table]
        self.rows[type(row)].append(row)
        self.notice(self.session, row)

    def number(self, series: str) -> int:
        """The next number of a series."""
        if series not in self.numbers:
            # of the connection, since the session may be guarded
            self.numbers[series] = self.session.connection().execute(_GIVEN, {"series": series}).scalar() or 0
        self.numbers[series] += 1
        return self.numbers[series]

    def put(self, statement: Any, row: Mapping[str, Any]) -> None:
        """Keeps the values of a row for a statement, the same object for all of its rows."""
        self.puts[statement].append(row)

    @contextmanager
    def or_nothing(self) -> Iterator[None]:
        """Forgets again what came since, where the work inside fails or asks the books."""
        ids, numbers = dict(self.ids), dict(self.numbers)
        lengths = {key: len(rows) for kept in (self.rows, self.puts) for key, rows in kept.items()}
        try:
            with _without_books(self.session):
                yield
        except BaseException:
            self.ids, self.numbers = ids, numbers
            for kept in (self.rows, self.puts):
                for key, rows in kept.items():
                    del rows[lengths.get(key, 0) :]
            raise

    def write(self) -> None:
        """Writes all of it, and begins anew. Raises IntegrityError where the books refuse a row."""
        connection = self.session.connection()
        for table in metadata.sorted_tables:  # what is referred to comes first
            rows = [row for model, rows in self.rows.items() if model.__table__ is table for row in rows]
            if rows:
                names = [column.name for column in table.c if column.computed is None]
                connection.execute(sa.insert(table), [{name: getattr(row, name) for name in names} for row in rows])
        for statement, puts in self.puts.items():
            if puts:
                connection.execute(statement, puts)
        self._write_numbers(connection)
        self.clear()

    def _write_numbers(self, connection: sa.Connection) -> None:
        """Writes the last number of each series that was given."""
        given = [{"series": series, "last": last} for series, last in self.numbers.items()]
        if given:
            upsert = insert(Counter)
            upsert = upsert.on_conflict_do_update(index_elements=["series"], set_={"last": upsert.excluded.last})
            connection.execute(upsert, given)

    def clear(self) -> None:
        """Forgets all of it: it was written, or is done in another way."""
        for kept in (self.rows, self.ids, self.numbers, self.puts):
            kept.clear()


@contextmanager
def _without_books(session: Session) -> Iterator[None]:
    """Raises AsksBooks where the session is asked anything or given a row: it does not know of what is pending."""
    for event in _GUARDED:
        sa.event.listen(session, event, _refuse)
    try:
        yield
    finally:
        for event in _GUARDED:
            sa.event.remove(session, event, _refuse)


_GUARDED = ("do_orm_execute", "before_attach")


def _refuse(*_of: object) -> None:
    raise AsksBooks
