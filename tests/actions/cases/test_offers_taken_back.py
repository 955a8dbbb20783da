"""What is said of an accepted offer follows its money: due, sent, arrived, failed or taken back."""

from __future__ import annotations

from typing import Any

import pytest

from retcli.actions.cases import case_cards, decisions, offers
from retcli.actions.money import payout_steps
from retcli.rules.lifecycles import Kind
from tests.shopfloor import MANAGER, ORDER_NUMBER, Books

HUNDRED, FIVE = 10000, 500
WAYS = {
    "due": (),
    "sent": ("send",),
    "arrived": ("send", "confirm"),
    "taken back": ("send", "confirm", "reverse"),
    "failed": ("send", "fail"),
}


def accepted(books: Books, how_far: str) -> str:
    """A refund of 100.00 that is asked for, for which 5.00 were accepted instead and came so far."""
    books.hire()
    books.order(ORDER_NUMBER, ("TS-L", 2, HUNDRED))
    case = books.do(decisions.open_case, ORDER_NUMBER, kind=Kind.REFUND_ONLY, reason="Q_FUNC", by=MANAGER).number
    books.do(offers.offer, case, "compensation", amount=FIVE, by=MANAGER)
    books.do(offers.answer, case, accepted=True, by=MANAGER)
    number = books.value("SELECT number FROM payouts")
    for move in WAYS[how_far]:
        if move == "reverse":
            books.do(payout_steps.reverse, number, because="退回来了", by=MANAGER)
        else:
            why: dict[str, Any] = {"because": "账号不对"} if move == "fail" else {}
            books.do(payout_steps.step, number, move, by=MANAGER, **why)
    return case


@pytest.mark.parametrize("how_far", WAYS)
def test_texts_follow_what_is_so_now(books: Books, how_far: str) -> None:
    """While the 5.00 stand, 95.00 are saved and the buyer takes the request back; once they are gone it is open again,
    with the 100.00, and nobody is asked to take anything back for nothing.
    """
    case = accepted(books, how_far)
    stands = how_far not in {"taken back", "failed"}
    view, advice = books.do(case_cards.show, case), books.do(offers.advise, case)
    assert ("offer" in {finding.rule for finding in view.judgement.findings}) == stands
    assert (advice.saved.minor, advice.due.minor) == ((9500, 0) if stands else (0, HUNDRED))
    (line,) = view.offers
    assert line.sentence() == "Offered compensation 5.00: accepted" + (
        ", 95.00 saved" if stands else ", and what it gave was taken back"
    )
    assert ("case withdraw" in view.next) == (how_far == "arrived")
    beside = [(each.money.minor, str(each.state)) for each in view.so_far.beside]
    states = {"due": "due", "sent": "sent", "arrived": "confirmed", "taken back": "reversed"}
    assert beside == ([(FIVE, states[how_far])] if how_far in states else [])
    (rung,) = books.do(offers_over_time).document()["rows"]
    assert (rung["saved"]["minor"], rung["cost"]["minor"]) == ((9500, FIVE) if stands else (0, 0))
    books.check()


def offers_over_time(shop: Any) -> Any:
    """The ladder of the week."""
    from retcli.actions.casefile.records.offer_records import ladder

    day = shop.now.date()
    return ladder(shop, day, day)


def test_what_was_given_anew_stands_again(books: Books) -> None:
    case = accepted(books, "taken back")
    books.do(offers.offer, case, "compensation", amount=FIVE, by=MANAGER)
    books.do(offers.answer, case, accepted=True, by=MANAGER)
    view = books.do(case_cards.show, case)
    assert "offer" in {finding.rule for finding in view.judgement.findings}
    books.check()
