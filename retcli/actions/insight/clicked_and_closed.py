"""Refunds that were said here to have left and that their platform closed: a contradiction without any money."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.insight.booked import event_within
from retcli.models import Case, Order
from retcli.models.books import CLOSED_AFTER_CLICK, Event
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.periods import Period
from retcli.sheets.month import CLICKED_CLOSED, Gap
from retcli.shop import Shop


def closed_after_click(shop: Shop, period: Period) -> list[Gap]:
    """The refunds whose closing came to be known in a period after they were clicked or sent, once each, in the
    sequence of their cases.
    """
    first: Any = sa.select(col(Event.subject).label("case_number"), sa.func.min(Event.at).label("at"))
    first = first.where(col(Event.action) == CLOSED_AFTER_CLICK, event_within(period))
    told = first.group_by(col(Event.subject)).subquery()
    query = sa.select(Case, Order, told.c.at).join(Order, col(Order.id) == col(Case.order_id))
    query = query.join(told, told.c.case_number == col(Case.number))
    rows = shop.session.execute(query.order_by(col(Case.id)))
    return [_gap(case, order, datetime.fromisoformat(at)) for case, order, at in rows]


def _gap(case: Case, order: Order, at: datetime) -> Gap:
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
        settled=CLICKED_CLOSED,
    )
