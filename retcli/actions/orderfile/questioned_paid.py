"""Orders of which a file says that less was paid than the books hold, while nobody has answered which is right."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Order
from retcli.models.imports import Import, ImportQuestion
from retcli.rules.imports.orders import whole_of
from retcli.rules.imports.questions import OF_ORDER
from retcli.rules.money.minor_units import parse_named
from retcli.shop import Shop


@dataclass(frozen=True)
class Questioned:
    """The lesser amount that a file says was paid on an order, in minor units, and the number of the open question."""

    paid: int
    question: int


def questioned(shop: Shop, orders: Sequence[int]) -> dict[int, Questioned]:
    """The least that open questions say was paid on some orders, by their ids; orders of which no file says less than
    the books are left out.
    """
    least: dict[int, Questioned] = {}
    # what a file said is kept as text, so that the least is found here and not in SQL
    for order_id, currency, paid, number, text in shop.session.execute(_OPEN, {"ids": list(orders)}):
        minor = parse_named(whole_of(text), currency)
        if minor < least.get(order_id, Questioned(paid, number)).paid:
            least[order_id] = Questioned(minor, number)
    return least


_OPEN = (
    sa.select(col(Order.id), col(Order.currency), col(Order.paid), col(ImportQuestion.id), col(ImportQuestion.found))
    .join(ImportQuestion, col(ImportQuestion.subject) == col(Order.number))
    .join(Import, sa.and_(col(Import.id) == col(ImportQuestion.import_id), col(Import.platform) == col(Order.platform)))
    .where(col(Order.id).in_(sa.bindparam("ids", expanding=True)), col(ImportQuestion.state) == "open")
    .where(col(ImportQuestion.field).in_([name for name, column in OF_ORDER.items() if column == "paid"]))
    .order_by(col(ImportQuestion.id))
)
