"""Stock counts: what was counted becomes the balance of its moment, and what moved since stays."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions import stock
from retcli.actions.merging import Source, Tally
from retcli.database.stages import StagedFault, StagedRow
from retcli.language import mark
from retcli.models import Product
from retcli.models.stock import StockBalance, StockMove
from retcli.shop import Shop


def merge(shop: Shop, source: Source, rows: Sequence[StagedRow]) -> Tally:
    """Takes in counted pieces, the earliest count first: one move for the difference, dated when it was counted, so
    that the same count once more changes nothing. An article that nobody knows, and a count that later moves
    contradict, are refused.
    """
    tally = Tally()
    known = _known(shop, {row.order for row in rows})
    for row in sorted(rows, key=lambda row: (row.values["counted_at"], row.number)):
        if row.order not in known:
            problem = mark("no article has this merchant code: import the product sheet first")
            tally.faults.append(StagedFault(row.number, "", row.order, problem))
        elif fared := _counted(shop, row.values):
            tally.count(fared)
        else:
            problem = mark("more pieces have left since then than were counted: count again")
            tally.faults.append(StagedFault(row.number, "", str(row.values["quantity"]), problem))
    return tally


def _known(shop: Shop, skus: set[str]) -> set[str]:
    """The codes that stand for an article or for pieces in stock."""
    found = set(shop.session.scalars(sa.select(col(Product.sku)).where(col(Product.sku).in_(skus))))
    return found | set(shop.session.scalars(sa.select(col(StockBalance.sku)).where(col(StockBalance.sku).in_(skus))))


def _counted(shop: Shop, values: Mapping[str, Any]) -> str:
    """One count: whether it changed anything, "" where it cannot be."""
    sku, bucket, at = values["sku"], values["bucket"], datetime.fromisoformat(values["counted_at"])
    difference = values["quantity"] - _balance_at(shop, sku, bucket, at)
    if not difference:
        return "unchanged"
    if difference > 0:
        stock.move(shop, sku, stock.OUTSIDE, bucket, difference, None, at=at)
        return "added"
    if _balance(shop, sku, bucket) < -difference:
        return ""
    stock.move(shop, sku, bucket, stock.OUTSIDE, -difference, None, at=at)
    return "added"


def _balance_at(shop: Shop, sku: str, bucket: str, at: datetime) -> int:
    """The balance as it stood at an instant: every move up to then."""
    pieces = sa.case((col(StockMove.target) == bucket, col(StockMove.quantity)), else_=-col(StockMove.quantity))
    query = sa.select(sa.cast(sa.func.sum(pieces), sa.BigInteger)).where(
        col(StockMove.sku) == sku,
        sa.or_(col(StockMove.target) == bucket, col(StockMove.source) == bucket),
        col(StockMove.at) <= at,
    )
    return int(shop.session.scalar(query) or 0)


def _balance(shop: Shop, sku: str, bucket: str) -> int:
    query = sa.select(col(StockBalance.quantity)).where(
        col(StockBalance.sku) == sku, col(StockBalance.bucket) == bucket
    )
    return int(shop.session.scalar(query) or 0)
