"""Whether the click that pays a refund on its platform may be made: it sends what the buyer applied for there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Short:
    """Why a click that pays is not to be made yet, in minor units: what the buyer applied for on the platform, what was
    agreed to here, and what of that waits for a second person.
    """

    asked: int
    agreed: int
    waiting: int


def short(asked: int | None, let_go: int, waiting: int) -> Short | None:
    """Why the click is not to be made, None where it may be: just what was applied for on the platform was let go, or
    nobody knows that amount (`asked` None).
    """
    if asked is None or (asked == let_go and not waiting):
        return None
    return Short(asked, let_go + waiting, waiting)
