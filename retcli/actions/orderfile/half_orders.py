"""Orders of which one report has come and the other has not: they are no orders yet, and somebody looks for them."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.models.waiting import WaitingLine, WaitingOrder
from retcli.rules.imports.orders import CLOSED
from retcli.rules.warehouse.ids import normalised
from retcli.shop import Shop
from retcli.views.shop.half_orders import Half, HalfOrder

AT_MOST = 20
TAIL = 6
"""The last characters of an order's number that tell it from the others: as many as people quote."""


def never_paid() -> Any:
    """The condition in SQL that an order was closed before it was paid: it stands in the order report only, and waits
    for nothing.
    """
    unpaid = sa.and_(col(WaitingOrder.paid_at).is_(None), sa.func.coalesce(col(WaitingOrder.paid), 0) == 0)
    return sa.and_(col(WaitingOrder.status) == CLOSED, unpaid)


def half_orders(shop: Shop, text: str) -> tuple[HalfOrder, ...]:
    """The half orders with a number, a sub-order's number, or an order number that ends with these six or more
    characters; twenty of each report at most.
    """
    halves: dict[tuple[str, str], set[Half]] = {}
    of_orders = sa.case((never_paid(), Half.UNPAID), else_=Half.ITEMS)
    for model, lacks in ((WaitingOrder, of_orders), (WaitingLine, sa.literal(Half.ORDERS))):
        query = sa.select(col(model.platform), col(model.target), lacks).where(_is_called(model, text)).distinct()
        for platform, number, half in shop.session.execute(query.limit(AT_MOST)):
            halves.setdefault((platform, number), set()).add(Half(half))
    return tuple(HalfOrder(number, platform, _lacks(each)) for (platform, number), each in sorted(halves.items()))


def _is_called(model: Any, text: str) -> Any:
    """The condition in SQL that a waiting row has a number, exactly or by its end, or of a line its own number."""
    wanted = normalised(text)
    numbers = {wanted, wanted.lower(), text.strip()}
    tests: list[sa.ColumnElement[bool]] = [col(model.target).in_(numbers)]
    if model is WaitingLine:
        tests.append(col(WaitingLine.line).in_(numbers))
    if len(wanted) >= TAIL:
        tests.append(col(model.target).endswith(wanted, autoescape=True))
    return sa.or_(*tests)


def _lacks(halves: set[Half]) -> Half:
    """What an order lacks by what each of its reports lacks; where both came, they do not fit."""
    return halves.pop() if len(halves) == 1 else Half.MISFIT
