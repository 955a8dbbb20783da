"""What the books tell of a case, put together for the platform."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.beside import beside
from retcli.actions.decision_record import APPLIED_ANEW, Move, moves_of
from retcli.actions.dossiers import Dossier, dossier_of
from retcli.actions.judging import judgement
from retcli.actions.persons import Hide
from retcli.language import _, mark
from retcli.models import Case, CaseLine, Inspection, Payout, Replacement
from retcli.rules.cases import Judgement
from retcli.rules.findings import Answer, Finding
from retcli.rules.lifecycles import Decision, PayoutState
from retcli.rules.money import Money
from retcli.rules.reasons import REASONS, Fault
from retcli.shop import Shop
from retcli.views import masking
from retcli.views.base import money_text, when
from retcli.views.beside import Beside
from retcli.views.findings import MARKS, sentence
from retcli.views.packing import Account
from retcli.views.words import word

_Line = tuple[datetime, str]


def account(shop: Shop, case: Case, hide: Hide, *, reveal: bool, everything: bool = False) -> Account:
    """The account of a case in the language in use; `hide` takes the buyer's data out of texts. It holds what serves
    the shop; its own doubts, and what its people noted for each other, only where `everything` is asked for.
    """
    held, told = dossier_of(shop, case), beside(shop, case, reveal=True)
    judged = judgement(shop, held, asked=case.asked)
    inspected = _inspected(shop, case)
    timeline = [
        *_ordered(held),
        *_dealt_with(shop, case, told, noted=everything),
        *_came_back(shop, held, inspected),
        *_paid(held),
    ]
    return Account(
        heading=[(name, hide(text)) for name, text in _heading(held, reveal=reveal)],
        timeline=[(at, hide(text)) for at, text in timeline],
        reasons=[(name, hide(text)) for name, text in _reasons(case, doubts=everything)],
        findings=[hide(_examined(x)) for x in judged.findings if everything or _serves(case, x)],
        amounts=_amounts(held, judged, derived=everything or case.decision == Decision.APPROVED),
        waybills=_waybills(shop, held),
        statement=[hide(text) for text in _statement(held, told, judged, inspected)],
    )


def _heading(held: Dossier, *, reveal: bool) -> Iterator[tuple[str, str]]:
    case, order = held.case, held.order
    yield _("Case"), case.number
    yield _("On the platform"), f"{word(case.platform)} {order.shop} {case.platform_number or ''}".strip()
    yield _("Order"), order.number
    yield _("Kind"), word(case.kind)
    yield _("Buyer"), order.buyer if reveal else masking.name(order.buyer)
    if reveal:
        yield _("Receiver"), " ".join(text for text in (order.receiver, order.phone, order.address) if text)
    for line, on in held.lines:
        yield _("Goods"), f"{on.title} {on.variant} {on.sku} ×{line.quantity}".replace("  ", " ")


def _ordered(held: Dossier) -> Iterator[_Line]:
    order, case = held.order, held.case
    if order.ordered_at:
        yield order.ordered_at, _("The buyer ordered")
    if order.paid_at:
        yield order.paid_at, _("The buyer paid {amount}").format(amount=_money(held, order.paid))
    if order.shipped_at:
        yield order.shipped_at, _("Sent with {waybill}").format(waybill=f"{order.carrier} {order.waybill}".strip())
    if order.signed_at:
        yield order.signed_at, _("Signed for")
    applied = _("The buyer applied for: {kind}, {reason}")
    yield case.applied_at, applied.format(kind=word(case.kind), reason=_said(case))


def _said(case: Case) -> str:
    """What the buyer gave as the reason: the option, and the words beside it."""
    return "；".join(dict.fromkeys(text for text in (word(case.reason_stated), case.buyer_words) if text))


def _dealt_with(shop: Shop, case: Case, told: Beside, *, noted: bool) -> Iterator[_Line]:
    """Contacts, more time, decisions, and what the register tells; `noted` with what the shop's people wrote beside it
    for each other. Why a case was refused is told in any case: the buyer was told so.
    """
    for contact in told.contacts:
        text = f"{word(contact.way, 'contact')} {word(contact.result, 'contact')}"
        yield contact.at, _beside(_("The shop contacted the buyer: {text}").format(text=text), contact.note, noted)
    for extension in told.extensions:
        text = _("{days} days more for the buyer").format(days=extension.days)
        yield extension.at, _beside(text, extension.because, noted)
    for entry in told.register:
        if entry.axis != "bad_review":
            yield entry.opened_at, _beside(entry.name, entry.note, noted)
    for move in moves_of(shop, case, everything=noted):
        because = case.because if move.at == case.decided_at else ""
        yield move.at, _beside(_move(move), because, noted or move.name == "reject")


def _beside(text: str, note: str | None, noted: bool) -> str:
    return f"{text}：{note}" if note and noted else text


_MOVES = {
    "approve": mark("The shop agreed"),
    "reject": mark("The shop refused"),
    "withdraw": mark("The buyer withdrew the application"),
    "reconsider": mark("The shop took its decision back"),
    "reapply": mark("The shop took the application up again"),
    APPLIED_ANEW: mark("The buyer applied again"),
}
_THERE = {
    "approve": mark("Agreed on the platform, then at the latest: its report was taken in"),
    "reject": mark("Refused on the platform, then at the latest: its report was taken in"),
}


def _move(move: Move) -> str:
    """A decision as it is told: made here, or there on the platform as its report tells."""
    return _(_THERE.get(move.name, _MOVES[move.name]) if move.there else _MOVES[move.name])


def _inspected(shop: Shop, case: Case) -> list[Inspection]:
    """What inspection found and stands; what was taken back is left out with its reversal."""
    lines = sa.select(col(CaseLine.id)).where(col(CaseLine.case_id) == case.id)
    query = sa.select(Inspection).where(col(Inspection.case_line_id).in_(lines)).order_by(col(Inspection.id))
    rows = list(shop.session.scalars(query))
    taken_back = {row.reverses_id for row in rows}
    return [row for row in rows if row.reverses_id is None and row.id not in taken_back]


def _came_back(shop: Shop, held: Dossier, inspected: list[Inspection]) -> Iterator[_Line]:
    for parcel in held.parcels:
        if parcel.received_at:
            what = f"{parcel.carrier} {parcel.waybill}".strip()
            yield parcel.received_at, _("The returned parcel arrived: {waybill}").format(waybill=what)
    for found in inspected:
        yield found.at, _graded(found)
    for sent in _sent_again(shop, held.case):
        if sent.shipped_at:
            what = f"{sent.sku}×{sent.quantity} {sent.carrier} {sent.waybill}"
            yield sent.shipped_at, _("Sent again: {what}").format(what=what.replace("  ", " "))


def _graded(found: Inspection) -> str:
    text = _("Inspected: {sku} ×{n}, {grade}")
    return text.format(sku=found.sku, n=found.quantity, grade=word(found.grade))


def _sent_again(shop: Shop, case: Case) -> list[Replacement]:
    query = sa.select(Replacement).where(col(Replacement.case_id) == case.id).order_by(col(Replacement.id))
    return list(shop.session.scalars(query))


def _arrived(held: Dossier) -> list[Payout]:
    """The payouts that the buyer has; one taken back is left out with its reversal."""
    return [x for x in held.payouts if x.state == PayoutState.CONFIRMED and x.reverses_id is None]


def _paid(held: Dossier) -> Iterator[_Line]:
    for payout in _arrived(held):
        if payout.settled_at:
            text = _("{kind} of {amount} paid, {method}")
            amount = money_text(Money(payout.minor, payout.currency))
            yield (
                payout.settled_at,
                text.format(kind=word(payout.kind), amount=amount, method=word(payout.method)),
            )


def _reasons(case: Case, *, doubts: bool) -> Iterator[tuple[str, str]]:
    """The buyer's reason, the shop's, and what inspection found; where the shop refused, its own fault only with its
    `doubts`.
    """
    yield _("Stated by the buyer"), _said(case)
    refused = case.decision == Decision.REJECTED and not doubts
    for name, reason in ((_("Set by the shop"), case.reason_set), (_("Verified at inspection"), case.reason_verified)):
        own_fault = bool(reason) and REASONS[reason].fault == Fault.MERCHANT
        yield name, "" if refused and own_fault else word(reason)


def _serves(case: Case, finding: Finding) -> bool:
    """Whether a finding speaks for what the shop decided: what is against the wish for a refusal, what bears it out for
    everything else; a doubt is the shop's own.
    """
    return finding.answer == (Answer.NO if case.decision == Decision.REJECTED else Answer.YES) and not finding.waived_by


def _examined(finding: Finding) -> str:
    """A finding without what only the shop's own people may do about it."""
    return f"{MARKS[finding.answer]} {sentence(finding.text, finding.facts)}（{_(finding.basis)}）"


