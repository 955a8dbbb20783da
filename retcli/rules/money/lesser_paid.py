"""An order of which a file says that less was paid than the books hold: what may still leave while nobody has answered
which is right, and what its cases give back once the lesser amount is taken.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """A payout that was let go on an order: its id, minor units (negative for a reversal), and whether it left or was
    clicked on the platform.
    """

    payout: int
    minor: int
    left: bool


def may_still_leave(paid: int, claims: Iterable[Claim], due: Collection[int | None] = ()) -> int:
    """What may still leave of an order on which at least `paid` was paid (minor units, never below nothing). `due` are
    the ids of payouts that are due already and are to leave now; without any, a new payout is asked about.
    """
    others = (claim for claim in claims if claim.payout not in due)
    # A new payout is set against all that was let go, so that two cases share the lesser amount. One that was due
    # before the question came is set against what really left: of two such the first to leave is paid, instead of
    # neither.
    return max(paid - sum(claim.minor for claim in others if claim.left or not due), 0)


@dataclass(frozen=True)
class Beyond:
    """By how much an order is overdrawn once a lesser sum counts as paid, in minor units: its freight, its goods, and
    both together.
    """

    freight: int
    goods: int
    together: int

    @property
    def fits(self) -> bool:
        """Whether nothing is overdrawn."""
        return max(self.freight, self.goods, self.together) <= 0


def given_back(spare: Sequence[Mapping[int | None, int]], beyond: Beyond) -> tuple[list[dict[int | None, int]], Beyond]:
    """What each case gives back so that an order is no longer overdrawn, and what is overdrawn still. `spare` is for
    each case, in their sequence, what was agreed and has not left: minor units by line id, None for the freight.
    """
    back: list[dict[int | None, int]] = [{} for _case in spare]
    # each of both first for its own excess, then goods before freight for what is too much only of both together
    freight = _give(spare, back, beyond.freight, freight=True)
    goods = _give(spare, back, beyond.goods, freight=False)
    still_together = max(beyond.together - freight - goods, 0)
    more_goods = _give(spare, back, still_together, freight=False)
    more_freight = _give(spare, back, still_together - more_goods, freight=True)
    goods, freight = goods + more_goods, freight + more_freight
    return back, Beyond(beyond.freight - freight, beyond.goods - goods, beyond.together - freight - goods)


def _give(
    spare: Sequence[Mapping[int | None, int]], back: Sequence[dict[int | None, int]], minor: int, *, freight: bool
) -> int:
    """Adds to `back` what each case gives of its freight or of its lines, `minor` in all at most; returns the sum."""
    left = max(minor, 0)
    for has, gives in zip(spare, back, strict=True):
        for key in [key for key in has if (key is None) == freight]:
            more = min(has[key] - gives.get(key, 0), left)
            if more > 0:
                gives[key], left = gives.get(key, 0) + more, left - more
    return max(minor, 0) - left
