"""What a month's end leaves owed beside the platforms' refunds: agreed to and in no payout, not sent, or waiting."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.owed_beside import FREIGHT_BACK
from retcli.actions.casefile.records.platform_payments import told_minor, was_closed
from retcli.actions.insight.month.booked import whole
from retcli.actions.insight.month.payout_progress import apart, failed_after, not_out, sent_before, waited
from retcli.models import Case, CaseLine, ClosedPayment, Draw, Inspection, Order, Payout
from retcli.models.cases import Waiver
from retcli.rules.lifecycles import Decision, Filing, Grade, PayoutState
from retcli.rules.money.minor_units import Money, in_order
from retcli.rules.money.payouts import CLOSED_THERE, GOODS_FIRST, PAID_THERE, REFUND, money_kind
from retcli.rules.periods import Period
from retcli.sheets.month import AGREED, AWAITS_GOODS, NOT_SENT, WAITING, Owed
from retcli.shop import Shop


@cache
def not_sent(period: Period) -> tuple[Any, ...]:
    """The conditions that a payout that the shop sends itself was let go and not sent by a period's end."""
    return *not_out(period), sa.not_(waited(period)), apart(), sa.not_(sent_before(period.end))


@cache
def waiting(period: Period) -> tuple[Any, ...]:
    """The conditions that a payout waited for a second person at a period's end."""
    return *not_out(period), waited(period)


@cache
def agreed_open(period: Period) -> Any:
    """A subquery of the cases on which more was due by a period's end, as agreed to here, than payouts were made for,
    also where the platform had paid a part of it: case id, currency, and in minor units what was to leave (`agreed`),
    and what only once its goods are in (`awaits_goods`).
    """
    lines, made = _due_lines(period), _payouts_made(period)
    freight, paid = _drawn(period, col(Draw.line_id).is_(None)), sa.func.coalesce(made.c.minor, 0)
    left = lines.c.due + freight - paid
    # the freight of a refund leaves with the last of its goods
    ready = lines.c.ready + sa.case((lines.c.lacking == 0, freight), else_=0) - paid
    to_leave = sa.case((ready > 0, ready), else_=0)
    columns: Any = col(Case.id).label("case_id"), col(Order.currency).label("currency")
    query = sa.select(*columns, to_leave.label(AGREED), (left - to_leave).label(AWAITS_GOODS))
    query = query.join(lines, lines.c.case_id == col(Case.id)).join(Order, col(Order.id) == col(Case.order_id))
    return query.outerjoin(made, made.c.case_id == col(Case.id)).where(left > 0).subquery()


@cache
def owed_again(period: Period) -> Any:
    """A subquery of the freight of the way back that was taken back last by a period's end and owed again then, since
    none was repaid anew that stood: case id, currency, minor units. The case was agreed to and not finished.
    """
    taken_back = sa.func.max(sa.case((col(Payout.reverses_id).is_not(None), col(Payout.id))))
    query = sa.select(taken_back.label("id")).join(Case, col(Case.id) == col(Payout.case_id))
    query = query.where(col(Payout.kind) == FREIGHT_BACK, _made_by(period), _stood(period))
    query = query.where(col(Case.decision) == Decision.APPROVED)
    query = query.where(sa.or_(col(Case.filing) == Filing.OPEN, col(Case.finished_at) >= period.end))
    last = (
        query.group_by(col(Payout.case_id)).having(taken_back.is_not(None), sa.func.sum(Payout.minor) == 0).subquery()
    )
    columns: Any = col(Payout.case_id).label("case_id"), col(Payout.currency), (-col(Payout.minor)).label("minor")
    return sa.select(*columns).join(last, last.c.id == col(Payout.id)).subquery()


def _agreed_by_then(period: Period) -> tuple[Any, ...]:
    """The conditions that a case was agreed to here by a period's end, and was not finished then, nor did its money
    rest.
    """
    return (
        col(Case.decision) == Decision.APPROVED,
        col(Case.decided_as).in_(["person", "rule"]),
        col(Case.decided_at) < period.end,
        sa.or_(col(Case.filing) == Filing.OPEN, col(Case.finished_at) >= period.end),
        sa.or_(sa.not_(_closed_by_then(period)), _waived(period, CLOSED_THERE)),
        sa.or_(sa.not_(_taken_back(period)), _waived(period, PAID_THERE)),
    )


