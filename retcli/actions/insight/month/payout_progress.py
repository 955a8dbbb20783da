"""Conditions in SQL of how far a payout had come by an instant: let go, sent, arrived or failed, as its events tell."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from retcli.actions.casefile.records.platform_payments import told_at
from retcli.actions.insight.month.booked import WAS_WAITING, failed, off_route, tells_of
from retcli.models import Case, Payout
from retcli.models.books import Event
from retcli.rules.lifecycles import PAYING_CLICKS, PayoutState
from retcli.rules.money.minor_units import POINTS
from retcli.rules.money.payouts import REFUND
from retcli.rules.periods import Period


@cache
def entered_before(instant: datetime) -> Any:
    """The condition that a payout was let go before an instant, by the second person where one was needed, or had
    arrived.
    """
    signed = sa.select(col(Event.seq)).where(col(Event.subject) == col(Payout.number), col(Event.action) == "approve")
    signed = signed.where(event_since(instant)).correlate(Payout)
    # the row knows only who signed: when, its event tells
    alone = sa.or_(col(Payout.approved_by).is_(None), sa.not_(signed.exists()))
    let_go = sa.and_(col(Payout.decided_at) < instant, alone)
    return sa.or_(let_go, sa.func.coalesce(col(Payout.settled_at) < instant, sa.false()))


@cache
def event_since(instant: datetime) -> Any:
    """The condition that an event was written at an instant or after it."""
    return sa.func.substr(col(Event.at), 1, _TO_THE_SECOND) >= _written(instant)


_TO_THE_SECOND = len("2026-11-09T04:30:00")
"""Letters of an event's instant that are compared: behind the second it is written with or without fractions."""


def _written(instant: datetime) -> str:
    """An instant as events write it (ISO text in UTC), up to the second."""
    return instant.astimezone(UTC).isoformat()[:_TO_THE_SECOND]


def apart() -> Any:
    """The condition that a payout is no refund by a platform's own route: the shop sends it itself. The query joins its
    case.
    """
    return sa.or_(col(Payout.kind) != REFUND, col(Case.platform_number).is_(None), off_route())


@cache
def not_out(period: Period) -> tuple[Any, ...]:
    """The conditions that a payout in money was made and had neither arrived nor failed by the period's end. The query
    joins its case.
    """
    return (
        sa.or_(col(Payout.state) != PayoutState.FAILED, failed_after(period)),
        col(Payout.currency) != POINTS,
        col(Payout.reverses_id).is_(None),
        col(Payout.decided_at) < period.end,
        sa.or_(col(Payout.settled_at).is_(None), col(Payout.settled_at) >= period.end),
    )


@cache
def failed_after(period: Period) -> Any:
    """The condition that a payout failed after a period's end. One by the platform's own route that its platform had
    paid by then was called off late by whoever imported that, and is not among them.
    """
    paid_there = sa.func.coalesce(told_at() < period.end, sa.false())
    late = _failing().where(event_since(period.end)).exists()
    return sa.and_(col(Payout.state) == PayoutState.FAILED, late, sa.or_(apart(), sa.not_(paid_there)))


def _failing() -> Any:
    """A query of the event of a payout's failing."""
    return sa.select(col(Event.seq)).where(tells_of(Payout), col(Event.action) == "fail").correlate(Payout)


@cache
def waited(period: Period) -> Any:
    """The condition that a payout waited for a second person at the period's end, also one that failed since."""
    failed_waiting = sa.and_(col(Payout.state) == PayoutState.FAILED, failed(Payout, WAS_WAITING))
    return sa.or_(col(Payout.state) == PayoutState.WAITING, failed_waiting, sa.not_(entered_before(period.end)))


@cache
def on_the_way(period: Period) -> tuple[Any, ...]:
    """The conditions that a payout that the shop sends itself was sent and had not arrived at the period's end."""
    return *not_out(period), sa.not_(waited(period)), apart(), sent_before(period.end)


def failed_within(period: Period) -> tuple[Any, ...]:
    """The conditions that a payout in money that the shop sends itself was sent, in a period or before it, and failed
    in it.
    """
    failed = sa.and_(event_since(period.start), sa.not_(event_since(period.end)))
    return (
        col(Payout.state) == PayoutState.FAILED,
        col(Payout.currency) != POINTS,
        apart(),
        sent_before(period.end),
        _failing().where(failed).exists(),
    )


@cache
def clicked_before(instant: datetime) -> Any:
    """The condition that a refund by the original route was clicked on the platform before an instant, and no list told
    since that the platform waits for that click all the same.
    """
    # the whole subject of each click, since a LIKE on the case's number would read every event
    subjects = [col(Case.number).concat(f"/{action}") for action in sorted(PAYING_CLICKS)]
    clicks = sa.select(col(Event.seq)).where(col(Event.subject).in_(subjects), col(Event.action) == "click")
    clicks = clicks.where(sa.func.substr(col(Event.at), 1, _TO_THE_SECOND) < _written(instant))
    later: Any = aliased(Event)
    missed = sa.select(later.seq).where(later.subject == col(Event.subject), later.action == "miss")
    missed = missed.where(later.seq > col(Event.seq)).correlate(Event)
    clicks = clicks.where(sa.not_(missed.exists())).correlate(Case)
    return sa.and_(col(Payout.method) == "original", clicks.exists())


@cache
def sent_before(instant: datetime) -> Any:
    """The condition that a payout was sent before an instant, whether or not it arrived."""
    moves = sa.select(col(Event.seq)).where(col(Event.subject) == col(Payout.number), col(Event.action) == "send")
    moves = moves.where(sa.func.substr(col(Event.at), 1, _TO_THE_SECOND) < _written(instant)).correlate(Payout)
    return moves.exists()


def sent_at() -> Any:
    """SQL of when a payout was sent, as events write it; NULL where nobody noted that."""
    moves = sa.select(sa.func.max(Event.at)).where(col(Event.subject) == col(Payout.number))
    return moves.where(col(Event.action) == "send").correlate(Payout).scalar_subquery()


@cache
def signed_at() -> Any:
    """SQL of when a second person let a payout go, as events write it; NULL where none had to."""
    signed = sa.select(sa.func.max(Event.at)).where(col(Event.subject) == col(Payout.number))
    signed = signed.where(col(Event.action) == "approve", col(Payout.approved_by).is_not(None))
    return signed.correlate(Payout).scalar_subquery()
