"""What platforms paid by their lists, and when: a refund of which a later list tells more stands in parts, and what a
later list closed comes back when it was closed, so that a month that is over keeps what was paid in it.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from retcli.models import Case, ClosedPayment, Payout
from retcli.models.books import Event
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money.payouts import REFUND
from retcli.shop import Shop

PLATFORM = "platform"
"""The origin of payouts that a platform made by itself."""


@cache
def payments() -> Any:
    """A subquery of what platforms paid: case id, minor units, when (`at`), and `last`: 1 for the last part of a
    refund, 0 for an earlier one; what was closed stands once more with minus, when it was closed (`last` -1).
    """
    return sa.union_all(sa.select(parts()), _last()).subquery()


@cache
def parts() -> Any:
    """A subquery with the columns of `payments` of all but what the last list tells as paid now: earlier parts, and
    payments that were closed.
    """
    return sa.union_all(_earlier(), _closed(1), _closed(-1)).subquery()


def _last() -> Any:
    """A query of what the last list tells as paid, less its earlier parts, with the columns of `payments`."""
    earlier = _earlier().subquery()
    before = sa.select(earlier.c.case_id, _whole(earlier.c.minor).label("minor")).group_by(earlier.c.case_id).subquery()
    columns: Any = (
        col(Case.id).label("case_id"),
        (col(Case.platform_amount) - sa.func.coalesce(before.c.minor, 0)).label("minor"),
        col(Case.platform_succeeded_at).label("at"),
        sa.literal(1).label("last"),
    )
    last = sa.select(*columns).outerjoin(before, before.c.case_id == col(Case.id))
    last = last.where(col(Case.platform_number).is_not(None), col(Case.platform_amount) > 0)
    return last.where(col(Case.platform_succeeded_at).is_not(None))


@cache
def _earlier() -> Any:
    """A query of the parts that were paid before the last one, with the columns of `payments`: payouts that a list
    showed as paid before a later list told of more. What was closed since is none.
    """
    part: Any = aliased(Payout)
    more: Any = aliased(Payout)
    later = sa.select(more.id).where(_arrived_there(more), more.case_id == part.case_id, more.origin == PLATFORM)
    grown = later.where(more.id > part.id, more.settled_at > part.settled_at).correlate(part).exists()
    told = sa.select(col(Event.seq)).where(col(Event.subject) == part.number, col(Event.action) == "confirm")
    told = told.where(col(Event.payload).contains('"actor":"import"', autoescape=True)).correlate(part)
    ended = sa.select(col(ClosedPayment.id)).where(col(ClosedPayment.case_id) == part.case_id)
    ended = ended.where(col(ClosedPayment.closed_at) >= part.settled_at).correlate(part)
    query = sa.select(part.case_id, part.minor, part.settled_at.label("at"), sa.literal(0).label("last"))
    query = query.join(Case, col(Case.id) == part.case_id).where(_arrived_there(part), grown, sa.not_(ended.exists()))
    query = query.where(part.settled_at < col(Case.platform_succeeded_at), col(Case.platform_amount) > 0)
    return query.where(sa.or_(part.origin == PLATFORM, told.exists()))


def _arrived_there(payout: Any) -> Any:
    """The condition that a payout is a refund by the original route that arrived, whether or not it was taken back."""
    by_route = sa.and_(payout.kind == REFUND, payout.method == "original", payout.reverses_id.is_(None))
    return sa.and_(by_route, payout.state.in_([PayoutState.CONFIRMED, PayoutState.REVERSED]))


def _closed(sign: int) -> Any:
    """A query of payments that were closed, with the columns of `payments`: when they were paid, or with the sign -1
    when they were closed.
    """
    after: Any = aliased(ClosedPayment)
    more = sa.select(after.id).where(after.case_id == col(ClosedPayment.case_id), after.id > col(ClosedPayment.id))
    more = more.where(after.closed_at == col(ClosedPayment.closed_at)).correlate(ClosedPayment)
    at = col(ClosedPayment.paid_at) if sign > 0 else col(ClosedPayment.closed_at)
    last = sa.case((more.exists(), 0), else_=sign)
    return sa.select(col(ClosedPayment.case_id), sign * col(ClosedPayment.minor), at.label("at"), last.label("last"))


def told_at() -> Any:
    """SQL of when a case's refund succeeded on its platform by the last list that told so, also where it was closed
    since; NULL where none did.
    """
    closed = sa.select(sa.func.max(ClosedPayment.paid_at)).where(col(ClosedPayment.case_id) == col(Case.id))
    return sa.func.coalesce(col(Case.platform_succeeded_at), closed.correlate(Case).scalar_subquery())


def told_minor() -> Any:
    """SQL of what the platform last told as paid, or else applied for, on a case, in minor units: a list that closes a
    refund may tell no sum any more.
    """
    other: Any = aliased(ClosedPayment)
    newest = sa.select(sa.func.max(other.closed_at)).where(other.case_id == col(ClosedPayment.case_id))
    newest = newest.correlate(ClosedPayment)
    closed = sa.select(_whole(ClosedPayment.minor)).where(col(ClosedPayment.case_id) == col(Case.id))
    closed = closed.where(col(ClosedPayment.closed_at) == newest.scalar_subquery()).correlate(Case)
    ended = sa.and_(col(Case.platform_succeeded_at).is_(None), was_closed())
    return sa.case((ended, closed.scalar_subquery()), else_=col(Case.platform_amount))


def was_closed(*which: Any) -> Any:
    """The condition that the platform closed a case's refund after it had paid it; `which` are further conditions of
    the payment that was closed.
    """
    closed = sa.select(col(ClosedPayment.id)).where(col(ClosedPayment.case_id) == col(Case.id), *which)
    return closed.correlate(Case).exists()


def paid_on(shop: Shop, case: Case) -> Sequence[tuple[int, datetime]]:
    """What the last list told as paid on a case, part by part: minor units and when."""
    query = sa.union_all(_earlier(), _last()).subquery()
    rows = shop.session.execute(sa.select(query.c.minor, query.c.at).where(query.c.case_id == case.id))
    return [(int(minor), at) for minor, at in rows if minor]


def _whole(column: Any) -> Any:
    """A sum as a whole number: PostgreSQL gives a decimal one for whole numbers."""
    return sa.cast(sa.func.sum(column), sa.BigInteger)
