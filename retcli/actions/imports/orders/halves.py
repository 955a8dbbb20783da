"""Counts rows that wait for the other report of their order, and finds orders whose two reports do not fit."""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from retcli.actions.orderfile.half_orders import never_paid
from retcli.models.imports import Import
from retcli.models.waiting import WaitingLine, WaitingOrder, WaitingRow
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


@cache
def _counting(model: Any, *, too_many: bool, of_one: bool) -> Any:
    """The statement that counts the rows of a half that wait, without those of which both halves came (`_both`), of one
    ``import_id`` or of all. Made once, as all here are: making them takes ten times as long as running them.
    """
    done = never_paid() if model is WaitingOrder else sa.false()
    query = sa.select(sa.func.count()).select_from(model)
    query = query.where(sa.not_(done), sa.not_(_both(model, too_many=too_many)))
    return query.where(col(model.import_id) == sa.bindparam("import_id")) if of_one else query


def _counted(shop: Shop, import_id: int | None, *, too_many: bool) -> tuple[int, int]:
    """How many orders and how many lines wait, without those of which both halves came (`_both`), of an import or of
    all.
    """
    of_one = {} if import_id is None else {"import_id": import_id}
    orders, lines = (_counting(model, too_many=too_many, of_one=bool(of_one)) for model in (WaitingOrder, WaitingLine))
    return shop.session.scalar(orders, of_one) or 0, shop.session.scalar(lines, of_one) or 0


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


@cache
def _misfitting(*, of_one: bool) -> Any:
    """The statement that finds the waiting orders of `misfits`, of one ``import_id`` or of all."""
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
    asked: Any = sa.bindparam("import_id")
    return query.where(sa.or_(col(WaitingOrder.import_id) == asked, listed.c.import_id == asked)) if of_one else query


def misfits(shop: Shop, import_id: int | None = None) -> list[Misfit]:
    """Waiting orders of which both reports came, one of them by an import (None: by any), with different pieces; by
    number.
    """
    of_one = {} if import_id is None else {"import_id": import_id}
    rows = shop.session.execute(_misfitting(of_one=bool(of_one)), of_one)
    return [Misfit(order, ordered, name, int(pieces), other) for order, ordered, name, pieces, other in rows]
