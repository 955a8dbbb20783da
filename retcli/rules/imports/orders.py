"""What each line of an order is worth in cash, fixed once at import (`docs/rules.md` §3.1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from retcli.rules.money.minor_units import Money, split

UNPAID = "unpaid"
"""The status of an order that is not paid; money there all the same is the deposit of a presale."""
SHIPPED, DONE, CLOSED = "shipped", "done", "closed"
"""Statuses of an order whose goods are on their way, that is over, and that the platform closed."""


@dataclass(frozen=True)
class LineCash:
    """Cash per line in minor units, summing to what was paid for goods; `source` is ``file`` or ``split``; `gap` is
    what the file's own amounts are off by (0 where they add up or where there were none); `vouchers` is the part of
    each line's cash that a voucher of the platform's paid.
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
    """The lines' cash: the file's own amounts where they add up to the goods paid (for a single line also with the
    freight inside, as the platform prints it), else with the vouchers of the platform that they leave out; else the
    prices (`weights`, for all pieces of a line) or the file's own amounts, less their shares of the discount.
    """
    goods, none = max(paid - freight, 0), (0,) * len(stated)
    amounts = [amount for amount in stated if amount is not None]
    if len(amounts) < len(stated):
        return LineCash(discounted(goods, weights), "split", 0, none)
    total = sum(amounts)
    if total == goods or (len(amounts) == 1 and total == paid):
        return LineCash((goods,) if len(amounts) == 1 else tuple(amounts), "file", 0, none)
    shares = tuple(share or 0 for share in vouchers)
    if any(shares) and total + sum(shares) in {goods, paid if len(amounts) == 1 else goods}:
        whole = tuple(amount + share for amount, share in zip(amounts, shares, strict=True))
        return LineCash((goods,) if len(amounts) == 1 else whole, "file", 0, shares)
    return LineCash(discounted(goods, amounts), "split", total - goods, none)


def discounted(goods: int, prices: Sequence[int]) -> tuple[int, ...]:
    """What was paid for goods, over lines by their prices (minor units): the discount is split by largest remainder and
    taken off each price, and what was paid beyond the prices is split and laid on.
    """
    off = sum(prices) - goods
    shares = split(abs(off), prices)
    return tuple(price - share if off > 0 else price + share for price, share in zip(prices, shares, strict=True))


def at_least(cash: Sequence[int], floors: Sequence[int]) -> tuple[int, ...]:
    """The lines' cash (minor units) with none below its floor and the same sum: what a line lacks is taken off the
    others by what each has above its own. Raises ValueError where the floors are more than there is.
    """
    lacking = sum(max(floor - minor, 0) for minor, floor in zip(cash, floors, strict=True))
    room = [max(minor - floor, 0) for minor, floor in zip(cash, floors, strict=True)]
    if lacking > sum(room):
        raise ValueError("the floors are more than there is")
    taken_off = split(lacking, room) if lacking else [0] * len(room)
    return tuple(max(minor, floor) - off for minor, floor, off in zip(cash, floors, taken_off, strict=True))


def three_amounts(net: Money, back: Money, total: Money) -> str:
    """An order's three amounts that do not fit together, as a question shows them; the whole stands first."""
    return f"{total} ≠ {net} + {back}"


def whole_of(amounts: str) -> str:
    """The whole of what `three_amounts` wrote."""
    return amounts.partition(" ≠ ")[0]
