"""What a platform paid is beyond an order only where it exceeds the payment together with what really left before."""

from __future__ import annotations

from datetime import datetime

import pytest

from retcli.actions.cases import case_cards, decisions
from retcli.actions.imports import import_questions
from retcli.actions.insight.month import reconciliation
from retcli.actions.money import payout_steps, payouts
from retcli.errors import Overdrawn, Refused
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from tests.reports import REQUESTED, Folder, asked_back, questions, sold, take, unsent
from tests.shopfloor import MANAGER, Books

NUMBER = "2850000000000000711"
LEFT = "SELECT COALESCE(SUM(minor), 0) FROM payouts WHERE state IN ('sent', 'unknown', 'confirmed', 'reversed')"


def approved(books: Books, folder: Folder, ours: int, steps: tuple[str, ...]) -> tuple[str, str]:
    """100.00 paid; a case for all of it approved by hand, a transfer of `ours` fen of it taken so far: both numbers."""
    books.hire()
    order = unsent(sold(NUMBER, ("TS-L", 1, 10000)))
    take(books, *folder.both(order))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="Q_FUNC").number
    books.do(decisions.approve, case, by=MANAGER)
    payout = books.do(payouts.refund, case, amount=ours, by=MANAGER).number if ours else ""
    for step in steps:
        books.do(payout_steps.step, payout, step, by=MANAGER)
    return case, payout


def pays(books: Books, folder: Folder, minor: int) -> None:
    """The refund report: one success of so many fen on the order, for a number that nobody here knows."""
    order, at = unsent(sold(NUMBER, ("TS-L", 1, 10000))), datetime(2026, 11, 9, 20)
    take(books, folder.refunds(asked_back("R1", order, minor, kind="仅退款", finished_at=at)))


def classes(books: Books) -> dict[str, int]:
    """What of the month is in each class of difference, in fen."""
    with opened(books.asked(), writes=False) as shop:
        month = reconciliation.month_of_books(shop, "2026-11")
    gaps = [(gap.label, gap.difference) for gap in month.gaps]
    return {label: amount.minor for label, amount in gaps if amount is not None and label in {"D2", "D4"}}


@pytest.mark.parametrize(
    ("ours", "steps", "theirs", "over"),
    [
        (6000, ("send", "confirm"), 4000, 0),
        (6000, ("send", "confirm"), 6000, 2000),
        (6000, ("send",), 4000, 0),
        (6000, ("send", "lose"), 6000, 2000),
        (10000, ("send", "confirm"), 4000, 4000),
        (6000, (), 6000, 0),
        (10000, (), 4000, 0),
        (0, (), 4000, 0),
    ],
)
def test_only_money_that_left_uses_the_payment_up(
    books: Books, folder: Folder, ours: int, steps: tuple[str, ...], theirs: int, over: int
) -> None:
    """Over = what left here and there together less the 100.00 paid; what was approved and never left is none of it."""
    assert over == max((ours if steps else 0) + theirs - 10000, 0)
    case, _payout = approved(books, folder, ours, steps)
    pays(books, folder, theirs)
    within = theirs - over
    parts = dict(books.rows("SELECT x.purpose, x.minor FROM payout_parts x JOIN payouts p ON p.id = x.payout_id"
                            " WHERE p.origin = 'platform'"))  # fmt: skip
    assert (parts.get("goods", 0), parts.get("over", 0)) == (within, over)
    asked = [("R1", "over", f"{within / 100:.2f}", f"{theirs / 100:.2f}")]
    assert questions(books) == (asked if over else [])
    wanted = {"D2": -within, "D4": -over}
    assert classes(books) == {label: minor for label, minor in wanted.items() if minor}
    books.check()
    shown = books.do(case_cards.show, case).document()["case"]
    assert shown["agreed"]["minor"] == 10000


@pytest.mark.parametrize("theirs", [4000, 6000])
def test_a_case_is_due_no_more_than_the_order_still_has(books: Books, folder: Folder, theirs: int) -> None:
    """60.00 of 100.00 left here; the platform paid the rest: nothing more is due, and the history says why."""
    case, _payout = approved(books, folder, 6000, ("send", "confirm"))
    pays(books, folder, theirs)
    assert books.rows(f"SELECT filing FROM cases WHERE number = '{case}'") == [("finished",)]
    assert books.value(f"SELECT COUNT(*) FROM events WHERE subject = '{case}' AND action = 'make_way'") == 1
    with pytest.raises(Refused):
        books.do(payouts.refund, case, by=MANAGER)


def test_a_transfer_that_bounced_is_due_again(books: Books, folder: Folder) -> None:
    case, payout = approved(books, folder, 6000, ("send", "confirm"))
    pays(books, folder, 4000)
    books.do(payout_steps.reverse, payout, because="退回", by=MANAGER)
    assert books.do(payouts.refund, case, by=MANAGER).money.minor == 6000
    books.check()


