"""Merges stock counts: what was counted becomes the balance of its instant, and what moved since stays."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.imports.merging import Source, Tally
from retcli.actions.warehouse import last_counts
from retcli.actions.warehouse.pieces import stock
from retcli.database.staging.stages import StagedFault, StagedRow
from retcli.language import mark
from retcli.models import Product
from retcli.models.stock import StockBalance, StockCount
from retcli.rules.warehouse.causes import Cause
from retcli.shop import Shop


class Unlikely(Exception):
    """Raised for a count that cannot be right; its text is a message id that says why."""


def merge(shop: Shop, source: Source, rows: Sequence[StagedRow]) -> Tally:
    """Takes in counts, the earliest first, each by one move of the difference, dated when it was counted. Refused are
    counts of unknown articles, of the future, older than one in the books, or contradicted by later moves.
    """
    tally = Tally()
    skus = _known(shop, {row.order for row in rows})
    for row in sorted(rows, key=lambda row: (row.values["counted_at"], row.number)):
        try:
            if row.order not in skus:
                raise Unlikely(mark("no article has this merchant code: import the product sheet first"))
            tally.count(_counted(shop, source, row))
        except Unlikely as wrong:
            text = row.order if row.order not in skus else str(row.values["quantity"])
            tally.faults.append(StagedFault(row.number, "", text, str(wrong)))
    return tally


def _known(shop: Shop, skus: set[str]) -> set[str]:
    """Those codes that name an article or have pieces in stock."""
    products = set(shop.session.scalars(sa.select(col(Product.sku)).where(col(Product.sku).in_(skus))))
    balances = sa.select(col(StockBalance.sku)).where(col(StockBalance.sku).in_(skus))
    return products | set(shop.session.scalars(balances))


def _counted(shop: Shop, source: Source, row: StagedRow) -> str:
    """Takes in one count: ``added``, or ``unchanged`` where it is in the books already. Raises Unlikely."""
    values = row.values
    sku, bucket, quantity = values["sku"], values["bucket"], values["quantity"]
    at = datetime.fromisoformat(values["counted_at"])
    if at > shop.now:
        raise Unlikely(mark("the count lies in the future: mend its time"))
    latest = _latest(shop, sku, bucket, at)
    if latest is not None:
        return _again(latest, quantity, at)
    difference = quantity - stock.held_at(shop, sku, bucket, at)
    # the difference belongs to the instant of the count, but pieces that it takes away must still be there now
    if stock.hold(shop, sku, bucket) < -difference:
        raise Unlikely(mark("more pieces have left since then than were counted: count again"))
    count = shop.add(
        StockCount(sku=sku, bucket=bucket, counted_at=at, quantity=quantity, import_id=source.import_id, row=row.number)
    )
    stock.correct(shop, sku, bucket, difference, Cause.STOCKTAKE, count.id, at)
    return "added"


def _latest(shop: Shop, sku: str, bucket: str, at: datetime) -> StockCount | None:
    """The count of a product and bucket at an instant, else the next later one; None where there is neither."""
    query = sa.select(StockCount).where(col(StockCount.sku) == sku, col(StockCount.bucket) == bucket)
    query = query.where(last_counts.standing())
    return shop.session.scalars(
        query.where(col(StockCount.counted_at) >= at).order_by(col(StockCount.counted_at))
    ).first()


def _again(count: StockCount, quantity: int, at: datetime) -> str:
    if count.counted_at != at:
        raise Unlikely(mark("a later count of these pieces is in the books"))
    if count.quantity != quantity:
        raise Unlikely(mark("these pieces were counted at that moment with another number"))
    return "unchanged"
