"""The ceiling of amends: what is let go of some goods (refunds, price cuts, amends) is no more than what was paid for
them, unless a manager says why (`docs/rules.md` §3.1).
"""

from collections.abc import Iterable
from dataclasses import dataclass

BEYOND_PRICE = "beyond_price"
"""The rule by which amends and price cuts end at what was paid."""


@dataclass(frozen=True)
class Given:
    """The amends in money that were let go on a case (minor units), with the order lines that the case is about."""

    case: int
    lines: frozenset[int]
    minor: int


@dataclass(frozen=True)
class Ceiling:
    """What was paid for some goods, and what is let go of it already, both in minor units; `of_order`: for all of the
    order, with its freight.
    """

    paid: int
    let_go: int
    of_order: bool

    def beyond(self, minor: int) -> int:
        """By how many minor units `minor` more exceed what was paid; nothing or less where they do not."""
        return self.let_go + minor - self.paid


def lowest(ceilings: Iterable[Ceiling]) -> Ceiling:
    """The ceiling that leaves least."""
    return min(ceilings, key=lambda each: each.paid - each.let_go)


def on_lines(given: Iterable[Given], lines: frozenset[int]) -> int:
    """The amends of all cases that are about some of these order lines, in minor units."""
    return sum(each.minor for each in given if each.lines & lines)
