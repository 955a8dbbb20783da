"""Reads the rows that hang on one case (lines, payouts, replacements, parcels) for who changes them. Who only looks at
cases, or judges them, takes the whole of them from `dossiers`.

A case that an import has opened a moment ago is read from the memory of the import's step, without asking the database.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile import step_memory
from retcli.models import Case, CaseLine, OrderLine, Parcel, ParcelCase, Payout, Replacement
from retcli.rules.lifecycles import ReplacementState
from retcli.shop import Shop


def case_lines(shop: Shop, case: Case) -> list[tuple[CaseLine, OrderLine]]:
    """A case's lines with the order lines they stand on."""
    opened = step_memory.hanging(shop, CaseLine, case)
    if opened is not None:
        return _opened_lines(shop, case, opened)
    rows = shop.session.execute(_lines(), {"case": case.id})
    return [(line, order_line) for line, order_line in rows]


@cache
def _lines() -> Any:
    """The statement that reads the lines of a ``case``, made once, since every step on a case asks it."""
    return (
        sa.select(CaseLine, OrderLine)
        .join(OrderLine, col(OrderLine.id) == col(CaseLine.line_id))
        .where(col(CaseLine.case_id) == sa.bindparam("case"))
        .order_by(col(OrderLine.position))
    )


def _opened_lines(shop: Shop, case: Case, opened: Sequence[CaseLine]) -> list[tuple[CaseLine, OrderLine]]:
    """The lines of a case that was opened a moment ago."""
    bought = step_memory.of(shop).lines[case.order_id]
    lines = {line.line_id: line for line in opened}
    return [(lines[order_line.id or 0], order_line) for order_line in bought if order_line.id in lines]


def payouts_of(shop: Shop, case: Case) -> list[Payout]:
    """The payouts of a case, oldest first."""
    opened = step_memory.hanging(shop, Payout, case)
    if opened is not None:
        return opened
    query = sa.select(Payout).where(col(Payout.case_id) == case.id).order_by(col(Payout.id))
    return list(shop.session.scalars(query))


def replacements_of(shop: Shop, case: Case, *states: ReplacementState) -> list[Replacement]:
    """The goods going out for a case in some states, oldest first."""
    opened = step_memory.hanging(shop, Replacement, case)
    if opened is not None:
        return [row for row in opened if row.state in states]
    query = sa.select(Replacement).where(col(Replacement.case_id) == case.id, col(Replacement.state).in_(states))
    return list(shop.session.scalars(query.order_by(col(Replacement.id))))


def parcels_of(shop: Shop, case: Case) -> list[Parcel]:
    """The parcels that belong to a case."""
    opened = step_memory.hanging(shop, Parcel, case)
    if opened is not None:
        return opened
    query = sa.select(Parcel).join(ParcelCase, col(ParcelCase.parcel_id) == col(Parcel.id))
    return list(shop.session.scalars(query.where(col(ParcelCase.case_id) == case.id).order_by(col(Parcel.id))))
