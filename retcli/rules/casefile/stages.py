"""The axes of a case that are computed, and the one word shown to people."""

from collections.abc import Collection
from dataclasses import dataclass

from retcli.rules.lifecycles import (
    CLICKED,
    COMING_BACK,
    GOING_OUT,
    REFUNDING,
    ActionState,
    Decision,
    EscalationState,
    Filing,
    Kind,
    PayoutState,
)
from retcli.rules.lifecycles import ReplacementState as R

UNSETTLED = frozenset({PayoutState.WAITING, PayoutState.DUE, PayoutState.SENT, PayoutState.UNKNOWN})
"""The states of a payout that was let go and has not come to its end."""


@dataclass(frozen=True)
class Axes:
    """What the stage follows from. Money in minor units; `pieces` those of the case, `counted` and `accepted` those
    that came back and that were found good; `on_the_way` says that the waybill is known by which they come; `payouts`
    are the refunds, `beside` the amends and the freight of the way back; `settled_there` says that the platform closed
    it, `undone_there` that it did so after it had paid and its payment was taken back here, `pays_before_goods` that
    the shop let its money go before the goods are back, `paying_click` that a click waits by which money that is due
    leaves, `clicked` that it was made and nobody has verified it yet; `intervention` is how the platform's last
    intervention stands, `open_there` says that its refund is not over.
    """

    kind: Kind
    decision: Decision
    filing: Filing
    pieces: int = 0
    counted: int = 0
    accepted: int = 0
    inspected: int = 0
    on_the_way: bool = False
    arrived: bool = False
    settled_there: bool = False
    undone_there: bool = False
    pays_before_goods: bool = False
    due: int = 0
    paid: int = 0
    payouts: Collection[PayoutState] = ()
    beside: Collection[PayoutState] = ()
    replacements: Collection[R] = ()
    actions: Collection[ActionState] = ()
    paying_click: bool = False
    clicked: bool = False
    intervention: str = ""
    open_there: bool = False


def goods(axes: Axes) -> str:
    """Where the goods of a case stand: none, awaited, in_transit, received, partly, inspected. Goods of another order
    are none of its pieces, whatever grade they have.
    """
    comes = axes.kind in COMING_BACK or (axes.kind == Kind.REFUND_ONLY and (axes.on_the_way or axes.arrived))
    if not comes or axes.decision in {Decision.REJECTED, Decision.WITHDRAWN} or not axes.pieces:
        return "none"
    if axes.accepted >= axes.pieces:
        return "inspected"
    if axes.accepted or axes.counted:
        return "partly" if axes.accepted else "received"
    if axes.arrived:
        return "received"
    return "in_transit" if axes.on_the_way else "awaited"


def money(axes: Axes) -> str:
    """Where the money of a case stands: none, due, clicked, waiting, sent, unknown, partly, paid. A payout that is due
    has not left, unless the click that pays it was made and waits only to be verified.
    """
    live = set(axes.payouts)
    for state in (PayoutState.WAITING, PayoutState.UNKNOWN, PayoutState.SENT, PayoutState.DUE):
        if state in live:
            return CLICKED if state == PayoutState.DUE and axes.clicked and not axes.paying_click else str(state)
    if axes.due <= axes.paid:
        return "paid" if axes.paid else "none"
    return "partly" if axes.paid else "due"


def replacement(axes: Axes) -> str:
    """Where goods going out stand: none, due, came_back, shipped, delivered."""
    if axes.kind not in GOING_OUT or not axes.replacements:
        return "none"
    return next(
        (str(state) for state in (R.DUE, R.CAME_BACK, R.SHIPPED, R.DELIVERED) if state in axes.replacements), "none"
    )


def platform_action(axes: Axes) -> str:
    """Where the clicks on the platform stand: none, todo, done, verified."""
    order = (ActionState.TODO, ActionState.DONE, ActionState.VERIFIED)
    return next((str(state) for state in order if state in axes.actions), "none")


def stage(axes: Axes) -> str:
    """The word for what must happen next."""
    if axes.filing == Filing.FINISHED:
        return "finished"
    if axes.decision == Decision.REQUESTED:
        return "to_answer" if axes.kind == Kind.INQUIRY else "to_decide"
    if axes.decision != Decision.APPROVED:
        return _against(axes)
    return _money_first(axes) or _goods_then_money(axes)


