"""The money of a case by how far it has come (due, waiting, clicked, sent, paid), and what a refusal may still cost."""

from collections.abc import Iterator

from retcli.actions.casefile.left_for_goods import left_for_goods
from retcli.actions.casefile.owed_beside import owed_beside
from retcli.actions.casefile.payable import rests
from retcli.actions.casefile.records.clicked_payouts import by_click, spent_there
from retcli.actions.casefile.records.dossiers import Dossier, agreed_on
from retcli.actions.casefile.records.unready_clicks import unready
from retcli.rules.casefile import stages
from retcli.rules.casefile.verdict import Judgement
from retcli.rules.lifecycles import (
    DECIDED_THERE,
    Decision,
    Filing,
    PayoutState,
)
from retcli.rules.money.minor_units import Money
from retcli.views.casefile.case_money import OWED_AGAIN, Beside, CaseMoney


def money_so_far(dossier: Dossier, judged: Judgement) -> CaseMoney:
    """How far the money of a case has come; while nothing is decided, `due` is what the findings give."""
    case, currency = dossier.case, dossier.order.currency
    due = judged.amount.due if case.decision == Decision.REQUESTED else dossier.due
    if case.decision == Decision.APPROVED and rests(dossier):
        due = sum(dossier.paid.values())  # the platform closed the refund: nothing beyond what was paid is due
    clicked = sum(payout.minor for payout in dossier.payouts if by_click(payout, dossier.clicked))
    return CaseMoney(
        due=Money(due, currency),
        agreed_here=_agreed(dossier),
        waiting=Money(refunds(dossier, PayoutState.WAITING), currency),
        to_send=Money(refunds(dossier, PayoutState.DUE) - clicked, currency),
        clicked=Money(clicked, currency),
        sent=Money(refunds(dossier, PayoutState.SENT, PayoutState.UNKNOWN), currency),
        paid=Money(refunds(dossier, PayoutState.CONFIRMED, PayoutState.REVERSED), currency),
        taken_back=Money(refunds(dossier, PayoutState.REVERSED, reversals=False), currency),
        beside=tuple(_beside(dossier)),
        unready=None if spent_there(dossier) else unready(case, dossier.payouts, Money(due, currency)),
    )


def _beside(dossier: Dossier) -> Iterator[Beside]:
    """What is given beside the refund: compensation, coupons, points, freight; what failed is left out, and so is the
    reversal of what was taken back, which is said of that itself; then what of it is owed again.
    """
    for payout in dossier.payouts:
        if payout.kind != "refund" and payout.state != PayoutState.FAILED and payout.reverses_id is None:
            amount = Money(payout.minor, payout.currency)
            yield Beside(payout.kind, payout.method, amount, payout.state, dossier.order.platform)
    if dossier.case.filing == Filing.OPEN and (owed := owed_beside(dossier)):
        yield Beside(owed.kind, owed.method, owed.money, OWED_AGAIN, dossier.order.platform)


def _agreed(dossier: Dossier) -> Money | None:
    """What people or rules here agreed to; None where nobody has, zero where the platform paid against our decision."""
    there = dossier.case.decided_as in DECIDED_THERE and not dossier.case.paid_against
    if dossier.case.decision != Decision.APPROVED or there:
        return None
    return Money(0 if dossier.case.paid_against else agreed_on(dossier), dossier.order.currency)


def at_stake(dossier: Dossier, stand: stages.Axes, judged: Judgement) -> Money | None:
    """What of a case may be lost: of a refused one in which the platform stepped in what was asked for there, else
    here, else what the findings give; of an approved one what left for pieces that are not here; None for neither.
    """
    if not stages.contested(stand):
        gone = max(left_for_goods(dossier), stand.owed_back)
        return Money(gone, dossier.order.currency) if gone else None
    asked = dossier.case.platform_amount or dossier.case.asked or judged.amount.due
    return Money(asked, dossier.order.currency)


def refunds(dossier: Dossier, *states: PayoutState, reversals: bool = True) -> int:
    """The sum of a case's refunds in some states, in minor units; a reversed one and its reversal cancel out, but
    without `reversals`, which gives what was paid at all.
    """
    counted = (payout for payout in dossier.payouts if reversals or payout.reverses_id is None)
    return sum(payout.minor for payout in counted if payout.kind == "refund" and payout.state in states)
