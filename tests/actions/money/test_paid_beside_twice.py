"""The platform paid a part of what was agreed to, we sent the rest, and the platform pays the rest too: what left is
more than was agreed, which is asked about and stands as a difference.

60.00 of an order of 100.00 agreed to and clicked on the 7th; the platform paid 45.00 on the 8th.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

import pytest

from fixtures.model import Refund
from retcli.actions.cases import case_cards
from retcli.actions.insight.month import reconciliation as reconciling
from retcli.actions.insight.month import sums
from retcli.actions.money import payout_steps, payouts
from retcli.rules.periods import Period
from retcli.sheets import reconciliation
from retcli.transaction import opened
from tests.reports import SUCCEEDED, Folder, clicked, questions, see_each, sold, take
from tests.shopfloor import MANAGER, Books, shanghai

NUMBER = "2850000000000000861"
ORDER = sold(NUMBER, ("TS-L", 1, 10000))
OURS: dict[str, tuple[str, ...]] = {"sent": ("send",), "unknown": ("send", "lose"), "arrived": ("send", "confirm")}
"""How far our 15.00 got by the time of the second list."""


def paid_there(books: Books, folder: Folder, wish: Refund, minor: int, at: datetime) -> None:
    """The platform's list of the day after says that it paid so much."""
    books.at = shanghai(f"{at:%Y-%m-%d} 12:00").replace(day=at.day + 1)
    take(books, folder.refunds(replace(wish, amount=minor, status=SUCCEEDED, finished_at=at)))


def part_paid(books: Books, folder: Folder) -> Refund:
    """45.00 of the 60.00 paid by the platform, which somebody has looked at."""
    wish = clicked(books, folder, ORDER, 6000)
    paid_there(books, folder, wish, 4500, datetime(2026, 11, 8, 20))
    see_each(books, MANAGER)
    return wish


def rest_by_hand(books: Books, *moves: str) -> str:
    """Our 15.00, moved as far as said."""
    number = books.do(payouts.refund, "31", by=MANAGER).number
    for move in moves:
        books.do(payout_steps.step, number, move, by=MANAGER)
    return str(number)


def classes(books: Books, month: str = "2026-11") -> dict[str, tuple[int, int]]:
    """Our side and the platform's of each class of a month; each sheet's sums are those of the books."""
    with opened(books.asked(), writes=False) as shop:
        of_month = reconciling.month_of_books(shop, month)
        sums.hold_equal(shop, Period.month(month), reconciliation.sheets(of_month)[1:])
    ours, theirs = Counter[str](), Counter[str]()
    for gap in of_month.gaps:
        ours[gap.label] += gap.ours.minor
        theirs[gap.label] += gap.platform.minor
    return {label: (ours[label], theirs[label]) for label in ours}


@pytest.mark.parametrize("ours", OURS)
def test_the_rest_that_left_twice_is_asked_about(books: Books, folder: Folder, ours: str) -> None:
    """45.00, our 15.00, and the platform's 15.00: 75.00 left of 60.00."""
    wish = part_paid(books, folder)
    number = rest_by_hand(books, *OURS[ours])
    paid_there(books, folder, wish, 6000, datetime(2026, 11, 9, 20))
    assert questions(books) == [("31", "platform_paid", "45.00", "60.00")]
    assert classes(books) == {"D3": (4500, 6000)}
    books.check()
    if ours != "arrived":
        books.do(payout_steps.step, number, "confirm", by=MANAGER)
        assert classes(books) == {"D3": (4500, 6000)}
    paid_there(books, folder, replace(wish, note="再看"), 6000, datetime(2026, 11, 9, 20))
    assert len(questions(books)) == 1, "the same told once more answers nothing"
    see_each(books, MANAGER)
    paid_there(books, folder, replace(wish, note="又看"), 6000, datetime(2026, 11, 9, 20))
    assert questions(books) == [], "what was answered is not asked again"
    assert books.do(case_cards.show, "31").document()["case"]["stage"] == "finished"
    books.check()


