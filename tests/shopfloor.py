"""A shop to test on: books on either database, a clock that is set, people with roles, small orders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from retcli.database import engine
from retcli.database.history import facts
from retcli.errors import AlreadyDone
from retcli.models import Order, OrderLine
from retcli.rules.lifecycles import Role
from retcli.rules.money.minor_units import split
from retcli.rules.zone import SHANGHAI
from retcli.settings import Asked
from retcli.transaction import Once, opened
from retcli.views.base import View

ORDER_NUMBER = "2850000000000000001"
NOON = datetime(2026, 11, 9, 12, 0, tzinfo=SHANGHAI)
OWNER, MANAGER, AGENT, WAREHOUSE, FINANCE = "老板", "店长", "小美", "阿强", "财务"
PEOPLE = {MANAGER: Role.MANAGER, AGENT: Role.AGENT, WAREHOUSE: Role.WAREHOUSE, FINANCE: Role.FINANCE}
V = TypeVar("V", bound=View)
reading = cache(engine.reading)
"""The engine that looks into books, the same one for every look."""
query = cache(sa.text)
"""A plain query, read once however often it is asked."""


@dataclass
class Books:
    """Books on one database; `at` is the present instant (`live`: by the real clock, whatever `at` says)."""

    database: str
    at: datetime = NOON
    live: bool = False

    def asked(self, operator: str = OWNER) -> Asked:
        """One call by somebody, now."""
        return Asked(self.database, operator, rehearsed_at=None if self.live else self.at)

    def do(self, action: Callable[..., V], *args: Any, by: str = OWNER, key: str | None = None,
           dry_run: bool = False, **options: Any) -> V:  # fmt: skip
        """One action as one piece of work, as the command line does it."""
        request = {"action": action.__qualname__, "args": args, "options": options}
        with opened(self.asked(by), Once(request, key, dry_run)) as shop:
            return shop.answer(action(shop, *args, **options))

    def do_again(self, action: Callable[..., V], *args: Any, **options: Any) -> dict[str, Any]:
        """The same piece of work under its key once more: the document it answered the first time."""
        try:
            self.do(action, *args, **options)
        except AlreadyDone as done:
            return dict(done.document)
        raise AssertionError("it was done a second time")

    def later(self, **spell: float) -> None:
        """Lets time pass."""
        self.at += timedelta(**spell)

    def hire(self) -> None:
        """Everybody of the shop, one for each role, in one piece of work: many tests begin with it."""
        from retcli.actions.shop import staff

        with opened(self.asked()) as shop:
            for name, role in PEOPLE.items():
                staff.add(shop, name, role)

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """What a plain query answers."""
        with reading(self.database).connect() as connection:
            return list(connection.execute(query(statement), values).all())

    def value(self, statement: str, **values: Any) -> Any:
        """The one value that a plain query answers."""
        return self.rows(statement, **values)[0][0]

    def order(
        self,
        number: str,
        *lines: tuple[str, int, int],
        freight: int = 0,
        signed_at: datetime | None = NOON - timedelta(days=3),
        shipped: bool = True,
        **columns: Any,
    ) -> str:
        """An order with lines of (sku, pieces, cash in fen), paid in full; signed three days ago unless said."""
        paid_at = NOON - timedelta(days=8)
        with opened(self.asked()) as shop:
            order = Order(
                platform="taobao",
                number=number,
                paid=sum(cash for _sku, _n, cash in lines) + freight,
                freight=freight,
                status="done" if signed_at else "shipped" if shipped else "paid",
                ordered_at=paid_at,
                paid_at=paid_at,
                shipped_at=paid_at + timedelta(days=1) if shipped else None,
                waybill=f"SF{number[-12:].zfill(12)}" if shipped else "",
                signed_at=signed_at if shipped else None,
                signed_by="confirmed" if signed_at and shipped else "",
                **columns,
            )
            shop.add(order)
            for place, (sku, pieces, cash) in enumerate(lines, 1):
                line = OrderLine(
                    order_id=order.id or 0,
                    number=f"{number}{place}",
                    position=place,
                    sku=sku,
                    title=f"商品{sku}",
                    quantity=pieces,
                    price=cash // pieces,
                    stated=cash,
                    cash=cash,
                )
                shop.add(line)
        return number

    def product(self, sku: str, *, category: str = "服装", price: int | None = None, barcode: str = "") -> None:
        """An article of the shop."""
        from retcli.models import Barcode, Product

        with opened(self.asked()) as shop:
            shop.add(Product(sku=sku, name=f"商品{sku}", category=category, price=price, cost=100))
            if barcode:
                shop.add(Barcode(code=barcode, sku=sku))

    def tell(self) -> None:
        """Lets the history tell what was written past the program, as that of books made by an earlier one tells it."""
        with opened(self.asked()) as shop:
            shop.session.info[facts.NOTED_BEFORE] = 0

    def check(self) -> None:
        """Everything that must always be true is true."""
        from retcli.actions.books import check as books

        with opened(self.asked(), writes=False) as shop:
            found = books.check(shop)
        assert not found.problems, "\n".join(f"{p.invariant} {p.where}: {p.text}" for p in found.problems)

    def at_(self, at: datetime) -> Books:
        """The same books at another instant."""
        return replace(self, at=at)


def shanghai(text: str) -> datetime:
    """An instant from ``2026-03-01 15:30`` in Shanghai's time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def shares(total: int, *weights: int) -> list[int]:
    """The split used all over."""
    return split(total, weights)


FIXTURES = Path(__file__).parent.parent / "fixtures"
