"""The hash chain of events: each hash covers its record and the hash before it, so that a change anywhere shows."""

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
"""How far an entry's time may lie before an earlier entry's: clocks of two computers differ, and a writer reads its own
before it waits up to half a minute for the lock.
"""


class Actor(StrEnum):
    """Who caused an event: a person at work, an import, a rule of the shop's (an automatic approval), or what is known
    of a parcel and a case, which is sure without a person.
    """

    PERSON = "person"
    IMPORT = "import"
    RULE = "rule"
    EVIDENCE = "evidence"


def actor_of(payload: Mapping[str, Any]) -> Actor:
    """Who caused an event, from its payload; without the key it was a person, as in books of earlier programs."""
    return Actor(payload.get("actor", Actor.PERSON))


class Broken(Exception):
    """The chain does not hold at the event with the number `seq`."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq)
        self.seq = seq


def canonical(value: Mapping[str, Any]) -> str:
    """The one spelling of a record that is hashed: JSON with sorted keys, no blanks, nothing escaped. Whoever changes
    it breaks every chain that was ever written.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chained(before: str, record: Mapping[str, Any]) -> str:
    """SHA-256 over the previous hash and the record, in hex."""
    return hashlib.sha256((before + canonical(record)).encode()).hexdigest()


def fingerprint(value: Any) -> str:
    """SHA-256 of a plain value in hex, by which two requests with one operation key are told to be the same."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def last_link(rows: Iterable[Sequence[Any]], last: int = 0, head: str = GENESIS) -> tuple[int, str]:
    """Number and hash of the last event of a chain. `rows` (FIELDS, then the hash) follow the event `last`, whose hash
    is `head`, in order. Raises Broken at the first that does not fit.
    """
    for row in rows:
        *values, digest = row
        record = dict(zip(FIELDS, values, strict=True))
        # SQLite gives 0 and 1, PostgreSQL false and true: the hash was made of true and false
        head = chained(head, record | {"rehearsal": bool(record["rehearsal"])})
        # a gap in the numbers is a removed event, even where somebody made the hashes anew behind it
        if record["seq"] != last + 1 or head != digest:
            raise Broken(int(record["seq"]))
        last += 1
    return last, head
