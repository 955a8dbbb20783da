"""Paying clicks that are not to be made yet, since the platform would send another sum by them than was let go here."""

from collections.abc import Sequence

from retcli.actions.casefile.records.dossiers import payouts_of
from retcli.errors import Refused
from retcli.models import Case, Order, Payout
from retcli.rules.lifecycles import UNSENT, PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.money.paying_click import short
from retcli.rules.money.refunded_pieces import FINAL
from retcli.shop import Shop
from retcli.views.money.unready_click import UnreadyClick


def unready(case: Case, payouts: Sequence[Payout], currency: str) -> UnreadyClick | None:
    """Why the click that pays a case's refund is not to be made, by its payouts: what the buyer applied for there, what
    was let go, what waits. None where it may be made, or nothing is to be clicked.
    """
    by_route = [payout for payout in payouts if payout.kind == "refund" and payout.method == "original"]
    if case.platform_state in FINAL or not any(payout.state in UNSENT for payout in by_route):
        return None
    let_go = {PayoutState.DUE, PayoutState.SENT, PayoutState.UNKNOWN}
    why_not = short(
        case.platform_amount if case.platform_number else None,
        sum(payout.minor for payout in by_route if payout.state in let_go),
        sum(payout.minor for payout in by_route if payout.state == PayoutState.WAITING),
    )
    if why_not is None:
        return None
    asked, agreed, waiting = (Money(minor, currency) for minor in (why_not.asked, why_not.agreed, why_not.waiting))
    waits = [payout.number for payout in by_route if payout.state == PayoutState.WAITING]
    step = f"retcli pay approve {waits[0]}" if waits and asked == agreed else "retcli import FILE"
    return UnreadyClick(asked, agreed, waiting, step)


def unready_of(shop: Shop, case: Case) -> UnreadyClick | None:
    """Why the click that pays the refund of a case is not to be made, as the books stand; None where it may be."""
    return unready(case, payouts_of(shop, case), shop.session.get_one(Order, case.order_id).currency)


def refuse_unready(shop: Shop, case: Case) -> None:
    """Raises Refused for a click that would send another sum than was let go: the platform pays what the buyer applied
    for there, whatever was agreed to here.
    """
    why_not = unready_of(shop, case)
    if why_not is not None:
        raise Refused(why_not.sentence(), why_not.next, case=case.number)
