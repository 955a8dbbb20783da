"""What events told last of each row, laid down in a file: the memory that it takes does not grow with the rows."""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from retcli.database import engine
from retcli.database.history import facts, watched
from retcli.database.history.facts import Facts, Payload

CACHE_KILOBYTES = 8_000
"""So much of the file is kept in memory."""
_PREFIX = "retcli-told-"
_PRAGMAS = ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", f"cache_size=-{CACHE_KILOBYTES}")
"""Nobody else opens the file, and what a killed run leaves of it is never read."""
_ROWS = "CREATE TABLE rows (name TEXT, key TEXT, facts TEXT, PRIMARY KEY (name, key)) WITHOUT ROWID"
_AMONG = "key IN (SELECT value FROM json_each(?))"


@contextmanager
def kept() -> Iterator["Told"]:
    """An empty file in the folder for temporary files that only its owner may read, and that is gone afterwards.

    Raises StorageTrouble where that folder has no room.
    """
    with engine.storage_errors(str(Path(tempfile.gettempdir(), _PREFIX))):
        handle, name = tempfile.mkstemp(prefix=_PREFIX)
        os.close(handle)
        path = Path(name)
        try:
            with closing(engine.bare_connection(path.as_uri())) as connection:
                with contextlib.suppress(OSError):
                    path.unlink()  # where the system lets go of a name in use, not even a killed run leaves the file
                yield Told(connection)
        finally:
            path.unlink(missing_ok=True)


class Told:
    """The last word of the events on each row."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        connection.execute(_ROWS)
        for table in watched.LISTS:
            key = "INTEGER" if facts.keyed_by(table) is int else "TEXT"
            connection.execute(f"CREATE TABLE {table} (key {key} PRIMARY KEY, row TEXT)")

    def take(self, payload: Payload) -> None:
        """Lays what an event tells over what was told before. Raises ValueError for what cannot be read."""
        for table, rows_of in payload.get("new", {}).items():
            self._put(table, rows_of)
        for table, listing in payload.get("lists", {}).items():
            self._put_list(table, listing)
        for table, changed in payload.get("changed", {}).items():
            change = self._change_list if table in watched.LISTS else self._change
            change(table, changed)
        for table, keys in payload.get("gone", {}).items():
            self._connection.execute(f"DELETE FROM rows WHERE name = ? AND {_AMONG}", (table, json.dumps(keys)))
            if table in watched.LISTS:
                self._connection.execute(f"DELETE FROM {table} WHERE {_AMONG}", (_list_keys(table, keys),))

    def _put(self, table: str, rows_of: Mapping[str, Facts]) -> None:
        """Lays down the facts of some rows, instead of those that were told before."""
        rows = ((table, key, json.dumps(each)) for key, each in rows_of.items())
        self._connection.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", rows)

    def _put_list(self, table: str, listing: Mapping[str, Any]) -> None:
        """Lays down a list of rows as SQLite itself reads it, which takes no memory here. Raises ValueError for what is
        no JSON.
        """
        text, names = listing["rows"] or "[]", watched.LISTS[table]
        if tuple(listing["columns"]) != names:
            text = json.dumps([_in_order(table, listing["columns"], row) for row in json.loads(text)])
        every = f"INSERT OR REPLACE INTO {table} SELECT json_extract(value, '$[0]'), value FROM json_each(?)"
        try:
            self._connection.execute(every, (text,))
        except engine.driver_error():
            json.loads(text)  # raises ValueError with the place, where the text is no JSON
            raise

    def _change(self, table: str, changed: Mapping[str, Facts]) -> None:
        """Lays changes over the facts of some rows; a row that no event told before stays untold."""
        query = f"SELECT key, facts FROM rows WHERE name = ? AND {_AMONG}"
        before = self._connection.execute(query, (table, json.dumps(list(changed)))).fetchall()
        self._put(table, {key: json.loads(text) | changed[key] for key, text in before})

    def _change_list(self, table: str, changed: Mapping[str, Facts]) -> None:
        """Lays changes over some rows of a list; a row that no event told before stays untold."""
        query = f"SELECT key, row FROM {table} WHERE {_AMONG}"
        before = self._connection.execute(query, (_list_keys(table, changed),)).fetchall()
        rows = []
        for key, text in before:
            values = dict(zip(watched.LISTS[table], json.loads(text)[1:], strict=True)) | changed[str(key)]
            row = [key, *(values[name] for name in watched.LISTS[table])]
            rows.append((json.dumps(row, ensure_ascii=False, separators=(",", ":")), key))
        self._connection.executemany(f"UPDATE {table} SET row = ? WHERE key = ?", rows)

    def pop(self, table: str, keys: Iterable[str]) -> dict[str, Facts]:
        """The facts told of some rows, which are forgotten."""
        query = f"DELETE FROM rows WHERE name = ? AND {_AMONG} RETURNING key, facts"
        rows = self._connection.execute(query, (table, json.dumps(list(keys)))).fetchall()
        return {key: json.loads(text) for key, text in rows}

    def left(self, table: str) -> Iterator[tuple[str, Facts]]:
        """The rows that were told and not forgotten."""
        for key, text in self._connection.execute("SELECT key, facts FROM rows WHERE name = ?", (table,)):
            yield key, json.loads(text)

    def page(self, table: str, after: Any, last: Any) -> str:
        """What is told of a table that files fill behind a key (None: from the first on) and up to another, as text."""
        some = f"SELECT row FROM {table} WHERE key <= :last{'' if after is None else ' AND key > :after'} ORDER BY key"
        (text,) = self._connection.execute(
            f"SELECT '[' || COALESCE(group_concat(row), '') || ']' FROM ({some})", {"after": after, "last": last}
        ).fetchone()
        return str(text)

    def minified(self, text: str) -> str:
        """A JSON array without blanks, as pages are written."""
        return str(self._connection.execute("SELECT json(?)", (text,)).fetchone()[0])

    def beyond(self, table: str, after: Any) -> Iterator[Any]:
        """The keys that are told of a table that files fill behind a key, or all of them (None)."""
        behind = "" if after is None else "WHERE key > :after"
        for (key,) in self._connection.execute(f"SELECT key FROM {table} {behind} ORDER BY key", {"after": after}):
            yield key


def _in_order(table: str, columns: Sequence[str], row: Sequence[Any]) -> list[Any]:
    """Key and columns of a row of a list; a column that it does not tell holds what goes without saying."""
    facts_told = dict(zip(columns, row[1:], strict=True))
    return [row[0], *(facts_told.get(name, empty) for name, empty in facts.empties(table))]


def _list_keys(table: str, keys: Iterable[str]) -> str:
    """Keys of a table that files fill, as a JSON array of what its list has."""
    return json.dumps([facts.list_key(table, key) for key in keys])