def _closed_by_then(period: Period) -> Any:
    """The condition that a refund was closed on its platform at a period's end."""
    ended = sa.func.coalesce(col(Case.platform_state), "") == "closed"
    later = was_closed(col(ClosedPayment.closed_at) >= period.end)
    later = sa.or_(later, sa.and_(sa.not_(was_closed()), col(Case.platform_closed_at) >= period.end))
    before = was_closed(col(ClosedPayment.closed_at) < period.end)
    paid_since = sa.and_(before, col(Case.platform_succeeded_at) >= period.end)
    return sa.func.coalesce(sa.or_(sa.and_(ended, sa.not_(later)), paid_since), ended)


def _waived(period: Period, rule: str) -> Any:
    """The condition that a rule was waived on a case by a period's end."""
    waiver = sa.select(col(Waiver.id)).where(col(Waiver.case_id) == col(Case.id), col(Waiver.at) < period.end)
    return waiver.where(col(Waiver.rule) == rule).correlate(Case).exists()


def _taken_back(period: Period) -> Any:
    """The condition that of what the platform says that it paid on a case something was taken back here by a period's
    end, and less of it stood then.
    """
    by_route = col(Payout.case_id) == col(Case.id), col(Payout.kind) == REFUND, col(Payout.method) == "original"
    made = *by_route, _made_by(period), _stood(period)
    back = sa.select(col(Payout.id)).where(*made, col(Payout.reverses_id).is_not(None)).correlate(Case).exists()
    standing = sa.func.coalesce(sa.select(whole(Payout.minor)).where(*made).correlate(Case).scalar_subquery(), 0)
    less = sa.func.coalesce(standing < told_minor(), sa.true())
    closed_since = was_closed(col(ClosedPayment.paid_at) < period.end, col(ClosedPayment.closed_at) >= period.end)
    paid = sa.or_(sa.func.coalesce(col(Case.platform_state), "") == "succeeded", closed_since)
    return sa.and_(paid, back, less)


def _drawn(period: Period, on_line: Any) -> Any:
    """SQL of what a case was due by a period's end, in minor units, where `on_line` holds of the line: what it drew
    until then, less what it gave back.
    """
    cash = sa.select(whole(Draw.cash)).where(col(Draw.case_id) == col(Case.id), col(Draw.at) < period.end, on_line)
    return sa.func.coalesce(cash.correlate(Case, CaseLine).scalar_subquery(), 0)


def _due_lines(period: Period) -> Any:
    """A subquery of what was due on the lines of each case: case id, all of it (`due`) and what needs no goods or has
    them (`ready`; of a line of which some pieces are in, their worth) in minor units, and the number of lines whose
    goods are awaited (`lacking`).
    """
    accepted = sa.select(whole(Inspection.quantity)).where(col(Inspection.case_line_id) == col(CaseLine.id))
    accepted = accepted.where(col(Inspection.grade) != Grade.X, col(Inspection.at) < period.end).correlate(CaseLine)
    inside, pieces = sa.func.coalesce(accepted.scalar_subquery(), 0), col(CaseLine.quantity)
    goods_first = sa.and_(col(Case.kind).in_(sorted(GOODS_FIRST)), sa.not_(_waived(period, "goods_first")))
    lacks = sa.and_(goods_first, inside < pieces)
    due = _drawn(period, col(Draw.line_id) == col(CaseLine.line_id))
    lines = sa.select(
        col(CaseLine.case_id),
        due.label("due"),
        inside.label("inside"),
        pieces.label("pieces"),
        sa.case((lacks, 1), else_=0).label("lacks"),
    )
    # asked of these cases alone: else each month would add up the lines of all months before it
    each = lines.join(Case, col(Case.id) == col(CaseLine.case_id)).where(*_agreed_by_then(period)).subquery()
    # the worth of some pieces of a line, rounded half up as `rules.money.payouts.payable` does it
    worth = (2 * each.c.due * each.c.inside + each.c.pieces) // (2 * each.c.pieces)
    query = sa.select(
        each.c.case_id,
        whole(each.c.due).label("due"),
        whole(sa.case((each.c.lacks == 1, worth), else_=each.c.due)).label("ready"),
        whole(each.c.lacks).label("lacking"),
    )
    return query.group_by(each.c.case_id).subquery()


