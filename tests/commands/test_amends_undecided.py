"""Money beside the refund of a case that nobody agreed to: each way out is named, and each printed command runs."""

import pytest

from retcli.rules.lifecycles import Role
from tests.shopfloor import AGENT, FINANCE, MANAGER, ORDER_NUMBER, OWNER
from tests.terminal import Desk

GIVEN = {
    "cash": ("compensate", "--cash", "5.00"),
    "much cash": ("compensate", "--cash", "50.00"),
    "cash beyond the price": ("compensate", "--cash", "200.00"),
    "coupon": ("compensate", "--coupon", "5.00"),
    "much coupon": ("compensate", "--coupon", "50.00"),
    "points": ("compensate", "--points", "100"),
    "freight": ("freight", "--amount", "12.00"),
}
DECIDED = ("undecided", "rejected", "withdrawn")
WHO = {OWNER: Role.OWNER, MANAGER: Role.MANAGER, AGENT: Role.AGENT, FINANCE: Role.FINANCE}
MAY_WAIVE = {OWNER, MANAGER}
RUNG = {"cash": "compensation", "much cash": "compensation", "cash beyond the price": "compensation"}
RUNG |= {"coupon": "coupon", "much coupon": "coupon"}
ABOVE_AGENT = {"much cash", "much coupon", "cash beyond the price"}
"""An agent offers up to 30.00."""


def expected(case: str, given: str, decided: str, who: str) -> list[str]:
    """The ways out, by hand: who decides, who offers, who waives."""
    ways = []
    if who != FINANCE:
        approve, reject = f"retcli case approve {case}", f"retcli case reject {case} --because TEXT"
        ways += {"undecided": [approve, reject], "rejected": [approve], "withdrawn": [f"retcli case reopen {case}"]}[
            decided
        ]
    beyond = " --waive beyond_price" if given == "cash beyond the price" else ""
    offers = given in RUNG and decided != "withdrawn" and who != FINANCE and not (who == AGENT and given in ABOVE_AGENT)
    if offers:
        why = f"{beyond} --because TEXT" if beyond else ""
        ways.append(f"retcli case offer {case} --rung {RUNG[given]} --amount {GIVEN[given][2]}{why}")
    verb, *words = GIVEN[given]
    without = f"retcli pay {verb} {case} {' '.join(words)} --waive approval{beyond} --because TEXT"
    if given == "freight":
        without = without.replace("--waive approval", "--waive freight --waive approval")
    if who in MAY_WAIVE:
        ways.append(without)
    return ways or [f"Ask the manager: {without}"]


@pytest.mark.parametrize("decided", DECIDED)
@pytest.mark.parametrize("given", GIVEN)
def test_each_way_out_is_named_and_runs(desk: Desk, given: str, decided: str) -> None:
    case = desk.case("open", ORDER_NUMBER, "--kind", "refund-only", "--reason", "S_OOS", "--line", "TS-L")["number"]
    if decided == "rejected":
        desk.case("reject", case, "--because", "no")
    if decided == "withdrawn":
        desk.case("withdraw", case)
    verb, *words = GIVEN[given]
    besides = ("--waive", "freight", "--because", "x") if given == "freight" else ()
    for who in WHO:
        if besides and who not in MAY_WAIVE:
            continue
        answer = desk.read("pay", verb, case, *words, *besides, by=who, code=5)["error"]
        assert "is not approved" in answer["message"]
        ways = expected(case, given, decided, who)
        named = [way.replace("‹words›", "TEXT") for way in answer["hint"].splitlines()]
        assert sorted(named) == sorted(ways), who
        for command in ways if who != FINANCE else []:
            typed = [word.replace("TEXT", "said so") for word in command.split()[1:]]
            ran = desk.type(*typed, "--dry-run", by=who)
            assert ran.code == 0, (who, command, ran.err)
