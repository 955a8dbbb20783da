"""The pieces that are awaited in a parcel: whose they are, and how many are still to come or too many."""

import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse.pieces import gifts, senders
from retcli.models import Case, CaseLine, Inspection, Order, OrderLine, Parcel, ParcelCase, ParcelCount
from retcli.rules.imports.orders import DONE
from retcli.rules.lifecycles import Decision, Grade, Kind, ParcelState
from retcli.shop import Shop


def cases_of(shop: Shop, parcel: Parcel) -> list[Case]:
    """The cases that a parcel serves."""
    return list(shop.session.scalars(_CASES_OF, {"parcel": parcel.id}))


_CASES_OF = (
    sa.select(Case)
    .join(ParcelCase, col(ParcelCase.case_id) == col(Case.id))
    .where(col(ParcelCase.parcel_id) == sa.bindparam("parcel"))
    .order_by(col(Case.id))
)
"""Made once, like all that each scan asks: to make a statement costs more than to run it."""


def waits(case: Case) -> bool:
    """Whether a case waits for goods: it was not turned down. What comes back of one that was is still the buyer's."""
    return case.decision in {Decision.REQUESTED, Decision.APPROVED}


def expected_pieces(shop: Shop, parcel: Parcel, cases: Sequence[Case] | None = None) -> dict[str, int]:
    """The pieces that are expected in a parcel, by product (a line without a code by its number): what its cases that
    were not turned down wait for, with gifts of their orders where all else goes back; in an order's own parcel that
    turned round for a refund, or without a case, all that its orders had sent; with what cases of other orders
    wait for to which it was given as well. `cases` are those that it serves, None where they are still to be read.
    """
    cases = cases_of(shop, parcel) if cases is None else cases
    if not cases:
        again = senders.pieces_sent_again(shop, parcel.waybill)
        return again or senders.pieces_sent(shop, senders.sent_under(shop, parcel.waybill))
    orders = _turned_round(shop, parcel, cases)
    waiting = _waiting_beside(cases, orders)
    if orders and not waiting:
        return senders.pieces_sent(shop, orders)
    sent = Counter(senders.pieces_sent(shop, orders))
    return dict(sent + Counter(_asked_for(shop, waiting)) + Counter(gifts.gifts(shop, waiting).must_come))


def _waiting_beside(cases: Sequence[Case], turned_round: Sequence[Order]) -> list[Case]:
    """The cases that wait for goods, without those of orders whose own parcel turned round."""
    ids = {order.id for order in turned_round}
    return [case for case in cases if waits(case) and case.order_id not in ids]


def _asked_for(shop: Shop, cases: Sequence[Case]) -> dict[str, int]:
    """The pieces that some cases ask for, by product."""
    name = sa.func.coalesce(sa.func.nullif(OrderLine.sku, ""), OrderLine.number)
    query = (
        sa.select(name, sa.cast(sa.func.sum(CaseLine.quantity), sa.BigInteger))
        .join(CaseLine, col(CaseLine.line_id) == col(OrderLine.id))
        .where(col(CaseLine.case_id).in_([case.id for case in cases]))
        .group_by(name)
    )
    return {sku: int(quantity) for sku, quantity in shop.session.execute(query)}


def _turned_round(shop: Shop, parcel: Parcel, cases: Sequence[Case]) -> list[Order]:
    """The orders whose goods lie in a parcel that came back for a refund of them: those that went out under its
    waybill, or under any label those of refunds alone whose goods nobody had received; else none.
    """
    if all(case.kind != Kind.REFUND_ONLY for case in cases):
        return []
    own = senders.sent_under(shop, parcel.waybill)
    if own or any(case.kind != Kind.REFUND_ONLY for case in cases) or parcel.state == ParcelState.EXPECTED:
        return own
    query = sa.select(Order).where(col(Order.id).in_({case.order_id for case in cases}))
    received = sa.or_(col(Order.signed_at).is_not(None), col(Order.status) == DONE)
    return list(shop.session.scalars(query.where(sa.not_(received)).order_by(col(Order.id))))


def awaits(shop: Shop, parcel: Parcel) -> bool:
    """Whether more pieces are expected in a parcel, over all parcels of its cases; always where it has no case."""
    expected = expected_pieces(shop, parcel)
    return not cases_of(shop, parcel) or any(_surplus_or_lack(shop, parcel, sku) < 0 for sku in expected)


def excess(shop: Shop, parcel: Parcel, sku: str, pieces: int) -> int:
    """How many of some further pieces of a product nobody waits for: they exceed what the parcel's cases wait for over
    all of their parcels, or without a case what its orders had sent. None where nobody knows whose it is. Goods of
    another order (X) take no place from the right ones.
    """
    return min(pieces, max(0, _surplus_or_lack(shop, parcel, sku) + pieces))


