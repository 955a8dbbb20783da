"""The books themselves: the chain of events, operation keys, number series, runs. Only what writes needs them."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from retcli.models.base import Table, key, some, strict, whole

MADE_WAY = "action = 'make_way'"
"""The events of cases that made way for a payment of their platform, as the condition of an index."""
CLOSED_AFTER_CLICK, REFUSED_AFTER_CLICK = "closed_after_click", "refused_after_click"
"""The actions of the events of cases whose refund was said here to have left, and that its platform closed or turned
down.
"""


class Event(Table, table=True):
    """One entry of the chain: who did what when to which subject; without personal data, never changed."""

    __tablename__ = "events"
    __table_args__ = strict(some("ix_events_make_way", "seq", where=MADE_WAY))
    seq: int = whole(primary_key=True)
    at: str  # text, not an instant: the hash is over what is written, which a database may give back otherwise
    operator: str
    subject: str = Field(index=True)
    action: str
    payload: str
    rehearsal: bool
    hash: str


class Anchor(Table, table=True):
    """Where the chain of events stands: the last number and hash, so that a cut tail shows. One row."""

    __tablename__ = "anchors"
    __table_args__ = strict(sa.CheckConstraint("id = 1", name="single"))
    id: int = whole(primary_key=True)
    seq: int = whole()
    hash: str


class Operation(Table, table=True):
    """A finished piece of work under an operation key, with the document it answered."""

    __tablename__ = "operations"
    __table_args__ = strict()
    key: str = Field(primary_key=True)
    request: str
    document: str = ""
    operator: str
    at: datetime


class Counter(Table, table=True):
    """The last number given in a series of a day."""

    __tablename__ = "counters"
    __table_args__ = strict()
    series: str = Field(primary_key=True)
    last: int = whole()


class Run(Table, table=True):
    """One run of a job, so that a job that stays away is noticed; without an end it works still or was cut off.

    `exit` is the exit code, `counts` a JSON object of what was done.
    """

    __tablename__ = "runs"
    __table_args__ = strict()
    id: int | None = key()
    job: str
    started_at: datetime
    ended_at: datetime | None = None
    exit: int | None = whole(None)
    counts: str = ""


class ChangedRow(Table, table=True):
    """A row that the running piece of work has written, noted by a trigger: its table (`name`), its key, and as a JSON
    object how it stood before (None: it is new). Empty once a piece of work is saved.
    """

    __tablename__ = "changed_rows"
    __table_args__ = strict()
    id: int | None = key()
    name: str
    key: str
    was: str | None = None
