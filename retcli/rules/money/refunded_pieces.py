"""How many pieces of a line a platform's refund stands for, since platforms print only its amount."""

from retcli.rules.money.minor_units import up_to

FINAL = frozenset({"succeeded", "closed"})
"""States of a refund on the platform after which nothing more is decided there."""
UNPAID = frozenset({"closed", "refused"})
"""States of a refund on the platform in which nothing is paid there: closed, or turned down by the shop."""


def units_for(cash: int, quantity: int, amount: int, *, returning: bool) -> int:
    """How many of a line's pieces a refund of an amount stands for (`docs/rules.md` §3.1), in minor units.

    The whole cash is all pieces; the exact share of k pieces is k; a return of any other amount takes the fewest
    pieces that are worth it; a refund without return that matches no share takes none: it is a price cut.
    """
    if amount >= cash:
        return quantity
    # by cumulative rounding k pieces are worth a fen more or less, depending on how many went before them: any of
    # those values is a share of k
    for k in range(1, quantity):
        worth = {up_to(cash, k, quantity), cash - up_to(cash, quantity - k, quantity)}
        worth |= {up_to(cash, j + k, quantity) - up_to(cash, j, quantity) for j in range(quantity - k + 1)}
        if amount in worth:
            return k
    if not returning:
        return 0
    return next((k for k in range(1, quantity + 1) if up_to(cash, k, quantity) >= amount), quantity)
