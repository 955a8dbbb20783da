"""The facts of rows in events: a piece of work tells what it wrote, as noted by the triggers of `migrations.noting`."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from retcli.database import watched
from retcli.rules.events import fingerprint

ACTION = "facts"
"""The action of an event about the books that tells rows: those that are new, changed or gone, and plain lists."""
AT_MOST = 1000
"""So many rows stand in one event."""
LISTED = 20_000
"""So many rows of a list stand in one event: whoever reads the history holds one event in memory."""
NOTED_BEFORE = "noted before"
"""Under this name a session keeps the number of the last row noted as its piece of work began."""
_LAST = f"SELECT MAX(id) FROM {watched.NOTEBOOK}"
_DIGITS = 16
Facts = dict[str, Any]
Payload = dict[str, Any]


class _Column(NamedTuple):
    """How a column is told: what it holds, whether as it is, and what goes without saying."""

    name: str
    kind: type
    plain: bool
    empty: Any


@cache
def _columns(table: str) -> tuple[_Column, ...]:
    columns = watched.table_of(table).columns
    named = ((name, columns[name]) for name in watched.told_columns(table))
    return tuple(
        _Column(name, watched.kind_of(column), watched.is_plain(table, name), watched.empty(column))
        for name, column in named
    )


@cache
def _keyed_by(table: str) -> type:
    """What the key of a table is: a whole number, or text."""
    (first, *more) = watched.key_columns(table)
    return str if more else watched.kind_of(watched.table_of(table).columns[first])


def begin(session: Session) -> None:
    """Remembers what is noted already as a piece of work begins: nothing, but for rows that somebody wrote past the
    program. What those hold is never told.
    """
    session.info[NOTED_BEFORE] = session.scalar(sa.text(_LAST)) or 0


def last_noted(connection: sa.Connection) -> int:
    """The number of the last row noted in books that are to be brought up; 0 where none is, or nothing notes them."""
    noting = sa.inspect(connection).has_table(watched.NOTEBOOK)
    return connection.scalar(sa.text(_LAST)) or 0 if noting else 0


def written(session: Session) -> list[Payload]:
    """What to tell of the rows that were written since the piece of work began or this was asked last."""
    since = {"since": session.info.get(NOTED_BEFORE, 0)}
    noted = f"FROM {watched.NOTEBOOK} WHERE id > :since"
    tables = set(session.scalars(sa.text(f"SELECT DISTINCT name {noted}"), since))
    if not tables:
        return []
    told = [payload for table in sorted(tables) for payload in _of_table(session, table, since)]
    session.execute(sa.text(f"DELETE {noted}"), since)
    return _together(told)


def everything(session: Session) -> Iterator[Payload]:
    """What to tell of every row that is there, for books whose history told none."""
    for table in watched.TABLES:
        rows = ({"new": {table: dict(some)}} for some in _batches(_rows(session, table, ""), AT_MOST))
        yield from _lists(session, table, "") if table in watched.LISTS else rows


def later(session: Session, known: str) -> Iterator[Payload]:
    """What to tell of the columns that the history tells only since a version after the one the books had; a table of
    which it told no row, whole.
    """
    for columns_of in (columns_of for version, columns_of in watched.LATER.items() if known < version):
        for table, names in columns_of.items():
            if names == watched.told_columns(table):
                yield from _lists(session, table, "")
                continue
            every = ((key, {n: facts[n] for n in names if n in facts}) for key, facts in _rows(session, table, ""))
            for some in _batches(((key, facts) for key, facts in every if facts), AT_MOST):
                yield {"changed": {table: dict(some)}}


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    each = iter(items)
    while some := list(islice(each, size)):
        yield some


def _together(told: Iterable[Payload]) -> list[Payload]:
    """Small payloads of several tables as one."""
    made: list[Payload] = []
    room = 0
    for payload in told:
        size = sum(len(rows) for kind in ("new", "changed", "gone") for rows in payload.get(kind, {}).values())
        if room < size or not made or payload.get("lists", {}).keys() & made[-1].get("lists", {}).keys():
            made.append({})
            room = AT_MOST
        room -= size
        for kind, tables in payload.items():
            made[-1].setdefault(kind, {}).update(tables)
    return made


def _of_table(session: Session, table: str, since: Mapping[str, int]) -> Iterator[Payload]:
    """New rows, then those that were there before, each by what is other than before, or gone."""
    noted = f"FROM {watched.NOTEBOOK} WHERE id > :since AND name = '{table}'"
    new = f"SELECT key {noted} AND was IS NULL"
    if table in watched.LISTS:
        yield from _lists(session, table, new, since)
    else:
        for some in _batches(_rows(session, table, new, since), AT_MOST):
            yield {"new": {table: dict(some)}}
    older = f"{noted} AND was IS NOT NULL AND key NOT IN ({new})"
    before: dict[str, str] = {}
    for key, was in session.execute(sa.text(f"SELECT key, was {older} ORDER BY id"), since):
        before.setdefault(key, was)
    now = dict(_raw(session, table, f"SELECT key {older}", since)) if before else {}
    changed = {told_key(table, key): _changed(table, key, before[key], text) for key, text in now.items()}
    gone = [told_key(table, key) for key in before if key not in now]
    for some_changed in _batches(((key, facts) for key, facts in changed.items() if facts), AT_MOST):
        yield {"changed": {table: dict(some_changed)}}
    if gone:
        yield {"gone": {table: gone}}


def _changed(table: str, key: str, was: str, now: str) -> Facts:
    """The facts of a row that are other than before."""
    before, after = facts_of(table, key, was), facts_of(table, key, now)
    names = [(column.name, column.empty) for column in _columns(table)]
    return {name: after.get(name, empty) for name, empty in names if before.get(name, empty) != after.get(name, empty)}


def _rows(session: Session, table: str, keys: str, values: Mapping[str, Any] | None = None) -> Iterator[Any]:
    """Key and facts of the rows whose keys a query gives, or of all."""
    for key, text in _raw(session, table, keys, values):
        yield told_key(table, key), facts_of(table, key, text)


def rows(session: Session, table: str) -> Iterator[tuple[str, Facts]]:
    """Key and facts of every row of a table."""
    yield from _rows(session, table, "")


def _raw(session: Session, table: str, keys: str, values: Mapping[str, Any] | None = None) -> Iterator[tuple[str, str]]:
    """Key and JSON object of the rows whose keys a query gives, or of all."""
    row = "CAST(to_jsonb(t) AS TEXT)"
    if session.get_bind().dialect.name == "sqlite":
        pairs = ", ".join(f"""'{column.name}', "{column.name}\"""" for column in _columns(table))
        row = f"json_object({pairs})"
    query = f"SELECT {_key(table)}, {row} FROM {table} AS t {_where(table, keys)} ORDER BY 1"
    result = session.execute(sa.text(query).execution_options(yield_per=AT_MOST), values or {})
    for key, text in result:
        yield str(key), text


