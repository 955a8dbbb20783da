"""Conditions and sums in SQL about a month's money: what is booked in it, and what of that is our side of the
platforms' refunds.

What takes no period is made once: a workbook asks for it some forty times, and making it takes longer than running it.
"""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from retcli.actions.casefile.records.platform_payments import PLATFORM, told_at, told_minor, was_closed
from retcli.actions.orderfile.openings import OPENED
from retcli.models import Case, CaseLine, ClosedPayment, Payout, PayoutPart
from retcli.models.books import Event
from retcli.rules.lifecycles import Decision, PayoutState
from retcli.rules.money.payouts import NOT_LET_GO, OVER, REFUND
from retcli.rules.periods import Period

_STANDING = [state for state in PayoutState if state not in {*NOT_LET_GO, PayoutState.REVERSED}]

WAS_WAITING = f'"was":"{PayoutState.WAITING}"'
"""What the event of a payout's failing says where it waited for a second person."""

Original = aliased(Payout)
ORIGIN = sa.func.coalesce(col(Original.origin), col(Payout.origin))
"""SQL of a payout's origin; a reversal has that of the payout that it reverses."""


@cache
def agreed_here() -> Any:
    """SQL of what of a case was agreed to here before the platform paid, in minor units; NULL where nobody here had
    agreed. Where a refund waited for a second person when the platform paid, only what was let go beside it counts.
    """
    lines = sa.select(sa.cast(sa.func.sum(CaseLine.agreed), sa.BigInteger))
    lines = lines.where(col(CaseLine.case_id) == col(Case.id)).correlate(Case)
    by_us = sa.and_(
        col(Case.decided_as).in_(["person", "rule"]),
        col(Case.decision) == Decision.APPROVED,
        col(Case.decided_at) <= told_at(),
    )
    agreed = sa.func.coalesce(lines.scalar_subquery(), 0) + sa.func.coalesce(col(Case.freight_agreed), 0)
    let_go = sa.func.coalesce(_let_go().scalar_subquery(), 0)
    without_leave = sa.and_(_waited().exists(), let_go < agreed)
    # nothing let go is NULL, not 0: nobody had agreed to a refund of nothing
    return sa.case((sa.and_(by_us, without_leave), sa.func.nullif(let_go, 0)), (by_us, agreed))


def _waited() -> Any:
    """A query of the case's refunds made here since its decision that failed while they waited for a second person."""
    mine: Any = aliased(Payout)
    gone = sa.and_(mine.state == PayoutState.FAILED, failed(mine, WAS_WAITING))
    return sa.select(mine.id).where(made_since(mine), gone).correlate(Case)


def _let_go() -> Any:
    """A query of the sum let go here on the case since its decision, in minor units, before the platform's first
    payment was written down: what pays the rest later agrees to nothing of it. What an import marked as failed, since
    the platform had paid another sum, counts as let go.
    """
    mine: Any = aliased(Payout)
    by_then = sa.func.coalesce(mine.id < _first_there().correlate(Case).scalar_subquery(), sa.true())
    waited = failed(mine, WAS_WAITING)
    by_hand = sa.and_(mine.state == PayoutState.FAILED, sa.not_(failed(mine, '"actor":"import"')))
    which = sa.and_(mine.state != PayoutState.WAITING, sa.not_(waited), sa.not_(by_hand))
    return sa.select(whole(mine.minor)).where(made_since(mine), which, by_then).correlate(Case)


def made_since(payout: Any) -> Any:
    """The condition that a refund of the case was made here since its decision, and is no reversal."""
    ours = sa.and_(payout.case_id == col(Case.id), payout.kind == REFUND, payout.origin != PLATFORM)
    return sa.and_(ours, payout.reverses_id.is_(None), payout.decided_at >= col(Case.decided_at))


def tells_of(payout: Any) -> Any:
    """The condition that an event is about a payout."""
    return col(Event.subject) == payout.number


def failed(payout: Any, how: str) -> Any:
    """The condition that a payout failed with a fact in its event, given as a piece of the event's JSON: as text, since
    SQLite and PostgreSQL read JSON by different functions.
    """
    failing = sa.and_(tells_of(payout), col(Event.action) == "fail")
    failing = sa.and_(failing, col(Event.payload).contains(how, autoescape=True))
    return sa.select(col(Event.seq)).where(failing).correlate(payout).exists()


@cache
def beyond(period: Period) -> Any:
    """A subquery of what platforms had paid by a period's end beyond what orders were paid: case id, minor units."""
    parts = sa.select(col(Payout.case_id).label("case_id"), whole(PayoutPart.minor).label("minor"))
    parts = parts.join(Payout, col(Payout.id) == col(PayoutPart.payout_id)).where(col(PayoutPart.purpose) == OVER)
    parts = parts.where(col(Payout.settled_at) < period.end, col(Payout.reverses_id).is_(None))
    return parts.group_by(col(Payout.case_id)).subquery()


