"""How far an order is on its platform: one answer, for one order and for many, in new books and in old ones."""

from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from retcli.actions.cases import decisions
from retcli.actions.insight import reason_study
from retcli.actions.orderfile import order_standing
from retcli.database import engine, versions
from retcli.models import Order
from retcli.rules.casefile.findings import Finding
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from retcli.views.casefile.cases import CaseView
from tests.conftest import Server
from tests.reports import Folder, sold, take
from tests.shopfloor import NOON, Books

NUMBER = "2850000000000000100"
SIGNS: dict[str, tuple[Any, Any]] = {
    "shipped": (False, True),
    "waybill": ("", "YT5260493176849"),
    "shipped_at": (None, NOON),
    "signed_at": (None, NOON),
}
UNTRACKED: dict[str, Any] = {
    "waybill": "",
    "carrier": "",
    "shipped_at": None,
    "confirmed_at": None,
    "status": "卖家已发货",
}


def finding(case: CaseView, rule: str) -> Finding:
    """What a rule answers on a case."""
    return next(each for each in case.judgement.findings if each.rule == rule)


def test_sql_and_python_agree_on_which_orders_were_shipped(books: Books) -> None:
    books.rows("SELECT 1")
    with opened(books.asked()) as shop:
        for place, values in enumerate(product(*SIGNS.values(), ["", "paid", "shipped", "done", "closed"])):
            facts = dict(zip([*SIGNS, "status"], values, strict=True))
            shop.session.add(Order(platform="taobao", number=f"{place}", paid=1, **facts))
    with Session(engine.reading(books.database)) as session:
        by_sql = set(session.scalars(sa.select(col(Order.number)).where(order_standing.shipped())))
        every = session.scalars(sa.select(Order)).all()
        by_python = {order.number for order in every if order_standing.was_shipped(order)}
    assert by_sql == by_python
    assert len(every) - len(by_sql) == 3, "only unknown, paid and closed orders without any sign were not"


def test_a_shipped_order_without_a_waybill_counts_in_judgement_and_in_the_reasons(books: Books, folder: Folder) -> None:
    take(books, *folder.both(sold(NUMBER, ("TS-L", 2, 5000), **UNTRACKED)))
    assert books.rows("SELECT status, shipped, waybill FROM orders") == [("shipped", True, "")]
    case = books.do(decisions.open_case, NUMBER, kind=Kind.RETURN, reason="B_7D", lines=["TS-L=1"])
    assert finding(case, "freight").answer == "yes", "the goods must come back"
    with opened(books.asked(), writes=False) as shop:
        study = reason_study.study_of(shop, date(2026, 11, 1), date(2026, 11, 30))
    assert [(row.sku, row.sold) for row in study.products] == [("TS-L", 2)]


def test_what_left_the_shop_stays_out_when_the_order_is_closed(books: Books, folder: Folder) -> None:
    take(books, *folder.both(sold(NUMBER, ("TS-L", 2, 5000), **UNTRACKED)))
    take(books, folder.orders(sold(NUMBER, ("TS-L", 2, 5000), **(UNTRACKED | {"status": "交易关闭"}))))
    assert books.rows("SELECT status, shipped FROM orders") == [("closed", True)]


def test_a_closed_line_of_a_paid_order_went_back_there(books: Books, folder: Folder) -> None:
    order = sold(NUMBER, ("TS-L", 1, 5000), ("TS-M", 1, 3000))
    heads, items = folder.both(order)
    text = items.read_bytes().decode("gb18030").splitlines()
    text[1] = text[1].replace("交易成功", "交易关闭")
    items.write_bytes("\r\n".join(text).encode("gb18030"))
    take(books, heads, items)
    assert books.rows("SELECT status, refunded FROM order_lines ORDER BY position") == [("closed", ""), ("done", "")]
    case = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="B_MIND", lines=["TS-L=1"])
    money = finding(case, "money")
    assert (money.answer, money.facts["status"]) == ("person", "交易关闭")
    other = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="B_MIND", lines=["TS-M=1"])
    assert finding(other, "money").answer == "yes"


ROW = {
    "id": 1, "platform": "pdd", "number": "261109-1", "shop": "", "status": "closed", "currency": "CNY", "paid": 5000,
    "freight": 0, "buyer": "", "receiver": "", "phone": "", "phone_tail": "", "address": "", "buyer_remark": "",
    "seller_remark": "", "waybill": "", "carrier": "", "signed_by": "",
}  # fmt: skip
LINE = {
    "order_id": 1, "number": "1", "position": 1, "sku": "A", "title": "A", "variant": "", "quantity": 1, "price": 5000,
    "cash": 5000, "cash_source": "file", "confirmed": False,
}  # fmt: skip


def insert(connection: sa.Connection, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(row)
    connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES (:{', :'.join(row)})"), row)


@pytest.fixture(params=["sqlite", "postgres"])
def unfounded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Books]:
    """A database without a table yet, once of each kind."""
    if request.param == "sqlite":
        yield Books(str(tmp_path / "old.db"))
        return
    server: Server = request.getfixturevalue("postgres")
    address = server.create("")
    yield Books(address)
    server.drop(address)


@pytest.mark.parametrize(
    ("platform", "status", "words", "shipped", "refunded"),
    [
        ("pdd", "closed", "已发货，退款成功", True, "whole"),
        ("pdd", "closed", "未发货，退款成功", False, "whole"),
        ("shopify", "paid", "partially_refunded", False, "part"),
        ("taobao", "", "卖家已发货", True, ""),
        ("taobao", "closed", "交易关闭", False, ""),
        ("taobao", "done", "交易成功", True, ""),
    ],
)
def test_old_books_learn_what_their_words_mean(
    unfounded: Books, platform: str, status: str, words: str, shipped: bool, refunded: str
) -> None:
    written = engine.engine(unfounded.database)
    versions.upgrade(written, "0011")
    with written.begin() as connection:
        insert(connection, "orders", ROW | {"platform": platform, "status": status, "platform_status": words})
        insert(connection, "order_lines", LINE | {"platform_status": words})
    versions.upgrade(written)
    assert unfounded.rows("SELECT shipped, refunded FROM orders") == [(shipped, refunded)]
    line_status = {"交易关闭": "closed", "交易成功": "done", "卖家已发货": "shipped"}.get(words, "")
    assert unfounded.rows("SELECT status, refunded FROM order_lines") == [(line_status, refunded)]
