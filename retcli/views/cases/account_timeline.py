"""The timeline of a case for the platform: what happened when."""

from collections.abc import Iterator
from datetime import datetime

from retcli.language import _, mark, series
from retcli.views.base import money_text
from retcli.views.cases.account import Account, Applied, DecisionMade, OrderTold, Paid, Returned, SentAgain, TurnedBack
from retcli.views.cases.account_statement import graded_text, lacking_text
from retcli.words import word

_Line = tuple[datetime, str]


def timeline(account: Account) -> list[_Line]:
    """Each instant (UTC) with what happened, the oldest first; of one instant in the order of the parts here."""
    lines = [
        *_ordered(account.order),
        (account.applied.at, _applied(account.applied)),
        *_dealt_with(account),
        *_came_back(account),
        *_paid(account),
    ]
    return sorted(lines, key=lambda line: line[0])


def _ordered(order: OrderTold) -> Iterator[_Line]:
    """How the order was placed, paid, sent and signed for."""
    if order.ordered_at:
        yield order.ordered_at, _("The buyer ordered")
    if order.paid_at:
        yield order.paid_at, _("The buyer paid {amount}").format(amount=money_text(order.paid))
    if order.shipped_at:
        text = _("Sent with {waybill}") if order.waybills else _("The shop sent the goods")
        yield order.shipped_at, text.format(waybill=f"{order.carrier} {series(order.waybills)}".strip())
    if order.signed_at:
        yield order.signed_at, _("Receipt confirmed") if order.receipt_confirmed else _("Signed for")


def _applied(applied: Applied) -> str:
    """What the buyer applied for, with the reason where one is known."""
    if applied.words:
        text = _("The buyer applied for: {kind}, {reason}")
        return text.format(kind=word(applied.kind), reason=applied.words)
    if applied.noted:
        text = _("The buyer applied for: {kind} (reason as the shop noted it: {reason})")
        return text.format(kind=word(applied.kind), reason=word(applied.noted))
    return _("The buyer applied for: {kind}").format(kind=word(applied.kind))


def _dealt_with(account: Account) -> Iterator[_Line]:
    """Contacts, extensions, entries of the register, decisions, and a change of kind; in the shop's own account with
    what its people wrote beside them.
    """
    own = account.everything
    for contact in account.beside.contact_log:
        spoken = f"{word(contact.way, 'contact')} {word(contact.result, 'contact')}"
        text = _("The shop contacted the buyer: {text}").format(text=spoken)
        yield contact.at, _with_note(text, contact.note if own else "")
    for extension in account.beside.extensions:
        text = _("{days} days more for the buyer").format(days=extension.days)
        yield extension.at, _with_note(text, extension.because if own else "")
    for entry in account.beside.register:
        if entry.axis != "bad_review":
            text = _("{what} (then at the latest: the shop knows of it since)").format(what=entry.name)
            yield entry.opened_at, _with_note(text, entry.note if own else "")
    yield from ((decision.at, _with_note(_decision(decision), decision.because)) for decision in account.decisions)
    if account.turned_at:
        yield account.turned_at, _("From then on dealt with as: {kind}").format(kind=word(account.kind))


def _with_note(text: str, note: str) -> str:
    """A text with a note after it, where there is one."""
    return f"{text}：{note}" if note else text


_DECISIONS = {
    "approve": mark("The shop agreed"),
    "reject": mark("The shop refused"),
    "withdraw": mark("The buyer withdrew the application"),
    "reconsider": mark("The shop took its decision back"),
    "reapply": mark("The shop took the application up again"),
    "apply_anew": mark("The buyer applied again"),
}
_ON_THE_PLATFORM = {
    "approve": mark("Agreed on the platform, then at the latest: its report was taken in"),
    "reject": mark("Refused on the platform, then at the latest: its report was taken in"),
}


def _decision(decision: DecisionMade) -> str:
    """A decision in words: made here, or on the platform."""
    here = _DECISIONS[decision.name]
    return _(_ON_THE_PLATFORM.get(decision.name, here) if decision.there else here)


def _came_back(account: Account) -> Iterator[_Line]:
    """Parcels that came back, the grades of what was in them, and goods that went out again."""
    for parcel in account.parcels:
        yield from _turned_back(parcel) if isinstance(parcel, TurnedBack) else _returned(parcel)
    yield from ((graded.at, graded_text(graded)) for graded in account.inspected)
    if account.lacking:
        yield account.inspected[-1].at, lacking_text(account.lacking)
    for goods in account.sent_again:
        if goods.at:
            yield goods.at, _("Sent again: {what}").format(what=_contents(goods))


def _returned(parcel: Returned) -> Iterator[_Line]:
    """When a parcel of the buyer's arrived, if it has."""
    if parcel.at:
        text = _("The returned parcel arrived: {waybill}") if parcel.waybill else _("The returned parcel arrived")
        yield parcel.at, text.format(waybill=f"{parcel.carrier} {parcel.waybill}".strip())


def _turned_back(parcel: TurnedBack) -> Iterator[_Line]:
    """When the carrier was asked for the order's own parcel, and when it came back."""
    for at in parcel.intercepted_at:
        text = _("The shop had the carrier intercept the parcel: {waybill}")
        yield at, text.format(waybill=parcel.waybill)
    if parcel.back_at:
        text = _("The parcel that the shop sent came back undelivered: {waybill}")
        yield parcel.back_at, text.format(waybill=parcel.waybill)


def _contents(goods: SentAgain) -> str:
    """Goods that were sent again in one phrase: SKU, pieces, carrier, waybill."""
    return " ".join(text for text in (f"{goods.sku}×{goods.quantity}", goods.carrier, goods.waybill) if text)


def _paid(account: Account) -> Iterator[_Line]:
    """Each payout that the buyer has got."""
    yield from ((paid.at, _payment(paid)) for paid in account.paid)


def _payment(paid: Paid) -> str:
    """A payout in words: kind, amount, channel."""
    text, way = _("{kind} of {amount} paid, {method}"), word(paid.channel, "channel")
    return text.format(kind=word(paid.kind, "money"), amount=money_text(paid.amount), method=way)
