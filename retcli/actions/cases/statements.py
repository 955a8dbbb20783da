"""What the shop states to the platform: sentences that the books bear out, in the order in which it happened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.application_record import Application
from retcli.actions.casefile.dossiers import Dossier
from retcli.actions.cases.told_money import REFUND, agreed, agreed_there, arrived, in_its_currency
from retcli.language import _
from retcli.models import Case, Inspection, Replacement
from retcli.rules.casefile.findings import Answer
from retcli.rules.casefile.verdict import Judgement
from retcli.rules.lifecycles import COMING_BACK, Decision
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views.base import money_text, when
from retcli.views.casefile.findings import sentence
from retcli.views.casefile.written_beside import Beside
from retcli.words import way_of_payment, word

_Line = tuple[datetime, str]


@dataclass(frozen=True)
class Told:
    """What a statement is made of: the case, the application, what was written down beside it, the judgement, the
    inspections that stand, and the goods that were sent again.
    """

    held: Dossier
    wish: Application
    beside: Beside
    judged: Judgement
    inspected: Sequence[Inspection]
    sent: Sequence[Replacement]


def statement(told: Told) -> Iterator[str]:
    """The sentences; an agent completes them."""
    order = told.held.order
    if not order.shipped_at and order.waybill:
        yield _("The shop sent order {order} with waybill {waybill}. ").format(
            order=order.number, waybill=told.held.waybills
        )
    yield from (text for _at, text in sorted(_dated(told), key=lambda line: line[0]))
    if told.inspected and (lacking := too_few(told.held)):
        yield lacking + _(". ")
    if told.beside.evidence_kinds:
        yield _("{n} pieces of evidence are enclosed. ").format(n=len(told.beside.evidence_kinds))
    yield _("The shop asks the platform to decide by these facts.")


def _dated(told: Told) -> Iterator[_Line]:
    """The sentences that have a time."""
    yield from _on_the_way(told.held)
    yield told.held.case.applied_at, _applied(told)
    if told.beside.contact_log:
        last = told.beside.contact_log[-1]
        text = _("The shop contacted the buyer {n} times, last on {at} ({result}). ")
        shown = text.format(n=len(told.beside.contact_log), at=when(last.at), result=word(last.result, "contact"))
        yield last.at, shown
    for inspection in told.inspected:
        yield inspection.at, graded(inspection) + _(". ")
    if told.held.case.decided_at:
        yield told.held.case.decided_at, "".join(_decided(told.held, told.judged))
    yield from _given(told)


def _on_the_way(held: Dossier) -> Iterator[_Line]:
    order = held.order
    if order.shipped_at:
        text = _("The shop sent order {order} on {at}. ")
        if order.waybill:
            text = _("The shop sent order {order} on {at} with waybill {waybill}. ")
        yield order.shipped_at, text.format(order=order.number, at=when(order.shipped_at), waybill=held.waybills)
    if order.signed_at:
        text = _("Its receipt was confirmed on {at}. ") if order.signed_by == "confirmed" else _(
            "It was signed for on {at}. "
        )  # fmt: skip
        yield order.signed_at, text.format(at=when(order.signed_at))


def _applied(told: Told) -> str:
    wish, at = told.wish, when(told.held.case.applied_at)
    if wish.words:
        text = _("On {at} the buyer applied for {kind}, with the reason: {reason}. ")
        return text.format(at=at, kind=word(wish.kind), reason=_closed(wish.words))
    if wish.noted:
        text = _("On {at} the buyer applied for {kind}; the shop noted as the reason: {reason}. ")
        return text.format(at=at, kind=word(wish.kind), reason=word(wish.noted))
    return _("On {at} the buyer applied for {kind}. ").format(at=at, kind=word(wish.kind))


def _given(told: Told) -> Iterator[_Line]:
    """Money that the buyer got back, and goods that were sent again."""
    for payout in arrived(told.held.payouts):
        if payout.settled_at and payout.kind == REFUND:
            text = _("On {at} {amount} was refunded ({method}). ")
            amount = money_text(Money(payout.minor, payout.currency))
            method = way_of_payment(payout.method, told.held.order.platform, payout.currency)
            shown = text.format(at=when(payout.settled_at), amount=amount, method=method)
            yield payout.settled_at, shown
    for sent in told.sent:
        if sent.shipped_at:
            text = _("On {at} the shop sent {what} again with {waybill}. ")
            without = _("On {at} the shop sent {what} again. ")
            facts = {"at": when(sent.shipped_at), "what": f"{sent.sku} ×{sent.quantity}"}
            yield sent.shipped_at, named(text, without, sent.carrier, sent.waybill, **facts)


def _decided(held: Dossier, judged: Judgement) -> Iterator[str]:
    if held.case.decision == Decision.APPROVED:
        yield _agreed(held)
    elif held.case.decision == Decision.REJECTED:
        yield _refused(held.case)
        for finding in judged.findings:
            if finding.answer == Answer.NO and not finding.waived_by:
                text = sentence(finding.text, finding.facts)
                yield _("By {basis}: {text}. ").format(basis=_(finding.basis), text=text)


def _agreed(held: Dossier) -> str:
    there, minor = agreed_there(held.case), agreed(held)
    text = _("It was agreed on the platform on {at} at the latest. ") if there else _("The shop agreed on {at}. ")
    if minor is not None:
        text = _("The shop agreed on {at}, to {amount}. ")
        if there:
            text = _("It was agreed on the platform on {at} at the latest, to {amount}. ")
    return text.format(at=when(held.case.decided_at), amount=in_its_currency(held, minor or 0))


def _refused(case: Case) -> str:
    there, because = agreed_there(case), _closed(case.because)
    text = _("It was refused on the platform on {at} at the latest. ") if there else _("The shop refused on {at}. ")
    if because:
        text = _("The shop refused on {at}: {because}. ")
        if there:
            text = _("It was refused on the platform on {at} at the latest: {because}. ")
    return text.format(at=when(case.decided_at), because=because)


def _closed(text: str) -> str:
    """A text without its full stop, ready to stand at the end of a sentence."""
    return text.strip().rstrip("。．.；;！!")


def named(text: str, without: str, carrier: str, waybill: str, **facts: str) -> str:
    """A message with its waybill, or the one `without` where there is none."""
    return (text if waybill else without).format(waybill=f"{carrier} {waybill}".strip(), **facts)


def graded(inspection: Inspection) -> str:
    """What inspection found on some pieces."""
    text = _("Inspected: {sku} ×{n}, {grade}")
    return text.format(sku=inspection.sku, n=inspection.quantity, grade=word(inspection.grade))


def too_few(held: Dossier) -> str:
    """That fewer pieces of the order were inspected than are to come back; empty where none lack."""
    due = sum(line.quantity for line, _on in held.lines)
    back = sum(held.accepted(line) for line, _on in held.lines)
    if held.case.kind not in COMING_BACK or back >= due:
        return ""
    return _("{n} pieces are to come back, {k} of this order were inspected so far").format(n=due, k=back)


def sent_again(shop: Shop, case: Case) -> list[Replacement]:
    """Goods that go out or went out for a case, oldest first."""
    query = sa.select(Replacement).where(col(Replacement.case_id) == case.id).order_by(col(Replacement.id))
    return list(shop.session.scalars(query))
