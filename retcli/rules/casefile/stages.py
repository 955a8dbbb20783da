"""Where a case stands: the states of its goods, money, replacements and clicks, computed from what is written down, and
the one word (stage) for what must happen next.
"""

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
"""The states of a payout that is neither arrived, failed nor reversed."""


@dataclass(frozen=True)
class Axes:
    """What the stage of a case follows from; money in minor units, goods in pieces."""

    kind: Kind
    decision: Decision
    filing: Filing
    pieces: int = 0
    counted: int = 0  # came back, inspected or not
    accepted: int = 0  # inspected, and goods of this order
    inspected: int = 0
    on_the_way: bool = False  # the waybill by which they come is known
    arrived: bool = False  # what is waited for is at the door
    sent_back: bool = False  # goods sent again came back, their money takes their place, and they are not inspected
    unopened: bool = False  # a parcel of the case is at the door, and nobody has looked into it
    another_comes: bool = False  # what is at the door was inspected, and a further parcel is on its way
    settled_there: bool = False  # the platform ended the refund as it was wished
    rests: str = ""  # the stage where the platform's refund ended, and nobody has said that it is paid all the same
    pays_before_goods: bool = False  # the shop lets the money go before the goods are back (极速退款)
    due: int = 0
    paid: int = 0
    owed_back: int = 0  # left, or was clicked, for pieces of a return that inspection found since to be no right ones
    payouts: Collection[PayoutState] = ()  # refunds
    beside: Collection[PayoutState] = ()  # compensation, and the freight of the way back
    replacements: Collection[R] = ()
    actions: Collection[ActionState] = ()
    paying_click: bool = False  # a click waits by which money that is due leaves
    clicked: bool = False  # that click was made, and no import has verified it
    intervention: str = ""  # the state of the platform's last intervention
    open_there: bool = False  # the refund is not over on the platform
    owed_beside: bool = False  # freight of the way back was taken back, and is owed again


def goods(axes: Axes) -> str:
    """The state of goods that come back: none, awaited, in_transit, received, partly, inspected. Goods of another order
    (grade X) count for none of the case's pieces.
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


def may_leave(axes: Axes) -> bool:
    """Whether new goods of a case may leave: nothing is to come back before, or it is inspected."""
    return goods(axes) in {"none", "inspected"}


def money(axes: Axes) -> str:
    """The state of a case's refunds: none, due, clicked, waiting, sent, unknown, partly, paid."""
    states = set(axes.payouts)
    # of several payouts the one that a person must see to first: a second signature, then money that may be lost
    for state in (PayoutState.WAITING, PayoutState.UNKNOWN, PayoutState.SENT, PayoutState.DUE):
        if state in states:
            # a payout that is due has not left, unless its click was made and only waits to be verified
            return CLICKED if state == PayoutState.DUE and axes.clicked and not axes.paying_click else str(state)
    if axes.due <= axes.paid:
        return "paid" if axes.paid else "none"
    return "partly" if axes.paid else "due"


def replacement(axes: Axes) -> str:
    """The state of goods that go out again, the least far of several: none, due, came_back, shipped, delivered."""
    if axes.kind not in GOING_OUT or not axes.replacements:
        return "none"
    return next(
        (str(state) for state in (R.DUE, R.CAME_BACK, R.SHIPPED, R.DELIVERED) if state in axes.replacements), "none"
    )


def platform_action(axes: Axes) -> str:
    """The state of the clicks on the platform, the least far of several: none, todo, done, verified."""
    order = (ActionState.TODO, ActionState.DONE, ActionState.VERIFIED)
    return next((str(state) for state in order if state in axes.actions), "none")


def stage(axes: Axes) -> str:
    """The stage of a case: one word for what must happen next (`retcli words`)."""
    if axes.filing == Filing.FINISHED:
        return "finished"
    if axes.decision == Decision.REQUESTED:
        return "to_answer" if axes.kind == Kind.INQUIRY else "to_decide"
    if axes.decision != Decision.APPROVED:
        return _against(axes)
    if axes.owed_back:
        return "to_recover"
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
    """The stage of a case that was turned down: the platform's intervention first, then a click that waits, then
    compensation that is open, then a request that the buyer withdrew here and not on the platform.
    """
    if contested(axes):
        lost = axes.intervention == EscalationState.LOST
        return "lost_there" if lost else "intervened"
    if platform_action(axes) == "todo":
        return "to_click"
    taken_back = axes.decision == Decision.WITHDRAWN and axes.open_there
    return _beside(axes) or ("to_withdraw_there" if taken_back else str(axes.decision))


