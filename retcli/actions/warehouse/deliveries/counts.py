"""What was scanned of a driver's load against what the driver said, and which parcels are missing."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from retcli.actions.casefile import lookup
from retcli.actions.casefile.records import acts
from retcli.actions.warehouse import stalled_parcels
from retcli.actions.warehouse.pieces import contents
from retcli.errors import Ambiguous, NotFound
from retcli.language import _
from retcli.models import Delivery, Parcel, ParcelCount
from retcli.models.acts import Act
from retcli.rules.lifecycles import DeliveryState, ParcelState
from retcli.rules.warehouse.ids import same_carrier
from retcli.shop import Shop
from retcli.views.freetext import numbers
from retcli.views.warehouse.deliveries import DeliveriesView, DeliveryView, OfAnother
from retcli.views.warehouse.stalled_parcels import StalledRow

LISTED = timedelta(days=7)
"""How long ago a delivery was begun that is still listed; one that is not ended, or is short, is always."""
_OPEN = (DeliveryState.COUNTING, DeliveryState.SHORT)
"""The states in which a delivery needs somebody."""


def _taken_in() -> sa.Select[Any]:
    """A query for the acts by which parcels of deliveries were taken in that nobody took back, with their parcels that
    were not written down by mistake.
    """
    back = aliased(Act)
    undone = sa.select(col(back.id)).where(col(back.reverses_id) == col(Act.id)).exists()
    query: Any = sa.select(Act, Parcel).join(Parcel, col(Parcel.id) == col(Act.parcel_id))
    query = query.where(col(Act.delivery_id).is_not(None), sa.not_(undone), col(Act.reverses_id).is_(None))
    taken: sa.Select[Any] = query.where(col(Parcel.state) != ParcelState.VOID).order_by(col(Act.id))
    return taken


def _counted(shop: Shop, delivery: int) -> tuple[int, int, list[Parcel]]:
    """How many boxes were taken in of a delivery, how many went back with the driver, and its parcels, each once."""
    rows = list(shop.session.execute(_taken_in().where(col(Act.delivery_id) == delivery)))
    parcels = {parcel.id: parcel for _act, parcel in rows}
    boxes = {
        (parcel.id, act.id if act.kind in _FURTHER else 0)
        for act, parcel in rows
        if parcel.state != ParcelState.TURNED_AWAY
    }
    refused = sum(parcel.state == ParcelState.TURNED_AWAY for parcel in parcels.values())
    return len(boxes), refused, list(parcels.values())


_FURTHER = frozenset({"box", "count_in_box"})
"""Kinds of acts by which a further box of a parcel counts."""


def counted_in(shop: Shop, parcel: Parcel, box: int | None) -> dict[int, bool]:
    """The deliveries (rows) in which a parcel counts, each with whether its box of a number does; without a number,
    any of its boxes.
    """
    rows = shop.session.execute(_taken_in().where(col(Act.parcel_id) == parcel.id))
    taken = [(int(act.delivery_id or 0), act.kind, acts.what(act).get("box")) for act, _parcel in rows]
    further = {number for _delivery, kind, number in taken if kind == "box"}
    first = {number for number in contents.boxes(shop, parcel) if number not in further}
    deliveries: dict[int, bool] = {}
    for delivery, kind, number in taken:
        boxes = first if kind in {"register", "receive"} else {number}
        deliveries[delivery] = deliveries.get(delivery, False) or box is None or box in boxes or boxes == {None}
    return deliveries


def of_parcel(shop: Shop, parcel: Parcel) -> list[int]:
    """The deliveries (rows) with which a parcel was ever taken in."""
    query = sa.select(col(Act.delivery_id)).where(col(Act.delivery_id).is_not(None), col(Act.parcel_id) == parcel.id)
    return sorted(int(row) for row in set(shop.session.scalars(query)) if row is not None)


def is_short(shop: Shop, delivery: Delivery) -> bool:
    """Whether fewer parcels of a delivery are here, or went back with the driver, than the driver said."""
    taken, refused, _parcels = _counted(shop, delivery.id or 0)
    return delivery.announced > taken + refused


def scanned(shop: Shop, delivery: int) -> int:
    """How many boxes were taken in of a delivery (its row): a parcel in several boxes counts with each."""
    return _counted(shop, delivery)[0]


def view_of(shop: Shop, delivery: Delivery) -> DeliveryView:
    """A delivery with what was scanned of it; where that is less than the driver said, with the parcels that the
    carrier says it handed over and nobody scanned.
    """
    taken, refused, parcels = _counted(shop, delivery.id or 0)
    short = delivery.announced > taken + refused
    return DeliveryView(
        number=delivery.number,
        carrier=delivery.carrier,
        state=delivery.state,
        announced=delivery.announced,
        scanned=taken,
        turned_away=refused,
        strangers=sum(parcel.stranger is not None for parcel in parcels),
        unopened=_unopened(shop, parcels),
        begun_at=delivery.begun_at,
        begun_by=delivery.begun_by,
        ended_at=delivery.ended_at,
        parcels=tuple(parcel.number for parcel in parcels),
        others=tuple(_of_others(delivery, parcels)),
        missing=tuple(_missing(shop, delivery)) if short and delivery.state != DeliveryState.CALLED_OFF else (),
        settled_because=numbers(delivery.settled_because),
    )


def _unopened(shop: Shop, parcels: Sequence[Parcel]) -> int:
    """How many of some parcels are here and had no piece counted yet."""
    here = [parcel.id for parcel in parcels if parcel.state == ParcelState.RECEIVED]
    opened = sa.select(sa.func.count(sa.distinct(col(ParcelCount.parcel_id)))).where(
        col(ParcelCount.parcel_id).in_(here), col(ParcelCount.counted) > 0
    )
    return len(here) - (shop.session.scalar(opened) or 0) if here else 0


def _of_others(delivery: Delivery, parcels: Sequence[Parcel]) -> Iterator[OfAnother]:
    """Those parcels of a delivery that went to the bench and seem to be another carrier's than the one it is of."""
    for parcel in parcels if delivery.carrier else ():
        named = parcel.carrier if parcel.state != ParcelState.TURNED_AWAY else ""
        if named and not same_carrier(named, delivery.carrier):
            yield OfAnother(parcel.number, named)


