"""The cash of each line of an order, fixed once at import (`docs/rules.md` §3.1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from retcli.rules.money.minor_units import Money, split

UNPAID = "unpaid"
"""The status of an order that is not paid in full; money on it is the deposit (定金) of a presale."""
SHIPPED, DONE, CLOSED = "shipped", "done", "closed"
"""Statuses of an order: goods on their way, trade ended, closed by the platform."""


@dataclass(frozen=True)
class LineCash:
    """Cash per line in minor units; its sum is what was paid for goods. `source` is ``file`` (the file's own amounts)
    or ``split``; `gap` is what the file's own amounts are off by, 0 where they add up or there were none; `vouchers` is
    the part of each line's cash that a voucher of the platform paid.
    """

    cash: tuple[int, ...]
    source: str
    gap: int = 0
    vouchers: tuple[int, ...] = ()


def line_cash(
    paid: int,
    freight: int,
    stated: Sequence[int | None],
    weights: Sequence[int],
    vouchers: Sequence[int | None] = (),
) -> LineCash:
    """The cash of an order's lines (minor units). `stated` are the file's own amounts, `weights` the prices of all
    pieces of a line, `vouchers` what a voucher of the platform paid of it. The file's amounts count where they add up
    to the goods paid, alone or with the vouchers; else they, or where one is missing the prices, share the discount.
    """
    goods, no_vouchers = max(paid - freight, 0), (0,) * len(stated)
    amounts = [amount for amount in stated if amount is not None]
    if len(amounts) < len(stated):
        return LineCash(discounted(goods, weights), "split", 0, no_vouchers)
    total = sum(amounts)
    # of an order with a single line the platforms print the line's amount with the freight inside
    if total == goods or (len(amounts) == 1 and total == paid):
        return LineCash((goods,) if len(amounts) == 1 else tuple(amounts), "file", 0, no_vouchers)
    shares = tuple(share or 0 for share in vouchers)
    if any(shares) and total + sum(shares) in {goods, paid if len(amounts) == 1 else goods}:
        whole = tuple(amount + share for amount, share in zip(amounts, shares, strict=True))
        return LineCash((goods,) if len(amounts) == 1 else whole, "file", 0, shares)
    return LineCash(discounted(goods, amounts), "split", total - goods, no_vouchers)


def discounted(goods: int, prices: Sequence[int]) -> tuple[int, ...]:
    """What was paid for goods, over lines by their prices (minor units): the discount is split by largest remainder and
    taken off each price; what was paid beyond the prices is split and laid on.
    """
    # the discount is split, not the sum paid: so a line never costs more than its price
    off = sum(prices) - goods
    shares = split(abs(off), prices)
    return tuple(price - share if off > 0 else price + share for price, share in zip(prices, shares, strict=True))


def at_least(cash: Sequence[int], floors: Sequence[int]) -> tuple[int, ...]:
    """The lines' cash (minor units), raised to each line's floor with the sum unchanged: what a line lacks is taken off
    the others by what each has above its own floor. Raises ValueError where the floors are more than there is.
    """
    lacking = sum(max(floor - minor, 0) for minor, floor in zip(cash, floors, strict=True))
    room = [max(minor - floor, 0) for minor, floor in zip(cash, floors, strict=True)]
    if lacking > sum(room):
        raise ValueError("the floors are more than there is")
    taken_off = split(lacking, room) if lacking else [0] * len(room)
    return tuple(max(minor, floor) - off for minor, floor, off in zip(cash, floors, taken_off, strict=True))


def three_amounts(net: Money, back: Money, total: Money) -> str:
    """An order's three amounts that do not fit together, as a question keeps and shows them: ``total ≠ net + back``."""
    return f"{total} ≠ {net} + {back}"


def whole_of(amounts: str) -> str:
    """The total that `three_amounts` wrote."""
    return amounts.partition(" ≠ ")[0]
