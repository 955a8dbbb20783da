"""Many cases read in a few queries, as far as the rules ask about them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.dossiers import Dossier
from retcli.actions.casefile.entitlements import DrawnOn, drawn_by_others, entries
from retcli.models import Case, CaseLine, Evidence, Inspection, Order, OrderLine, Product
from retcli.rules.lifecycles import Grade
from retcli.shop import Shop

_AT_A_TIME = 500


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
    ledgers = entries(shop, list(orders))
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
            to_click=frozenset(),
            replacements=(),
            actions=(),
            waivers={},
            proofs=frozenset(proof.kind for proof in proofs[case.id]),
        )
        yield held, drawn_by_others(ledgers.get(case.order_id, []), case.id, then=True)


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
        if number:  # else all of it was taken back
            found[line][Grade(grade)] = int(number)
    return found
