"""What of a person stands in a text: hidden unless somebody who may asks for it."""

from collections.abc import Callable
from functools import lru_cache

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Case, Order
from retcli.shop import Shop
from retcli.views.freetext import NOBODY, Person

Hide = Callable[[str], str]


COLUMNS = (col(Order.buyer), col(Order.receiver), col(Order.phone), col(Order.address))
"""What a person is made of, in the order of its fields."""


def person_of(order: Order) -> Person:
    """Buyer and receiver as the order names them."""
    return _person(order.buyer, order.receiver, order.phone, order.address)


_person = lru_cache(maxsize=2_000)(Person)
"""What hides a person is made once, however many texts about an order are shown."""


def hiding(order: Order, *, reveal: bool = False) -> Hide:
    """What makes a text about an order fit to be shown: as it is where all is revealed, else without the person."""
    return str if reveal else person_of(order).hide


def hiding_about(shop: Shop, subject: str) -> Hide:
    """What makes a text fit to be shown about a question of an import, whose subject begins with an order's number."""
    order = shop.session.scalars(sa.select(Order).where(col(Order.number) == subject.partition("/")[0])).first()
    return hiding(order) if order is not None else NOBODY.hide


def hiding_of(shop: Shop, case: Case, *, reveal: bool = False) -> Hide:
    """What makes a text about a case fit to be shown."""
    return hiding(shop.session.get_one(Order, case.order_id), reveal=reveal)
