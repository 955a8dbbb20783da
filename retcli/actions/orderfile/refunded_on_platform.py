"""Refunds that only the platform's order file tells: how much of an order went back by it, how much of that the books
explain, and the limit that what is left sets to refunds of our own.
"""

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile import order_standing, step_memory
from retcli.errors import Overdrawn
from retcli.language import _
from retcli.models import Case, Order, OrderLine, Payout, PayoutPart, PlatformAction, RefundThere
from retcli.rules.lifecycles import LEFT, PAYING_CLICKS, ActionState, PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import FREIGHT, GOODS, OVER
from retcli.rules.money.refunded_on_platform import (
    NOTHING_UNBOOKED,
    REPORTING,
    BookedRefund,
    FileTotal,
    Noted,
    Unbooked,
    explained,
    unbooked,
)
from retcli.shop import Shop

STANDING = (PayoutState.SENT, PayoutState.UNKNOWN, PayoutState.CONFIRMED)
"""Refunds that left and were not taken back."""

LIVE = tuple(state for state in PayoutState if state != PayoutState.FAILED)
"""Refunds that left or are to leave; a reversed one and its reversal are both among them and cancel out."""

REFUNDED = (GOODS, FREIGHT, OVER)
"""Purposes of what goes back of an order's payment; the way back and amends are given beside it."""


def by_files(order: Order, lines: Sequence[OrderLine]) -> int | None:
    """What went back of an order by the platform's own files, in minor units; None where none says."""
    of_lines = [line.refunded_there for line in lines if line.refunded_there is not None]
    if order.refunded_there is None and not of_lines:
        return None
    # the order's own total and that of its lines are the same money told twice; a file may know only one of them
    return max(order.refunded_there or 0, sum(of_lines))


def unbooked_of(shop: Shop, order: Order, lines: Sequence[OrderLine]) -> Unbooked:
    """What went back of an order by its file and is explained by no refund that left here or was written down, by line
    as far as that is known, in minor units.
    """
    there = by_files(order, lines)
    if not there:
        return NOTHING_UNBOOKED
    booked = explained(_totals(shop, order, there), _explaining(shop, order))
    noted = [Noted(line.id, line.cash, line.refunded_there, booked.lines.get(line.id, 0)) for line in lines]
    return unbooked(there, booked.minor, noted, order.currency)


def unmeasured(shop: Shop, order: Order, lines: Sequence[OrderLine], asked: Collection[int | None] = ()) -> str:
    """The platform's word that money of an order went back, where no file says how much and no refund in these books
    explains it; "" where there is none. With `asked` (ids of lines, None for the freight) only a word for these lines
    or for the whole order counts.
    """
    if by_files(order, lines) is not None:
        return ""
    of_order = order_standing.refunded_as_a_whole(order)
    words = {line.id: order_standing.refunded_there(order, line) for line in lines if not asked or line.id in asked}
    words = {key: word for key, word in words.items() if word} or {None: of_order}
    if not any(words.values()):
        return ""
    lines_booked = {refund.line for refund in _explaining(shop, order)}
    # a word about the whole order does not say which line: any refund of the order explains it
    if of_order and lines_booked:
        return ""
    return next((word for key, word in words.items() if key not in lines_booked), "")


def _totals(shop: Shop, order: Order, there: int) -> list[FileTotal]:
    """What had gone back of an order by each file, with the file's time; where the total `there` (minor units) exceeds
    them all, that as well, at no known time.
    """
    query = sa.select(col(RefundThere.minor), col(RefundThere.at), col(RefundThere.estimated))
    query = query.where(col(RefundThere.order_id) == order.id).order_by(col(RefundThere.id))
    totals = [FileTotal(*row) for row in shop.session.execute(query)]
    beyond = there > max((total.minor for total in totals), default=0)
    return [*totals, FileTotal(there, None)] if beyond else totals


def _explaining(shop: Shop, order: Order) -> list[BookedRefund]:
    """The refunds of an order that the platform's own file can count, with their line, amount and time."""
    if step_memory.is_unpaid(shop, order):
        return []
    rows = shop.session.execute(
        sa.select(
            col(PayoutPart.line_id),
            col(PayoutPart.minor),
            let_go_at(),
            col(Payout.origin) == "platform",
            col(Payout.method) == "original",
        )
        .join(Payout, col(Payout.id) == col(PayoutPart.payout_id))
        .join(Order, col(Order.id) == col(Payout.order_id))
        .where(col(Payout.order_id) == order.id, by_their_files(), *have_left(REFUNDED, clicked=True))
    )
    return [BookedRefund(*row) for row in rows]