def test_what_has_not_left_gives_way_no_further_than_needed(books: Books, folder: Folder) -> None:
    """All of 100.00 waits to leave; the platform paid 40.00: 60.00 may still be paid, and not 60.01."""
    case, payout = approved(books, folder, 10000, ())
    pays(books, folder, 4000)
    assert books.rows(f"SELECT state FROM payouts WHERE number = '{payout}'") == [("failed",)]
    with pytest.raises(Overdrawn):
        books.do(payouts.refund, case, amount=6001, by=MANAGER)
    books.do(payouts.refund, case, by=MANAGER)
    books.check()


def test_money_that_left_is_never_more_by_a_report_read_twice(books: Books, folder: Folder) -> None:
    approved(books, folder, 6000, ("send", "confirm"))
    pays(books, folder, 6000)
    pays(books, folder, 6000)
    assert books.value(LEFT) == 12000
    assert books.value("SELECT COUNT(*) FROM events WHERE action = 'make_way'") == 1
    books.check()


@pytest.mark.parametrize(
    ("asked", "theirs", "state"), [(True, 10000, "failed"), (False, 10000, "failed"), (True, 4000, "due")]
)
def test_a_cases_own_transfer_that_has_not_left_makes_way_too(
    books: Books, folder: Folder, asked: bool, theirs: int, state: str
) -> None:
    """60.00 of 100.00 are to leave, then the platform pays on that very case: 100.00 is all of it, 40.00 the rest."""
    case, payout = approved(books, folder, 6000, ())
    order, at = unsent(sold(NUMBER, ("TS-L", 1, 10000))), datetime(2026, 11, 9, 20)
    wish = asked_back("R1", order, 10000, kind="仅退款", status=REQUESTED)
    if asked:
        take(books, folder.refunds(wish))
    take(books, folder.refunds(asked_back("R1", order, theirs, kind="仅退款", finished_at=at)))
    assert books.rows(f"SELECT state FROM payouts WHERE number = '{payout}'") == [(state,)]
    assert books.value("SELECT COUNT(*) FROM payout_parts WHERE purpose = 'over'") == 0
    assert books.value("SELECT COUNT(*) FROM cases") == 1, "the case takes the platform's number"
    assert books.do(case_cards.show, case).document()["case"]["due"]["minor"] == 10000
    books.check()


RETURNED = ("ours first", "theirs first")


@pytest.mark.parametrize("turn", RETURNED)
@pytest.mark.parametrize("theirs", [3000, 10000])
def test_once_all_of_it_came_back_all_that_was_agreed_is_due(
    books: Books, folder: Folder, theirs: int, turn: str
) -> None:
    """100.00 paid; 100.00 of ours left, and 30.00 or 100.00 of theirs. Both come back: 100.00 are due, in any turn."""
    case, ours = approved(books, folder, 10000, ("send", "confirm"))
    pays(books, folder, theirs)
    books.do(import_questions.answer, books.value("SELECT id FROM import_questions"), "seen", by=MANAGER)
    payouts_then = [ours, books.value("SELECT number FROM payouts WHERE origin = 'platform'")]
    for number in payouts_then if turn == RETURNED[0] else reversed(payouts_then):
        books.do(payout_steps.reverse, number, because="x", by=MANAGER)
    assert books.do(payouts.refund, case, by=MANAGER).money.minor == 10000
    books.check()


def test_what_was_repaid_meanwhile_is_due_no_second_time(books: Books, folder: Folder) -> None:
    """Ours came back, 70.00 were repaid while the platform's 30.00 stood; then those come back: 30.00 are due."""
    case, ours = approved(books, folder, 10000, ("send", "confirm"))
    pays(books, folder, 3000)
    books.do(payout_steps.reverse, ours, because="x", by=MANAGER)
    again = books.do(payouts.refund, case, by=MANAGER)
    assert again.money.minor == 7000
    books.do(payout_steps.step, again.number, "confirm", by=MANAGER)
    theirs = books.value("SELECT number FROM payouts WHERE origin = 'platform' AND minor > 0")
    books.do(payout_steps.reverse, theirs, because="x", by=MANAGER)
    assert books.do(case_cards.show, case).stage == "to_pay"
    assert books.do(payouts.refund, case, by=MANAGER).money.minor == 3000
    books.check()


@pytest.mark.parametrize("ends", ["", "give_up", "withdraw"])
def test_what_never_left_is_due_again_unless_somebody_gave_it_up(books: Books, folder: Folder, ends: str) -> None:
    """100.00 agreed to, none of it paid; the platform pays 40.00 and gets it back: 100.00 are due."""
    case, _none = approved(books, folder, 0, ())
    pays(books, folder, 4000)
    if ends == "give_up":
        books.do(decisions.finish, case, because="x", by=MANAGER)
    elif ends:
        books.do(decisions.withdraw, case)
    theirs = books.value("SELECT number FROM payouts WHERE origin = 'platform'")
    books.do(payout_steps.reverse, theirs, because="x", by=MANAGER)
    if ends:
        with pytest.raises(Refused):
            books.do(payouts.refund, case, by=MANAGER)
    else:
        assert books.do(payouts.refund, case, by=MANAGER).money.minor == 10000
    books.check()
