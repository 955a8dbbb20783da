"""Check for orders refunded twice: a refund was let go here after the platform's file had told of another one, and both
together exceed the payment.
"""

from collections.abc import Iterator
from functools import cache

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile.refunded_on_platform import is_within, left_of, let_go_at, within
from retcli.models import Order, Payout, RefundThere
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views.books.breaches import RefundedTwice
from retcli.views.books.check import Problem


def problems(shop: Shop) -> Iterator[Problem]:
    """1: what had gone back by a platform's order file, and what left from here beside that, is no more than was paid.
    What a platform paid beyond an order is recorded apart, and of a file of no certain time every refund may be a part.
    """
    worst: dict[str, Problem] = {}
    for number, currency, paid, there, here in shop.session.execute(_refunded_beyond()):
        amounts = (Money(int(minor), currency) for minor in (there, here, paid))
        worst[number] = Problem(1, number, RefundedTwice(*amounts))
    yield from worst.values()


@cache
def _refunded_beyond() -> sa.Executable:
    """The query of `problems`: an order with its payment, what of a file no refund here explains, and what left from
    here. An order's largest amount comes last, so that it is the one that stays.
    """
    at = col(RefundThere.at)
    alone = col(RefundThere.minor) - within(is_within(RefundThere))
    later = left_of(col(Payout.origin) == "own", let_go_at() > at)
    query = sa.select(col(Order.number), col(Order.currency), col(Order.paid), alone, left_of())
    query = query.join(RefundThere, col(RefundThere.order_id) == col(Order.id))
    query = query.where(at.is_not(None), col(RefundThere.estimated).is_(False), later > 0)
    query = query.where(alone > 0, alone + left_of() > col(Order.paid))
    return query.order_by(alone, col(RefundThere.id))
