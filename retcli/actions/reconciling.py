"""A month's money and goods gathered from the books, and matched with what the platform refunded."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli import __version__
from retcli.actions.movements import (
    COMPENSATION,
    PLATFORM,
    REFUND,
    Matter,
    Original,
    booked,
    booked_at,
    booked_cases,
    goods_in,
    movements,
    within,
)
from retcli.errors import NeedsPerson
from retcli.language import _
from retcli.models import Case, CaseLine, Inspection, Order, Payout, PayoutPart
from retcli.rules import payouts as rules
from retcli.rules.analysis import Period
from retcli.rules.lifecycles import Grade, Kind, PayoutState
from retcli.rules.money import POINTS, Money
from retcli.rules.payouts import MATCHED, OwnPayout, PlatformRefund
from retcli.sheets.month import Gap, Month, Totals
from retcli.shop import Shop

ORIGIN = sa.func.coalesce(col(Original.origin), col(Payout.origin))
"""Where a payout came from; a reversal counts where its original did."""


def month_of_books(shop: Shop, written: str) -> Month:
    """Everything about a month (``2026-11``): movements, differences, goods, and totals as the database sums them."""
    period = Period.month(written)
    matters = _matters(shop, period)
    for matter in matters.values():
        _judge(matter, period)
    gaps = [gap for case_id, m in matters.items() for gap in _gaps(m, period)]
    entries = [entry for m in matters.values() for entry in rules.entries(m.ours, m.theirs)]
    sides = {side: rules.control((e for e in entries if e.side == side), period) for side in ("ours", "platform")}
    return Month(
        month=written,
        period=period,
        made_at=shop.now,
        version=__version__,
        shops=shops_of(shop),
        currency=_currency(shop, period),
        movements=movements(shop, period, matters),
        gaps=sorted([*gaps, *_goods_owed(shop, period)], key=lambda gap: (gap.label, gap.carried, gap.since, gap.case)),
        goods=goods_in(shop, period),
        totals=_totals(shop, period, matters),
        control=sides,
        unpaid=_unpaid(shop, period),
    )


def shops_of(shop: Shop) -> tuple[str, ...]:
    """The shops whose orders are in the books."""
    names = shop.session.scalars(sa.select(col(Order.shop)).distinct().order_by(col(Order.shop)))
    return tuple(name for name in names if name)


def _currency(shop: Shop, period: Period) -> str:
    """The one currency of the month's money. Raises NeedsPerson where there are several: they do not add up."""
    query = sa.select(col(Payout.currency)).join(Case, col(Case.id) == col(Payout.case_id)).distinct()
    found = set(shop.session.scalars(query.where(*booked(period)))) - {POINTS}
    if len(found) > 1:
        message = _("The month holds several currencies: {names}").format(names="、".join(sorted(found)))
        raise NeedsPerson(message, _("One workbook adds up one currency only"))
    return found.pop() if found else "CNY"


def _matters(shop: Shop, period: Period) -> dict[int, Matter]:
    """Every refund that goes through the platform, by case id: what matters at the month's end may be older."""
    with_payout = sa.select(col(Payout.case_id)).where(col(Payout.kind) == REFUND)
    columns = (
        Case.id,
        Case.number,
        Case.platform_number,
        Case.platform_amount,
        Case.platform_succeeded_at,
    )
    rows = shop.session.execute(
        sa.select(*map(col, columns), col(Case.platform_state), col(Order.number), col(Order.shop), col(Order.currency))
        .join(Order, col(Order.id) == col(Case.order_id))
        .where(col(Case.platform_number).is_not(None))
        .where(sa.or_(col(Case.platform_succeeded_at).is_not(None), col(Case.id).in_(with_payout)))
    )
    found = {}
    for case_id, number, bill, minor, succeeded, state, order, name, currency in rows:
        closed = state == "closed"
        theirs = PlatformRefund(bill, order, minor, succeeded, closed) if minor else None
        found[case_id] = Matter(number, bill, order, name, currency, theirs)
    for case_id, payout in _payouts(shop, period):
        if case_id in found:
            found[case_id].ours.append(payout)
    return found


