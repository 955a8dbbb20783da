"""Money that left for goods which are not here: the day's list, the list of cases and the month's D9 tell the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from retcli.actions.cases import decisions, queue
from retcli.actions.insight import today
from retcli.actions.insight.month.goods_owed import goods_owed
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.inspection import inspect, parse_item
from retcli.rules.lifecycles import Kind
from retcli.rules.periods import Period
from retcli.transaction import opened
from tests.reports import SUCCEEDED, Folder, asked_back, sold, take
from tests.shopfloor import WAREHOUSE, Books

ORDER, BACK = "2850000000000000061", "YT1252110038258"
SENT_BACK = "买家已经退货，等待卖家确认收货"
CUP = 5990
"""Of two cups for 119.80; with 10.00 of freight the order was paid 129.80."""


def by_hand(books: Books, kind: Kind = Kind.RETURN) -> str:
    """A return of both cups for a fault, 129.80, agreed to; nothing has left."""
    books.order(ORDER, ("CUP", 2, 2 * CUP), freight=1000)
    want: dict[str, Any] = {"want": ["MUG"]} if kind == Kind.EXCHANGE else {}
    case = books.do(decisions.open_case, ORDER, kind=kind, reason="Q_FUNC", **want).number
    books.do(decisions.approve, case, waive=["difference"] if want else [], because="x")
    return case


def pay(books: Books, case: str, *moves: str) -> str:
    payout = books.do(payouts.refund, case, waive=["goods_first"], because="老客户").number
    for move in moves:
        books.do(payout_steps.step, payout, move)
    return payout


def agreed(books: Books, folder: Folder) -> str:
    return by_hand(books)


def due(books: Books, folder: Folder) -> str:
    case = by_hand(books)
    pay(books, case)
    return case


def sent(books: Books, folder: Folder) -> str:
    case = by_hand(books)
    pay(books, case, "send")
    return case


def arrived(books: Books, folder: Folder) -> str:
    case = by_hand(books)
    pay(books, case, "send", "confirm")
    return case


def taken_back(books: Books, folder: Folder) -> str:
    case = by_hand(books)
    books.do(payout_steps.reverse, pay(books, case, "confirm"), because="came back")
    return case


def paid_anew(books: Books, folder: Folder) -> str:
    case = taken_back(books, folder)
    pay(books, case, "confirm")
    return case


def by_platform(books: Books, folder: Folder, *, seen: bool = True) -> str:
    """The platform paid by itself: after it was `seen` here as asked for, or before (极速退款)."""
    bought = replace(sold(ORDER, ("CUP", 2, 2 * CUP), freight=1000))
    take(books, *folder.both(bought))
    books.later(days=1)
    now = books.at.replace(tzinfo=None)
    wish = asked_back("R1", bought, 2 * CUP, waybill=BACK, quantity=2, applied_at=now - timedelta(hours=2))
    if seen:
        take(books, folder.refunds(replace(wish, status=SENT_BACK)))
        books.later(hours=3)
    paid = replace(wish, status=SUCCEEDED, finished_at=books.at.replace(tzinfo=None) - timedelta(hours=1))
    take(books, folder.refunds(paid))
    return "R1"


def at_once(books: Books, folder: Folder) -> str:
    return by_platform(books, folder, seen=False)


MONEY: dict[str, tuple[Callable[[Books, Folder], str], int, int]] = {
    "agreed": (agreed, 0, 0),
    "due": (due, 0, 0),
    "sent": (sent, 2, 0),  # the month books what arrived
    "arrived": (arrived, 2, 2),
    "taken back": (taken_back, 0, 0),
    "paid anew": (paid_anew, 2, 2),
    "by the platform": (by_platform, 2, 2),
    "by the platform at once": (at_once, 2, 2),
}
"""How the money went, and for how many cups it left and arrived."""


def nothing(books: Books, case: str) -> None:
    """No parcel was ever scanned."""


def one(books: Books, case: str) -> None:
    inspected(books, case, "CUP=1:A")


def foreign(books: Books, case: str) -> None:
    inspected(books, case, "CUP=2:X")


def both(books: Books, case: str) -> None:
    inspected(books, case, "CUP=2:A")


def inspected(books: Books, case: str, what: str) -> None:
    if not books.rows("SELECT 1 FROM parcels"):
        books.do(parcels.expect_by_hand, case, BACK)
    books.do(inspect, case, [parse_item(what)], by=WAREHOUSE)


GOODS: dict[str, tuple[Callable[[Books, str], None], int]] = {
    "nothing": (nothing, 0),
    "one": (one, 1),
    "foreign": (foreign, 0),
    "both": (both, 2),
}
"""What came, and how many right cups are in."""


def told(books: Books) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Count and money (fen) by the day's list, by the list of cases, and by the month's D9."""
    day = books.do(today.today)
    cases = books.do(queue.list_cases, without_goods=True).cases
    with opened(books.asked(), writes=False) as shop:
        gaps = goods_owed(shop, Period.month("2026-11")).values()
    owed = [gap.goods_owed.minor for gap in gaps if gap.goods_owed]
    at_risk = [view.at_stake.minor for view in cases if view.at_stake]
    sums = sum(money.minor for money in day.without_goods.money)
    return (day.without_goods.count, sums), (len(cases), sum(at_risk)), (len(owed), sum(owed))


@pytest.mark.parametrize("goods", GOODS)
@pytest.mark.parametrize("money", MONEY)
def test_day_list_and_month_tell_the_same(sqlite_books: Books, folder: Folder, money: str, goods: str) -> None:
    """59.90 for each cup that was paid and is not in."""
    books, (spend, left, settled), (come, in_) = sqlite_books, MONEY[money], GOODS[goods]
    books.hire()
    books.product("CUP")
    case = spend(books, folder)
    come(books, case)
    lacking, booked = max(left - in_, 0) * CUP, max(settled - in_, 0) * CUP
    assert told(books) == (
        (int(bool(lacking)), lacking), (int(bool(lacking)), lacking), (int(bool(booked)), booked)
    )  # fmt: skip
    for item in books.do(today.today).items:
        assert item.money_at_risk.minor >= lacking, "the day's list shows what may be lost"


def test_an_exchange_whose_difference_left_ahead_is_among_them(sqlite_books: Books) -> None:
    """Two cups for 119.80 against two mugs for 80.00: 39.80 left, and no cup is in."""
    books = sqlite_books
    books.hire()
    books.product("MUG", price=4000)
    pay(books, by_hand(books, Kind.EXCHANGE), "confirm")
    assert told(books) == ((1, 3980), (1, 3980), (1, 3980))
