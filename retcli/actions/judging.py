"""The facts of a case gathered from the books, and the judgement on them."""

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.dossiers import Dossier, dossier_of
from retcli.actions.drawing import Drawn, draws_of_others
from retcli.models import Case, Order, OrderLine, Product
from retcli.rules.amounts import LineFacts, OrderFacts, Wish, share_of
from retcli.rules.cases import Facts, Judgement, judge
from retcli.rules.lifecycles import REFUNDING, Grade, Kind
from retcli.shop import Shop


def judgement_of(shop: Shop, case: Case, *, asked: int | None = None) -> Judgement:
    """The judgement on a case as the books stand; `asked` (minor units) overrules the amount asked for."""
    return judgement(shop, dossier_of(shop, case), asked=asked)


def judgement(shop: Shop, held: Dossier, *, asked: int | None = None) -> Judgement:
    """The same on a case that was read already."""
    return judge(facts_of(shop, held, asked=asked), shop.policy, held.waivers)


def facts_of(shop: Shop, held: Dossier, *, asked: int | None = None) -> Facts:
    """Everything the rules ask about a case."""
    case, order, lines = held.case, held.order, held.order_lines
    drawn = draws_of_others(shop, order, case.id)
    wanted = _wanted(held)
    line_facts = {x.id: facts_of_line(shop, x, wanted.get(x.id or 0, 0), drawn, held.products) for x in lines}
    mine = tuple(line_facts[line.id] for line in lines if line.id in wanted)
    return Facts(
        wish=wish_of(shop, case, mine, held.products, asked),
        order=facts_of_order(order, lines, line_facts, drawn, wanted, case),
        lines=mine,
        applied_at=case.applied_at,
        signed_at=order.signed_at,
        signed_by=order.signed_by,
        paid=order.paid_at is not None or order.paid > 0,
        evidence=held.evidence,
        grades=_grades(held, sum(wanted.values())),
    )


def _wanted(held: Dossier) -> dict[int, int]:
    """Pieces that a case takes of each of its lines; a price cut takes none, whoever has them."""
    none = held.case.kind == Kind.ALLOWANCE
    return {line.line_id: 0 if none else line.quantity for line, _order_line in held.lines}


def lines_of(shop: Shop, order: Order) -> list[OrderLine]:
    """An order's lines, in their order."""
    query = sa.select(OrderLine).where(col(OrderLine.order_id) == order.id).order_by(col(OrderLine.position))
    return list(shop.session.scalars(query))


def facts_of_line(
    shop: Shop,
    line: OrderLine,
    wanted: int,
    drawn: Mapping[int | None, Sequence[Drawn]],
    products: Mapping[str, Product],
) -> LineFacts:
    """An order line with `wanted` pieces of a case, less what other cases draw on it."""
    others = drawn.get(line.id, [])
    product = products.get(line.sku)
    return LineFacts(
        number=line.number,
        sku=line.sku or line.number,
        title=line.title,
        quantity=line.quantity,
        cash=line.cash,
        wanted=wanted,
        units_open=line.quantity - sum(d.units for d in others),
        cash_open=line.cash - sum(d.cash for d in others),
        units_refunded=sum(d.units for d in others if d.refunding),
        share_drawn=sum(d.share for d in others),
        allowances=sum(d.cash for d in others if not d.share),
        drawn_by=tuple(d.case for d in others),
        excluded=shop.policy.excluded_class(product.category) if product else None,
        confirmed=line.confirmed,
        warranty_months=product.warranty_months if product else 0,
    )


def facts_of_order(
    order: Order,
    lines: Sequence[OrderLine],
    facts: Mapping[int | None, LineFacts],
    drawn: Mapping[int | None, Sequence[Drawn]],
    wanted: Mapping[int, int],
    case: Case,
) -> OrderFacts:
    """An order as a case sees it: what was sent, what of its freight is open, what the buyer keeps."""
    goods = sum(line.cash for line in lines)
    kept = goods - sum(facts[line.id].share_drawn for line in lines)
    leaving = sum(share_of(facts[line.id]) for line in lines if line.id in wanted)
    all_gone = all(
        facts[line.id].units_refunded + wanted.get(line.id or 0, 0) >= line.quantity for line in lines if line.quantity
    )
    return OrderFacts(
        shipped=was_shipped(order),
        freight=order.freight,
        freight_open=order.freight - sum(d.cash for d in drawn.get(None, [])),
        goods=goods,
        kept_before=kept,
        kept_after=kept - leaving,
        everything_goes=all_gone and case.kind in REFUNDING,
    )


def was_shipped(order: Order) -> bool:
    """Whether the goods have left the shop, by any sign the platform gives."""
    return bool(order.shipped_at or order.waybill or order.signed_at or order.status in {"shipped", "done"})


def wish_of(
    shop: Shop, case: Case, lines: Iterable[LineFacts], products: Mapping[str, Product], asked: int | None
) -> Wish:
    """What a case asks for; `asked` in minor units overrules the amount that stands on it."""
    wished = asked if asked is not None else case.asked
    new_price = None
    if case.kind == Kind.EXCHANGE and case.want_sku and any(line.sku != case.want_sku for line in lines):
        product = products.get(case.want_sku) or shop.session.get(Product, case.want_sku)
        new_price = product.price if product else None
    return Wish(Kind(case.kind), case.reason, wished, new_price)


def _grades(held: Dossier, wanted: int) -> frozenset[Grade]:
    """What inspection found; goods of another order no longer count once all the right ones came after them."""
    complete = sum(held.accepted(line) for line, _order_line in held.lines) >= wanted
    found = {grade for pieces in held.grades.values() for grade in pieces}
    return frozenset(grade for grade in found if grade != Grade.X or not complete)
