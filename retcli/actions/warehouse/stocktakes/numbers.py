"""What was counted in a stocktake, product by product and round by round, and how that is shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse import last_counts
from retcli.actions.warehouse.pieces import stock
from retcli.models import Product
from retcli.models.stock import StockCount, Stocktake, StockTally
from retcli.rules.lifecycles import Bucket, TakeState
from retcli.rules.warehouse.stocktakes import Counted, Limits, Verdict, verdict
from retcli.shop import Shop
from retcli.views.warehouse.stocktakes import StocktakeLine, StocktakeView


@dataclass(frozen=True)
class Rounds:
    """The standing rows of a product in a stocktake by round, the earliest round first."""

    rows: Mapping[int, list[StockTally]] = field(default_factory=dict)

    @property
    def last(self) -> list[StockTally]:
        """The rows of the last round in which it was counted."""
        return self.rows[max(self.rows)]

    @property
    def pieces(self) -> int:
        """The pieces that were counted in the last of its rounds."""
        return sum(row.pieces for row in self.last)

    def counters(self, before: int | None = None) -> list[frozenset[str]]:
        """Who counted it in each round, or in those before one."""
        return [frozenset(row.by for row in rows) for n, rows in self.rows.items() if before is None or n < before]


@dataclass(frozen=True)
class Left:
    """A product that is to be counted again, by anybody (`MOVED`) or by another person."""

    verdict: Verdict
    counters: Collection[frozenset[str]]

    def may_count(self, who: str) -> bool:
        """Whether somebody may count it again: another person is somebody who did not count in every round."""
        return self.verdict == Verdict.MOVED or any(who not in each for each in self.counters)


def standing(take: Stocktake) -> Any:
    """The condition in SQL for what was counted in a stocktake and not taken back."""
    back = sa.select(col(StockTally.reverses_id)).where(
        col(StockTally.take_id) == take.id, col(StockTally.reverses_id).is_not(None)
    )
    return sa.and_(col(StockTally.reverses_id).is_(None), col(StockTally.id).not_in(back))


def rounds(shop: Shop, take: Stocktake, sku: str = "") -> dict[str, Rounds]:
    """What stands of a stocktake by product, or of one, in the order in which it was counted."""
    query = sa.select(StockTally).where(col(StockTally.take_id) == take.id, standing(take))
    query = query.where(col(StockTally.sku) == sku) if sku else query
    products: dict[str, dict[int, list[StockTally]]] = {}
    for row in shop.session.scalars(query.order_by(col(StockTally.id))):
        products.setdefault(row.sku, {}).setdefault(row.round, []).append(row)
    return {sku: Rounds(rows) for sku, rows in products.items()}


def counted_so_far(shop: Shop, take: Stocktake) -> dict[str, int]:
    """The pieces by product that were counted in the round of today."""
    return {
        sku: sum(row.pieces for row in each.rows[take.round])
        for sku, each in rounds(shop, take).items()
        if take.round in each.rows
    }


def counted(shop: Shop, take: Stocktake, sku: str, each: Rounds) -> Counted:
    """A product's last number with all that says what becomes of it."""
    last = each.last
    product = shop.session.get(Product, sku)
    newest = last_counts.newest(shop, sku, take.bucket)
    pieces, balances = each.pieces, [row.balance for row in last]
    gone = stock.held(shop, sku, take.bucket) + pieces - balances[-1] < 0
    return Counted(
        pieces,
        balances,
        _expected(shop, take, last[-1]),
        product.cost if product else None,
        frozenset(row.by for row in last),
        tuple(each.counters(before=last[-1].round)),
        disturbed=gone or any(row.last_count != newest for row in last),
    )


def _expected(shop: Shop, take: Stocktake, row: StockTally) -> int | None:
    """What should have been there when a product was counted: of sellable pieces without those that went to buyers
    since the count before; None where these were never counted before.
    """
    if take.bucket != Bucket.SELLABLE:
        return row.balance
    before = shop.session.get(StockCount, row.last_count)
    if before is None:
        return None
    return row.balance - last_counts.sent_between(shop, row.sku, before.counted_at, row.counted_at)


def limits(shop: Shop) -> Limits:
    """How much a number may differ, by the shop's rules of today."""
    return Limits(shop.policy.recount_pieces, shop.policy.recount_amount)


def left(shop: Shop, take: Stocktake, only: str = "") -> dict[str, Left]:
    """The products of a stocktake that are to be counted again; of all, or of one."""
    posted = posted_of(shop, take, only)
    told: dict[str, Left] = {}
    for sku, each in rounds(shop, take, only).items():
        before = {number: rows for number, rows in each.rows.items() if number < take.round}
        if sku not in posted and before:
            judged = counted(shop, take, sku, Rounds(before))
            told[sku] = Left(verdict(judged, limits(shop)), [*judged.before, judged.counters])
    return told


def posted_of(shop: Shop, take: Stocktake, sku: str = "") -> dict[str, StockCount]:
    """The counts by product, or of one, that were posted of a stocktake and stand."""
    query = sa.select(StockCount).where(col(StockCount.take_id) == take.id, last_counts.standing())
    query = query.where(col(StockCount.sku) == sku) if sku else query
    return {row.sku: row for row in shop.session.scalars(query)}


def view_of(shop: Shop, take: Stocktake) -> StocktakeView:
    """A stocktake as it is shown: what the books held of a product is told only once its number is posted."""
    products, posted = rounds(shop, take), posted_of(shop, take)
    query = sa.select(col(Product.sku), col(Product.name)).where(col(Product.sku).in_(products))
    names = {row.sku: row.name for row in shop.session.execute(query)}
    again = left(shop, take) if take.state == TakeState.OPEN else {}
    lines = []
    for sku, each in products.items():
        places = tuple(dict.fromkeys(row.place for row in each.last if row.place))
        if sku in posted:
            book = posted_balance(each, posted[sku])
            lines.append(StocktakeLine(sku, names.get(sku, ""), posted[sku].quantity, "posted", places, book))
        elif take.round in each.rows or take.state != TakeState.OPEN:
            lines.append(StocktakeLine(sku, names.get(sku, ""), each.pieces, "counted", places))
        else:
            lines.append(StocktakeLine(sku, names.get(sku, ""), None, again[sku].verdict, places))
    who = tuple(dict.fromkeys(row.by for each in products.values() for rows in each.rows.values() for row in rows))
    return StocktakeView(take.number, take.bucket, take.state, take.opened_at, who, take.posted_by, tuple(lines))


def posted_balance(each: Rounds, count: StockCount) -> int:
    """What the books held of a product when the pieces of a posted count were counted."""
    last = [rows[-1] for rows in each.rows.values() if rows[-1].counted_at == count.counted_at]
    return (last or each.last)[-1].balance
