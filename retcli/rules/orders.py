"""What each line of an order is worth in cash, fixed once at import (`rules.md` §3.1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from retcli.rules.money import split

UNPAID = "unpaid"
"""The status of an order that is not paid; money there all the same is the deposit of a presale."""
SHIPPED, DONE, CLOSED = "shipped", "done", "closed"
"""Statuses of an order whose goods are on their way, that is over, and that the platform closed."""


@dataclass(frozen=True)
class LineCash:
    """Cash per line in minor units, summing to what was paid for goods; `source` is ``file`` or ``split``; `gap` is
    what the file's own amounts are off by (0 where they add up or where there were none).
    """

    cash: tuple[int, ...]
    source: str
    gap: int = 0


def line_cash(paid: int, freight: int, stated: Sequence[int | None], weights: Sequence[int]) -> LineCash:
    """The lines' cash: the file's own amounts where they add up to the goods paid (for a single line also with the
    freight inside, as the platform prints it), else the goods paid split by largest remainder over the stated amounts,
    else over price times quantity.
    """
    goods = max(paid - freight, 0)
    amounts = [amount for amount in stated if amount is not None]
    if len(amounts) < len(stated):
        return LineCash(tuple(split(goods, weights)), "split")
    total = sum(amounts)
    if total == goods or (len(amounts) == 1 and total == paid):
        return LineCash((goods,) if len(amounts) == 1 else tuple(amounts), "file")
    return LineCash(tuple(split(goods, amounts)), "split", total - goods)