def _key(table: str) -> str:
    names = watched.key_columns(table)
    return f'"{names[0]}"' if len(names) == 1 else " || '/' || ".join(f'CAST("{name}" AS TEXT)' for name in names)


def _where(table: str, keys: str) -> str:
    if not keys:
        return ""
    if _keyed_by(table) is int:
        keys = keys.replace("SELECT key", "SELECT CAST(key AS BIGINT)", 1)
    return f"WHERE {_key(table)} IN ({keys})"


def _lists(session: Session, table: str, keys: str, values: Mapping[str, Any] | None = None) -> Iterator[Payload]:
    """New rows of a table that files fill, as the database itself writes them down, by their keys."""
    names, after = watched.LISTS[table], dict(values or {})
    array, group = ("json_array", "json_group_array") if _on_sqlite(session) else ("jsonb_build_array", "jsonb_agg")
    columns = ", ".join(f'{_plain(session, table, name)} AS "{name}"' for name in names)
    listed_columns = ", ".join(f'"{name}"' for name in names)
    number = LISTED
    while number == LISTED:
        where = _where(table, keys) or "WHERE TRUE"
        beyond = f"AND {_key(table)} > :after" if "after" in after else ""
        some = f"SELECT {_key(table)} AS k, {columns} FROM {table} {where} {beyond} ORDER BY 1 LIMIT {LISTED}"
        every = f"CAST({group}({array}(k, {listed_columns})) AS TEXT), COUNT(*), MAX(k)"
        text, number, after["after"] = session.execute(sa.text(f"SELECT {every} FROM ({some}) AS listed"), after).one()
        if number:
            yield {"lists": {table: {"columns": list(names), "rows": text}}}


def _plain(session: Session, table: str, name: str) -> str:
    """A column as SQLite holds it on both databases: yes and no as 1 and 0, an instant as a text in UTC."""
    kind = watched.kind_of(watched.table_of(table).columns[name])
    if _on_sqlite(session) or kind not in {bool, datetime}:
        return f'"{name}"'
    if kind is bool:
        return f'CAST("{name}" AS INTEGER)'
    return f"""to_char("{name}" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24\\:MI\\:SS.US')"""


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def listed(session: Session, table: str) -> Iterator[tuple[Any, ...]]:
    """Key and columns of every row of a table that files fill."""
    columns = ", ".join(_plain(session, table, name) for name in watched.LISTS[table])
    query = sa.text(f"SELECT {_key(table)}, {columns} FROM {table}").execution_options(yield_per=AT_MOST)
    for row in session.execute(query):
        yield tuple(row)


