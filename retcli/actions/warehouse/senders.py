"""Whose goods a waybill of the shop's own sendings stands for, and the refusals of waybills that cannot be what
somebody takes them for.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile import sent_orders
from retcli.errors import Refused
from retcli.language import _, series
from retcli.models import Barcode, Case, Order, OrderLine, Parcel, ParcelCase, Product, Replacement
from retcli.reading.cells import Unreadable
from retcli.reading.waybills import waybills
from retcli.rules.lifecycles import ReplacementState
from retcli.rules.telephones import telephone
from retcli.rules.warehouse import barcodes
from retcli.rules.warehouse.codes import like_a_waybill, never_a_waybill, ours
from retcli.rules.warehouse.ids import folded, normalised, order_key
from retcli.shellwords import quoted
from retcli.shop import Shop
from retcli.views.freetext import numbers


def sent_under(shop: Shop, waybill: str) -> list[Order]:
    """The orders whose goods went out under a comparable waybill, at first or again for a case."""
    again = sa.select(col(Case.order_id)).join(Replacement, col(Replacement.case_id) == col(Case.id))
    sent = sa.or_(sent_orders.sent_under(waybill), col(Order.id).in_(again.where(col(Replacement.waybill) == waybill)))
    return list(shop.session.scalars(sa.select(Order).where(sent).order_by(col(Order.id)))) if waybill else []


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
    query = sa.select(col(Replacement.sku), col(Replacement.quantity)).where(col(Replacement.waybill) == waybill)
    pieces: dict[str, int] = {}
    for sku, quantity in shop.session.execute(query):
        pieces[sku] = pieces.get(sku, 0) + int(quantity)
    return pieces


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
    if parcel is not None:
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


def refuse_unlike(waybill: str, case: Case) -> None:
    """Raises Refused for a waybill that has the shape of no carrier's."""
    if like_a_waybill(waybill):
        return
    message = _("{waybill} is like no carrier's waybill: nothing is booked")
    command = f"retcli parcel expect {case.number} {quoted(waybill)} --sure"
    hint = _("Does it stand on the parcel's label just so? {command}").format(command=command)
    raise Refused(message.format(waybill=waybill), hint, case=case.number)


def _refuse_known(shop: Shop, typed: str, hint: str) -> None:
    """Raises Refused where what was typed is an article's code or one of our own numbers."""
    code = normalised(typed)
    article = sa.select(col(Barcode.sku)).where(col(Barcode.code).in_(barcodes.forms(typed)))
    product = sa.select(col(Product.sku)).where(col(Product.sku_key).in_({code, folded(typed)}))
    case = sa.select(col(Case.number)).where(sa.or_(col(Case.number) == code, col(Case.platform_key) == code))
    lines = sa.select(col(OrderLine.order_id)).where(col(OrderLine.number_key) == code)
    by_number = sa.or_(col(Order.number_key) == order_key(code), col(Order.id).in_(lines))
    order = sa.select(col(Order.number)).where(by_number)
    parcel = sa.select(col(Parcel.number)).where(col(Parcel.number) == code)
    for query, message in (
        (article, _("{code} is a barcode of {name}, not a waybill: nothing is booked")),
        (product, _("{code} is a merchant code, not a waybill: nothing is booked")),
        (order, _("{code} is the number of order {name}, not a waybill: nothing is booked")),
        (case, _("{code} is the number of {name}, not a waybill: nothing is booked")),
        (parcel, _("{code} is our own number of a parcel, not a waybill: nothing is booked")),
    ):
        name = shop.session.scalars(query.limit(1)).first()
        if name == code and query is case:
            message = _("{code} is the number of a case, not a waybill: nothing is booked")
        elif name == code and query is order:
            message = _("{code} is the number of an order, not a waybill: nothing is booked")
        if name is not None:
            raise Refused(message.format(code=code, name=name), hint)


def one_waybill(shop: Shop, typed: str, hint: str) -> str:
    """The waybill that was typed, in its comparable form. Raises Refused for none, several, or something else in its
    place: a phone number, a barcode or an article's code, a number of our own.
    """
    waybill = normalised(typed)
    if not waybill:
        raise Refused(_("No waybill was given: nothing is booked"), hint)
    _refuse_known(shop, typed, hint)
    if ours(waybill):
        message = _("{code} has the form of our own numbers, not of a waybill: nothing is booked")
        raise Refused(message.format(code=waybill), hint)
    # with dashes between its groups it is nobody's barcode, though its digits together may pass for one
    spoken = telephone(waybill) and not waybill.isdigit()
    if never_a_waybill(barcodes.as_kept(typed)) and not spoken:
        message = _("{code} is a barcode by its check digit, not a waybill: nothing is booked")
        raise Refused(message.format(code=barcodes.as_kept(typed)), hint)
    if telephone(waybill):
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
