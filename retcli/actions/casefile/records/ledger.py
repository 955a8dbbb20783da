"""Reads the entitlement ledger: what cases draw on the pieces and money of an order's lines and on its freight."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile import step_memory
from retcli.models import Case, Draw, Order
from retcli.rules.lifecycles import REFUNDING, Decision
from retcli.shop import Shop


@dataclass(frozen=True)
class Drawn:
    """What another case draws on a line: pieces, their `share` of the line's cash and `cash` (both minor units), and
    whether it refunds the pieces.
    """

    case: str
    refunding: bool
    units: int
    share: int
    cash: int


LedgerEntry = tuple[Draw, str, str, str]
"""An entry of the ledger with number, kind and decision of the case that drew."""
DrawnOn = Mapping[int | None, Sequence[Drawn]]
"""What other cases draw, by the id of the order line; under None what they draw on the order's freight."""


def draws_of_others(shop: Shop, order: Order, case_id: int | None, *, then: bool = False) -> DrawnOn:
    """What every case but one draws on the lines of an order; with `then` only what they had drawn when that case's own
    money was fixed.
    """
    if step_memory.alone(shop, order.id, case_id):
        return {}
    return drawn_by_others(entries(shop, [order.id])[order.id], case_id, then=then)


def entries(shop: Shop, orders: Sequence[int | None]) -> Mapping[int | None, Sequence[LedgerEntry]]:
    """The ledger of some orders, by the id of the order, its oldest entry first."""
    rows = shop.session.execute(_entries(), {"orders": list(orders)})
    by_order: dict[int | None, list[LedgerEntry]] = defaultdict(list)
    for draw, number, kind, decision in rows:
        by_order[draw.order_id].append((draw, number, kind, decision))
    return by_order


@cache
def _entries() -> Any:
    """The statement that reads the ledger of some ``orders``, made once, since every case's amounts ask it."""
    return (
        sa.select(Draw, col(Case.number), col(Case.kind), col(Case.decision))
        .join(Case, col(Case.id) == col(Draw.case_id))
        .where(col(Draw.order_id).in_(sa.bindparam("orders", expanding=True)))
        .order_by(col(Draw.id))
    )


def drawn_by_others(ledger: Sequence[LedgerEntry], case_id: int | None, *, then: bool) -> DrawnOn:
    """What every case but one draws, by an order's ledger that was read already; with `then` only what they had drawn
    when that case's own money was fixed, which is how its amount is explained later.
    """
    fixed = _fixed_by(ledger, case_id) if then else None
    sums: dict[tuple[int, int | None], list[int]] = defaultdict(lambda: [0, 0, 0])
    cases = {}
    for draw, *case in ledger:
        # by the entries' ids, which only ever rise: two of one second stand in their order too
        if draw.case_id != case_id and (fixed is None or (draw.id or 0) < fixed):
            cases[draw.case_id] = case
            units, share, cash = sums[draw.case_id, draw.line_id]
            sums[draw.case_id, draw.line_id] = [units + draw.units, share + draw.share, cash + draw.cash]
    by_line: dict[int | None, list[Drawn]] = defaultdict(list)
    for (drawing, line), values in sorted(sums.items(), key=lambda each: each[0][0]):
        number, kind, decision = cases[drawing]
        if any(values):
            # by then: a case that is decided otherwise by now did refund the pieces of which it drew a share
            refunding = kind in REFUNDING and (decision == Decision.APPROVED or bool(fixed and values[1]))
            by_line[line].append(Drawn(number, refunding, *values))
    return by_line


def _fixed_by(ledger: Sequence[LedgerEntry], case_id: int | None) -> int | None:
    """The id of the entry by which a case's money was fixed as it stands: the first since it last drew none; None where
    it draws no money.
    """
    # a decision that was taken back gives back all that it drew: at a net of nothing the next money is fixed anew
    first, net = None, 0
    for draw, *_of in ledger:
        if draw.case_id == case_id and (draw.cash or draw.share):
            first = first if net else draw.id
            net += draw.cash + draw.share
    return first if net else None
