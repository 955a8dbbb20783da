"""Events that tell the facts of rows: which rows a piece of work wrote, as the triggers of `migrations.noting` noted
them, and what stands in them now.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from retcli.database.history import watched
from retcli.database.history.told_rows import Facts, columns_of, empties, facts_of, firsts, keyed_by, told_key

ACTION = "facts"
"""The action of an event about the books that tells rows: those that are new, changed or gone, and plain lists."""
AT_MOST = 1000
"""Rows in one event at most."""
LISTED = 20_000
"""Rows of a list in one event at most: whoever reads the history holds one event in memory, and one of three million
rows took a gigabyte.
"""
NOTED_BEFORE = "noted before"
"""Under this name a session keeps the number of the last row noted as its piece of work began."""
FEW = 64
"""So many notes are read one by one, and their rows by one statement for all tables: a scan leaves three."""
LAST = f"SELECT MAX(id) FROM {watched.NOTEBOOK}"
"""SQL of how far the notebook goes: not at all, unless somebody wrote past the program, which `books check` names."""
Payload = dict[str, Any]
_text = lru_cache(1000)(sa.text)
"""A statement by its SQL, parsed once in a process: each piece of work asks the same dozen."""


def begin(session: Session, last: int | None) -> None:
    """Remembers the number of the `last` note as a piece of work begins (None for none)."""
    session.info[NOTED_BEFORE] = last or 0


def last_noted(connection: sa.Connection) -> int:
    """The number of the last entry in the notebook of books that are to be upgraded; 0 where it is empty or missing."""
    noting = sa.inspect(connection).has_table(watched.NOTEBOOK)
    return connection.scalar(_text(LAST)) or 0 if noting else 0


def written(session: Session) -> list[Payload]:
    """Payloads that tell the rows written since the piece of work began, or since this was asked last; empties the
    notebook.
    """
    since = {"since": session.info.get(NOTED_BEFORE, 0)}
    noted = f"FROM {watched.NOTEBOOK} WHERE id > :since"
    # past the session: what it adds to each call costs as much as the call
    connection = session.connection()
    notes = connection.execute(_text(f"SELECT name, key, was {noted} ORDER BY id LIMIT {FEW + 1}"), since).all()
    if not notes:
        return []
    payloads = list(_of_few(session, notes, since) if len(notes) <= FEW else _of_many(session, noted, since))
    # emptied by the same piece of work: what the next one finds there was written past the program
    connection.execute(_text(f"DELETE {noted}"), since)
    return _together(payloads)


def _of_many(session: Session, noted: str, since: Mapping[str, int]) -> Iterator[Payload]:
    """Payloads that tell the noted rows, table by table, of any number of notes."""
    # a table whose rows are all new, or all old, is asked for these alone: a statement costs more than its few rows
    counts = f"SELECT name, COUNT(*) - COUNT(was), COUNT(was) {noted} GROUP BY name"
    for table, new, older in sorted(session.execute(_text(counts), since).all()):
        yield from _new(session, table, since) if new else ()
        yield from _older(session, table, since) if older else ()


def _of_few(session: Session, notes: Iterable[Any], since: Mapping[str, int]) -> Iterator[Payload]:
    """Payloads that tell the rows of a few notes (table, key, how the row stood before), table by table."""
    new: dict[str, set[str]] = defaultdict(set)
    older: dict[str, dict[str, str]] = defaultdict(dict)
    for table, key, was in notes:
        if was is None:
            new[table].add(key)
            older[table].pop(key, None)  # a row that was new in the piece of work is told as new, whatever became of it
        elif key not in new[table]:  # the first note of a row has it as it stood before
            older[table].setdefault(key, was)
    asked = {table: {*rows, *(new[table] if table not in watched.LISTS else ())} for table, rows in older.items()}
    now = _standing(session, {table: sorted(keys) for table, keys in sorted(asked.items()) if keys})
    for table in sorted(asked):
        rows = now.get(table, {})
        if new[table] and table in watched.LISTS:
            yield from _lists(session, table, _noted_new(table), since)
        elif fresh := {told_key(table, k): facts_of(table, k, rows[k]) for k in new[table] if k in rows}:
            yield {"new": {table: fresh}}
        yield from _changes(table, older[table], rows)


def _standing(session: Session, keys: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
    """The JSON objects of the rows with some keys that are there, by table and key; one statement for all tables."""
    rows: dict[str, dict[str, str]] = defaultdict(dict)
    values: dict[str, list[Any]] = {table: [keyed_by(table)(key) for key in some] for table, some in keys.items()}
    values |= {f"{table}_first": firsts(table, some) for table, some in keys.items() if _is_joined(table)}
    if keys:
        for table, key, text in session.connection().execute(_rows_of(_on_sqlite(session), tuple(keys)), values):
            rows[table][key] = text
    return rows


@lru_cache(1000)
def _rows_of(sqlite: bool, tables: tuple[str, ...]) -> sa.TextClause:
    """The statement that gives the rows of some tables: the table, key and JSON object of each whose key is among the
    values by the name of its table.
    """
    selects = (
        f"SELECT '{table}', CAST({_key(table)} AS TEXT), {_json(table, sqlite)} FROM {table} AS t"
        f" WHERE {_first(table, f':{table}_first')}{_key(table)} IN :{table}"
        for table in tables
    )
    names = (*tables, *(f"{table}_first" for table in tables if _is_joined(table)))
    return sa.text(" UNION ALL ".join(selects)).bindparams(*(sa.bindparam(name, expanding=True) for name in names))


def everything(session: Session) -> Iterator[Payload]:
    """Payloads that tell every row that is there, for books whose history told none."""
    for table in watched.TABLES:
        rows = ({"new": {table: dict(some)}} for some in batches(_rows(session, table, ""), AT_MOST))
        yield from _lists(session, table, "") if table in watched.LISTS else rows


def later(session: Session, before: str) -> Iterator[Payload]:
    """Payloads that tell the columns which events tell only since a schema later than `before`, the one that the books
    had; a table of which they told no row yet is told whole.
    """
    for columns in (columns for version, columns in watched.LATER.items() if before < version):
        for table, names in columns.items():
            if names == watched.told_columns(table):
                yield from _lists(session, table, "")
                continue
            every = ((key, {n: facts[n] for n in names if n in facts}) for key, facts in _rows(session, table, ""))
            for some in batches(((key, facts) for key, facts in every if facts), AT_MOST):
                yield {"changed": {table: dict(some)}}


def batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Items in lists of `size` at most, in their order."""
    each = iter(items)
    while some := list(islice(each, size)):
        yield some


