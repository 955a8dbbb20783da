"""How events tell one row: its key and its columns as plain values, texts that people typed as digests."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from retcli.database.history import watched
from retcli.rules.events import fingerprint

Facts = dict[str, Any]
"""The columns of a row by name, as an event tells them."""
_DIGITS = 16


class Column(NamedTuple):
    """How events tell a column: the type of its values; whether as they are (`plain`) or as a digest; the value that is
    left out (`empty`).
    """

    name: str
    kind: type
    plain: bool
    empty: Any


@cache
def columns_of(table: str) -> tuple[Column, ...]:
    """How events tell each column of a table; columns that they never tell are left out."""
    columns = watched.table_of(table).columns
    named = ((name, columns[name]) for name in watched.told_columns(table))
    return tuple(
        Column(name, watched.kind_of(column), watched.is_plain(table, name), watched.empty(column))
        for name, column in named
    )


@cache
def keyed_by(table: str) -> type:
    """The type of a table's key: int, or str, also for a key of several columns."""
    (first, *more) = watched.key_columns(table)
    return str if more else watched.kind_of(watched.table_of(table).columns[first])


def firsts(table: str, keys: Iterable[str]) -> list[Any]:
    """What may be the first columns of some keys that are joined of several by slashes, in the type of that column; of
    a text before each slash, since it may hold some itself.
    """
    if watched.kind_of(watched.table_of(table).columns[watched.key_columns(table)[0]]) is int:
        return sorted({int(key.partition("/")[0]) for key in keys})
    return sorted({key[:place] for key in keys for place, letter in enumerate(key) if letter == "/"})


def told_key(table: str, key: str) -> str:
    """A row's key as an event names it: a digest where people typed it, else the key itself; lists hold keys as they
    are.
    """
    if (
        keyed_by(table) is int
        or table in watched.LISTS
        or all(watched.is_plain(table, name) for name in watched.key_columns(table))
    ):
        return key
    return _digest(table, "", "", key)


def list_key(table: str, key: str) -> Any:
    """The key of a row in a table that files fill, in the type that its list has."""
    return int(key) if keyed_by(table) is int else key


def empties(table: str) -> list[tuple[str, Any]]:
    """Every told column of a table, with the value that events leave out."""
    return [(column.name, column.empty) for column in columns_of(table)]


def facts_of(table: str, key: str, text: str) -> Facts:
    """The facts of a row as an event tells them, from its JSON object: texts that people typed as digests, empty values
    left out.
    """
    row = json.loads(text)
    facts = {}
    for name, kind, plain, empty in columns_of(table):
        value = row.get(name)
        if value == empty:
            continue
        if kind is str and value is not None and not plain:
            value = _digest(table, key, name, value)
        elif kind is datetime and value is not None:
            value = _instant(value)
        elif kind is bool and value is not None:
            value = int(value)
        facts[name] = value
    return facts


def _instant(text: str) -> str:
    """An instant as SQLite's books write it, in UTC; PostgreSQL's names its zone."""
    if "T" not in text:
        return text
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _digest(table: str, key: str, column: str, value: str) -> str:
    """The digest that stands in an event for a text that people typed: no text can be read back, equal texts of one
    column and row are equal, and those of two rows are not, so that nobody can tell who is the same person.
    """
    return "#" + fingerprint([table, key, column, value])[:_DIGITS]