def _amounts(held: Dossier, judged: Judgement, *, derived: bool) -> list[tuple[str, str]]:
    asked, due = held.case.asked, held.due
    refunds = [payout for payout in _arrived(held) if payout.kind == "refund"]
    rows = [
        (_("Paid for the order"), _money(held, held.order.paid)),
        (_("Asked for"), _money(held, asked) if asked is not None else ""),
        (_("Agreed to"), _money(held, due) if held.case.decision == Decision.APPROVED else ""),
        (_("Refunded"), _money(held, sum(payout.minor for payout in refunds)) if refunds else ""),
    ]
    steps = [(sentence(step.text, step.facts), _money(held, step.money)) for step in judged.amount.steps]
    return rows + (steps if derived else [])


def _money(held: Dossier, minor: int) -> str:
    return money_text(Money(minor, held.order.currency))


def _waybills(shop: Shop, held: Dossier) -> list[str]:
    order = held.order
    found = [(_("Way out"), order.carrier, order.waybill)]
    found += [(_("Way back"), parcel.carrier, parcel.waybill) for parcel in held.parcels]
    found += [(_("Goods sent again"), sent.carrier, sent.waybill) for sent in _sent_again(shop, held.case)]
    return [" ".join(part for part in row if part) for row in found if row[2]]


