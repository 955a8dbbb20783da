"""Posts what was counted: each difference against what the books held when the pieces were counted."""

from typing import Any

import sqlalchemy as sa

from retcli.actions.casefile.records import acts
from retcli.actions.warehouse import last_counts
from retcli.actions.warehouse.pieces import stock
from retcli.actions.warehouse.stocktakes import numbers, takes
from retcli.errors import Refused
from retcli.language import _, mark
from retcli.models.acts import Act
from retcli.models.stock import StockCount, Stocktake
from retcli.rules.lifecycles import MAY_APPROVE_MONEY, STOCKTAKE, Bucket, TakeState
from retcli.rules.warehouse.causes import Cause
from retcli.rules.warehouse.stocktakes import Verdict, verdict
from retcli.shellwords import quoted
from retcli.shop import Shop
from retcli.views.warehouse.stocktakes import StocktakeView


def post(shop: Shop, *, bucket: str = Bucket.SELLABLE) -> StocktakeView:
    """Posts the differences of the stocktake of a bucket; what has to be counted again stays in it. Raises Refused
    where nothing was counted in this round.
    """
    shop.may(MAY_APPROVE_MONEY, mark("post a stocktake"))
    take = takes.open_take(shop, bucket)
    now = numbers.counted_so_far(shop, take) if take else {}
    if take is None or not now:
        raise Refused(_("Nothing was counted that could be posted"), "retcli scan --mode count")
    counts: list[StockCount] = []
    tallies = numbers.rounds(shop, take)  # once for all: nothing more is counted in it while the stocktake is held
    for sku in sorted(now):  # in one order everywhere, so that two who post never wait for each other
        stock.hold(shop, sku, bucket)
        counts += _posted(shop, take, sku, tallies[sku])
    did: dict[str, Any] = {"take": take.id, "round": take.round, "counts": [count.id for count in counts]}
    left = set(tallies) - set(numbers.posted_of(shop, take))
    if left:
        _again(shop, take, sorted(left))
    else:
        columns: dict[str, Any] = {"posted_by": shop.operator.name, "posted_at": shop.now}
        shop.move(take, take.number, STOCKTAKE, "post", **columns)
    acts.note(shop, "stocktake", take.number, **did)
    return numbers.view_of(shop, take)


def _posted(shop: Shop, take: Stocktake, sku: str, each: numbers.Rounds) -> list[StockCount]:
    """Posts the number of a product whose stock is held; nothing where it has to be counted again."""
    counted = numbers.counted(shop, take, sku, each)
    if verdict(counted, numbers.limits(shop)) != Verdict.POSTS:
        return []
    at = each.last[-1].counted_at
    count = StockCount(sku=sku, bucket=take.bucket, counted_at=at, quantity=counted.pieces, row=0, take_id=take.id)
    shop.add(count)
    stock.correct(shop, sku, take.bucket, counted.difference, Cause.STOCKTAKE, count.id, at)
    return [count]


def _again(shop: Shop, take: Stocktake, skus: list[str]) -> None:
    """Begins the next round, in which some products are counted again."""
    take.round += 1
    take.version += 1
    shop.session.flush()
    shop.record(take.number, "recount", skus=skus)


def take_back(shop: Shop, act: Act) -> None:
    """Takes the posting of a stocktake back: what it corrected is as it was, and it can be posted anew. Raises Refused
    where a later count stands on it, or the pieces are gone.
    """
    did = acts.what(act)
    take = shop.hold(shop.session.get_one(Stocktake, did["take"]))
    takes.refuse_another(shop, take)
    _refuse_counted_since(shop, take, did["round"])
    for count in sorted((shop.session.get_one(StockCount, ident) for ident in did["counts"]), key=lambda row: row.sku):
        _uncounted(shop, count)
    if take.state == TakeState.POSTED:
        shop.move(take, take.number, STOCKTAKE, "unpost", round=did["round"], posted_by="", posted_at=None)
    else:
        take.round, take.version = did["round"], take.version + 1
        shop.session.flush()
    acts.reverse(shop, act)


def _refuse_counted_since(shop: Shop, take: Stocktake, number: int) -> None:
    """Raises Refused where something was counted in a later round than a `number`, or the take was dropped."""
    later = any(max(each.rows) > number for each in numbers.rounds(shop, take).values())
    if take.state == TakeState.DROPPED or later:
        message = _("{take} went on after it: it was counted again, or dropped")
        raise Refused(message.format(take=take.number), "retcli stock count", subject=take.number)


def _uncounted(shop: Shop, count: StockCount) -> None:
    """Takes back one count with the pieces that it moved."""
    stock.hold(shop, count.sku, count.bucket)
    if last_counts.newest(shop, count.sku, count.bucket) != count.id:
        message = _("{sku} was counted again after it")
        raise Refused(message.format(sku=count.sku), f"retcli stock moves {quoted(count.sku)}")
    query = sa.select(stock.signed(count.bucket)).where(*stock.of_count(count))
    difference = int(shop.session.scalar(query) or 0)
    kept: dict[str, Any] = {
        "sku": count.sku,
        "bucket": count.bucket,
        "counted_at": count.counted_at,
        "quantity": count.quantity,
    }
    reversal = StockCount(**kept, row=0, take_id=count.take_id, reverses_id=count.id)
    shop.add(reversal)
    stock.correct(shop, count.sku, count.bucket, -difference, Cause.STOCKTAKE, reversal.id)
