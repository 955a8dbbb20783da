"""Whose goods lie under a waybill with which the shop sent something out: an order's, or a case's sent again."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile import sent_orders
from retcli.errors import Refused
from retcli.language import _, series
from retcli.models import Case, Order, Replacement
from retcli.reading.cells import Unreadable, waybills
from retcli.rules.warehouse.ids import mobile, normalised
from retcli.shop import Shop
from retcli.views.freetext import numbers


def sent_under(shop: Shop, waybill: str) -> list[Order]:
    """The orders whose goods, or whose goods sent again, went out under a comparable waybill."""
    again = sa.select(col(Case.order_id)).join(Replacement, col(Replacement.case_id) == col(Case.id))
    sent = sa.or_(sent_orders.sent_under(waybill), col(Order.id).in_(again.where(col(Replacement.waybill) == waybill)))
    return list(shop.session.scalars(sa.select(Order).where(sent).order_by(col(Order.id)))) if waybill else []


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
