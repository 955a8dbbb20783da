"""An accountant's two months in several currencies: a refund in two parts, a part of another one, amends, each taken
back in the month or in a later one. No sum adds two currencies, and each is that of the books.
"""

from collections import Counter
from typing import Any

import pytest

from retcli.actions.cases import decisions
from retcli.actions.money import payout_steps, payouts
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import Money
from tests.shopfloor import MANAGER, Books, shanghai
from tests.workbooks import cells, workbook

WAIVED: dict[str, Any] = {"waive": ["approval"], "because": "seen"}
NOVEMBER, DECEMBER = "2026-11", "2026-12"


def agreed(books: Books, place: int, currency: str) -> str:
    """A refund without return on an order of its own for 100.00, or for 10,000, agreed to."""
    order = books.order(f"28500000000000009{place:02}", ("TS-L", 2, 10000), currency=currency)
    case = books.do(decisions.open_case, order, kind=Kind.REFUND_ONLY, reason="L_LOST", by=MANAGER).number
    books.do(decisions.approve, case, waive=["goods_back", "evidence"], because="seen", by=MANAGER)
    return case


def paid(books: Books, action: Any, case: str, at: str, **given: Any) -> str:
    """A payout that arrived at an instant; its number."""
    books.at = shanghai(at)
    number = str(books.do(action, case, by=MANAGER, **given).number)
    books.do(payout_steps.step, number, "confirm", by=MANAGER)
    return number


def taken_back(books: Books, number: str, at: str) -> None:
    books.at = shanghai(at)
    books.do(payout_steps.reverse, number, because="came back", by=MANAGER)


@pytest.fixture
def abroad(books: Books) -> Books:
    """USD: 40.00 + 60.00 of a refund, the 40.00 taken back on the 20th, the 60.00 on 12-07; amends of 5.00, taken back
    on the 25th, and of 7.00, taken back on 12-06. JPY: 4,000 of 10,000, taken back on 12-05. CNY: a coupon of 3.00.
    """
    books.hire()
    dollars, yen = agreed(books, 1, "USD"), agreed(books, 2, "JPY")
    inquiry = books.do(
        decisions.open_case, books.order("2850000000000000903", ("TS-L", 1, 6000), currency="USD"),
        kind=Kind.INQUIRY, reason="Q_LOOK", by=MANAGER,
    ).number  # fmt: skip
    home = books.do(
        decisions.open_case, books.order("2850000000000000904", ("TS-L", 1, 6000)), kind=Kind.INQUIRY, reason="Q_LOOK"
    ).number
    first = paid(books, payouts.refund, dollars, "2026-11-10 10:00", amount=4000)
    second = paid(books, payouts.refund, dollars, "2026-11-11 10:00")
    five = paid(books, payouts.compensate, inquiry, "2026-11-12 10:00", cash=500, **WAIVED)
    seven = paid(books, payouts.compensate, inquiry, "2026-11-13 10:00", cash=700)
    part = paid(books, payouts.refund, yen, "2026-11-14 10:00", amount=4000)
    paid(books, payouts.compensate, home, "2026-11-15 10:00", coupon=300, **WAIVED)
    taken_back(books, first, "2026-11-20 10:00")
    taken_back(books, five, "2026-11-25 10:00")
    taken_back(books, part, "2026-12-05 10:00")
    taken_back(books, seven, "2026-12-06 10:00")
    taken_back(books, second, "2026-12-07 10:00")
    books.check()
    return books


BY_HAND = {
    NOVEMBER: {
        # 40 + 60 - 40, and 5 + 7 - 5; 4,000; a coupon at its face
        ("refund", "USD"): 6000, ("compensation", "USD"): 700, ("refund", "JPY"): 4000, ("compensation", "CNY"): 300,
    },
    DECEMBER: {("refund", "USD"): -6000, ("compensation", "USD"): -700, ("refund", "JPY"): -4000},
}  # fmt: skip


@pytest.mark.parametrize("month", BY_HAND)
def test_each_sheet_has_each_currency_by_itself(abroad: Books, month: str) -> None:
    sheets = workbook(abroad, month)
    for name in ("Summary", "Details"):
        title = "Amount" if name == "Summary" else "In all"
        summed: Counter[tuple[str, str]] = Counter()
        for kind, money in cells(sheets[name], "Money kind", title):
            summed[kind, money.currency] += money.minor
        assert dict(summed) == BY_HAND[month], name
    given: Counter[str] = Counter()
    for (money,) in cells(sheets["Compensation"], "Amount"):
        given[money.currency] += money.minor
    assert dict(given) == {currency: n for (kind, currency), n in BY_HAND[month].items() if kind == "compensation"}
    first, last = f"{month}-01", f"{month}-31"
    query = (
        "SELECT kind, currency, SUM(minor) FROM payouts WHERE CAST(settled_at AS TEXT) BETWEEN :first AND :last"
        " GROUP BY kind, currency"
    )
    in_sql = {(row[0], row[1]): int(row[2]) for row in abroad.rows(query, first=first, last=last)}
    assert in_sql == BY_HAND[month]


def test_what_is_owed_again_is_owed_in_its_currency(abroad: Books) -> None:
    """At the end of November the 40.00 USD and 6,000 JPY; at that of December 100.00 USD and 10,000 JPY."""
    for month, dollars, yen in ((NOVEMBER, 4000, 6000), (DECEMBER, 10000, 10000)):
        owed = [row[0] for row in cells(workbook(abroad, month)["Owed"], "Agreed, in no payout")]
        assert sorted(owed, key=str) == sorted([Money(dollars, "USD"), Money(yen, "JPY")], key=str)