def _statement(held: Dossier, told: Beside, judged: Judgement, inspected: list[Inspection]) -> Iterator[str]:
    """Sentences that the facts bear out, and no others; an agent completes them."""
    case, order = held.case, held.order
    if order.shipped_at:
        text = _("The shop sent order {order} on {at} with waybill {waybill}. ")
        yield text.format(order=order.number, at=when(order.shipped_at), waybill=order.waybill)
    if order.signed_at:
        yield _("It was signed for on {at}. ").format(at=when(order.signed_at))
    text = _("On {at} the buyer applied for {kind}, with the reason: {reason}. ")
    yield text.format(at=when(case.applied_at), kind=word(case.kind), reason=_said(case))
    if told.contacts:
        last = told.contacts[-1]
        text = _("The shop contacted the buyer {n} times, last on {at} ({result}). ")
        yield text.format(n=len(told.contacts), at=when(last.at), result=word(last.result, "contact"))
    for found in inspected:
        yield _graded(found) + _(". ")
    yield from _decided(held, judged)
    if told.evidence:
        text = _("{n} pieces of evidence are enclosed. ")
        yield text.format(n=len(told.evidence))
    yield _("The shop asks the platform to decide by these facts.")


def _decided(held: Dossier, judged: Judgement) -> Iterator[str]:
    case, there = held.case, held.case.decided_as in {"import", "platform"}
    if case.decision == Decision.APPROVED:
        text = _("The shop agreed on {at}, to {amount}. ")
        if there:
            text = _("It was agreed on the platform on {at} at the latest, to {amount}. ")
        yield text.format(at=when(case.decided_at), amount=_money(held, held.due))
    elif case.decision == Decision.REJECTED:
        text = _("The shop refused on {at}: {because}. ")
        if there:
            text = _("It was refused on the platform on {at} at the latest: {because}. ")
        yield text.format(at=when(case.decided_at), because=case.because)
        for finding in judged.findings:
            if finding.answer == Answer.NO and not finding.waived_by:
                basis = _("By {basis}: {text}. ")
                yield basis.format(basis=_(finding.basis), text=sentence(finding.text, finding.facts))
