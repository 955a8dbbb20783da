"""Many cases are read together: in as many statements as few, and each as completely as alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from retcli.actions.casefile.case_view import view_of, views_of
from retcli.actions.cases import contacts, decisions, queue
from retcli.actions.insight.today import today
from retcli.actions.warehouse import inspection, parcels
from retcli.database import engine
from retcli.models import Case
from retcli.rules.lifecycles import Kind
from retcli.shop import Shop
from retcli.transaction import opened
from tests.shopfloor import AGENT, MANAGER, NOON, Books

WAYS = ("return", "return", "refund-only", "exchange", "allowance", "repair")
REASONS = {"refund-only": "L_LOST", "exchange": "W_WRONG", "allowance": "Q_LOOK", "repair": "Q_FUNC"}


def open_cases(books: Books, first: int, number: int) -> None:
    """So many cases of all kinds, each on an order of its own, a third of them agreed to: what waits for goods, what
    is to be paid, what is to be sent and what lies inspected.
    """
    for n in range(first, first + number):
        kind = WAYS[n % len(WAYS)]
        signed = NOON - timedelta(days=2) if kind != "refund-only" else None
        order = books.order(f"28500000000000{n:05}", ("TS-M", 2, 10_000 + n), signed_at=signed, buyer=f"买家{n % 7}")
        wants = {"want": ("TS-L",)} if kind == "exchange" else {"amount": 500} if kind == "allowance" else {}
        case = books.do(
            decisions.open_case, order, kind=Kind(kind), reason=REASONS.get(kind, "B_7D"), by=AGENT, **wants
        )
        if n % 3 == 0:
            books.do(contacts.note, case.number, f"called, case {n}", by=AGENT)
        if n % 12 in {0, 2, 4, 6}:
            books.do(decisions.approve, case.number, by=MANAGER)
        if n % 12 == 0:
            books.do(parcels.expect_by_hand, case.number, f"SF16200411{n:05}", by=AGENT)
        if n % 12 == 6:
            books.do(parcels.expect_by_hand, case.number, f"SF16200411{n:05}", by=AGENT)
            books.do(inspection.inspect, case.number, [inspection.parse_item("TS-M=2:A")])


@contextmanager
def counted(books: Books) -> Iterator[list[str]]:
    """The statements that are run on the books meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    made = engine.engine(books.database)
    sa.event.listen(made, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(made, "before_cursor_execute", note)


def first_card(shop: Shop) -> None:
    """What a review asks until its first card stands."""
    numbers = queue.waiting(shop).cases
    queue.card(shop, numbers[0])


LOOKS: dict[str, Callable[[Shop], Any]] = {
    "today": today,
    "case list": queue.list_cases,
    "case review, the first card": first_card,
    "case approve --all-yes --dry-run": queue.plain_ones,
}


def test_the_statements_are_as_many_for_few_cases_as_for_many(books: Books) -> None:
    books.hire()
    open_cases(books, 0, 12)
    few = {name: statements_of(books, look) for name, look in LOOKS.items()}
    open_cases(books, 12, 36)
    many = {name: statements_of(books, look) for name, look in LOOKS.items()}
    assert {name: len(run) for name, run in many.items()} == {name: len(run) for name, run in few.items()}
    assert max(len(run) for run in many.values()) < 60


def statements_of(books: Books, look: Callable[[Shop], Any]) -> list[str]:
    """What a look runs, once its statements are known."""
    with counted(books) as run, opened(books.asked(), writes=False) as shop:
        look(shop)
    return run


def test_each_is_read_as_completely_as_alone(books: Books) -> None:
    books.hire()
    open_cases(books, 0, 24)

    def together(shop: Shop) -> list[Any]:
        return views_of(shop, list(shop.session.scalars(sa.select(Case))))

    def alone(shop: Shop) -> list[Any]:
        return [view_of(shop, case) for case in shop.session.scalars(sa.select(Case))]

    with opened(books.asked(), writes=False) as shop:
        assert together(shop) == alone(shop)
