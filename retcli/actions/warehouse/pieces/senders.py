"""Whose goods a waybill of the shop's own sendings stands for, and the refusals of waybills that are another's."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile import sent_orders
from retcli.errors import Refused
from retcli.language import _, series
from retcli.models import Case, Order, OrderLine, Parcel, ParcelCase, Replacement
from retcli.rules.lifecycles import ParcelState, ReplacementState
from retcli.shop import Shop


def sent_under(shop: Shop, waybill: str) -> list[Order]:
    """The orders whose goods went out under a comparable waybill, at first or again for a case."""
    return list(shop.session.scalars(_SENT_UNDER, {"waybill": waybill})) if waybill else []


def _sent_under() -> sa.Select[Any]:
    """The query for the orders whose goods went out under a waybill, at first or again for a case."""
    waybill: sa.BindParameter[str] = sa.bindparam("waybill")
    again = sa.select(col(Case.order_id)).join(Replacement, col(Replacement.case_id) == col(Case.id))
    again = again.where(col(Replacement.waybill) == waybill)
    sent = sa.or_(sent_orders.sent_under_any(waybill), col(Order.id).in_(again))
    return sa.select(Order).where(sent).order_by(col(Order.id))


_SENT_UNDER = _sent_under()


def pieces_sent(shop: Shop, orders: Sequence[Order]) -> dict[str, int]:
    """The pieces that went out for some orders, at first and again, by product; a line without a code by its number."""
    ids = [order.id for order in orders]
    if not ids:
        return {}
    name = sa.func.coalesce(sa.func.nullif(OrderLine.sku, ""), OrderLine.number)
    first = sa.select(name.label("sku"), col(OrderLine.quantity)).where(col(OrderLine.order_id).in_(ids))
    again = sa.select(col(Replacement.sku), col(Replacement.quantity)).join(Case, col(Case.id) == Replacement.case_id)
    again = again.where(col(Case.order_id).in_(ids), col(Replacement.waybill) != "")
    pieces: dict[str, int] = {}
    for sku, quantity in shop.session.execute(sa.union_all(first, again)):
        pieces[sku] = pieces.get(sku, 0) + int(quantity)
    return pieces


def no_sending() -> sa.ColumnElement[bool]:
    """The condition in SQL that a parcel is not what was sent again for a case, which knows of it without being
    attached.
    """
    return col(Parcel.waybill).not_in(sa.select(col(Replacement.waybill)).where(col(Replacement.waybill) != ""))


def pieces_sent_again(shop: Shop, waybill: str) -> dict[str, int]:
    """Pieces by product that were sent again under a comparable waybill, where no order went out under it."""
    if not waybill or sent_orders.orders_sent_under(shop, waybill):
        return {}
    pieces: dict[str, int] = {}
    for sku, quantity in shop.session.execute(_SENT_AGAIN, {"waybill": waybill}):
        pieces[sku] = pieces.get(sku, 0) + int(quantity)
    return pieces


_SENT_AGAIN = sa.select(col(Replacement.sku), col(Replacement.quantity)).where(
    col(Replacement.waybill) == sa.bindparam("waybill")
)


def cases_sent_again(shop: Shop, waybill: str) -> list[Case]:
    """The cases for which goods were sent again under a comparable waybill and came back undelivered."""
    undone = (ReplacementState.CAME_BACK, ReplacementState.CANCELLED)
    ids = sa.select(col(Replacement.case_id)).where(
        col(Replacement.waybill) == waybill, col(Replacement.state).in_(undone)
    )
    query = sa.select(Case).where(col(Case.id).in_(ids)).order_by(col(Case.id))
    return list(shop.session.scalars(query)) if waybill else []


def parcels_of_orders(shop: Shop, orders: Sequence[Order]) -> set[int]:
    """The ids of all parcels of some orders: under the waybills of their goods, of what was sent again for them, and
    those attached to their cases.
    """
    ids = [order.id for order in orders]
    waybills = {waybill for each in sent_orders.waybills_of_each(shop, orders).values() for waybill in each}
    again = sa.select(col(Replacement.waybill)).join(Case, col(Case.id) == Replacement.case_id)
    waybills |= set(shop.session.scalars(again.where(col(Case.order_id).in_(ids), col(Replacement.waybill) != "")))
    served = sa.select(col(ParcelCase.parcel_id)).join(Case, col(Case.id) == ParcelCase.case_id)
    served = served.where(col(Case.order_id).in_(ids))
    under = sa.select(col(Parcel.id)).where(col(Parcel.waybill).in_(sorted(waybills)))
    return {int(ident) for query in (under, served) for ident in shop.session.scalars(query) if ident}


def of_others(shop: Shop, waybill: str, case: Case) -> tuple[str, ...]:
    """The numbers of the orders whose goods went out under a waybill, where the case's own order is none of them; else
    empty.
    """
    orders = sent_under(shop, waybill)
    return () if case.order_id in {order.id for order in orders} else tuple(order.number for order in orders)


def refuse_anothers(shop: Shop, waybill: str, case: Case, hint: str) -> None:
    """Raises Refused for a waybill under which goods of another order than the case's went out."""
    owners = of_others(shop, waybill, case)
    if owners:
        message = _("{waybill} is the waybill under which order {order} was sent, and {case} is of another order")
        order = series(owners)
        raise Refused(message.format(waybill=waybill, order=order, case=case.number), hint, case=case.number)


def refuse_coming_back(shop: Shop, waybill: str, case: Case, hint: str) -> None:
    """Raises Refused for the waybill of goods that go out for a case, where a parcel comes back under it, or another
    order's goods went out under it.
    """
    parcel = shop.session.scalars(sa.select(Parcel).where(col(Parcel.waybill) == waybill)).first()
    if parcel is not None and parcel.state != ParcelState.VOID:
        message = _("{waybill} is the waybill of a parcel that comes back: {cases}")
        cases = series(served.number for served, _order in _served(shop, parcel)) or parcel.number
        raise Refused(message.format(waybill=waybill, cases=cases), hint, case=case.number)
    refuse_anothers(shop, waybill, case, hint)


def refuse_awaited(shop: Shop, waybill: str, case: Case) -> None:
    """Raises Refused for a waybill under which a parcel is awaited for cases of other orders and other buyers alone;
    two orders of one buyer may come back in one parcel.
    """
    parcel = shop.session.scalars(sa.select(Parcel).where(col(Parcel.waybill) == waybill)).first()
    served = _served(shop, parcel) if parcel is not None else []
    order = shop.session.get_one(Order, case.order_id)
    buyer = (order.platform, order.buyer)
    if (
        parcel is None
        or not served
        or any(
            other.id == order.id or (order.buyer and (other.platform, other.buyer) == buyer) for _case, other in served
        )
    ):
        return
    message = _("{waybill} is the waybill under which the goods of {cases} come back, and {case} is of another order")
    cases = series(each.number for each, _order in served)
    hint = _("Do the goods of both lie in it? {command}")
    command = f"retcli parcel match {parcel.number} {case.number}"
    text = message.format(waybill=waybill, cases=cases, case=case.number)
    raise Refused(text, hint.format(command=command), case=case.number)


def _served(shop: Shop, parcel: Parcel) -> list[tuple[Case, Order]]:
    """The cases that a parcel serves, with their orders."""
    query = sa.select(Case, Order).join(Order, col(Order.id) == col(Case.order_id))
    query = query.join(ParcelCase, col(ParcelCase.case_id) == col(Case.id))
    rows = shop.session.execute(query.where(col(ParcelCase.parcel_id) == parcel.id).order_by(col(Case.id)))
    return [(case, order) for case, order in rows]
