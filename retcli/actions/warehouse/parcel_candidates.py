"""Candidates for a parcel: cases and orders that fit its waybill or what was counted in it."""

from collections import defaultdict

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.one_case import case_lines
from retcli.actions.orderfile.sent_orders import orders_sent_under
from retcli.actions.warehouse import senders
from retcli.actions.warehouse.contents import cases_of
from retcli.actions.warehouse.parcels import INSPECT, parcel_of
from retcli.models import Case, Order, Parcel, ParcelCount
from retcli.rules.lifecycles import COMING_BACK, MAY_SCAN, Decision, Filing
from retcli.shop import Shop
from retcli.views.warehouse.parcels import Candidate, CandidatesView, Fit, FitReason

MOST = 9
"""Candidates that are shown at most."""
_Fits = dict[tuple[str, str], list[FitReason]]
"""The reasons for each candidate, by the number of the case ("" where the order has none) and of the order."""


def candidates(shop: Shop, ref: str) -> CandidatesView:
    """The cases that wait for goods, and orders without one, to which a parcel may belong, the likeliest first."""
    shop.may(MAY_SCAN, INSPECT)
    parcel = parcel_of(shop, ref)
    fits = _fits(shop, parcel)
    ranked = sorted(fits.items(), key=lambda fit: (-sum(reason.score for reason in fit[1]), fit[0]))
    likeliest = [Candidate(case or None, order, tuple(reasons)) for (case, order), reasons in ranked[:MOST]]
    return CandidatesView(parcel.number, tuple(likeliest))


def _fits(shop: Shop, parcel: Parcel) -> _Fits:
    """The reasons for each waiting case that the parcel does not serve yet, and for orders sent under its waybill that
    have no such case. A parcel that goods were sent under fits cases of those orders only.
    """
    counted = set(shop.session.scalars(sa.select(col(ParcelCount.sku)).where(col(ParcelCount.parcel_id) == parcel.id)))
    served = cases_of(shop, parcel)
    sent = {order.id: order for order in orders_sent_under(shop, parcel.waybill)}
    fits: _Fits = defaultdict(list)
    senders_of = {order.id for order in senders.sent_under(shop, parcel.waybill)}
    for case, order in _waiting_cases(shop):
        if case in served or (senders_of and order.id not in senders_of):
            continue
        if order.id in sent:
            fits[case.number, order.number].append(FitReason(_own_waybill(order), 60))
        shared = counted & {order_line.sku for _line, order_line in case_lines(shop, case)}
        if shared:
            awaited = FitReason(Fit.HOLDS_WHAT_IS_AWAITED, 40, tuple(sorted(shared)))
            fits[case.number, order.number].append(awaited)
    for order in sent.values():
        if not any(number == order.number for _case, number in fits) and order.id not in {c.order_id for c in served}:
            fits["", order.number].append(FitReason(_own_waybill(order), 50))
    return fits


def _own_waybill(order: Order) -> Fit:
    """The fit of a parcel under the waybill of an order's own goods: undelivered, or sent back after the buyer had
    it.
    """
    return Fit.OWN_WAYBILL_UNDELIVERED if order.signed_at is None else Fit.OWN_WAYBILL_HAD_BY_BUYER


def _waiting_cases(shop: Shop) -> list[tuple[Case, Order]]:
    """Open cases whose goods are to come back, with their orders."""
    rows = shop.session.execute(
        sa.select(Case, Order)
        .join(Order, col(Order.id) == col(Case.order_id))
        .where(col(Case.filing) == Filing.OPEN, col(Case.kind).in_(COMING_BACK))
        .where(col(Case.decision).in_([Decision.REQUESTED, Decision.APPROVED]))
    )
    return [(case, order) for case, order in rows]
