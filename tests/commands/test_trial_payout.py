"""A trial that makes a payout names none of the numbers that real ones will have."""

import pytest

from tests.shopfloor import AGENT, MANAGER, ORDER_NUMBER
from tests.terminal import Desk


@pytest.mark.parametrize("words", [["--cash", "3"], ["--coupon", "3"], ["--points", "30"]])
@pytest.mark.parametrize("by", [AGENT, MANAGER])
def test_amends_on_trial(desk: Desk, words: list[str], by: str) -> None:
    case = desk.case("open", ORDER_NUMBER, "--kind", "exchange", "--reason", "Q_FUNC")["number"]
    desk.type("case", "approve", case)
    tried = desk.type("pay", "compensate", case, *words, "--dry-run", by=by)
    assert "Would be made: " in tried.out
    assert "PO2026" not in tried.out
    trial = desk.read("pay", "compensate", case, *words, "--dry-run", by=by)["payout"]
    real = desk.pay("compensate", case, *words, by=by)
    assert real["number"].endswith("-0001"), "the trial used no number up"
    assert (trial["number"], trial["request"]) != (real["number"], real["request"])
    assert trial["number"] != real["number"]
    assert trial["request"] != real["request"]
