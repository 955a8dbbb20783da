"""The returns that were refunded in a month, of which goods are to come back."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.insight.month.booked import booked_cases, from_before
from retcli.actions.orderfile.openings import OPENED, opened_for
from retcli.models import Case, CaseLine, Order, Payout, PayoutPart
from retcli.rules.lifecycles import COMING_BACK, PayoutState
from retcli.rules.money.payouts import REFUND
from retcli.rules.periods import Period


def has_goods() -> Any:
    """The condition that pieces of a case's line come back, or were to: not so of a line that a case has only since the
    platform paid more than its other lines had.
    """
    return sa.or_(col(CaseLine.quantity) > 0, sa.func.coalesce(col(CaseLine.agreed), 0) > 0)


def refunded_returns(query: Any, period: Period) -> Any:
    """A query of cases, narrowed to those with goods to come back (returns, exchanges) and refunds booked in a period,
    with their order, and to each line on which something was paid with those parts of payouts; without refunds from
    before the books, since nobody here had their goods in hand. One row for each part: what is asked of a line is
    grouped by it.
    """
    on_the_line = sa.and_(col(PayoutPart.payout_id) == Payout.id, col(PayoutPart.line_id) == CaseLine.line_id)
    return (
        query.join(Order, col(Order.id) == col(Case.order_id))
        .join(CaseLine, col(CaseLine.case_id) == col(Case.id))
        .join(Payout, col(Payout.case_id) == col(Case.id))
        .join(PayoutPart, on_the_line)
        .outerjoin(OPENED, opened_for())
        .where(col(Case.kind).in_(COMING_BACK), col(Payout.kind) == REFUND, col(Payout.state) != PayoutState.FAILED)
        .where(col(Payout.settled_at) < period.end, col(Case.id).in_(booked_cases(period)), sa.not_(from_before()))
        .where(has_goods())
    )
