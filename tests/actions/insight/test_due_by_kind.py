"""What is due is shown by its kind, each currency by itself, also where nothing of a refund is left."""

import io
from typing import Any

import pytest

from retcli.actions.cases import decisions
from retcli.actions.insight.today import today
from retcli.actions.money import payouts
from retcli.rules.lifecycles import Kind
from retcli.views.screen import Terminal
from tests.shopfloor import MANAGER, Books

WAIVED: dict[str, Any] = {"waive": ["approval"], "because": "seen"}


def case_on(books: Books, place: int, kind: Kind = Kind.INQUIRY, currency: str = "CNY", **facts: Any) -> str:
    """A case on an order of its own for 100.00."""
    order = books.order(f"28500000000000009{place:02}", ("TS-L", 1, 10000), currency=currency)
    return books.do(decisions.open_case, order, kind=kind, reason="Q_LOOK", by=MANAGER, **facts).number


def drawn(view: Any) -> str:
    told = io.StringIO()
    view.draw(Terminal(told))
    return told.getvalue()


def cny(minor: int) -> dict[str, Any]:
    return {"currency": "CNY", "minor": minor, "text": f"{minor // 100}.{minor % 100:02}"}


def usd(minor: int) -> dict[str, Any]:
    return cny(minor) | {"currency": "USD"}


def test_only_amends_are_due(books: Books) -> None:
    """5.00 in cash and as much in a coupon; the row of the list says what they are, and not 0.00."""
    books.hire()
    case = case_on(books, 1)
    books.do(payouts.compensate, case, cash=500, by=MANAGER, **WAIVED)
    books.do(payouts.compensate, case, coupon=500, by=MANAGER)
    view = books.do(today)
    assert view.document()["payouts_due"]["kinds"] == [
        {"kind": "compensation", "count": 2, "money": [cny(500)], "coupons": [cny(500)]}
    ]
    text = drawn(view)
    assert "2 payouts are due, compensation 5.00, coupon 5.00, the oldest since" in text
    (row,) = [line for line in text.splitlines() if line.startswith(case)]
    assert "compensation 5.00" in row
    assert "0.00" not in row.replace("5.00", "")


@pytest.mark.parametrize(
    ("given", "shown"), [({"points": 5}, "compensation 5 points"), ({"coupon": 50}, "compensation coupon 0.50")]
)
def test_what_is_no_money_is_shown_as_what_it_is(books: Books, given: dict[str, Any], shown: str) -> None:
    books.hire()
    case = case_on(books, 1)
    books.do(payouts.compensate, case, by=MANAGER, **given, **WAIVED)
    (row,) = [line for line in drawn(books.do(today)).splitlines() if line.startswith(case)]
    assert shown in row


def test_each_kind_and_each_currency_by_itself(books: Books) -> None:
    """Due: a refund of 100.00 and one of 100.00 USD; amends of 7.00, 3.00 USD and 5 points; a price cut of 2.00 with
    which the goods stay, which is amends too (9.00); freight of 12.00.
    """
    books.hire()
    for place, currency in ((1, "CNY"), (2, "USD")):
        case = case_on(books, place, Kind.REFUND_ONLY, currency)
        books.do(decisions.approve, case, waive=["evidence", "goods_back"], because="seen", by=MANAGER)
        books.do(payouts.refund, case, by=MANAGER)
    for place, currency, cash in ((3, "CNY", 700), (4, "USD", 300)):
        books.do(payouts.compensate, case_on(books, place, Kind.INQUIRY, currency), cash=cash, by=MANAGER, **WAIVED)
    cut = case_on(books, 5, Kind.ALLOWANCE, amount=200)
    books.do(decisions.approve, cut, by=MANAGER)
    books.do(payouts.refund, cut, by=MANAGER)
    books.do(payouts.compensate, cut, points=5, by=MANAGER)
    freight = case_on(books, 6)
    books.do(payouts.freight_back, freight, 1200, waive=["approval", "freight"], because="seen", by=MANAGER)
    view = books.do(today)
    due = view.document()["payouts_due"]
    assert due["kinds"] == [
        {"kind": "refund", "count": 2, "money": [cny(10000), usd(10000)], "coupons": []},
        {"kind": "compensation", "count": 4, "money": [cny(900), usd(300), {"points": 5}], "coupons": []},
        {"kind": "freight", "count": 1, "money": [cny(1200)], "coupons": []},
    ]
    in_sql = books.rows("SELECT currency, SUM(minor) FROM payouts WHERE state = 'due' GROUP BY currency ORDER BY 1")
    assert [(row[0], int(row[1])) for row in in_sql] == [("CNY", 12100), ("POINTS", 5), ("USD", 10300)]
    assert due["money"] == [cny(12100), usd(10300), {"points": 5}]
    text = "refund 100.00, 100.00 USD; compensation 9.00, 3.00 USD, 5 points; freight 12.00"
    assert f"7 payouts are due, {text}, the oldest since" in drawn(view)
