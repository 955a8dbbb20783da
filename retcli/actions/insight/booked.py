"""What of a month's money is booked, and what of it stands on our side of a platform's refunds, in SQL.

What takes no period is made once: a workbook asks for it some forty times, and making it takes longer than running it.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from retcli.actions.insight.openings import OPENED
from retcli.models import Case, CaseLine, Payout, PayoutPart
from retcli.models.books import Event
from retcli.rules.lifecycles import PAYING_CLICKS, Decision, PayoutState
from retcli.rules.money.minor_units import POINTS
from retcli.rules.money.payouts import NOT_LET_GO
from retcli.rules.periods import Period

REFUND, COMPENSATION, PLATFORM = "refund", "compensation", "platform"
OVER = "over"
"""The purpose of a part that a platform paid beyond what the order had."""

_STANDING = [state for state in PayoutState if state not in {*NOT_LET_GO, PayoutState.REVERSED}]

Original = aliased(Payout)
ORIGIN = sa.func.coalesce(col(Original.origin), col(Payout.origin))
"""Where a payout came from; a reversal counts where its original did."""


@cache
def agreed_here() -> Any:
    """What of a case was agreed to here before the platform paid, in minor units; null where nobody here had agreed.
    Of what waited for a second person when the platform paid by itself only what was let go beside it was agreed to.
    """
    lines = sa.select(sa.cast(sa.func.sum(CaseLine.agreed), sa.BigInteger))
    lines = lines.where(col(CaseLine.case_id) == col(Case.id)).correlate(Case)
    by_us = sa.and_(
        col(Case.decided_as).in_(["person", "rule"]),
        col(Case.decision) == Decision.APPROVED,
        col(Case.decided_at) <= col(Case.platform_succeeded_at),
    )
    agreed = sa.func.coalesce(lines.scalar_subquery(), 0) + sa.func.coalesce(col(Case.freight_agreed), 0)
    let_go = sa.func.coalesce(_let_go().scalar_subquery(), 0)
    without_leave = sa.and_(_waited().exists(), let_go < agreed)
    return sa.case((sa.and_(by_us, without_leave), sa.func.nullif(let_go, 0)), (by_us, agreed))


def _waited() -> Any:
    """The refunds of the case that were made here since its decision and failed while they waited for a second person,
    by hand or because the platform had paid.
    """
    mine: Any = aliased(Payout)
    gone = sa.and_(mine.state == PayoutState.FAILED, _failed(mine, f'"was":"{PayoutState.WAITING}"'))
    return sa.select(mine.id).where(_made_since(mine), gone).correlate(Case)


def _let_go() -> Any:
    """What of the case was let go here since its decision, in minor units: also what an import failed then, since the
    platform had paid another sum.
    """
    mine: Any = aliased(Payout)
    waited = _failed(mine, f'"was":"{PayoutState.WAITING}"')
    by_hand = sa.and_(mine.state == PayoutState.FAILED, sa.not_(_failed(mine, '"actor":"import"')))
    which = sa.and_(mine.state != PayoutState.WAITING, sa.not_(waited), sa.not_(by_hand))
    return sa.select(whole(mine.minor)).where(_made_since(mine), which).correlate(Case)


def _made_since(payout: Any) -> Any:
    """That a refund of the case was made here since its decision."""
    ours = sa.and_(payout.case_id == col(Case.id), payout.kind == REFUND, payout.origin != PLATFORM)
    return sa.and_(ours, payout.reverses_id.is_(None), payout.decided_at >= col(Case.decided_at))


def _failed(payout: Any, how: str) -> Any:
    """That a payout failed, with a fact in the event of it."""
    failing = sa.and_(col(Event.subject) == payout.number, col(Event.action) == "fail")
    failing = sa.and_(failing, col(Event.payload).contains(how, autoescape=True))
    return sa.select(col(Event.seq)).where(failing).correlate(payout).exists()


def beyond(period: Period) -> Any:
    """What platforms had paid by a period's end on cases beyond all that their order was paid: case and minor units."""
    parts = sa.select(col(Payout.case_id).label("case_id"), whole(PayoutPart.minor).label("minor"))
    parts = parts.join(Payout, col(Payout.id) == col(PayoutPart.payout_id)).where(col(PayoutPart.purpose) == OVER)
    parts = parts.where(col(Payout.settled_at) < period.end, col(Payout.reverses_id).is_(None))
    return parts.group_by(col(Payout.case_id)).subquery()


def over_of(payout: Any) -> Any:
    """What of a payout is beyond all that its order was paid, in minor units: nothing but of what a platform paid."""
    parts = sa.select(whole(PayoutPart.minor)).where(
        col(PayoutPart.payout_id) == payout.id, col(PayoutPart.purpose) == OVER
    )
    return sa.func.coalesce(parts.correlate(payout).scalar_subquery(), 0)


