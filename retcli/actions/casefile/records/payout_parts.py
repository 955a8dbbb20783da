"""The parts of payouts as their rows are read with the cases: purpose, order line, amount."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from retcli.rules.lifecycles import PayoutState
from retcli.rules.money.payouts import FREIGHT, GOODS


@dataclass(frozen=True)
class Part:
    """A part of a payout: its purpose, the order line that it stands for (None for freight and amends), minor units."""

    purpose: str
    line_id: int | None
    minor: int


def parts_of(paid: Sequence[Any]) -> dict[int | None, list[Part]]:
    """The parts of each payout, by its id."""
    parts: dict[int | None, list[Part]] = defaultdict(list)
    for payout, purpose, line_id, minor in paid:
        if purpose is not None:
            parts[payout.id].append(Part(purpose, line_id, minor))
    return parts


def given_by_line(paid: Sequence[Any]) -> dict[int | None, int]:
    """What payouts that did not fail give of each order line (None: of the freight), in minor units."""
    sums: dict[int | None, int] = defaultdict(int)
    for payout, purpose, line_id, minor in paid:
        if payout.state != PayoutState.FAILED and purpose in {GOODS, FREIGHT}:
            sums[line_id] += minor
    return sums
