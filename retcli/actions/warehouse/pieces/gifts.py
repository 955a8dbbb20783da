"""Gifts of orders that come back in the parcels of their returns, though no case asks for them (暂行办法 §12)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Case, CaseLine, Order, OrderLine
from retcli.rules.lifecycles import TAKES_NO_PIECES, Decision, Kind
from retcli.rules.money.minor_units import Money
from retcli.rules.policy.policy import OWN_CURRENCY
from retcli.rules.warehouse.gifts import is_gift
from retcli.shop import Shop


@dataclass(frozen=True)
class Gifts:
    """Pieces of gifts by article: all that may come back, and those that must, since nothing else of their order
    stays.
    """

    may_come: Mapping[str, int] = field(default_factory=dict)
    must_come: Mapping[str, int] = field(default_factory=dict)


def gifts(shop: Shop, cases: Sequence[Case]) -> Gifts:
    """The gifts that come back with some cases that wait for goods: of the orders of returns, where no case draws
    them.
    """
    returns = [case for case in cases if case.kind == Kind.RETURN]
    priced = {sku for case in returns for sku in shop.policy_named(case.policy).gifts}
    orders = {case.order_id for case in returns}
    unpaid = sa.or_(col(OrderLine.cash) == 0, col(OrderLine.sku).in_(priced))
    some = sa.select(col(OrderLine.order_id)).where(col(OrderLine.order_id).in_(orders), unpaid)
    with_gifts = set(shop.session.scalars(some)) if orders else set()
    if not with_gifts:
        return Gifts()
    drawn = _drawn(shop, with_gifts)
    may_come, must_come = Counter[str](), Counter[str]()
    lines = shop.session.scalars(sa.select(OrderLine).where(col(OrderLine.order_id).in_(with_gifts))).all()
    for order in with_gifts:
        given = [line for line in lines if line.order_id == order and is_gift(line, priced)]
        bought = [line for line in lines if line.order_id == order and line not in given]
        own = Counter({line.sku or line.number: line.quantity for line in given if bought and not drawn[line.id]})
        may_come += own
        if all(drawn[line.id] >= line.quantity for line in bought):
            must_come += own
    return Gifts(may_come, must_come)


def worth(shop: Shop, cases: Sequence[Case], missing: Mapping[str, int]) -> dict[str, Money]:
    """What the missing gifts of some cases are worth by the shop's rules, by article: pieces times the price that these
    state for one that is not returned (暂行办法 §12). A gift without a stated price is none of them.
    """
    given = gifts(shop, cases).must_come
    orders = sa.select(col(Order.id), col(Order.currency)).where(col(Order.id).in_({case.order_id for case in cases}))
    currency = {row.id: row.currency for row in shop.session.execute(orders)}
    rules = [shop.policy_named(case.policy).in_currency(currency[case.order_id]) for case in cases]
    prices = {sku: price for each in rules for sku, price in each.gifts.items()}
    return {
        sku: Money(prices[sku] * min(pieces, given[sku]), OWN_CURRENCY)
        for sku, pieces in missing.items()
        if given.get(sku) and sku in prices
    }


def _drawn(shop: Shop, orders: set[int]) -> Counter[int | None]:
    """The pieces of each line of some orders that cases ask for which were not turned down, by the line's id."""
    query = (
        sa.select(col(CaseLine.line_id), sa.cast(sa.func.sum(CaseLine.quantity), sa.BigInteger))
        .join(Case, col(Case.id) == col(CaseLine.case_id))
        .where(col(Case.order_id).in_(orders), col(Case.kind).not_in(TAKES_NO_PIECES))
        .where(col(Case.decision).in_([Decision.REQUESTED, Decision.APPROVED]))
        .group_by(col(CaseLine.line_id))
    )
    return Counter({line: int(pieces) for line, pieces in shop.session.execute(query)})
