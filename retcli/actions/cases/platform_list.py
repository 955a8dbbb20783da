"""The list of clicks that people work off beside the platform's back-end."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from retcli.actions.casefile import lookup
from retcli.actions.casefile.case_clocks import platform_clock
from retcli.actions.casefile.case_view import return_address, view_of
from retcli.actions.casefile.filing import finish_if_done
from retcli.actions.casefile.payable import left_of_lesser, overdrawn, payable, refuse_foreign, refuse_overdrawn
from retcli.actions.casefile.records import acts
from retcli.actions.casefile.records.clicked_payouts import spent_there
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.actions.casefile.records.platform_clicks import clicks, in_turn, other_kind_there
from retcli.actions.casefile.records.stopping import refuse_stopped, stopped
from retcli.actions.casefile.records.unready_clicks import refuse_unready, unready_of
from retcli.actions.casefile.went_back import WENT_BACK, of_payout, refuse_doubtful
from retcli.actions.money import amends_ceiling
from retcli.actions.money.outgoing import paying_click, unsent
from retcli.actions.orderfile.persons import hiding
from retcli.errors import NotFound, Refused
from retcli.language import _, mark
from retcli.models import Case, Order, Payout, PlatformAction, Replacement
from retcli.rules.lifecycles import (
    BY_ITSELF,
    MAY_DECIDE,
    PAYING_CLICKS,
    PLATFORM_ACTION,
    ActionState,
    Decision,
    Filing,
    PayoutState,
)
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views.cases.platform_todo import ActionItem, HeldClick, TodoView, other_kind


def todo(shop: Shop) -> TodoView:
    """The clicks to be made, by the platform's deadline, and apart from them those whose money waits for an answer."""
    rows = _written(shop)
    held = [row for row in rows if _is_held(shop, *row[:2])]
    waiting: dict[int, list[PlatformAction]] = defaultdict(list)
    for action, case, _order in rows:
        waiting[case.id or 0].append(action)
    items = [_item(shop, *row, waiting[row[1].id or 0]) for row in rows if row not in held]
    items.sort(key=lambda item: (item.due_at is None, item.due_at or shop.now))
    return TodoView(tuple(items), held=(*(_held(shop, *row) for row in held), *_not_let_go(shop)))


def clicks_waiting(shop: Shop) -> int:
    """How many clicks are to be made, without those whose money waits for an answer."""
    return sum(not _is_held(shop, *row[:2]) for row in _written(shop))


def _written(shop: Shop) -> list[tuple[PlatformAction, Case, Order]]:
    """The clicks that are to be made, oldest first."""
    rows = shop.session.execute(
        select(PlatformAction, Case, Order)
        .join(Case, col(Case.id) == col(PlatformAction.case_id))
        .join(Order, col(Order.id) == col(Case.order_id))
        .where(col(PlatformAction.state) == ActionState.TODO)
        .order_by(col(PlatformAction.created_at), col(PlatformAction.id))
    )
    return [(action, case, order) for action, case, order in rows]


def _held(shop: Shop, action: PlatformAction, case: Case, order: Order) -> HeldClick:
    """A click whose money waits for an answer, with what may leave until then and the next step of its case."""
    minor = left_of_lesser(dossier_of(shop, case))
    left = None if minor is None else Money(minor, order.currency)
    step = view_of(shop, case).next.partition("\n")[0]
    return HeldClick(case.number, action.action, Money(action.money, order.currency), left, step)


def _not_let_go(shop: Shop) -> list[HeldClick]:
    """The applications that were agreed to here and wait on their platform still, while nothing is let go for them any
    more: their payouts failed, or were given back for a lesser sum of the order, or what came back is not of the order.
    """
    rows = shop.session.execute(_agreed_without_payout()).all()
    held = []
    for case, order in rows:
        dossier = dossier_of(shop, case)
        ready = payable(dossier)
        foreign = any(finding.rule == "goods" for finding in ready.against)
        if spent_there(dossier) or (not foreign and (ready.minor <= 0 or ready.against)):
            continue
        asked = None if case.platform_amount is None else Money(case.platform_amount, order.currency)
        steps = view_of(shop, case).next.splitlines() or [f"retcli case show {case.number}"]
        # of goods of another order the way that pays nothing stands last
        step, money = steps[-1 if foreign else 0], Money(dossier.due, order.currency)
        held.append(HeldClick(case.number, paying_click(case), money, None, step, asked, foreign))
    return held


def _agreed_without_payout() -> Any:
    """A query of the approved cases whose application waits on the platform and that have neither a refund by the
    original route nor a click that pays one; with their orders, oldest first.
    """
    live = sa.select(col(Payout.id)).where(col(Payout.case_id) == col(Case.id), col(Payout.kind) == "refund")
    live = live.where(col(Payout.method) == "original", col(Payout.state).not_in([PayoutState.FAILED]))
    clicked = sa.select(col(PlatformAction.id)).where(col(PlatformAction.case_id) == col(Case.id))
    clicked = clicked.where(col(PlatformAction.action).in_(PAYING_CLICKS))
    clicked = clicked.where(col(PlatformAction.state).in_([ActionState.TODO, ActionState.DONE]))
    query = sa.select(Case, Order).join(Order, col(Order.id) == col(Case.order_id))
    query = query.where(col(Case.decision) == Decision.APPROVED, col(Case.filing) == Filing.OPEN)
    query = query.where(col(Case.kind).in_(BY_ITSELF), col(Case.platform_number).is_not(None))
    query = query.where(col(Case.platform_state).in_(_WAITS_THERE), sa.not_(live.exists()), sa.not_(clicked.exists()))
    return query.order_by(col(Case.id))


