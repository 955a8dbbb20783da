"""What the platform's order file says went back of an order, beside what the books hold of it."""

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions import step_memory
from retcli.errors import Overdrawn
from retcli.language import _
from retcli.models import Order, OrderLine, Payout, PayoutPart
from retcli.platforms import DIALECTS
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money import Money
from retcli.rules.payouts import FREIGHT, GOODS, OVER
from retcli.rules.refunded import NOTHING_UNBOOKED, Noted, Unbooked, unbooked
from retcli.shop import Shop

GONE = (PayoutState.SENT, PayoutState.UNKNOWN, PayoutState.CONFIRMED, PayoutState.REVERSED)
"""Refunds that left; one taken back is there with its reversal, and both add up to nothing."""

REFUNDED = (GOODS, FREIGHT, OVER)
"""Purposes of what goes back of an order's payment; the way back and amends are given beside it."""
REPORTING = frozenset(dialect.platform for dialect in DIALECTS if dialect.holds == "refunds")
"""Platforms with a refund report; of the others the order file alone tells what was refunded there."""


def by_files(order: Order, lines: Sequence[OrderLine]) -> int | None:
    """What went back of an order by the platform's own files, in minor units; None where none says."""
    said = [line.refunded_there for line in lines if line.refunded_there is not None]
    if order.refunded_there is None and not said:
        return None
    return max(order.refunded_there or 0, sum(said))


def unbooked_of(shop: Shop, order: Order, lines: Sequence[OrderLine]) -> Unbooked:
    """What went back of an order by its file and by no refund that was sent from here or written down."""
    if not by_files(order, lines):
        return NOTHING_UNBOOKED
    booked = _booked(shop, order, GONE, explaining=True)
    noted = [Noted(x.id, x.cash, x.refunded_there, booked.get(x.id, 0)) for x in lines]
    return unbooked(order.refunded_there, sum(booked.values()), noted, order.currency)


def _booked(shop: Shop, order: Order, states: Sequence[PayoutState], *, explaining: bool) -> dict[int | None, int]:
    """What refunds in some states give by line (None: the freight), in minor units; `explaining` only those by which
    the platform's own file can have grown.
    """
    if step_memory.is_unpaid(shop, order):
        return {}
    query = (
        sa.select(col(PayoutPart.line_id), sa.cast(sa.func.sum(PayoutPart.minor), sa.BigInteger))
        .join(Payout, col(Payout.id) == col(PayoutPart.payout_id))
        .where(col(Payout.order_id) == order.id, col(PayoutPart.purpose).in_([GOODS, FREIGHT]))
        .where(col(Payout.state).in_(states))
        .group_by(col(PayoutPart.line_id))
    )
    if explaining and order.platform in REPORTING:
        query = query.where(col(Payout.method) == "original")
    sums: dict[int | None, int] = defaultdict(int)
    for line, minor in shop.session.execute(query):
        sums[line] += int(minor)
    return sums


def refuse_beyond(shop: Shop, order: Order, minor: int, hint: str) -> None:
    """Refuses a refund of `minor` that with all that left of the order, by the platform and by ourselves, would be more
    than the order was paid; a reversal counts against what it took back. Raises Overdrawn.
    """
    if minor <= 0:
        return
    shop.hold(order)
    gone = 0 if step_memory.is_unpaid(shop, order) else _gone(shop, order)
    if gone + minor <= order.paid:
        return
    message = _("Order {order} was paid {paid}, of which {gone} left already: with {more} it would be {all}")
    amounts = {"paid": order.paid, "gone": gone, "more": minor, "all": gone + minor}
    shown = {name: Money(amount, order.currency) for name, amount in amounts.items()}
    raise Overdrawn(message.format(order=order.number, **shown), hint)


def _gone(shop: Shop, order: Order) -> int:
    """What left of an order by the platform and by ourselves, in minor units."""
    left = sa.select(sa.cast(sa.func.sum(PayoutPart.minor), sa.BigInteger))
    left = left.join(Payout, col(Payout.id) == col(PayoutPart.payout_id)).where(col(Payout.order_id) == order.id)
    left = left.where(col(Payout.state).in_(GONE), col(PayoutPart.purpose).in_(REFUNDED))
    return int(shop.session.scalar(left) or 0)


def refuse_gone(shop: Shop, order: Order, lines: Sequence[OrderLine], minor: int) -> None:
    """Refuses a refund of `minor` that with what went back by the order file would be more than was paid."""
    gone = unbooked_of(shop, order, lines)
    if not gone.total:
        return
    live = [state for state in PayoutState if state != PayoutState.FAILED]
    left = max(order.paid - sum(_booked(shop, order, live, explaining=False).values()) - gone.total, 0)
    if minor <= left:
        return
    message = _(
        "By the platform's order file {there} of order {order} went back already, {booked} of it stands in these books:"
        " at most {left} may be paid"
    )
    amounts = {"there": gone.there, "booked": gone.booked, "left": left}
    shown = {name: Money(amount, order.currency) for name, amount in amounts.items()}
    hint = _("Import the refund report of those days first: it writes down what the platform paid")
    if order.platform not in REPORTING:
        hint = _("Export the orders of those days again and import them: that platform has no refund report")
    raise Overdrawn(message.format(order=order.number, **shown), hint)
