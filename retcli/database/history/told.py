"""Keeps in a temporary file what the events told last of each row, so that the memory does not grow with the rows (from
30,000 to 300,000 orders: 101 to 312 MB in dictionaries, 89 to 98 MB in a file).
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from retcli.database import engine
from retcli.database.history import told_rows, watched
from retcli.database.history.facts import Payload
from retcli.database.history.told_rows import Facts

CACHE_KILOBYTES = 8_000
"""What SQLite keeps of the file in memory."""
_PREFIX = "retcli-told-"
_PRAGMAS = ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", f"cache_size=-{CACHE_KILOBYTES}")
"""No journal, no sync: nobody else opens the file, and what a killed run leaves of it is never read."""
_ROWS = "CREATE TABLE rows (name TEXT, key TEXT, facts TEXT, PRIMARY KEY (name, key)) WITHOUT ROWID"
_AMONG = "key IN (SELECT value FROM json_each(?))"


@contextmanager
def kept() -> Iterator["Told"]:
    """An empty `Told` in a temporary file that only its owner may read, deleted at the end.

    Raises StorageTrouble where the folder for temporary files has no room.
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
    """What the events told last of each row: facts by table and key; of tables that files fill, each row as JSON
    text.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(
            "BEGIN"
        )  # one transaction to the end, never committed: nothing of it is to outlast the check
        connection.execute(_ROWS)
        for table in watched.LISTS:
            key = "INTEGER" if told_rows.keyed_by(table) is int else "TEXT"
            connection.execute(f"CREATE TABLE {table} (key {key} PRIMARY KEY, row TEXT)")

    def take(self, payload: Payload) -> None:
        """Puts the rows that an event's payload tells in place of what was told of them before. Raises ValueError for a
        payload that cannot be read.
        """
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
        """Keeps the facts of some rows, in place of those told before."""
        rows = ((table, key, json.dumps(each)) for key, each in rows_of.items())
        self._connection.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", rows)

    def _put_list(self, table: str, listing: Mapping[str, Any]) -> None:
        """Keeps the rows of a list, whose JSON text SQLite takes apart itself, since Python's objects for it would take
        many times its size. Raises ValueError for what is no JSON.
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
        """Changes the facts of some rows; a row that no event told before stays untold."""
        query = f"SELECT key, facts FROM rows WHERE name = ? AND {_AMONG}"
        before = self._connection.execute(query, (table, json.dumps(list(changed)))).fetchall()
        self._put(table, {key: json.loads(text) | changed[key] for key, text in before})

    def _change_list(self, table: str, changed: Mapping[str, Facts]) -> None:
        """Changes some rows of a list; a row that no event told before stays untold."""
        query = f"SELECT key, row FROM {table} WHERE {_AMONG}"
        before = self._connection.execute(query, (_list_keys(table, changed),)).fetchall()
        rows = []
        for key, text in before:
            values = dict(zip(watched.LISTS[table], json.loads(text)[1:], strict=True)) | changed[str(key)]
            row = [key, *(values[name] for name in watched.LISTS[table])]
            rows.append((json.dumps(row, ensure_ascii=False, separators=(",", ":")), key))
        self._connection.executemany(f"UPDATE {table} SET row = ? WHERE key = ?", rows)

    def pop(self, table: str, keys: Iterable[str]) -> dict[str, Facts]:
        """The facts told of some rows, by their keys; they are taken out."""
        query = f"DELETE FROM rows WHERE name = ? AND {_AMONG} RETURNING key, facts"
        rows = self._connection.execute(query, (table, json.dumps(list(keys)))).fetchall()
        return {key: json.loads(text) for key, text in rows}

    def left(self, table: str) -> Iterator[tuple[str, Facts]]:
        """Key and facts of the rows that were told and not taken out."""
        for key, text in self._connection.execute("SELECT key, facts FROM rows WHERE name = ?", (table,)):
            yield key, json.loads(text)

    def page(self, table: str, after: Any, last: Any) -> str:
        """The rows told of a table that files fill between a key (exclusive; None: from the first on) and another
        (inclusive), as the text of a JSON array.
        """
        some = f"SELECT row FROM {table} WHERE key <= :last{'' if after is None else ' AND key > :after'} ORDER BY key"
        (text,) = self._connection.execute(
            f"SELECT '[' || COALESCE(group_concat(row), '') || ']' FROM ({some})", {"after": after, "last": last}
        ).fetchone()
        return str(text)

    def minified(self, text: str) -> str:
        """A JSON array without blanks, as `page` gives it; PostgreSQL's has blanks."""
        return str(self._connection.execute("SELECT json(?)", (text,)).fetchone()[0])

    def beyond(self, table: str, after: Any) -> Iterator[Any]:
        """The keys told of a table that files fill after a key, or all of them (None)."""
        behind = "" if after is None else "WHERE key > :after"
        for (key,) in self._connection.execute(f"SELECT key FROM {table} {behind} ORDER BY key", {"after": after}):
            yield key


def _in_order(table: str, columns: Sequence[str], row: Sequence[Any]) -> list[Any]:
    """Key and columns of a row in today's order, from a list with other columns; one that it lacks is empty."""
    facts_told = dict(zip(columns, row[1:], strict=True))
    return [row[0], *(facts_told.get(name, empty) for name, empty in told_rows.empties(table))]


def _list_keys(table: str, keys: Iterable[str]) -> str:
    """Some keys of a table that files fill, as a JSON array in the type of its key."""
    return json.dumps([told_rows.list_key(table, key) for key in keys])
