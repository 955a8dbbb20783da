"""The stock as it is shown: pieces by bucket, and how many of a product can be sold."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse import article_codes, last_counts
from retcli.actions.warehouse.stocktakes import places as places_counted
from retcli.models import Product, Replacement
from retcli.models.stock import StockBalance
from retcli.rules.lifecycles import Bucket
from retcli.rules.warehouse.ids import folded
from retcli.rules.warehouse.sellable import sellable
from retcli.shop import Shop
from retcli.views.warehouse.stock import ProductStock, StockView


def show(shop: Shop, typed: str = "") -> StockView:
    """Pieces by bucket, of one product (its merchant code or barcode) or of all. Raises WrongCommand for a barcode of
    several.
    """
    skus = {article_codes.sku_of(shop, typed) or typed, folded(typed)} if typed else None
    return StockView(tuple(products(shop, skus)))


def products(shop: Shop, skus: Collection[str] | None = None) -> list[ProductStock]:
    """Some products, or all of which pieces were ever in stock or counted, by their merchant codes."""
    query = sa.select(col(StockBalance.sku), col(StockBalance.bucket), col(StockBalance.quantity))
    query = query.where(col(StockBalance.sku).in_(skus)) if skus is not None else query
    buckets: dict[str, dict[str, int]] = {}
    for sku, bucket, quantity in shop.session.execute(query):
        buckets.setdefault(sku, {})[bucket] = quantity
    counted = last_counts.counted_at(shop, Bucket.SELLABLE, skus)
    sent, kept = last_counts.sent_since(shop, skus), _reserved(shop, skus)
    articles = _articles(shop, skus)
    places = places_counted.last_counted(shop, Bucket.SELLABLE, skus)
    known = {
        sku: sellable(
            counted.get(sku), buckets.get(sku, {}).get(Bucket.SELLABLE, 0), sent.get(sku, 0), kept.get(sku, 0)
        )
        for sku in sorted({*buckets, *counted})
    }
    rows = []
    for sku, each in known.items():
        name, safety = articles.get(sku, ("", None))
        pieces, lie = buckets.get(sku, {}), places.get(sku, {})
        rows.append(ProductStock(sku, name, pieces, each, safety, lie, kept.get(sku, 0)))
    return rows


def _reserved(shop: Shop, skus: Collection[str] | None) -> dict[str, int]:
    """The pieces by product that are kept for goods that are to be sent."""
    query = sa.select(col(Replacement.sku), sa.cast(sa.func.sum(Replacement.reserved), sa.BigInteger))
    query = query.where(sa.text("reserved > 0")).group_by(col(Replacement.sku))
    query = query.where(col(Replacement.sku).in_(skus)) if skus is not None else query
    return {row[0]: int(row[1]) for row in shop.session.execute(query)}


def _articles(shop: Shop, skus: Collection[str] | None) -> dict[str, tuple[str, int | None]]:
    """The name of each of some articles, or of all, and the pieces that are to stay there (None where its sheet does
    not say).
    """
    query = sa.select(col(Product.sku), col(Product.name), col(Product.safety_stock))
    query = query.where(col(Product.sku).in_(skus)) if skus is not None else query
    return {row.sku: (row.name, row.safety_stock) for row in shop.session.execute(query)}
