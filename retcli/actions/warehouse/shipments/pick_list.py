"""What is to be picked for cases: of those whose goods may leave now, by place, and what must not be sent any more."""

from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.axes import axes
from retcli.actions.casefile.records.dossiers import Dossier, dossiers_of
from retcli.actions.orderfile.persons import hiding
from retcli.actions.warehouse import stock_shown
from retcli.language import mark
from retcli.models import Case, Product, Replacement
from retcli.models.books import Event
from retcli.rules.casefile import stages
from retcli.rules.lifecycles import MAY_SCAN, Decision, Filing, Kind, ReplacementState
from retcli.rules.warehouse.gifts import is_gift
from retcli.shop import Shop
from retcli.views.warehouse.pick_lists import NotToSend, PickLine, PickListView

LATELY = timedelta(days=1)
"""How long it is said of goods that they must not be sent any more: who holds a list of before may have picked them."""


def show(shop: Shop) -> PickListView:
    """The goods that may leave now, by place, those agreed to first at the top of each; and what must not be sent."""
    shop.may(MAY_SCAN, mark("pick goods"))
    ready, waiting = _cases(shop)
    goods = _goods(shop, [dossier.case for dossier in ready])
    skus = {each.sku for rows in goods.values() for each in rows}
    stock = {product.sku: product for product in stock_shown.products(shop, skus)}
    names = _names(shop, skus)
    here = {sku: product.for_sale.pieces for sku, product in stock.items() if product.for_sale}
    lines = [
        PickLine(
            places=tuple(filter(None, stock[each.sku].places)) if each.sku in stock else (),
            sku=each.sku,
            name=names.get(each.sku, ""),
            pieces=each.quantity,
            case=dossier.case.number,
            kept=bool(each.reserved) if _counts(dossier, each, here) else None,
            lacking=_counts(dossier, each, here) and _lacking(each, here),
            gift=is_gift_of(shop, dossier, each.sku),
            remark=hiding(dossier.order)(dossier.order.buyer_remark),
        )
        for dossier in ready
        for each in goods.get(dossier.case.id or 0, ())
    ]
    lines.sort(key=lambda line: (not line.places, line.places, line.sku))
    return PickListView(tuple(lines), waiting, _not_to_send(shop))


def _counts(dossier: Dossier, goods: Replacement, here: Mapping[str, int]) -> bool:
    """Whether goods are of those whose pieces somebody counted (`here` has what can be promised); a repaired piece is
    the buyer's own.
    """
    return goods.sku in here and dossier.case.kind != Kind.REPAIR


def _lacking(goods: Replacement, here: dict[str, int]) -> bool:
    """Whether too few pieces are left for goods, once those listed before took theirs of what is `here`."""
    if goods.reserved:
        return False
    here[goods.sku] -= goods.quantity
    return here[goods.sku] < 0


def _cases(shop: Shop) -> tuple[list[Dossier], int]:
    """The cases of which goods may leave now, the first agreed to first, and how many wait for what comes back."""
    due = sa.select(col(Replacement.case_id)).where(col(Replacement.state) == ReplacementState.DUE)
    query = sa.select(Case).where(col(Case.id).in_(due), col(Case.filing) == Filing.OPEN)
    query = query.where(col(Case.decision) == Decision.APPROVED).order_by(col(Case.decided_at), col(Case.id))
    dossiers = list(dossiers_of(shop, shop.session.scalars(query).all()))
    ready = [dossier for dossier in dossiers if stages.may_leave(axes(dossier))]
    return ready, len(dossiers) - len(ready)


def _goods(shop: Shop, cases: Sequence[Case]) -> Mapping[int, list[Replacement]]:
    """The goods that are to be sent for some cases, by case."""
    query = sa.select(Replacement).where(col(Replacement.case_id).in_([case.id for case in cases]))
    query = query.where(col(Replacement.state) == ReplacementState.DUE).order_by(col(Replacement.id))
    goods: dict[int, list[Replacement]] = {}
    for row in shop.session.scalars(query) if cases else ():
        goods.setdefault(row.case_id, []).append(row)
    return goods


def _names(shop: Shop, skus: set[str]) -> Mapping[str, str]:
    query = sa.select(col(Product.sku), col(Product.name)).where(col(Product.sku).in_(skus))
    return {row.sku: row.name for row in shop.session.execute(query)}


def is_gift_of(shop: Shop, dossier: Dossier, sku: str) -> bool:
    """Whether an article was a gift in the case's order."""
    priced = shop.policy_named(dossier.case.policy).gifts
    return any(is_gift(line, priced) for _case_line, line in dossier.lines if line.sku == sku)


def _not_to_send(shop: Shop) -> tuple[NotToSend, ...]:
    """Goods of cases that were turned down lately, or for which other goods go by now."""
    query = sa.select(Case, Replacement).join(Replacement, col(Replacement.case_id) == col(Case.id))
    query = query.where(col(Replacement.state) == ReplacementState.CANCELLED, col(Replacement.waybill) == "")
    turned_down = sa.and_(col(Case.decided_at) > shop.now - LATELY, col(Case.decision) != Decision.APPROVED)
    others = sa.and_(col(Case.filing) == Filing.OPEN, col(Case.decision) == Decision.APPROVED)
    rows = shop.session.execute(query.where(sa.or_(turned_down, others)).order_by(col(Replacement.id))).all()
    lately = _cancelled_lately(shop, [_subject(*row) for row in rows])
    return tuple(
        NotToSend(case.number, goods.sku, goods.quantity, case.decision)
        for case, goods in rows
        if _subject(case, goods) in lately
    )


def _subject(case: Case, goods: Replacement) -> str:
    """The name under which the history tells of goods."""
    return f"{case.number}/{goods.id}"


def _cancelled_lately(shop: Shop, subjects: Sequence[str]) -> set[str]:
    """Those goods of which the history of the last day tells that they were cancelled, or anything else."""
    since = (shop.now - LATELY).astimezone(UTC).isoformat()
    query = sa.select(col(Event.subject)).where(col(Event.subject).in_(subjects), col(Event.at) > since)
    return set(shop.session.scalars(query)) if subjects else set()
