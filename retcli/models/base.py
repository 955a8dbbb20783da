"""What every table shares: names of constraints, column types that both databases keep exactly."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlmodel import Field, SQLModel

metadata = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """What every table is: a row is made as SQLModel makes one, in a tenth of the time, since nothing is validated; and
    pydantic builds no validators.
    """

    model_config = {"defer_build": True}

    def __init__(self, **values: Any) -> None:
        """A row that no database has yet; what is not named has its default. Raises TypeError for what is no column."""
        if not values.keys() <= type(self).model_fields.keys():
            raise TypeError(f"{type(self).__name__} has no columns {values.keys() - type(self).model_fields.keys()}")
        # past the attributes of the columns: there is nothing yet of which they could note that it changed
        self.__dict__.update(_defaults(type(self)))
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: Any) -> None:
        # the column's attribute notes what changed, and keeps it: SQLModel goes there too, pydantic then once more
        object.__setattr__(self, name, value)


@cache
def _defaults(table: type[Table]) -> Mapping[str, Any]:
    """The values of the columns of a table that need not be named."""
    columns = table.model_fields.items()
    return {name: column.get_default() for name, column in columns if not column.is_required()}


Whole: sa.types.TypeEngine[int] = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""Whole numbers of 64 bits: minor units, pieces, sequence numbers."""

Code: sa.types.TypeEngine[str] = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Numbers of orders and lines, which both databases put into the same sequence."""


@compiles(sa.String, "sqlite")
@compiles(sa.DateTime, "sqlite")
def _text(*_: Any, **__: Any) -> str:
    return "TEXT"


@compiles(sa.Boolean, "sqlite")
def _integer(*_: Any, **__: Any) -> str:
    return "INTEGER"


class Comparable(sa.ColumnElement[str]):
    """An id's column in the form of `rules.warehouse.ids.folded`, made by the database itself: Latin capitals, no
    blanks, and without the signs that may stand before it; only its `last` characters where they are counted.
    """

    inherit_cache = False

    def __init__(self, column: str, signs: str = "", last: int = 0) -> None:
        self.column = column
        self.signs = signs
        self.last = last


@compiles(Comparable, "sqlite")
def _comparable_on_sqlite(expression: Comparable, *_: Any, **__: Any) -> str:
    bare = f"replace({expression.column}, ' ', '')"
    whole = f"upper(ltrim({bare}, '{expression.signs}'))" if expression.signs else f"upper({bare})"
    return f"substr({whole}, -{expression.last})" if expression.last else whole


@compiles(Comparable, "postgresql")
def _comparable_on_postgresql(expression: Comparable, *_: Any, **__: Any) -> str:
    bare = f"replace({expression.column}, ' ', '')"
    bare = f"ltrim({bare}, '{expression.signs}')" if expression.signs else bare
    whole = f'upper({bare} COLLATE "C")'
    return f"right({whole}, {expression.last})" if expression.last else whole


END = 4
"""How many of an id's last characters are kept apart, so that it is found by its end."""


def comparable(column: str, signs: str = "", last: int = 0) -> Any:
    """A column kept by the database for look-ups: another column's id made comparable, or only so many of its `last`
    characters; never written.
    """
    made = sa.Computed(Comparable(column, signs, last))
    return Field(default=None, sa_column=sa.Column(sa.String, made, index=True))


def instant_of(at: datetime | str | None) -> datetime | None:
    """What a maximum or a cast of an instant answers: SQLite's may be text without its zone, which is UTC."""
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    return instant.replace(tzinfo=UTC) if instant is not None and instant.tzinfo is None else instant


def strict(*constraints: Any) -> tuple[Any, ...]:
    """Table arguments: the constraints, and STRICT on SQLite."""
    return (*constraints, {"sqlite_strict": True})


def some(name: str, *columns: str, where: str, unique: bool = False) -> sa.Index:
    """An index of those rows only for which a condition holds; a query must state it word for word, not as a value."""
    # PostgreSQL has the same condition by its revision; said here too, it would load that dialect: 40 ms of every start
    return sa.Index(name, *columns, unique=unique, sqlite_where=sa.text(where))


def key() -> Any:
    """The primary key of a table: a whole number given by the database."""
    return Field(default=None, primary_key=True, sa_type=Whole)


def whole(default: Any = ..., **options: Any) -> Any:
    """A column of whole numbers."""
    return Field(default=default, sa_type=Whole, **options)


def refers(to: str, *, optional: bool = False, index: bool = True, **options: Any) -> Any:
    """A reference to another table's row; `index` is off where a constraint's own index begins with it."""
    return Field(default=None if optional else ..., foreign_key=to, sa_type=Whole, index=index, **options)
