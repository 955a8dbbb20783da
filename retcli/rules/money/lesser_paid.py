"""An order of which a file says that less was paid than the books hold: what may still leave while nobody has answered
which is right, and what its cases give back once the lesser amount is taken.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from retcli.rules.money.minor_units import half_up, up_to


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


@dataclass(frozen=True)
class Agreed:
    """What a case was agreed to on a line: its pieces, what they were worth then (`share`), and the cash that is due
    for them, in minor units; `fixed` where that was named, not computed.
    """

    pieces: int
    share: int
    due: int
    fixed: bool = False


def worth_less(cases: Sequence[Agreed], cash: int, pieces: int) -> list[int]:
    """By how much each case's due on a line of so many pieces exceeds what its pieces are worth once the line is worth
    only `cash` (minor units): as if they were agreed to by then, the first one first, by the rule of pieces of a line
    (`docs/rules.md` §3.1). A sum that was named stays as far as the pieces are worth it, one that was computed keeps
    its part of their worth; a price cut stays, and lowers what is left to those after it.
    """
    back, gone, taken, whole = list[int](), 0, 0, cash
    for case in cases:
        gone += case.pieces
        worth = max(up_to(whole, min(gone, pieces), pieces) - taken, 0) if case.share else 0
        taken, whole = taken + worth, whole if case.share else max(whole - case.due, 0)
        computed = half_up(Fraction(case.due * worth, case.share)) if case.share else case.due
        keeps = min(case.due, worth if case.fixed else computed) if case.share else case.due
        back.append(max(case.due - keeps, 0))
    return back


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
