"""How the amounts of many cases came about, read in a few queries."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions import judging
from retcli.actions.drawing import Drawn
from retcli.language import mark
from retcli.models import Case, CaseLine, Draw, Order, OrderLine, Product
from retcli.rules.amounts import Step, amount
from retcli.rules.lifecycles import REFUNDING, Decision
from retcli.shop import Shop

_AT_A_TIME = 500


def derivations(shop: Shop, cases: Sequence[Case]) -> dict[int, tuple[Step, ...]]:
    """The steps of what each case was approved with, by case id: as the order stood then, without later draws."""
    found: dict[int, tuple[Step, ...]] = {}
    for start in range(0, len(cases), _AT_A_TIME):
        found.update(_some(shop, cases[start : start + _AT_A_TIME]))
    return found


def _some(shop: Shop, cases: Sequence[Case]) -> Iterator[tuple[int, tuple[Step, ...]]]:
    orders = {order.id: order for order in _rows(shop, Order, Order.id, [case.order_id for case in cases])}
    lines = _by(_rows(shop, OrderLine, OrderLine.order_id, list(orders)), "order_id")
    wanted = _by(_rows(shop, CaseLine, CaseLine.case_id, [case.id for case in cases]), "case_id")
    draws = _draws(shop, list(orders))
    skus = sorted({line.sku for each in lines.values() for line in each if line.sku})
    products = {product.sku: product for product in _rows(shop, Product, Product.sku, skus)}
    for case in cases:
        mine = {line.line_id: line for line in wanted[case.id]}
        on = sorted(lines[case.order_id], key=lambda line: line.position)
        yield case.id or 0, _steps(shop, case, orders[case.order_id], on, mine, draws[case.order_id], products)


def _rows(shop: Shop, model: Any, column: Any, keys: Sequence[Any]) -> list[Any]:
    return list(shop.session.scalars(sa.select(model).where(col(column).in_(keys))))


def _by(rows: Sequence[Any], name: str) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _draws(shop: Shop, orders: Sequence[Any]) -> dict[Any, list[Any]]:
    """The draws on each order, oldest first, with the case that drew."""
    rows = shop.session.execute(
        sa.select(Draw, col(Case.number), col(Case.kind), col(Case.decision))
        .join(Case, col(Case.id) == col(Draw.case_id))
        .where(col(Draw.order_id).in_(orders))
        .order_by(col(Draw.id))
    )
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[0].order_id].append(row)
    return found


def _steps(
    shop: Shop,
    case: Case,
    order: Order,
    lines: Sequence[OrderLine],
    mine: Mapping[int, CaseLine],
    draws: Sequence[Any],
    products: Mapping[str, Product],
) -> tuple[Step, ...]:
    drawn = _drawn_before(case, draws)
    wanted = {line_id: line.quantity for line_id, line in mine.items()}
    facts = {x.id: judging.facts_of_line(shop, x, wanted.get(x.id or 0, 0), drawn, products) for x in lines}
    chosen = tuple(facts[line.id] for line in lines if line.id in mine)
    fixed = sum(line.due for line in mine.values()) + case.freight_due
    wish = judging.wish_of(shop, case, chosen, products, fixed)
    whole = judging.facts_of_order(order, lines, facts, drawn, wanted, case)
    due = amount(wish, whole, chosen, shop.policy)
    if due.due == fixed:
        return due.steps
    return (*due.steps, Step(mark("Fixed at another amount, by the platform or by hand"), fixed))


def _drawn_before(case: Case, draws: Sequence[Any]) -> dict[int | None, list[Drawn]]:
    """What other cases had drawn on each line when this one's money was fixed."""
    fixed = next((d.id for d, *_of in draws if d.case_id == case.id and (d.cash or d.share)), None)
    sums: dict[tuple[int | None, str, bool], list[int]] = defaultdict(lambda: [0, 0, 0])
    for draw, number, kind, decision in draws:
        if draw.case_id != case.id and (fixed is None or draw.id < fixed):
            refunding = kind in REFUNDING and decision == Decision.APPROVED
            total = sums[draw.line_id, number, refunding]
            total[0], total[1], total[2] = total[0] + draw.units, total[1] + draw.share, total[2] + draw.cash
    found: dict[int | None, list[Drawn]] = defaultdict(list)
    for (line, number, refunding), values in sums.items():
        if any(values):
            found[line].append(Drawn(number, refunding, *values))
    return found
