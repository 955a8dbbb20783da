"""The urgency of a case: its line of the day's list, and the key that sorts lists by it."""

from datetime import datetime, timedelta
from typing import Any

from retcli.rules.casefile.clocks import Clock
from retcli.rules.money.minor_units import Money, in_order
from retcli.shop import Shop
from retcli.views.casefile.cases import CaseView
from retcli.views.insight.today import TodayItem

SOON = timedelta(hours=4)
_RANK = {"overdue": 0, "soon": 1, "target": 2, "later": 3}


def item_of(shop: Shop, view: CaseView) -> TodayItem:
    """The line of the day's list for a case."""
    clock = view.clock
    return TodayItem(
        case=view.number,
        order=view.order,
        stage=view.stage,
        action=view.next,
        urgency=_pressing(clock, shop.now),
        clock=clock.name if clock else "",
        due_at=clock.due_at if clock else None,
        source=str(clock.source) if clock else "",
        estimated=clock.estimated if clock else False,
        unverified=clock.unverified if clock else False,
        money_at_risk=view.at_stake or Money(max(view.due.minor - view.paid.minor, 0), view.due.currency),
        beside=tuple(each for each in view.so_far.beside if each.open),
    )


def _pressing(clock: Clock | None, now: datetime) -> str:
    """How urgent a case is by its clock: ``overdue``, ``soon`` (within four hours), ``target`` or ``later``. Only
    deadlines of the platform and the law are ever overdue; one of the shop's own that is past is a missed target.
    """
    left = clock.due_at - now if clock and not clock.unverified else None
    if clock is None or left is None or left > SOON:
        return "later"
    if left > timedelta(0):
        return "soon"
    return "overdue" if clock.binding else "target"


def urgency(item: TodayItem) -> tuple[Any, ...]:
    """The key by which the day's list is sorted: by urgency; what presses by its deadline; the rest by the money at
    risk, each currency by itself, since no rate between two is known; then by deadline.
    """
    risk, late = item.money_at_risk, item.due_at.timestamp() if item.due_at else float("inf")
    pressing = late if item.urgency != "later" else 0
    return _RANK[item.urgency], pressing, in_order(risk.currency), -risk.minor, item.unverified, late, item.case
