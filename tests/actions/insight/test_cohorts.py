"""Orders whose platform names no time of payment: they count in every rate by the day of sending or of ordering."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from retcli.actions.insight import exports, reason_study
from retcli.models import Order, OrderLine
from retcli.rules.zone import SHANGHAI
from retcli.sheets.reasons import Study
from retcli.transaction import opened
from tests.shopfloor import NOON, Books

OCTOBER = datetime(2026, 10, 20, 12, tzinfo=SHANGHAI)


def put(books: Books, number: str, **facts: Any) -> None:
    """An order of one piece that Lazada sold."""
    known: dict[str, Any] = {"platform": "lazada", "paid": 1000, "status": "shipped", "shipped": True} | facts
    with opened(books.asked()) as shop:
        order = shop.add(Order(number=number, **known))
        shop.session.add(OrderLine(order_id=order.id, number="1", position=1, sku="A", quantity=1, cash=order.paid))


def study(books: Books) -> Study:
    """The analysis of November."""
    with opened(books.asked(), writes=False) as shop:
        return reason_study.study_of(shop, date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def sold(books: Books) -> Books:
    """Orders dated in each way, two of another month, and some that were never paid."""
    books.rows("SELECT 1")
    put(books, "paid", paid_at=NOON, shipped_at=NOON + timedelta(days=60), ordered_at=OCTOBER)
    put(books, "sent", shipped_at=NOON, ordered_at=OCTOBER)
    put(books, "ordered", ordered_at=NOON)
    put(books, "packed", ordered_at=NOON, status="paid", shipped=False)
    put(books, "sent before", shipped_at=OCTOBER, ordered_at=OCTOBER)
    put(books, "undated")
    put(books, "unpaid", ordered_at=NOON, status="unpaid", shipped=False, paid=0)
    put(books, "deposit", ordered_at=NOON, status="unpaid", shipped=False, paid=500)
    put(books, "called off", ordered_at=NOON, status="closed", shipped=False, paid=0)
    return books


def test_an_order_without_payment_time_counts_by_sending_else_by_ordering(sold: Books) -> None:
    made = study(sold)
    assert made.paid_orders == 4
    assert made.dated_by == {"paid_at": 1, "shipped_at": 1, "ordered_at": 2}
    assert [(month.month, month.paid_orders) for month in made.months] == [("2026-11", 4)]
    assert made.undated == 1


def test_the_workbook_says_how_orders_are_dated_and_how_many_are_left_out(sold: Books, tmp_path: Path) -> None:
    view = sold.do(exports.reasons, date(2026, 11, 1), date(2026, 11, 30), tmp_path / "reasons.xlsx")
    assert "1 paid orders are left out of every rate: no file says when they were paid, sent or ordered" in view.remarks
    rows = {row[0].value: row[1].value for row in notes(view.file)}
    assert rows["of them by the day of sending"] == 1
    assert rows["of them by the day of ordering"] == 2
    assert rows["Paid, left out of rates"] == 1


def notes(path: Path) -> list[tuple[Any, ...]]:
    """The rows of the first sheet."""
    from openpyxl import load_workbook

    return [(*row,) for row in load_workbook(path).worksheets[0].iter_rows()]
