"""What in the stock needs a person: defective pieces that pile up, products that run out or were never counted,
disposals that wait.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse import stock_orders, stock_shown
from retcli.language import mark
from retcli.models import Product
from retcli.models.stock import StockBalance, StockMove
from retcli.rules.lifecycles import MAY_SCAN, Bucket
from retcli.rules.warehouse.stock_alarms import Alarm, Limits, alarms
from retcli.shop import Shop
from retcli.views.warehouse.stock import ProductStock
from retcli.views.warehouse.stock_alerts import StockAlert, StockAlertsView

_NAMED = 500
"""So many products are looked for by name; of more all are read at once: a statement takes only so many values."""


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
    """How many products have defective pieces that pile up, or fewer for sale than the safety stock that somebody set
    for them, and disposals wait for a second person, together. That few are left by the rule for all, or that nobody
    counted them, presses nobody.
    """
    fresh, rules = _came_lately(shop), Limits(shop.policy.defective_pieces, 0)
    held = sa.select(col(StockBalance.sku), col(StockBalance.quantity))
    held = held.where(col(StockBalance.bucket) == Bucket.DEFECTIVE, col(StockBalance.quantity) > 0)
    rows = shop.session.execute(held)
    piled = {sku for sku, pieces in rows if any(alarms(pieces, fresh.get(sku, 0), 0, None, rules))}
    return len(piled | _run_out(shop)) + len(stock_orders.all_waiting(shop))


def _run_out(shop: Shop) -> set[str]:
    """The products of which no more can be sold than the safety stock that the shop's rules or its product sheet set
    for just them.
    """
    own = sa.select(col(Product.sku)).where(col(Product.safety_stock) > 0)
    skus = {*shop.session.scalars(own), *(sku for sku, pieces in shop.policy.safety.items() if pieces)}
    if not skus:
        return set()
    products = stock_shown.products(shop, skus if len(skus) <= _NAMED else None)
    short = {
        product.sku for product in products if product.for_sale and product.for_sale.pieces <= _safety(shop, product)
    }
    return short & skus


def _safety(shop: Shop, product: ProductStock) -> int:
    """How many pieces of a product are to stay there: by the shop's rules for it, its sheet, or the rule for all."""
    own = shop.policy.safety_pieces if product.safety is None else product.safety
    return shop.policy.safety.get(product.sku, own)


def _of(shop: Shop, product: ProductStock, came_lately: int) -> Iterator[tuple[Alarm, int]]:
    """The alarms of a product, each with the pieces that it is about."""
    limits = Limits(shop.policy.defective_pieces, _safety(shop, product))
    held, sellable = product.pieces.get(Bucket.DEFECTIVE, 0), product.pieces.get(Bucket.SELLABLE, 0)
    yield from alarms(held, came_lately, sellable, product.for_sale, limits)


def _came_lately(shop: Shop) -> dict[str, int]:
    """The pieces by product that became defective within the days for which they may lie."""
    since = shop.now - shop.policy.defective_age
    query = sa.select(col(StockMove.sku), sa.cast(sa.func.sum(StockMove.quantity), sa.BigInteger))
    query = query.where(col(StockMove.target) == Bucket.DEFECTIVE, col(StockMove.at) > since)
    return {row[0]: int(row[1]) for row in shop.session.execute(query.group_by(col(StockMove.sku)))}
