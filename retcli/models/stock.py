"""Where pieces went. Quantities in pieces."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from retcli.models.base import Table, key, refers, some, strict, whole


class StockMove(Table, table=True):
    """Pieces going from one bucket to another (an empty bucket is the world outside); never changed. `cause` says why
    (`rules.warehouse.causes`), `cause_id` is the row of the finding, or of the count of the stock, that it came of.
    """

    __tablename__ = "stock_moves"
    __table_args__ = strict(
        sa.CheckConstraint("quantity > 0", name="quantity"), sa.Index("ix_stock_moves_into", "target", "at")
    )
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
    """What somebody counted of a product in a bucket, and when; never changed. It came by a file (`import_id`, `row`)
    or by a stocktake (`take_id`). A reversal names the count that it takes back; neither of the two counts any more.
    """

    __tablename__ = "stock_counts"
    __table_args__ = strict(sa.UniqueConstraint("reverses_id"), sa.Index("ix_stock_counts_of", "sku", "bucket"))
    id: int | None = key()
    sku: str
    bucket: str
    counted_at: datetime
    quantity: int = whole()
    import_id: int | None = refers("imports.id", optional=True)
    row: int = whole()
    take_id: int | None = refers("stocktakes.id", optional=True)
    reverses_id: int | None = refers("stock_counts.id", optional=True, index=False)


class Stocktake(Table, table=True):
    """A counting of the pieces in a bucket, of which only one is open at a time. What cannot be posted is counted again
    in the next `round`.
    """

    __tablename__ = "stocktakes"
    __table_args__ = strict(some("ix_stocktakes_open", "bucket", where="state = 'open'", unique=True))
    id: int | None = key()
    number: str = Field(unique=True)
    bucket: str
    state: str
    version: int = whole(1)
    round: int = whole(1)
    by: str
    opened_at: datetime
    posted_by: str = ""
    posted_at: datetime | None = None


class StockTally(Table, table=True):
    """Pieces of a product that somebody counted in a stocktake, at a `place` ("" where nobody said); never changed. A
    reversal has the pieces of the row that it takes back with a minus.

    `counted_at` is when they were counted, `balance` what the books held of them then, `last_count` the row of the
    newest count of them that was in the books (0 for none).
    """

    __tablename__ = "stock_tallies"
    __table_args__ = strict(sa.UniqueConstraint("reverses_id"))
    id: int | None = key()
    take_id: int = refers("stocktakes.id")
    round: int = whole()
    sku: str
    pieces: int = whole()
    balance: int = whole()
    last_count: int = whole(0)
    place: str = ""
    counted_at: datetime
    by: str
    at: datetime
    reverses_id: int | None = refers("stock_tallies.id", optional=True, index=False)


class StockOrder(Table, table=True):
    """Pieces that somebody has go from one stock to another ("" for outside), and why: moved, sold at a lower price,
    scrapped, or sent back to the supplier (`kind`, the cause of the move). `approved_by` is the second person, "" where
    none was asked.
    """

    __tablename__ = "stock_orders"
    __table_args__ = strict(sa.CheckConstraint("pieces > 0", name="pieces"))
    id: int | None = key()
    number: str = Field(unique=True)
    kind: str
    sku: str
    pieces: int = whole()
    source: str
    target: str
    because: str
    state: str = Field(index=True)
    version: int = whole(1)
    by: str
    at: datetime
    approved_by: str = ""
    approved_at: datetime | None = None
