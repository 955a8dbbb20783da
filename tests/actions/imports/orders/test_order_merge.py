"""Orders joined from their two reports: what a later file may change, and what their lines are worth."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from fixtures import Order, report_rows
from retcli.actions.imports import merge_step
from retcli.actions.imports.merging import Source
from retcli.actions.imports.orders import known_orders
from retcli.database import engine
from retcli.rules.imports.orders import line_cash
from retcli.rules.money.minor_units import split, text
from retcli.transaction import opened
from tests.reports import (
    ITEMS,
    ORDERS,
    Folder,
    changed,
    counts,
    in_books,
    questions,
    sold,
    take,
    take_one,
    unsent,
)
from tests.shopfloor import OWNER, Books

NUMBER = "2850000000000000100"
TWO_LINES = sold(NUMBER, ("TS-L", 1, 9397), ("TS-M", 2, 10000), freight=600)


# -- what may change, and what only a person may take -----------------------------------------------------------------


def test_status_waybill_and_people_are_taken_from_a_later_file(books: Books, folder: Folder) -> None:
    order = sold(NUMBER, ("A", 1, 500))
    take(books, *folder.both(unsent(order)))
    assert books.rows("SELECT status, waybill, signed_by FROM orders") == [("paid", "", "")]
    file = take_one(books, folder.orders(order))
    assert (counts(file), file.questions) == ((1, 0, 1, 0, 0), 0)
    assert books.rows("SELECT status, waybill, carrier, signed_by FROM orders") == [
        ("done", order.waybill, "顺丰速运", "confirmed")
    ]
    books.check()


STATUSES = ["等待买家付款", "买家已付款，等待卖家发货", "卖家已发货，等待买家确认", "交易成功", "交易关闭"]
"""How far a Taobao order is, in the platform's words, in the order in which they follow."""


@pytest.mark.parametrize(("older", "newer"), [(a, b) for n, b in enumerate(STATUSES[1:], 1) for a in STATUSES[1:n]])
def test_an_older_file_that_comes_late_takes_no_status_back(
    sqlite_books: Books, folder: Folder, older: str, newer: str
) -> None:
    books = sqlite_books
    told = "SELECT o.status, o.platform_status, l.status, l.platform_status FROM orders o, order_lines l"
    order, before = (replace(sold(NUMBER, ("A", 1, 500)), status=status) for status in (newer, older))
    take(books, *folder.both(order))
    as_told = books.rows(told)
    assert newer in as_told[0]
    take(books, *folder.both(before))
    assert books.rows(told) == as_told


@pytest.mark.parametrize(
    ("layout", "column", "value", "question"),
    [
        (ORDERS, "买家实际支付金额", "123.45", (NUMBER, "paid_total", "199.97", "199.97 ≠ 123.45 + 0.00")),
        (ORDERS, "买家应付邮费", "8.00", (NUMBER, "freight", "6.00", "8.00")),
        (ITEMS, "商品价格", "99.00", (f"{NUMBER[:-2]}01", "price", "93.97", "99.00")),
        (ITEMS, "商家编码", "TS-XL", (f"{NUMBER[:-2]}01", "sku", "TS-L", "TS-XL")),
        (ITEMS, "购买数量", "2", (f"{NUMBER[:-2]}01", "quantity", "1", "2")),
        (ITEMS, "买家实付金额", "90.00", (f"{NUMBER[:-2]}01", "cash", "93.97", "90.00")),
        (ITEMS, "子订单编号", f"{NUMBER[:-2]}77", (NUMBER, "line", "", f"{NUMBER[:-2]}77")),
    ],
)
def test_changed_money_and_goods_stay_and_are_asked_about(
    sqlite_books: Books, folder: Folder, layout: str, column: str, value: str, question: tuple[str, str, str, str]
) -> None:
    books = sqlite_books
    take(books, *folder.both(TWO_LINES))
    before = in_books(books)
    rows = changed(list(report_rows([TWO_LINES], layout, ".csv")), 1, {column: value})
    file = take_one(books, folder.rows(rows))
    assert (file.changed, file.questions, file.exit_code) == (1, 1, 3)
    subject, *rest = question
    assert questions(books) == [(subject if subject == NUMBER else f"{NUMBER}/{subject}", *rest)]
    assert in_books(books) == before
    again = take_one(books, folder.rows([*rows, rows[-1]]))
    assert again.questions == 0, "a question is asked once"
    assert len(questions(books)) == 1
    books.check()


