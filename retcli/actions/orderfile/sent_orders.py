"""The waybills under which an order's goods were sent, the orders that were sent under a waybill, and what the carriers
say of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Order, OrderWaybill, Parcel
from retcli.models.tracking import Movement
from retcli.rules.lifecycles import AT_THE_DOOR
from retcli.rules.warehouse.ids import normalised
from retcli.shop import Shop


def sent_under(waybill: str) -> sa.ColumnElement[bool]:
    """Whether orders were sent under a comparable waybill, their own or a further one, as a condition in SQL."""
    return sent_under_any(waybill) if waybill else sa.false()


def sent_under_any(waybill: str | sa.BindParameter[str]) -> sa.ColumnElement[bool]:
    """Whether orders were sent under a waybill, as a condition in SQL, for one that is certainly not empty or is bound
    when the statement runs; an empty one would name every order without a waybill.
    """
    further = sa.select(col(OrderWaybill.order_id)).where(col(OrderWaybill.waybill) == waybill)
    return sa.or_(col(Order.waybill) == waybill, col(Order.id).in_(further))


def orders_sent_under(shop: Shop, waybill: str) -> list[Order]:
    """The orders that were sent under a comparable waybill."""
    return list(shop.session.scalars(_SENT_UNDER, {"waybill": waybill})) if waybill else []


_SENT_UNDER = sa.select(Order).where(sent_under_any(sa.bindparam("waybill"))).order_by(col(Order.id))


def waybills_of(shop: Shop, order: Order) -> tuple[str, ...]:
    """Every waybill of an order in the comparable form, its own first."""
    return waybills_of_each(shop, [order]).get(order.id, ())


def waybills_of_each(shop: Shop, orders: Sequence[Order]) -> dict[int | None, tuple[str, ...]]:
    """Every waybill of some orders in the comparable form, by the id of the order, its own first; orders without one
    are left out.
    """
    further: dict[int, list[str]] = defaultdict(list)
    ids = [order.id for order in orders]
    for order_id, waybill in shop.session.execute(_FURTHER, {"ids": ids}) if ids else ():
        further[order_id].append(waybill)
    each = {order.id: _in_turn(order, further.get(order.id or 0, ())) for order in orders}
    return {order_id: waybills for order_id, waybills in each.items() if waybills}


def _in_turn(order: Order, further: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, dict.fromkeys((normalised(order.waybill), *further))))


_FURTHER = (
    sa.select(col(OrderWaybill.order_id), col(OrderWaybill.waybill))
    .where(col(OrderWaybill.order_id).in_(sa.bindparam("ids", expanding=True)))
    .order_by(col(OrderWaybill.order_id), col(OrderWaybill.waybill))
)


def lost_orders(shop: Shop, sent: Mapping[int | None, Sequence[str]]) -> set[int | None]:
    """The ids of those orders of which the carriers said last that every parcel is lost; `sent` are the waybills of
    each order. An order with a parcel of which nobody says anything is not lost.
    """
    waybills = sorted({waybill for each in sent.values() for waybill in each})
    # the latest movement comes first, so that turned round it is the one that stays
    last = dict(reversed(shop.session.execute(_MOVEMENTS, {"names": waybills}).all())) if waybills else {}
    statuses_of = {order: {last.get(waybill) for waybill in each} for order, each in sent.items()}
    return {order for order, statuses in statuses_of.items() if statuses == {"lost"}}


def orders_out(shop: Shop, sent: Mapping[int | None, Sequence[str]]) -> set[int | None]:
    """The ids of those orders of which a parcel is still with the carrier or the buyer: no carrier reports it returned
    or lost, and nobody scanned it here. `sent` are the waybills of each order.
    """
    names = {"names": sorted({waybill for each in sent.values() for waybill in each})}
    ended = set(shop.session.scalars(_ENDED, names)) | set(shop.session.scalars(_SCANNED, names))
    return {order for order, each in sent.items() if not ended.issuperset(each)}


_ENDED = sa.select(col(Movement.waybill)).where(
    col(Movement.waybill).in_(sa.bindparam("names", expanding=True)),
    col(Movement.status).in_(["returned", "lost"]),
)
_SCANNED = sa.select(col(Parcel.waybill)).where(
    col(Parcel.waybill).in_(sa.bindparam("names", expanding=True)), col(Parcel.state).in_(AT_THE_DOOR)
)
_MOVEMENTS = (
    sa.select(col(Movement.waybill), col(Movement.status))
    .where(col(Movement.waybill).in_(sa.bindparam("names", expanding=True)))
    .order_by(col(Movement.at).desc())
)


def under_way(shop: Shop, order: Order) -> tuple[str, ...]:
    """The waybills of an order whose parcels are still on their way by the carriers' reports; all of them where every
    parcel is reported signed for or lost, so that there is always one to ask about.
    """
    waybills = waybills_of(shop, order)
    signed = sa.select(col(Movement.waybill)).where(
        col(Movement.waybill).in_(waybills), col(Movement.status).in_(["signed", "lost"])
    )
    arrived = set(shop.session.scalars(signed)) if len(waybills) > 1 else set()
    return tuple(waybill for waybill in waybills if waybill not in arrived) or waybills


def carrier_of(shop: Shop, order: Order, waybill: str) -> str:
    """The carrier that the file names for one of an order's waybills; "" where it names none."""
    if waybill == normalised(order.waybill):
        from retcli.reading.waybills import with_carriers  # its patterns are for files, and for who ships or receives

        return with_carriers([waybill, *waybills_of(shop, order)[1:]], order.carrier)[0][1] or order.carrier
    further = shop.session.get(OrderWaybill, (order.id, waybill))
    return further.carrier if further else ""