def test_what_exceeds_the_order_besides_is_counted_once(books: Books, folder: Folder) -> None:
    """45.00, our 15.00, and 55.00 more from there: 115.00 left of 60.00, which is 55.00 too much: 15.00 of it beyond
    the order, 40.00 beyond what was agreed.
    """
    wish = part_paid(books, folder)
    rest_by_hand(books, *OURS["arrived"])
    paid_there(books, folder, wish, 10000, datetime(2026, 11, 9, 20))
    assert [each[1:] for each in questions(books)] == [("over", "85.00", "100.00")]
    assert classes(books) == {"D3": (4500, 8500), "D4": (0, 1500)}
    books.check()


def test_a_rest_that_is_only_due_does_not_leave(books: Books, folder: Folder) -> None:
    wish = part_paid(books, folder)
    rest_by_hand(books)
    paid_there(books, folder, wish, 6000, datetime(2026, 11, 9, 20))
    assert (questions(books), classes(books)) == ([], {"matched": (6000, 6000)})
    books.check()


def test_a_rest_that_came_back_leaves_the_platforms_alone(books: Books, folder: Folder) -> None:
    """Our 15.00 bounced: 60.00 of 60.00 left, all by the platform."""
    wish = part_paid(books, folder)
    number = rest_by_hand(books, "send")
    paid_there(books, folder, wish, 6000, datetime(2026, 11, 9, 20))
    books.do(payout_steps.step, number, "fail", because="退回", by=MANAGER)
    assert classes(books) == {"matched": (6000, 6000)}
    books.check()


def test_the_platform_alone_above_what_was_agreed(books: Books, folder: Folder) -> None:
    """70.00 of 60.00, all by the platform."""
    wish = part_paid(books, folder)
    paid_there(books, folder, wish, 7000, datetime(2026, 11, 9, 20))
    assert [each[1:] for each in questions(books)] == [("platform_paid", "60.00", "70.00")]
    assert classes(books) == {"D3": (6000, 7000)}
    books.check()


def test_a_month_that_is_over_keeps_its_difference(books: Books, folder: Folder) -> None:
    """The platform's 15.00 come in December: November stays at 60.00 against 45.00, made good by our 15.00."""
    wish = part_paid(books, folder)
    rest_by_hand(books, *OURS["arrived"])
    before = classes(books)
    books.at = shanghai("2026-12-02 12:00")
    at = datetime(2026, 12, 1, 10)
    take(books, folder.refunds(replace(wish, amount=6000, status=SUCCEEDED, finished_at=at)))
    assert [each[1:] for each in questions(books)] == [("platform_paid", "45.00", "60.00")]
    assert before == {"D3": (6000, 4500)}
    assert classes(books) == before
    assert classes(books, "2026-12") == {"D3": (0, 1500)}
    books.check()


def test_what_the_platform_paid_stays_in_its_month(books: Books, folder: Folder) -> None:
    """45.00 of 60.00 on 8 November, 15.00 on 1 December, nothing of ours: each stands where it was paid."""
    wish = part_paid(books, folder)
    before = classes(books)
    assert before == {"D3": (6000, 4500)}
    books.at = shanghai("2026-12-02 12:00")
    at = datetime(2026, 12, 1, 10)
    take(books, folder.refunds(replace(wish, amount=6000, status=SUCCEEDED, finished_at=at)))
    assert classes(books) == before
    assert classes(books, "2026-12") == {"D5": (0, 1500)}
    assert classes(books, "2027-01") == {}
    books.check()


@pytest.mark.parametrize(("paid", "by_class"), [(5000, {"D3": (0, 500)}), (4500, {})])
def test_more_than_was_agreed_stands_in_the_month_of_the_rest(
    books: Books, folder: Folder, paid: int, by_class: dict[str, tuple[int, int]]
) -> None:
    """45.00 agreed to and paid on 8 November; a list of December tells of 50.00, or the same again."""
    wish = clicked(books, folder, ORDER, 4500)
    paid_there(books, folder, wish, 4500, datetime(2026, 11, 8, 20))
    books.at = shanghai("2026-12-02 12:00")
    at = datetime(2026, 12, 1, 10) if paid > 4500 else datetime(2026, 11, 8, 20)
    take(books, folder.refunds(replace(wish, amount=paid, status=SUCCEEDED, finished_at=at, note="再")))
    assert classes(books) == {"matched": (4500, 4500)}
    assert classes(books, "2026-12") == by_class
    books.check()
