"""Whether the click that pays a refund on its platform may be made. The platform sends what the buyer applied for
there, whatever was agreed to here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Short:
    """Why a paying click is not to be made yet, in minor units: what the buyer applied for on the platform (`asked`),
    what was agreed to here, what of that waits for a second person, and what of it waits for goods still on their way.
    """

    asked: int
    agreed: int
    waiting: int
    for_goods: int


def short(asked: int | None, let_go: int, waiting: int, for_goods: int) -> Short | None:
    """Why the click is not to be made yet; None where it may be, because exactly what was applied for was let go here,
    or because that amount is not known (`asked` None). What is due and waits for goods is let go with them
    (`for_goods`). Minor units.
    """
    if asked is None or (asked == let_go and not waiting):
        return None
    return Short(asked, let_go + waiting + for_goods, waiting, for_goods)
