"""The facts that matter for a case's reason, side by side: what was ordered and what came, promise and carrier."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.books import history_clock
from retcli.actions.casefile.judgement import less_paid
from retcli.actions.casefile.lookup import reason_that_counts
from retcli.actions.casefile.payable import left_of_lesser
from retcli.actions.casefile.records.agreed_before import before_of
from retcli.actions.casefile.records.dossiers import Dossier
from retcli.actions.orderfile.order_standing import was_shipped
from retcli.actions.orderfile.persons import person_of
from retcli.models import Case, CaseLine, Order, OrderLine
from retcli.models.tracking import Movement
from retcli.rules.casefile.reasons import NEVER_ARRIVED, NEVER_SENT, REASONS, Group
from retcli.rules.casefile.warranty import warranty_ends
from retcli.rules.lifecycles import DECIDED_THERE, Decision, Grade
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views.base import Sayable
from retcli.views.casefile.fallen_agreements import FallenAgreement
from retcli.views.casefile.highlights import (
    Alike,
    CameBack,
    EarlierCase,
    LastMovement,
    LessPaidByFile,
    MoreEarlier,
    NoMovement,
    Ordered,
    Pieces,
    Promised,
    SentUnder,
    StandsOut,
    Warranty,
)

_EARLIER_SHOWN = 3
_ALIKE_DAYS = 30
_PROMISE = timedelta(hours=48)
"""The time after payment within which an order is to be sent, where its platform says nothing else."""


def highlights(shop: Shop, dossier: Dossier) -> StandsOut:
    """The facts that matter for a case's reason, then the earlier cases of the same order and buyer."""
    reason = dossier.case.reason
    looks: list[Callable[[Shop, Dossier], Iterator[Sayable]]] = []
    if reason in {"W_WRONG", "W_SHORT", "L_EMPTY"}:
        looks.append(_ordered_and_back)
    if reason in NEVER_ARRIVED | NEVER_SENT | {"L_DAMAGE"}:
        looks.append(_promise_and_carrier)
    if REASONS[reason].group in {Group.QUALITY, Group.SIZE}:
        looks += [_warranty, _alike]
    facts = (fact for look in [_less_paid, _agreed_before, *looks, _earlier] for fact in look(shop, dossier))
    return StandsOut((*history_clock.rehearsed(shop, dossier.case.number), *facts), person_of(dossier.order))


def _less_paid(_shop: Shop, dossier: Dossier) -> Iterator[Sayable]:
    """The fact that a file says that less was paid on the order, while nobody has answered which is right."""
    left, less = left_of_lesser(dossier), less_paid(dossier)
    if less is not None and left is not None:
        currency = dossier.order.currency
        yield LessPaidByFile(Money(less.in_file, currency), Money(left, currency))


def _agreed_before(shop: Shop, dossier: Dossier) -> Iterator[Sayable]:
    """What had been agreed to here on an earlier application."""
    case = dossier.case
    if before := before_of(shop, case):
        yield FallenAgreement(case.number, before) if case.decision == Decision.REQUESTED else before


def _ordered_and_back(_shop: Shop, dossier: Dossier) -> Iterator[Sayable]:
    """What was ordered beside what came back; before anything is inspected, the parcels that were sent."""
    order_lines = dossier.order_lines
    yield Ordered(tuple(Pieces(line.sku or line.number, line.quantity, line.variant) for line in order_lines))
    if dossier.grades:
        back = tuple(
            Pieces(order_line.sku or order_line.number, dossier.accepted(line)) for line, order_line in dossier.lines
        )
        others = sum(dossier.grades.get(line.id or 0, {}).get(Grade.X, 0) for line, _order_line in dossier.lines)
        yield CameBack(back, others)
    elif dossier.sent_under:
        yield SentUnder(tuple(dossier.sent_under))