def room(shop: Shop, parcel: Parcel, sku: str) -> int:
    """How many pieces of a product may still count as right ones in a parcel: those that its cases wait for over all of
    their parcels, or without a case what its orders had sent; any number where nobody knows whose it is.
    """
    return max(0, -_surplus_or_lack(shop, parcel, sku))


def surplus(shop: Shop, parcel: Parcel, sku: str) -> int:
    """How many pieces of a product that are counted as right ones nobody waits for, over all parcels of the cases or
    orders; none where nobody knows whose the parcel is.
    """
    return max(0, _surplus_or_lack(shop, parcel, sku))


def _surplus_or_lack(shop: Shop, parcel: Parcel, sku: str) -> int:
    """Pieces of a product counted as right ones, less those that are expected: below zero where some are still to come,
    and far below where nobody knows whose the parcel is.
    """
    together = _counted_together(shop, parcel)
    if together is None:  # nobody knows whose the parcel is, so that no piece in it is too many
        return -sys.maxsize
    return sum(_right_pieces(shop, together, sku).values()) - _may_come(shop, parcel, sku)


def _may_come(shop: Shop, parcel: Parcel, sku: str) -> int:
    """How many pieces of a product may lie in a parcel: those that are expected, and gifts that the buyer might also
    have kept.
    """
    cases = cases_of(shop, parcel)
    orders = _turned_round(shop, parcel, cases)
    waiting = _waiting_beside(cases, orders)
    if not cases or (orders and not waiting):
        return expected_pieces(shop, parcel).get(sku, 0)
    sent = senders.pieces_sent(shop, orders).get(sku, 0)
    return sent + _asked_for(shop, waiting).get(sku, 0) + gifts.gifts(shop, waiting).may_come.get(sku, 0)


def orders_without_case(shop: Shop, parcel: Parcel) -> list[Order]:
    """The orders whose goods went out under a parcel's waybill, where the parcel has no case."""
    return [] if cases_of(shop, parcel) else senders.sent_under(shop, parcel.waybill)


def elsewhere(shop: Shop, parcel: Parcel, sku: str) -> dict[str, int]:
    """Pieces of a product, but those of another order, in the other parcels of the same cases or orders, by waybill."""
    together = _counted_together(shop, parcel)
    pieces = {} if together is None else _right_pieces(shop, together.where(col(Parcel.id) != parcel.id), sku)
    waybills = sa.select(col(Parcel.id), col(Parcel.waybill)).where(col(Parcel.id).in_(pieces))
    return {waybill: pieces[ident] for ident, waybill in shop.session.execute(waybills) if pieces[ident] > 0}


def _counted_together(shop: Shop, parcel: Parcel) -> sa.Select[Any] | None:
    """A query for the ids of the parcels whose pieces count together with a parcel's: those of its cases, or without a
    case those of the orders that were sent under its waybill; None where neither is known.
    """
    cases = cases_of(shop, parcel)
    orders = _turned_round(shop, parcel, cases)
    if cases and not orders:
        served = sa.select(col(ParcelCase.parcel_id)).where(col(ParcelCase.case_id).in_([case.id for case in cases]))
        return sa.select(col(Parcel.id)).where(col(Parcel.id).in_(served))
    if not cases and senders.pieces_sent_again(shop, parcel.waybill):
        return sa.select(col(Parcel.id)).where(col(Parcel.id) == parcel.id)
    beside = _waiting_beside(cases, orders)
    orders = orders or senders.sent_under(shop, parcel.waybill)
    if not orders:
        return None
    parcels = senders.parcels_of_orders(shop, orders)
    if beside:
        served = sa.select(col(ParcelCase.parcel_id)).where(col(ParcelCase.case_id).in_([case.id for case in beside]))
        parcels |= set(shop.session.scalars(served))
    return sa.select(col(Parcel.id)).where(col(Parcel.id).in_(parcels))


def _right_pieces(shop: Shop, parcels: sa.Select[Any], sku: str) -> dict[int, int]:
    """Pieces of a product in some parcels, by the parcel's id, without those graded as of another order (X)."""
    query = sa.select(col(ParcelCount.parcel_id), col(ParcelCount.counted)).where(col(ParcelCount.sku) == sku)
    counted = {ident: int(n) for ident, n in shop.session.execute(query.where(col(ParcelCount.parcel_id).in_(parcels)))}
    wrong = sa.select(col(Inspection.parcel_id), _sum(Inspection.quantity)).where(
        col(Inspection.parcel_id).in_(parcels), col(Inspection.sku) == sku, col(Inspection.grade) == Grade.X
    )
    for ident, pieces in shop.session.execute(wrong.group_by(col(Inspection.parcel_id))):
        counted[ident] = counted.get(ident, 0) - int(pieces)
    return counted


def _sum(column: Any) -> Any:
    """A sum as a whole number: PostgreSQL gives a decimal one for whole numbers."""
    return sa.cast(sa.func.sum(column), sa.BigInteger)
