"""What becomes of a number that was counted: it is posted, or counted again, by anybody or by another person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What becomes of a number that was counted."""

    POSTS = "posts"
    ANOTHER = "another"  # it differs by so much that another person counts it again
    MOVED = "moved"  # pieces moved, or another count was posted, so that nobody can say what it is to be compared with


@dataclass(frozen=True)
class Limits:
    """How much a number may differ from what is expected before another person counts again: in pieces, and in what
    they cost, in fen.
    """

    pieces: int
    amount: int


@dataclass(frozen=True)
class Counted:
    """The pieces of a product that were counted in one round, and by whom (`counters`).

    `balances` are what the books held at each reading; `expected` what should have been there at the last one (None
    where nobody ever counted it), `cost` what a piece costs in fen (None where that is not known). `before` are those
    who counted it in each earlier round. `disturbed`: another count of it was posted since, or pieces that would have
    to go are gone.
    """

    pieces: int
    balances: Sequence[int]
    expected: int | None
    cost: int | None
    counters: frozenset[str]
    before: tuple[frozenset[str], ...] = ()
    disturbed: bool = False

    @property
    def difference(self) -> int:
        """What the books lack (below zero: have too many) against the moment at which the pieces were counted, not
        against today: what moved since is in the books already.
        """
        return self.pieces - self.balances[-1]

    @property
    def deviation(self) -> int:
        """By how many pieces the number differs from what should have been there; 0 where nobody can know that."""
        return self.pieces - self.expected if self.expected is not None else 0


def verdict(counted: Counted, limits: Limits) -> Verdict:
    """What becomes of a number. One that differs by more than the limits posts only where two people who are not the
    same counted in two rounds; the last of them is right.
    """
    if counted.disturbed or len(set(counted.balances)) > 1:
        return Verdict.MOVED
    pieces = abs(counted.deviation)
    beyond = pieces > limits.pieces or pieces * (counted.cost or 0) > limits.amount
    return Verdict.ANOTHER if beyond and not _by_another(counted.counters, counted.before) else Verdict.POSTS


def _by_another(counters: frozenset[str], before: Iterable[frozenset[str]]) -> bool:
    """Whether none of those who counted now had counted in some earlier round."""
    return any(earlier and not earlier & counters for earlier in before)
