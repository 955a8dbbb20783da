"""What of files is not in the books yet: their refused rows, and rows that wait for their other half."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from retcli.models.base import Code, Table, key, refers, strict, whole


class ImportFault(Table, table=True):
    """A refused row: where it stands, the text found, and why; `cells` is a JSON list of the row's cells, by header."""

    __tablename__ = "import_faults"
    __table_args__ = strict()
    id: int | None = key()
    import_id: int = refers("imports.id")
    row: int = whole()
    column: str
    text: str
    problem: str
    cells: str | None = None


class WaitingRow(Table, table=True):
    """A refund that waits for its order: the order's reports have not come yet."""

    __tablename__ = "waiting_rows"
    __table_args__ = strict(sa.UniqueConstraint("platform", "holds", "order_number", "line_number"))
    id: int | None = key()
    import_id: int = refers("imports.id")
    platform: str
    shop: str = ""
    holds: str
    order_number: str = Field(index=True)
    line_number: str
    row: int = whole()
    payload: str


class WaitingOrder(Table, table=True):
    """An order whose lines have not all come yet, by `target`, its number; what its file does not say is NULL."""

    __tablename__ = "waiting_orders"
    __table_args__ = strict(sa.PrimaryKeyConstraint("platform", "target"))
    platform: str
    target: str = Field(sa_type=Code)
    import_id: int = refers("imports.id")
    shop: str = ""
    row: int = whole()
    status: str | None = None
    platform_status: str | None = None
    payment_number: str | None = None
    shipped: bool | None = None
    refunded: str | None = None
    currency: str | None = None
    paid: int | None = whole(None)
    freight: int | None = whole(None)
    pieces: int | None = whole(None)
    buyer: str | None = None
    receiver: str | None = None
    phone: str | None = None
    phone_tail: str | None = None
    address: str | None = None
    buyer_remark: str | None = None
    seller_remark: str | None = None
    waybill: str | None = None
    carrier: str | None = None
    ordered_at: datetime | None = None
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    signed_at: datetime | None = None
    signed_by: str | None = None
    refunded_there: int | None = whole(None)
    weight: int | None = whole(None)


class WaitingLine(Table, table=True):
    """A line whose order has not come yet, by the order's number (`target`) and its own."""

    __tablename__ = "waiting_lines"
    __table_args__ = strict(sa.PrimaryKeyConstraint("platform", "target", "line"))
    platform: str
    target: str = Field(sa_type=Code)
    line: str = Field(sa_type=Code)
    import_id: int = refers("imports.id")
    shop: str = ""
    row: int = whole()
    sku: str | None = None
    title: str | None = None
    variant: str | None = None
    quantity: int = whole()
    price: int | None = whole(None)
    stated: int | None = whole(None)
    line_status: str | None = None
    line_state: str | None = None
    line_refunded: str | None = None
    refunded_there: int | None = whole(None)
    platform_share: int | None = whole(None)


class WaitingWaybill(Table, table=True):
    """A further waybill of an order that has not come in yet, by the order's number (`target`)."""

    __tablename__ = "waiting_waybills"
    __table_args__ = strict(sa.PrimaryKeyConstraint("platform", "target", "waybill"))
    platform: str
    target: str = Field(sa_type=Code)
    waybill: str
    carrier: str = ""
    shipped_at: datetime | None = None