def told_key(table: str, key: str) -> str:
    """A row's key as an event names it: what people typed is not repeated."""
    if _keyed_by(table) is int or all(watched.is_plain(table, name) for name in watched.key_columns(table)):
        return key
    return _digest(table, "", "", key)


def list_key(table: str, key: str) -> Any:
    """A key of a table that files fill, as its list has it."""
    return int(key) if _keyed_by(table) is int else key


def facts_of(table: str, key: str, text: str) -> Facts:
    """The facts of a row, from its JSON object; what goes without saying is left out."""
    row = json.loads(text)
    facts = {}
    for name, kind, plain, empty in _columns(table):
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
    return "#" + fingerprint([table, key, column, value])[:_DIGITS]


# -- the history replayed beside the tables ---------------------------------------------------------------------------


class Difference(NamedTuple):
    """A row that is other than its events tell it: ``untold``, ``gone``, or ``differs`` in some columns, each by name,
    what is told and what is there.
    """

    table: str
    key: str
    what: str
    columns: tuple[tuple[str, Any, Any], ...] = ()
    number: str = ""


class History:
    """What events told last of each row."""

    def __init__(self) -> None:
        self.told: dict[str, dict[str, Facts]] = {table: {} for table in watched.TABLES}
        self.lists: dict[str, dict[Any, tuple[Any, ...]]] = {table: {} for table in watched.LISTS}

    def take(self, payload: Payload) -> None:
        """Lays what an event tells over what was told before."""
        for table, rows_of in payload.get("new", {}).items():
            self.told[table].update(rows_of)
        for table, listing in payload.get("lists", {}).items():
            self.lists[table].update(_in_order(table, listing))
        for table, changed in payload.get("changed", {}).items():
            for key, facts in changed.items():
                self._change(table, key, facts)
        for table, keys in payload.get("gone", {}).items():
            for key in keys:
                self.told[table].pop(key, None)
                self.lists.get(table, {}).pop(list_key(table, key), None)

    def _change(self, table: str, key: str, facts: Facts) -> None:
        """A row that no event told before stays untold."""
        if table in self.lists:
            place = list_key(table, key)
            row = self.lists[table].get(place)
            if row is not None:
                names = watched.LISTS[table]
                values = dict(zip(names, row, strict=True)) | facts
                self.lists[table][place] = tuple(values[name] for name in names)
        elif key in self.told[table]:
            self.told[table][key] |= facts

    def differences(self, session: Session) -> Iterator[Difference]:
        """Every row that is other than the history tells it, and every row of which only one of them knows."""
        for table in watched.ROWS:
            told = self.told[table]
            for key, facts in rows(session, table):
                yield from _compared(table, key, told.pop(key, None), facts)
            for key, last in told.items():
                yield Difference(table, key, "gone", (), str(last.get("number", "")))
        for table in watched.LISTS:
            yield from self._of_list(session, table)

    def _of_list(self, session: Session, table: str) -> Iterator[Difference]:
        told, names = self.lists[table], watched.LISTS[table]
        for key, *values in listed(session, table):
            last = told.pop(key, None)
            if last is None:
                yield Difference(table, str(key), "untold")
            elif last != (now := tuple(values)):
                pairs = zip(names, last, now, strict=True)
                yield Difference(table, str(key), "differs", tuple(pair for pair in pairs if pair[1] != pair[2]))
        for key in told:
            yield Difference(table, str(key), "gone")


def _in_order(table: str, listing: Mapping[str, Any]) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Key and columns of each row of a list; a column that it does not tell yet holds what goes without saying."""
    places = {name: place for place, name in enumerate(listing["columns"], 1)}
    order = [(places.get(column.name), column.empty) for column in _columns(table)]
    for row in json.loads(listing["rows"] or "[]"):
        yield row[0], tuple(empty if place is None else row[place] for place, empty in order)


def _compared(table: str, key: str, last: Facts | None, facts: Facts) -> Iterator[Difference]:
    number = str(facts.get("number", ""))
    if last is None:
        yield Difference(table, key, "untold", (), number)
    elif last != facts:
        names = [(column.name, column.empty) for column in _columns(table)]
        pairs = tuple((name, last.get(name, empty), facts.get(name, empty)) for name, empty in names)
        differing = tuple(pair for pair in pairs if pair[1] != pair[2])
        if differing:
            yield Difference(table, key, "differs", differing, number)