def over_of(payout: Any) -> Any:
    """SQL of what of a payout exceeds all that its order was paid, in minor units; only a platform's ever does."""
    parts = sa.select(whole(PayoutPart.minor)).where(
        col(PayoutPart.payout_id) == payout.id, col(PayoutPart.purpose) == OVER
    )
    return sa.func.coalesce(parts.correlate(payout).scalar_subquery(), 0)


@cache
def _within_there(period: Period) -> Any:
    """SQL of what the platform had paid on a case by a period's end within what its order was paid, in minor units."""
    theirs: Any = aliased(Payout)
    later: Any = aliased(Payout)
    after = sa.select(whole(later.minor)).where(later.case_id == col(Case.id), later.origin == PLATFORM)
    after = after.where(later.kind == REFUND, later.reverses_id.is_(None), later.settled_at >= period.end)
    # what came after it is taken off only where something had come before: else nothing is to be compared
    rest = sa.func.coalesce(after.where(_first_at() < period.end).correlate(Case).scalar_subquery(), 0)
    parts = sa.select(whole(PayoutPart.minor)).join(theirs, theirs.id == col(PayoutPart.payout_id))
    parts = parts.where(theirs.case_id == col(Case.id), col(PayoutPart.purpose) == OVER, theirs.reverses_id.is_(None))
    parts = parts.where(sa.or_(theirs.settled_at < period.end, rest == 0))
    return told_minor() - rest - sa.func.coalesce(parts.correlate(Case).scalar_subquery(), 0)


def _first_at() -> Any:
    """SQL of when the platform's first payment of the case arrived."""
    theirs: Any = aliased(Payout)
    mine = theirs.case_id == col(Case.id), theirs.kind == REFUND, theirs.origin == PLATFORM
    query = sa.select(sa.func.min(theirs.settled_at)).where(*mine, theirs.reverses_id.is_(None))
    return query.correlate(Case).scalar_subquery()


@cache
def decided_here(period: Period) -> Any:
    """The condition that a payout was decided here: made here, or paid by the platform just as was agreed to here
    before, apart from what exceeds the order.
    """
    as_agreed = sa.func.coalesce(left_for_route(period) == _within_there(period), sa.false())
    return sa.or_(ORIGIN != PLATFORM, sa.and_(as_agreed, sa.not_(_rest_of_earlier(period))))


def _rest_of_earlier(period: Period) -> Any:
    """The condition that the platform paid on the case in a period what was the rest of a payment of an earlier one,
    which has all that was agreed to.
    """
    first: Any = aliased(Payout)
    rest: Any = aliased(Payout)
    theirs = first.case_id == col(Case.id), first.kind == REFUND, first.origin == PLATFORM, first.reverses_id.is_(None)
    again = rest.case_id == col(Case.id), rest.kind == REFUND, rest.origin == PLATFORM, rest.reverses_id.is_(None)
    parts = sa.select(first.id).join(rest, rest.id > first.id).where(*theirs, *again, first.settled_at < period.start)
    arrived = sa.or_(first.state == PayoutState.CONFIRMED, _taken_back_after(first, rest.id))
    parts = parts.where(arrived, within(rest.settled_at, period))
    return parts.correlate(Case).exists()


@cache
def left_for_route(period: Period) -> Any:
    """SQL of what of `agreed_here` was left for the platform to pay, in minor units: what was let go another way before
    the platform paid (the last time by a period's end) stands for as much of it. NULL where nobody here had agreed, or
    just nothing was left.
    """
    beside = sa.func.coalesce(_beside_there(period), 0)
    return sa.func.nullif(agreed_here() - beside, 0)


def _beside_there(period: Period) -> Any:
    """SQL of what was let go another way before the last payment that the platform had made by a period's end: also
    what was sent as the rest of an earlier one, since the platform paid that rest too.
    """
    other: Any = aliased(Payout)
    first, last = _first_there().correlate(Case).scalar_subquery(), _last_there(period).correlate(Case)
    before = sa.and_(_stood_of(other, first), sa.not_(_after_route(other)))
    between = sa.and_(_stood_of(other, last.scalar_subquery()), _after_route(other), last.scalar_subquery() > other.id)
    beside = sa.select(whole(other.minor)).where(sa.or_(before, between), off_route(other))
    return beside.correlate(Case).scalar_subquery()


def _stood_of(payout: Any, written: Any) -> Any:
    """The condition that a refund of the case was made here, was let go and stood when a payment of the platform's (its
    id) was written down: what was taken back, or paid anew, since then changes nothing of a month that may be over.
    """
    ours = sa.and_(payout.case_id == col(Case.id), payout.kind == REFUND, payout.origin != PLATFORM)
    stood = sa.or_(payout.state.in_(_STANDING), _taken_back_after(payout, written))
    by_then = sa.func.coalesce(payout.id < written, sa.true())
    return sa.and_(ours, stood, by_then, payout.reverses_id.is_(None))


def _taken_back_after(payout: Any, later_id: Any) -> Any:
    """The condition that a payout was taken back after another one (by its id) was written."""
    back: Any = aliased(Payout)
    reversal = sa.select(back.id).where(back.reverses_id == payout.id, back.id > later_id).correlate_except(back)
    return sa.and_(payout.state == PayoutState.REVERSED, reversal.exists())


