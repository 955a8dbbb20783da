"""A connection to SQLite books that writes nothing: what would write counts as done, so that a piece of work can be
gone through beside the write lock.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

_WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|WITH\b.*\b(?:INSERT INTO|UPDATE|DELETE FROM))\b", re.DOTALL)
WRITES_NOTHING = "writes nothing"
"""Under this name a connection that writes nothing is known."""


_IDS = count(-1, -1)


def _done() -> Any:
    """A cursor that says of a statement that it wrote one row, of an id that no row has."""
    return SimpleNamespace(description=None, rowcount=1, lastrowid=next(_IDS), close=lambda: None)


def _counts_as_done(_cursor: Any, statement: str, *more: Any) -> bool:
    """Whether a statement is not to be run, since it would write, on a connection that writes nothing."""
    context = more[-1]
    if WRITES_NOTHING not in context.root_connection.info or not _WRITES.match(statement):
        return False
    context.cursor = _done()
    return True


@contextmanager
def writing_nothing(connection: sa.Connection) -> Iterator[sa.Connection]:
    """A connection to SQLite books that takes no write lock and writes nothing for as long as the context lasts."""
    driver: Any = connection.connection.driver_connection
    before = connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE")
    connection.execution_options(sqlite_begin="BEGIN")
    for name in _EVENTS:
        sa.event.listen(connection.engine, name, _counts_as_done)
    try:
        # should a statement come past `_counts_as_done`, SQLite itself refuses it
        driver.execute("PRAGMA query_only=ON")
        connection.info[WRITES_NOTHING] = True
        yield connection
    finally:
        for name in _EVENTS:
            sa.event.remove(connection.engine, name, _counts_as_done)
        _writing_again(connection, driver)
        connection.execution_options(sqlite_begin=before)


def _writing_again(connection: sa.Connection, driver: Any) -> None:
    """Lets a connection write again, or throws it away: the pool may give it to whoever writes next."""
    try:
        connection.rollback()
        driver.execute("PRAGMA query_only=OFF")
        del connection.info[WRITES_NOTHING]
    except BaseException:
        connection.invalidate()
        raise


_EVENTS = ("do_execute", "do_executemany", "do_execute_no_params")
