"""Refunds paid as a group: the list of those that are due, and each decided by itself, as it was shown."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import payable
from retcli.actions.casefile.axes import axes
from retcli.actions.casefile.records.dossiers import Dossier, dossier_of, dossiers_of
from retcli.actions.money import outgoing, payouts
from retcli.actions.orderfile import typed_amounts
from retcli.errors import Changed, Refused
from retcli.language import _, mark
from retcli.models import Case
from retcli.rules.casefile import stages
from retcli.rules.lifecycles import MAY_PAY, Decision, Filing
from retcli.rules.money.minor_units import Money, Typed
from retcli.rules.money.payouts import PAID_THERE
from retcli.rules.policy.policy import OWN_CURRENCY
from retcli.shop import Shop
from retcli.views.cases.queue import Seen, Stopped
from retcli.views.money.group_payment import DuePayment, DuePaymentsView
from retcli.views.money.payouts import PayoutView


def due_refunds(shop: Shop, *, kind: str = "", most: int | Typed | None = None) -> DuePaymentsView:
    """The approved cases whose refund is to be paid now, and apart those that something stops; of a kind, and due at
    most `most` in the shop's own currency (cases in another are left out then, since no rate is known). Each is tried
    in turn, so that the limits count those before it, and all of it is undone again.
    """
    shop.may(MAY_PAY, mark("pay"))
    limit = None if most is None else Money(typed_amounts.in_currency(most, OWN_CURRENCY), OWN_CURRENCY)
    rows: list[DuePayment | Stopped] = []
    with shop.trial():
        for dossier in _to_pay(shop, kind):
            amount = Money(payable.payable(dossier).minor, dossier.order.currency)
            if limit is None or (amount.currency == limit.currency and amount <= limit):
                rows.append(_tried(shop, dossier, amount))
    due = tuple(row for row in rows if isinstance(row, DuePayment))
    return DuePaymentsView(due, tuple(row for row in rows if isinstance(row, Stopped)))


def _to_pay(shop: Shop, kind: str) -> list[Dossier]:
    """The open approved cases of a kind that wait for their refund, the longest approved first."""
    query = sa.select(Case).where(col(Case.filing) == Filing.OPEN, col(Case.decision) == Decision.APPROVED)
    query = query.order_by(col(Case.decided_at), col(Case.id))
    rows = shop.session.scalars(query.where(col(Case.kind) == kind) if kind else query).all()
    return [dossier for dossier in dossiers_of(shop, rows) if stages.awaits_refund(axes(dossier))]


def _tried(shop: Shop, dossier: Dossier, amount: Money) -> DuePayment | Stopped:
    """What came of trying a refund: how it is to leave, or why it is refused and the way out."""
    case, order = dossier.case, dossier.order
    seen = Seen(case.number, case.version, amount)
    before = len(shop.events)
    try:
        # a savepoint each: what a refusal leaves half done is not in the way of the next one
        with shop.session.begin_nested():
            payout = refund_seen(shop, seen)
    except Refused as why:
        del shop.events[before:]  # the rollback of the savepoint does not reach them
        return Stopped(seen.number, amount, why.message, why.hint)
    return DuePayment(seen, order.number, case.kind, payout.method, payout.state, order.platform)


def _refuse_goods_in_doubt(shop: Shop, dossier: Dossier) -> None:
    """Raises Refused where inspection found goods that somebody must look at: such a case is not paid in a group."""
    if outgoing.goods_in_doubt(shop, dossier):
        message = _("What came back for {case} is not as it was sent: look at it, then decide it by itself")
        number = dossier.case.number
        raise Refused(message.format(case=number), f"retcli case show {number}", case=number)


def _refuse_ended(dossier: Dossier) -> None:
    """Raises Refused where the platform closed the refund, or says that it paid what was taken back here: it is paid
    singly only, whatever was waived.
    """
    if rule := payable.against_there(dossier):
        message = _("The platform closed the refund of {case}: it is paid only by a command of its own")
        if rule == PAID_THERE:
            message = _("The platform says that it paid {case}: it is paid anew only by a command of its own")
        number = dossier.case.number
        hint = f"retcli pay refund {number} --waive {rule} --because TEXT"
        raise Refused(message.format(case=number), hint, case=number)


def refund_seen(shop: Shop, seen: Seen) -> PayoutView:
    """Pays the refund of a case as somebody saw it. Raises Changed where another amount is due by now, Refused where it
    is not to be paid in a group or a limit says no.
    """
    case = shop.hold(shop.session.scalars(sa.select(Case).where(col(Case.number) == seen.number)).one())
    dossier = dossier_of(shop, case)
    now = Money(payable.payable(dossier).minor, seen.due.currency)
    if now != seen.due:
        text = _("{due} is due on {case} by now, {shown} was shown")
        message = text.format(case=case.number, due=now, shown=seen.due)
        raise Changed(message, f"retcli case show {case.number}", case=case.number)
    _refuse_goods_in_doubt(shop, dossier)
    _refuse_ended(dossier)
    return payouts.refund(shop, case.number)
