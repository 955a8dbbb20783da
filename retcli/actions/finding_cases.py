"""Finding the order or case that somebody means."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.errors import NotFound, WrongCommand
from retcli.language import _
from retcli.models import Case, Order, OrderLine, Parcel, ParcelCase, Replacement
from retcli.rules.parcels import normalised
from retcli.shop import Shop


def order_of(shop: Shop, ref: str) -> Order:
    """The order of a number, a sub-order's number, or an outgoing waybill."""
    wanted = normalised(ref)
    query = sa.select(Order).where(sa.or_(col(Order.number) == wanted, col(Order.waybill) == wanted))
    found = list(shop.session.scalars(query.limit(9)))
    if not found:
        query = sa.select(Order).join(OrderLine, col(OrderLine.order_id) == col(Order.id))
        found = list(shop.session.scalars(query.where(col(OrderLine.number) == wanted).limit(9)))
    if not found:
        raise NotFound(
            _("There is no order {number}").format(number=ref), _("Search: retcli order find TEXT; or import first")
        )
    if len(found) > 1:
        raise WrongCommand(_("{number} names several orders").format(number=ref), "、".join(o.number for o in found))
    return found[0]


def case_of(shop: Shop, ref: str) -> Case:
    """The case of a number, of its last digits, or of a refund number, order number or waybill that names just one;
    where something is to be written, it is held.
    """
    wanted = normalised(ref)
    tail = sa.and_(
        sa.literal(wanted.isdigit() and len(wanted) <= 8), col(Case.number).endswith(wanted, autoescape=True)
    )
    exact = sa.select(Case).where(sa.or_(col(Case.number) == wanted, col(Case.platform_number) == wanted))
    found = list(shop.session.scalars(exact))
    found = found or list(shop.session.scalars(sa.select(Case).where(tail).limit(9)))
    found = found or _by_order_or_waybill(shop, wanted)
    if not found:
        raise NotFound(_("There is no case {number}").format(number=ref), "retcli case list")
    if len(found) > 1:
        message = _("{number} names several cases").format(number=ref)
        raise WrongCommand(message, "、".join(case.number for case in found))
    return shop.hold(found[0])


def _by_order_or_waybill(shop: Shop, wanted: str) -> list[Case]:
    orders = sa.select(col(Order.id)).where(sa.or_(col(Order.number) == wanted, col(Order.waybill) == wanted))
    parcels = (
        sa.select(col(ParcelCase.case_id))
        .join(Parcel, col(Parcel.id) == col(ParcelCase.parcel_id))
        .where(col(Parcel.waybill) == wanted)
    )
    outgoing = sa.select(col(Replacement.case_id)).where(col(Replacement.waybill) == wanted, sa.literal(wanted != ""))
    query = sa.select(Case).where(
        sa.or_(col(Case.order_id).in_(orders), col(Case.id).in_(parcels), col(Case.id).in_(outgoing))
    )
    return list(shop.session.scalars(query.order_by(col(Case.id)).limit(9)))
