"""Whose goods lie under a waybill with which the shop sent something out: an order's, or a case's sent again."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile import sent_orders
from retcli.errors import Refused
from retcli.language import _, series
from retcli.models import Case, Order, OrderLine, Parcel, ParcelCase, Replacement
from retcli.reading.cells import Unreadable, waybills
from retcli.rules.warehouse.ids import mobile, normalised
from retcli.shop import Shop
from retcli.views.freetext import numbers


def sent_under(shop: Shop, waybill: str) -> list[Order]:
    """The orders whose goods, or whose goods sent again, went out under a comparable waybill."""
    again = sa.select(col(Case.order_id)).join(Replacement, col(Replacement.case_id) == col(Case.id))
    sent = sa.or_(sent_orders.sent_under(waybill), col(Order.id).in_(again.where(col(Replacement.waybill) == waybill)))
    return list(shop.session.scalars(sa.select(Order).where(sent).order_by(col(Order.id)))) if waybill else []


def pieces_sent(shop: Shop, orders: Sequence[Order]) -> dict[str, int]:
    """Pieces by product that went out for some orders, what was sent again with them; a line without a code goes by
    its number.
    """
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


def parcels_of_orders(shop: Shop, orders: Sequence[Order]) -> set[int]:
    """The ids of the parcels under the waybills of some orders' goods, of what was sent again for them, and of their
    cases.
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
    """The numbers of the orders to which goods went out under a waybill, where the case's order is none of them; else
    none.
    """
    orders = sent_under(shop, waybill)
    return () if case.order_id in {order.id for order in orders} else tuple(order.number for order in orders)


def refuse_anothers(shop: Shop, waybill: str, case: Case, hint: str) -> None:
    """Raises Refused where a waybill is that of goods that went out to another order than the case's."""
    owners = of_others(shop, waybill, case)
    if owners:
        message = _("{waybill} is the waybill under which order {order} was sent, and {case} is of another order")
        order = series(owners)
        raise Refused(message.format(waybill=waybill, order=order, case=case.number), hint, case=case.number)


def one_waybill(typed: str, hint: str) -> str:
    """The waybill that was typed, in its comparable form. Raises Refused where there is none, several, or a mobile
    number in its place.
    """
    waybill = normalised(typed)
    if not waybill:
        raise Refused(_("No waybill was given: nothing is booked"), hint)
    if mobile(waybill):
        message = _("{number} looks like a phone number, not a waybill: nothing is booked")
        raise Refused(message.format(number=numbers(waybill)), hint)
    try:
        several = waybills(typed)
    except Unreadable as wrong:
        raise Refused(_("{text}: {problem}").format(text=numbers(typed), problem=_(str(wrong))), hint) from wrong
    if len(several) > 1:
        message = _("{numbers} are several waybills: nothing is booked")
        hint = _("One command for each parcel, or one row for each in a file that is imported")
        raise Refused(message.format(numbers=series(several)), hint)
    return waybill