def _payouts(shop: Shop, period: Period) -> list[tuple[int, OwnPayout]]:
    """Refund payouts decided or paid before the period's end; a reversed one and its reversal know when."""
    columns = (Payout.id, Payout.reverses_id, Payout.case_id, Payout.number, Payout.minor, Payout.state)
    rows = shop.session.execute(
        sa.select(*map(col, columns), col(Payout.decided_at), col(Payout.settled_at), ORIGIN, col(Case.number))
        .join(Case, col(Case.id) == col(Payout.case_id))
        .outerjoin(Original, col(Original.id) == col(Payout.reverses_id))
        .where(col(Payout.kind) == REFUND, col(Payout.state) != PayoutState.FAILED)
        .where(sa.or_(col(Payout.decided_at) < period.end, col(Payout.settled_at) < period.end))
        .order_by(col(Payout.id))
    ).all()
    undone = {row[1]: row[7] for row in rows if row[1] is not None}
    made = []
    for key, reverses, case_id, number, minor, state, decided, settled, origin, case in rows:
        at = undone.get(key) if reverses is None else settled
        made.append((case_id, OwnPayout(number, case, minor, state, decided, settled, origin != PLATFORM, at)))
    return made


def _judge(matter: Matter, period: Period) -> None:
    """The class of a refund, and what of it was booked in the period on either side."""
    theirs = matter.theirs
    at = theirs.succeeded_at if theirs else None
    matter.label = rules.difference(matter.ours, theirs, period)
    matter.booked = sum(p.minor for p in matter.ours if p.own and period.holds(p.settled_at or at))
    matter.refunded = theirs.minor if theirs and period.holds(at) else 0


def _gaps(matter: Matter, period: Period) -> list[Gap]:
    """The difference of a refund, if there is one: booked in the period, or still unmatched at its end."""
    found = rules.entries(matter.ours, matter.theirs)
    left = [e for e in found if e.at < period.end and not (e.cleared_at and e.cleared_at < period.end)]
    moved = bool(matter.booked or matter.refunded)
    if matter.label == MATCHED or not (moved or left):
        return []
    known = [e for e in found if e.at < period.end]
    since = min(entry.at for entry in (left or known))
    open_sums = {side: sum(e.minor for e in left if e.side == side) for side in ("ours", "platform")}
    return [
        Gap(
            label=matter.label or "D7",
            carried=not moved and since < period.start,
            case=matter.case,
            bill=matter.bill,
            order=matter.order,
            shop=matter.shop,
            since=since,
            ours=Money(matter.booked, matter.currency),
            platform=Money(matter.refunded, matter.currency),
            about=Money(_about(matter, period), matter.currency),
            open_ours=Money(open_sums["ours"], matter.currency),
            open_platform=Money(open_sums["platform"], matter.currency),
            state=matter.ours[-1].state if matter.ours else "",
        )
    ]


def _about(matter: Matter, period: Period) -> int:
    """The money that a difference is about, never negative."""
    standing = sum(p.minor for p in rules.standing(matter.ours, period))
    theirs = matter.theirs.minor if matter.theirs else 0
    if matter.label == "D3":
        return abs(standing - theirs)
    return theirs if matter.label in {"D2", "D5"} else standing or abs(matter.booked) or theirs


def _goods_owed(shop: Shop, period: Period) -> list[Gap]:
    """Refunded returns booked in the period whose pieces were not accepted by its end, line by line."""
    accepted = _accepted(shop, period)
    rows = shop.session.execute(
        sa.select(Case, Order, CaseLine, whole(PayoutPart.minor), sa.func.max(booked_at))
        .join(Order, col(Order.id) == col(Case.order_id))
        .join(CaseLine, col(CaseLine.case_id) == col(Case.id))
        .join(Payout, col(Payout.case_id) == col(Case.id))
        .join(PayoutPart, sa.and_(col(PayoutPart.payout_id) == Payout.id, col(PayoutPart.line_id) == CaseLine.line_id))
        .where(col(Case.kind) == Kind.RETURN, col(Payout.kind) == REFUND, col(Payout.state) != PayoutState.FAILED)
        .where(booked_at < period.end, col(Case.id).in_(booked_cases(period)))
        .group_by(col(Case.id), col(Order.id), col(CaseLine.id))
        .order_by(col(CaseLine.id))
    )
    by_case: dict[int, list[Any]] = defaultdict(list)
    for case, order, line, paid, at in rows:
        good = accepted.get(line.id, 0)
        owed = rules.goods_owed(int(paid), line.due, line.quantity, good)
        if owed:
            by_case[case.id].append((case, order, owed, line.quantity - good, at))
    return [_owed(found) for found in by_case.values()]


