"""At which places the pieces of products lay when they were last counted."""

from collections import defaultdict
from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse import last_counts
from retcli.models.stock import StockCount, StockTally
from retcli.shop import Shop


def last_counted(shop: Shop, bucket: str, skus: Collection[str] | None = None) -> dict[str, Mapping[str, int]]:
    """The pieces of some products, or of all, by the place at which they were counted ("" where nobody said), as their
    newest count has them; without those whose newest count is no stocktake's.
    """
    rows = _rows(shop, bucket, skus)
    last = {row.sku: row.round for row in rows}  # of several rounds the last one was posted
    places: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        if row.round == last[row.sku]:
            places[row.sku][row.place] += row.pieces
    return {sku: {place: pieces for place, pieces in sorted(each.items()) if pieces} for sku, each in places.items()}


def _rows(shop: Shop, bucket: str, skus: Collection[str] | None) -> list[StockTally]:
    """What was counted in the stocktakes of the newest counts, the earliest round first; what was taken back stands
    there with its reversal, which has its pieces with a minus.
    """
    newest = sa.select(sa.func.max(StockCount.id)).where(col(StockCount.bucket) == bucket, last_counts.standing())
    newest = newest.where(col(StockCount.sku).in_(skus)) if skus is not None else newest
    count = sa.select(col(StockCount.take_id), col(StockCount.sku)).where(
        col(StockCount.id).in_(newest.group_by(col(StockCount.sku))), col(StockCount.take_id).is_not(None)
    )
    posted = count.subquery()
    query = sa.select(StockTally).join(
        posted, sa.and_(posted.c.take_id == col(StockTally.take_id), posted.c.sku == col(StockTally.sku))
    )
    return list(shop.session.scalars(query.order_by(col(StockTally.round), col(StockTally.id))))
