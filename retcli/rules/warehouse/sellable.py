"""How many pieces of a product can be sold, as far as the books can know: retcli does not see a shop's ordinary sales
before the platform's order file tells of them.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Sellable:
    """Pieces that can be sold, by a count of the stock at an instant (`as_of`, UTC); below zero where more were sent
    than had been counted.
    """

    pieces: int
    as_of: datetime


def sellable(counted_at: datetime | None, in_stock: int, sent: int, reserved: int = 0) -> Sellable | None:
    """What can be sold of a product: what the stock of sellable pieces holds, less those `sent` to buyers since it was
    last counted and those `reserved` for goods that are to be sent. None, that is unknown, where nobody ever counted it
    (`counted_at` is None).

    A count makes the stock of its moment what was counted, and pieces graded A go into it since; so what it holds is
    the last count with all that came and went by way of the books, and only what was sold has to be taken off.
    """
    return Sellable(in_stock - sent - reserved, counted_at) if counted_at is not None else None
