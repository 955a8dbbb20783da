"""Hides an order's person in texts about it: name, phone and address, unless somebody who may see them asks for it."""

from collections.abc import Callable
from functools import lru_cache

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Case, Order
from retcli.shop import Shop
from retcli.views.freetext import NOBODY, Person

Hide = Callable[[str], str]


COLUMNS = (col(Order.buyer), col(Order.receiver), col(Order.phone), col(Order.address))
"""The columns of an order that make a `Person`, in the order of its fields."""


def person_of(order: Order) -> Person:
    """Buyer, receiver, phone and address as the order names them."""
    return _person(order.buyer, order.receiver, order.phone, order.address)


_person = lru_cache(maxsize=2_000)(Person)
"""A Person makes the patterns that hide it: once for an order, however many texts about it are shown."""


def hiding(order: Order, *, reveal: bool = False) -> Hide:
    """The function that makes a text about an order fit to be shown: it hides the person, or nothing with `reveal`."""
    return str if reveal else person_of(order).hide


def hiding_about(shop: Shop, subject: str) -> Hide:
    """The function that hides the person in a text about an import's question, whose `subject` begins with an order's
    number; where there is no such order, it hides nobody in particular.
    """
    order = shop.session.scalars(sa.select(Order).where(col(Order.number) == subject.partition("/")[0])).first()
    return hiding(order) if order is not None else NOBODY.hide


def hiding_of(shop: Shop, case: Case, *, reveal: bool = False) -> Hide:
    """The function that makes a text about a case fit to be shown: it hides its order's person, or nothing with
    `reveal`.
    """
    return hiding(shop.session.get_one(Order, case.order_id), reveal=reveal)