@cache
def let_go_at() -> Any:
    """The instant in SQL at which a payout was let go: its decision; where it waited for a second person, its
    settlement, the latest that can have been, since no column has that person's instant; where it was clicked and
    nobody has verified that, the click. A later instant of success in the platform's report comes before all of these.
    """
    clicked = col(Payout.state) == PayoutState.DUE, _clicked_at()
    decided = col(Payout.approved_by).is_(None), col(Payout.decided_at)
    let_go = sa.case(clicked, decided, else_=col(Payout.settled_at))
    succeeded_at = sa.select(col(Case.platform_succeeded_at)).where(col(Case.id) == col(Payout.case_id))
    succeeded_at = succeeded_at.where(col(Case.platform_estimated).is_(False))
    there = succeeded_at.correlate(Payout).scalar_subquery()
    return sa.case((there > let_go, there), else_=let_go)


@cache
def _clicked_at() -> Any:
    """The instant in SQL at which somebody said to have clicked a payout's refund, while no import has verified it;
    NULL where nobody did.
    """
    clicked_at = sa.select(sa.func.max(PlatformAction.done_at)).where(
        col(PlatformAction.case_id) == col(Payout.case_id)
    )
    clicked_at = clicked_at.where(
        col(PlatformAction.action).in_(PAYING_CLICKS), col(PlatformAction.state) == ActionState.DONE
    )
    return clicked_at.correlate(Payout).scalar_subquery()


@cache
def clicked_there() -> Any:
    """Whether a payout is due and left by a click that no import has verified, as a condition in SQL."""
    by_route = sa.and_(col(Payout.kind) == "refund", col(Payout.method) == "original")
    return sa.and_(by_route, col(Payout.state) == PayoutState.DUE, _clicked_at().is_not(None))


def have_left(purposes: Sequence[str] = (GOODS, FREIGHT), *, clicked: bool = False) -> tuple[Any, ...]:
    """Conditions in SQL on parts of payouts (both joined): of some purposes, left, and not taken back. With `clicked`
    those count too that were clicked on the platform while no import has verified it.
    """
    left: Any = col(Payout.state).in_(STANDING)
    if clicked:
        left = sa.or_(left, clicked_there())
    return col(PayoutPart.purpose).in_(purposes), left, col(Payout.reverses_id).is_(None)


@cache
def by_their_files() -> Any:
    """The condition in SQL on payouts and their orders (both joined) that the platform's order file can count them:
    where the platform has a refund report, only those by the original route; else any.
    """
    return sa.or_(col(Payout.method) == "original", col(Order.platform).not_in(REPORTING))


def is_within(total: Any) -> Any:
    """The condition in SQL that a payout can be a part of a file's total (`total`, a table in the query), as
    `rules.money.refunded_on_platform` says: the platform's own always, another one where it was let go by then.
    """
    by_then = sa.and_(let_go_at() <= total.at, sa.or_(total.estimated.is_(False), col(Payout.method) == "original"))
    return sa.or_(col(Payout.origin) == "platform", by_then)


def unexplained(there: Any) -> Any:
    """What of `there` no refund in the books explains, in minor units, in SQL: `there` is what went back by the files
    of the order in the query. Zero or less where refunds explain it all.
    """
    of_order = col(RefundThere.order_id) == col(Order.id)
    left = col(RefundThere.minor) - within(is_within(RefundThere))
    most = sa.select(sa.func.max(left)).where(of_order).correlate(Order).scalar_subquery()
    noted = sa.select(sa.func.max(col(RefundThere.minor))).where(of_order).correlate(Order).scalar_subquery()
    # beyond what any dated file tells, only the platform's own reports can explain a total of unknown time
    undated = there - within(col(Payout.origin) == "platform")
    by_files = sa.func.coalesce(most, 0)
    return sa.case((sa.and_(there > sa.func.coalesce(noted, 0), undated > by_files), undated), else_=by_files)


def within(*which: Any) -> Any:
    """The sum in SQL (minor units) of those refunds of the order in the query that may explain its files and meet some
    conditions; what a platform paid beyond the order and what was clicked there count too.
    """
    return left_of(by_their_files(), *which, purposes=REFUNDED, clicked=True)