def _missing(shop: Shop, delivery: Delivery) -> list[StalledRow]:
    """The parcels that the carrier of a delivery says it handed over and nobody scanned, the latest word first."""
    rows = stalled_parcels.never_scanned(shop)
    alike = [row for row in rows if not delivery.carrier or same_carrier(row.carrier, delivery.carrier)]
    return sorted(alike, key=lambda row: row.hours)


def named(shop: Shop, ref: str) -> Delivery:
    """The delivery of a number or the last group of it. Raises NotFound, or Ambiguous."""
    found = lookup.numbered(shop, Delivery, ref)
    if not found:
        raise NotFound(_("There is no delivery {number}").format(number=ref), "retcli parcel deliveries")
    if len(found) > 1:
        message = _("{number} names several deliveries").format(number=ref)
        raise Ambiguous(message, ref, [delivery.number for delivery in found])
    return found[0]


def deliveries(shop: Shop, ref: str = "") -> DeliveriesView:
    """The deliveries of the last days, the newest first, and those that are not ended or short; or one by its number or
    the last group of it. Raises NotFound, or Ambiguous.
    """
    query = sa.select(Delivery).order_by(col(Delivery.id).desc())
    if ref:
        return DeliveriesView((view_of(shop, named(shop, ref)),), one=True)
    lately = col(Delivery.begun_at) >= shop.now - LISTED
    query = query.where(sa.or_(lately, col(Delivery.state).in_(_OPEN)))
    return DeliveriesView(tuple(view_of(shop, row) for row in shop.session.scalars(query)))
