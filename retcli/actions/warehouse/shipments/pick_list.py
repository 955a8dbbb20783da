"""What is to be picked for cases: of those whose goods may leave now, by place, and what must not be sent any more."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.axes import axes
from retcli.actions.casefile.records.dossiers import Dossier, dossiers_of
from retcli.actions.orderfile.persons import hiding
from retcli.actions.warehouse.shipments import keeping
from retcli.language import mark
from retcli.models import Case, Product, Replacement
from retcli.models.stock import StockTally
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
    names, places = _names(shop, skus), _places(shop, skus)
    counted = {sku: keeping.counted(shop, sku) for sku in skus}
    lines = [
        PickLine(
            place=places.get(each.sku, ""),
            sku=each.sku,
            name=names.get(each.sku, ""),
            pieces=each.quantity,
            case=dossier.case.number,
            kept=bool(each.reserved) if counted[each.sku] and dossier.case.kind != Kind.REPAIR else None,
            gift=_is_gift(shop, dossier, each.sku),
            remark=hiding(dossier.order)(dossier.order.buyer_remark),
        )
        for dossier in ready
        for each in goods.get(dossier.case.id or 0, ())
    ]
    lines.sort(key=lambda line: (not line.place, line.place, line.sku))
    return PickListView(tuple(lines), waiting, _not_to_send(shop))


def _cases(shop: Shop) -> tuple[list[Dossier], int]:
    """The cases of which goods may leave now, the first agreed to first, and how many wait for what comes back."""
    due = sa.select(col(Replacement.case_id)).where(col(Replacement.state) == ReplacementState.DUE)
    query = sa.select(Case).where(col(Case.id).in_(due), col(Case.filing) == Filing.OPEN)
    query = query.where(col(Case.decision) == Decision.APPROVED).order_by(col(Case.decided_at), col(Case.id))
    dossiers = list(dossiers_of(shop, shop.session.scalars(query).all()))
    ready = [dossier for dossier in dossiers if _may_leave(dossier)]
    return ready, len(dossiers) - len(ready)


def _may_leave(dossier: Dossier) -> bool:
    """Whether the goods of a case may leave: nothing is to come back before, it is inspected, or a manager waived
    that.
    """
    return dossier.pays_before_goods or stages.goods(axes(dossier)) in {"none", "inspected"}


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


def _places(shop: Shop, skus: set[str]) -> Mapping[str, str]:
    """Where articles were counted last."""
    query = sa.select(StockTally).where(col(StockTally.sku).in_(skus), col(StockTally.place) != "")
    return {row.sku: row.place for row in shop.session.scalars(query.order_by(col(StockTally.id)))}


def _is_gift(shop: Shop, dossier: Dossier, sku: str) -> bool:
    """Whether an article was a gift in the case's order."""
    priced = shop.policy_named(dossier.case.policy).gifts
    return any(is_gift(line, priced) for _case_line, line in dossier.lines if line.sku == sku)


def _not_to_send(shop: Shop) -> tuple[NotToSend, ...]:
    """Goods of cases that were turned down lately."""
    query = sa.select(Case, Replacement).join(Replacement, col(Replacement.case_id) == col(Case.id))
    query = query.where(col(Replacement.state) == ReplacementState.CANCELLED, col(Replacement.waybill) == "")
    query = query.where(col(Case.decided_at) > shop.now - LATELY, col(Case.decision) != Decision.APPROVED)
    return tuple(
        NotToSend(case.number, goods.sku, goods.quantity, case.decision)
        for case, goods in shop.session.execute(query.order_by(col(Replacement.id)))
    )
