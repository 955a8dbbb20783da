"""Paying clicks that are not to be made yet, since the platform would send another sum by them than was let go here."""

from collections.abc import Sequence

from retcli.actions.casefile.records.one_case import case_lines, payouts_of
from retcli.errors import Refused
from retcli.models import Case, Order, Payout
from retcli.rules.lifecycles import COMING_BACK, UNSENT, PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.money.paying_click import short
from retcli.rules.money.refunded_pieces import FINAL
from retcli.shop import Shop
from retcli.views.money.unready_click import UnreadyClick


def unready(case: Case, payouts: Sequence[Payout], due: Money) -> UnreadyClick | None:
    """Why the click that pays a case's refund is not to be made, by its payouts and what is due on it: what the buyer
    applied for there, what was let go, what waits. None where it may be made, or nothing is to be clicked.
    """
    by_route = [payout for payout in payouts if payout.kind == "refund" and payout.method == "original"]
    if case.platform_state in FINAL or not any(payout.state in UNSENT for payout in by_route):
        return None
    let_go = {PayoutState.DUE, PayoutState.SENT, PayoutState.UNKNOWN}
    why_not = short(
        case.platform_amount if case.platform_number else None,
        sum(payout.minor for payout in by_route if payout.state in let_go),
        sum(payout.minor for payout in by_route if payout.state == PayoutState.WAITING),
        _waits_for_goods(case, payouts, due),
    )
    if why_not is None:
        return None
    sums = (why_not.asked, why_not.agreed, why_not.waiting, why_not.for_goods)
    asked, agreed, waiting, for_goods = (Money(minor, due.currency) for minor in sums)
    waits = [payout.number for payout in by_route if payout.state == PayoutState.WAITING]
    step = "retcli import FILE"
    if asked == agreed:
        step = f"retcli pay approve {waits[0]}" if waits else "retcli scan"
    return UnreadyClick(asked, agreed, waiting, for_goods, step)


def _waits_for_goods(case: Case, payouts: Sequence[Payout], due: Money) -> int:
    """What is due on a return and no payout stands for, since its goods are on their way; in minor units."""
    if case.kind not in COMING_BACK:
        return 0
    let_go = sum(payout.minor for payout in payouts if payout.kind == "refund" and payout.state != PayoutState.FAILED)
    return max(due.minor - let_go, 0)


def unready_of(shop: Shop, case: Case) -> UnreadyClick | None:
    """Why the click that pays the refund of a case is not to be made, as the books stand; None where it may be."""
    due = sum(line.due for line, _order_line in case_lines(shop, case)) + case.freight_due
    return unready(case, payouts_of(shop, case), Money(due, shop.session.get_one(Order, case.order_id).currency))


def refuse_unready(shop: Shop, case: Case) -> None:
    """Raises Refused for a click that would send another sum than was let go: the platform pays what the buyer applied
    for there, whatever was agreed to here.
    """
    why_not = unready_of(shop, case)
    if why_not is not None:
        raise Refused(why_not.sentence(), why_not.next, case=case.number)
