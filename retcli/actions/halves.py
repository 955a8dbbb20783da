"""Rows that wait for the other half of their order, and orders of which both halves are there and do not fit."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from retcli.language import _
from retcli.models.imports import Import, WaitingLine, WaitingOrder, WaitingRow
from retcli.rules.orders import CLOSED
from retcli.shop import Shop

NAMED = 3
"""How many orders a remark names."""


@dataclass(frozen=True)
class Misfit:
    """An order whose reports name different numbers of pieces, with the file that each number stands in."""

    order: str
    ordered: int
    order_file: str
    listed: int
    item_file: str

    def sentence(self) -> str:
        """What does not fit."""
        text = _("{order}: {ordered} pieces in {order_file}, {listed} in {item_file}")
        facts = {name: getattr(self, name) for name in ("order", "ordered", "order_file", "listed", "item_file")}
        return text.format(**facts)


_OTHER_HALF = sa.and_(
    col(WaitingLine.platform) == col(WaitingOrder.platform), col(WaitingLine.target) == col(WaitingOrder.target)
)


def _never_paid() -> Any:
    """An order that was closed before it was paid stands in the order report only, and waits for nothing."""
    unpaid = sa.and_(col(WaitingOrder.paid_at).is_(None), sa.func.coalesce(col(WaitingOrder.paid), 0) == 0)
    return sa.and_(col(WaitingOrder.status) == CLOSED, unpaid)


def _alone(model: Any, other: Any, import_id: int | None) -> Any:
    """Rows of one half without the other; which of them wait."""
    query = (
        sa.select(sa.func.count())
        .select_from(model)
        .where(sa.not_(sa.select(col(other.target)).where(_OTHER_HALF).exists()))
    )
    query = query.where(sa.not_(_never_paid())) if model is WaitingOrder else query
    return query if import_id is None else query.where(col(model.import_id) == import_id)


def there(shop: Shop, import_id: int | None = None) -> tuple[int, int]:
    """How many orders wait for their lines, and how many lines for their orders, of an import or of all."""
    orders, lines = _alone(WaitingOrder, WaitingLine, import_id), _alone(WaitingLine, WaitingOrder, import_id)
    return shop.session.scalar(orders) or 0, shop.session.scalar(lines) or 0


def waiting(shop: Shop, import_id: int | None = None) -> int:
    """How many rows of an import, or of all, wait for another report."""
    refunds = sa.select(sa.func.count()).select_from(WaitingRow)
    if import_id is not None:
        refunds = refunds.where(col(WaitingRow.import_id) == import_id)
    return sum(there(shop, import_id)) + (shop.session.scalar(refunds) or 0)


def misfits(shop: Shop, import_id: int | None = None) -> list[Misfit]:
    """Orders of which both halves came, from an import or from any, and whose pieces differ; by number."""
    of_orders, of_items = aliased(Import), aliased(Import)
    listed = (
        sa.select(
            col(WaitingLine.platform),
            col(WaitingLine.target),
            sa.cast(sa.func.sum(WaitingLine.quantity), sa.BigInteger).label("pieces"),
            sa.func.max(WaitingLine.import_id).label("import_id"),
        )
        .group_by(col(WaitingLine.platform), col(WaitingLine.target))
        .subquery()
    )
    same = sa.and_(listed.c.platform == col(WaitingOrder.platform), listed.c.target == col(WaitingOrder.target))
    query = (
        sa.select(
            col(WaitingOrder.target), col(WaitingOrder.pieces), col(of_orders.name), listed.c.pieces, col(of_items.name)
        )
        .join(listed, same)
        .join(of_orders, col(of_orders.id) == col(WaitingOrder.import_id))
        .join(of_items, col(of_items.id) == listed.c.import_id)
        .where(col(WaitingOrder.pieces) != listed.c.pieces)
        .order_by(col(WaitingOrder.target))
    )
    if import_id is not None:
        query = query.where(sa.or_(col(WaitingOrder.import_id) == import_id, listed.c.import_id == import_id))
    return [Misfit(order, ordered, name, int(pieces), other) for order, ordered, name, pieces, other in
            shop.session.execute(query)]  # fmt: skip


def remark(found: list[Misfit]) -> str:
    """What does not fit, of the first few orders."""
    text = _("{n} orders stand in both reports and do not fit: {orders}")
    more = " …" if len(found) > NAMED else ""
    return text.format(n=len(found), orders="；".join(each.sentence() for each in found[:NAMED]) + more)