@cache
def _within_there() -> Any:
    """What the platform paid on a case of what its order had, in minor units."""
    theirs: Any = aliased(Payout)
    parts = sa.select(whole(PayoutPart.minor)).join(theirs, theirs.id == col(PayoutPart.payout_id))
    parts = parts.where(theirs.case_id == col(Case.id), col(PayoutPart.purpose) == OVER, theirs.reverses_id.is_(None))
    return col(Case.platform_amount) - sa.func.coalesce(parts.correlate(Case).scalar_subquery(), 0)


@cache
def decided_here() -> Any:
    """That a payout was decided here: made here, or paid by the platform just as had been agreed to here, but for what
    the order never had.
    """
    as_agreed = sa.and_(agreed_here().is_not(None), agreed_here() == _within_there())
    return sa.or_(ORIGIN != PLATFORM, as_agreed)


def off_route(payout: Any = Payout) -> Any:
    """That a refund goes another way than the platform's: it is no part of what the platform refunds, nor of our side
    of that. A reversal goes the way of its original.
    """
    return sa.and_(payout.kind == REFUND, payout.method != "original")


def _after_route(payout: Any) -> Any:
    """That a refund goes another way since one by the original route had arrived before it was decided: it pays what
    that one left, not what is agreed to beside it.
    """
    arrived: Any = aliased(Payout)
    before = sa.select(arrived.id).where(
        arrived.case_id == payout.case_id, arrived.kind == REFUND, arrived.method == "original",
        arrived.state == PayoutState.CONFIRMED, arrived.reverses_id.is_(None), arrived.id < payout.id,
    )  # fmt: skip
    return sa.and_(off_route(payout), before.correlate(payout).exists())


@cache
def own_minor() -> Any:
    """What of a payout stands on our side, in minor units: all of what was decided here and the order had; of what the
    platform paid otherwise, what was agreed to and is no payout of ours stands with its first, and with the reversal of
    that. Nothing of what goes another way once the platform's refund is over.
    """
    key = sa.func.coalesce(col(Original.id), col(Payout.id))
    other: Any = aliased(Payout)
    first = sa.select(sa.func.min(other.id)).where(
        other.case_id == col(Case.id), other.kind == REFUND, other.origin == PLATFORM
    )
    ours = sa.select(sa.cast(sa.func.sum(other.minor), sa.BigInteger)).where(
        other.case_id == col(Case.id), other.kind == REFUND, other.origin != PLATFORM,
        other.state.in_(_STANDING), other.reverses_id.is_(None), sa.not_(_after_route(other)),
    )  # fmt: skip
    left = agreed_here() - sa.func.coalesce(ours.correlate(Case).scalar_subquery(), 0)
    rest = sa.case((left > 0, left), else_=0)
    signed = sa.case((col(Original.id).is_not(None), -rest), else_=rest)
    is_first = key == first.correlate(Case).scalar_subquery()
    decided = decided_here(), col(Payout.minor) - over_of(Payout)
    return sa.case((off_route(), 0), decided, (is_first, signed), else_=0)


def booked(period: Period) -> tuple[Any, ...]:
    """That the money of a payout left or came back in the period; what is only decided, or on its way, has not."""
    return within(Payout.settled_at, period), col(Payout.state) != PayoutState.FAILED


def entered_before(instant: datetime) -> Any:
    """That a payout counted before an instant: it was let go, by the second person where one had to, or had arrived."""
    signed = sa.select(col(Event.seq)).where(col(Event.subject) == col(Payout.number), col(Event.action) == "approve")
    signed = signed.where(sa.func.substr(col(Event.at), 1, _TO_THE_SECOND) >= _written(instant)).correlate(Payout)
    alone = sa.or_(col(Payout.approved_by).is_(None), sa.not_(signed.exists()))
    let_go = sa.and_(col(Payout.decided_at) < instant, alone)
    return sa.or_(let_go, sa.func.coalesce(col(Payout.settled_at) < instant, sa.false()))


def event_within(period: Period) -> Any:
    """That an event was written in a period."""
    at = sa.func.substr(col(Event.at), 1, _TO_THE_SECOND)
    return sa.and_(at >= _written(period.start), at < _written(period.end))


_TO_THE_SECOND = len("2026-11-09T04:30:00")
"""So many letters of an event's instant are compared: what follows is written in more than one way."""


def _written(instant: datetime) -> str:
    """An instant as the events write it, to the second."""
    return instant.astimezone(UTC).isoformat()[:_TO_THE_SECOND]