def left_of(*which: Any, purposes: Sequence[str] = (GOODS, FREIGHT), clicked: bool = False) -> Any:
    """The sum in SQL (minor units) of those refunds of the order in the query that left, were not taken back, and meet
    some conditions.
    """
    # PostgreSQL sums whole numbers to a decimal one
    query = sa.select(sa.cast(sa.func.coalesce(sa.func.sum(PayoutPart.minor), 0), sa.BigInteger))
    query = query.join(Payout, col(Payout.id) == col(PayoutPart.payout_id))
    query = query.where(*have_left(purposes, clicked=clicked), *which, col(Payout.order_id) == col(Order.id))
    # the order, and the file's total where one is asked about, are those of the query that this one stands in
    return query.correlate(Order, RefundThere).scalar_subquery()


def _booked(shop: Shop, order: Order, states: Collection[PayoutState]) -> int:
    """The sum of an order's refunds in some states, without what a platform paid beyond the order, in minor units."""
    if step_memory.is_unpaid(shop, order):
        return 0
    query = (
        sa.select(sa.cast(sa.func.sum(PayoutPart.minor), sa.BigInteger))
        .join(Payout, col(Payout.id) == col(PayoutPart.payout_id))
        .where(col(Payout.order_id) == order.id, col(PayoutPart.purpose).in_([GOODS, FREIGHT]))
        .where(col(Payout.state).in_(states))
    )
    return int(shop.session.scalar(query) or 0)


def refuse_beyond(shop: Shop, order: Order, minor: int, hint: Callable[[int], str]) -> None:
    """Raises Overdrawn for a refund of `minor` (minor units) that with all that has left of the order, by the platform
    and by ourselves, would exceed what the order was paid. `hint` makes the way out of what is left, in minor units.
    """
    if minor <= 0:
        return
    # held until the refund is written: nobody else lets more of this order go in between
    shop.hold(order)
    gone = 0 if step_memory.is_unpaid(shop, order) else gone_of(shop, [order.id or 0]).get(order.id or 0, 0)
    if not is_beyond(order, gone, minor):
        return
    message = _("Order {order} was paid {paid}, of which {gone} left already: with {more} it would be {all}")
    amounts = {"paid": order.paid, "gone": gone, "more": minor, "all": gone + minor}
    shown = {name: Money(amount, order.currency) for name, amount in amounts.items()}
    raise Overdrawn(message.format(order=order.number, **shown), hint(max(order.paid - gone, 0)))


def is_beyond(order: Order, gone: int, minor: int) -> bool:
    """Whether a refund of `minor` exceeds what an order has left, of which `gone` left already; minor units."""
    return minor > 0 and gone + minor > order.paid


def gone_of(shop: Shop, orders: Sequence[int]) -> dict[int, int]:
    """What has left of some orders by the platform and by ourselves, in minor units, by their ids; what was taken back
    is off again by its reversal, and orders of which nothing left are left out.
    """
    rows = shop.session.execute(_GONE, {"ids": list(orders)})
    return {order_id: int(minor) for order_id, minor in rows}


_GONE = (
    sa.select(col(Payout.order_id), sa.cast(sa.func.sum(PayoutPart.minor), sa.BigInteger))
    .join(PayoutPart, col(PayoutPart.payout_id) == col(Payout.id))
    .where(col(Payout.order_id).in_(sa.bindparam("ids", expanding=True)))
    .where(col(Payout.state).in_(LEFT), col(PayoutPart.purpose).in_(REFUNDED))
    .group_by(col(Payout.order_id))
)


def refuse_gone(
    shop: Shop, order: Order, lines: Sequence[OrderLine], minor: int, hint: str = "",
    beside: Collection[PayoutState] = LIVE,
) -> None:  # fmt: skip
    """Raises Overdrawn for a refund of `minor` (minor units) that would exceed what was paid, together with what went
    back by the order file alone and with the order's refunds in the states `beside`.
    """
    gone = unbooked_of(shop, order, lines)
    if minor <= 0 or not gone.total:
        return
    left = max(order.paid - _booked(shop, order, beside) - gone.total, 0)
    if minor <= left:
        return
    message = _(
        "By the platform's order file {there} of order {order} went back already, {booked} of it stands in these books:"
        " at most {left} may be paid"
    )
    amounts = {"there": gone.there, "booked": gone.booked, "left": left}
    shown = {name: Money(amount, order.currency) for name, amount in amounts.items()}
    raise Overdrawn(message.format(order=order.number, **shown), hint or _how_to_explain(order))


def _how_to_explain(order: Order) -> str:
    """The hint which file may explain what went back of an order on its platform."""
    if order.platform in REPORTING:
        return _("Import the refund report of those days first: it writes down what the platform paid")
    return _("Export the orders of those days again and import them: that platform has no refund report")