def _owed(found: Sequence[Any]) -> Gap:
    case, order, _money, _pieces, at = found[0]
    nothing = Money(0, order.currency)
    about, pieces = Money(sum(each[2] for each in found), order.currency), sum(each[3] for each in found)
    bill = case.platform_number or ""
    return Gap(
        "D9",
        False,
        case.number,
        bill,
        order.number,
        order.shop,
        at,
        nothing,
        nothing,
        about,
        nothing,
        nothing,
        "",
        pieces,
    )


def _accepted(shop: Shop, period: Period) -> dict[int, int]:
    """Pieces accepted (not of grade X) by the period's end, by case line, of the cases booked in it."""
    rows = shop.session.execute(
        sa.select(col(Inspection.case_line_id), whole(Inspection.quantity))
        .join(CaseLine, col(CaseLine.id) == col(Inspection.case_line_id))
        .where(col(Inspection.grade) != Grade.X, col(Inspection.at) < period.end)
        .where(col(CaseLine.case_id).in_(booked_cases(period)))
        .group_by(col(Inspection.case_line_id))
    )
    return {line: int(pieces) for line, pieces in rows}


def whole(column: Any) -> Any:
    """A sum as a whole number on every database."""
    return sa.cast(sa.func.sum(column), sa.BigInteger)


def _totals(shop: Shop, period: Period, matters: Mapping[int, Matter]) -> Totals:
    """What the sheets must add up to, summed by the database."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for kind, currency, origin, through_platform, number, minor in _sums(shop, period):
        side = "noted" if origin == PLATFORM else "own"
        names = ["points" if currency == POINTS else "paid"]
        names += [COMPENSATION] if kind == COMPENSATION and currency != POINTS else []
        names += [side] if kind == REFUND and through_platform else []
        for name in names:
            sums[name][0], sums[name][1] = sums[name][0] + number, sums[name][1] + int(minor)
    refunds = sa.select(sa.func.count(), whole(Case.platform_amount)).where(col(Case.platform_amount) > 0)
    count, refunded = shop.session.execute(refunds.where(within(Case.platform_succeeded_at, period))).one()
    seen = sa.select(whole(Inspection.quantity)).where(within(Inspection.at, period))
    matched = [m for m in matters.values() if m.label == MATCHED and m.refunded]
    return Totals(
        movements=sums["paid"][0] + sums["points"][0],
        paid=sums["paid"][1],
        points=sums["points"][1],
        compensation=sums[COMPENSATION][1],
        own=sums["own"][1],
        noted=sums["noted"][1],
        platform=int(refunded or 0),
        platform_count=count,
        pieces_in=int(shop.session.scalar(seen) or 0),
        matched=sum(m.refunded for m in matched),
        matched_count=len(matched),
    )


def _sums(shop: Shop, period: Period) -> Sequence[Any]:
    through_platform = col(Case.platform_number).is_not(None)
    groups = (col(Payout.kind), col(Payout.currency), ORIGIN, through_platform)
    return shop.session.execute(
        sa.select(*groups, sa.func.count(), whole(Payout.minor))
        .join(Case, col(Case.id) == col(Payout.case_id))
        .outerjoin(Original, col(Original.id) == col(Payout.reverses_id))
        .where(*booked(period))
        .group_by(*groups)
    ).all()


def _unpaid(shop: Shop, period: Period) -> tuple[int, int]:
    """Count and sum of money decided and not out at the period's end, apart from platform refunds and points."""
    query = sa.select(sa.func.count(), whole(Payout.minor)).join(Case, col(Case.id) == col(Payout.case_id))
    count, minor = shop.session.execute(
        query.where(col(Payout.state) != PayoutState.FAILED, col(Payout.currency) != POINTS)
        .where(col(Payout.reverses_id).is_(None), col(Payout.decided_at) < period.end)
        .where(sa.or_(col(Payout.settled_at).is_(None), col(Payout.settled_at) >= period.end))
        .where(sa.or_(col(Payout.kind) != REFUND, col(Case.platform_number).is_(None)))
    ).one()
    return count, int(minor or 0)