def _beside(axes: Axes) -> str | None:
    """The stage by compensation and freight of the way back, where they are all that is open, or owed again since they
    came back; None where none is.
    """
    words = (
        (PayoutState.WAITING, "to_countersign"),
        (PayoutState.UNKNOWN, "to_find_out"),
        (PayoutState.SENT, "paying"),
        (PayoutState.DUE, "to_pay"),
    )
    under_way = next((word for state, word in words if state in axes.beside), None)
    return under_way or ("to_pay" if axes.owed_beside else None)


def _money_first(axes: Axes) -> str | None:
    """The stage of an approved case that has a refund under way, None where it has none: what is due leaves by the
    click that waits, or by hand.
    """
    money_state = money(axes)
    if money_state == "due" and PayoutState.DUE in axes.payouts:
        return "to_click" if axes.paying_click else "to_pay"
    words = {"waiting": "to_countersign", "unknown": "to_find_out", "sent": "paying", CLICKED: "paying"}
    return words.get(money_state)


def awaits_refund(axes: Axes) -> bool:
    """Whether a refund of the case is to be let go now: money is due, and no payout stands for it yet."""
    undecided = money(axes) in {"due", "partly"} and PayoutState.DUE not in axes.payouts
    return undecided and stage(axes) in {"to_pay", "undone_there", "taken_back"}


def _goods_then_money(axes: Axes) -> str:
    """The stage of an approved case without a refund under way: the goods first, then what goes out, then the money."""
    # where the platform ended an exchange or a repair its word is taken for the goods; a refund still waits for them
    goods_state = "none" if axes.settled_there and axes.kind not in REFUNDING else goods(axes)
    money_before_goods = axes.pays_before_goods and money(axes) in {"due", "partly"}
    if axes.kind == Kind.REFUND_ONLY and goods_state == "in_transit" and money_before_goods:
        return "to_pay"
    # before anything is on its way the agreement must be clicked: without it the buyer is not asked to send the goods
    if platform_action(axes) == "todo" and goods_state in {"none", "awaited"}:
        return "to_click"
    if goods_state in {"awaited", "in_transit"}:
        return "awaiting_goods" if goods_state == "awaited" else "in_transit"
    if goods_state in {"received", "partly"} or axes.sent_back:
        return "in_transit" if axes.another_comes and not axes.sent_back else "to_inspect"
    if replacement(axes) == "due":
        return "to_ship"
    if replacement(axes) == "came_back":
        return "came_back"
    if money(axes) in {"due", "partly"}:
        return axes.rests or "to_pay"
    if platform_action(axes) == "todo":
        return "to_click"
    return _beside(axes) or ("to_inspect" if _is_unseen(axes) else "to_finish")


def _is_unseen(axes: Axes) -> bool:
    """Whether goods for which money is or was to be paid lie at the door, and nobody has looked at them."""
    at_the_door = axes.unopened and axes.kind in REFUNDING and goods(axes) != "inspected"
    return axes.sent_back or at_the_door


def still_open(axes: Axes) -> list[str]:
    """What keeps a case from being finished, as stage words; empty where nothing is open.

    A return's goods stay awaited where the shop let its money run ahead of them; else its money waits for the goods, or
    the platform's word is taken. A refund waits for a parcel that was intercepted until it is at the door. No refund is
    over while a parcel of it lies at the door and nobody has looked into it.
    """
    if axes.decision == Decision.REQUESTED:
        return ["to_answer" if axes.kind == Kind.INQUIRY else "to_decide"]
    words = ["to_recover"] if axes.decision == Decision.APPROVED and axes.owed_back else []
    refund_under_way = bool(UNSETTLED & set(axes.payouts))
    if refund_under_way:
        words.append(_money_first(axes) or "paying")
    if (unpaid := _beside(axes)) and unpaid not in words:
        words.append(unpaid)
    if axes.decision == Decision.APPROVED and money(axes) in {"due", "partly"} and not refund_under_way:
        words.append("to_pay")
    awaited = axes.pays_before_goods if axes.kind == Kind.RETURN else not axes.settled_there
    if axes.kind == Kind.REFUND_ONLY:
        awaited = not axes.arrived
    if axes.decision == Decision.APPROVED and awaited and goods(axes) not in {"none", "inspected"}:
        words.append("awaiting_goods")
    if axes.counted > axes.inspected or (axes.decision == Decision.APPROVED and _is_unseen(axes)):
        words.append("to_inspect")
    if replacement(axes) in {"due", "came_back"}:
        words.append("to_ship" if replacement(axes) == "due" else "came_back")
    if platform_action(axes) == "todo" and "to_click" not in words:
        words.append("to_click")
    if contested(axes):
        words.append(stage(axes))
    return words
