"""What may still leave of an order of which a file says that less was paid, while nobody has answered that."""

from collections.abc import Collection, Iterable
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
