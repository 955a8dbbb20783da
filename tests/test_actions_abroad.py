"""Exports of shops abroad taken in: every order to its minor unit and in its currency, and nothing guessed."""

import pytest

from fixtures.make import SMALL_SEED
from fixtures.shopmaker import make_shop
from tests.reports import counts, take, take_one
from tests.shopfloor import FIXTURES, Books

EXPORTS = FIXTURES / "exports"
ORDERS = [order for order in make_shop(SMALL_SEED, orders=12, refunds=6).orders if order.paid_at]
LINES = sum(len(order.lines) for order in ORDERS)
GOODS = sum(line.cash for order in ORDERS for line in order.lines)
PAID = sum(order.paid for order in ORDERS)


@pytest.mark.parametrize(
    ("path", "paid", "currencies"),
    [
        ("shopify/orders.csv", PAID - ORDERS[0].paid, {"USD", "JPY"}),
        ("tiktok/orders.csv", PAID, {"IDR"}),
        ("shopee/orders.xlsx", GOODS, {"SGD"}),
        ("lazada/orders.xlsx", GOODS, {"MYR"}),
    ],
)
def test_the_orders_of_a_shop_abroad(books: Books, path: str, paid: int, currencies: set[str]) -> None:
    """The first buyer at Shopify has not paid."""
    take_one(books, EXPORTS / path)
    assert (books.value("SELECT COUNT(*) FROM orders"), books.value("SELECT SUM(paid) FROM orders")) == (12, paid)
    assert {row[0] for row in books.rows("SELECT currency FROM orders")} == currencies
    pieces = sum(line.quantity for order in ORDERS for line in order.lines)
    found = books.rows("SELECT COUNT(*), SUM(quantity) FROM order_lines")[0]
    assert (int(found[0]), int(found[1])) == (LINES, pieces)
    books.check()


def test_returns_without_an_amount_are_refused_and_stop_nobody(sqlite_books: Books) -> None:
    take(sqlite_books, EXPORTS / "shopee" / "orders.xlsx")
    file = take_one(sqlite_books, EXPORTS / "shopee" / "returns.xlsx")
    assert file.refused == file.rows == 6
    (problem,) = {fault.problem for fault in file.faults}
    assert problem == "the file does not say how much is refunded: export it with the refund amount"
    assert take_one(sqlite_books, EXPORTS / "lazada" / "orders.xlsx").state == "imported"


def test_returned_pieces_wait_for_their_orders_once_each(sqlite_books: Books) -> None:
    file = take_one(sqlite_books, EXPORTS / "amazon" / "returns.csv")
    assert (counts(file), file.waiting) == ((6, 6, 0, 0, 0), 6)
    again = take_one(sqlite_books, EXPORTS / "amazon" / "returns.txt")
    assert (again.added, again.unchanged) == (0, 6)
