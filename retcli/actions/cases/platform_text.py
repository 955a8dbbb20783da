"""What the books tell of a case, put together for the platform."""

import json
from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.application_record import Application, application_of
from retcli.actions.casefile.decision_record import APPLIED_ANEW, Move, moves_of
from retcli.actions.casefile.dossiers import Dossier, dossier_of
from retcli.actions.casefile.judgement import is_own, judgement
from retcli.actions.casefile.written_beside import beside
from retcli.actions.cases.left_out import is_own_fault, withheld
from retcli.actions.cases.statements import Told, graded, named, sent_again, statement, too_few
from retcli.actions.cases.told_money import amounts, arrived, in_its_currency
from retcli.actions.orderfile.persons import Hide
from retcli.language import _, mark
from retcli.models import Case, CaseLine, Inspection, Parcel
from retcli.models.books import Event
from retcli.rules.casefile.findings import Finding
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views import masking
from retcli.views.base import money_text
from retcli.views.casefile.findings import MARKS, commands_of, sentence
from retcli.views.casefile.written_beside import Beside
from retcli.views.cases.evidence_pack import Account
from retcli.words import way_of_payment, word

_Line = tuple[datetime, str]


def account(shop: Shop, case: Case, hide: Hide, *, reveal: bool, everything: bool = False) -> Account:
    """The account of a case in the language in use; `hide` takes the buyer's data out of texts. It holds what serves
    the shop; its own doubts, and what its people noted for each other, only where `everything` is asked for.
    """
    held, wish, told = dossier_of(shop, case), application_of(shop, case), beside(shop, case, reveal=True)
    judged = judgement(shop, held, asked=case.asked)
    inspected = _inspected(shop, case)
    timeline = [
        *_ordered(held, wish),
        *_dealt_with(shop, case, told, noted=everything),
        *_turned(case, wish),
        *_came_back(shop, held, inspected),
        *_paid(held),
    ]
    findings = [_examined(x, own=everything) for x in judged.findings if everything or not withheld(case, x)]
    return Account(
        heading=[(name, hide(text)) for name, text in _heading(held, wish, reveal=reveal)],
        timeline=[(at, hide(text)) for at, text in timeline],
        reasons=[(name, hide(text)) for name, text in _reasons(case, wish, doubts=everything)],
        findings=[hide(text) for text in findings],
        amounts=amounts(shop, held, wish.asked, judged, derived=everything),
        waybills=_waybills(shop, held),
        statement=[hide(text) for text in statement(Told(held, wish, told, judged, inspected, sent_again(shop, case)))],
    )


def _heading(held: Dossier, wish: Application, *, reveal: bool) -> Iterator[tuple[str, str]]:
    case, order = held.case, held.order
    yield _("Case"), case.number
    yield _("On the platform"), f"{word(case.platform)} {order.shop} {case.platform_number or ''}".strip()
    yield _("Order"), order.number
    yield _("Applied for"), word(wish.kind)
    yield _("Dealt with as"), word(case.kind) if case.kind != wish.kind else ""
    yield _("Buyer"), order.buyer if reveal else masking.name(order.buyer)
    if reveal:
        yield _("Receiver"), " ".join(text for text in (order.receiver, order.phone, order.address) if text)
    for line, on in held.lines:
        pieces = f"×{line.quantity}" if line.quantity else ""
        yield _("Goods"), " ".join(text for text in (on.title, on.variant, on.sku, pieces) if text)


def _ordered(held: Dossier, wish: Application) -> Iterator[_Line]:
    order, case = held.order, held.case
    if order.ordered_at:
        yield order.ordered_at, _("The buyer ordered")
    if order.paid_at:
        yield order.paid_at, _("The buyer paid {amount}").format(amount=in_its_currency(held, order.paid))
    if order.shipped_at:
        yield (
            order.shipped_at,
            named(_("Sent with {waybill}"), _("The shop sent the goods"), order.carrier, held.waybills),
        )
    if order.signed_at:
        yield order.signed_at, _("Receipt confirmed") if order.signed_by == "confirmed" else _("Signed for")
    yield case.applied_at, _applied(wish)


def _applied(wish: Application) -> str:
    if wish.words:
        text = _("The buyer applied for: {kind}, {reason}")
        return text.format(kind=word(wish.kind), reason=wish.words)
    if wish.noted:
        text = _("The buyer applied for: {kind} (reason as the shop noted it: {reason})")
        return text.format(kind=word(wish.kind), reason=word(wish.noted))
    return _("The buyer applied for: {kind}").format(kind=word(wish.kind))


