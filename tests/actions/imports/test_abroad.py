"""Exports of shops abroad taken in: every order to its minor unit and in its currency, and nothing guessed."""

import json
from pathlib import Path

import pytest

from fixtures.make import SMALL_SEED
from fixtures.shopmaker import make_shop
from retcli.actions.cases import case_cards
from tests.reports import counts, take, take_one
from tests.shopfloor import FIXTURES, Books

EXPORTS = FIXTURES / "exports"
ORDERS = [order for order in make_shop(SMALL_SEED, orders=12, refunds=6).orders if order.paid_at]
LINES = sum(len(order.lines) for order in ORDERS)
GOODS = sum(line.cash for order in ORDERS for line in order.lines)
MYR = "MYR"
AMAZON_ORDERS = """name = "amazon orders"
platform = "amazon"
holds = "sales"
[fields]
order = "order"
sku = "sku"
title = "item"
quantity = "qty"
price = "price"
paid = "paid"
paid_at = "bought"
"""
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


def test_returns_that_name_no_amount_are_worth_what_the_rules_say(sqlite_books: Books) -> None:
    """Six returns at Shopee, no column of their amounts: who asks is a case worth its pieces; what was paid already is
    refused by name, since nobody knows how much it was.
    """
    take(sqlite_books, EXPORTS / "shopee" / "orders.xlsx")
    file = take_one(sqlite_books, EXPORTS / "shopee" / "returns.xlsx")
    expected = [row["status"] for row in json.loads((FIXTURES / "expected" / "shopee.return_partial.json").read_text())]
    assert (file.rows, file.refused) == (6, expected.count("succeeded"))
    (problem,) = {fault.problem for fault in file.faults}
    assert problem == (
        "finished there, and the file does not say how much was refunded: export it with that column, or where the"
        " platform has none, open it by hand with retcli case open"
    )
    found = sqlite_books.rows("SELECT decision, filing, asked FROM cases ORDER BY id")
    assert sorted(decision for decision, *_ in found) == sorted(
        {"requested": "requested", "closed": "withdrawn"}[status] for status in expected if status != "succeeded"
    )
    assert {asked for *_, asked in found} == {None}
    again = take_one(sqlite_books, EXPORTS / "shopee" / "returns.xlsx")
    assert again.state == "unchanged"
    sqlite_books.check()


def test_a_return_that_names_neither_amount_nor_pieces(books: Books, tmp_path: Path) -> None:
    """At Lazada: one piece is one piece; of a line of two nobody knows how many come back."""
    sold = ["orderNumber,sellerSku,paidPrice,unitPrice,itemName,createTime,status,Currency"]
    sold += [f"2901,ONE,12.50,12.50,Cap,2026-11-01 09:00:00,delivered,{MYR}"]
    sold += [f"2902,TWO,12.50,12.50,Socks,2026-11-01 09:00:00,delivered,{MYR}"] * 2
    orders, returns = tmp_path / "orders.csv", tmp_path / "returns.csv"
    orders.write_text("\n".join(sold) + "\n", encoding="utf-8")
    back = ["Order ID,Return Order ID,Order Date,Return Order Date,Seller SKU ID"]
    back += ["2901,7001,2026-11-01 09:00:00,2026-11-08 09:00:00,ONE", "2902,7002,2026-11-01,2026-11-08,TWO"]
    returns.write_text("\n".join(back) + "\n", encoding="utf-8")
    assert take_one(books, orders).state == "imported"
    file = take_one(books, returns)
    assert [(fault.text, fault.problem) for fault in file.faults] == [
        ("7002", "the file says neither how much nor how many pieces: open it by hand with retcli case open")
    ]
    case = books.do(case_cards.show, "7001")
    assert (case.kind, case.decision, case.due.minor, case.due.currency) == ("return", "requested", 1250, "MYR")


def test_what_amazon_took_back_is_over_and_costs_nothing_here(books: Books, tmp_path: Path) -> None:
    """Amazon refunds out of its settlement: the piece is used up, the reason counts, nothing is left to pay."""
    orders, back = tmp_path / "orders.csv", tmp_path / "returns.csv"
    number = "114-9676055-4408138"
    orders.write_text(
        f"order,sku,item,qty,price,paid,bought\n{number},MUG,Mug,2,10.00,20.00,2026-10-01 09:00:00\n", encoding="utf-8"
    )
    mapping = tmp_path / "my.toml"
    mapping.write_text(AMAZON_ORDERS, encoding="utf-8")
    assert take_one(books, orders, map_file=mapping).added == 1
    head = "return-date,order-id,sku,asin,fnsku,product-name,quantity,fulfillment-center-id,detailed-disposition,"
    head += "reason,status,license-plate-number,customer-comments"
    row = f"2026-10-20T10:00:00+00:00,{number},MUG,B0,X0,Mug,1,ABE2,SELLABLE,DEFECTIVE,Unit returned to inventory,LPN1,"
    back.write_text(f"{head}\n{row}\n", encoding="utf-8")
    assert take_one(books, back).added == 1
    case = books.do(case_cards.show, "LPN1")
    assert (case.kind, case.decision, case.stage, case.reason.stated) == ("return", "approved", "finished", "Q_FUNC")
    assert (case.due.minor, case.paid.minor, case.lines[0].quantity) == (0, 0, 1)
    books.check()


def test_returned_pieces_wait_for_their_orders_once_each(sqlite_books: Books) -> None:
    file = take_one(sqlite_books, EXPORTS / "amazon" / "returns.csv")
    assert (counts(file), file.waiting) == ((6, 6, 0, 0, 0), 6)
    again = take_one(sqlite_books, EXPORTS / "amazon" / "returns.txt")
    assert (again.added, again.unchanged) == (0, 6)
