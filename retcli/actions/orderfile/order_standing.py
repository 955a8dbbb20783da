"""How far an order is on its platform: whether its goods left the shop, whether it was paid, closed or refunded. Each
is decided here and nowhere else: in Python for one order, in SQL for many, side by side.
"""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.sql.sqltypes import UTCDateTime

from retcli.models import Order, OrderLine
from retcli.rules.imports.orders import CLOSED, DONE, SHIPPED, UNPAID
from retcli.rules.periods import Period
from retcli.shop import Shop

_SHIPPED_STATUSES = (SHIPPED, DONE)
_TIMES = ("shipped_at", "signed_at")


def shops_with_orders(shop: Shop) -> list[tuple[str, str]]:
    """Platform and shop of the orders in the books, each pair once, in alphabetical order. The index is asked for the
    next pair again and again: SELECT DISTINCT would read every order.
    """
    platform, name = col(Order.platform), col(Order.shop)
    query = sa.select(platform, name).order_by(platform, name).limit(1)
    pairs: list[tuple[str, str]] = []
    pair = shop.session.execute(query.where(platform > "")).first()
    while pair is not None:
        pairs.append((pair[0], pair[1]))
        within = query.where(platform == pair[0], name > pair[1])
        pair = shop.session.execute(within).first() or shop.session.execute(query.where(platform > pair[0])).first()
    return pairs


def was_shipped(order: Order) -> bool:
    """Whether the goods have left the shop, by any sign that the platform gives."""
    if order.shipped or order.waybill or order.status in _SHIPPED_STATUSES:
        return True
    return any(getattr(order, name) is not None for name in _TIMES)


def shipped() -> Any:
    """Whether the goods of orders have left the shop, by any sign that the platform gives, as a condition in SQL."""
    times = (col(getattr(Order, name)).is_not(None) for name in _TIMES)
    signs = (col(Order.shipped).is_(True), col(Order.waybill) != "", col(Order.status).in_(_SHIPPED_STATUSES))
    return sa.or_(*signs, *times)


def was_paid() -> Any:
    """Whether orders were paid, as a condition in SQL: by their time of payment, or where a platform's report has none,
    by the money or since the goods were sent.
    """
    by_money = sa.and_(col(Order.paid) > 0, col(Order.status) != UNPAID)
    return sa.or_(col(Order.paid_at).is_not(None), by_money, shipped())


@cache
def cohort_at() -> Any:
    """The instant in SQL by which an order belongs to a period: of payment, else of sending, else of ordering; none for
    orders that were not paid.
    """
    dated = sa.func.coalesce(col(Order.paid_at), col(Order.shipped_at), col(Order.ordered_at), type_=UTCDateTime())
    return sa.case((was_paid(), dated))


def dated_within(period: Period) -> Any:
    """Whether the instant of `cohort_at` lies in a period, as a condition in SQL. It compares each of the three columns
    by itself, so that an index serves each, where COALESCE of them would read every order.
    """
    paid_at, shipped_at, ordered_at = (col(getattr(Order, name)) for name in ("paid_at", "shipped_at", "ordered_at"))
    inside = [sa.and_(at >= period.start, at < period.end) for at in (paid_at, shipped_at, ordered_at)]
    by_sending = sa.and_(paid_at.is_(None), inside[1], was_paid())
    by_ordering = sa.and_(paid_at.is_(None), shipped_at.is_(None), inside[2], was_paid())
    return sa.or_(inside[0], by_sending, by_ordering)


def undated() -> Any:
    """Whether orders were paid and nothing says when they were paid, sent or ordered, as a condition in SQL."""
    nothing = (col(getattr(Order, name)).is_(None) for name in ("paid_at", "shipped_at", "ordered_at"))
    return sa.and_(*nothing, was_paid())


def cohort_source() -> Any:
    """The column, in SQL, that has the instant of `cohort_at`: ``paid_at``, ``shipped_at``, ``ordered_at``, "" for
    none.
    """
    names = ("paid_at", "shipped_at", "ordered_at")
    return sa.case(*((col(getattr(Order, name)).is_not(None), name) for name in names), else_="")


def was_closed(order: Order) -> bool:
    """Whether the platform closed the order."""
    return order.status == CLOSED


def refunded_there(order: Order, line: OrderLine) -> str:
    """The platform's word for a line, or for its whole order, that it refunded or closed after payment; "" where it did
    not.
    """
    if line.refunded or (line.status == CLOSED and order.paid > 0):
        return line.platform_status
    return refunded_as_a_whole(order)


def refunded_as_a_whole(order: Order) -> str:
    """The platform's word for an order that it refunded as a whole, or closed after payment; "" where it did not."""
    if order.refunded:
        return order.platform_status
    return (order.platform_status or CLOSED) if was_closed(order) and order.paid > 0 else ""


_OF_LINE = sa.and_(
    col(OrderLine.order_id) == col(Order.id), sa.or_(col(OrderLine.refunded) != "", col(OrderLine.status) == CLOSED)
)
_OF_ORDER = sa.or_(col(Order.refunded) != "", sa.and_(col(Order.status) == CLOSED, col(Order.paid) > 0))


@cache
def said_refunded() -> Any:
    """Whether the platform's words say that money of orders or of any of their lines went back, as a condition in SQL;
    a closed line counts only where the order was paid.
    """
    lines = sa.select(col(OrderLine.id)).where(_OF_LINE, sa.or_(col(OrderLine.refunded) != "", col(Order.paid) > 0))
    return sa.or_(_OF_ORDER, lines.correlate(Order).exists())


@cache
def word_of_refund() -> Any:
    """The platform's word for money of orders that went back, in SQL: of the order, else of one of its lines."""
    of_line = sa.select(sa.func.max(OrderLine.platform_status)).where(_OF_LINE).correlate(Order).scalar_subquery()
    return sa.case((_OF_ORDER, col(Order.platform_status)), else_=of_line)