_WAITS_THERE = ("requested", "goods_sent")
"""States of a platform's refund in which it waits for the shop: to agree to it, or to confirm that the goods came."""


def _is_held(shop: Shop, action: PlatformAction, case: Case) -> bool:
    """Whether a click pays money that waits for somebody's answer, so that nobody is to make it yet."""
    if action.action not in PAYING_CLICKS:
        return False
    return bool(stopped(shop, case)) or any(
        of_payout(shop, case, payout) or overdrawn(shop, payout) or amends_ceiling.leaves_beyond(shop, case, payout)
        for payout in unsent(shop, case)
    )


def done(shop: Shop, refs: Sequence[str], *, waive: Sequence[str] = (), because: str = "") -> TodoView:
    """Marks the next click of each of some cases as made; the next import verifies it. Raises NotFound where none
    waits, Refused or Overdrawn where the money of one that pays may not leave.
    """
    shop.may(MAY_DECIDE, mark("work off the platform's list"))
    items = [item for ref in refs for item in _clicked(shop, lookup.case_of(shop, ref), waive, because)]
    return TodoView(tuple(items), done=True)


def _clicked(shop: Shop, case: Case, waive: Sequence[str], because: str) -> list[ActionItem]:
    """Marks the next waiting click of a case as made, and gives it with those that wait behind it. Raises NotFound
    where none waits, Refused where the platform has no such click for what the buyer applied for.
    """
    waiting = in_turn(clicks(shop, case, ActionState.TODO))
    if not waiting:
        message = _("Nothing of {case} is to be clicked").format(case=case.number)
        raise NotFound(message, "retcli platform todo", case=case.number)
    click = waiting[0]
    if there := other_kind_there(case, click.action):
        raise Refused(other_kind(there, case.kind), "retcli import FILE", case=case.number)
    if click.action in PAYING_CLICKS:
        amends_ceiling.waive_leaving(shop, case, waive, because, (WENT_BACK,))
        _refuse_paying(shop, case)
    order = shop.session.get_one(Order, case.order_id)
    shop.move(click, f"{case.number}/{click.action}", PLATFORM_ACTION, "click", done_at=shop.now)
    acts.note(shop, "click", case.number, case=case, row=click.id)
    if case.decision == Decision.WITHDRAWN:
        finish_if_done(shop, case)
    return [_item(shop, each, case, order, waiting[1:]) for each in waiting]


def _refuse_paying(shop: Shop, case: Case) -> None:
    """Raises Refused or Overdrawn where the money of a paying click may not leave: asked again at this last moment,
    since files may have come since its payout was let go.
    """
    refuse_stopped(shop, case)
    refuse_foreign(shop, case)
    refuse_unready(shop, case)
    for payout in unsent(shop, case):
        refuse_overdrawn(shop, payout)
        amends_ceiling.refuse_leaving_beyond(shop, case, payout, f"retcli platform done {case.number}")
        refuse_doubtful(shop, case, payout, f"retcli platform done {case.number}")


def _item(
    shop: Shop, action: PlatformAction, case: Case, order: Order, waiting: Sequence[PlatformAction]
) -> ActionItem:
    """A click with its deadline and the text to paste: the reason of a refusal, the new waybill, or the address for the
    goods; and why it is not to be made yet: another one of those of its case that are `waiting` comes first, or it pays
    another sum than was let go.
    """
    paste = hiding(order)(case.because) if action.action == "refuse" else ""
    if action.action == "enter_waybill":
        query = sa.select(col(Replacement.waybill)).where(col(Replacement.case_id) == case.id)
        paste = "、".join(shop.session.scalars(query))  # into a Chinese back-end, whatever the reader's language
    if action.action in {"agree_return", "agree_exchange"}:
        paste = return_address(shop, case, order)
    clock, pays = platform_clock(shop, case), action.action in PAYING_CLICKS
    there = other_kind_there(case, action.action) if action.state == ActionState.TODO else ""
    return ActionItem(
        case=case.number,
        platform_number=case.platform_number or "",
        order=order.number,
        action=action.action,
        money=Money(action.money, order.currency),
        due_at=clock.due_at if clock else None,
        estimated=clock.estimated if clock else False,
        state=action.state,
        paste=paste,
        missed=action.missed,
        unready=unready_of(shop, case) if pays and action.state == ActionState.TODO else None,
        after=in_turn(waiting)[0].action if action in in_turn(waiting)[1:] else "",
        another=other_kind(there, case.kind) if there else "",
    )
