"""What is owed is one number: on the card, in the day, in the month (月末未付) and in the list of clicks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.insight import today as day
from retcli.actions.warehouse import interceptions
from retcli.rules.lifecycles import Kind
from tests.actions.casefile.test_intercepted_parcels import asked_for, on_its_way
from tests.reports import CLOSED, REQUESTED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import AGENT, MANAGER, Books, shanghai
from tests.workbooks import workbook

ORDER = "2850000000000000891"
COLUMNS = ("Agreed, in no payout", "Let go, not sent", "Waits for a second person")


def answers(books: Books, case: str) -> dict[str, int]:
    """What is owed now by card, day and month, and what may be clicked, in fen."""
    card, today = books.do(case_cards.show, case), books.do(day.today)
    of_day = [today.agreed_unpaid.sums, today.payouts.payouts_due.sums, today.payouts.payouts_waiting.sums]
    of_day += [rest.cases.sums for rest in today.rests_unpaid]
    month = workbook(books)["Owed"].money()
    return {
        "card": card.due.minor - card.so_far.paid.minor,
        "day": sum(sums.get("CNY", 0) for sums in of_day),
        "month": sum(month.get(title, {}).get("CNY", 0) for title in COLUMNS),
        "clicks": sum(item.money.minor for item in books.do(platform_list.todo).items if item.money),
    }


def agreed(books: Books, folder: Folder, by: str) -> Any:
    """100.00 applied for on the platform and agreed to; an agent's waits for a second person."""
    books.hire()
    bought = unsent(sold(ORDER, ("TS-L", 1, 10000)))
    wish = asked_back("31", bought, 10000, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(bought), folder.refunds(wish))
    books.at = shanghai("2026-11-07 12:00")
    books.do(decisions.approve, "31", by=by)
    return wish


def closed(books: Books, folder: Folder, wish: Any) -> None:
    books.at = shanghai("2026-11-08 12:00")
    ended = shanghai("2026-11-08 10:00").replace(tzinfo=None)
    take(books, folder.refunds(replace(wish, status=CLOSED, finished_at=ended)))


@pytest.mark.parametrize(("by", "clicked"), [(MANAGER, False), (MANAGER, True), (AGENT, False)])
def test_what_was_agreed_here_falls_when_the_platform_closes_it(
    books: Books, folder: Folder, by: str, *, clicked: bool
) -> None:
    """100.00 owed, then nothing anywhere, nor once it is reopened and undecided."""
    wish = agreed(books, folder, by)
    before = answers(books, "31")
    assert (before["card"], before["day"]) == (10000, 10000)
    assert before["clicks"] == (10000 if by == MANAGER else 0)
    if clicked:
        books.do(platform_list.done, ["31"], by=MANAGER)
    closed(books, folder, wish)
    assert answers(books, "31") == dict.fromkeys(("card", "day", "month", "clicks"), 0)
    case = books.do(case_cards.show, "31")
    assert case.decision == "withdrawn"
    if clicked:  # a question asks first whether the buyer got the money
        return
    books.do(decisions.reopen, case.number, by=MANAGER)
    assert answers(books, "31") == dict.fromkeys(("card", "day", "month", "clicks"), 0) | {
        "card": books.do(case_cards.show, "31").due.minor
    }
    books.check()


@pytest.mark.parametrize("intercepted", [False, True])
def test_goods_that_are_intercepted_have_one_answer(books: Books, folder: Folder, *, intercepted: bool) -> None:
    """50.00 of a cup on its way, agreed to by a manager's waiver: the day and the month say the same."""
    case = asked_for(books, folder, on_its_way("SF701", "SF702"), "CUP")
    books.do(decisions.approve, case, waive=["goods_back"], because="x", by=MANAGER)
    if intercepted:
        books.do(interceptions.intercept, case, by=MANAGER)
    owed = answers(books, case)
    assert owed["card"] == owed["day"] == owed["month"] == 5000


@pytest.mark.parametrize("state", ["卖家已经同意退款，等待买家退货", "买家已经退货，等待卖家确认收货"])
def test_so_they_are_where_the_platform_agreed(books: Books, folder: Folder, state: str) -> None:
    """The platform decided for 50.00, before or after the parcel was intercepted: one answer for day and month."""
    order = on_its_way("SF701", "SF702")
    case = asked_for(books, folder, order, "LID")
    assert books.do(case_cards.show, case).kind == Kind.REFUND_ONLY
    wish = asked_back("33", order, 5000, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, folder.refunds(wish))
    books.do(interceptions.intercept, "33", by=MANAGER)
    books.later(hours=2)
    take(books, folder.refunds(replace(wish, status=state)))
    owed = answers(books, "33")
    assert owed["day"] == owed["month"], owed
