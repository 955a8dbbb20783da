"""How far an order is on its platform: whether its goods left the shop, whether it was closed, whether its money went
back. Each is decided here and nowhere else, for one order and for many.
"""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Order, OrderLine
from retcli.rules.orders import CLOSED, DONE, SHIPPED

_SHIPPED_STATUSES = (SHIPPED, DONE)
_TIMES = ("shipped_at", "signed_at")


def was_shipped(order: Order) -> bool:
    """Whether the goods have left the shop, by any sign that the platform gives."""
    if order.shipped or order.waybill or order.status in _SHIPPED_STATUSES:
        return True
    return any(getattr(order, name) is not None for name in _TIMES)


def shipped() -> Any:
    """The same as a condition on orders in SQL."""
    times = (col(getattr(Order, name)).is_not(None) for name in _TIMES)
    signs = (col(Order.shipped).is_(True), col(Order.waybill) != "", col(Order.status).in_(_SHIPPED_STATUSES))
    return sa.or_(*signs, *times)


def was_closed(order: Order) -> bool:
    """Whether the platform closed the order."""
    return order.status == CLOSED


def refunded_there(order: Order, line: OrderLine) -> str:
    """The platform's word for an order or a line that it refunded, or closed after it was paid; "" where it did not."""
    if line.refunded or (line.status == CLOSED and order.paid > 0):
        return line.platform_status
    if order.refunded:
        return order.platform_status
    return (order.platform_status or CLOSED) if was_closed(order) and order.paid > 0 else ""
