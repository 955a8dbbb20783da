"""An order of which only one report has come is found by whoever looks for it, with what it waits for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retcli.actions.cases import decisions
from retcli.actions.shop import orders
from retcli.errors import NotFound
from retcli.rules.lifecycles import Kind
from retcli.views.shop.half_orders import Half
from tests.reports import Folder, sold, take
from tests.shopfloor import Books

NUMBER = "2850000000000000917"
ORDER = sold(NUMBER, ("TS-L", 1, 5000), ("TS-M", 1, 3000))


@pytest.mark.parametrize("typed", [NUMBER, f"订单号：{NUMBER}", NUMBER[-6:], "０００９１７"])
@pytest.mark.parametrize("half", ["orders", "items"])
def test_a_half_order_is_found_and_says_what_it_waits_for(books: Books, folder: Folder, half: str, typed: str) -> None:
    take(books, folder.orders(ORDER) if half == "orders" else folder.items(ORDER))
    found = books.do(orders.find, typed)
    waits = Half.ITEMS if half == "orders" else Half.ORDERS
    assert (found.orders, [(each.number, each.waits_for) for each in found.halves]) == ((), [(NUMBER, waits)])
    with pytest.raises(
        NotFound, match="waits for its item report" if half == "orders" else "waits for its order report"
    ):
        books.do(orders.show, typed if typed != NUMBER[-6:] else NUMBER)
    with pytest.raises(NotFound, match=NUMBER):
        books.do(decisions.open_case, NUMBER, kind=Kind.RETURN, reason="B_7D")


def test_an_order_closed_unpaid_waits_for_nothing(books: Books, folder: Folder) -> None:
    never = replace(ORDER, status="交易关闭", paid_at=None, shipped_at=None, confirmed_at=None, paid=0, waybill="")
    take(books, folder.orders(never))
    assert [each.waits_for for each in books.do(orders.find, NUMBER).halves] == [Half.UNPAID]
    with pytest.raises(NotFound, match="closed before it was paid: there is nothing to do"):
        books.do(orders.show, NUMBER)
    with pytest.raises(NotFound, match="closed before it was paid: there is nothing to do"):
        books.do(decisions.open_case, NUMBER, kind=Kind.RETURN, reason="B_7D")


def test_a_sub_order_of_the_item_report_is_found(books: Books, folder: Folder) -> None:
    take(books, folder.items(ORDER))
    (half,) = books.do(orders.find, ORDER.lines[1].number).halves
    assert half.number == NUMBER


def test_once_the_other_half_is_there_it_is_an_order(books: Books, folder: Folder) -> None:
    take(books, *folder.both(ORDER))
    found = books.do(orders.find, NUMBER)
    assert ([row["number"] for row in found.orders], found.halves) == ([NUMBER], ())
    with pytest.raises(NotFound, match="There is no order"):
        books.do(orders.show, "2850000000000009999")
