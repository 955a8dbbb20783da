"""How long steps of cases took (median, slowest tenth), against the time that they should take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Spell:
    """One step of one case: when it could begin and when it was done (UTC)."""

    began: datetime
    ended: datetime

    @property
    def length(self) -> timedelta:
        """How long it took, never below nothing: a step done before it could begin took no time."""
        return max(self.ended - self.began, timedelta())


@dataclass(frozen=True)
class Speed:
    """A step over many cases: the median, the 90th percentile (`slow`), the target, how many cases kept it, and how
    many more `missed` it without ever coming to it.
    """

    name: str
    cases: int
    median: timedelta | None
    slow: timedelta | None
    target: timedelta | None
    kept: int
    missed: int = 0


def speed(name: str, spells: Sequence[Spell], target: timedelta | None) -> Speed:
    """The figures of a step; both times None where there are no cases. Of two middle ones the longer is the median."""
    lengths = sorted(spell.length for spell in spells)
    if not lengths:
        return Speed(name, 0, None, None, target, 0)
    kept = sum(length <= target for length in lengths) if target is not None else 0
    last = len(lengths) - 1
    return Speed(name, len(lengths), lengths[(last + 1) // 2], lengths[-(-last * 9 // 10)], target, kept)
