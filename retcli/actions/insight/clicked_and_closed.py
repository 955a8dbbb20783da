"""Refunds that were said here to have left and that their platform ended unpaid: a contradiction without any money."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.insight.booked import event_within
from retcli.models import Case, Order
from retcli.models.books import CLOSED_AFTER_CLICK, REFUSED_AFTER_CLICK, Event
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.periods import Period
from retcli.sheets.month import CLICKED_CLOSED, CLICKED_REFUSED, Gap
from retcli.shop import Shop

_SETTLED = {CLOSED_AFTER_CLICK: CLICKED_CLOSED, REFUSED_AFTER_CLICK: CLICKED_REFUSED}
"""What stands in the differences for each of the events that tell of such a refund."""


def closed_after_click(shop: Shop, period: Period) -> list[Gap]:
    """The refunds that came to be known in a period as closed or turned down on the platform after they were clicked or
    sent, once each, in the sequence of their cases.
    """
    first: Any = sa.select(sa.func.min(Event.seq)).where(col(Event.action).in_(_SETTLED), event_within(period))
    query = sa.select(Case, Order, col(Event.at), col(Event.action)).join(Order, col(Order.id) == col(Case.order_id))
    query = query.join(Event, col(Event.subject) == col(Case.number))
    query = query.where(col(Event.seq).in_(first.group_by(col(Event.subject))))
    rows = shop.session.execute(query.order_by(col(Case.id)))
    return [_gap(case, order, datetime.fromisoformat(at), _SETTLED[action]) for case, order, at, action in rows]


def _gap(case: Case, order: Order, at: datetime, settled: str) -> Gap:
    """The row of one: neither side has any money of it."""
    nothing = Money(0, order.currency)
    return Gap(
        label="D7",
        carried=False,
        case=case.number,
        bill=case.platform_number or "",
        order=order.number,
        shop=order.shop,
        platform_name=order.platform,
        since=at,
        ours=nothing,
        platform=nothing,
        open_ours=nothing,
        open_platform=nothing,
        state=PayoutState.FAILED,
        settled=settled,
    )
