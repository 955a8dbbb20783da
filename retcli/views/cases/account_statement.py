"""The statement of the shop to the platform: sentences that the books bear out, in the order of what happened."""

from collections.abc import Iterator
from datetime import datetime

from retcli.language import _, series
from retcli.rules.lifecycles import Kind
from retcli.rules.money.payouts import COMPENSATION, OVER, PRICE_PROTECTION, REFUND
from retcli.views.base import money_text, when
from retcli.views.casefile.findings import sentence
from retcli.views.cases.account import Account, Graded, Lacking, OrderTold, SentAgain, StandingDecision
from retcli.words import word

_Line = tuple[datetime, str]


def statement(account: Account) -> Iterator[str]:
    """The sentences of the statement, each with its full stop, for an agent to complete."""
    order = account.order
    if not order.shipped_at and order.waybills:
        text = _("The shop sent order {order} with waybill {waybill}. ")
        yield text.format(order=order.number, waybill=series(order.waybills))
    yield from (text for _at, text in sorted(_dated(account), key=lambda line: line[0]))
    if account.lacking:
        yield lacking_text(account.lacking) + _(". ")
    if account.beside.evidence_kinds:
        yield _("{n} pieces of evidence are enclosed. ").format(n=len(account.beside.evidence_kinds))
    yield _("The shop asks the platform to decide by these facts.")


def _dated(account: Account) -> Iterator[_Line]:
    """The sentences that have a time, not in order yet."""
    yield from _delivered(account.order)
    yield account.applied.at, _applied(account)
    if account.beside.contact_log:
        last = account.beside.contact_log[-1]
        text = _("The shop contacted the buyer {n} times, last on {at} ({result}). ")
        contacts = len(account.beside.contact_log)
        yield last.at, text.format(n=contacts, at=when(last.at), result=word(last.result, "contact"))
    for graded in account.inspected:
        yield graded.at, graded_text(graded) + _(". ")
    if account.decision:
        yield account.decision.at, "".join(_decided(account.decision))
    yield from _given(account)


def _delivered(order: OrderTold) -> Iterator[_Line]:
    """How the order was sent and signed for."""
    if order.shipped_at:
        text = _("The shop sent order {order} on {at}. ")
        if order.waybills:
            text = _("The shop sent order {order} on {at} with waybill {waybill}. ")
        yield (
            order.shipped_at,
            text.format(order=order.number, at=when(order.shipped_at), waybill=series(order.waybills)),
        )
    if order.signed_at:
        text = _("It was signed for on {at}. ")
        if order.receipt_confirmed:
            text = _("Its receipt was confirmed on {at}. ")
        yield order.signed_at, text.format(at=when(order.signed_at))


def _applied(account: Account) -> str:
    """What the buyer applied for, with the reason where one is known."""
    applied, at = account.applied, when(account.applied.at)
    if applied.words:
        text = _("On {at} the buyer applied for {kind}, with the reason: {reason}. ")
        return text.format(at=at, kind=word(applied.kind), reason=_without_stop(applied.words))
    if applied.noted:
        text = _("On {at} the buyer applied for {kind}; the shop noted as the reason: {reason}. ")
        return text.format(at=at, kind=word(applied.kind), reason=word(applied.noted))
    return _("On {at} the buyer applied for {kind}. ").format(at=at, kind=word(applied.kind))


def _decided(decision: StandingDecision) -> Iterator[str]:
    """The decision, then each ground of a refusal."""
    yield _agreed(decision) if decision.agreed else _refused(decision)
    for finding in decision.grounds:
        text = sentence(finding.text, finding.facts)
        yield _("By {basis}: {text}. ").format(basis=_(finding.basis), text=text)


def _agreed(decision: StandingDecision) -> str:
    """That it was agreed to, here or on the platform, with the amount where there is one."""
    # of a decision there only the day is known on which its report was taken in: "at the latest"
    if decision.amount is None:
        text = _("It was agreed on the platform on {at} at the latest. ")
        return (text if decision.there else _("The shop agreed on {at}. ")).format(at=when(decision.at))
    text = _("The shop agreed on {at}, to {amount}. ")
    if decision.there:
        text = _("It was agreed on the platform on {at} at the latest, to {amount}. ")
    return text.format(at=when(decision.at), amount=money_text(decision.amount))


def _refused(decision: StandingDecision) -> str:
    """That it was refused, here or on the platform, with the reason where one was given."""
    because = _without_stop(decision.because)
    if not because:
        text = _("It was refused on the platform on {at} at the latest. ")
        return (text if decision.there else _("The shop refused on {at}. ")).format(at=when(decision.at))
    text = _("The shop refused on {at}: {because}. ")
    if decision.there:
        text = _("It was refused on the platform on {at} at the latest: {because}. ")
    return text.format(at=when(decision.at), because=because)


def _given(account: Account) -> Iterator[_Line]:
    """Refunds that the buyer got, the price cut where the case is about one, and goods that were sent again."""
    for paid in account.paid:
        text, way = _("On {at} {amount} was refunded ({method}). "), word(paid.channel, "channel")
        if paid.kind == COMPENSATION:
            text = _("On {at} {amount} was paid as compensation ({method}). ")
        if paid.kind in {REFUND, OVER, PRICE_PROTECTION} or (
            paid.kind == COMPENSATION and account.kind == Kind.ALLOWANCE
        ):
            yield paid.at, text.format(at=when(paid.at), amount=money_text(paid.amount), method=way)
    for goods in account.sent_again:
        if goods.at:
            yield goods.at, _sent_again(goods, goods.at)


def _sent_again(goods: SentAgain, at: datetime) -> str:
    """That goods were sent again, under which waybill."""
    text = _("On {at} the shop sent {what} again. ")
    if goods.waybill:
        text = _("On {at} the shop sent {what} again with {waybill}. ")
    waybill = f"{goods.carrier} {goods.waybill}".strip()
    return text.format(at=when(at), what=f"{goods.sku} ×{goods.quantity}", waybill=waybill)


def _without_stop(text: str) -> str:
    """A text without its full stop, ready to stand at the end of a sentence."""
    return text.strip().rstrip("。．.；;！!")


def graded_text(graded: Graded) -> str:
    """The grade of some pieces as a sentence without its full stop."""
    text = _("Inspected: {sku} ×{n}, {grade}")
    told = text.format(sku=graded.sku, n=graded.quantity, grade=word(graded.grade))
    return _("{inspected}, serial {serial}").format(inspected=told, serial=graded.serial) if graded.serial else told


def lacking_text(lacking: Lacking) -> str:
    """How many pieces are to come back and how many were inspected, as a sentence without its full stop."""
    text = _("{n} pieces are to come back, {k} of this order were inspected so far")
    return text.format(n=lacking.to_come_back, k=lacking.inspected)
