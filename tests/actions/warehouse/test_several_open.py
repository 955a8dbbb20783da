"""An own waybill that comes back to an order with several open cases: the scan's line names the commands that run."""

from __future__ import annotations

import pytest

from retcli.actions.cases import decisions
from retcli.actions.warehouse import parcels
from retcli.rules.lifecycles import Kind
from retcli.views.warehouse.scanned_parcels import SentBack
from tests.next_steps import commands, run
from tests.shopfloor import MANAGER, Books
from tests.terminal import Desk
from tests.warehouse import Table, attached

ORDER, OURS = "2850000000000000991", "SF002850000000000991"


@pytest.mark.parametrize("kinds", [(Kind.RETURN, Kind.RETURN), (Kind.RETURN, Kind.EXCHANGE)])
def test_two_open_cases_are_named_with_their_commands(sqlite_books: Books, kinds: tuple[Kind, Kind]) -> None:
    """A cup and a mug went out under one waybill; each has an open case, and the parcel comes back undelivered."""
    books, desk = sqlite_books, Desk(sqlite_books.database)
    books.hire()
    for sku in ("CUP", "MUG"):
        books.product(sku)
    books.order(ORDER, ("CUP", 1, 5000), ("MUG", 1, 4000), signed_at=None)
    (waybill,) = (str(row[0]) for row in books.rows("SELECT waybill FROM orders WHERE number = :n", n=ORDER))
    cases = []
    for sku, kind in zip(("CUP", "MUG"), kinds, strict=True):
        case = books.do(decisions.open_case, ORDER, kind=kind, reason="Q_FUNC", lines=[sku], by=MANAGER).number
        books.do(
            decisions.approve, case, waive=["difference"] if kind == Kind.EXCHANGE else [], because="x", by=MANAGER
        )
        cases.append(case)
    (scanned,) = Table(books).scan(waybill)
    assert isinstance(scanned.result, SentBack)
    assert attached(books) == []
    named = [f"retcli parcel match {scanned.parcel} {case}" for case in cases]
    assert commands(scanned.result.sentence()) == named
    for command in named:
        assert run(desk, command).code == 0, command
    assert desk.type(*named[1].split()[1:]).code == 0
    assert [case for _parcel, case in attached(books)] == [cases[1]]
    books.check()


def test_an_order_without_open_cases_names_no_command(sqlite_books: Books) -> None:
    books = sqlite_books
    books.hire()
    books.order(ORDER, ("CUP", 1, 5000), signed_at=None)
    (waybill,) = (str(row[0]) for row in books.rows("SELECT waybill FROM orders WHERE number = :n", n=ORDER))
    (scanned,) = Table(books).scan(waybill)
    assert isinstance(scanned.result, SentBack)
    assert "retcli" not in scanned.result.sentence()
    assert books.do(parcels.list_parcels).parcels