def contested(axes: Axes) -> bool:
    """Whether a case that was turned down may still be paid: the platform stepped in and has not ruled, or ruled for
    the buyer.
    """
    if axes.filing == Filing.FINISHED or axes.decision not in {Decision.REJECTED, Decision.WITHDRAWN}:
        return False
    lost = axes.intervention == EscalationState.LOST and axes.decision == Decision.REJECTED
    return lost or axes.intervention in {EscalationState.OPEN, EscalationState.ANSWERED}


def _against(axes: Axes) -> str:
    """The stage of a case that was turned down: what the platform's intervention wants, what is to be clicked or given,
    and the wish that the buyer took back here and not there.
    """
    if contested(axes):
        lost = axes.intervention == EscalationState.LOST
        return "lost_there" if lost else "intervened"
    if platform_action(axes) == "todo":
        return "to_click"
    taken_back = axes.decision == Decision.WITHDRAWN and axes.open_there
    return _beside(axes) or ("to_withdraw_there" if taken_back else str(axes.decision))


def _beside(axes: Axes) -> str | None:
    """The stage where amends or the freight of the way back are all that is open."""
    words = (
        (PayoutState.WAITING, "to_countersign"),
        (PayoutState.UNKNOWN, "to_find_out"),
        (PayoutState.SENT, "paying"),
        (PayoutState.DUE, "to_pay"),
    )
    return next((word for state, word in words if state in axes.beside), None)


def _money_first(axes: Axes) -> str | None:
    """The stage where a payout was decided: what is due leaves by the click that waits, or by hand; it is under way
    once it was clicked.
    """
    where = money(axes)
    if where == "due" and PayoutState.DUE in axes.payouts:
        return "to_click" if axes.paying_click else "to_pay"
    words = {"waiting": "to_countersign", "unknown": "to_find_out", "sent": "paying", CLICKED: "paying"}
    return words.get(where)


def awaits_refund(axes: Axes) -> bool:
    """Whether a refund of the case is to be decided now: it is to be paid, and no payout stands for it yet."""
    undecided = money(axes) in {"due", "partly"} and PayoutState.DUE not in axes.payouts
    return undecided and stage(axes) in {"to_pay", "undone_there"}


def _goods_then_money(axes: Axes) -> str:
    """The stage of an approved case of which no payout was decided: the goods first, then what goes out, then the
    money.
    """
    where = "none" if axes.settled_there and axes.kind not in REFUNDING else goods(axes)
    money_before_goods = axes.pays_before_goods and money(axes) in {"due", "partly"}
    if axes.kind == Kind.REFUND_ONLY and where == "in_transit" and money_before_goods:
        return "to_pay"
    if platform_action(axes) == "todo" and where in {"none", "awaited"}:
        return "to_click"
    if where in {"awaited", "in_transit"}:
        return "awaiting_goods" if where == "awaited" else "in_transit"
    if where in {"received", "partly"}:
        return "to_inspect"
    if replacement(axes) == "due":
        return "to_ship"
    if replacement(axes) == "came_back":
        return "came_back"
    if money(axes) in {"due", "partly"}:
        return "undone_there" if axes.undone_there else "to_pay"
    return "to_click" if platform_action(axes) == "todo" else _beside(axes) or "to_finish"


def still_open(axes: Axes) -> list[str]:
    """What keeps a case from being finished, as words; empty where nothing is open.

    A return's goods stay awaited where the shop let its money run ahead of them; else its money waits for the goods, or
    the platform's word is taken. A refund waits for a parcel that was intercepted until it is at the door.
    """
    if axes.decision == Decision.REQUESTED:
        return ["to_answer" if axes.kind == Kind.INQUIRY else "to_decide"]
    left = []
    decided = bool(UNSETTLED & set(axes.payouts))
    if decided:
        left.append(_money_first(axes) or "paying")
    if (unpaid := _beside(axes)) and unpaid not in left:
        left.append(unpaid)
    if axes.decision == Decision.APPROVED and money(axes) in {"due", "partly"} and not decided:
        left.append("to_pay")
    awaited = axes.pays_before_goods if axes.kind == Kind.RETURN else not axes.settled_there
    if axes.kind == Kind.REFUND_ONLY:
        awaited = not axes.arrived
    if axes.decision == Decision.APPROVED and awaited and goods(axes) not in {"none", "inspected"}:
        left.append("awaiting_goods")
    if axes.counted > axes.inspected:
        left.append("to_inspect")
    if replacement(axes) in {"due", "came_back"}:
        left.append("to_ship" if replacement(axes) == "due" else "came_back")
    if platform_action(axes) == "todo" and "to_click" not in left:
        left.append("to_click")
    if contested(axes):
        left.append(stage(axes))
    return left
