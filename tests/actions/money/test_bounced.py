"""Money that came back after it had arrived: one command takes it back, and the case is open again."""

from __future__ import annotations

from typing import Any

import pytest

from retcli.actions.cases import decisions
from retcli.actions.money import payout_steps, payouts
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from tests.shopfloor import MANAGER, Books

NUMBER = "2850000000000000731"


@pytest.fixture
def finished(books: Books) -> tuple[str, str]:
    """A case that finished by itself as its transfer of 20.00 was said to have arrived, and the transfer."""
    books.hire()
    books.order(NUMBER, ("TS-L", 1, 2000))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="Q_FUNC").number
    books.do(decisions.approve, case, by=MANAGER)
    payout = books.do(payouts.refund, case, by=MANAGER).number
    books.do(payout_steps.step, payout, "confirm", by=MANAGER)
    assert books.value("SELECT filing FROM cases") == "finished"
    return case, payout


def test_a_transfer_that_bounced_after_arrival_is_taken_back_by_one_command(
    books: Books, finished: tuple[str, str]
) -> None:
    case, payout = finished
    books.do(payout_steps.reverse, payout, because="退回", by=MANAGER)
    assert books.value("SELECT filing FROM cases") == "open"
    told = "SELECT action FROM events WHERE subject IN (:case, :payout) ORDER BY seq DESC LIMIT 2"
    assert {row[0] for row in books.rows(told, case=case, payout=payout)} == {"reopen", "reverse"}
    assert books.do(payouts.refund, case, by=MANAGER).money is not None
    books.check()


def test_amends_taken_back_leave_the_case_finished(books: Books, finished: tuple[str, str]) -> None:
    """Nothing is due in place of amends: the case has nothing open."""
    case, _payout = finished
    books.do(decisions.reopen, case)
    beyond: dict[str, Any] = {"waive": ["beyond_price"], "because": "消法 §55"}  # on top of the whole refund
    amends = books.do(payouts.compensate, case, cash=500, by=MANAGER, **beyond).number
    books.do(payout_steps.step, amends, "confirm", by=MANAGER)
    books.do(decisions.finish, case, by=MANAGER)
    books.do(payout_steps.reverse, amends, because="多给", by=MANAGER)
    assert books.value("SELECT filing FROM cases") == "finished"
    books.check()


def test_amends_on_a_finished_case_name_both_commands(books: Books, finished: tuple[str, str]) -> None:
    case, _payout = finished
    with pytest.raises(Refused) as refused:
        books.do(payouts.compensate, case, cash=500, by=MANAGER)
    assert refused.value.hint == f"retcli case reopen {case}, then retcli pay compensate {case} --cash 5.00"
