"""The chain of events: each record's hash covers the one before it, so a change anywhere shows."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any

GENESIS = "0" * 64
FIELDS = ("seq", "at", "operator", "subject", "action", "payload", "rehearsal")
"""What an event's hash covers, in the order of its columns; the hash itself is the column after these."""

SKEW = timedelta(minutes=2)
"""An entry may lie so far before an earlier one: two computers never agree, and a writer may wait half a minute."""


class Actor(StrEnum):
    """What kind of actor an event is of: a person at work, a file taken in, or a rule of the shop's."""

    PERSON = "person"
    IMPORT = "import"
    RULE = "rule"


def actor_of(payload: Mapping[str, Any]) -> Actor:
    """The kind of actor of an event, from its payload; a person's event names none, nor does one of older books."""
    return Actor(payload.get("actor", Actor.PERSON))


class Broken(Exception):
    """The chain does not hold at the event of this number."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq)
        self.seq = seq


def canonical(value: Mapping[str, Any]) -> str:
    """The one spelling of a record that is hashed: sorted keys, no blanks, plain UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chained(before: str, record: Mapping[str, Any]) -> str:
    """SHA-256 over the previous hash and the record, in hex."""
    return hashlib.sha256((before + canonical(record)).encode()).hexdigest()


def fingerprint(value: Any) -> str:
    """SHA-256 of a plain value, for telling whether two requests are the same."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def last_link(rows: Iterable[Sequence[Any]], last: int = 0, head: str = GENESIS) -> tuple[int, str]:
    """Number and hash of the last event of a chain, its rows (FIELDS, then the hash) in order, from the one behind the
    event `last` on, whose hash is `head`. Raises Broken.
    """
    for row in rows:
        *values, digest = row
        record = dict(zip(FIELDS, values, strict=True))
        head = chained(head, record | {"rehearsal": bool(record["rehearsal"])})
        if record["seq"] != last + 1 or head != digest:
            raise Broken(int(record["seq"]))
        last += 1
    return last, head
