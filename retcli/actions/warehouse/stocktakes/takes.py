"""A stocktake while it is counted: begun, added to, dropped; what the books hold of the pieces is never told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records import acts
from retcli.actions.warehouse import article_codes, last_counts
from retcli.actions.warehouse.pieces import stock
from retcli.actions.warehouse.stocktakes import numbers
from retcli.actions.warehouse.strangers.shelves import shelf_of
from retcli.errors import NotFound, Refused, WrongCommand
from retcli.language import _, mark
from retcli.models.acts import Act
from retcli.models.stock import StockCount, Stocktake, StockTally
from retcli.rules.lifecycles import MAY_SCAN, STOCKTAKE, Bucket, TakeState
from retcli.shellwords import quoted
from retcli.shop import Shop
from retcli.views.warehouse.stocktakes import StocktakeView
from retcli.words import word

MOST = 1_000_000
"""Pieces of a product that may be counted: more is a barcode in the wrong place."""
COUNTABLE = (Bucket.SELLABLE, Bucket.DEFECTIVE, Bucket.REPAIR, Bucket.SCRAPPED)
"""Buckets that can be counted: what waits, is held or unclaimed hangs on its parcels."""
_COUNT = mark("count the stock")


def open_take(shop: Shop, bucket: str) -> Stocktake | None:
    """The stocktake of a bucket that is being counted, read anew and held; None for none."""
    query = sa.select(Stocktake).where(col(Stocktake.state) == TakeState.OPEN, col(Stocktake.bucket) == bucket)
    take = shop.session.scalars(query).first()
    take = shop.hold(take) if take else None
    return take if take and take.state == TakeState.OPEN else None


def begun(shop: Shop, bucket: str) -> Stocktake:
    """The stocktake of a bucket that is being counted; begun now where none is."""
    take = open_take(shop, bucket)
    if take is not None:
        return take
    values: dict[str, Any] = {"number": shop.number("ST"), "bucket": bucket, "state": TakeState.OPEN, "posted_by": ""}
    values |= {"version": 1, "round": 1, "by": shop.operator.name, "opened_at": shop.now}
    # whoever begins at the same moment waits here for the other one, and counts in that one's
    insert = shop.insert(Stocktake).values(values)
    insert = insert.on_conflict_do_nothing(index_elements=["bucket"], index_where=sa.text("state = 'open'"))
    if shop.session.execute(insert.returning(sa.column("id"))).scalar() is not None:
        shop.born(values["number"], STOCKTAKE, TakeState.OPEN, bucket=bucket)
    take = open_take(shop, bucket)
    if take is None:  # it was posted between the two
        raise Refused(_("The stocktake was ended by somebody else a moment ago"), "retcli stock count")
    return take


def tally(
    shop: Shop, take: Stocktake, sku: str, pieces: int, *, place: str = "", counted_at: datetime | None = None
) -> StockTally:
    """Writes down pieces of a product that were counted now, or at an earlier instant, with what the books held of them
    then. Raises Refused where another person is to count them again, or they need no further count.
    """
    refuse_not_to_count(shop, take, sku)
    at = counted_at or shop.now
    newest = last_counts.newest(shop, sku, take.bucket)
    if newest and shop.session.get_one(StockCount, newest).counted_at > at:
        message = _("{sku}: a later count of these pieces is in the books")
        raise Refused(message.format(sku=sku), f"retcli stock show {quoted(sku)}")
    in_stock = stock.held_at(shop, sku, take.bucket, at) if counted_at else stock.held(shop, sku, take.bucket)
    row = StockTally(take_id=take.id or 0, round=take.round, sku=sku, pieces=pieces, balance=in_stock, place=place,
                     last_count=newest, counted_at=at, by=shop.operator.name,
                     at=shop.now)  # fmt: skip
    shop.add(row)
    return row


def refuse_not_to_count(shop: Shop, take: Stocktake, sku: str) -> None:
    """Raises Refused where a product is not to be counted (again) in a stocktake, or not by the operator."""
    if take.round == 1:
        return
    left = numbers.left(shop, take, sku)
    if sku not in left:
        message = _("{sku} is not to be counted again in {take}: post that first, or drop it")
        raise Refused(message.format(sku=sku, take=take.number), "retcli stock count --post")
    if not left[sku].may_count(shop.operator.name):
        message = _("{sku} was counted by {who}: somebody else counts it again")
        raise Refused(message.format(sku=sku, who=shop.operator.name), "retcli stock count")


def note(shop: Shop, take: Stocktake, tallies: Sequence[StockTally], session: str = "", file: str = "") -> None:
    """Writes down as one act what was counted together, so that it can be taken back; `file` is the digest of the file
    that said it.
    """
    shop.record(take.number, "tally", products=len({row.sku for row in tallies}), pieces=sum(r.pieces for r in tallies))
    did: dict[str, Any] = {"take": take.id, "round": take.round, "tallies": [row.id for row in tallies], "file": file}
    acts.note(shop, "tally", take.number, session=session, **did)


def count(shop: Shop, typed: str, pieces: int, *, bucket: str = Bucket.SELLABLE, at_place: str = "") -> StocktakeView:
    """Has so many pieces of a product be counted in the stocktake of a bucket, in this round, instead of what was
    counted of it there. Raises NotFound for an unknown product, WrongCommand for a number that cannot be.
    """
    shop.may(MAY_SCAN, _COUNT)
    refuse_bucket(bucket)
    sku = _article(shop, typed)
    if not 0 <= pieces <= MOST:
        raise WrongCommand(_("{n} is no number of pieces").format(n=pieces), "--pieces 12")
    take = begun(shop, bucket)
    before = numbers.counted_so_far(shop, take).get(sku, 0)
    row = tally(shop, take, sku, pieces - before, place=place_of(at_place))
    note(shop, take, [row])
    return numbers.view_of(shop, take)


def refuse_bucket(bucket: str) -> None:
    """Raises WrongCommand for a bucket that cannot be counted by itself."""
    if bucket not in COUNTABLE:
        message = _("{bucket} is not counted by itself: its pieces hang on their parcels")
        raise WrongCommand(message.format(bucket=word(bucket)), "retcli parcel list")


def place_of(typed: str) -> str:
    """The name of a place that somebody typed; "" for none. Raises WrongCommand for a text that is no name."""
    place = shelf_of(typed) if typed else ""
    if typed and not place:
        raise WrongCommand(_("A shelf is letters, digits, - and . only"), "--place A-03")
    return place


def _article(shop: Shop, typed: str) -> str:
    """The merchant code of a product that is known here. Raises NotFound, WrongCommand for a barcode of several."""
    sku = article_codes.sku_of(shop, typed)
    if not sku:
        message = _("No article has the code {code}: import the product sheet first")
        raise NotFound(message.format(code=typed), "retcli import FILE")
    return sku


def show(shop: Shop, *, bucket: str = "") -> StocktakeView:
    """The stocktake that is being counted, else the last one; of one bucket, or of any. Raises NotFound for none."""
    shop.may(MAY_SCAN, _COUNT)
    query = sa.select(Stocktake).order_by(col(Stocktake.state) != TakeState.OPEN, col(Stocktake.id).desc())
    query = query.where(col(Stocktake.bucket) == bucket) if bucket else query
    take = shop.session.scalars(query.limit(1)).first()
    if take is None:
        raise NotFound(_("Nothing was counted yet"), "retcli scan --mode count")
    return numbers.view_of(shop, take)


def drop(shop: Shop, *, bucket: str = Bucket.SELLABLE) -> StocktakeView:
    """Has the stocktake of a bucket come to nothing; what was posted of it stays. Raises Refused where none is open."""
    shop.may(MAY_SCAN, _COUNT)
    take = open_take(shop, bucket)
    if take is None:
        raise Refused(_("Nothing is being counted"), "retcli scan --mode count")
    shop.move(take, take.number, STOCKTAKE, "drop")
    acts.note(shop, "drop_take", take.number, take=take.id)
    return numbers.view_of(shop, take)


def resume(shop: Shop, act: Act) -> None:
    """Goes on with a stocktake that was dropped. Raises Refused where another one of the bucket is open."""
    take = shop.hold(shop.session.get_one(Stocktake, acts.what(act)["take"]))
    refuse_another(shop, take)
    shop.move(take, take.number, STOCKTAKE, "resume")
    acts.reverse(shop, act)


def refuse_another(shop: Shop, take: Stocktake) -> None:
    """Raises Refused where another stocktake of the same bucket is being counted."""
    another = open_take(shop, take.bucket)
    if another is not None and another.id != take.id:
        message = _("{take} is being counted: post it first, or drop it")
        raise Refused(message.format(take=another.number), "retcli stock count")


def take_back(shop: Shop, act: Act) -> None:
    """Takes back what was counted together. Raises Refused where the stocktake was posted since, or counted anew."""
    did = acts.what(act)
    take = shop.hold(shop.session.get_one(Stocktake, did["take"]))
    rows = [shop.session.get_one(StockTally, ident) for ident in did["tallies"]]
    if take.state != TakeState.OPEN or any(row.round != take.round for row in rows):
        message = _("{take} was posted after it: take that back first")
        raise Refused(message.format(take=take.number), "retcli stock count", subject=take.number)
    for row in rows:
        kept = {name: getattr(row, name) for name in ("take_id", "round", "sku", "balance", "last_count", "place")}
        shop.add(StockTally(**kept, pieces=-row.pieces, counted_at=row.counted_at, by=shop.operator.name, at=shop.now,
                            reverses_id=row.id))  # fmt: skip
    acts.reverse(shop, act)
