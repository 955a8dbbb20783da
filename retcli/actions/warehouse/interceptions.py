"""Interceptions: the carrier is asked to bring back parcels on their way to the buyer, and the refund waits for
them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import lookup
from retcli.actions.casefile.judgement import came_back_undelivered
from retcli.actions.casefile.records import acts
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.actions.casefile.records.one_case import parcels_of
from retcli.actions.money import outgoing
from retcli.actions.orderfile.sent_orders import carrier_of, under_way, waybills_of
from retcli.actions.warehouse import detaching, parcels
from retcli.actions.warehouse.pieces import awaited_pieces
from retcli.errors import Refused
from retcli.language import _, mark
from retcli.models import Case, Order, Parcel
from retcli.models.acts import Act
from retcli.rules.lifecycles import COMING_BACK, MAY_DECIDE, PARCEL, Decision, Filing, Kind, ParcelState, PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import Door
from retcli.shop import Shop
from retcli.views.base import when
from retcli.views.warehouse.parcels import BroughtBack, ParcelView


def intercept(shop: Shop, ref: str) -> ParcelView:
    """Notes that the carrier was asked to bring back all parcels on their way to the buyer of a case. They are awaited
    by the case and by every other open refund of its order, whose goods may lie in them; unsent money of these is held
    back. The view of the first parcel. Raises Refused where nothing of the order can be brought back.
    """
    shop.may(MAY_DECIDE, mark("have parcels intercepted"))
    case = lookup.case_of(shop, ref)
    order = shop.session.get_one(Order, case.order_id)
    _refuse_what_cannot_come_back(case, order)
    # read before they are awaited: only a parcel that is new to the case is told to its history
    others = _of_the_same_order(shop, case)
    before = _standing(shop, order, [case, *others])
    expected_before = before.served[case.number]
    dossier = dossier_of(shop, case)
    # as many are here as went out, whatever their labels: nothing is out there to be awaited
    here = list(dossier.turned_round) if 0 < len(dossier.sent_under) <= len(dossier.turned_round) else []
    brought_back = here or [
        parcels.expect(shop, case, waybill, carrier_of(shop, order, waybill)) for waybill in under_way(shop, order)
    ]
    for parcel in brought_back:
        if parcel.waybill not in expected_before:
            shop.record(parcel.number, "intercept", case=case.number)
    for other in others:
        for parcel in brought_back:
            parcels.expect(shop, other, parcel.waybill, parcel.carrier)
        _hold_back_money(shop, other)
    clicked = _hold_back_money(shop, case)
    _note(shop, [case, *others], brought_back, before)
    out = [parcel for parcel in brought_back if parcel.state == ParcelState.EXPECTED]
    carriers = tuple(dict.fromkeys(filter(None, (parcel.carrier for parcel in out))))
    inspected = all(parcel.state == ParcelState.INSPECTED for parcel in brought_back)
    waybills = tuple(parcel.waybill for parcel in out)
    to_tell = BroughtBack(carriers, waybills, case.number, clicked, inspected=inspected)
    return replace(parcels.view_of(shop, brought_back[0]), brought_back=to_tell)


@dataclass(frozen=True)
class _Standing:
    """What stood before an interception, of the cases of an order: the waybills of the parcels that each serves, those
    of all parcels known here, and the numbers of the cases of which money was still to leave.
    """

    served: Mapping[str, frozenset[str]]
    known: frozenset[str]
    unsent: frozenset[str]


def _standing(shop: Shop, order: Order, cases: Sequence[Case]) -> _Standing:
    served = {case.number: frozenset(parcel.waybill for parcel in parcels_of(shop, case)) for case in cases}
    query = sa.select(col(Parcel.waybill)).where(col(Parcel.waybill).in_(waybills_of(shop, order)))
    known = frozenset(shop.session.scalars(query.where(col(Parcel.state) != ParcelState.VOID)))
    unsent = frozenset(case.number for case in cases if outgoing.unsent(shop, case))
    return _Standing(served, known, unsent)


def _note(shop: Shop, cases: Sequence[Case], brought_back: Sequence[Parcel], before: _Standing) -> None:
    """Writes down what an interception did, so that it can be taken back; nothing where it did nothing."""
    gave = {
        case.number: [parcel.number for parcel in brought_back if parcel.waybill not in before.served[case.number]]
        for case in cases
    }
    held = [case.number for case in cases if case.number in before.unsent and not outgoing.unsent(shop, case)]
    new = [parcel.number for parcel in brought_back if parcel.waybill not in before.known]
    if any(gave.values()) or held:
        case, parcel = cases[0], brought_back[0]
        acts.note(shop, "intercept", parcel.number, case=case, parcel=parcel, gave=gave, new=new, held=held)


def take_back(shop: Shop, act: Act) -> None:
    """Has the cases await no more what was intercepted for them; money that was held back for it may leave again.
    Raises Refused where a parcel came, or anything was done with it since.
    """
    did = acts.what(act)
    for number in dict.fromkeys(number for numbers in did["gave"].values() for number in numbers):
        parcel = shop.hold(parcels.numbered(shop, number))
        if parcel.state != ParcelState.EXPECTED:
            message = _("{parcel} arrived at {at}").format(parcel=number, at=when(parcel.received_at))
            raise Refused(message, f"retcli parcel detach {number} --because TEXT", subject=act.subject)
        for case in awaited_pieces.cases_of(shop, parcel):
            if number in did["gave"].get(case.number, ()):
                detaching.take_off(shop, parcel, shop.hold(case), detaching.UNDONE_ATTACH)
        if number in did["new"] and not awaited_pieces.cases_of(shop, parcel):
            shop.move(parcel, parcel.number, PARCEL, "take_out")
    for number in did["held"]:
        outgoing.go_by_itself(shop, shop.hold(lookup.case_of(shop, number)), Door.APPROVAL)


def _of_the_same_order(shop: Shop, case: Case) -> list[Case]:
    """The other open refund-only cases of a case's order, locked; refused and withdrawn ones are left out."""
    query = sa.select(Case).where(
        col(Case.order_id) == case.order_id,
        col(Case.id) != case.id,
        col(Case.kind) == Kind.REFUND_ONLY,
        col(Case.filing) == Filing.OPEN,
        col(Case.decision).in_([Decision.REQUESTED, Decision.APPROVED]),
    )
    return [shop.hold(other) for other in shop.session.scalars(query.order_by(col(Case.id)))]


def _hold_back_money(shop: Shop, case: Case) -> Money | None:
    """Calls off refunds of a case that nobody clicked yet, until its pieces were inspected; not where they were
    already, or somebody waived that goods come first. The sum of what was clicked before and may have left; None for
    nothing.
    """
    dossier = dossier_of(shop, case)
    if came_back_undelivered(dossier):
        return None
    if dossier.waivers.keys() & {"goods_back", "goods_first"}:
        return None
    unclicked = {payout.id for payout in outgoing.unsent(shop, case)}
    open_refunds = [payout for payout in dossier.payouts if payout.kind == "refund" and payout.state == PayoutState.DUE]
    outgoing.call_off(shop, case, outgoing.AWAITS_GOODS)
    clicked = sum(payout.minor for payout in open_refunds if payout.id not in unclicked)
    return Money(clicked, dossier.order.currency) if clicked else None


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
