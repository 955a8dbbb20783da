"""The platform paid less than was agreed: the rest goes another way or is given up, and the same fact is no news."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fixtures.model import Refund
from retcli.actions.casefile import payable
from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.imports import import_questions
from retcli.actions.money import payout_steps, payouts
from retcli.errors import Refused
from retcli.rules.money import payouts as rules
from retcli.rules.money.minor_units import Money
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, clicked, questions, sold, take, take_one, unsent
from tests.sheets.test_beyond import notes
from tests.shopfloor import AGENT, MANAGER, Books, shanghai
from tests.workbooks import cells, differences, workbook

NUMBER = "2850000000000000711"
THERE = shanghai("2026-11-08 10:00").replace(tzinfo=None)
D3 = ("D3", Money(5000, "CNY"), Money(4500, "CNY"), Money(500, "CNY"))


def agreed(books: Books, folder: Folder) -> Refund:
    """A wish of 50.00 on an order of 198.00, agreed to and clicked."""
    wish = clicked(books, folder, sold(NUMBER, ("TS-L", 1, 19800)), 5000)
    books.at = shanghai("2026-11-09 12:00")
    return wish


def paid_less(books: Books, folder: Folder) -> Refund:
    """The same, of which the platform paid 45.00, and the question about it kept."""
    told = replace(agreed(books, folder), amount=4500, status=SUCCEEDED, finished_at=THERE)
    take(books, folder.refunds(told))
    books.do(import_questions.answer, books.value("SELECT id FROM import_questions"), "keep", by=MANAGER)
    return told


def clicks(books: Books) -> list[tuple[Any, ...]]:
    return books.rows("SELECT action, state FROM platform_actions ORDER BY id")


def paid(books: Books) -> list[tuple[Any, ...]]:
    return books.rows("SELECT minor, method, state, origin FROM payouts ORDER BY id")


def test_a_click_whose_amount_did_not_move_is_not_verified(books: Books, folder: Folder) -> None:
    wish = agreed(books, folder)
    file = take_one(books, folder.refunds(replace(wish, amount=4500, status=SUCCEEDED, finished_at=THERE)))
    assert paid(books) == [(5000, "original", "failed", "own"), (4500, "original", "confirmed", "platform")]
    assert clicks(books) == [("agree_refund", "dropped")]
    case, failed = books.value("SELECT number FROM cases"), books.value("SELECT number FROM payouts ORDER BY id")
    number = books.value("SELECT id FROM import_questions")
    assert (
        f"{failed} of {case} failed: 50.00 did not leave; next: retcli imports answer {number} --seen" in file.remarks
    )
    assert file.exit_code == 3
    books.check()


def test_the_rest_goes_another_way_or_is_given_up(books: Books, folder: Folder) -> None:
    paid_less(books, folder)
    case = books.do(case_cards.show, "31")
    assert case.next == f"retcli pay refund {case.number}\nretcli case finish {case.number} --because TEXT"
    rest = books.do(payouts.refund, "31", by=MANAGER)
    assert (rest.money.minor, rest.method, rest.state) == (500, "transfer", "due")
    assert clicks(books) == [("agree_refund", "dropped")], "nothing is left to click there"
    assert books.do(case_cards.show, "31").next == f"retcli pay sent {rest.number}"
    books.do(payout_steps.step, rest.number, "send", by=MANAGER)
    books.do(payout_steps.step, rest.number, "confirm", by=MANAGER)
    assert books.value("SELECT filing FROM cases") == "finished"
    books.check()


def test_the_rest_is_given_up_by_name_and_reason(books: Books, folder: Folder) -> None:
    paid_less(books, folder)
    books.do(decisions.finish, "31", because="买家同意", by=MANAGER)
    event = books.value("SELECT payload FROM events WHERE action = 'give_up'")
    assert '"minor":500' in event
    assert differences(workbook(books)) == [D3], "what was agreed stands"
    books.check()


@pytest.mark.parametrize("how_far", ["question open", "kept", "due", "sent", "confirmed"])
def test_the_same_fact_again_is_no_news(books: Books, folder: Folder, how_far: str) -> None:
    """The list comes again with another cell: no payout fails, no question comes back, what was agreed stands."""
    wish = agreed(books, folder)
    told = replace(wish, amount=4500, status=SUCCEEDED, finished_at=THERE)
    take(books, folder.refunds(told))
    if how_far != "question open":
        books.do(import_questions.answer, books.value("SELECT id FROM import_questions"), "keep", by=MANAGER)
    if how_far in {"due", "sent", "confirmed"}:
        number = books.do(payouts.refund, "31", by=MANAGER).number
        for move in {"due": (), "sent": ("send",), "confirmed": ("send", "confirm")}[how_far]:
            books.do(payout_steps.step, number, move, by=MANAGER)
    before = paid(books), clicks(books), questions(books), differences(workbook(books))
    file = take_one(books, folder.refunds(replace(told, note="客服备注")))
    assert (file.questions, file.exit_code) == (0, 0)
    assert (paid(books), clicks(books), questions(books), differences(workbook(books))) == before
    assert differences(workbook(books)) == [D3]
    assert differences(workbook(books, "2026-12")) == []
    books.check()


def test_what_was_agreed_stands_in_its_own_month_when_the_rest_leaves_in_the_next(books: Books, folder: Folder) -> None:
    paid_less(books, folder)
    books.at = shanghai("2026-12-02 12:00")
    books.do(payout_steps.step, books.do(payouts.refund, "31", by=MANAGER).number, "confirm", by=MANAGER)
    assert differences(workbook(books)) == [D3]
    assert differences(workbook(books, "2026-12")) == [], "the rest is no refund through the platform"
    books.check()


@pytest.mark.parametrize("state", ["due", "waiting"])
def test_a_rest_on_the_closed_route_is_failed_by_hand(
    sqlite_books: Books, folder: Folder, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    """As older books hold it: nothing finished there is countersigned or touched; `next` says what ends it."""
    books = sqlite_books
    told = paid_less(books, folder)
    with monkeypatch.context() as older:
        older.setattr(payable, "ended_there", lambda _case: False)
        older.setattr(rules, "within_limit", lambda *_of: state == "due")
        number = books.do(payouts.refund, "31", by=AGENT).number
    rest = (500, "original", state, "own")
    assert paid(books)[-1] == rest
    assert books.do(case_cards.show, "31").next == f"retcli pay fail {number} --because TEXT"
    if state == "waiting":
        with pytest.raises(Refused, match="is finished on the platform"):
            books.do(payout_steps.countersign, number, by=MANAGER)
    before = clicks(books)
    take(books, folder.refunds(replace(told, note="again")))
    assert (paid(books)[-1], clicks(books)) == (rest, before)
    books.do(payout_steps.step, number, "fail", because="改走小额打款", by=MANAGER)
    assert books.do(payouts.refund, "31", by=MANAGER).method == "transfer"


NOTHING_LEFT = "Nothing: what was missing was paid beside the platform"


def test_a_rest_that_was_paid_beside_leaves_nothing_to_correct(books: Books, folder: Folder) -> None:
    """50.00 agreed, 45.00 paid there, 5.00 by transfer: the transfer is no refund of the platform's, whose difference
    stands and is settled.
    """
    paid_less(books, folder)
    rest = books.do(payouts.refund, "31", by=MANAGER).number
    (before,) = cells(workbook(books)["Differences"], "What to do")
    assert str(before[0]).startswith("Compare"), "it has not left"
    books.do(payout_steps.step, rest, "confirm", by=MANAGER)
    assert differences(workbook(books)) == [D3]
    assert cells(workbook(books)["Differences"], "What to do") == [(NOTHING_LEFT,)]
    details = cells(workbook(books)["Details"], "In all", "Matching", "Decided by us", "Difference")
    yuan = [(row[0].minor, row[1].partition(" ")[0], row[2], row[3]) for row in details]
    assert sorted(yuan, key=lambda row: row[0]) == [
        (500, "not", None, None),
        (4500, "D3", Money(5000, "CNY"), Money(500, "CNY")),
    ]
    books.check()


def test_a_rest_that_came_back_is_to_be_corrected_again(books: Books, folder: Folder) -> None:
    """Only part of it, or all of it taken back again: the difference is not settled."""
    paid_less(books, folder)
    rest = books.do(payouts.refund, "31", amount=300, by=MANAGER).number
    books.do(payout_steps.step, rest, "confirm", by=MANAGER)
    assert str(cells(workbook(books)["Differences"], "What to do")[0][0]).startswith("Compare")
    more = books.do(payouts.refund, "31", by=MANAGER).number
    books.do(payout_steps.step, more, "confirm", by=MANAGER)
    assert cells(workbook(books)["Differences"], "What to do") == [(NOTHING_LEFT,)]
    books.do(payout_steps.reverse, more, because="退回", by=MANAGER)
    assert str(cells(workbook(books)["Differences"], "What to do")[0][0]).startswith("Compare")
    assert {row[0].partition(" ")[0] for row in cells(workbook(books)["Details"], "Matching")} == {"D3", "not"}
    books.check()


FIRST, OTHERWISE = (f"of which paid by the platform {how}: D3 amounts differ" for how in ("first", "otherwise"))


@pytest.mark.parametrize(("by", "let_go"), [(MANAGER, "2026-11-07 12:00"), (AGENT, "2026-11-07 18:00")])
def test_the_difference_dates_from_our_own_refund_which_was_there_first(
    books: Books, folder: Folder, by: str, let_go: str
) -> None:
    """50.00 let go on 11-07, by an agent once the manager agreed at 18:00; the platform paid 45.00 on 11-08 at 10:00.
    The earlier of the two is ours, and nothing was paid by the platform first.
    """
    books.hire()
    order = unsent(sold(NUMBER, ("TS-L", 1, 19800)))
    wish = asked_back("31", order, 5000, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(order), folder.refunds(wish))
    books.at = shanghai("2026-11-07 12:00")
    books.do(decisions.approve, "31", by=by)
    if by == AGENT:
        books.at = shanghai("2026-11-07 18:00")
        books.do(payout_steps.countersign, books.value("SELECT number FROM payouts"), by=MANAGER)
    books.do(platform_list.done, ["31"], by=MANAGER)
    books.at = shanghai("2026-11-09 12:00")
    take(books, folder.refunds(replace(wish, amount=4500, status=SUCCEEDED, finished_at=THERE)))
    sheets = workbook(books)
    assert differences(sheets) == [D3]
    assert cells(sheets["Differences"], "Since") == [(shanghai(let_go),)]
    told = notes(sheets)
    assert told[OTHERWISE] == (1, Money(4500, "CNY"))
    assert FIRST not in told
    books.check()


def test_what_was_agreed_to_and_not_let_go_was_paid_by_the_platform_first(books: Books, folder: Folder) -> None:
    """A return of 50.00 agreed to on 11-07, whose goods are awaited; the platform paid 45.00 on 11-08 at 10:00."""
    books.hire()
    order = sold(NUMBER, ("TS-L", 1, 5000))
    wish = asked_back("31", order, 5000, status=REQUESTED)
    take(books, *folder.both(order), folder.refunds(wish))
    books.at = shanghai("2026-11-07 12:00")
    books.do(decisions.approve, "31", by=MANAGER)
    books.at = shanghai("2026-11-09 12:00")
    take(books, folder.refunds(replace(wish, amount=4500, status=SUCCEEDED, finished_at=THERE)))
    sheets = workbook(books)
    assert differences(sheets) == [D3]
    assert cells(sheets["Differences"], "Since") == [(shanghai("2026-11-08 10:00"),)]
    told = notes(sheets)
    assert told[FIRST] == (1, Money(4500, "CNY"))
    assert OTHERWISE not in told
    books.check()
