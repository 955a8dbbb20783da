"""What the refund report told, and what was clicked on the platform, explains what the order file says went back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fixtures.model import Order
from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.insight.month import order_file_refunds
from retcli.actions.money import payout_steps, payouts
from retcli.actions.shop import orders
from retcli.rules.lifecycles import Kind
from retcli.rules.periods import Period
from retcli.transaction import opened
from tests.actions.orderfile.test_refunded_on_platform import after
from tests.reports import REQUESTED, Folder, asked_back, questions, sold, take, unsent
from tests.shopfloor import MANAGER, Books

NUMBER = "2850000000000000721"


def the_order() -> Order:
    """100.00 paid for one thing that was not sent yet."""
    return unsent(sold(NUMBER, ("TS-L", 1, 10000)))


def left(books: Books) -> tuple[int, int]:
    """What went back there and stands nowhere here, and what is refundable yet, in fen."""
    shown = books.do(orders.show, NUMBER).document()
    return int(shown["unbooked"]["minor"]), int(shown["lines"][0]["refundable"]["minor"])


def beyond_books(books: Books) -> list[int]:
    """What the month's workbook says of the same in its orders, in fen."""
    every = Period(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
    with opened(books.asked(), writes=False) as shop:
        rows = order_file_refunds.refunded_beyond_books(shop, every)
    return [(row.there - row.booked).minor for row in rows if row.there is not None]


def the_file_says(books: Books, folder: Folder, minor: int) -> None:
    """Ten minutes later the order report alone: so much went back."""
    books.later(minutes=10)
    take(books, folder.orders(after(the_order(), minor)))


@pytest.mark.parametrize("file_first", [True, False])
def test_what_the_report_told_beyond_the_order_is_in_the_books(books: Books, folder: Folder, file_first: bool) -> None:
    """Two successes of 60.00 on 100.00 paid: all that the order report says is told, 20.00 of it over."""
    take(books, *folder.both(the_order()))
    if file_first:
        the_file_says(books, folder, 10000)
    twice = [asked_back(f"R{n}", the_order(), 6000, kind="仅退款") for n in (1, 2)]
    take(books, folder.refunds(*twice))
    if not file_first:
        the_file_says(books, folder, 10000)
    assert books.value("SELECT SUM(minor) FROM payout_parts WHERE purpose = 'over'") == 2000
    assert left(books) == (0, 0)
    assert beyond_books(books) == []
    books.check()


def test_a_report_of_which_all_is_over_is_in_the_books(books: Books, folder: Folder) -> None:
    """100.00 left by a transfer, and the platform paid 40.00: the file's 40.00 is that, none of it stands nowhere."""
    books.hire()
    take(books, *folder.both(the_order()))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="Q_FUNC").number
    books.do(decisions.approve, case, by=MANAGER)
    payout = books.do(payouts.refund, case, by=MANAGER).number
    books.do(payout_steps.step, payout, "confirm", by=MANAGER)
    take(books, folder.refunds(asked_back("R1", the_order(), 4000, kind="仅退款")))
    the_file_says(books, folder, 4000)
    assert books.value("SELECT SUM(minor) FROM payout_parts WHERE purpose = 'over'") == 4000
    assert left(books) == (0, 0)
    assert beyond_books(books) == []
    books.check()


def agreed(books: Books, folder: Folder, *, clicked: bool) -> str:
    """60.00 of 100.00 asked for on the platform and agreed to here, clicked or not: the case."""
    books.hire()
    order = the_order()
    wish = asked_back("R1", order, 6000, kind="仅退款", status=REQUESTED)
    take(books, *folder.both(order), folder.refunds(wish))
    case = books.do(decisions.approve, "R1", by=MANAGER).number
    books.later(minutes=10)
    if clicked:
        books.do(platform_list.done, ["R1"], by=MANAGER)
    return case


def test_our_own_click_explains_the_next_order_report(books: Books, folder: Folder) -> None:
    """60.00 clicked, then the file says 60.00: they are ours, 40.00 are open, and another case is paid them."""
    case = agreed(books, folder, clicked=True)
    the_file_says(books, folder, 6000)
    assert left(books) == (0, 4000)
    assert beyond_books(books) == []
    assert books.do(case_cards.show, case).next == "retcli import FILE"
    other = books.do(decisions.open_case, NUMBER, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=4000).number
    books.do(decisions.approve, other, by=MANAGER)
    assert books.do(payouts.refund, other, by=MANAGER).money.minor == 4000
    books.check()
    at = (books.at - timedelta(minutes=5)).replace(tzinfo=None)
    take(books, folder.refunds(asked_back("R1", the_order(), 6000, kind="仅退款", finished_at=at)))
    assert books.rows(f"SELECT filing FROM cases WHERE number = '{case}'") == [("finished",)]
    assert left(books) == (0, 0)
    books.check()


def test_a_click_explains_no_file_from_before_it(books: Books, folder: Folder) -> None:
    """The file's 40.00 stood before the click of 60.00, which somebody confirmed to be another payment."""
    agreed(books, folder, clicked=False)
    the_file_says(books, folder, 4000)
    assert left(books) == (4000, 0)
    books.later(minutes=10)
    books.do(platform_list.done, ["R1"], waive=["went_back"], because="另一笔", by=MANAGER)
    assert left(books) == (4000, 0)
    assert beyond_books(books) == [4000]
    the_file_says(books, folder, 10000)
    assert left(books) == (4000, 0), "the growth of 60.00 is ours"


def test_more_than_was_clicked_is_explained_as_far_as_the_click_goes(books: Books, folder: Folder) -> None:
    agreed(books, folder, clicked=True)
    the_file_says(books, folder, 8000)
    assert left(books) == (2000, 2000)
    assert beyond_books(books) == [2000]


def test_the_file_that_resolves_a_question_closes_it(books: Books, folder: Folder) -> None:
    """60.00 clicked; one list says that 15.00 succeeded, the next that 60.00 did: nothing is left to ask."""
    case = agreed(books, folder, clicked=True)
    told = asked_back("R1", the_order(), 1500, kind="仅退款", finished_at=datetime(2026, 11, 9, 12, 5))
    take(books, folder.refunds(told))
    assert questions(books) == [("R1", "platform_paid", "60.00", "15.00")]
    take(books, folder.refunds(replace(told, amount=3000)))
    assert questions(books) == [("R1", "platform_paid", "60.00", "30.00")], "15.00 are no fact any more"
    take(books, folder.refunds(replace(told, amount=6000)))
    assert questions(books) == []
    resolved = "SELECT payload FROM events WHERE action = 'resolve' ORDER BY seq"
    assert [json.loads(row[0])["found"] for row in books.rows(resolved)] == ["15.00", "30.00"]
    assert books.rows(f"SELECT filing FROM cases WHERE number = '{case}'") == [("finished",)]
    books.check()


def test_a_refund_that_may_be_the_files_is_looked_up_before_it_is_failed(books: Books, folder: Folder) -> None:
    """60.00 agreed and not clicked here, the file says 60.00: the refund report tells whether they are the same."""
    case = agreed(books, folder, clicked=False)
    the_file_says(books, folder, 6000)
    step = books.do(case_cards.show, case).next
    assert step.startswith("retcli import FILE\nretcli pay fail PO"), step
