"""The platform's price protection (价保) and a price cut that was paid by hand are two kinds of money, in every sheet.

Of orders of 200.00, 300.00 and 250.00: 20.00 by hand, then 20.00 there; 15.00 agreed to there, then 15.00 by hand;
12.00 opened by hand and paid there before anybody had decided.
"""

from datetime import datetime
from typing import Any

import pytest

from retcli.actions.cases import decisions, platform_list
from retcli.actions.insight.today import today
from retcli.actions.money import payout_steps, payouts
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import Money
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, sold, take
from tests.shopfloor import MANAGER, Books, shanghai
from tests.workbooks import cells, differences, workbook

ORDERS = {n: sold(f"285000000000000098{n}", (f"A{n}", 1, cash)) for n, cash in ((2, 20000), (3, 30000), (6, 25000))}


def yuan(minor: int) -> Money:
    return Money(minor, "CNY")


def there(number: int, minor: int, status: str) -> Any:
    """The platform's price protection on one of the orders."""
    at = datetime(2026, 11, 9, 9) if status == SUCCEEDED else None
    facts: dict[str, Any] = {"kind": "价保", "reason": "价保", "applied_at": datetime(2026, 11, 5, 9)}
    return asked_back(f"R{number}", ORDERS[number], minor, status=status, finished_at=at, **facts)


def opened_by_hand(books: Books, number: int, minor: int) -> str:
    order = ORDERS[number].number
    return books.do(decisions.open_case, order, kind=Kind.ALLOWANCE, reason="I_PRICE", amount=minor, by=MANAGER).number


def by_hand(books: Books, number: int, minor: int) -> None:
    """The same given by hand, and arrived."""
    case = opened_by_hand(books, number, minor)
    books.do(decisions.approve, case, by=MANAGER)
    payout = books.do(payouts.refund, case, by=MANAGER).number
    books.do(payout_steps.step, payout, "confirm", by=MANAGER)


@pytest.fixture
def month(books: Books, folder: Folder) -> Books:
    books.hire()
    books.at = shanghai("2026-11-06 11:00")
    take(books, *folder.both(*ORDERS.values()))
    by_hand(books, 2, 2000)
    books.at = shanghai("2026-11-08 10:00")
    take(books, folder.refunds(there(3, 1500, REQUESTED)))
    books.do(decisions.approve, "R3", by=MANAGER)
    return books


def finish(books: Books, folder: Folder) -> None:
    """The rest of the month."""
    books.do(platform_list.done, ["R3"], by=MANAGER)
    opened_by_hand(books, 6, 1200)
    books.at = shanghai("2026-11-10 09:00")
    take(books, folder.refunds(*(there(n, minor, SUCCEEDED) for n, minor in ((2, 2000), (3, 1500), (6, 1200)))))
    by_hand(books, 3, 1500)
    books.at = shanghai("2026-11-30 20:00")


def test_the_day_tells_it_from_amends(month: Books) -> None:
    """15.00 of price protection are to be clicked."""
    due = month.do(today).document()["payouts_due"]
    amount = {"currency": "CNY", "minor": 1500, "text": "15.00"}
    (item,) = month.do(today).document()["items"]
    assert (item["kind"], item["protection"]) == ("allowance", True)
    assert due["kinds"] == [{"kind": "price_protection", "count": 1, "money": [amount], "coupons": []}]


def test_each_sheet_has_both_apart(month: Books, folder: Folder) -> None:
    """By hand 20.00 + 15.00 = 35.00 of compensation; there 20.00 + 15.00 + 12.00 = 47.00 of price protection."""
    finish(month, folder)
    sheets = workbook(month)
    assert sorted(cells(sheets["Summary"], "Money kind", "Method", "Payouts", "Amount")) == [
        ("compensation", "small transfer", 2, yuan(3500)),
        ("price protection", "original route", 3, yuan(4700)),
    ]
    details = cells(sheets["Details"], "Money kind", "Platform refund no.", "Goods refunded", "Compensation paid")
    assert sorted((kind, bill, goods, given) for kind, bill, goods, given in details) == sorted(
        [
            ("compensation", "", None, yuan(2000)),
            ("compensation", "", None, yuan(1500)),
            *(("price protection", f"R{n}", yuan(minor), None) for n, minor in ((2, 2000), (3, 1500), (6, 1200))),
        ],
        key=str,
    )
    assert sorted(row[0] for row in cells(sheets["Compensation"], "Amount")) == [yuan(1500), yuan(2000)]
    assert sorted(differences(sheets), key=str) == sorted(
        [
            ("D2", None, yuan(2000), yuan(-2000)),
            ("D2", None, yuan(1200), yuan(-1200)),
            ("matched", yuan(1500), yuan(1500), yuan(0)),
        ],
        key=str,
    )
    month.check()


TOLD = (
    "SELECT SUM(c.platform_amount) FROM cases c WHERE c.platform_kind = 'allowance' AND c.kind = 'allowance'"
    " AND c.reason_stated <> 'I_FREIGHT' AND c.platform_succeeded_at IS NOT NULL"
)


def test_the_differences_have_a_column_of_it(month: Books, folder: Folder) -> None:
    """Beside an ordinary refund of 60.00: 20.00 + 12.00 of D2 and 15.00 that agree are 47.00 of price protection."""
    finish(month, folder)
    whole = asked_back("R9", ORDERS[2], 6000, finished_at=datetime(2026, 11, 12, 9), applied_at=datetime(2026, 11, 11))
    month.at = shanghai("2026-11-13 09:00")
    take(month, folder.refunds(whole))
    sheets = workbook(month)
    rows = cells(sheets["Differences"], "Class", "Platform refunded", "Of it price protection")
    told = sorted(((str(label).split()[0], theirs, of_it) for label, theirs, of_it in rows), key=str)
    assert told == sorted(
        [
            ("D2", yuan(2000), yuan(2000)),
            ("D2", yuan(1200), yuan(1200)),
            ("D2", yuan(6000), None),
            ("matched", yuan(1500), yuan(1500)),
        ],
        key=str,
    )
    (total,) = sheets["Differences"].totals()
    assert total["Of it price protection"] == yuan(4700) == yuan(month.value(TOLD))
    details = cells(sheets["Details"], "Money kind", "Platform refunded")
    assert sum(money.minor for kind, money in details if kind == "price protection" and money) == 4700
    month.check()
