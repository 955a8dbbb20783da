"""Candidates for a parcel: cases and orders that fit its waybill, what was counted in it, or who sent it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile.sent_orders import orders_sent_under
from retcli.actions.warehouse import detaching
from retcli.actions.warehouse.parcels import INSPECT, parcel_of
from retcli.actions.warehouse.pieces import contents, held_pieces, senders
from retcli.actions.warehouse.pieces.awaited_pieces import cases_of
from retcli.actions.warehouse.strangers import read_labels
from retcli.models import Case, CaseLine, Order, OrderLine, Parcel, ParcelCase, ParcelCount, Replacement
from retcli.rules.lifecycles import COMING_BACK, MAY_SCAN, Decision, Filing, Kind, ParcelState
from retcli.rules.warehouse.fits import SCORES, Arrived, Fit, Reason, Waiting, only_together, reasons, together
from retcli.rules.warehouse.ids import folded
from retcli.shop import Shop
from retcli.views.warehouse.parcels import Candidate, CandidatesView, FitReason

MOST = 9
"""Candidates that are shown at most."""
_TAIL = 4
"""Digits of a telephone number that the books keep to be looked for."""


def candidates(shop: Shop, ref: str, tail: str = "") -> CandidatesView:
    """The cases that wait for goods, and orders without one, to which a parcel may belong, the likeliest first; `tail`
    is the end of the sender's telephone number, where it is not written down what the label shows.
    """
    shop.may(MAY_SCAN, INSPECT)
    parcel = parcel_of(shop, ref)
    return CandidatesView(parcel.number, tuple(fitting(shop, parcel, folded(tail)[-_TAIL:])[:MOST]))


def fitting(shop: Shop, parcel: Parcel, tail: str = "", *, by_goods: bool = True) -> list[Candidate]:
    """All cases and orders to which a parcel may belong, the likeliest first; without `by_goods` none for which the
    goods in it alone speak.
    """
    said = read_labels.last(shop, parcel)
    arrived = Arrived(contents.tallies(shop, parcel), parcel.carrier, tail or said.phone_tail, said.city)
    numbers = _numbers(shop, parcel, said.old_waybill)
    fits = [*_of_cases(shop, parcel, arrived, numbers, by_goods=by_goods)]
    fits += _of_orders(shop, parcel, arrived, numbers, {candidate.order for candidate in fits})
    # of equal ones the case that was opened last: what was asked for long ago has mostly come
    fits.sort(key=lambda fit: fit.case or "", reverse=True)
    fits.sort(key=lambda fit: -fit.score)
    return fits


@dataclass(frozen=True)
class _Numbers:
    """What the waybill of a parcel (`sent`, `again`) and that of its earlier label (`old`, `old_again`) stand for: ids
    of orders whose goods went out under it, and of cases for which they were sent again; `listed` are the ids of cases
    for which one of the two was named.
    """

    sent: frozenset[int | None]
    again: frozenset[int | None]
    old: frozenset[int | None]
    old_again: frozenset[int | None]
    listed: frozenset[int | None]

    def fits(self, order: Order, case: Case | None = None) -> list[Fit]:
        """What they say for an order, or for a case on it."""
        number = case.id if case else None
        fits = [_own_waybill(order)] if order.id in self.sent else [Fit.SENT_AGAIN] if number in self.again else []
        fits += [Fit.OLD_WAYBILL] if order.id in self.old or number in self.old_again else []
        return fits + ([Fit.ON_LIST] if number in self.listed else [])


def _numbers(shop: Shop, parcel: Parcel, old: str) -> _Numbers:
    """What the numbers on a parcel stand for; those named for a case were so by its buyer or the platform's list."""
    named = sa.select(col(ParcelCase.case_id)).join(Parcel, col(Parcel.id) == col(ParcelCase.parcel_id))
    named = named.where(col(Parcel.waybill) == old, col(Parcel.state) == ParcelState.EXPECTED)
    taken_off = [number for number, listed in detaching.taken_off_from(shop, parcel).items() if listed]
    listed = set(shop.session.scalars(named)) if old else set()
    listed |= set(shop.session.scalars(sa.select(col(Case.id)).where(col(Case.number).in_(taken_off))))
    return _Numbers(
        frozenset(order.id for order in orders_sent_under(shop, parcel.waybill)),
        _sent_again(shop, parcel.waybill),
        frozenset(order.id for order in orders_sent_under(shop, old)),
        _sent_again(shop, old),
        frozenset(listed - {None}),
    )


def _sent_again(shop: Shop, waybill: str) -> frozenset[int | None]:
    """The cases (ids) for which goods were sent again under a waybill."""
    query = sa.select(col(Replacement.case_id)).where(col(Replacement.waybill) == waybill)
    return frozenset(shop.session.scalars(query)) if waybill else frozenset()


