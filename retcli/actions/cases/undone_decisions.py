"""Turns cases away, makes decisions undone, and gives back what they drew and set going."""

from typing import Any

from retcli.actions.casefile.records.entitlements import draw_lacking, draw_units, release
from retcli.actions.casefile.records.one_case import case_lines, payouts_of, replacements_of
from retcli.actions.casefile.records.platform_clicks import drop_clicks
from retcli.actions.cases.agreement import decider
from retcli.actions.money import outgoing
from retcli.actions.warehouse.pieces import held_pieces
from retcli.actions.warehouse.shipments import keeping, sending
from retcli.errors import Refused
from retcli.language import _
from retcli.models import Case, Order, Payout, Replacement
from retcli.rules.casefile import stages
from retcli.rules.events import Actor
from retcli.rules.lifecycles import (
    DECISION,
    FILING,
    REPLACEMENT,
    Filing,
    PayoutState,
    ReplacementState,
)
from retcli.shop import Shop

_UNDECIDED = {
    "decided_at": None,
    "because": "",
    "decided_by": "",
    "decided_as": "",
    "freight_agreed": None,
    "overruled": "",
    "overruled_by": "",
    "overruled_at": None,
    "overruled_because": "",
}
"""The columns of a decision, as they are while nothing is decided."""


def turn_away(shop: Shop, case: Case, move: str, because: str = "") -> None:
    """Rejects or withdraws a case (`move`) and gives back what it drew. Raises Refused where money is out or goods were
    sent again.
    """
    # what is still here is called off first: only then is what remains money that is out
    outgoing.call_off(shop, case, because, there=shop.actor == Actor.IMPORT)
    refuse_gone(shop, case)
    columns = {"decided_at": shop.now, "because": because, **decider(shop, case)}
    shop.move(case, case.number, DECISION, move, freight_due=0, freight_agreed=None, **columns)
    _give_back(shop, case)
    draw_lacking(shop, case)
    held_pieces.settle(shop, case)  # what came back is the buyer's


def reconsider(shop: Shop, case: Case) -> None:
    """Makes an approved or rejected case undecided again. It draws nothing then: the caller draws what it asks for now.
    Raises Refused where money is out or goods were sent again.
    """
    outgoing.call_off(shop, case)
    refuse_gone(shop, case)
    shop.move(case, case.number, DECISION, "reconsider", freight_due=0, **_UNDECIDED)
    _give_back(shop, case)


def reapply(shop: Shop, case: Case, *, overruling: bool = False) -> None:
    """Opens a case that was turned away as undecided, since the buyer asks again; it draws its pieces anew. With
    `overruling`, where the platform decides against a person here, that person's decision is kept beside the new one.
    Raises Overdrawn where other cases have the pieces by now.
    """
    overruled: dict[str, Any] = {}
    if overruling and case.decided_as == "person":
        overruled = {
            "overruled": case.decision,
            "overruled_by": case.decided_by,
            "overruled_at": case.decided_at,
            "overruled_because": case.because,
        }
    if case.filing == Filing.FINISHED:
        shop.move(case, case.number, FILING, "reopen", finished_at=None)
    shop.move(case, case.number, DECISION, "reapply", **(_UNDECIDED | overruled))
    draw_units(shop, case, shop.session.get_one(Order, case.order_id))
    held_pieces.settle(shop, case)


def refuse_gone(shop: Shop, case: Case, *, money: bool = True) -> None:
    """Raises Refused where money is out (unless `money` is False) or goods were sent again: no decision is undone
    then.
    """
    payouts = money_out(shop, case) if money else []
    if payouts:
        message = _("Money is out for {case}: {payouts}").format(case=case.number, payouts=", ".join(payouts))
        raise Refused(message, _command_to_undo(shop, case, payouts[0]), case=case.number)
    if goods_gone(shop, case):
        hint = _("See how far they are: {command}; what the buyer wants beside is a case of its own")
        hint = hint.format(command=f"retcli case show {case.number}")
        raise Refused(_("Goods were sent again for {case} already").format(case=case.number), hint, case=case.number)


def goods_gone(shop: Shop, case: Case) -> list[Replacement]:
    """The goods that were sent again for a case and did not come back."""
    return replacements_of(shop, case, ReplacementState.SHIPPED, ReplacementState.DELIVERED)


def money_out(shop: Shop, case: Case) -> list[str]:
    """The numbers of the payouts that keep a case from being turned away: unsettled ones that may have left, and
    refunds that arrived. Amends that arrived are the buyer's whatever becomes of the case; where the platform ends the
    application, so are those on their way, and freight: they were let go beside it.
    """
    there = shop.actor == Actor.IMPORT
    still_here = {payout.number for payout in outgoing.unsent(shop, case, there=there)}

    def keeps(payout: Payout) -> bool:
        unsettled = payout.state in stages.UNSETTLED and payout.number not in still_here
        if payout.kind != "refund":
            return unsettled and not there
        return unsettled or (payout.state == PayoutState.CONFIRMED and payout.minor > 0)

    return [payout.number for payout in payouts_of(shop, case) if keeps(payout)]


def cancel_due(shop: Shop, case: Case) -> None:
    """Cancels the goods of a case that are still to be sent, or came back undelivered; nothing is kept for them."""
    cancelled = replacements_of(shop, case, ReplacementState.DUE, ReplacementState.CAME_BACK)
    sending.follow(shop, cancelled, "call_off")
    keeping.let_go(shop, case, cancelled)
    for goods in cancelled:
        shop.move(goods, f"{case.number}/{goods.id}", REPLACEMENT, "cancel")


def _give_back(shop: Shop, case: Case) -> None:
    """Gives back what a decision had drawn, and drops the clicks and goods to be sent that it set going."""
    release(shop, case)
    for line, _order_line in case_lines(shop, case):
        line.due, line.agreed = 0, None
    drop_clicks(shop, case)
    cancel_due(shop, case)


def _command_to_undo(shop: Shop, case: Case, number: str) -> str:
    """The command that takes a payout back: a reversal where it arrived, else its failure."""
    arrived = any(
        payout.number == number and payout.state == PayoutState.CONFIRMED for payout in payouts_of(shop, case)
    )
    return f"retcli pay {'reverse' if arrived else 'fail'} {number} --because TEXT"
