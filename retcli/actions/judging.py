"""The facts of a case gathered from the books, and the judgement on them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Case, CaseLine, Draw, Evidence, Inspection, Order, OrderLine, Product, Waiver
from retcli.rules.amounts import LineFacts, OrderFacts, Wish, share_of
from retcli.rules.cases import Facts, Judgement, judge
from retcli.rules.lifecycles import REFUNDING, Decision, Grade, Kind
from retcli.shop import Shop


@dataclass(frozen=True)
class Drawn:
    """What one other case draws on one line."""

    case: str
    refunding: bool
    units: int
    share: int
    cash: int


def judgement_of(shop: Shop, case: Case, *, asked: int | None = None) -> Judgement:
    """The judgement on a case as the books stand; `asked` (minor units) overrules the amount asked for."""
    return judge(facts_of(shop, case, asked=asked), shop.policy, waivers_of(shop, case))


def waivers_of(shop: Shop, case: Case) -> dict[str, str]:
    """Who waived which rule on a case."""
    rows = shop.session.execute(sa.select(col(Waiver.rule), col(Waiver.by)).where(col(Waiver.case_id) == case.id))
    return {name: value for name, value in rows}  # noqa: C416


def facts_of(shop: Shop, case: Case, *, asked: int | None = None) -> Facts:
    """Everything the rules ask about a case."""
    order = _order(shop, case)
    drawn = draws_of_others(shop, order, case.id)
    wanted = _wanted(shop, case)
    lines = lines_of(shop, order)
    products = _products(shop, lines)
    line_facts = {line.id: facts_of_line(shop, line, wanted.get(line.id or 0, 0), drawn, products) for line in lines}
    mine = tuple(line_facts[line.id] for line in lines if line.id in wanted)
    return Facts(
        wish=wish_of(shop, case, mine, products, asked),
        order=facts_of_order(order, lines, line_facts, drawn, wanted, case),
        lines=mine,
        applied_at=case.applied_at,
        signed_at=order.signed_at,
        signed_by=order.signed_by,
        paid=order.paid_at is not None or order.paid > 0,
        evidence=_has_evidence(shop, case),
        grades=_grades(shop, case),
    )


def _order(shop: Shop, case: Case) -> Order:
    return shop.session.get_one(Order, case.order_id)


def lines_of(shop: Shop, order: Order) -> list[OrderLine]:
    """An order's lines, in their order."""
    query = sa.select(OrderLine).where(col(OrderLine.order_id) == order.id).order_by(col(OrderLine.position))
    return list(shop.session.scalars(query))


def _wanted(shop: Shop, case: Case) -> dict[int, int]:
    """Pieces that a case takes of each of its lines; a price cut takes none, whoever has them."""
    rows = shop.session.execute(
        sa.select(col(CaseLine.line_id), col(CaseLine.quantity)).where(col(CaseLine.case_id) == case.id)
    )
    return {line: 0 if case.kind == Kind.ALLOWANCE else quantity for line, quantity in rows}


def draws_of_others(shop: Shop, order: Order, case_id: int | None) -> dict[int | None, list[Drawn]]:
    """What every case but one draws on each line of an order; under None what they draw on its freight."""
    sums = [sa.cast(sa.func.sum(column), sa.BigInteger) for column in (Draw.units, Draw.share, Draw.cash)]
    rows = shop.session.execute(
        sa.select(col(Draw.line_id), col(Case.number), col(Case.kind), col(Case.decision), *sums)
        .join(Case, col(Case.id) == col(Draw.case_id))
        .where(col(Draw.order_id) == order.id, col(Draw.case_id) != (case_id or 0))
        .group_by(col(Draw.line_id), col(Case.id), col(Case.number), col(Case.kind), col(Case.decision))
        .order_by(col(Case.id))
    )
    drawn: dict[int | None, list[Drawn]] = defaultdict(list)
    for line, number, kind, decision, units, share, cash in rows:
        if units or share or cash:
            refunding = kind in REFUNDING and decision == Decision.APPROVED
            drawn[line].append(Drawn(number, refunding, int(units), int(share), int(cash)))
    return drawn


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


def _products(shop: Shop, lines: Iterable[OrderLine]) -> dict[str, Product]:
    skus = [line.sku for line in lines if line.sku]
    rows = shop.session.scalars(sa.select(Product).where(col(Product.sku).in_(skus)))
    return {product.sku: product for product in rows}


def _has_evidence(shop: Shop, case: Case) -> bool:
    query = sa.select(sa.func.count()).where(col(Evidence.case_id) == case.id)
    return bool(shop.session.scalar(query))


def _grades(shop: Shop, case: Case) -> frozenset[Grade]:
    """What inspection found; goods of another order no longer count once all the right ones came after them."""
    rows = shop.session.execute(
        sa.select(col(Inspection.grade), sa.cast(sa.func.sum(Inspection.quantity), sa.BigInteger))
        .join(CaseLine, col(CaseLine.id) == col(Inspection.case_line_id))
        .where(col(CaseLine.case_id) == case.id)
        .group_by(col(Inspection.grade))
    )
    pieces = {Grade(grade): int(quantity) for grade, quantity in rows}
    right = sum(n for grade, n in pieces.items() if grade != Grade.X)
    complete = right >= sum(_wanted(shop, case).values())
    return frozenset(grade for grade in pieces if grade != Grade.X or not complete)
