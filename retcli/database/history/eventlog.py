"""Reads events in their order without holding much: short ones a hundred at a time, each long one by itself."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from retcli.rules.events import FIELDS

AT_A_TIME, LONG = 100, 20_000
"""Events that are fetched at once, and the letters of the longest payload among them: an event that tells the rows of
a file has over a million letters, and a hundred of those would fill the memory.
"""
PAYLOAD = FIELDS.index("payload")
"""Where the payload stands in an event."""
_COLUMNS = ", ".join(f"CASE WHEN LENGTH(payload) <= {LONG} THEN payload END" if f == "payload" else f for f in FIELDS)
_PAYLOAD = sa.text("SELECT payload FROM events WHERE seq = :seq")


def events(connection: sa.Connection, where: str = "TRUE", values: Mapping[str, Any] | None = None) -> Iterator[Any]:
    """Every event for which an SQL condition (with its `values`) holds, in the order of its number: a tuple of
    `rules.events.FIELDS`, then its hash.
    """
    query = sa.text(f"SELECT {_COLUMNS}, hash FROM events WHERE {where} ORDER BY seq")
    for row in connection.execute(query.execution_options(yield_per=AT_A_TIME), values or {}):
        if row[PAYLOAD] is None:
            payload = connection.scalar(_PAYLOAD, {"seq": row[0]})
            yield (*row[:PAYLOAD], payload, *row[PAYLOAD + 1 :])
        else:
            yield tuple(row)
