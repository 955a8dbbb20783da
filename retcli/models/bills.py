"""What the channels' statements say, entry by entry."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from retcli.models.base import Table, key, refers, strict, whole


class Bill(Table, table=True):
    """One movement of money at a channel, in signed minor units (+ in, − out): the account changed by `minor` + `fee`.

    `number` is the entry's own id, or what never changes about it, within its kind of statement (`format`) and shop:
    the same entry in several files is one row. Two kinds of statement of one channel show the same money, so that a
    comparison takes one `format` at a time.
    """

    __tablename__ = "bills"
    __table_args__ = strict(sa.UniqueConstraint("format", "shop", "number"))
    id: int | None = key()
    import_id: int = refers("imports.id")
    row: int = whole()
    platform: str
    format: str
    shop: str = ""
    number: str
    order_number: str = Field(default="", index=True)
    refund_number: str = Field(default="", index=True)
    trade: str = ""
    at: datetime | None = Field(default=None, index=True)
    words: str = ""
    category: str
    minor: int = whole()
    fee: int | None = whole(None)
    currency: str = "CNY"
    balance: int | None = whole(None)
    remark: str = ""
