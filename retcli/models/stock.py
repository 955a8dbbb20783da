"""Where pieces went. Quantities in pieces."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from retcli.models.base import Table, key, refers, strict, whole


class StockMove(Table, table=True):
    """Pieces going from one bucket to another (an empty bucket is the world outside); never changed. `cause` says why
    (`rules.warehouse.causes`), `cause_id` is the row of the finding, or of the count of the stock, that it came of.
    """

    __tablename__ = "stock_moves"
    __table_args__ = strict(sa.CheckConstraint("quantity > 0", name="quantity"))
    id: int | None = key()
    sku: str = Field(index=True)
    source: str
    target: str
    quantity: int = whole()
    parcel_id: int | None = refers("parcels.id", optional=True)
    by: str
    at: datetime
    cause: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    cause_id: int | None = whole(None)


class StockBalance(Table, table=True):
    """Pieces of a product in a bucket: the sum of its moves, never below zero."""

    __tablename__ = "stock_balances"
    __table_args__ = strict(
        sa.UniqueConstraint("sku", "bucket"),
        sa.CheckConstraint("quantity >= 0", name="not_below_zero"),
    )
    id: int | None = key()
    sku: str
    bucket: str
    quantity: int = whole(0)


class StockCount(Table, table=True):
    """What somebody counted of a product in a bucket, and when; never changed."""

    __tablename__ = "stock_counts"
    __table_args__ = strict(sa.UniqueConstraint("sku", "bucket", "counted_at"))
    id: int | None = key()
    sku: str
    bucket: str
    counted_at: datetime
    quantity: int = whole()
    import_id: int = refers("imports.id")
    row: int = whole()
