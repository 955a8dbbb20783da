"""The ceiling of amends: what is let go of some goods (refunds, price cuts, amends) is no more than what was paid for
them, unless a manager says why (`docs/rules.md` §3.1).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retcli.language import mark
from retcli.rules.casefile.findings import Answer, Fact, Finding
from retcli.rules.money.minor_units import Money

BEYOND_PRICE = "beyond_price"
"""The rule by which amends, and what is paid beside them, end at what was paid."""


@dataclass(frozen=True)
class Given:
    """The amends in money that were let go on a case (minor units), with the order lines that the case is about."""

    case: int
    lines: frozenset[int]
    minor: int


@dataclass(frozen=True)
class Leave:
    """By how many minor units a manager (`by`) let what leaves on a case exceed what was paid, with the case's order
    lines; `earlier`: for an application of the case before its last one.
    """

    case: int
    lines: frozenset[int]
    minor: int
    by: str
    earlier: bool = False


@dataclass(frozen=True)
class Ceiling:
    """What was paid for some goods, and what is let go of it already, of that `own` for the case that is looked at, all
    in minor units; `of_order`: for all of the order, with its freight; `of_pieces`: for the case's own pieces. By
    `leave` at most, as `by` says, it may be exceeded.
    """

    paid: int
    let_go: int
    of_order: bool
    of_pieces: bool = False
    own: int = 0
    leave: int = 0
    by: str = ""

    def beyond(self, minor: int) -> int:
        """By how many minor units `minor` more exceed what was paid; nothing or less where they do not."""
        return self.let_go + minor - self.paid


def lowest(ceilings: Iterable[Ceiling]) -> Ceiling:
    """The ceiling that leaves least."""
    return min(ceilings, key=lambda each: each.paid - each.let_go)


def goods_room(ceilings: Iterable[Ceiling]) -> int | None:
    """What amends leave of the goods of the case that is looked at, its own money not counted, in minor units; None
    where no ceiling of goods is among them.
    """
    return min((each.paid - each.let_go + each.own for each in ceilings if not each.of_order), default=None)


def on_lines(given: Iterable[Given], lines: frozenset[int]) -> int:
    """The amends of all cases that are about some of these order lines, in minor units."""
    return sum(each.minor for each in given if each.lines & lines)


def widest(leaves: Iterable[Leave]) -> tuple[int, str]:
    """The most (minor units) that some managers let go beyond what was paid, and who did; nothing and "" of none."""
    return max(((each.minor, each.by) for each in leaves), default=(0, ""))


def against(counted: Sequence[tuple[Ceiling, int]], currency: str) -> Finding | None:
    """The no where so much more (minor units, for each ceiling what counts against it) exceeds what was paid, with how
    much; overruled where a manager let just that go. None where all of it is within.
    """
    over = [(ceiling.beyond(minor), ceiling, minor) for ceiling, minor in counted if ceiling.beyond(minor) > 0]
    if not over:
        return None
    beyond, worst, more = max(over, key=lambda each: each[0])
    sums = {"paid": worst.paid, "given": worst.let_go - worst.own, "together": worst.let_go + more, "beyond": beyond}
    of_order = mark("With the {given} that is let go beside it, amends among it, it comes to {together} of {paid}")
    of_goods = mark(
        "With the {given} that is let go beside it, amends among it, it comes to {together}; "
        "{paid} was paid for the goods"
    )
    text = of_order if worst.of_order else of_goods
    gaps: dict[str, Fact] = {name: Money(minor, currency) for name, minor in sums.items()}
    by = worst.by if all(excess <= ceiling.leave for excess, ceiling, _minor in over) else ""
    return Finding(BEYOND_PRICE, Answer.NO, mark("contract"), text, gaps, waived_by=by)


def excess(findings: Iterable[Finding]) -> int:
    """By how many minor units what is to be let go exceeds what was paid, by the findings on it; 0 where it does
    not.
    """
    amounts = (each.facts["beyond"] for each in findings if each.rule == BEYOND_PRICE)
    return next((amount.minor for amount in amounts if isinstance(amount, Money)), 0)
