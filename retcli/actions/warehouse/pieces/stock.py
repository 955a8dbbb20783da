"""The stock of pieces by bucket: every movement between buckets is written down, and no balance goes below zero."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse.pieces import reserved_pieces
from retcli.errors import Refused
from retcli.language import _
from retcli.models import Parcel
from retcli.models.stock import StockBalance, StockCount, StockMove
from retcli.rules.lifecycles import Bucket
from retcli.rules.warehouse.causes import BY_CHOICE, Cause
from retcli.shellwords import quoted
from retcli.shop import Shop
from retcli.words import word

OUTSIDE = ""
"""The bucket of pieces that the shop does not hold: they are the buyer's, or gone."""


def move(
    shop: Shop,
    sku: str,
    source: str,
    target: str,
    quantity: int,
    parcel: Parcel | None,
    *,
    cause: Cause,
    cause_id: int | None = None,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Moves pieces of a product between buckets (`OUTSIDE` for none of ours), now or dated `at`, for a `cause` (and the
    row that this names); the movement as views show it. Those of a parcel that is kept apart stay among the unclaimed
    ones, whatever their grade. Raises Refused where `source` has not so many.
    """
    source, target = _lying(parcel, source), _lying(parcel, target)
    if source == target:
        return {"sku": sku, "quantity": quantity, "from": source, "to": target}
    if source == Bucket.SELLABLE:
        _mind_reserved(shop, sku, quantity, by_choice=cause in BY_CHOICE)
    if source:  # first, as it may refuse
        _take_out(shop, sku, source, quantity)
    if target:
        _put_in(shop, sku, target, quantity)
    row = StockMove(sku=sku, source=source, target=target, quantity=quantity, by=shop.operator.name, at=at or shop.now)
    row.parcel_id, row.cause, row.cause_id = parcel.id if parcel else None, cause, cause_id
    shop.add(row)
    return {"sku": sku, "quantity": quantity, "from": source or "buyer", "to": target or "buyer"}


def _lying(parcel: Parcel | None, bucket: str) -> str:
    """Where pieces of a parcel lie that belong into a bucket."""
    return Bucket.UNCLAIMED if bucket and parcel is not None and parcel.apart else bucket


def _mind_reserved(shop: Shop, sku: str, quantity: int, *, by_choice: bool) -> None:
    """Looks to the pieces that are kept for goods that are to be sent, before some leave the sellable ones: what nobody
    chose (a count, a finding taken back) makes promises give way. Raises Refused where somebody chose it.
    """
    kept = reserved_pieces.reserved(shop, sku)
    if not kept:
        return
    in_stock = hold(shop, sku, Bucket.SELLABLE)
    kept = reserved_pieces.reserved(shop, sku)  # again: whoever held the stock before may have kept some
    lacking = min(quantity, in_stock) - (in_stock - kept)
    if lacking <= 0:
        return
    if by_choice and quantity <= in_stock:
        message = _("{sku}: {n} of {all} pieces are kept for goods that are to be sent")
        raise Refused(message.format(sku=sku, n=kept, all=in_stock), f"retcli stock show {quoted(sku)}")
    reserved_pieces.give_way(shop, sku, lacking)


def _take_out(shop: Shop, sku: str, bucket: str, quantity: int) -> None:
    """Takes pieces out of a bucket by one guarded update, so that two at once cannot take the same piece. Raises
    Refused where it has not so many.
    """
    taken_out = shop.session.execute(
        sa.update(StockBalance)
        .where(col(StockBalance.sku) == sku, col(StockBalance.bucket) == bucket)
        .where(col(StockBalance.quantity) >= quantity)
        .values(quantity=col(StockBalance.quantity) - quantity)
    )
    if taken_out.rowcount != 1:  # type: ignore[attr-defined]
        raise too_few(sku, bucket, quantity)


def too_few(sku: str, bucket: str, quantity: int) -> Refused:
    """The refusal of more pieces than a bucket has."""
    message = _("There are not {n} pieces of {sku} in {bucket}")
    return Refused(message.format(n=quantity, sku=sku, bucket=word(bucket)), "retcli stock show")


def _put_in(shop: Shop, sku: str, bucket: str, quantity: int) -> None:
    """Adds pieces to a bucket, of which the product may have no balance yet."""
    insert = shop.insert(StockBalance).values(sku=sku, bucket=bucket, quantity=quantity)
    more = {"quantity": StockBalance.__table__.c.quantity + quantity}  # type: ignore[attr-defined]
    shop.session.execute(insert.on_conflict_do_update(index_elements=["sku", "bucket"], set_=more))


def held(shop: Shop, sku: str, bucket: str) -> int:
    """The pieces of a product that a bucket holds now."""
    query = sa.select(col(StockBalance.quantity)).where(
        col(StockBalance.sku) == sku, col(StockBalance.bucket) == bucket
    )
    return int(shop.session.scalar(query) or 0)


def held_at(shop: Shop, sku: str, bucket: str, at: datetime) -> int:
    """The pieces of a product that a bucket held at an instant, by every move up to then."""
    query = sa.select(signed(bucket)).where(
        col(StockMove.sku) == sku,
        sa.or_(col(StockMove.target) == bucket, col(StockMove.source) == bucket),
        col(StockMove.at) <= at,
    )
    return int(shop.session.scalar(query) or 0)


def signed(bucket: str) -> Any:
    """SQL of what moves of a product add to a bucket; those that leave it count with a minus."""
    pieces = sa.case((col(StockMove.target) == bucket, col(StockMove.quantity)), else_=-col(StockMove.quantity))
    return sa.cast(sa.func.sum(pieces), sa.BigInteger)


def of_count(count: StockCount) -> tuple[Any, ...]:
    """Conditions in SQL for the move by which a count of the stock was posted."""
    return col(StockMove.cause) == Cause.STOCKTAKE, col(StockMove.cause_id) == count.id


def hold(shop: Shop, sku: str, bucket: str) -> int:
    """The pieces of a product in a bucket, of which nobody else moves any until this piece of work ends."""
    insert = shop.insert(StockBalance).values(sku=sku, bucket=bucket, quantity=0)
    quantity = StockBalance.__table__.c.quantity  # type: ignore[attr-defined]
    same = insert.on_conflict_do_update(index_elements=["sku", "bucket"], set_={"quantity": quantity})
    return int(shop.session.execute(same.returning(quantity)).scalar_one())


def correct(
    shop: Shop, sku: str, bucket: str, difference: int, cause: Cause, cause_id: int | None, at: datetime | None = None
) -> None:
    """Has a bucket hold so many pieces more than the books knew of (below zero: less). Raises Refused where it has not
    so many.
    """
    source, target = (OUTSIDE, bucket) if difference > 0 else (bucket, OUTSIDE)
    if difference:
        move(shop, sku, source, target, abs(difference), None, cause=cause, cause_id=cause_id, at=at)
