"""Parcels on their way to the buyer that the carrier is asked to bring back."""

from dataclasses import replace

from retcli.actions.casefile import lookup
from retcli.actions.casefile.dossiers import parcels_of
from retcli.actions.orderfile.sent_orders import carrier_of, under_way
from retcli.actions.warehouse import parcels
from retcli.errors import Refused
from retcli.language import _, mark
from retcli.models import Case, Order
from retcli.rules.lifecycles import COMING_BACK, MAY_DECIDE, Decision, Filing, Kind
from retcli.shop import Shop
from retcli.views.base import when
from retcli.views.warehouse.parcels import BroughtBack, ParcelView


def intercept(shop: Shop, ref: str) -> ParcelView:
    """Notes that the carrier was asked to bring back all that is on its way to the buyer of a case: its waybills are
    waited for at the door. The first of its parcels. Raises Refused where nothing of it can be brought back.
    """
    shop.may(MAY_DECIDE, mark("have parcels intercepted"))
    case = lookup.case_of(shop, ref)
    order = shop.session.get_one(Order, case.order_id)
    _refuse_what_cannot_come_back(case, order)
    expected_before = {parcel.waybill for parcel in parcels_of(shop, case)}
    brought_back = [
        parcels.expect(shop, case, waybill, carrier_of(shop, order, waybill)) for waybill in under_way(shop, order)
    ]
    for parcel in brought_back:
        if parcel.waybill not in expected_before:
            shop.record(parcel.number, "intercept", case=case.number)
    carriers = tuple(dict.fromkeys(filter(None, (parcel.carrier for parcel in brought_back))))
    to_tell = BroughtBack(carriers, tuple(parcel.waybill for parcel in brought_back))
    return replace(parcels.view_of(shop, brought_back[0]), brought_back=to_tell)


def _refuse_what_cannot_come_back(case: Case, order: Order) -> None:
    """Raises Refused where a case is over or about no goods, or its order's are with the buyer or were never sent."""
    decided = {Decision.REJECTED, Decision.WITHDRAWN}
    if case.kind not in COMING_BACK | {Kind.REFUND_ONLY} or case.filing == Filing.FINISHED or case.decision in decided:
        way = f"retcli case reopen {case.number}" if case.decision == Decision.WITHDRAWN else ""
        raise Refused(_("Nothing comes back for {case}").format(case=case.number), way, case=case.number)
    if order.signed_at is not None:
        message = _("Order {order} was signed for on {at}: it is too late to intercept it")
        hint = f"retcli case change {case.number} --kind return --because TEXT"
        raise Refused(message.format(order=order.number, at=when(order.signed_at)), hint, case=case.number)
    if not order.waybill:
        message = _("No waybill of order {order} is known, so there is nothing to intercept")
        hint = _("Import the order report that names it, or where nothing was sent: retcli case approve {case}")
        raise Refused(message.format(order=order.number), hint.format(case=case.number), case=case.number)
