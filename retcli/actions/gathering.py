"""Many cases read in a few queries, as far as the rules ask about them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.dossiers import Dossier
from retcli.actions.drawing import Drawn
from retcli.models import Case, CaseLine, Draw, Evidence, Inspection, Order, OrderLine, Product
from retcli.rules.lifecycles import REFUNDING, Decision, Grade
from retcli.shop import Shop

_AT_A_TIME = 500
DrawnOn = Mapping[int | None, Sequence[Drawn]]


def gathered(shop: Shop, cases: Sequence[Case]) -> Iterator[tuple[Dossier, DrawnOn]]:
    """Each case with its order, lines, products, grades and evidence, and what other cases had drawn on each line when
    its money was fixed. Payouts, parcels, replacements and clicks are left out.
    """
    for start in range(0, len(cases), _AT_A_TIME):
        yield from _some(shop, cases[start : start + _AT_A_TIME])


def _some(shop: Shop, cases: Sequence[Case]) -> Iterator[tuple[Dossier, DrawnOn]]:
    numbers = [case.id for case in cases]
    orders = {order.id: order for order in _rows(shop, Order, Order.id, [case.order_id for case in cases])}
    lines = _by(_rows(shop, OrderLine, OrderLine.order_id, list(orders)), "order_id")
    wanted = _by(_rows(shop, CaseLine, CaseLine.case_id, numbers), "case_id")
    proofs = _by(_rows(shop, Evidence, Evidence.case_id, numbers), "case_id")
    draws = _draws(shop, list(orders))
    grades = _grades(shop, numbers)
    skus = sorted({line.sku for each in lines.values() for line in each if line.sku})
    products = {product.sku: product for product in _rows(shop, Product, Product.sku, skus)}
    for case in cases:
        on = sorted(lines[case.order_id], key=lambda line: line.position)
        mine = {line.line_id: line for line in wanted[case.id]}
        held = Dossier(
            case=case,
            order=orders[case.order_id],
            order_lines=on,
            lines=[(mine[line.id], line) for line in on if line.id in mine],
            products=products,
            grades=grades,
            payouts=(),
            paid={},
            parcels=(),
            uninspected=0,
            replacements=(),
            actions=(),
            waivers={},
            proofs=frozenset(proof.kind for proof in proofs[case.id]),
        )
        yield held, _drawn_before(case, draws[case.order_id])


def _rows(shop: Shop, model: Any, column: Any, keys: Sequence[Any]) -> list[Any]:
    return list(shop.session.scalars(sa.select(model).where(col(column).in_(keys))))


def _by(rows: Sequence[Any], name: str) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _grades(shop: Shop, cases: Sequence[Any]) -> dict[int, dict[Grade, int]]:
    """Pieces inspected, by case line and grade."""
    pieces = sa.cast(sa.func.sum(Inspection.quantity), sa.BigInteger)
    rows = shop.session.execute(
        sa.select(col(CaseLine.id), col(Inspection.grade), pieces)
        .join(Inspection, col(Inspection.case_line_id) == col(CaseLine.id))
        .where(col(CaseLine.case_id).in_(cases))
        .group_by(col(CaseLine.id), col(Inspection.grade))
    )
    found: dict[int, dict[Grade, int]] = defaultdict(dict)
    for line, grade, number in rows:
        found[line][Grade(grade)] = int(number)
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
