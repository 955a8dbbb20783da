"""What a platform's refund means for the pieces and the money of a line."""

from retcli.rules.money.minor_units import up_to

FINAL = frozenset({"succeeded", "closed"})
"""States of a refund on the platform after which nothing more is decided there."""
UNPAID = frozenset({"closed", "refused"})
"""States of a refund on the platform in which nothing is paid there: closed, or turned down by the shop."""


def units_for(cash: int, quantity: int, amount: int, *, returning: bool) -> int:
    """How many of a line's pieces a refund of an amount stands for, since platforms print no quantity.

    The whole cash is all pieces; the exact share of k pieces is k; a return of any other amount takes the fewest
    pieces that are worth it; a refund without return that matches no share takes none: it is a price cut.
    """
    if amount >= cash:
        return quantity
    for k in range(1, quantity):
        worth = {up_to(cash, k, quantity), cash - up_to(cash, quantity - k, quantity)}
        worth |= {up_to(cash, j + k, quantity) - up_to(cash, j, quantity) for j in range(quantity - k + 1)}
        if amount in worth:
            return k
    if not returning:
        return 0
    return next((k for k in range(1, quantity + 1) if up_to(cash, k, quantity) >= amount), quantity)
