"""The payouts of a month that the shop sends itself, apart from the platforms' refunds, with when each was sent."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.insight.month.booked import booked
from retcli.actions.insight.month.payout_progress import apart, failed_within, on_the_way, sent_at
from retcli.models import Case, Order, Payout
from retcli.rules.money.minor_units import POINTS, Money
from retcli.rules.money.payouts import money_kind
from retcli.rules.periods import Period
from retcli.sheets.month import ARRIVED, AWAY, FAILED, Transfer
from retcli.shop import Shop


def transfers(shop: Shop, period: Period) -> list[Transfer]:
    """The shop's own payouts that arrived in a period or were on their way at its end, and those that were sent and
    failed in it, in the order of their making.
    """
    arrived, away, failed = (sa.and_(*which(period)) for which in (booked, on_the_way, failed_within))
    query = sa.select(Payout, Case, Order, sent_at(), sa.case((away, AWAY), (failed, FAILED), else_=ARRIVED))
    query = query.join(Case, col(Case.id) == col(Payout.case_id)).join(Order, col(Order.id) == col(Payout.order_id))
    query = query.where(apart(), col(Payout.currency) != POINTS, sa.or_(arrived, away, failed)).order_by(col(Payout.id))
    return [_transfer(*row) for row in shop.session.execute(query)]


def _transfer(payout: Payout, case: Case, order: Order, sent: Any, stands: str) -> Transfer:
    """The row of a payout; `sent` is an instant as events write it."""
    return Transfer(
        number=payout.number,
        case=case.number,
        order=order.number,
        shop=order.shop,
        platform=order.platform,
        # only a platform pays beyond an order
        kind=money_kind(payout.kind, case.kind, payout.minor, 0, protection=case.is_protection),
        method=payout.method,
        request=payout.request,
        money=Money(payout.minor, payout.currency),
        sent_at=datetime.fromisoformat(sent) if sent else None,
        arrived_at=payout.settled_at,
        stands=stands,
        state=payout.state,
        decided_by=payout.decided_by,
        approved_by=payout.approved_by or "",
    )
