"""What the platform must hear of: clicks asked for in its back-end, once each while they are open."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile import step_memory
from retcli.models import Case, PlatformAction
from retcli.rules.lifecycles import PLATFORM_ACTION, ActionState, Kind
from retcli.shop import Shop

_CLICK = {Kind.RETURN: "agree_return", Kind.EXCHANGE: "agree_exchange", Kind.RESEND: "agree_resend"}
"""The clicks by which the platform hears of an approval and that move no money."""


def tell_platform(shop: Shop, case: Case) -> None:
    """An approval that the platform must hear of becomes a click on its list; one that pays comes with its payout."""
    if case.platform_number and case.kind in _CLICK:
        ask_click(shop, case, _CLICK[Kind(case.kind)], 0)


def ask_click(shop: Shop, case: Case, action: str, minor: int) -> None:
    """Puts a click on the platform's to-do list, once while it is open. One that waits with another amount (minor
    units) makes way for it. One that was made stays, and the new amount is not asked for: what the platform paid by it
    is seen in its next file. What the platform was proved to have heard last, and has not asked for again since, is not
    to be said once more; nor is anything clicked of a refund that is closed there.
    """
    if case.platform_state == "closed" or _heard(shop, case, action):
        return
    for click in clicks(shop, case, ActionState.TODO, ActionState.DONE):
        if click.action != action:
            continue
        if click.state == ActionState.DONE or click.money == minor:
            return
        shop.move(click, f"{case.number}/{action}", PLATFORM_ACTION, "drop")
    row = PlatformAction(case_id=case.id or 0, action=action, state=ActionState.TODO, created_at=shop.now)
    row.money = minor
    shop.add(row)
    shop.born(f"{case.number}/{action}", PLATFORM_ACTION, row.state, minor=minor)


def _heard(shop: Shop, case: Case, action: str) -> bool:
    """Whether a click that pays nothing is the last that was made for a case, was proved by the platform, and the
    platform does not wait again.
    """
    if action not in {*_CLICK.values(), "refuse"} or case.platform_state == "requested":
        return False
    made = clicks(shop, case, *ActionState)
    last = next((click for click in reversed(made) if click.state == ActionState.VERIFIED or click.done_at), None)
    return last is not None and last.action == action and last.state == ActionState.VERIFIED


def clicks(shop: Shop, case: Case, *states: ActionState) -> list[PlatformAction]:
    """The platform actions of a case in some states."""
    opened = step_memory.hanging(shop, PlatformAction, case)
    if opened is not None:
        return [click for click in opened if click.state in states]
    query = sa.select(PlatformAction).where(col(PlatformAction.case_id) == case.id)
    return list(
        shop.session.scalars(query.where(col(PlatformAction.state).in_(states)).order_by(col(PlatformAction.id)))
    )


def mark_clicked(shop: Shop, case: Case, *actions: str) -> None:
    """Notes that the waiting clicks of some kinds were made."""
    for click in clicks(shop, case, ActionState.TODO):
        if click.action in actions:
            shop.move(click, f"{case.number}/{click.action}", PLATFORM_ACTION, "click", done_at=shop.now)


def drop_clicks(shop: Shop, case: Case, *actions: str) -> None:
    """Strikes the open clicks of some kinds, or all of them where none is named."""
    for click in clicks(shop, case, ActionState.TODO, ActionState.DONE):
        if not actions or click.action in actions:
            shop.move(click, f"{case.number}/{click.action}", PLATFORM_ACTION, "drop")
