"""What may leave alone, and what was paid for goods that are not in."""

import pytest

from retcli.rules.lifecycles import Role
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import goods_owed, within_limit
from retcli.rules.policy.policy import Policy


@pytest.mark.parametrize(
    ("paid", "due", "pieces", "accepted", "owed"),
    [
        (100, 100, 3, 0, 100),
        (100, 100, 3, 2, 33),
        (67, 100, 3, 2, 0),
        (100, 100, 3, 3, 0),
        (100, 100, 3, 5, 0),
        (10, 10, 0, 0, 10),
    ],
)
def test_what_was_paid_for_goods_that_are_not_in(paid: int, due: int, pieces: int, accepted: int, owed: int) -> None:
    assert goods_owed(paid, due, pieces, accepted) == owed


@pytest.mark.parametrize(
    ("role", "minor", "currency", "alone"),
    [
        (Role.AGENT, 2999, "CNY", True),
        (Role.AGENT, 3000, "CNY", True),
        (Role.AGENT, 3001, "CNY", False),
        (Role.AGENT, 100, "MYR", False),
        (Role.MANAGER, 3001, "CNY", True),
    ],
)
def test_an_agent_lets_go_the_limit_itself_and_not_a_fen_more(
    role: Role, minor: int, currency: str, alone: bool
) -> None:
    assert within_limit(role, Money(minor, currency), Policy(agent_limit=3000)) is alone
