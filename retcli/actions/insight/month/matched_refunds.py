"""Reads the refunds through platforms that a month is about, with both sides, and judges how they differ."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.clicked_payouts import was_clicked
from retcli.actions.casefile.records.platform_payments import payments, told_minor
from retcli.actions.insight.month.booked import (
    Original,
    beyond,
    decided_here,
    from_before,
    left_for_route,
    off_route,
    over_of,
    own_minor,
    whole,
    within,
)
from retcli.actions.insight.month.gave_way import tell_earlier
from retcli.actions.insight.month.movements import Matter
from retcli.actions.insight.month.paid_there import as_of, earlier_parts
from retcli.actions.insight.month.payout_progress import clicked_before, entered_before, signed_at
from retcli.actions.orderfile.openings import OPENED, opened_for
from retcli.models import Case, Order, Payout
from retcli.models.register import Escalation
from retcli.rules.cases.register import Entry
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money import reconciliation
from retcli.rules.money.agreed_there import agreed_there
from retcli.rules.money.payouts import NOT_LET_GO, REFUND, is_protection
from retcli.rules.money.reconciliation import UNDONE, OwnPayout, PlatformRefund
from retcli.rules.periods import Period
from retcli.shop import Shop


def matters_of(shop: Shop, period: Period) -> dict[int, Matter]:
    """The refunds through platforms that a month is about, with both sides, by case id."""
    # asked for within each query: as a list of ids a month may have more of them than a statement takes parameters
    concerned = _concerned(period).subquery()
    matters = {row.case_id: _matter(row) for row in shop.session.execute(_refunds_there(period, concerned))}
    for case_id, parts in earlier_parts(shop, concerned).items():
        matter = matters.get(case_id)
        if matter is not None and matter.theirs is not None:
            matter.theirs = as_of(matter.theirs, parts, period)
    for case_id, payout in _payouts(shop, period, concerned):
        if case_id in matters:
            matters[case_id].ours.append(payout)
    for case_id, minor in _beside(shop, concerned):
        if case_id in matters:
            matters[case_id].beside = int(minor)
    tell_earlier(shop, matters, concerned)
    return matters


def _refunds_there(period: Period, concerned: Any) -> Any:
    """A query of some cases with what the platform says of their refunds, a named column for each fact."""
    over = beyond(period)
    by_platform = sa.case((col(Case.decided_as) == "platform", col(Case.overruled)), else_="")
    columns: dict[str, Any] = {
        "case_id": col(Case.id),
        "number": col(Case.number),
        "bill": col(Case.platform_number),
        "minor": told_minor(),
        "succeeded_at": col(Case.platform_succeeded_at),
        "state": col(Case.platform_state),
        "agreed": left_for_route(period),
        "excess": over.c.minor,
        "early": sa.case((from_before(), 1), else_=0),
        "order_number": col(Order.number),
        "shop": col(Order.shop),
        "platform": col(Order.platform),
        "currency": col(Order.currency),
        "way": col(Case.platform_way),
        "reviewed_by": col(Case.platform_reviewed_by),
        "refunded_by": col(Case.platform_refunded_by),
        "at_once": col(Case.platform_instant),
        "stepped_in": _stepped_in(),
        "against": by_platform,
        "kind": col(Case.kind),
        "platform_kind": col(Case.platform_kind),
        "reason_stated": col(Case.reason_stated),
    }
    return (
        sa.select(*(column.label(name) for name, column in columns.items()))
        .join(Order, col(Order.id) == col(Case.order_id))
        .outerjoin(OPENED, opened_for())
        .outerjoin(over, over.c.case_id == col(Case.id))
        .where(col(Case.platform_number).is_not(None), col(Case.id).in_(sa.select(concerned.c[0])))
        .order_by(col(Case.id))
    )


def _matter(row: Any) -> Matter:
    """A row of `_refunds_there` as a matter; without an amount of the platform it has no other side."""
    agreed = int(row.agreed) if (row.agreed or 0) > 0 else None
    standing = row.state == "closed", agreed, int(row.excess or 0), bool(row.early)
    theirs = PlatformRefund(row.bill, row.order_number, row.minor, row.succeeded_at, *standing) if row.minor else None
    by = agreed_there(**{name: getattr(row, name) for name in _AGREED_BY})
    protection = is_protection(row.kind, row.platform_kind, row.reason_stated)
    sides = row.currency, theirs, by
    return Matter(row.number, row.bill, row.order_number, row.shop, row.platform, *sides, protection=protection)


def _beside(shop: Shop, concerned: Any) -> Sequence[Any]:
    """What of some cases was refunded another way than the platform's, in minor units by case id, by the time of the
    export: it may settle a difference of the month afterwards.
    """
    query = sa.select(col(Payout.case_id), whole(Payout.minor)).where(off_route(), col(Payout.settled_at).is_not(None))
    query = query.where(col(Payout.state) != PayoutState.FAILED, col(Payout.case_id).in_(sa.select(concerned.c[0])))
    return shop.session.execute(query.group_by(col(Payout.case_id))).all()


_AGREED_BY = ("way", "reviewed_by", "refunded_by", "at_once", "stepped_in", "against")


def _stepped_in() -> Any:
    """The condition that the platform stepped into a case."""
    entries = sa.select(col(Escalation.id)).where(col(Escalation.case_id) == col(Case.id))
    return entries.where(col(Escalation.kind) == Entry.INTERVENTION).correlate(Case).exists()


def _concerned(period: Period) -> Any:
    """A query of the cases that a period is about: with a refund that was let go, arrived or reported in it, or was not
    matched when it began (let go and not settled then, or settled for another sum than the platform's).
    """
    let_go = col(Payout.kind) == REFUND, col(Payout.state).not_in(NOT_LET_GO), sa.not_(off_route())
    ours = sa.select(col(Payout.case_id)).where(*let_go)
    before_it, by_its_end = entered_before(period.start), entered_before(period.end)
    moved = sa.or_(sa.and_(by_its_end, sa.not_(before_it)), within(Payout.settled_at, period))
    late = sa.or_(col(Payout.settled_at).is_(None), col(Payout.settled_at) >= period.start)
    left = sa.and_(before_it, late)
    paid = payments()
    reported = sa.select(col(Case.id)).where(within(Case.platform_succeeded_at, period))
    both: Any = sa.union(reported, sa.select(paid.c.case_id).where(within(paid.c.at, period))).subquery()
    # what was settled earlier belongs to the month only where the two sides do not sum to the same
    before = sa.union_all(
        sa.select(col(Payout.case_id).label("case_id"), col(Payout.minor).label("minor")).where(
            *let_go, col(Payout.settled_at) < period.start
        ),
        sa.select(paid.c.case_id, -paid.c.minor).where(paid.c.at < period.start),
    ).subquery()
    uneven = sa.select(before.c.case_id).group_by(before.c.case_id).having(sa.func.sum(before.c.minor) != 0)
    return sa.union(ours.where(sa.or_(moved, left)), sa.select(both.c[0]), uneven)


def _payouts(shop: Shop, period: Period, concerned: Any) -> list[tuple[int, OwnPayout]]:
    """The refunds of some cases that were let go or arrived before a period's end, by case id; a reversed one and its
    reversal both have the instant of the reversal.
    """
    columns = (Payout.id, Payout.reverses_id, Payout.case_id, Payout.number, Payout.minor, Payout.state)
    rows = shop.session.execute(
        sa.select(
            *map(col, columns), col(Payout.decided_at), col(Payout.settled_at), decided_here(period), col(Case.number)
        )
        .add_columns(own_minor(period), over_of(Payout), signed_at(), was_clicked(), clicked_before(period.end))
        .join(Case, col(Case.id) == col(Payout.case_id))
        .outerjoin(Original, col(Original.id) == col(Payout.reverses_id))
        .where(col(Payout.kind) == REFUND, col(Payout.state).not_in(NOT_LET_GO), sa.not_(off_route()))
        .where(entered_before(period.end))
        .where(col(Payout.case_id).in_(sa.select(concerned.c[0])))
        .order_by(col(Payout.id))
    ).all()
    # by the payout that was reversed: when its reversal was settled
    undone = {row[1]: row[7] for row in rows if row[1] is not None}
    payouts = []
    for key, reverses, case_id, number, minor, state, decided, settled, own, case, *computed in rows:
        counted, over, signed, clicked, in_time = computed
        undone_at = undone.get(key) if reverses is None else settled
        sides = bool(own), undone_at, int(counted or 0), int(over or 0), bool(clicked), bool(in_time)
        let_go = datetime.fromisoformat(signed) if signed else decided
        payouts.append((case_id, OwnPayout(number, case, minor, state, let_go, settled, *sides)))
    return payouts


def judge(matter: Matter, period: Period) -> None:
    """Fills in what of a refund was booked in a period on either side, and its class of difference at the end of it."""
    theirs, mine = matter.theirs, [p for p in matter.ours if period.holds(p.settled_at)]
    matter.booked = sum(p.counted for p in mine)
    matter.afterwards = sum(p.within for p in mine if not p.own)
    paid = [(minor, at) for minor, at in (theirs.paid if theirs else ()) if period.holds(at)]
    if theirs and paid:
        matter.refunded = sum(minor for minor, _at in paid)
        matter.refunded_at = paid[-1][1]
        matter.over = _over(matter.ours, paid, mine) if theirs.payments else theirs.over
    label = reconciliation.difference(matter.ours, theirs, period)
    # no difference of the refund as it stands by now, and yet one side stood alone at the period's end: that of states
    if not label and (left_open(matter, period) or (matter.booked and theirs and theirs.over and not theirs.closed)):
        label = "D7"
    elif not label and (matter.booked or not (theirs and theirs.over and not theirs.within)):
        label = UNDONE
    matter.label = label


def _over(ours: Sequence[OwnPayout], paid: Sequence[tuple[int, datetime]], mine: Sequence[OwnPayout]) -> int:
    """What of a refund in several parts was paid in a period beyond its order (minor units), less what was closed in it
    of that; `paid` are the platform's parts, `mine` those of `ours` that were settled in it.
    """
    closed = [at for minor, at in paid if minor < 0]
    back = [p.over for p in ours if p.over > 0 and closed and p.settled_at and p.settled_at <= closed[-1]]
    return sum(p.over for p in mine if p.over > 0) - sum(back)


def left_open(matter: Matter, period: Period) -> list[reconciliation.Entry]:
    """The entries of a refund that no equal sum of the other side had cleared by a period's end."""
    entries = reconciliation.entries(matter.ours, matter.theirs)
    return [e for e in entries if e.at < period.end and not (e.cleared_at and e.cleared_at < period.end)]
