"""Rows that an import has decided and not written yet: each has its id already, so that others can refer to it, and all
are written together, one statement a table. Only for who writes alone, as SQLite's writers do: nobody else can take the
same ids meanwhile.
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
    """A query for the highest id in each of some tables, which costs hardly more than that of one table."""
    keyed = (metadata.tables[name] for name in names if metadata.tables[name].primary_key.columns.keys() == ["id"])
    return sa.select(*(sa.select(sa.func.max(each.c.id)).scalar_subquery().label(each.name) for each in keyed))


_GUARDED = ("do_orm_execute", "before_attach")
"""The events of a session that is asked, or given a row."""


class AsksBooks(Exception):
    """Raised where a decision that was to be made without the database asks it, or writes into it."""


@dataclass
class Pending:
    """Rows to be written, by model, in the order in which they came; the last id given in each table and the last
    number in each series; further rows by the statement that writes them (`puts`). `notice` is called with each row.
    While something is `deciding`, the session may not be asked: what is pending is not in the database yet, so that an
    answer from there would be wrong.
    """

    session: Session
    notice: Callable[[object, Any], None]
    rows: dict[type[Any], list[Any]] = field(default_factory=lambda: defaultdict(list))
    ids: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    puts: dict[Any, list[Mapping[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    deciding: bool = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Hears for as long as the context lasts where the session is asked anything or given a row."""
        for event in _GUARDED:
            sa.event.listen(self.session, event, self._refuse)
        try:
            yield
        finally:
            for event in _GUARDED:
                sa.event.remove(self.session, event, self._refuse)

    def _refuse(self, *_of: object) -> None:
        """Raises AsksBooks in the middle of a decision that is made without the database."""
        if self.deciding:
            raise AsksBooks

    def add(self, row: Any) -> None:
        """Keeps a row to be written later, and gives it the next id of its table."""
        table = type(row).__tablename__
        if not self.ids:
            highest = self.session.connection().execute(_highest(tuple(metadata.tables))).mappings().one()
            self.ids = {name: ident or 0 for name, ident in highest.items()}
        self.ids[table] += 1
        row.id = self.ids[table]
        self.rows[type(row)].append(row)
        self.notice(self.session, row)

    def number(self, series: str) -> int:
        """The next number of a series such as ``RC20261122``."""
        if series not in self.numbers:
            # past the session, which refuses every question inside `or_nothing`
            self.numbers[series] = self.session.connection().execute(_GIVEN, {"series": series}).scalar() or 0
        self.numbers[series] += 1
        return self.numbers[series]

    def put(self, statement: Any, row: Mapping[str, Any]) -> None:
        """Keeps the values of a row for a statement, which must be the same object each time: its rows go in one
        call.
        """
        self.puts[statement].append(row)

    @contextmanager
    def or_nothing(self) -> Iterator[None]:
        """Forgets what was added inside the context where that raises, or asks the database (AsksBooks); only while
        somebody is `watching`.
        """
        ids, numbers = dict(self.ids), dict(self.numbers)
        lengths = {key: len(rows) for kept in (self.rows, self.puts) for key, rows in kept.items()}
        self.deciding = True
        try:
            yield
        except BaseException:  # an interruption too: half a decision must never be written
            self.ids, self.numbers = ids, numbers
            for kept in (self.rows, self.puts):
                for key, rows in kept.items():
                    del rows[lengths.get(key, 0) :]
            raise
        finally:
            self.deciding = False

    def write(self) -> None:
        """Writes all rows and numbers, and starts empty again. Raises IntegrityError where the books refuse a row."""
        connection = self.session.connection()
        for table in metadata.sorted_tables:  # sorted by their foreign keys: what is referred to comes first
            rows = [row for model, rows in self.rows.items() if model.__table__ is table for row in rows]
            if rows:
                # computed columns are filled by the database itself, which refuses a value for them
                names = [column.name for column in table.c if column.computed is None]
                # from its dictionary, where a row that was made has all its columns: each attribute costs a call
                connection.execute(sa.insert(table), [{name: vars(row)[name] for name in names} for row in rows])
        for statement, puts in self.puts.items():
            if puts:
                connection.execute(statement, puts)
        self._write_numbers(connection)
        self.clear()

    def _write_numbers(self, connection: sa.Connection) -> None:
        """Writes the last number that was given in each series."""
        given = [{"series": series, "last": last} for series, last in self.numbers.items()]
        if given:
            upsert = insert(Counter)
            upsert = upsert.on_conflict_do_update(index_elements=["series"], set_={"last": upsert.excluded.last})
            connection.execute(upsert, given)

    def clear(self) -> None:
        """Forgets all rows, ids and numbers: they were written, or the work is done again one by one."""
        for kept in (self.rows, self.ids, self.numbers, self.puts):
            kept.clear()