def _made_by(period: Period) -> Any:
    """The condition that a payout was made, or its money had arrived, by a period's end."""
    return sa.or_(
        col(Payout.decided_at) < period.end, sa.func.coalesce(col(Payout.settled_at) < period.end, sa.false())
    )


def _stood(period: Period) -> Any:
    """The condition that a payout had not failed by a period's end."""
    return sa.or_(col(Payout.state) != PayoutState.FAILED, failed_after(period))


def _payouts_made(period: Period) -> Any:
    """A subquery of the refunds made of each case by a period's end, less those that failed or were taken back by then:
    case id, minor units.
    """
    query = sa.select(col(Payout.case_id).label("case_id"), whole(Payout.minor).label("minor"))
    query = query.join(Case, col(Case.id) == col(Payout.case_id)).where(col(Payout.kind) == REFUND, _made_by(period))
    return query.where(_stood(period), *_agreed_by_then(period)).group_by(col(Payout.case_id)).subquery()


def owed(shop: Shop, period: Period) -> list[Owed]:
    """What was owed at a period's end, by currency and case: what was agreed to and is in no payout, then payouts."""
    rows = [*_agreed(shop, period), *_again(shop, period), *_payouts(shop, period)]
    return sorted(rows, key=lambda row: (in_order(row.money.currency), row.case, row.number))


def _agreed(shop: Shop, period: Period) -> Iterator[Owed]:
    """The rows of what was agreed to; of a case of which some goods are in, one for each part."""
    left = agreed_open(period)
    query = sa.select(Case, Order, left.c[AGREED], left.c[AWAITS_GOODS]).join(left, left.c.case_id == col(Case.id))
    for case, order, agreed, awaits in shop.session.execute(query.join(Order, col(Order.id) == col(Case.order_id))):
        for stands, minor in ((AGREED, agreed), (AWAITS_GOODS, awaits)):
            if minor:
                yield Owed(
                    case=case.number,
                    order=order.number,
                    shop=order.shop,
                    platform=order.platform,
                    kind=money_kind(REFUND, case.kind, 0, 0, protection=case.is_protection),
                    money=Money(int(minor), order.currency),
                    since=case.decided_at,
                    stands=stands,
                    decided_by=case.decided_by,
                )


def _again(shop: Shop, period: Period) -> Iterator[Owed]:
    """The rows of freight of the way back that was taken back."""
    left = owed_again(period)
    query = sa.select(Case, Order, left.c.currency, left.c.minor)
    query = query.join(left, left.c.case_id == col(Case.id)).join(Order, col(Order.id) == col(Case.order_id))
    rows = shop.session.execute(query)
    for case, order, currency, minor in rows:
        yield Owed(
            case=case.number,
            order=order.number,
            shop=order.shop,
            platform=order.platform,
            kind=FREIGHT_BACK,
            money=Money(int(minor), currency),
            since=case.decided_at,
            stands=AGREED,
            decided_by=case.decided_by,
        )


def _payouts(shop: Shop, period: Period) -> Iterator[Owed]:
    """The rows of payouts that were not sent, or waited for a second person."""
    waits, idle = sa.and_(*waiting(period)), sa.and_(*not_sent(period))
    query = sa.select(Payout, Case, Order, sa.case((waits, WAITING), else_=NOT_SENT))
    query = query.join(Case, col(Case.id) == col(Payout.case_id)).join(Order, col(Order.id) == col(Payout.order_id))
    for payout, case, order, stands in shop.session.execute(query.where(sa.or_(waits, idle))):
        yield Owed(
            case=case.number,
            order=order.number,
            shop=order.shop,
            platform=order.platform,
            kind=money_kind(payout.kind, case.kind, payout.minor, 0, protection=case.is_protection),
            money=Money(payout.minor, payout.currency),
            since=payout.decided_at,
            stands=stands,
            decided_by=payout.decided_by,
            number=payout.number,
            method=payout.method,
            state=payout.state,
        )
