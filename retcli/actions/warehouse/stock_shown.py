"""The stock of returned pieces as it is shown."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse import article_codes
from retcli.models import Product
from retcli.models.stock import StockBalance
from retcli.rules.lifecycles import Bucket
from retcli.rules.warehouse.ids import folded
from retcli.shop import Shop
from retcli.views.warehouse.parcels import StockView


def show(shop: Shop, typed: str = "") -> StockView:
    """Pieces by bucket, of one product (its merchant code or barcode) or of all. Raises WrongCommand for a barcode of
    several.
    """
    query = sa.select(col(StockBalance.sku), col(StockBalance.bucket), col(StockBalance.quantity), col(Product.name))
    query = query.outerjoin(Product, col(Product.sku) == col(StockBalance.sku)).order_by(col(StockBalance.sku))
    if typed:
        query = query.where(col(StockBalance.sku).in_({article_codes.sku_of(shop, typed) or typed, folded(typed)}))
    rows: dict[str, dict[str, Any]] = {}
    for code, bucket, quantity, name in shop.session.execute(query):
        row = rows.setdefault(code, {"sku": code, "name": name or "", **{str(b): 0 for b in Bucket}})
        row[bucket] = quantity
    return StockView(tuple(rows.values()), tuple(str(b) for b in Bucket))
