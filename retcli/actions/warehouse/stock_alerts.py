"""What in the stock needs a person: defective pieces that pile up, products that run out or were never counted,
disposals that wait.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse import stock_orders, stock_shown
from retcli.language import mark
from retcli.models.stock import StockMove
from retcli.rules.lifecycles import MAY_SCAN, Bucket
from retcli.rules.warehouse.stock_alarms import Alarm, Limits, alarms
from retcli.shop import Shop
from retcli.views.warehouse.stock import ProductStock
from retcli.views.warehouse.stock_alerts import StockAlert, StockAlertsView


def alerts(shop: Shop) -> StockAlertsView:
    """Everything in the stock that needs a person, what piled up first."""
    shop.may(MAY_SCAN, mark("look after the stock"))
    products = stock_shown.products(shop)
    fresh = _came_lately(shop)
    found = [StockAlert(alarm, product.sku, product.name, pieces)
             for product in products for alarm, pieces in _of(shop, product, fresh.get(product.sku, 0))]  # fmt: skip
    order = list(Alarm)
    found.sort(key=lambda alert: (order.index(alert.alarm), -alert.pieces, alert.sku))
    return StockAlertsView(tuple(found), stock_orders.all_waiting(shop))


def pressing(shop: Shop) -> int:
    """How many products have pieces that pile up or run out, and disposals wait for a second person, together; what was
    never counted presses nobody.
    """
    seen = alerts(shop)
    products = {alert.sku for alert in seen.alerts if alert.alarm != Alarm.NOT_COUNTED}
    return len(products) + len(seen.waiting)


def _of(shop: Shop, product: ProductStock, came_lately: int) -> Iterator[tuple[Alarm, int]]:
    """The alarms of a product, each with the pieces that it is about."""
    policy = shop.policy
    own = policy.safety_pieces if product.safety is None else product.safety
    limits = Limits(policy.defective_pieces, policy.safety.get(product.sku, own))
    held, sellable = product.pieces.get(Bucket.DEFECTIVE, 0), product.pieces.get(Bucket.SELLABLE, 0)
    yield from alarms(held, came_lately, sellable, product.for_sale, limits)


def _came_lately(shop: Shop) -> dict[str, int]:
    """The pieces by product that became defective within the days for which they may lie."""
    since = shop.now - shop.policy.defective_age
    query = sa.select(col(StockMove.sku), sa.cast(sa.func.sum(StockMove.quantity), sa.BigInteger))
    query = query.where(col(StockMove.target) == Bucket.DEFECTIVE, col(StockMove.at) > since)
    return {row[0]: int(row[1]) for row in shop.session.execute(query.group_by(col(StockMove.sku)))}