def _together(payloads: Iterable[Payload]) -> list[Payload]:
    """Payloads put together until one holds `AT_MOST` rows; two lists of one table never come into one, since the
    second would replace the first.
    """
    together: list[Payload] = []
    room = 0
    for payload in payloads:
        size = sum(len(rows) for kind in ("new", "changed", "gone") for rows in payload.get(kind, {}).values())
        if room < size or not together or payload.get("lists", {}).keys() & together[-1].get("lists", {}).keys():
            together.append({})
            room = AT_MOST
        room -= size
        for kind, tables in payload.items():
            together[-1].setdefault(kind, {}).update(tables)
    return together


def _new(session: Session, table: str, since: Mapping[str, int]) -> Iterator[Payload]:
    """Payloads of a table's rows that the piece of work has inserted."""
    new = _noted_new(table)
    if table in watched.LISTS:
        yield from _lists(session, table, new, since)
    else:
        for some in batches(_rows(session, table, new, since), AT_MOST):
            yield {"new": {table: dict(some)}}


def _older(session: Session, table: str, since: Mapping[str, int]) -> Iterator[Payload]:
    """Payloads of a table's rows that were there before: what of each has changed, or that it is gone."""
    older = f"{_noted(table)} AND was IS NOT NULL AND key NOT IN ({_noted_new(table)})"
    before: dict[str, str] = {}
    # the first note of a row has it as it stood before the piece of work; a row that was new in it is told as new
    for key, was in session.execute(_text(f"SELECT key, was {older} ORDER BY id"), since):
        before.setdefault(key, was)
    now = dict(_raw(session, table, f"SELECT key {older}", since)) if before else {}
    yield from _changes(table, before, now)


