"""Candidates for a parcel: cases and orders that fit its waybill, what was counted in it, or who sent it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile.sent_orders import orders_sent_under
from retcli.actions.warehouse.parcels import INSPECT, parcel_of
from retcli.actions.warehouse.pieces import contents, held_pieces, senders
from retcli.actions.warehouse.pieces.awaited_pieces import cases_of
from retcli.models import Case, CaseLine, Order, OrderLine, Parcel, ParcelCase, ParcelCount
from retcli.rules.lifecycles import COMING_BACK, MAY_SCAN, Decision, Filing
from retcli.rules.warehouse.fits import SCORES, Arrived, Fit, Waiting, reasons
from retcli.rules.warehouse.ids import folded
from retcli.shop import Shop
from retcli.views.warehouse.parcels import Candidate, CandidatesView, FitReason

MOST = 9
"""Candidates that are shown at most."""
_TAIL = 4
"""Digits of a telephone number that the books keep to be looked for."""
_SENT_NO_CASE = 50
"""The score of an order without a waiting case that went out under the parcel's waybill."""


def candidates(shop: Shop, ref: str, tail: str = "") -> CandidatesView:
    """The cases that wait for goods, and orders without one, to which a parcel may belong, the likeliest first; `tail`
    is the end of the sender's telephone number, where the label shows it.
    """
    shop.may(MAY_SCAN, INSPECT)
    parcel = parcel_of(shop, ref)
    fits = [*_of_cases(shop, parcel, folded(tail)[-_TAIL:])]
    fits += _of_orders(shop, parcel, {candidate.order for candidate in fits})
    # of equal ones the case that was opened last: what was asked for long ago has mostly come
    fits.sort(key=lambda fit: fit.case or "", reverse=True)
    fits.sort(key=lambda fit: -fit.score)
    return CandidatesView(parcel.number, tuple(fits[:MOST]))


def _of_cases(shop: Shop, parcel: Parcel, tail: str) -> Iterator[Candidate]:
    """The waiting cases that fit and that the parcel does not serve yet. A parcel that goods were sent under fits cases
    of those orders, and others by the pieces in it that are held for nobody.
    """
    arrived = Arrived(contents.tallies(shop, parcel), parcel.carrier, tail)
    sent = {order.id for order in orders_sent_under(shop, parcel.waybill)}
    senders_of = {order.id for order in senders.sent_under(shop, parcel.waybill)}
    served = {case.id for case in cases_of(shop, parcel)}
    rows = [(case, order) for case, order in _waiting_cases(shop, arrived, sent) if case.id not in served]
    awaited = _awaited(shop, [case.id for case, _order in rows])
    held = held_pieces.for_nobody(shop, parcel) if sent else {}
    own = {order.id for _case, order in rows if not senders_of or order.id in senders_of}
    rows = [(case, order) for case, order in rows if order.id in own or held.keys() & awaited[case.id].keys()]
    here = _here(shop, [case.id for case, _order in rows])
    only_tail = sum(order.phone_tail == tail for _case, order in rows) == 1
    for case, order in rows:
        waiting = Waiting(
            awaited[case.id],
            _own_waybill(order) if order.id in sent else None,
            _agreed_days(shop, case),
            order.carrier,
            bool(awaited[case.id]) and here[case.id] >= sum(awaited[case.id].values()),
            order.phone_tail,
        )
        its = arrived if order.id in own else replace(arrived, pieces=held)
        if why := reasons(its, waiting, only_tail=only_tail):
            scored = [FitReason(reason.fit, SCORES[reason.fit], tuple(reason.skus)) for reason in why]
            yield Candidate(case.number, order.number, tuple(scored))


def _of_orders(shop: Shop, parcel: Parcel, with_case: Collection[str]) -> Iterator[Candidate]:
    """The orders that went out under the parcel's waybill and have no case that waits for it or that it serves."""
    served = {case.order_id for case in cases_of(shop, parcel)}
    for order in orders_sent_under(shop, parcel.waybill):
        if order.number not in with_case and order.id not in served:
            yield Candidate(None, order.number, (FitReason(_own_waybill(order), _SENT_NO_CASE),))


def _own_waybill(order: Order) -> Fit:
    """The fit of a parcel under the waybill of an order's own goods: undelivered, or sent back after the buyer had
    it.
    """
    return Fit.OWN_WAYBILL_UNDELIVERED if order.signed_at is None else Fit.OWN_WAYBILL_HAD_BY_BUYER


def _agreed_days(shop: Shop, case: Case) -> int | None:
    """How many days ago a return was agreed to; None where it is not."""
    if case.decision != Decision.APPROVED or case.decided_at is None:
        return None
    return (shop.now - case.decided_at).days


_NAME = sa.func.coalesce(sa.func.nullif(OrderLine.sku, ""), OrderLine.number)
"""What a line's goods are called: a line without a merchant code by its number."""


def _waiting_cases(shop: Shop, arrived: Arrived, sent: Collection[int | None]) -> list[tuple[Case, Order]]:
    """Open cases whose goods are to come back, with their orders, for which anything of the parcel speaks."""
    line_of_it = sa.select(col(CaseLine.id)).join(OrderLine, col(OrderLine.id) == col(CaseLine.line_id))
    line_of_it = line_of_it.where(col(CaseLine.case_id) == col(Case.id), _NAME.in_(sorted(arrived.pieces)))
    ways = [line_of_it.exists(), col(Case.order_id).in_(sent)]
    ways += [col(Order.phone_tail) == arrived.tail] if arrived.tail else []
    query = sa.select(Case, Order).join(Order, col(Order.id) == col(Case.order_id))
    query = query.where(col(Case.filing) == Filing.OPEN, col(Case.kind).in_(COMING_BACK), sa.or_(*ways))
    query = query.where(col(Case.decision).in_([Decision.REQUESTED, Decision.APPROVED]))
    return [(case, order) for case, order in shop.session.execute(query)]


def _awaited(shop: Shop, cases: Sequence[int | None]) -> Mapping[int | None, Counter[str]]:
    """The pieces that each of some cases (by id) waits for, by product."""
    query = sa.select(col(CaseLine.case_id), _NAME, col(CaseLine.quantity))
    query = query.join(OrderLine, col(OrderLine.id) == col(CaseLine.line_id)).where(col(CaseLine.case_id).in_(cases))
    awaited: dict[int | None, Counter[str]] = defaultdict(Counter)
    for case, name, quantity in shop.session.execute(query):
        awaited[case][name] += int(quantity)
    return awaited


def _here(shop: Shop, cases: Sequence[int | None]) -> Mapping[int | None, int]:
    """How many pieces were counted in the parcels of each of some cases (by id)."""
    pieces = sa.cast(sa.func.sum(ParcelCount.counted), sa.BigInteger)
    query = sa.select(col(ParcelCase.case_id), pieces).where(col(ParcelCase.case_id).in_(cases))
    query = query.join(ParcelCount, col(ParcelCount.parcel_id) == col(ParcelCase.parcel_id))
    return Counter({case: int(n) for case, n in shop.session.execute(query.group_by(col(ParcelCase.case_id)))})
