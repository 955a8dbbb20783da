"""The list of clicks that people make in the platform's back-end: asked for, made, dropped; one of a kind at a time."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile import step_memory
from retcli.models import Case, PlatformAction
from retcli.models.imports import Import
from retcli.rules.lifecycles import PAYING_CLICKS, PLATFORM_ACTION, ActionState, Kind
from retcli.shop import Shop

_CLICK = {Kind.RETURN: "agree_return", Kind.EXCHANGE: "agree_exchange", Kind.RESEND: "agree_resend"}
_APPLIED_FOR = {click: frozenset({str(kind)}) for kind, click in _CLICK.items()} | {
    "enter_waybill": frozenset({str(Kind.EXCHANGE), str(Kind.RESEND)})
}
"""The kinds of an application for which a platform has a click that pays nothing."""
"""The clicks by which the platform hears of an approval and that move no money."""
_PAYING_NOTHING = frozenset({*_CLICK.values(), "refuse"})
"""Those, and the click by which it hears of a refusal."""


def tell_platform(shop: Shop, case: Case) -> None:
    """Asks for the click by which the platform hears of an approval that moves no money; one that pays is asked for
    with its payout.
    """
    if case.platform_number and case.kind in _CLICK:
        ask_click(shop, case, _CLICK[Kind(case.kind)], 0)


def ask_click(shop: Shop, case: Case, action: str, minor: int) -> None:
    """Asks for a click of some amount (minor units), once while it is open. One that waits with another amount is
    dropped for it. One that was made stays, and nothing is asked for: the next file shows what the platform paid by it.
    Nor is what the platform is proved to have heard last, and does not ask for again, to be clicked once more, nor
    anything of a refund that is closed there; what was clicked last and no list could prove yet counts as clicked.
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
    if made_at := _made_unproved(shop, case, action):
        shop.move(row, f"{case.number}/{action}", PLATFORM_ACTION, "click", done_at=made_at)


def _heard(shop: Shop, case: Case, action: str) -> bool:
    """Whether the platform knows what a click that pays nothing would tell: it is the last that was made for the case,
    an import verified it, and the platform does not wait for an answer again.
    """
    if action not in _PAYING_NOTHING or case.platform_state == "requested":
        return False
    last = _last_made(shop, case)
    return last is not None and last.action == action and last.state == ActionState.VERIFIED


def _made_unproved(shop: Shop, case: Case, action: str) -> datetime | None:
    """When a click that pays nothing was made, where it is the last that was made for a case, and was dropped by a
    change here before any list of the platform's refunds came that could prove it; None else.
    """
    last = _last_made(shop, case) if action in _PAYING_NOTHING else None
    if last is None or last.action != action or last.state != ActionState.DROPPED or last.done_at is None:
        return None
    query = sa.select(col(Import.id)).where(col(Import.platform) == case.platform, col(Import.holds) == "refunds")
    later = shop.session.scalar(query.where(col(Import.started_at) > last.done_at).limit(1))
    return last.done_at if later is None else None


def _last_made(shop: Shop, case: Case) -> PlatformAction | None:
    """The click of a case that was made, or verified, as the last one."""
    newest_first = reversed(clicks(shop, case, *ActionState))
    return next((click for click in newest_first if click.state == ActionState.VERIFIED or click.done_at), None)


def other_kind_there(case: Case, action: str) -> str:
    """The kind that the buyer applied for on the platform where it has no such click for that: who agrees there agrees
    to what stands there. "" where it has one, or nobody knows what was applied for.
    """
    fitting: frozenset[str] = _APPLIED_FOR.get(action, frozenset())
    return case.platform_kind if case.platform_kind and fitting and case.platform_kind not in fitting else ""


def clicks(shop: Shop, case: Case, *states: ActionState) -> list[PlatformAction]:
    """The clicks of a case in some states, oldest first."""
    opened = step_memory.hanging(shop, PlatformAction, case)
    if opened is not None:
        return [click for click in opened if click.state in states]
    query = sa.select(PlatformAction).where(col(PlatformAction.case_id) == case.id)
    return list(
        shop.session.scalars(query.where(col(PlatformAction.state).in_(states)).order_by(col(PlatformAction.id)))
    )


def in_turn(waiting: Iterable[PlatformAction]) -> list[PlatformAction]:
    """Clicks of a case that wait, given oldest first, in the order in which the platform takes them: one by one, and
    the one that pays last, since nothing is paid there before it was agreed to.
    """
    return sorted(waiting, key=lambda click: click.action in PAYING_CLICKS)


def mark_clicked(shop: Shop, case: Case, *actions: str) -> None:
    """Marks the waiting clicks of some kinds as made now."""
    for click in clicks(shop, case, ActionState.TODO):
        if click.action in actions:
            shop.move(click, f"{case.number}/{click.action}", PLATFORM_ACTION, "click", done_at=shop.now)


def drop_waiting(shop: Shop, case: Case, action: str) -> None:
    """Drops the click of a kind that waits and that nobody made yet, since what it says is no longer so."""
    for click in clicks(shop, case, ActionState.TODO):
        if click.action == action:
            shop.move(click, f"{case.number}/{action}", PLATFORM_ACTION, "drop")


def drop_clicks(shop: Shop, case: Case, *actions: str) -> None:
    """Drops the clicks of some kinds that wait or were made and are not verified, or all where no kind is named."""
    for click in clicks(shop, case, ActionState.TODO, ActionState.DONE):
        if not actions or click.action in actions:
            shop.move(click, f"{case.number}/{click.action}", PLATFORM_ACTION, "drop")
