"""The limit of an order while a file says that less was paid on it than the books hold, and nobody has answered which
is right: together no more may leave than the lesser amount.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile import step_memory
from retcli.actions.orderfile.questioned_paid import Questioned, questioned
from retcli.actions.orderfile.refunded_on_platform import clicked_there
from retcli.errors import Overdrawn
from retcli.language import _
from retcli.models import Order, Payout
from retcli.rules.lifecycles import LEFT, PayoutState
from retcli.rules.money.lesser_paid import Claim, may_still_leave
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import NO_MONEY
from retcli.shop import Shop


def claims_of(shop: Shop, orders: Sequence[int]) -> Mapping[int, Sequence[Claim]]:
    """The payouts in money, of any kind, that were let go on some orders, by the ids of the orders; a reversed one
    stands beside its reversal, so that both cancel out.
    """
    claims: dict[int, list[Claim]] = defaultdict(list)
    for order_id, payout, minor, left in shop.session.execute(_CLAIMS, {"ids": list(orders)}):
        claims[order_id].append(Claim(payout, minor, bool(left)))
    return claims


_CLAIMS = (
    sa.select(
        col(Payout.order_id),
        col(Payout.id),
        col(Payout.minor),
        sa.or_(col(Payout.state).in_(LEFT), clicked_there()),
    )
    .where(col(Payout.order_id).in_(sa.bindparam("ids", expanding=True)))
    .where(col(Payout.state).in_([*LEFT, PayoutState.DUE]), col(Payout.method).not_in(NO_MONEY))
)


def refuse_until_answered(shop: Shop, order: Order, minor: int, due: Collection[int | None] = ()) -> None:
    """Raises Overdrawn where `minor` (minor units) more on an order exceeds what may still leave while the question is
    open. `due` are the ids of payouts whose money `minor` is, where they were let go already and are to leave now: they
    are not counted twice.
    """
    if minor <= 0:
        return
    # held until it is written: nobody else lets more of this order go in between
    shop.hold(order)
    less = _questioned(shop, order)
    if less is None:
        return
    key = order.id or 0
    claims = () if step_memory.is_unpaid(shop, order) else claims_of(shop, [key]).get(key, ())
    left = may_still_leave(less.paid, claims, due)
    if minor > left:
        raise _until_answered(order, left, less)


def _questioned(shop: Shop, order: Order) -> Questioned | None:
    """The least that a file says was paid on an order, from memory where the import's step has read it."""
    memory, key = step_memory.of(shop), order.id or 0
    return memory.questioned.get(key) if key in memory.lines else questioned(shop, [key]).get(key)


def _until_answered(order: Order, left: int, less: Questioned) -> Overdrawn:
    """The error for money that only a question stands against which nobody has answered yet; `left` (minor units) may
    still leave.
    """
    message = _(
        "A file says that {less} was paid on order {order}, the books say {paid}: until that is answered at most {left}"
        " may still leave"
    )
    amounts = {"less": less.paid, "paid": order.paid, "left": left}
    shown = {name: Money(amount, order.currency) for name, amount in amounts.items()}
    return Overdrawn(message.format(order=order.number, **shown), "retcli imports questions")
