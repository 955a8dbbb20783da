"""A platform's refund report proves only what went by the original route: a transfer waits for its own proof."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from fixtures.model import Order, Refund
from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.insight.month import reconciliation as reconciling
from retcli.actions.insight.month import sums
from retcli.actions.money import payout_steps, payouts
from retcli.rules.lifecycles import Kind
from retcli.rules.periods import Period
from retcli.sheets import reconciliation
from retcli.transaction import opened
from tests.reports import CLOSED, REQUESTED, SUCCEEDED, Folder, asked_back, questions, see_each, sold, take, unsent
from tests.shopfloor import MANAGER, Books, shanghai

NUMBER = "2850000000000000955"
AT = datetime(2026, 11, 10, 10)


def order() -> Order:
    """An order of 55.00, paid and not sent."""
    return unsent(sold(NUMBER, ("TS-BIG", 1, 5500)))


def wish(minor: int = 5500) -> Refund:
    return asked_back("R3", order(), minor, kind="仅退款", status=REQUESTED, goods="买家未收到货")


def standing(books: Books) -> list[tuple[Any, ...]]:
    """Method, state, origin and fen of each payout that was not taken back."""
    query = (
        "SELECT method, state, origin, minor FROM payouts WHERE reverses_id IS NULL AND state <> 'reversed' ORDER BY id"
    )
    return [tuple(row) for row in books.rows(query)]


def over(books: Books) -> int:
    return int(books.value("SELECT COALESCE(SUM(minor), 0) FROM payout_parts WHERE purpose = 'over'"))


def classes(books: Books) -> dict[str, tuple[int, int]]:
    """Our side and the platform's of each class of November; each sheet's sums are those of the books."""
    period = Period.month("2026-11")
    with opened(books.asked(), writes=False) as shop:
        month = reconciling.month_of_books(shop, "2026-11")
        sums.hold_equal(shop, period, reconciliation.sheets(month)[1:])
    ours, theirs = Counter[str](), Counter[str]()
    for gap in month.gaps:
        ours[gap.label] += gap.ours.minor
        theirs[gap.label] += gap.platform.minor
    return {label: (ours[label], theirs[label]) for label in ours}


def in_both(books: Books) -> None:
    """55.00 left by transfer and have no proof yet, 55.00 by the platform: the order had nothing left for these."""
    assert standing(books) == [("transfer", "sent", "own", 5500), ("original", "confirmed", "platform", 5500)]
    assert over(books) == 5500
    assert [each[1:] for each in questions(books)] == [("over", "0.00", "55.00")]
    assert classes(books) == {"D4": (0, 5500)}
    books.check()


def transferred(books: Books, folder: Folder, *, by_us: bool = True) -> None:
    """55.00 refunded by the list (agreed to `by_us`, or by the platform alone), closed there, taken back here, and sent
    by transfer.
    """
    books.hire()
    books.at = shanghai("2026-11-07 12:00")
    take(books, *folder.both(order()))
    if by_us:
        take(books, folder.refunds(wish()))
        books.do(decisions.approve, "R3", by=MANAGER)
        books.do(platform_list.done, ["R3"], by=MANAGER)
    take(books, folder.refunds(replace(wish(), status=SUCCEEDED, finished_at=AT)))
    books.later(hours=72)
    take(books, folder.refunds(replace(wish(), status=CLOSED, finished_at=AT)))
    books.do(payout_steps.reverse, str(books.value("SELECT number FROM payouts")), because="退款关闭", by=MANAGER)
    seen(books)
    books.do(payouts.refund, "R3", waive=["closed_there"], because="银行卡已换", by=MANAGER)
    books.do(payout_steps.step, transfer(books), "send", by=MANAGER)


def seen(books: Books) -> None:
    """A person notes every open question."""
    see_each(books, MANAGER)


def transfer(books: Books) -> str:
    return str(books.value("SELECT number FROM payouts WHERE method = 'transfer'"))


PAID_AGAIN = replace(wish(), status=SUCCEEDED, finished_at=AT + timedelta(days=4))


@pytest.mark.parametrize("by_us", [True, False])
def test_paid_closed_transferred_and_paid_there_again(books: Books, folder: Folder, *, by_us: bool) -> None:
    """110.00 left for an order of 55.00, whoever had agreed to the first refund."""
    transferred(books, folder, by_us=by_us)
    take(books, folder.refunds(PAID_AGAIN))
    in_both(books)
    take(books, folder.refunds(replace(PAID_AGAIN, note="再看")))
    in_both(books)


def test_a_transfer_that_came_back_leaves_the_platforms_refund_alone(books: Books, folder: Folder) -> None:
    """The transfer bounced: 55.00 of 55.00 left, by the platform, just as was agreed."""
    transferred(books, folder)
    take(books, folder.refunds(PAID_AGAIN))
    books.do(payout_steps.step, transfer(books), "fail", because="退回", by=MANAGER)
    assert standing(books)[1:] == [("original", "confirmed", "platform", 5500)]
    assert (over(books), questions(books), classes(books)) == (0, [], {"matched": (5500, 5500)})
    books.check()


def test_a_transfer_that_arrived_leaves_the_platforms_refund_over(books: Books, folder: Folder) -> None:
    transferred(books, folder)
    take(books, folder.refunds(PAID_AGAIN))
    seen(books)
    books.do(payout_steps.step, transfer(books), "confirm", by=MANAGER)
    assert standing(books)[0] == ("transfer", "confirmed", "own", 5500)
    assert (over(books), classes(books)) == (5500, {"D4": (0, 5500)})
    books.check()


def by_hand(books: Books, folder: Folder, *moves: str) -> None:
    """55.00 agreed to on a case that was opened by hand, let go by transfer, taken so far."""
    books.hire()
    books.at = shanghai("2026-11-07 12:00")
    take(books, *folder.both(order()))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="Q_FUNC", lines=["TS-BIG=1"]).number
    books.do(decisions.approve, case, by=MANAGER)
    number = books.do(payouts.refund, case, by=MANAGER).number
    for move in moves:
        books.do(payout_steps.step, number, move, by=MANAGER)


@pytest.mark.parametrize("asked_first", [True, False])
def test_a_transfer_on_its_way_is_not_proved_by_the_platform(
    books: Books, folder: Folder, *, asked_first: bool
) -> None:
    """The buyer asks on the platform too, whose refund goes through beside the transfer."""
    by_hand(books, folder, "send")
    if asked_first:
        take(books, folder.refunds(wish()))
        confirm = f"retcli pay confirm {transfer(books)}"
        assert books.do(case_cards.show, "R3").next == confirm, "no report of the platform's proves it"
    books.later(hours=72)
    take(books, folder.refunds(replace(wish(), status=SUCCEEDED, finished_at=AT)))
    in_both(books)


def test_a_transfer_that_has_not_left_does_not_leave_beside_the_platforms(books: Books, folder: Folder) -> None:
    by_hand(books, folder)
    books.later(hours=72)
    take(books, folder.refunds(replace(wish(), status=SUCCEEDED, finished_at=AT)))
    assert standing(books) == [("transfer", "failed", "own", 5500), ("original", "confirmed", "platform", 5500)]
    assert (over(books), questions(books), classes(books)) == (0, [], {"matched": (5500, 5500)})
    books.check()


def test_a_part_that_went_by_transfer_leaves_the_rest_to_the_platform(books: Books, folder: Folder) -> None:
    """20.00 of 55.00 sent by transfer, 50.00 paid there: 35.00 find room, 15.00 are over."""
    by_hand(books, folder)
    books.do(payout_steps.step, transfer(books), "fail", because="只退一部分", by=MANAGER)
    case = str(books.value("SELECT number FROM cases"))
    part = books.do(payouts.refund, case, amount=2000, by=MANAGER).number
    books.do(payout_steps.step, part, "send", by=MANAGER)
    books.later(hours=72)
    take(books, folder.refunds(replace(wish(5000), status=SUCCEEDED, finished_at=AT)))
    assert standing(books)[1:] == [("transfer", "sent", "own", 2000), ("original", "confirmed", "platform", 5000)]
    assert over(books) == 1500
    assert [each[1:] for each in questions(books)] == [("over", "35.00", "50.00")]
    assert classes(books) == {"D2": (0, 3500), "D4": (0, 1500)}
    books.check()
