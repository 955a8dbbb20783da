"""A printed way out keeps what was typed: run as it stands it does what was meant, not more."""

import re
import shlex

import pytest

from retcli.actions.cases import case_cards, decisions
from retcli.actions.money import payout_steps, payouts
from retcli.rules.lifecycles import Kind
from tests.shopfloor import MANAGER, OWNER
from tests.terminal import Desk

ORDER = "2850000000000000091"
SEEN = ["--waive", "evidence", "--waive", "goods_back", "--because", "seen"]


def way_out(desk: Desk, *words: str) -> list[str]:
    """The command that a refusal prints, with a reason in the place of its gap."""
    error = desk.read(*words, by=MANAGER, code=5)["error"]
    command = re.search(r"retcli (.*--because TEXT)", error["hint"])
    assert command, error
    return [word.replace("TEXT", "said so") for word in shlex.split(command[1])]


def amended(desk: Desk, minor: int, *, shipped: bool = False) -> str:
    """100.00, of which so much was given as amends; then a refund without goods of all of it is asked for."""
    desk.books.order(ORDER, ("TS-L", 1, 10000), shipped=shipped)
    inquiry = desk.books.do(decisions.open_case, ORDER, kind=Kind.INQUIRY, reason="Q_FUNC").number
    desk.books.do(payouts.compensate, inquiry, cash=minor, waive=["approval"], because="x", by=OWNER)
    return desk.books.do(decisions.open_case, ORDER, kind=Kind.REFUND_ONLY, reason="Q_FUNC").number


@pytest.mark.parametrize("waived", [[], SEEN])
def test_an_approval_keeps_its_amount_and_its_waivers(desk: Desk, waived: list[str]) -> None:
    """50.00 beside 60.00 of amends: the way out agrees to 50.00, not to the 100.00 that were applied for."""
    case = amended(desk, 6000, shipped=bool(waived))
    command = way_out(desk, "case", "approve", case, "--amount", "50", *waived)
    assert command[:5] == ["case", "approve", case, "--amount", "50.00"]
    assert desk.type(*command, by=MANAGER).code == 0
    assert desk.books.do(case_cards.show, case).due.minor == 5000


def test_an_approval_without_an_amount_names_none(desk: Desk) -> None:
    case = amended(desk, 6000)
    assert "--amount" not in way_out(desk, "case", "approve", case)


def test_a_refund_keeps_its_amount(desk: Desk) -> None:
    """20.00 of a return whose goods are not back."""
    desk.books.order(ORDER, ("TS-L", 1, 10000))
    case = desk.books.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_MIND").number
    desk.books.do(decisions.approve, case)
    command = way_out(desk, "pay", "refund", case, "--amount", "20")
    assert desk.type(*command, by=MANAGER).code == 0
    assert desk.books.rows("SELECT minor FROM payouts") == [(2000,)]


def test_amends_keep_their_amount_and_their_waiver(desk: Desk) -> None:
    """50.00 more beside 60.00 of 100.00, on a case that is not approved."""
    case = amended(desk, 6000)
    command = way_out(desk, "pay", "compensate", case, "--cash", "50", "--waive", "approval", "--because", "x")
    assert desk.type(*command, by=MANAGER).code == 0
    assert desk.books.rows("SELECT minor FROM payouts ORDER BY id") == [(6000,), (5000,)]


@pytest.mark.parametrize(("option", "written"), [("--cash", "40.00"), ("--coupon", "40.00"), ("--points", "40")])
def test_amends_on_a_finished_case_keep_their_amount(desk: Desk, option: str, written: str) -> None:
    amended(desk, 1000)
    case = str(desk.books.value("SELECT number FROM cases WHERE kind = 'inquiry'"))
    desk.books.do(payout_steps.step, str(desk.books.value("SELECT number FROM payouts")), "confirm")
    desk.books.do(decisions.finish, case)
    error = desk.read("pay", "compensate", case, option, "40", by=MANAGER, code=5)["error"]
    assert f"retcli pay compensate {case} {option} {written}" in error["hint"]
