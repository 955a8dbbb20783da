"""When products were last counted, and how many pieces of them were sent to buyers since."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Case, Order, OrderLine, Replacement
from retcli.models.stock import StockCount
from retcli.rules.lifecycles import Bucket, Kind
from retcli.shop import Shop

_SENT_AT: Any = sa.func.coalesce(Order.shipped_at, Order.paid_at, Order.ordered_at)
"""When an order was sent; where no file names that though it was sent, when it was paid: certainly not later."""
_SENT = sa.or_(col(Order.shipped_at).is_not(None), col(Order.shipped))


def counted_at(shop: Shop, bucket: Bucket, skus: Collection[str] | None = None) -> dict[str, datetime]:
    """When some products, or all, were last counted in a bucket; without those that never were."""
    last = _last(bucket, skus)
    return {row.sku: row.at for row in shop.session.execute(sa.select(last.c.sku, last.c.at))}


def standing() -> Any:
    """The condition in SQL for a count that nobody took back."""
    back = sa.select(col(StockCount.reverses_id)).where(col(StockCount.reverses_id).is_not(None))
    return sa.and_(col(StockCount.reverses_id).is_(None), col(StockCount.id).not_in(back))


def newest(shop: Shop, sku: str, bucket: str) -> int:
    """The row of the newest count of a product in a bucket that stands; 0 for none."""
    query = sa.select(sa.func.max(StockCount.id)).where(col(StockCount.sku) == sku, col(StockCount.bucket) == bucket)
    return int(shop.session.scalar(query.where(standing())) or 0)


def sent_between(shop: Shop, sku: str, after: datetime, until: datetime) -> int:
    """The pieces of a product that went to buyers later than an instant, up to another one."""
    own = sa.select(sa.literal(sku).label("sku")).subquery()
    orders = _of_orders(own.c.sku).where(_SENT_AT.between(after, until), after != _SENT_AT)
    sent_at = col(Replacement.shipped_at)
    again = _sent_again(own.c.sku).where(sent_at > after, sent_at <= until)
    return sum(int(shop.session.scalar(query) or 0) for query in (orders, again))


def sent_since(shop: Shop, skus: Collection[str] | None = None) -> dict[str, int]:
    """The pieces of some products, or of all, that went to buyers since their sellable ones were last counted, and of
    which the stock does not know: of orders, by the platforms' files, and of what was sent again without taking them
    out. Without those that never were counted.
    """
    last = _last(Bucket.SELLABLE, skus)
    first = min(counted_at(shop, Bucket.SELLABLE, skus).values(), default=None)
    if first is None:
        return {}
    orders = _of_all_orders(last, first) if skus is None else _of_orders(last.c.sku).where(last.c.at < _SENT_AT)
    again = _sent_again(last.c.sku).where(col(Replacement.shipped_at) > last.c.at)
    sent: dict[str, int] = {}
    for query in (orders, again):
        for pieces, sku in shop.session.execute(query.add_columns(last.c.sku).group_by(last.c.sku)):
            sent[sku] = sent.get(sku, 0) + int(pieces)
    return sent


def _last(bucket: Bucket, skus: Collection[str] | None) -> sa.Subquery:
    """The products with the instant of their last count in a bucket."""
    at = sa.func.max(StockCount.counted_at).label("at")
    query = sa.select(col(StockCount.sku), at).where(col(StockCount.bucket) == bucket, standing())
    query = query.where(col(StockCount.sku).in_(skus)) if skus is not None else query
    return query.group_by(col(StockCount.sku)).subquery()


def _of_orders(sku: Any) -> sa.Select[Any]:
    """The pieces of a product that orders took."""
    pieces = sa.cast(sa.func.sum(OrderLine.quantity), sa.BigInteger)
    query = sa.select(pieces).select_from(sku.table).join(OrderLine, col(OrderLine.sku) == sku)
    return query.join(Order, col(Order.id) == col(OrderLine.order_id)).where(_SENT)


def _of_all_orders(last: sa.Subquery, first: datetime) -> sa.Select[Any]:
    """The pieces that orders took since the `last` counts of their products, of all products together, the `first` of
    which was counted at an instant.
    """
    # of years of orders only those since the first count are read, each by the index of its own instant, and then
    # their lines; by the article first it would be all lines that there ever were of it
    unsent, undated = col(Order.shipped_at).is_(None), col(Order.paid_at).is_(None)
    sent = [(col(Order.shipped_at) > first,), (unsent, col(Order.paid_at) > first)]
    ways = [*sent, (unsent, undated, col(Order.ordered_at) > first)]
    since = sa.union_all(
        *(sa.select(col(Order.id), _SENT_AT.label("at")).where(_SENT, *way) for way in ways)
    ).subquery()
    pieces = sa.cast(sa.func.sum(OrderLine.quantity), sa.BigInteger)
    query = sa.select(pieces).select_from(since).join(OrderLine, col(OrderLine.order_id) == since.c.id)
    query = query.join(last, last.c.sku == sa.func.coalesce(OrderLine.sku, ""))
    return query.where(last.c.at < since.c.at)


def _sent_again(sku: Any) -> sa.Select[Any]:
    """The pieces of a product that were sent again without leaving our stock here; a repaired one goes back to whom it
    belongs.
    """
    pieces = sa.cast(sa.func.sum(Replacement.quantity - Replacement.taken), sa.BigInteger)
    query = sa.select(pieces).select_from(sku.table).join(Replacement, col(Replacement.sku) == sku)
    return query.join(Case, col(Case.id) == col(Replacement.case_id)).where(col(Case.kind) != Kind.REPAIR)