def _first_there() -> Any:
    """A query of the first payment of the case that was written down as the platform made it: its id."""
    theirs: Any = aliased(Payout)
    mine = theirs.case_id == col(Case.id), theirs.kind == REFUND, theirs.origin == PLATFORM
    return sa.select(sa.func.min(theirs.id)).where(*mine)


def _last_there(period: Period) -> Any:
    """A query of the last payment of the case that the platform had made by a period's end: its id."""
    theirs: Any = aliased(Payout)
    mine = theirs.case_id == col(Case.id), theirs.kind == REFUND, theirs.origin == PLATFORM
    made = theirs.reverses_id.is_(None), theirs.settled_at < period.end
    return sa.select(sa.func.max(theirs.id)).where(*mine, *made)


def off_route(payout: Any = Payout) -> Any:
    """The condition that a refund goes another way than the platform's own, so that it is on neither side of what is
    matched. A reversal goes the way of the payout that it reverses.
    """
    return sa.and_(payout.kind == REFUND, payout.method != "original")


def _after_route(payout: Any) -> Any:
    """The condition that a refund goes another way after one by the original route had arrived: it pays what that one
    left, which is a part of what was agreed to and no other money.
    """
    arrived: Any = aliased(Payout)
    stood = sa.or_(arrived.state == PayoutState.CONFIRMED, _taken_back_after(arrived, payout.id))
    # by id: what counts is that the books knew of it when the payout was made, not at which time the money arrived
    before = sa.select(arrived.id).where(
        arrived.case_id == payout.case_id, arrived.kind == REFUND, arrived.method == "original",
        stood, arrived.reverses_id.is_(None), arrived.id < payout.id,
    )  # fmt: skip
    return sa.and_(off_route(payout), before.correlate(payout).exists())


@cache
def own_minor(period: Period) -> Any:
    """SQL of what of a payout counts on our side, in minor units. Of one decided here: all but what exceeds the order.
    Of what the platform paid otherwise: with the first such payout of a case (and its reversal), what was agreed to and
    is no payout of ours. Of one that goes another way: nothing.
    """
    # a reversal counts where its payout counts, so that the two cancel out in the sum of any period that has both
    key = sa.func.coalesce(col(Original.id), col(Payout.id))
    other: Any = aliased(Payout)
    first = _first_there().correlate(Case).scalar_subquery()
    ours = sa.select(whole(other.minor)).where(_stood_of(other, first), sa.not_(off_route(other)))
    by_route = sa.func.coalesce(ours.correlate(Case).scalar_subquery(), 0)
    left = agreed_here() - sa.func.coalesce(_beside_there(period), 0) - by_route
    agreed_alone = sa.case((left > 0, left), else_=0)
    signed = sa.case((col(Original.id).is_not(None), -agreed_alone), else_=agreed_alone)
    is_first = key == _first_there().correlate(Case).scalar_subquery()
    decided = decided_here(period), col(Payout.minor) - over_of(Payout)
    return sa.case((off_route(), 0), decided, (is_first, signed), else_=0)


@cache
def booked(period: Period) -> tuple[Any, ...]:
    """The conditions that a payout is booked in a period: its money arrived or came back in it. What is only decided,
    or on its way, is not.
    """
    return within(Payout.settled_at, period), col(Payout.state) != PayoutState.FAILED


@cache
def from_before() -> Any:
    """The condition that a platform's refund is from before the books: it succeeded before the first file of its shop
    came (where the list gives no time, it stood in the first one), and nobody here decided it. The query joins
    `OPENED`.
    """
    mine: Any = aliased(Payout)
    ours = sa.select(mine.id).where(mine.case_id == col(Case.id), mine.kind == REFUND, mine.origin != PLATFORM)
    ours = ours.where(mine.state.not_in(NOT_LET_GO), mine.reverses_id.is_(None)).correlate(Case)
    estimated = sa.or_(col(Case.platform_estimated).is_(True), was_closed(col(ClosedPayment.estimated).is_(True)))
    listed = sa.and_(estimated, told_at() <= OPENED.c.listed_at)
    return sa.and_(
        col(Case.platform_number).is_not(None),
        told_at().is_not(None),
        OPENED.c.at.is_not(None),
        sa.or_(told_at() < OPENED.c.at, sa.func.coalesce(listed, sa.false())),
        agreed_here().is_(None),
        sa.not_(ours.exists()),
    )


def whole(column: Any) -> Any:
    """A sum as a whole number: PostgreSQL gives a decimal one for whole numbers."""
    return sa.cast(sa.func.sum(column), sa.BigInteger)


def within(column: Any, period: Period) -> Any:
    """The condition that an instant lies in a period; its end does not count."""
    return sa.and_(column >= period.start, column < period.end)


def booked_cases(period: Period) -> Any:
    """A query of the ids of cases with money booked in a period."""
    return sa.select(col(Payout.case_id)).where(*booked(period))
