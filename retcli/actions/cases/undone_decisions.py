"""Turning a case away, making its decision undone, and what goes back with that."""

from typing import Any

from retcli.actions.casefile.records.dossiers import case_lines, payouts_of, replacements_of
from retcli.actions.casefile.records.entitlements import draw_lacking, draw_units, release
from retcli.actions.casefile.records.platform_clicks import drop_clicks
from retcli.actions.cases.agreement import decider
from retcli.actions.money import outgoing
from retcli.errors import Refused
from retcli.language import _
from retcli.models import Case, Order, Replacement
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
"""The columns of a decision that is undone."""


def turn_away(shop: Shop, case: Case, move: str, because: str = "") -> None:
    """Rejects or withdraws a case. Raises Refused where money is out or goods went out again."""
    # what is still here is called off first: only then is what remains money that is out
    outgoing.call_off(shop, case, because, there=shop.actor == Actor.IMPORT)
    refuse_gone(shop, case)
    columns = {"decided_at": shop.now, "because": because, **decider(shop, case)}
    shop.move(case, case.number, DECISION, move, freight_due=0, freight_agreed=None, **columns)
    _give_back(shop, case)
    draw_lacking(shop, case)


def reconsider(shop: Shop, case: Case) -> None:
    """Makes an approved or rejected case undecided again: it draws nothing on its order's lines until the caller draws
    what it asks for now. Raises Refused where money is out or goods went out again.
    """
    outgoing.call_off(shop, case)
    refuse_gone(shop, case)
    shop.move(case, case.number, DECISION, "reconsider", freight_due=0, **_UNDECIDED)
    _give_back(shop, case)


def reapply(shop: Shop, case: Case, *, overruling: bool = False) -> None:
    """The buyer asks again: the case is open and undecided, and draws its pieces again. Where the platform decides
    against what a person decided here (`overruling`), that decision stays beside it.
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


def refuse_gone(shop: Shop, case: Case, *, money: bool = True) -> None:
    """Raises Refused where money is out (unless `money` does not matter) or goods went out again: nothing is undone
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
    """The goods that went out again for a case."""
    return replacements_of(shop, case, ReplacementState.SHIPPED, ReplacementState.DELIVERED)


def money_out(shop: Shop, case: Case) -> list[str]:
    """The numbers of the payouts with which a case cannot be turned away: any not settled that may have left, and
    refunds that arrived; amends that arrived stay the buyer's.
    """
    there = shop.actor == Actor.IMPORT
    still_here = {payout.number for payout in outgoing.unsent(shop, case, there=there)}
    return [
        payout.number
        for payout in payouts_of(shop, case)
        if (payout.state in stages.UNSETTLED and payout.number not in still_here)
        or (payout.kind == "refund" and payout.state == PayoutState.CONFIRMED and payout.minor > 0)
    ]


def cancel_due(shop: Shop, case: Case) -> None:
    """Cancels the goods to be sent that did not go out yet, or came back undelivered."""
    for goods in replacements_of(shop, case, ReplacementState.DUE, ReplacementState.CAME_BACK):
        shop.move(goods, f"{case.number}/{goods.id}", REPLACEMENT, "cancel")


def _give_back(shop: Shop, case: Case) -> None:
    """Gives back what an undone decision had drawn, and drops the clicks and the goods to be sent that it set going."""
    release(shop, case)
    for line, _order_line in case_lines(shop, case):
        line.due, line.agreed = 0, None
    drop_clicks(shop, case)
    cancel_due(shop, case)


def _command_to_undo(shop: Shop, case: Case, number: str) -> str:
    """The command that takes a payout of a case back: a reversal where it arrived, else a failure."""
    arrived = any(
        payout.number == number and payout.state == PayoutState.CONFIRMED for payout in payouts_of(shop, case)
    )
    return f"retcli pay {'reverse' if arrived else 'fail'} {number} --because TEXT"
