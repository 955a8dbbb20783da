"""What was bought: orders, their lines, the products behind them. Money in minor units of the order's currency."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from retcli.models.base import END, Table, comparable, key, refers, some, strict, whole


class Product(Table, table=True):
    """An article of the shop by its merchant code; cost and price in minor units of CNY, the weight of one piece in
    grams. `safety_stock` are the pieces that are to stay there; None where the shop's rules say it.
    """

    __tablename__ = "products"
    __table_args__ = strict()
    sku: str = Field(primary_key=True)
    sku_key: str | None = comparable("sku")
    name: str = ""
    category: str = ""
    cost: int | None = whole(None)
    price: int | None = whole(None)
    warranty_months: int = whole(0)
    weight: int | None = whole(None)
    safety_stock: int | None = whole(None)


class Barcode(Table, table=True):
    """A code on the goods, or on a carton of `pieces` of them; one code may stand for several articles."""

    __tablename__ = "barcodes"
    __table_args__ = strict(sa.PrimaryKeyConstraint("code", "sku"), sa.CheckConstraint("pieces > 0", name="pieces"))
    code: str
    sku: str = Field(foreign_key="products.sku", index=True)
    pieces: int = whole(1)


class Order(Table, table=True):
    """An order of a platform; `paid` is what the buyer paid in cash, `freight` the part of it paid for delivery.

    `payment_number` is the payment's at its channel. `shipped` says that the platform's own words told of goods
    that left the shop, `refunded` that by them the money went back: ``whole`` or ``part``, and `refunded_there` how
    much by its order file (None where no file says so). `weight` is what it weighed as it left, in grams.
    """

    __tablename__ = "orders"
    __table_args__ = strict(
        sa.UniqueConstraint("platform", "number"),
        sa.CheckConstraint("paid >= 0 AND freight >= 0", name="amounts"),
        sa.Index("ix_orders_shop", "platform", "shop", "ordered_at"),
        # on PostgreSQL with operators that serve LIKE 'x%', which its revision names: see `base.some`
        sa.Index("ix_orders_buyer", "buyer"),
        # of some rows: of millions of orders few lack a payment's time, are under way, or may have been read net
        some("ix_orders_receiver", "receiver", where="receiver <> ''"),
        some("ix_orders_payment", "payment_number", where="payment_number <> ''"),
        some("ix_orders_paid_at", "paid_at", where="paid_at IS NOT NULL"),
        some("ix_orders_undated", "shipped_at", "ordered_at", where="paid_at IS NULL"),
        some("ix_orders_underway", "shipped_at", where="signed_at IS NULL AND waybill <> ''"),
        some("ix_orders_shipped", "shipped_at", where="shipped_at IS NOT NULL"),
        some("ix_orders_net", "platform", where="platform = 'taobao' AND refunded_there IS NULL"),
    )
    id: int | None = key()
    platform: str
    number: str
    number_key: str | None = comparable("number", "#")
    number_end: str | None = comparable("number", "#", END)
    shop: str = ""
    status: str = ""
    platform_status: str = ""
    payment_number: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    shipped: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    refunded: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    currency: str = "CNY"
    paid: int = whole()
    freight: int = whole(0)
    pieces: int | None = whole(None)
    buyer: str = ""
    receiver: str = ""
    phone: str = ""
    phone_tail: str = Field(default="", index=True)
    address: str = ""
    buyer_remark: str = ""
    seller_remark: str = ""
    waybill: str = Field(default="", index=True)
    waybill_end: str | None = comparable("waybill", last=END)
    carrier: str = ""
    ordered_at: datetime | None = None
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    signed_at: datetime | None = None
    signed_by: str = ""
    refunded_there: int | None = whole(None)
    weight: int | None = whole(None)


class OrderWaybill(Table, table=True):
    """A further waybill under which goods of an order were sent, beside the order's own, with its carrier and the time
    of sending where a file names them.
    """

    __tablename__ = "order_waybills"
    __table_args__ = strict(sa.PrimaryKeyConstraint("order_id", "waybill"))
    order_id: int = refers("orders.id", index=False)
    waybill: str = Field(index=True)
    carrier: str = ""
    shipped_at: datetime | None = None


class RefundThere(Table, table=True):
    """What by an order file had gone back of an order in all (minor units) when the file was made; `at` is None where
    that is not known, `estimated` where it is only the latest that it can have been. Kept as far as no file of the same
    time or earlier says as much.
    """

    __tablename__ = "refunds_there"
    __table_args__ = strict(sa.CheckConstraint("minor > 0", name="minor"))
    id: int | None = key()
    order_id: int = refers("orders.id")
    at: datetime | None = None
    estimated: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    minor: int = whole()


class OrderLine(Table, table=True):
    """A line of an order: `cash` is its share of what was paid for goods, `platform_share` the part of it that a
    voucher of the platform's paid (None where that is not known), `price` the stated price of one piece.

    `refunded` says that by the platform's own word its money went back: ``whole`` or ``part``; `refunded_there` is what
    its file notes on the line, which of a whole order may all be noted on one.
    """

    __tablename__ = "order_lines"
    __table_args__ = strict(
        sa.UniqueConstraint("order_id", "number"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("cash >= 0", name="cash"),
    )
    id: int | None = key()
    order_id: int = refers("orders.id", index=False)
    number: str
    number_key: str | None = comparable("number")
    position: int = whole()
    sku: str = Field(default="", index=True)
    title: str = ""
    variant: str = ""
    quantity: int = whole()
    price: int = whole(0)
    stated: int | None = whole(None)
    cash: int = whole()
    cash_source: str = "file"
    status: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    platform_status: str = ""
    refunded: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    confirmed: bool = False
    refunded_there: int | None = whole(None)
    platform_share: int | None = whole(None)
