"""Every column of the known order and refund exports that holds a payment's number is read as such, and kept."""

from __future__ import annotations

import re

import pytest

from fixtures.platforms import headers
from retcli.actions.cases import case_cards, decisions
from retcli.actions.shop import orders
from retcli.platforms import DIALECTS
from retcli.platforms.payments import payment_number
from retcli.reading.dialect import Dialect, bare_name, match, may_fit
from tests.reports import EXPORTS, take
from tests.shopfloor import Books

OF_EXPORTS = {"orders", "sales", "items", "refunds"}
A_NUMBER = re.compile(
    r"支付.*(单号|流水号|交易号|订单号|ID)$|^交易单号$|^支付宝交易号$|^微信(支付)?订单号$"
    r"|^Payment (ID|References?)$|^Transaction",
    re.IGNORECASE,
)
"""Names of columns that mean the number of a payment at its channel: not the buyer's account there."""
SAID_BESIDE = {"taobao.item"}
"""Reports whose other half, which an order needs too, says the same number."""


def fitting(columns: list[str]) -> list[Dialect]:
    """The order and refund exports that a header may be of."""
    some = (dialect for dialect in DIALECTS if dialect.holds in OF_EXPORTS and may_fit(dialect, columns))
    return [dialect for dialect in some if match(dialect, columns) is not None]


NUMBERED = [
    (layout, column, dialect)
    for layout, columns in headers().items()
    for dialect in fitting(columns)
    if dialect.name not in SAID_BESIDE
    for column in columns
    if A_NUMBER.search(column.strip())
]


def test_the_known_exports_have_such_columns() -> None:
    of = {dialect.platform for _layout, _column, dialect in NUMBERED}
    assert of == {
        dialect.platform for dialect in DIALECTS if {"payment_number"} & {each.name for each in dialect.fields}
    }


@pytest.mark.parametrize(("layout", "column", "dialect"), NUMBERED, ids=lambda value: getattr(value, "name", value))
def test_each_is_read_as_the_payments_number(layout: str, column: str, dialect: Dialect) -> None:
    (field,) = [field for field in dialect.fields if field.name == "payment_number"]
    assert bare_name(column) in {bare_name(name) for name in field.headers}
    found = match(dialect, headers()[layout])
    assert found is not None and column not in found.unknown


def test_what_a_spreadsheet_destroyed_is_no_number() -> None:
    whole = "4200002026110312345678901234"
    assert [payment_number(cell) for cell in ("4.2E+27", whole, "-")] == ["", whole, ""]


FILES = {
    "wxshop": "wxshop/订单明细.xlsx",
    "xhs": "xhs/小红书订单查询.xlsx",
    "pdd": "pdd/全部字段.csv",
    "shopify": "shopify/orders.csv",
}


@pytest.mark.parametrize("platform", FILES)
def test_it_is_kept_on_the_order_and_shown_with_its_case(sqlite_books: Books, platform: str) -> None:
    books = sqlite_books
    take(books, EXPORTS / FILES[platform])
    paid = "FROM orders WHERE paid_at IS NOT NULL AND status <> 'closed'"
    assert books.value(f"SELECT COUNT(*) {paid} AND payment_number = ''") == 0
    number, payment = books.rows(f"SELECT number, payment_number {paid} ORDER BY id LIMIT 1")[0]
    assert books.do(orders.show, number).document()["payment_number"] == payment
    case = books.do(decisions.open_case, number, kind="allowance", reason="Q_LOOK", amount=100).number
    shown = books.do(case_cards.show, case).document()["case"]
    assert shown["there"]["payment_number"] == payment