def apart() -> Any:
    """That a payout is no refund by a platform's own route: it leaves by ourselves. The query joins its case."""
    return sa.or_(col(Payout.kind) != REFUND, col(Case.platform_number).is_(None), off_route())


def not_out(period: Period) -> tuple[Any, ...]:
    """That a payout was made and had not arrived by the period's end; points are no money."""
    return (
        col(Payout.state) != PayoutState.FAILED,
        col(Payout.currency) != POINTS,
        col(Payout.reverses_id).is_(None),
        col(Payout.decided_at) < period.end,
        sa.or_(col(Payout.settled_at).is_(None), col(Payout.settled_at) >= period.end),
    )


def waited(period: Period) -> Any:
    """That a payout waited for a second person at the period's end: nobody has let it go since, or only later."""
    return sa.or_(col(Payout.state) == PayoutState.WAITING, sa.not_(entered_before(period.end)))


def on_the_way(period: Period) -> tuple[Any, ...]:
    """That a payout apart from the platforms' refunds was sent by the period's end and had not arrived then."""
    return *not_out(period), sa.not_(waited(period)), apart(), sent_before(period.end)


def clicked_before(instant: datetime) -> Any:
    """That a refund by the original route was clicked on the platform before an instant."""
    subjects = [col(Case.number).concat(f"/{action}") for action in sorted(PAYING_CLICKS)]
    clicks = sa.select(col(Event.seq)).where(col(Event.subject).in_(subjects), col(Event.action) == "click")
    clicks = clicks.where(sa.func.substr(col(Event.at), 1, _TO_THE_SECOND) < _written(instant)).correlate(Case)
    return sa.and_(col(Payout.method) == "original", clicks.exists())


def sent_before(instant: datetime) -> Any:
    """That a payout was sent before an instant, whether or not it arrived."""
    moves = sa.select(col(Event.seq)).where(col(Event.subject) == col(Payout.number), col(Event.action) == "send")
    moves = moves.where(sa.func.substr(col(Event.at), 1, _TO_THE_SECOND) < _written(instant)).correlate(Payout)
    return moves.exists()


def sent_at() -> Any:
    """When a payout was sent, as the events write it; null where it was not, or where it was said only to be there."""
    moves = sa.select(sa.func.max(Event.at)).where(col(Event.subject) == col(Payout.number))
    return moves.where(col(Event.action) == "send").correlate(Payout).scalar_subquery()


@cache
def signed_at() -> Any:
    """When a second person let a payout go, as the events write it; null where none had to."""
    signed = sa.select(sa.func.max(Event.at)).where(col(Event.subject) == col(Payout.number))
    signed = signed.where(col(Event.action) == "approve", col(Payout.approved_by).is_not(None))
    return signed.correlate(Payout).scalar_subquery()


@cache
def from_before() -> Any:
    """That a platform's refund is from before the books: it succeeded before the first file of its shop came (by its
    first list where that gives no time), so that nobody here could have decided, and nobody has. The query joins
    `OPENED`.
    """
    mine: Any = aliased(Payout)
    ours = sa.select(mine.id).where(mine.case_id == col(Case.id), mine.kind == REFUND, mine.origin != PLATFORM)
    ours = ours.where(mine.state.not_in(NOT_LET_GO), mine.reverses_id.is_(None)).correlate(Case)
    listed = sa.and_(col(Case.platform_estimated).is_(True), col(Case.platform_succeeded_at) <= OPENED.c.listed_at)
    return sa.and_(
        col(Case.platform_number).is_not(None),
        col(Case.platform_succeeded_at).is_not(None),
        OPENED.c.at.is_not(None),
        sa.or_(col(Case.platform_succeeded_at) < OPENED.c.at, sa.func.coalesce(listed, sa.false())),
        agreed_here().is_(None),
        sa.not_(ours.exists()),
    )


def has_goods() -> Any:
    """That pieces of a case's line come back, or were to: not of one that only gives what another was paid above it."""
    return sa.or_(col(CaseLine.quantity) > 0, sa.func.coalesce(col(CaseLine.agreed), 0) > 0)


def whole(column: Any) -> Any:
    """A sum as a whole number: PostgreSQL gives a decimal one for whole numbers."""
    return sa.cast(sa.func.sum(column), sa.BigInteger)


def within(column: Any, period: Period) -> Any:
    """That an instant lies in the period."""
    return sa.and_(column >= period.start, column < period.end)


def booked_cases(period: Period) -> Any:
    """The cases with money booked in the period, as a query of their ids."""
    return sa.select(col(Payout.case_id)).where(*booked(period))
