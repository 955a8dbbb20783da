"""Parcels that stall on their way out or back, by the movements that carriers report."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile.sent_orders import waybills_of_each
from retcli.models import Case, Order, OrderWaybill, Parcel, ParcelCase
from retcli.models.base import instant_of
from retcli.models.books import Event
from retcli.models.tracking import Movement
from retcli.rules.lifecycles import ParcelState
from retcli.rules.warehouse.stalling import LOOKED_BACK, Stall, Travel, stall
from retcli.shop import Shop
from retcli.views.warehouse.stalled_parcels import StalledRow, StalledView


def stalled(shop: Shop) -> StalledView:
    """Every parcel that stalls, the longest first; none where no movements were imported, since then nothing is
    known.
    """
    if not shop.session.scalar(sa.select(sa.select(col(Movement.id)).exists())):
        return StalledView(())
    rows = [*_going_out(shop), *_coming_back(shop)]
    return StalledView(tuple(sorted(rows, key=lambda row: -row.hours)))


def never_scanned(shop: Shop) -> list[StalledRow]:
    """Every parcel that comes back and that its carrier says it handed over to us, though nobody scanned it."""
    return [row for row in _coming_back(shop) if row.wrong == Stall.NOT_SCANNED]


def _last(waybill: Any) -> Any:
    """Three columns in SQL about a waybill: when its carrier last reported anything, whether it ever reported a
    signature, and the last status.
    """
    moved = col(Movement.waybill) == waybill
    statuses = sa.select(col(Movement.status)).where(moved).order_by(col(Movement.at).desc())
    last_status = statuses.limit(1).correlate(Order, OrderWaybill, Parcel).scalar_subquery()
    last_at = sa.select(sa.func.max(Movement.at)).where(moved).correlate(Order, OrderWaybill, Parcel)
    signed = sa.select(col(Movement.id)).where(moved, col(Movement.status) == "signed")
    return last_at.scalar_subquery(), signed.correlate(Order, OrderWaybill, Parcel).exists(), last_status


def _going_out(shop: Shop) -> Iterator[StalledRow]:
    """The parcels on their way to buyers that stall. A parcel without any movement counts only where its shop's parcels
    with that carrier, or other parcels of its order, have movements: else nobody imports them. One that comes back
    under the same waybill is left out. An order in several parcels may count as signed for while one is still out.
    """
    own_time = sa.func.coalesce(OrderWaybill.shipped_at, Order.shipped_at)
    further = _sent(col(OrderWaybill.waybill), col(OrderWaybill.carrier), own_time).join(
        OrderWaybill, col(OrderWaybill.order_id) == col(Order.id)
    )
    own = _sent(col(Order.waybill), col(Order.carrier), col(Order.shipped_at))
    signed = sa.and_(col(Order.signed_at).is_not(None), col(Order.id).in_(sa.select(col(OrderWaybill.order_id))))
    standings = (col(Order.signed_at).is_(None), signed)  # apart, as the times are: each has an index of its own
    sent = _lately_sent(shop)
    queries = [query.where(standing, time) for query in (own, further) for standing in standings for time in sent]
    rows = [row for query in queries for row in shop.session.execute(query)]
    followed = {(order.shop, carrier) for order, _number, carrier, _sent_at, at, *_rest in rows if at is not None}
    spoken_of = {order.id: instant_of(at) for order, _number, _carrier, _sent_at, at, *_rest in rows if at is not None}
    for order, number, carrier, sent_at, at, is_signed, status in rows:
        silent_too = order.signed_at is None and (order.id in spoken_of or (order.shop, carrier) in followed)
        if at is not None or silent_too:
            began = instant_of(sent_at) or spoken_of.get(order.id)
            travel = Travel(began, instant_of(at), bool(is_signed), lost=status == "lost")
            yield from _row(shop, travel, number, carrier, order.number, "", coming_back=False)


def _lately_sent(shop: Shop) -> tuple[Any, Any]:
    """Two conditions in SQL: that an order was sent lately; or, where nobody says when, that a carrier lately reported
    of any of its parcels.
    """
    since = shop.now - LOOKED_BACK
    moved = sa.select(col(Movement.waybill)).where(col(Movement.at) >= since)
    further = sa.select(col(OrderWaybill.order_id)).where(col(OrderWaybill.waybill).in_(moved))
    spoken_of = sa.select(col(Order.id)).where(col(Order.waybill).in_(moved)).union(further)
    return col(Order.shipped_at) >= since, sa.and_(col(Order.shipped_at).is_(None), col(Order.id).in_(spoken_of))


def _sent(waybill: Any, carrier: Any, sent_at: Any) -> sa.Select[Any]:
    """A query of orders with one of their waybills, its carrier and sending time, and the three columns of `_last`."""
    return sa.select(Order, waybill, carrier, sent_at, *_last(waybill)).where(
        col(Order.waybill) != sa.literal_column("''"),  # as the index of orders on their way has it
        waybill.not_in(sa.select(col(Parcel.waybill)).where(col(Parcel.state) != ParcelState.VOID)),
    )


def _coming_back(shop: Shop) -> Iterator[StalledRow]:
    """The parcels on their way back that stall, each once, with the first case that it serves. One that never moved
    counts from when its waybill was named, where movements of its carrier are imported.
    """
    one = sa.select(col(ParcelCase.parcel_id), sa.func.min(ParcelCase.case_id).label("case_id"))
    first = one.group_by(col(ParcelCase.parcel_id)).subquery()
    last = _last(col(Parcel.waybill))
    named = sa.select(sa.func.min(Event.at)).where(col(Event.subject) == col(Parcel.number)).correlate(Parcel)
    rows = shop.session.execute(
        sa.select(Parcel, col(Case.number), Order, named.scalar_subquery(), *last)
        .outerjoin(first, first.c.parcel_id == col(Parcel.id))
        .outerjoin(Case, col(Case.id) == first.c.case_id)
        .outerjoin(Order, col(Order.id) == col(Case.order_id))
        .where(col(Parcel.state) == ParcelState.EXPECTED)
    ).all()
    followed = {parcel.carrier for parcel, _case, _order, _since, at, *_rest in rows if at is not None} - {""}
    sent = waybills_of_each(shop, list({order.id: order for _p, _c, order, *_rest in rows if order}.values()))
    for parcel, case, order, since, at, is_signed, status in rows:
        delivered = order.signed_at if order and parcel.waybill in sent.get(order.id, ()) else None
        began = instant_of(since) if parcel.carrier in followed else None
        lost, has_it = status == "lost", delivered is not None
        travel = Travel(began, instant_of(at) or delivered, bool(is_signed), buyer_has_it=has_it, lost=lost)
        number = order.number if order else ""
        yield from _row(shop, travel, parcel.waybill, parcel.carrier, number, case or "", coming_back=True)


def _row(
    shop: Shop, travel: Travel, waybill: str, carrier: str, order: str, case: str, *, coming_back: bool
) -> Iterator[StalledRow]:
    """The row of a parcel that stalls by the limits of the shop's rules; none for one that moves on."""
    policy = shop.policy
    limits = {"first": policy.first_movement, "stalled": policy.stalled}
    wrong = stall(travel, shop.now, **limits, coming_back=coming_back)
    since = travel.last_at or travel.sent_at
    if wrong and since:
        hours = int((shop.now - since).total_seconds() // 3600)
        yield StalledRow(waybill, carrier, order, case, str(wrong), travel.last_at, hours)
