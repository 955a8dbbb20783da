"""The facts that matter for a case's reason, side by side: what was ordered and what came, promise and carrier."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.books import history_clock
from retcli.actions.casefile.dossiers import Dossier
from retcli.actions.casefile.lookup import reason_that_counts
from retcli.actions.orderfile.order_standing import was_shipped
from retcli.language import _
from retcli.models import Case, CaseLine, Order, OrderLine
from retcli.rules.casefile.reasons import NEVER_ARRIVED, NEVER_SENT, REASONS, Group
from retcli.rules.casefile.warranty import warranty_ends
from retcli.rules.lifecycles import Grade
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views.base import money_text, until, when
from retcli.words import word

EARLIER_SHOWN = 3
ALIKE_DAYS = 30


def highlights(shop: Shop, dossier: Dossier) -> tuple[str, ...]:
    """A few sentences, by the reason; then the same order's and buyer's earlier cases."""
    reason = dossier.case.reason
    looks: list[Callable[[Shop, Dossier], Iterator[str]]] = []
    if reason in {"W_WRONG", "W_SHORT", "L_EMPTY"}:
        looks.append(_ordered_and_come)
    if reason in NEVER_ARRIVED | NEVER_SENT | {"L_DAMAGE"}:
        looks.append(_promise_and_carrier)
    if REASONS[reason].group in {Group.QUALITY, Group.SIZE}:
        looks += [_warranty, _alike]
    facts = [text for look in [*looks, _earlier] for text in look(shop, dossier)]
    return (*history_clock.rehearsed(shop, dossier.case.number), *facts)


def _ordered_and_come(_shop: Shop, dossier: Dossier) -> Iterator[str]:
    """Ordered beside what came back; the parcel's own content is known only once it is inspected."""
    ordered = "、".join(
        f"{order_line.sku or order_line.number} {order_line.variant}".strip() + f"×{order_line.quantity}"
        for order_line in dossier.order_lines
    )
    yield _("Ordered: {goods}").format(goods=ordered)
    wrong = sum(dossier.grades.get(line.id or 0, {}).get(Grade.X, 0) for line, _order_line in dossier.lines)
    if dossier.grades:
        come = "、".join(
            f"{order_line.sku or order_line.number}×{dossier.accepted(line)}" for line, order_line in dossier.lines
        )
        yield _("Came back: {goods}; {n} pieces of something else").format(goods=come, n=wrong)
    elif len(dossier.sent_under) == 1:
        yield _("Sent: one parcel, {waybill}").format(waybill=dossier.waybills)
    elif dossier.sent_under:
        yield _("Sent: {n} parcels, {waybills}").format(n=len(dossier.sent_under), waybills=dossier.waybills)


def _promise_and_carrier(shop: Shop, dossier: Dossier) -> Iterator[str]:
    """The promise beside what the carrier says."""
    order = dossier.order
    if order.paid_at:
        promised = when(order.paid_at + timedelta(hours=48))
        unknown = _("sent, nobody knows when") if was_shipped(order) else _("not yet")
        sent = when(order.shipped_at) if order.shipped_at else unknown
        yield _("To be sent by {promised} (estimated), sent: {sent}").format(promised=promised, sent=sent)
    for waybill in dossier.sent_under:
        yield _last_word(shop, waybill, named=len(dossier.sent_under) > 1)


def _last_word(shop: Shop, waybill: str, *, named: bool) -> str:
    """What the carrier said last of a parcel, with its waybill where it is one of several (`named`)."""
    from retcli.models.tracking import Movement

    query = sa.select(Movement).where(col(Movement.waybill) == waybill).order_by(col(Movement.at).desc())
    last = shop.session.scalars(query.limit(1)).first()
    if last is None:
        return _("The carrier: nothing known of {waybill}; import its movements").format(waybill=waybill)
    told = f"{last.event} {last.place}".strip() or word(last.status)
    text = _("The carrier on {at} of {waybill}: {told}") if named else _("The carrier on {at}: {told}")
    return text.format(at=when(last.at), told=told, waybill=waybill)


def _warranty(shop: Shop, dossier: Dossier) -> Iterator[str]:
    signed = dossier.order.signed_at
    months = [
        product.warranty_months
        for _line, order_line in dossier.lines
        if (product := dossier.products.get(order_line.sku))
    ]
    if signed and any(months):
        ends = until(warranty_ends(signed, max(months)))
        yield _("Under warranty until {ends}").format(ends=ends)


def _alike(shop: Shop, dossier: Dossier) -> Iterator[str]:
    """Other cases of the same goods for the same kind of reason: a batch may be bad."""
    skus = [order_line.sku for _line, order_line in dossier.lines if order_line.sku]
    if not skus:
        return
    query = (
        sa.select(sa.func.count(sa.distinct(col(Case.id))))
        .join(CaseLine, col(CaseLine.case_id) == col(Case.id))
        .join(OrderLine, col(OrderLine.id) == col(CaseLine.line_id))
        .where(
            col(OrderLine.sku).in_(skus), col(Case.id) != dossier.case.id, reason_that_counts() == dossier.case.reason
        )
        .where(col(Case.applied_at) >= dossier.case.applied_at - timedelta(days=ALIKE_DAYS))
    )
    others = shop.session.scalar(query) or 0
    if others:
        text = _("{n} other cases of {sku} for the same reason within {days} days")
        yield text.format(n=others, sku="、".join(dict.fromkeys(skus)), days=ALIKE_DAYS)


def _earlier(shop: Shop, dossier: Dossier) -> Iterator[str]:
    """Earlier cases of the same order, or of the same buyer where the name is known and not masked."""
    order = dossier.order
    same = [col(Case.order_id) == dossier.case.order_id]
    if order.buyer and "*" not in order.buyer:
        same.append(col(Order.buyer) == order.buyer)
    rows = shop.session.execute(
        sa.select(Case, col(Order.number), col(Order.currency), sa.func.coalesce(_given(), 0))
        .join(Order, col(Order.id) == col(Case.order_id))
        .where(sa.or_(*same), col(Case.id) < (dossier.case.id or 0))
        .order_by(col(Case.id).desc())
    ).all()
    for case, number, currency, given in rows[:EARLIER_SHOWN]:
        where = _("this order") if case.order_id == dossier.case.order_id else number
        parts = (case.number, where, word(case.kind), word(case.reason), word(case.decision))
        amount = money_text(Money(int(given), currency)) if given else ""
        yield _("Earlier: {what}").format(what=" ".join((*parts, amount)).strip())
    if len(rows) > EARLIER_SHOWN:
        yield _("and {n} earlier cases more").format(n=len(rows) - EARLIER_SHOWN)


def _given() -> sa.ScalarSelect[int]:
    """What a case was approved with."""
    due = sa.select(sa.cast(sa.func.sum(CaseLine.due), sa.BigInteger)).where(col(CaseLine.case_id) == col(Case.id))
    return due.correlate(Case).scalar_subquery()
