"""A platform's price cut (价保) and one that was paid by hand are two moneys: neither is taken for the other."""

from __future__ import annotations

import pytest

from retcli.actions.cases import decisions
from retcli.actions.money import payout_steps, payouts
from retcli.rules.lifecycles import Kind
from tests.reports import Folder, asked_back, sold, take
from tests.shopfloor import MANAGER, NOON, Books

ORDER = "2850000000000000881"
STEPS: dict[str, tuple[str, ...]] = {
    "due": (),
    "sent": ("send",),
    "unknown": ("send", "lose"),
    "confirmed": ("send", "confirm"),
}


def by_hand(books: Books, folder: Folder, state: str) -> str:
    """A price cut of 30.00 of 100.00, agreed to and paid by transfer as far as `state`: its payout."""
    books.hire()
    take(books, *folder.both(sold(ORDER, ("TS-L", 1, 10000))))
    books.at = NOON
    case = books.do(decisions.open_case, ORDER, kind=Kind.ALLOWANCE, reason="N_AGREE", amount=3000).number
    books.do(decisions.approve, case, by=MANAGER)
    # a coupon beside keeps the case open when the money has arrived
    books.do(payouts.compensate, case, coupon=100, by=MANAGER)
    number = books.do(payouts.refund, case, by=MANAGER).number
    for move in STEPS[state]:
        books.do(payout_steps.step, number, move, by=MANAGER)
    return number


def paid_there(books: Books, folder: Folder, minor: int) -> None:
    books.later(hours=2)
    finished = books.at.replace(tzinfo=None)
    cut = asked_back("P1", sold(ORDER, ("TS-L", 1, 10000)), minor, kind="价保", reason="价格变动", finished_at=finished)
    take(books, folder.refunds(cut))


@pytest.mark.parametrize("minor", [3000, 2000])
@pytest.mark.parametrize("state", ["sent", "unknown", "confirmed"])
def test_what_left_by_hand_is_not_the_platforms_cut(books: Books, folder: Folder, state: str, minor: int) -> None:
    """30.00 by hand and so much there: both stand in full, each on a case of its own."""
    number = by_hand(books, folder, state)
    paid_there(books, folder, minor)
    assert books.rows("SELECT state FROM payouts WHERE number = :n", n=number) == [(state,)]
    assert books.rows("SELECT platform_number FROM cases ORDER BY id") == [(None,), ("P1",)]
    there = (
        "SELECT p.minor, p.state, p.origin FROM payouts p JOIN cases c ON c.id = p.case_id WHERE platform_number = :p"
    )
    assert books.rows(there, p="P1") == [(minor, "confirmed", "platform")]
    books.check()


def test_another_sum_is_another_cut(books: Books, folder: Folder) -> None:
    """30.00 are due by hand, 20.00 were paid there: nothing of the 30.00 was."""
    number = by_hand(books, folder, "due")
    paid_there(books, folder, 2000)
    assert books.rows("SELECT state FROM payouts WHERE number = :n", n=number) == [("due",)]
    assert books.value("SELECT COUNT(*) FROM cases") == 2
    books.check()


def test_the_same_sum_that_has_not_left_is_the_one_paid_there(books: Books, folder: Folder) -> None:
    number = by_hand(books, folder, "due")
    paid_there(books, folder, 3000)
    assert books.value("SELECT COUNT(*) FROM cases") == 1
    assert books.rows("SELECT state FROM payouts WHERE number = :n", n=number) == [("failed",)], "nothing is paid twice"
    books.check()