def _changes(table: str, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Payload]:
    """Payloads of rows by the JSON objects that they were and are: what of each has changed, or that it is gone."""
    still = [key for key in before if key in now]
    changed = {told_key(table, key): _changed(table, key, before[key], now[key]) for key in still}
    gone = [told_key(table, key) for key in before if key not in now]
    for some_changed in batches(((key, facts) for key, facts in changed.items() if facts), AT_MOST):
        yield {"changed": {table: dict(some_changed)}}
    if gone:
        yield {"gone": {table: gone}}


def _noted(table: str) -> str:
    """SQL from FROM on: the notes about a table since the piece of work began."""
    return f"FROM {watched.NOTEBOOK} WHERE id > :since AND name = '{table}'"


def _noted_new(table: str) -> str:
    """SQL of a query for the keys of a table's new rows."""
    return f"SELECT key {_noted(table)} AND was IS NULL"


def _changed(table: str, key: str, was: str, now: str) -> Facts:
    """The facts of a row that differ between its JSON object before and now, as they are now."""
    before, after = facts_of(table, key, was), facts_of(table, key, now)
    names = empties(table)
    return {name: after.get(name, empty) for name, empty in names if before.get(name, empty) != after.get(name, empty)}


def _rows(session: Session, table: str, keys: str, values: Mapping[str, Any] | None = None) -> Iterator[Any]:
    """Key and facts of the rows whose keys a query gives, or of all rows of the table where the query is empty."""
    for key, text in _raw(session, table, keys, values):
        yield told_key(table, key), facts_of(table, key, text)


def filled(session: Session) -> set[str]:
    """The told tables that hold any row."""
    any_row = " UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM {t})" for t in watched.TABLES)
    return set(session.scalars(_text(any_row)))


def rows(session: Session, table: str) -> Iterator[tuple[str, Facts]]:
    """Key and facts of every row of a table."""
    return _rows(session, table, "")


def _raw(session: Session, table: str, keys: str, values: Mapping[str, Any] | None = None) -> Iterator[tuple[str, str]]:
    """Key and JSON object of the rows whose keys a query gives, or of all; the database makes the JSON."""
    query = (
        f"SELECT {_key(table)}, {_json(table, _on_sqlite(session))} FROM {table} AS t"
        f" {_where(table, keys, sqlite=_on_sqlite(session))} ORDER BY 1"
    )
    # a whole table comes by and by; of a piece of work's own rows all are held anyway, and a cursor costs round trips
    by_and_by = {} if keys else {"yield_per": AT_MOST}
    result = session.execute(_text(query), values or {}, execution_options=by_and_by)
    yield from ((str(key), text) for key, text in result)


def _json(table: str, sqlite: bool) -> str:
    """SQL of the JSON object of a row ``t`` of a table."""
    if not sqlite:
        return "CAST(to_jsonb(t) AS TEXT)"
    pairs = ", ".join(f"""'{column.name}', "{column.name}\"""" for column in columns_of(table))
    return f"json_object({pairs})"


def _key(table: str) -> str:
    """The key of a table in SQL; one of several columns is joined by slashes."""
    names = watched.key_columns(table)
    return f'"{names[0]}"' if len(names) == 1 else " || '/' || ".join(f'CAST("{name}" AS TEXT)' for name in names)


def _where(table: str, keys: str, *, sqlite: bool) -> str:
    """The condition that a row's key is one that a query gives; none where the query is empty."""
    if not keys:
        return ""
    if keyed_by(table) is int:  # the notebook keeps every key as a text
        keys = keys.replace("SELECT key", "SELECT CAST(key AS BIGINT)", 1)
    first = _first(table, f"({_firsts(table, keys, sqlite=sqlite)})") if _is_joined(table) else ""
    return f"WHERE {first}{_key(table)} IN ({keys})"


