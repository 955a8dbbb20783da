"""Compares the tables with what the events told last of each row, and names every row that differs."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlmodel import Session

from retcli.database.history import facts, told, told_rows, watched
from retcli.database.history.facts import Payload
from retcli.database.history.told_rows import Facts


class Difference(NamedTuple):
    """A row that is other than its events tell it: ``untold`` (no event tells it), ``gone`` (none is there), or
    ``differs`` in some columns, each by name, what is told and what is there.
    """

    table: str
    key: str
    what: str
    columns: tuple[tuple[str, Any, Any], ...] = ()
    number: str = ""


def differences(session: Session, payloads: Iterable[Payload]) -> Iterator[Difference]:
    """Every row that differs from what the payloads of events (oldest first) told of it last, or that only one side
    has. Raises ValueError for a payload that cannot be read, StorageTrouble where the folder for temporary files has no
    room.
    """
    with told.kept() as history:
        for payload in payloads:
            history.take(payload)
        filled = facts.filled(session)
        for table in watched.ROWS:
            yield from _of_rows(history, table, facts.rows(session, table) if table in filled else ())
        for table in watched.LISTS:
            yield from _of_list(history, table, facts.list_pages(session, table) if table in filled else ())


def _of_rows(history: told.Told, table: str, rows: Iterable[tuple[str, Facts]]) -> Iterator[Difference]:
    """The differing rows of a table that is told row by row. Each row takes its entry out of the history, so that what
    is left there at the end is gone from the table.
    """
    for some in facts.batches(rows, facts.AT_MOST):
        last = history.pop(table, (key for key, _now in some))
        for key, now in some:
            yield from _compared(table, key, last.get(key), now)
    for key, row in history.left(table):
        yield Difference(table, key, "gone", (), str(row.get("number", "")))


def _compared(table: str, key: str, last: Facts | None, now: Facts) -> Iterator[Difference]:
    """The difference, if any, between the facts told last of a row (None: never told) and those that stand there."""
    number = str(now.get("number", ""))
    if last is None:
        yield Difference(table, key, "untold", (), number)
    elif last != now:
        pairs = tuple((name, last.get(name, empty), now.get(name, empty)) for name, empty in told_rows.empties(table))
        differing = tuple(pair for pair in pairs if pair[1] != pair[2])
        if differing:
            yield Difference(table, key, "differs", differing, number)


def _of_list(history: told.Told, table: str, pages: Iterable[tuple[str, Any]]) -> Iterator[Difference]:
    """The differing rows of a table that files fill, page by page: pages are compared as text, and only one that is not
    word for word as told is read row by row.
    """
    after = None
    for page, last in pages:
        told_page, now_page = history.page(table, after, last), history.minified(page)
        if told_page != now_page:
            yield from _of_page(table, json.loads(told_page), json.loads(now_page))
        after = last
    for key in history.beyond(table, after):
        yield Difference(table, str(key), "gone")


def _of_page(table: str, told_rows: list[list[Any]], rows: list[list[Any]]) -> Iterator[Difference]:
    """The differing rows between a page as told and as it stands; each row is its key, then its columns."""
    last = {row[0]: row[1:] for row in told_rows}
    for key, *now in rows:
        before = last.pop(key, None)
        if before is None:
            yield Difference(table, str(key), "untold")
        elif before != now:
            pairs = zip(watched.LISTS[table], before, now, strict=True)
            yield Difference(table, str(key), "differs", tuple(pair for pair in pairs if pair[1] != pair[2]))
    for key in last:
        yield Difference(table, str(key), "gone")
