"""What is written down beside a case or an order: contacts, time extended, notes, and entries of the register."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from retcli.models.base import Table, key, refers, strict, whole


class Contact(Table, table=True):
    """One time that the shop spoke to the buyer, or tried to; never changed."""

    __tablename__ = "contacts"
    __table_args__ = strict()
    id: int | None = key()
    case_id: int = refers("cases.id")
    way: str
    result: str
    note: str = ""
    by: str
    at: datetime


class Extension(Table, table=True):
    """So many days more for the buyer to send the goods back, with the reason; never changed."""

    __tablename__ = "extensions"
    __table_args__ = strict(sa.CheckConstraint("days > 0", name="days"))
    id: int | None = key()
    case_id: int = refers("cases.id")
    days: int = whole()
    because: str
    by: str
    at: datetime


class Note(Table, table=True):
    """Something to remember of a case, with an amount (minor units of the order's currency) and an article where it
    is about one, or the flag that was set with it; never changed.
    """

    __tablename__ = "notes"
    __table_args__ = strict()
    id: int | None = key()
    case_id: int = refers("cases.id")
    text: str
    amount: int | None = whole(None)
    sku: str = ""
    flag: str = ""
    by: str
    at: datetime


class Escalation(Table, table=True):
    """An entry of the register: the platform stepped in, or somebody complained.

    `authority` is a market regulator's complaint; `due_at` is until when evidence or an answer is wanted, `estimated`
    where nobody named it.
    """

    __tablename__ = "escalations"
    __table_args__ = strict()
    id: int | None = key()
    case_id: int = refers("cases.id")
    kind: str
    state: str = Field(index=True)
    version: int = whole(1)
    authority: bool = False
    due_at: datetime
    estimated: bool = False
    note: str = ""
    because: str = ""
    by: str
    opened_at: datetime
    answered_at: datetime | None = None
    closed_at: datetime | None = None


class BadReview(Table, table=True):
    """A bad review of an order, whether or not it has a case; nothing is due to anybody for it. `note` is what it says,
    `because` how it ended.
    """

    __tablename__ = "bad_reviews"
    __table_args__ = strict()
    id: int | None = key()
    order_id: int = refers("orders.id")
    state: str = Field(index=True)
    version: int = whole(1)
    note: str = ""
    because: str = ""
    by: str
    opened_at: datetime
    contacted_at: datetime | None = None
    closed_at: datetime | None = None
