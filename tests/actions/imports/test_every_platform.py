"""Every platform's files taken into the books: orders to the fen with their lines, refunds as cases on them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fixtures.platform_sheets import platform_sheets
from retcli.actions.imports import import_questions
from retcli.platforms import DIALECTS
from tests.reports import counts, facts, take, take_one
from tests.shopfloor import FIXTURES, Books

HALVES = frozenset(dialect.name for dialect in DIALECTS if dialect.holds in {"orders", "items"})
"""Two files make one order: they come in together."""
PAID = frozenset({"paid", "shipped", "done"})


@cache
def files() -> dict[str, Path]:
    """The packaged files by the name of what they are expected to say."""
    return {sheet.name: FIXTURES / "exports" / sheet.path for sheet in platform_sheets()}


def told(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FIXTURES / "expected" / f"{name}.json").read_text(encoding="utf-8"))
    return found


def in_books(books: Books) -> dict[str, Any]:
    orders: dict[str, Any] = {
        number: {"paid": paid, "freight": freight, "status": status, "lines": []}
        for number, paid, freight, status in books.rows("SELECT number, paid, freight, status FROM orders")
    }
    lines = books.rows(
        "SELECT o.number, l.sku, l.quantity, l.cash FROM order_lines l JOIN orders o ON o.id = l.order_id"
    )
    for order, sku, quantity, cash in lines:
        orders[order]["lines"].append((sku, quantity, cash))
    return orders


def expected(name: str) -> dict[str, Any]:
    """What the orders of a file are worth: what was paid for the order, or its lines' amounts with the freight."""
    orders = {}
    for number, order in told(name)["orders"].items():
        lines = order["lines"]
        paid_for = order["paid_at"] is not None or order.get("status") in PAID
        freight = (order.get("freight") or 0) if paid_for else 0
        paid = order.get("paid") if "paid" in order else sum(line["stated"] for line in lines) + freight
        orders[number] = {
            "paid": paid if paid_for else 0,
            "freight": freight,
            "status": order.get("status", ""),
            "goods": sorted((line.get("sku") or line.get("outer_sku") or "", line["quantity"]) for line in lines),
        }
    return orders


ORDERS = [name for name in files() if "orders" in told(name) and name not in HALVES]


@pytest.mark.parametrize("name", ORDERS)
def test_orders_come_in_to_the_fen_and_add_up(sqlite_books: Books, name: str) -> None:
    books = sqlite_books
    file = take_one(books, files()[name])
    wanted = expected(name)
    lines = sum(len(order["goods"]) for order in wanted.values())
    assert (counts(file), file.waiting) == ((lines, lines, 0, 0, 0), 0)
    found = in_books(books)
    assert set(found) == set(wanted)
    for number, order in found.items():
        assert sum(cash for *_goods, cash in order["lines"]) == order["paid"] - order["freight"], number
        goods = sorted((sku, quantity) for sku, quantity, _cash in order.pop("lines"))
        assert order | {"goods": goods} == wanted[number], number
    books.check()


@pytest.mark.parametrize("name", ["pdd.order", "douyin.order"])
def test_the_same_orders_under_another_name_change_nothing(books: Books, tmp_path: Path, name: str) -> None:
    first = take_one(books, files()[name])
    before = facts(books)
    again = tmp_path / f"again{files()[name].suffix}"
    again.write_bytes(files()[name].read_bytes() + (b"\r\n" if again.suffix == ".csv" else b""))
    file = take_one(books, again)
    assert file.state == "unchanged" or counts(file) == (first.rows, 0, 0, first.rows, 0)
    assert facts(books) == before


def test_an_order_and_its_items_in_two_files_come_together(sqlite_books: Books) -> None:
    halves = [files()["youzan.order"], files()["youzan.item"]]
    assert [file.state for file in take(sqlite_books, *halves).files] == ["imported", "imported"]
    assert set(in_books(sqlite_books)) == set(told("youzan.order")["orders"])
    sqlite_books.check()


REFUNDS = {name: f"{name.partition('.')[0]}.order" for name in files() if "refunds" in told(name)}
"""Each after-sales list with the order file of its platform."""


@pytest.mark.parametrize("name", REFUNDS)
def test_the_after_sales_list_becomes_cases(sqlite_books: Books, name: str) -> None:
    books = sqlite_books
    take(books, files()[REFUNDS[name]])
    file = take_one(books, files()[name])
    refunds = told(name)["refunds"]
    known = {number for number, refund in refunds.items() if refund["order"] in in_books(books)}
    assert known, "the two files are of one shop"
    cases = dict(books.rows("SELECT platform_number, kind FROM cases"))
    faults = {fault.text for fault in file.faults}
    assert known == set(cases) | faults
    for number, refund in refunds.items():
        if number in cases and refund.get("kind") in {"return", "exchange", "resend"}:
            assert cases[number] in {refund["kind"], "allowance"}
    books.check()
    again = books.do(import_questions.questions)
    assert take_one(books, files()[name]).state == "unchanged"
    assert books.do(import_questions.questions).questions == again.questions