def _promise_and_carrier(shop: Shop, dossier: Dossier) -> Iterator[Sayable]:
    """When the order was to be sent and was, then what the carrier said last of each parcel."""
    order = dossier.order
    if order.paid_at:
        yield Promised(order.paid_at + _PROMISE, was_shipped(order), order.shipped_at)
    for waybill in dossier.sent_under:
        yield _last_movement(shop, waybill, one_of_several=len(dossier.sent_under) > 1)


def _last_movement(shop: Shop, waybill: str, *, one_of_several: bool) -> Sayable:
    """What the carrier said last of a parcel."""
    query = sa.select(Movement).where(col(Movement.waybill) == waybill).order_by(col(Movement.at).desc())
    last = shop.session.scalars(query.limit(1)).first()
    if last is None:
        return NoMovement(waybill)
    return LastMovement(waybill, last.at, last.event, last.place, last.status, one_of_several)


def _warranty(_shop: Shop, dossier: Dossier) -> Iterator[Sayable]:
    """When the longest warranty among the goods ends."""
    signed_at = dossier.order.signed_at
    products = (dossier.products.get(order_line.sku) for _line, order_line in dossier.lines)
    months = max((product.warranty_months for product in products if product), default=0)
    if signed_at and months:
        yield Warranty(warranty_ends(signed_at, months))


def _alike(shop: Shop, dossier: Dossier) -> Iterator[Sayable]:
    """How many other cases the same goods have for the same reason, of the thirty days before this one and since: a
    batch may be bad.
    """
    case = dossier.case
    skus = tuple(dict.fromkeys(order_line.sku for _line, order_line in dossier.lines if order_line.sku))
    if not skus:
        return
    query = (
        sa.select(sa.func.count(sa.distinct(col(Case.id))))
        .join(CaseLine, col(CaseLine.case_id) == col(Case.id))
        .join(OrderLine, col(OrderLine.id) == col(CaseLine.line_id))
        .where(col(OrderLine.sku).in_(skus), col(Case.id) != case.id, reason_that_counts() == case.reason)
        .where(col(Case.applied_at) >= case.applied_at - timedelta(days=_ALIKE_DAYS))
    )
    if others := shop.session.scalar(query):
        yield Alike(others, skus, _ALIKE_DAYS)


def _earlier(shop: Shop, dossier: Dossier) -> Iterator[Sayable]:
    """Earlier cases of the same order, or of the same buyer where the name is known and not masked."""
    order = dossier.order
    same = [col(Case.order_id) == order.id]
    if order.buyer and "*" not in order.buyer:  # many buyers share a masked name
        same.append(col(Order.buyer) == order.buyer)
    rows = shop.session.execute(
        sa.select(Case, col(Order.number), col(Order.currency), sa.func.coalesce(_given(), 0))
        .join(Order, col(Order.id) == col(Case.order_id))
        .where(sa.or_(*same), col(Case.id) < (dossier.case.id or 0))
        .order_by(col(Case.id).desc())
    ).all()
    for case, number, currency, minor in rows[:_EARLIER_SHOWN]:
        other_order = "" if case.order_id == order.id else number
        given = Money(int(minor), currency) if minor else None
        yield EarlierCase(case.number, other_order, case.kind, case.reason, case.decision, given)
    if len(rows) > _EARLIER_SHOWN:
        yield MoreEarlier(len(rows) - _EARLIER_SHOWN)


def _given() -> sa.ScalarSelect[int]:
    """SQL of what the lines of a case were approved with, in minor units, for a query on cases: what was agreed to here
    stays, whatever the platform paid later.
    """
    agreed = sa.func.coalesce(CaseLine.agreed, CaseLine.due)
    fixed = sa.case((col(Case.decided_as).in_(DECIDED_THERE), col(CaseLine.due)), else_=agreed)
    total = sa.select(sa.cast(sa.func.sum(fixed), sa.BigInteger)).where(col(CaseLine.case_id) == col(Case.id))
    return total.correlate(Case).scalar_subquery()
