"""The urgency of a case: its line of the day's list, and the key that sorts lists by it."""

from typing import Any

from retcli.language import _
from retcli.rules.lifecycles import Role
from retcli.rules.money.minor_units import Money, in_order
from retcli.rules.roles import COMMANDS, EVERYBODY, OFFICE
from retcli.shop import Shop
from retcli.views.casefile.cases import CaseInBrief
from retcli.views.insight.today import TodayItem

_RANK = {"overdue": 0, "soon": 1, "target": 2, "later": 3}


def item_of(shop: Shop, view: CaseInBrief) -> TodayItem:
    """The line of the day's list for a case."""
    clock = view.clock
    return TodayItem(
        case=view.number,
        order=view.order,
        kind=view.kind,
        goods=_goods(view),
        buyer=view.buyer.name or view.buyer.receiver,
        owner=view.owner,
        for_me=_concerns(shop.operator.role, view.next),
        stage=view.stage,
        action=view.next,
        urgency=view.urgency,
        clock=clock.name if clock else "",
        due_at=clock.due_at if clock else None,
        source=str(clock.source) if clock else "",
        estimated=clock.estimated if clock else False,
        unverified=clock.unverified if clock else False,
        money_at_risk=_at_risk(view),
        beside=tuple(each for each in view.so_far.beside if each.open),
        protection=view.protection,
    )


def _at_risk(view: CaseInBrief) -> Money:
    """What may be lost on a case, or what is still to be paid where that is more."""
    to_pay = Money(max(view.due.minor - view.paid.minor, 0), view.due.currency)
    return to_pay if view.at_stake is None or view.at_stake < to_pay else view.at_stake


def _goods(view: CaseInBrief) -> str:
    """What the case is about: the title of its first line, and how many lines there are besides."""
    titles = [line.title or line.sku for line in view.lines if line.quantity] or [""]
    return titles[0] if len(titles) == 1 else _("{title} and {n} more").format(title=titles[0], n=len(titles) - 1)


def _concerns(role: Role, step: str) -> bool:
    """Whether the next step of a case is for somebody of a role: the command is theirs; what everybody may type, or
    nothing to type, is the office's.
    """
    lines = f"{step} ".replace("\n", " \n")  # a space behind each command, also at the end of a line
    commands = [command for command in COMMANDS if f"retcli {command} " in lines]
    asked = [COMMANDS[command] for command in commands if COMMANDS[command] != EVERYBODY] or [OFFICE]
    return any(role in roles for roles in asked)


def urgency(item: TodayItem) -> tuple[Any, ...]:
    """The key by which the day's list is sorted: by urgency; what presses by its deadline; the rest by the money at
    risk, each currency by itself, since no rate between two is known; then by deadline.
    """
    risk, late = item.money_at_risk, item.due_at.timestamp() if item.due_at else float("inf")
    pressing = late if item.urgency != "later" else 0
    return _RANK[item.urgency], pressing, in_order(risk.currency), -risk.minor, item.unverified, late, item.case
