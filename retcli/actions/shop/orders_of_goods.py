"""Narrows orders by what a buyer on the phone still knows: the goods, in a word or two, and about when."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile.order_standing import shops_with_orders
from retcli.actions.orderfile.persons import hiding
from retcli.models import Order, OrderLine
from retcli.rules.periods import Period
from retcli.rules.zone import SHANGHAI
from retcli.shop import Shop

DAYS_BACK = 60
"""So many days before today are looked through where nobody says since when."""


@dataclass(frozen=True)
class Narrowed:
    """What the orders that are sought have in common: words that stand in one of their lines (`goods`, empty: any),
    and the period in which they were placed (None: any).
    """

    goods: tuple[str, ...]
    period: Period | None

    @classmethod
    def of(cls, shop: Shop, goods: str, since: date | None, until: date | None) -> "Narrowed":
        """From words as they were typed and days in Shanghai, the last one included."""
        today = shop.now.astimezone(SHANGHAI).date()
        last = until or today
        period = Period.days(since or last - timedelta(days=DAYS_BACK), last) if goods or since or until else None
        return cls(tuple(goods.split()), period)

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The conditions on orders."""
        conditions: list[sa.ColumnElement[bool]] = []
        if self.period:
            conditions += [col(Order.ordered_at) >= self.period.start, col(Order.ordered_at) < self.period.end]
        if self.goods:
            conditions.append(sa.exists().where(col(OrderLine.order_id) == col(Order.id), *self._on_lines()))
        return conditions

    def _on_lines(self) -> list[sa.ColumnElement[bool]]:
        """The conditions on lines: each word stands in title, variant or SKU, whatever the case of its letters."""
        told = (col(OrderLine.title), col(OrderLine.variant), col(OrderLine.sku))
        return [sa.or_(*(text.icontains(word, autoescape=True) for text in told)) for word in self.goods]

    def orders(self, shop: Shop, at_most: int) -> list[Order]:
        """The newest orders of all shops that fit, at most so many."""
        found: list[Order] = []
        # shop by shop: so the index of each shop's days is used, whatever the size of the books
        for platform, name in shops_with_orders(shop):
            query = sa.select(Order).where(col(Order.platform) == platform, col(Order.shop) == name)
            newest = query.where(*self.conditions()).order_by(col(Order.ordered_at).desc()).limit(at_most)
            found += shop.session.scalars(newest)
        found.sort(key=lambda order: (order.ordered_at or shop.now, order.id or 0), reverse=True)
        return found[:at_most]

    def goods_of(self, shop: Shop, orders: Sequence[Order]) -> dict[int | None, tuple[str, ...]]:
        """The goods of some orders in words, a text a line with variant and title; only those that were sought where
        goods were. The person is hidden.
        """
        hides = {order.id: hiding(order) for order in orders}
        lines = sa.select(OrderLine).where(col(OrderLine.order_id).in_(hides), *self._on_lines())
        goods = defaultdict[int | None, tuple[str, ...]](tuple)
        for line in shop.session.scalars(lines.order_by(col(OrderLine.order_id), col(OrderLine.position))):
            # the variant first: a title is cut where the screen is narrow, and it is colour and size that are asked for
            text = f"{line.variant} {line.title}".strip() or line.sku
            goods[line.order_id] += (hides[line.order_id](text),)
        return goods
