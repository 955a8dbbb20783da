"""Rows of a month's differences for refunds that were clicked or sent here and that their platform ended unpaid."""

import json
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.voided_payouts import called_off
from retcli.actions.insight.month.booked import off_route
from retcli.actions.insight.month.moneyless_gaps import moneyless_gap
from retcli.actions.insight.month.payout_progress import event_since, signed_at
from retcli.models import Case, Order, Payout
from retcli.models.books import CLOSED_AFTER_CLICK, REFUSED_AFTER_CLICK, Event
from retcli.rules.lifecycles import CALLED_OFF, PayoutState
from retcli.rules.money.payouts import REFUND
from retcli.rules.periods import Period
from retcli.sheets.month import CLICKED_CLOSED, CLICKED_REFUSED, Gap
from retcli.shop import Shop

_SETTLED = {CLOSED_AFTER_CLICK: CLICKED_CLOSED, REFUSED_AFTER_CLICK: CLICKED_REFUSED}
"""How a difference was settled, by the event that tells of such a refund."""


def closed_after_click(shop: Shop, period: Period) -> list[Gap]:
    """The refunds that the platform closed or turned down in a period after they were clicked or sent here, once each,
    by case.
    """
    query = sa.select(Case, Order, Event).join(Order, col(Order.id) == col(Case.order_id))
    query = query.join(Event, col(Event.subject) == col(Case.number)).where(col(Event.action).in_(_SETTLED))
    # it is known here at the earliest when it happened there
    rows = shop.session.execute(query.where(event_since(period.start)).order_by(col(Case.id), col(Event.seq))).all()
    ids = {case.id for case, _order, _event in rows}
    let_go, tried = _let_go(shop, ids), _tried(shop, ids)
    gaps: dict[str, Gap] = {}
    for case, order, event in rows:
        written = datetime.fromisoformat(event.at)
        since = max((at for at in let_go.get(case.id, []) if at <= written), default=written)
        told = json.loads(event.payload).get("ended_at")
        ended = datetime.fromisoformat(told) if told else written
        if period.holds(max(ended, since)):
            gaps.setdefault(case.number, _gap(case, order, since, tried.get(case.id, ""), _SETTLED[event.action]))
    return list(gaps.values())


def _let_go(shop: Shop, cases: Collection[int]) -> dict[int, list[datetime]]:
    """When the refunds of some cases by the original route were let go, by case id."""
    query = sa.select(col(Payout.case_id), col(Payout.decided_at), signed_at())
    query = query.where(col(Payout.case_id).in_(cases), col(Payout.kind) == REFUND, sa.not_(off_route()))
    times: dict[int, list[datetime]] = {}
    for case_id, decided, signed in shop.session.execute(query.where(col(Payout.reverses_id).is_(None))):
        times.setdefault(case_id, []).append(datetime.fromisoformat(signed) if signed else decided)
    return times


def _tried(shop: Shop, cases: Collection[int]) -> dict[int, str]:
    """How the last refund of some cases by the original route ended that did not arrive, by case id: it failed, or was
    called off before it left.
    """
    query = sa.select(col(Payout.case_id), col(Payout.number)).where(col(Payout.case_id).in_(cases))
    query = query.where(col(Payout.kind) == REFUND, col(Payout.state) == PayoutState.FAILED, sa.not_(off_route()))
    rows = shop.session.execute(query.order_by(col(Payout.id)))
    last: dict[int, str] = {row[0]: row[1] for row in rows}
    off = called_off(shop, set(last.values()))
    return {case_id: CALLED_OFF if number in off else PayoutState.FAILED for case_id, number in last.items()}


def _gap(case: Case, order: Order, since: datetime, state: str, settled: str) -> Gap:
    """The row of a refund that was let go at an instant and ended unpaid."""
    return moneyless_gap(case, order, since, label="D7", state=state, settled=settled)