def _is_joined(table: str) -> bool:
    """Whether a table's key is joined of several columns."""
    return len(watched.key_columns(table)) > 1


def _first(table: str, among: str) -> str:
    """The condition, with an AND behind it, that the first column of a joined key is one of some; nothing for any other
    key. No index leads to a joined key, and the table's own one to its first column.
    """
    return f'"{watched.key_columns(table)[0]}" IN {among} AND ' if _is_joined(table) else ""


def _firsts(table: str, keys: str, *, sqlite: bool) -> str:
    """SQL of a query for what may be the first columns of the joined keys that a query gives: what stands before a
    slash; of a text before each of them, since it may hold some itself.
    """
    find = "INSTR" if sqlite else "STRPOS"
    if watched.kind_of(watched.table_of(table).columns[watched.key_columns(table)[0]]) is int:
        return f"SELECT CAST(SUBSTR(key, 1, {find}(key, '/') - 1) AS BIGINT) FROM ({keys}) AS noted"
    further = f"{find}(SUBSTR(key, place + 1), '/')"
    return (
        f"WITH RECURSIVE cut (key, place) AS (SELECT key, {find}(key, '/') FROM ({keys}) AS noted"
        f" UNION ALL SELECT key, place + {further} FROM cut WHERE {further} > 0)"
        " SELECT SUBSTR(key, 1, place - 1) FROM cut"
    )


def _lists(session: Session, table: str, keys: str, values: Mapping[str, Any] | None = None) -> Iterator[Payload]:
    """Payloads of a table that files fill: the rows whose keys a query gives, or all, as JSON text from the
    database.
    """
    for text, _last in list_pages(session, table, keys, values):
        yield {"lists": {table: {"columns": list(watched.LISTS[table]), "rows": text}}}


def list_pages(
    session: Session, table: str, keys: str = "", values: Mapping[str, Any] | None = None
) -> Iterator[tuple[str, Any]]:
    """The rows of a table that files fill whose keys a query gives, or all, in the order of their keys: pages of at
    most `LISTED` rows, each a JSON array of arrays (key, then columns), with the last key on it.
    """
    after = dict(values or {})
    array, group = ("json_array", "json_group_array") if _on_sqlite(session) else ("jsonb_build_array", "jsonb_agg")
    names = watched.LISTS[table]
    columns = ", ".join(f'{_plain(session, table, name)} AS "{name}"' for name in names)
    row, key, number = ", ".join(f'"{name}"' for name in names), _sorted_key(session, table), LISTED
    # a page begins behind the last key of the one before: an OFFSET would read all earlier rows again for each page
    while number == LISTED:
        where = _where(table, keys, sqlite=_on_sqlite(session)) or "WHERE TRUE"
        beyond = f"AND {key} > :after" if "after" in after else ""
        some = f"SELECT {key} AS k, {columns} FROM {table} {where} {beyond} ORDER BY 1 LIMIT {LISTED}"
        every = f"CAST({group}({array}(k, {row})) AS TEXT), COUNT(*), MAX(k)"
        text, number, after["after"] = session.execute(_text(f"SELECT {every} FROM ({some}) AS listed"), after).one()
        if number:
            yield text, after["after"]


def _sorted_key(session: Session, table: str) -> str:
    """SQL of a table's key that sorts text by its bytes, on a server as in a file: the history is compared page by page
    in that order.
    """
    by_bytes = keyed_by(table) is str and not _on_sqlite(session)
    return f'({_key(table)} COLLATE "C")' if by_bytes else _key(table)


def _plain(session: Session, table: str, name: str) -> str:
    """SQL of a column that gives on both databases what SQLite holds: 1 and 0 for yes and no, an instant as UTC
    text.
    """
    kind = watched.kind_of(watched.table_of(table).columns[name])
    if _on_sqlite(session) or kind not in {bool, datetime}:
        return f'"{name}"'
    if kind is bool:
        return f'CAST("{name}" AS INTEGER)'
    # the colons are escaped, else sa.text takes them for the names of values
    return f"""to_char("{name}" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24\\:MI\\:SS.US')"""


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
