"""When platforms paid what they paid: a refund of which a later list tells more stands in parts, each at the time that
its list told, so that a month that is over keeps what was paid in it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from retcli.actions.insight.month.booked import PLATFORM, whole
from retcli.models import Case, Payout
from retcli.models.books import Event
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money.payouts import REFUND
from retcli.rules.money.reconciliation import PlatformRefund
from retcli.rules.periods import Period
from retcli.shop import Shop


@cache
def payments() -> Any:
    """A subquery of what platforms paid: case id, minor units, when (`at`), and whether it is the `last` part of its
    refund (1) or an earlier one (0).
    """
    parts = _earlier().subquery()
    sums = sa.select(parts.c.case_id, whole(parts.c.minor).label("minor")).group_by(parts.c.case_id).subquery()
    columns: Any = (
        col(Case.id).label("case_id"),
        (col(Case.platform_amount) - sa.func.coalesce(sums.c.minor, 0)).label("minor"),
        col(Case.platform_succeeded_at).label("at"),
        sa.literal(1).label("last"),
    )
    last = sa.select(*columns).outerjoin(sums, sums.c.case_id == col(Case.id))
    last = last.where(col(Case.platform_number).is_not(None), col(Case.platform_amount) > 0)
    last = last.where(col(Case.platform_succeeded_at).is_not(None))
    return sa.union_all(sa.select(parts), last).subquery()


@cache
def _earlier() -> Any:
    """A query of the parts that were paid before the last one, with the columns of `payments`: payouts that a list
    showed as paid before a later list told of more.
    """
    part: Any = aliased(Payout)
    more: Any = aliased(Payout)
    later = sa.select(more.id).where(_arrived_there(more), more.case_id == part.case_id, more.origin == PLATFORM)
    grown = later.where(more.id > part.id, more.settled_at > part.settled_at).correlate(part).exists()
    told = sa.select(col(Event.seq)).where(col(Event.subject) == part.number, col(Event.action) == "confirm")
    told = told.where(col(Event.payload).contains('"actor":"import"', autoescape=True)).correlate(part)
    query = sa.select(part.case_id, part.minor, part.settled_at.label("at"), sa.literal(0).label("last"))
    query = query.join(Case, col(Case.id) == part.case_id).where(_arrived_there(part), grown)
    query = query.where(part.settled_at < col(Case.platform_succeeded_at), col(Case.platform_amount) > 0)
    return query.where(sa.or_(part.origin == PLATFORM, told.exists()))


def _arrived_there(payout: Any) -> Any:
    """The condition that a payout is a refund by the original route that arrived."""
    by_route = sa.and_(payout.kind == REFUND, payout.method == "original", payout.reverses_id.is_(None))
    return sa.and_(by_route, payout.state == PayoutState.CONFIRMED)


def earlier_parts(shop: Shop, concerned: Any) -> Mapping[int, list[tuple[int, datetime]]]:
    """Minor units and time of the earlier parts of the refunds of some cases (a subquery of their ids), by case id."""
    parts = _earlier().subquery()
    query = sa.select(parts.c.case_id, parts.c.minor, parts.c.at).where(parts.c.case_id.in_(sa.select(concerned.c[0])))
    by_case: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for case_id, minor, at in shop.session.execute(query.order_by(parts.c.at)):
        by_case[case_id].append((int(minor), at))
    return by_case


def as_of(theirs: PlatformRefund, parts: list[tuple[int, datetime]], period: Period) -> PlatformRefund:
    """A platform's refund as it stood at a period's end, given its earlier parts (minor units, when)."""
    if theirs.succeeded_at is None or not parts:
        return theirs
    paid = (*parts, (theirs.minor - sum(minor for minor, _at in parts), theirs.succeeded_at))
    by_then = [payment for payment in paid if payment[1] < period.end]
    if not by_then:
        return replace(theirs, payments=paid)
    return replace(theirs, minor=sum(m for m, _at in by_then), succeeded_at=by_then[-1][1], payments=paid)