def _dealt_with(shop: Shop, case: Case, told: Beside, *, noted: bool) -> Iterator[_Line]:
    """Contacts, more time, decisions, and what the register tells; `noted` with what the shop's people wrote beside it
    for each other. Why a case was refused is told in any case: the buyer was told so.
    """
    for contact in told.contact_log:
        text = f"{word(contact.way, 'contact')} {word(contact.result, 'contact')}"
        yield contact.at, _beside(_("The shop contacted the buyer: {text}").format(text=text), contact.note, noted)
    for extension in told.extensions:
        text = _("{days} days more for the buyer").format(days=extension.days)
        yield extension.at, _beside(text, extension.because, noted)
    for entry in told.register:
        if entry.axis != "bad_review":
            text = _("{what} (then at the latest: the shop knows of it since)").format(what=entry.name)
            yield entry.opened_at, _beside(text, entry.note, noted)
    for move in moves_of(shop, case, everything=noted):
        because = case.because if move.at == case.decided_at else ""
        yield move.at, _beside(_move(move), because, noted or move.name == "reject")


def _turned(case: Case, wish: Application) -> Iterator[_Line]:
    if wish.turned_at:
        yield wish.turned_at, _("From then on dealt with as: {kind}").format(kind=word(case.kind))


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
        if is_own(held, parcel):
            yield from _turned_round(shop, held.case, parcel)
        elif parcel.received_at:
            with_waybill = _("The returned parcel arrived: {waybill}")
            arrived = named(with_waybill, _("The returned parcel arrived"), parcel.carrier, parcel.waybill)
            yield parcel.received_at, arrived
    for inspection in inspected:
        yield inspection.at, graded(inspection)
    if inspected and (lacking := too_few(held)):
        yield inspected[-1].at, lacking
    for sent in sent_again(shop, held.case):
        if sent.shipped_at:
            what = " ".join(text for text in (f"{sent.sku}×{sent.quantity}", sent.carrier, sent.waybill) if text)
            yield sent.shipped_at, _("Sent again: {what}").format(what=what)


def _turned_round(shop: Shop, case: Case, parcel: Parcel) -> Iterator[_Line]:
    """The order's own parcel: when it was to be intercepted, and when it was back without having been delivered."""
    query = sa.select(Event).where(col(Event.subject) == parcel.number, col(Event.action) == "intercept")
    waybill = f"{parcel.carrier} {parcel.waybill}".strip()
    for event in shop.session.scalars(query.order_by(col(Event.seq))):
        if json.loads(event.payload).get("case") == case.number:
            text = _("The shop had the carrier intercept the parcel: {waybill}")
            yield datetime.fromisoformat(event.at), text.format(waybill=waybill)
    if parcel.received_at:
        text = _("The parcel that the shop sent came back undelivered: {waybill}")
        yield parcel.received_at, text.format(waybill=waybill)


def _paid(held: Dossier) -> Iterator[_Line]:
    for payout in arrived(held.payouts):
        if payout.settled_at:
            text = _("{kind} of {amount} paid, {method}")
            amount = money_text(Money(payout.minor, payout.currency))
            method = way_of_payment(payout.method, held.order.platform, payout.currency)
            yield payout.settled_at, text.format(kind=word(payout.kind), amount=amount, method=method)


def _reasons(case: Case, wish: Application, *, doubts: bool) -> Iterator[tuple[str, str]]:
    """The buyer's own words, or what the shop noted of them; the reason that the shop set, and what inspection found,
    its own fault only with its `doubts`.
    """
    yield _("Stated by the buyer"), wish.words
    yield _("The buyer's reason as the shop noted it"), word(wish.noted) if wish.noted else ""
    for name, reason in ((_("Set by the shop"), case.reason_set), (_("Verified at inspection"), case.reason_verified)):
        yield name, "" if is_own_fault(reason) and not doubts else word(reason)


def _examined(finding: Finding, *, own: bool) -> str:
    """A finding; the shop's `own` account has the commands that it names."""
    text = f"{MARKS[finding.answer]} {sentence(finding.text, finding.facts)}（{_(finding.basis)}）"
    return "\n".join([text, *(f"    {command}" for command in commands_of(finding))]) if own else text


def _waybills(shop: Shop, held: Dossier) -> list[str]:
    order = held.order
    rows = [(_("Way out"), order.carrier, held.waybills)]
    back = [parcel for parcel in held.parcels if not is_own(held, parcel)]
    rows += [(_("Way back"), parcel.carrier, parcel.waybill) for parcel in back]
    rows += [(_("Goods sent again"), sent.carrier, sent.waybill) for sent in sent_again(shop, held.case)]
    return [" ".join(part for part in row if part) for row in rows if row[2]]
