"""What the rules ask of an order and its lines: the sale, pieces, cash and freight that are open, gifts that stay."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.ledger import DrawnOn
from retcli.actions.orderfile import step_memory
from retcli.actions.orderfile.order_standing import was_shipped
from retcli.models import Case, Order, OrderLine, Product
from retcli.rules.casefile.amount_facts import LineFacts, OrderFacts
from retcli.rules.casefile.amounts import share_of
from retcli.rules.lifecycles import REFUNDING, Kind
from retcli.rules.policy.policy import Policy, Sale
from retcli.rules.zone import SHANGHAI
from retcli.shop import Shop


def sale_of(case: Case, order: Order) -> Sale:
    """What the rules may ask of the sale; each line adds its category."""
    bought = order.ordered_at or order.paid_at
    ordered_on = bought.astimezone(SHANGHAI).date() if bought else None
    return Sale(tier=case.tier or "", platform=order.platform, shop=order.shop, ordered_on=ordered_on)


def lines_of(shop: Shop, order: Order) -> list[OrderLine]:
    """The lines of an order, by their position; from memory where an import's step has read them."""
    read_before = step_memory.of(shop).lines.get(order.id or 0)
    if read_before is not None:
        return list(read_before)
    query = sa.select(OrderLine).where(col(OrderLine.order_id) == order.id).order_by(col(OrderLine.position))
    return list(shop.session.scalars(query))


def facts_of_line(
    policy: Policy,
    sale: Sale,
    line: OrderLine,
    wanted: int,
    drawn: DrawnOn,
    products: Mapping[str, Product],
    bound: int = 0,
) -> LineFacts:
    """The facts of an order line of which a case wants some pieces, less what other cases draw on it. `bound` pieces
    more were applied for and are another case's.
    """
    draws = drawn.get(line.id, [])
    product = products.get(line.sku)
    return LineFacts(
        number=line.number,
        sku=line.sku or line.number,
        title=line.title,
        quantity=line.quantity,
        cash=line.cash,
        wanted=wanted,
        bound=bound,
        units_open=line.quantity - sum(draw.units for draw in draws),
        cash_open=line.cash - sum(draw.cash for draw in draws),
        units_refunded=sum(draw.units for draw in draws if draw.refunding),
        share_drawn=sum(draw.share for draw in draws),
        # a draw of cash without a share of the line's is a price cut: no piece goes with it
        allowances=sum(draw.cash for draw in draws if not draw.share),
        drawn_by=tuple(draw.case for draw in draws),
        excluded=policy.excluded_class(product.category) if product else None,
        confirmed=line.confirmed,
        warranty_months=product.warranty_months if product else 0,
        price=line.price,
        price_now=product.price if product else None,
        terms=policy.terms_for(replace(sale, category=product.category) if product and product.category else sale),
    )


def facts_of_order(
    policy: Policy,
    order: Order,
    lines: Sequence[OrderLine],
    facts: Mapping[int | None, LineFacts],
    drawn: DrawnOn,
    wanted: Mapping[int, int],
    case: Case,
) -> OrderFacts:
    """The facts of an order for a case: whether it was sent, what of its freight is open, and what the buyer keeps of
    the goods before and after the case, in minor units.
    """
    goods = sum(line.cash for line in lines)
    kept = goods - sum(facts[line.id].share_drawn for line in lines)
    leaving = sum(share_of(facts[line.id]) for line in lines if line.id in wanted)
    all_gone = all(
        facts[line.id].units_refunded + wanted.get(line.id or 0, 0) >= line.quantity for line in lines if line.quantity
    )
    return OrderFacts(
        currency=order.currency,
        shipped=was_shipped(order),
        freight=order.freight,
        freight_open=order.freight - sum(draw.cash for draw in drawn.get(None, [])),
        goods=goods,
        kept_before=kept,
        kept_after=kept - leaving,
        everything_goes=all_gone and case.kind in REFUNDING,
        listed_before=sum(line.price * (line.quantity - facts[line.id].units_refunded) for line in lines),
        listed_after=sum(
            line.price * (line.quantity - facts[line.id].units_refunded - wanted.get(line.id or 0, 0)) for line in lines
        ),
        promotion=policy.promotion_on(sale_of(case, order).ordered_on),
        gifts=_gifts_kept(policy, lines, facts, wanted) if case.kind == Kind.RETURN else (),
    )


def _gifts_kept(
    policy: Policy, lines: Sequence[OrderLine], facts: Mapping[int | None, LineFacts], wanted: Mapping[int, int]
) -> tuple[tuple[str, int], ...]:
    """Gifts that stay with the buyer while all that was bought goes back: SKU, price by the rules in minor units."""
    staying = {line.id: line.quantity - facts[line.id].units_refunded - wanted.get(line.id or 0, 0) for line in lines}
    if any(staying[line.id] for line in lines if line.sku not in policy.gifts):
        return ()
    kept = [(line.sku, staying[line.id]) for line in lines if line.sku in policy.gifts and staying[line.id]]
    return tuple((sku, policy.gifts[sku] * pieces) for sku, pieces in kept)
