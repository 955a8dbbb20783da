"""What may still leave of an order of which a file says that less was paid, while nobody has answered that; and what
its cases give back once the lesser is taken.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """A payout that was let go on an order: its key, minor units (a reversal's are below nothing), and whether it left
    or was clicked on the platform.
    """

    payout: int
    minor: int
    left: bool


def may_still_leave(paid: int, claims: Iterable[Claim], due: Collection[int | None] = ()) -> int:
    """What may still leave of an order on which `paid` was paid at the least (minor units), never below nothing: what
    was let go is taken off, so that two of its cases share the lesser. For payouts that are `due` already and are to
    leave now only what left is: of two that were due before the question came, the first to leave is paid.
    """
    beside = (claim for claim in claims if claim.payout not in due)
    return max(paid - sum(claim.minor for claim in beside if claim.left or not due), 0)


@dataclass(frozen=True)
class Beyond:
    """What is more than an order has by a lesser sum paid, in minor units: of its freight, of its goods, and in all."""

    freight: int
    goods: int
    together: int

    @property
    def fits(self) -> bool:
        """Whether nothing is beyond it."""
        return max(self.freight, self.goods, self.together) <= 0


def given_back(spare: Sequence[Mapping[int | None, int]], beyond: Beyond) -> tuple[list[dict[int | None, int]], Beyond]:
    """What each of some cases gives back, in their sequence, of what was agreed and has not left (`spare`, minor units
    by line; None: of the freight), just so much that nothing is beyond the order any more; and what is beyond it still.
    """
    back: list[dict[int | None, int]] = [{} for _case in spare]
    freight = _give(spare, back, beyond.freight, freight=True)
    goods = _give(spare, back, beyond.goods, freight=False)
    rest = max(beyond.together - freight - goods, 0)
    more_goods = _give(spare, back, rest, freight=False)
    more_freight = _give(spare, back, rest - more_goods, freight=True)
    goods, freight = goods + more_goods, freight + more_freight
    return back, Beyond(beyond.freight - freight, beyond.goods - goods, beyond.together - freight - goods)


def _give(
    spare: Sequence[Mapping[int | None, int]], back: Sequence[dict[int | None, int]], minor: int, *, freight: bool
) -> int:
    """Adds up to `minor` of the freight, or of the lines, to what each case gives back; how much it came to."""
    left = max(minor, 0)
    for has, gives in zip(spare, back, strict=True):
        for key in [key for key in has if (key is None) == freight]:
            more = min(has[key] - gives.get(key, 0), left)
            if more > 0:
                gives[key], left = gives.get(key, 0) + more, left - more
    return max(minor, 0) - left
