"""Counts rows that wait for the other report of their order, and finds orders whose two reports do not fit."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from retcli.actions.orderfile.half_orders import never_paid
from retcli.models.imports import Import, WaitingLine, WaitingOrder, WaitingRow
from retcli.shop import Shop
from retcli.views.imports.remarks import Misfit


def _listed() -> Any:
    """A subquery of the pieces that item reports list of each waiting order, and the newest import that did."""
    pieces = sa.cast(sa.func.sum(WaitingLine.quantity), sa.BigInteger).label("pieces")
    columns = (col(WaitingLine.platform), col(WaitingLine.target), pieces)
    query = sa.select(*columns, sa.func.max(WaitingLine.import_id).label("import_id"))
    return query.group_by(col(WaitingLine.platform), col(WaitingLine.target)).subquery()


def _both(model: Any, *, too_many: bool) -> Any:
    """The condition in SQL that both halves of a waiting row's order are there; with `too_many` only where the item
    report has more pieces than were ordered, which no file that is still to come can put right.
    """
    listed, order = _listed(), aliased(WaitingOrder)
    query = sa.select(col(order.target)).join(
        listed, sa.and_(listed.c.platform == col(order.platform), listed.c.target == col(order.target))
    )
    query = query.where(col(order.platform) == col(model.platform), col(order.target) == col(model.target))
    return (query.where(listed.c.pieces > col(order.pieces)) if too_many else query).correlate(model).exists()


def _counted(shop: Shop, import_id: int | None, *, too_many: bool) -> tuple[int, int]:
    """How many orders and how many lines wait, without those of which both halves came (`_both`), of an import or of
    all.
    """
    counted = []
    for model, done in ((WaitingOrder, never_paid()), (WaitingLine, sa.false())):
        query = sa.select(sa.func.count()).select_from(model)
        query = query.where(sa.not_(done), sa.not_(_both(model, too_many=too_many)))
        query = query if import_id is None else query.where(col(model.import_id) == import_id)
        counted.append(shop.session.scalar(query) or 0)
    return counted[0], counted[1]


def alone(shop: Shop, import_id: int | None = None) -> tuple[int, int]:
    """How many orders wait without any line, and how many lines without their order, of an import or of all."""
    return _counted(shop, import_id, too_many=False)


def refunds(shop: Shop, import_id: int | None = None) -> int:
    """How many refunds, of an import or of all, wait for their order."""
    query = sa.select(sa.func.count()).select_from(WaitingRow)
    return shop.session.scalar(query if import_id is None else query.where(col(WaitingRow.import_id) == import_id)) or 0


def waiting(shop: Shop, import_id: int | None = None) -> int:
    """How many rows, of an import or of all, wait for another report."""
    return sum(_counted(shop, import_id, too_many=True)) + refunds(shop, import_id)


def misfits(shop: Shop, import_id: int | None = None) -> list[Misfit]:
    """Waiting orders of which both reports came, one of them by an import (None: by any), with different pieces; by
    number.
    """
    listed, of_orders, of_items = _listed(), aliased(Import), aliased(Import)
    same = sa.and_(listed.c.platform == col(WaitingOrder.platform), listed.c.target == col(WaitingOrder.target))
    columns = (col(WaitingOrder.target), col(WaitingOrder.pieces), col(of_orders.name), listed.c.pieces)
    query = (
        sa.select(*columns, col(of_items.name))
        .join(listed, same)
        .join(of_orders, col(of_orders.id) == col(WaitingOrder.import_id))
        .join(of_items, col(of_items.id) == listed.c.import_id)
        .where(col(WaitingOrder.pieces) != listed.c.pieces)
        .order_by(col(WaitingOrder.target))
    )
    if import_id is not None:
        query = query.where(sa.or_(col(WaitingOrder.import_id) == import_id, listed.c.import_id == import_id))
    rows = shop.session.execute(query)
    return [Misfit(order, ordered, name, int(pieces), other) for order, ordered, name, pieces, other in rows]