def test_rows_that_say_different_things_of_one_line_are_both_refused(sqlite_books: Books, folder: Folder) -> None:
    books = sqlite_books
    other = sold("2850000000000000200", ("B", 1, 700))
    rows = list(report_rows([sold(NUMBER, ("A", 1, 500)), other], ORDERS, ".csv"))
    differing = changed(rows, 1, {"买家实际支付金额": "9.99"})[1]
    file = take_one(books, folder.rows([*rows, differing]))
    assert counts(file) == (3, 1, 0, 0, 2)
    problem = "the same line stands twice in the file, with different content"
    assert [(f.row, f.text, f.problem) for f in file.faults] == [(2, NUMBER, problem), (4, NUMBER, problem)]
    assert books.rows("SELECT target FROM waiting_orders") == [(other.number,)]


@pytest.mark.parametrize("spoilt", [{"购买数量": "一"}, {"商品价格": ""}, None], ids=["value", "empty", "misshapen"])
def test_a_refused_row_holds_its_whole_order_out(
    sqlite_books: Books, folder: Folder, spoilt: dict[str, str] | None
) -> None:
    """Also where only the number of cells is wrong, and the order report does not tell the number of pieces."""
    whole = sold("2850000000000000200", ("B", 1, 700))
    heads = list(report_rows([TWO_LINES, whole], ORDERS, ".csv"))
    take(sqlite_books, folder.rows(changed(heads, 1, {"宝贝总数量": ""})))
    rows = list(report_rows([TWO_LINES, whole], ITEMS, ".csv"))
    bad = changed(rows, 2, spoilt) if spoilt else [*rows[:2], rows[2][:-3], rows[3]]
    file = take_one(sqlite_books, folder.rows(bad))
    assert counts(file) == (3, 1, 0, 0, 2)
    assert [f.row for f in file.faults] == [2, 3]
    assert file.faults[0].problem == "another row of this order was refused, and an order comes in whole"
    assert list(in_books(sqlite_books)) == [whole.number]
    assert counts(take_one(sqlite_books, folder.rows(rows))) == (3, 2, 0, 1, 0)
    assert in_books(sqlite_books)[NUMBER]["lines"] == [
        [TWO_LINES.lines[0].number, "TS-L", 1, 9397],
        [TWO_LINES.lines[1].number, "TS-M", 2, 10000],
    ]


# -- money of the lines -----------------------------------------------------------------------------------------------


def test_a_single_line_may_carry_the_freight_in_its_amount(sqlite_books: Books, folder: Folder) -> None:
    books = sqlite_books
    order = sold(NUMBER, ("A", 1, 5000), freight=800)
    rows = changed(list(report_rows([order], ITEMS, ".csv")), 1, {"买家实付金额": "58.00"})
    take(books, folder.orders(order), folder.rows(rows))
    assert in_books(books)[NUMBER] == {"paid": 5800, "freight": 800, "lines": [[NUMBER, "A", 1, 5000]]}
    assert books.value("SELECT cash_source FROM order_lines") == "file"
    assert questions(books) == []
    books.check()


def test_lines_that_do_not_add_up_are_split_and_asked_about(sqlite_books: Books, folder: Folder) -> None:
    books = sqlite_books
    rows = changed(list(report_rows([TWO_LINES], ITEMS, ".csv")), 1, {"买家实付金额": "97.94"})
    file = take(books, folder.orders(TWO_LINES), folder.rows(rows)).files[1]
    assert (file.questions, file.exit_code) == (1, 3)
    assert questions(books) == [(NUMBER, "lines_sum", "193.97", "197.94")]
    off = split(397, [9794, 10000])
    assert [line[3] for line in in_books(books)[NUMBER]["lines"]] == [9794 - off[0], 10000 - off[1]]
    assert {row[0] for row in books.rows("SELECT cash_source FROM order_lines")} == {"split"}
    books.check()


def test_an_unpaid_order_gets_its_money_once_it_is_paid(books: Books, folder: Folder) -> None:
    paid = TWO_LINES
    lines = tuple(replace(line, cash=0) for line in paid.lines)
    unpaid = replace(
        paid, paid_at=None, paid=0, status="等待买家付款", lines=lines, waybill="", shipped_at=None, confirmed_at=None
    )
    take(books, *folder.both(unpaid))
    assert in_books(books)[NUMBER]["paid"] == 0
    assert [line[3] for line in in_books(books)[NUMBER]["lines"]] == [0, 0]
    assert counts(take_one(books, folder.orders(paid))) == (1, 0, 1, 0, 0)
    goods = [line[3] for line in in_books(books)[NUMBER]["lines"]]
    assert sum(goods) == 19397, "shared out by price until the item report names it"
    take_one(books, folder.items(paid))
    assert in_books(books)[NUMBER] == {
        "paid": 19997,
        "freight": 600,
        "lines": [[paid.lines[0].number, "TS-L", 1, 9397], [paid.lines[1].number, "TS-M", 2, 10000]],
    }
    assert questions(books) == []
    books.check()


