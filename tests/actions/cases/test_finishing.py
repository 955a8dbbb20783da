"""What may be given up with a reason, and what may not: money that was let go ends with its payout only."""

from typing import Any

import pytest

from retcli.actions.cases import decisions
from retcli.actions.money import payout_steps, payouts
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from tests.shopfloor import AGENT, MANAGER, OWNER, Books

NUMBER = "2850000000000000671"
WAY = {
    "waiting": (),
    "due": ("countersign",),
    "sent": ("countersign", "send"),
    "unknown": ("countersign", "send", "lose"),
}
"""By what steps a payout comes to a state."""


def let_go(books: Books, state: str) -> tuple[str, str]:
    """A price cut of 55.00 whose payout stands in a state; the numbers of the case and of the payout."""
    books.hire()
    books.order(NUMBER, ("TS-L", 1, 9397))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=5500, by=AGENT).number
    books.do(decisions.approve, case, by=AGENT)
    payout = books.do(payouts.refund, case, by=AGENT).number
    for move in WAY[state]:
        if move == "countersign":
            books.do(payout_steps.countersign, payout, by=MANAGER)
        else:
            books.do(payout_steps.step, payout, move, by=AGENT)
    assert books.value("SELECT state FROM payouts WHERE number = :n", n=payout) == state
    return case, payout


@pytest.mark.parametrize("state", WAY)
def test_money_that_was_let_go_is_never_given_up(books: Books, state: str) -> None:
    case, payout = let_go(books, state)
    with pytest.raises(Refused, match=payout) as refused:
        books.do(decisions.finish, case, because="算了", by=OWNER)
    assert f"retcli pay fail {payout} --because TEXT" in refused.value.hint
    assert books.value("SELECT filing FROM cases") == "open"
    books.check()


def test_amends_that_are_due_are_not_given_up_either(books: Books) -> None:
    books.hire()
    books.order(NUMBER, ("TS-L", 1, 9397))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=100).number
    books.do(decisions.approve, case)
    refund = books.do(payouts.refund, case).number
    books.do(payout_steps.step, refund, "fail", because="付不出去")
    amends = books.do(payouts.compensate, case, cash=500).number
    with pytest.raises(Refused, match=amends):
        books.do(decisions.finish, case, because="算了", by=OWNER)
    books.check()


def test_what_was_never_let_go_is_given_up_once_the_payout_was_called_off(books: Books) -> None:
    case, payout = let_go(books, "due")
    books.do(payout_steps.step, payout, "fail", because="买家不要了", by=MANAGER)
    assert books.do(decisions.finish, case, because="买家不要了", by=OWNER).stage == "finished"
    books.check()


@pytest.mark.parametrize(
    ("asked", "paid", "pieces", "worth"),
    [
        (None, "nothing", 3, 10000),
        (None, "taken back", 3, 10000),
        (None, "half", 0, 0),
        (5000, "taken back", 3, 10000),
    ],
)
def test_a_refund_that_was_given_up_leaves_the_goods_that_may_be_returned(
    books: Books, asked: int | None, paid: str, pieces: int, worth: int
) -> None:
    """100.00 for three pieces, a refund of them (or of 50.00) without return given up: the buyer may send back what
    nothing was paid for.
    """
    books.hire()
    books.order(NUMBER, ("TS-L", 3, 10000))
    facts: dict[str, Any] = {"kind": Kind.REFUND_ONLY, "reason": "Q_FUNC", "amount": asked}
    case = books.do(decisions.open_case, NUMBER, **facts, by=MANAGER).number
    books.do(decisions.approve, case, by=MANAGER)
    if paid != "nothing":
        payout = books.do(payouts.refund, case, amount=5000 if paid == "half" else None, by=MANAGER).number
        books.do(payout_steps.step, payout, "confirm", by=MANAGER)
        if paid == "taken back":
            books.do(payout_steps.reverse, payout, because="退回", by=MANAGER)
    books.do(decisions.finish, case, because="买家改退货", by=MANAGER)
    books.check()
    if not pieces:
        with pytest.raises(Refused):
            books.do(decisions.open_case, NUMBER, kind=Kind.RETURN, reason="B_7D", by=MANAGER)
        return
    again = books.do(decisions.open_case, NUMBER, kind=Kind.RETURN, reason="B_7D", by=MANAGER)
    assert (again.lines[0].quantity, again.due.minor) == (pieces, worth)
    books.check()
