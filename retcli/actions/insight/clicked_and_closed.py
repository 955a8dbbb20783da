"""Rows of a month's differences for refunds that were clicked or sent here and that their platform ended unpaid."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.insight.booked import event_within
from retcli.actions.insight.moneyless_gaps import moneyless_gap
from retcli.models import Case, Order
from retcli.models.books import CLOSED_AFTER_CLICK, REFUSED_AFTER_CLICK, Event
from retcli.rules.lifecycles import PayoutState
from retcli.rules.periods import Period
from retcli.sheets.month import CLICKED_CLOSED, CLICKED_REFUSED, Gap
from retcli.shop import Shop

_SETTLED = {CLOSED_AFTER_CLICK: CLICKED_CLOSED, REFUSED_AFTER_CLICK: CLICKED_REFUSED}
"""How a difference was settled, by the event that tells of such a refund."""


def closed_after_click(shop: Shop, period: Period) -> list[Gap]:
    """The refunds of which it came to be known in a period that the platform closed or turned them down after they were
    clicked or sent, once each, by case.
    """
    first: Any = sa.select(sa.func.min(Event.seq)).where(col(Event.action).in_(_SETTLED), event_within(period))
    query = sa.select(Case, Order, col(Event.at), col(Event.action)).join(Order, col(Order.id) == col(Case.order_id))
    query = query.join(Event, col(Event.subject) == col(Case.number))
    query = query.where(col(Event.seq).in_(first.group_by(col(Event.subject))))
    rows = shop.session.execute(query.order_by(col(Case.id)))
    return [_gap(case, order, datetime.fromisoformat(at), _SETTLED[action]) for case, order, at, action in rows]


def _gap(case: Case, order: Order, at: datetime, settled: str) -> Gap:
    """The row of a refund that was ended unpaid, which came to be known at an instant."""
    return moneyless_gap(case, order, at, label="D7", state=PayoutState.FAILED, settled=settled)