def test_the_carriers_signature_counts_before_the_buyers_confirmation(sqlite_books: Books, folder: Folder) -> None:
    books, order = sqlite_books, sold(NUMBER, ("A", 1, 500))
    header, row = report_rows([order], ORDERS, ".csv")
    take(books, folder.rows([header, row]), folder.items(order))
    assert books.value("SELECT signed_by FROM orders") == "confirmed"
    take(books, folder.rows([[*header, "物流签收时间"], [*row, "2026-11-03 16:20:00"]]))
    assert books.rows("SELECT signed_by, signed_at FROM orders") == [("carrier", "2026-11-03 08:20:00.000000")]
    take(books, folder.orders(replace(order, phone="13900009999")))
    assert books.rows("SELECT signed_by, phone FROM orders") == [("carrier", "13900009999")], "it is not taken back"


def invented(chance: random.Random, n: int) -> tuple[Order, list[int | None]]:
    """An order of one to four lines, and what its item report says they cost: right, off by some fen, or left out."""
    lines = [(f"S{k}", chance.randint(1, 3), chance.randint(0, 9000)) for k in range(chance.randint(1, 4))]
    order = sold(f"28{n:015d}00", *lines, freight=chance.choice((0, 600)))
    amounts: list[int | None] = [cash for _sku, _n, cash in lines]
    how = chance.choice(("right", "off", "left out", "freight inside"))
    if how == "off":
        amounts[0] = (amounts[0] or 0) + chance.choice((1, 2, 5000))
    elif how == "left out":
        amounts[chance.randrange(len(amounts))] = None
    elif how == "freight inside" and len(lines) == 1:
        amounts[0] = order.paid
    return order, amounts


def test_every_order_is_worth_what_the_rule_says(books: Books, folder: Folder) -> None:
    chance = random.Random(20261125)
    made = [invented(chance, n) for n in range(300)]
    rows = list(report_rows([order for order, _amounts in made], ITEMS, ".csv"))
    place = [str(name).strip() for name in rows[0]].index("买家实付金额")
    for row, amount in zip(rows[1:], (amount for _order, amounts in made for amount in amounts), strict=True):
        row[place] = "" if amount is None else text(amount)
    take(books, folder.orders(*(order for order, _amounts in made)), folder.rows(rows))
    found, gaps = in_books(books), []
    for order, amounts in made:
        weights = [line.price * line.quantity for line in order.lines]
        vouchers = [
            None if amount is None else max(line.price * line.quantity - line.discount - amount, 0)
            for line, amount in zip(order.lines, amounts, strict=True)
        ]
        worth = line_cash(order.paid, order.freight, amounts, weights, vouchers)
        assert [line[3] for line in found[order.number]["lines"]] == list(worth.cash), (order, amounts)
        gaps += [order.number] if worth.gap and order.paid else []
    assert sorted(subject for subject, name, *_values in questions(books) if name == "lines_sum") == sorted(gaps)
    assert len(gaps) > 20


@pytest.mark.parametrize("known", [known_orders.known_heads, known_orders.known_lines], ids=["orders", "lines"])
def test_a_step_looks_up_its_own_orders_and_reads_no_others(
    sqlite_books: Books, known: Callable[[merge_step.Step], str]
) -> None:
    """Else the first step of a night's import holds up the scanners while a million orders are read."""
    with opened(sqlite_books.asked(OWNER), writes=False) as shop:
        step = merge_step.Step(shop, Source(1, "taobao", ""), "stage", "", "9", "orders")
        clause, _names = merge_step._clause(f"SELECT COUNT(*) {known(step)}")
    with engine.engine(sqlite_books.database).connect() as connection:
        connection.exec_driver_sql("ATTACH ':memory:' AS stage")
        for table in ("heads", "lines"):
            connection.exec_driver_sql(f"CREATE TABLE stage.{table} (row INTEGER, target TEXT, line TEXT)")
            connection.exec_driver_sql(f"CREATE INDEX stage.{table}_by_target ON {table} (target)")
        asked = sa.text(f"EXPLAIN QUERY PLAN {clause.text}")
        plan = connection.execute(asked, {"platform": "taobao", "after": "", "until": "9"}).all()
        connection.invalidate()
    steps = [str(row[3]) for row in plan]
    assert steps[0].startswith("SEARCH r USING")
    assert "(platform=? AND number=?)" in steps[1]
