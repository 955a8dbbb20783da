"""Orders of which one report has come and the other has not: they are no orders yet, and somebody looks for them."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.models.imports import WaitingLine, WaitingOrder
from retcli.rules.warehouse.ids import normalised
from retcli.shop import Shop
from retcli.views.shop.half_orders import Half, HalfOrder

AT_MOST = 20
TAIL = 6
"""The last characters of an order's number that tell it from the others: as many as people quote."""


def half_orders(shop: Shop, text: str) -> tuple[HalfOrder, ...]:
    """The half orders with a number, a sub-order's number, or an order number that ends with these six or more
    characters; twenty of each report at most.
    """
    halves: dict[tuple[str, str], set[type]] = {}
    for model in (WaitingOrder, WaitingLine):
        query = sa.select(col(model.platform), col(model.target)).where(_is_called(model, text)).distinct()
        for platform, number in shop.session.execute(query.limit(AT_MOST)):
            halves.setdefault((platform, number), set()).add(model)
    return tuple(HalfOrder(number, platform, _lacks(kinds)) for (platform, number), kinds in sorted(halves.items()))


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


def _lacks(kinds: set[type]) -> Half:
    if len(kinds) > 1:
        return Half.MISFIT
    return Half.ITEMS if WaitingOrder in kinds else Half.ORDERS