def _of_cases(
    shop: Shop, parcel: Parcel, arrived: Arrived, numbers: _Numbers, *, by_goods: bool
) -> Iterator[Candidate]:
    """The waiting cases that fit and that the parcel does not serve yet. A parcel that goods were sent under fits cases
    of those orders, and others by the pieces in it that are held for nobody.
    """
    senders_of = {order.id for order in senders.sent_under(shop, parcel.waybill)}
    served = {case.id for case in cases_of(shop, parcel)}
    likely = arrived if by_goods else replace(arrived, pieces={})
    rows = [(case, order) for case, order in _waiting_cases(shop, likely, numbers) if case.id not in served]
    awaited = _awaited(shop, [case.id for case, _order in rows])
    held = held_pieces.for_nobody(shop, parcel) if numbers.sent or served else {}
    arrived = replace(arrived, pieces=held) if served else arrived  # all else in it counts for those
    own = {order.id for _case, order in rows if not senders_of or order.id in senders_of}
    rows = [(case, order) for case, order in rows if order.id in own or held.keys() & awaited[case.id].keys()]
    here = _here(shop, [case.id for case, _order in rows])
    only_tail = _of_one_buyer(shop, arrived.tail)
    waits = {
        case.id: replace(
            _waiting(order, awaited[case.id], numbers.fits(order, case)),
            agreed_days=_agreed_days(shop, case),
            complete=bool(awaited[case.id]) and here[case.id] >= sum(awaited[case.id].values()),
        )
        for case, order in rows
    }
    for cases, order in _together(rows, waits, arrived.pieces):
        waiting = together([waits[case.id] for case in cases])
        its = arrived if order.id in own else replace(arrived, pieces=held)
        if why := reasons(its, waiting, only_tail=only_tail):
            first, *others = sorted(case.number for case in cases)
            yield Candidate(first, order.number, _scored(why), tuple(others))


def _together(
    rows: Sequence[tuple[Case, Order]], waits: Mapping[int | None, Waiting], pieces: Mapping[str, int]
) -> Iterator[tuple[list[Case], Order]]:
    """The cases that are judged, with their order: each by itself, but together those of one order that only together
    wait for all the pieces of a parcel, since a buyer puts what goes back into one box; of which all came, waits for
    nothing.
    """
    of_order: dict[int | None, list[Case]] = defaultdict(list)
    for case, order in rows:
        of_order[order.id].append(case)
    for order in {order.id: order for _case, order in rows}.values():
        cases = of_order[order.id]
        lacking = [case for case in cases if not waits[case.id].complete]
        joint = [lacking[place] for place in only_together([waits[case.id].awaited for case in lacking], pieces)]
        if joint:
            yield joint, order
        yield from (([case], order) for case in cases if case not in joint)


def _of_one_buyer(shop: Shop, tail: str) -> bool:
    """Whether all orders whose telephone number ends so are of one buyer, waiting for goods or not; two orders without
    a buyer's name are of two.
    """
    buyer = sa.func.coalesce(sa.func.nullif(col(Order.buyer), ""), col(Order.number))
    buyers = sa.select(col(Order.platform), buyer).where(col(Order.phone_tail) == tail).distinct().limit(2)
    return bool(tail) and len(shop.session.execute(buyers).all()) == 1


def _waiting(order: Order, awaited: Mapping[str, int], numbers: Sequence[Fit]) -> Waiting:
    """What is known of an order beside the pieces that are awaited of it."""
    return Waiting(awaited, numbers, carrier=order.carrier, tail=order.phone_tail, address=order.address)


def _scored(why: Sequence[Reason]) -> tuple[FitReason, ...]:
    return tuple(FitReason(reason.fit, SCORES[reason.fit], tuple(reason.skus)) for reason in why)


def _of_orders(
    shop: Shop, parcel: Parcel, arrived: Arrived, numbers: _Numbers, with_case: Collection[str]
) -> Iterator[Candidate]:
    """The orders that went out under a number of the parcel and have no case that waits for it or that it serves."""
    served = {case.order_id for case in cases_of(shop, parcel)}
    ids = (numbers.sent | numbers.old) - served
    query = sa.select(Order).where(col(Order.id).in_(ids), col(Order.number).not_in(with_case))
    for order in shop.session.scalars(query.order_by(col(Order.id))) if ids else ():
        waiting = _waiting(order, senders.pieces_sent(shop, [order]), numbers.fits(order))
        yield Candidate(None, order.number, _scored(reasons(arrived, waiting)))


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


def _waiting_cases(shop: Shop, arrived: Arrived, numbers: _Numbers) -> list[tuple[Case, Order]]:
    """Open cases whose goods are to come back, with their orders, for which anything of the parcel speaks; refunds
    alone only of the orders whose goods went out under one of its numbers.
    """
    line_of_it = sa.select(col(CaseLine.id)).join(OrderLine, col(OrderLine.id) == col(CaseLine.line_id))
    line_of_it = line_of_it.where(col(CaseLine.case_id) == col(Case.id), _NAME.in_(sorted(arrived.pieces)))
    of_orders = col(Case.order_id).in_(numbers.sent | numbers.old)
    ways = [line_of_it.exists(), of_orders, col(Case.id).in_(numbers.again | numbers.old_again | numbers.listed)]
    ways += [col(Order.phone_tail) == arrived.tail] if arrived.tail else []
    query = sa.select(Case, Order).join(Order, col(Order.id) == col(Case.order_id))
    kinds = sa.or_(col(Case.kind).in_(COMING_BACK), sa.and_(col(Case.kind) == Kind.REFUND_ONLY, of_orders))
    query = query.where(col(Case.filing) == Filing.OPEN, kinds, sa.or_(*ways))
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
