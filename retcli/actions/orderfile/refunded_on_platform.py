"""What the platform's order file says went back of an order, beside what the books hold of it."""

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile import order_standing, step_memory
from retcli.errors import Overdrawn
from retcli.language import _
from retcli.models import Case, Order, OrderLine, Payout, PayoutPart, PlatformAction, RefundThere
from retcli.platforms import DIALECTS
from retcli.rules.lifecycles import LEFT, PAYING_CLICKS, ActionState, PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import FREIGHT, GOODS, OVER
from retcli.rules.money.refunded_on_platform import (
    NOTHING_UNBOOKED,
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
"""Refunds that left or are to leave, those taken back with their reversals."""

REFUNDED = (GOODS, FREIGHT, OVER)
"""Purposes of what goes back of an order's payment; the way back and amends are given beside it."""
REPORTING = frozenset(dialect.platform for dialect in DIALECTS if dialect.holds == "refunds")
"""Platforms with a refund report; of the others the order file alone tells what was refunded there."""


def by_files(order: Order, lines: Sequence[OrderLine]) -> int | None:
    """What went back of an order by the platform's own files, in minor units; None where none says."""
    of_lines = [line.refunded_there for line in lines if line.refunded_there is not None]
    if order.refunded_there is None and not of_lines:
        return None
    return max(order.refunded_there or 0, sum(of_lines))


def unbooked_of(shop: Shop, order: Order, lines: Sequence[OrderLine]) -> Unbooked:
    """What went back of an order by its file and by no refund that was sent from here or written down."""
    there = by_files(order, lines)
    if not there:
        return NOTHING_UNBOOKED
    booked = explained(_totals(shop, order, there), _explaining(shop, order))
    noted = [Noted(line.id, line.cash, line.refunded_there, booked.lines.get(line.id, 0)) for line in lines]
    return unbooked(there, booked.minor, noted, order.currency)


def unmeasured(shop: Shop, order: Order, lines: Sequence[OrderLine], asked: Collection[int | None] = ()) -> str:
    """The platform's word that money of an order went back where no file says how much and no refund in these books
    explains it; with lines `asked` for by key (None: the freight) what is said of them or of the whole order alone. ""
    where there is none.
    """
    if by_files(order, lines) is not None:
        return ""
    of_order = order_standing.refunded_as_a_whole(order)
    words = {line.id: order_standing.refunded_there(order, line) for line in lines if not asked or line.id in asked}
    words = {key: word for key, word in words.items() if word} or {None: of_order}
    if not any(words.values()):
        return ""
    lines_booked = {refund.line for refund in _explaining(shop, order)}
    if of_order and lines_booked:
        return ""
    return next((word for key, word in words.items() if key not in lines_booked), "")


def _totals(shop: Shop, order: Order, there: int) -> list[FileTotal]:
    """What had gone back of an order file by file; what is beyond them (`there`, minor units) at no known time."""
    query = sa.select(col(RefundThere.minor), col(RefundThere.at), col(RefundThere.estimated))
    query = query.where(col(RefundThere.order_id) == order.id).order_by(col(RefundThere.id))
    totals = [FileTotal(*row) for row in shop.session.execute(query)]
    beyond = there > max((total.minor for total in totals), default=0)
    return [*totals, FileTotal(there, None)] if beyond else totals


def _explaining(shop: Shop, order: Order) -> list[BookedRefund]:
    """The refunds of an order by which the platform's own file can have grown."""
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
    """When a payout was let go: as it was decided; for one that waited for a second person, whose instant no column
    has, the latest that it can have been, its settlement; for one that was clicked and that nobody has verified, the
    click. Where the platform's report names a later instant of success, that is when it left.
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
    """When the click that pays a payout's refund was said to be made, while nobody has verified it; null where none."""
    clicked_at = sa.select(sa.func.max(PlatformAction.done_at)).where(
        col(PlatformAction.case_id) == col(Payout.case_id)
    )
    clicked_at = clicked_at.where(
        col(PlatformAction.action).in_(PAYING_CLICKS), col(PlatformAction.state) == ActionState.DONE
    )
    return clicked_at.correlate(Payout).scalar_subquery()


@cache
def clicked_there() -> Any:
    """Whether a payout is due and left by a click that nobody has verified."""
    by_route = sa.and_(col(Payout.kind) == "refund", col(Payout.method) == "original")
    return sa.and_(by_route, col(Payout.state) == PayoutState.DUE, _clicked_at().is_not(None))


def have_left(purposes: Sequence[str] = (GOODS, FREIGHT), *, clicked: bool = False) -> tuple[Any, ...]:
    """Which parts of payouts left and were not taken back; with `clicked` those too that were clicked on the platform
    and that nobody has verified.
    """
    left: Any = col(Payout.state).in_(STANDING)
    if clicked:
        left = sa.or_(left, clicked_there())
    return col(PayoutPart.purpose).in_(purposes), left, col(Payout.reverses_id).is_(None)


@cache
def by_their_files() -> Any:
    """Which payouts of an order (both joined) its platform's files can count: where it has a refund report, what went
    by the original route.
    """
    return sa.or_(col(Payout.method) == "original", col(Order.platform).not_in(REPORTING))


def is_within(total: Any) -> Any:
    """Whether a payout can be in a file's total that stands in the query (`rules.money.refunded_on_platform`)."""
    by_then = sa.and_(let_go_at() <= total.at, sa.or_(total.estimated.is_(False), col(Payout.method) == "original"))
    return sa.or_(col(Payout.origin) == "platform", by_then)


def unexplained(there: Any) -> Any:
    """What of `there` (minor units), which went back by the files of an order that stands in the query, no refund here
    explains; not above nothing where refunds explain it all.
    """
    of_order = col(RefundThere.order_id) == col(Order.id)
    left = col(RefundThere.minor) - within(is_within(RefundThere))
    most = sa.select(sa.func.max(left)).where(of_order).correlate(Order).scalar_subquery()
    noted = sa.select(sa.func.max(col(RefundThere.minor))).where(of_order).correlate(Order).scalar_subquery()
    undated = there - within(col(Payout.origin) == "platform")
    by_files = sa.func.coalesce(most, 0)
    return sa.case((sa.and_(there > sa.func.coalesce(noted, 0), undated > by_files), undated), else_=by_files)


def within(*which: Any) -> Any:
    """What some of the refunds that may explain a file of the order in the query give, in minor units: also what a
    platform paid beyond the order, and what was clicked there.
    """
    return left_of(by_their_files(), *which, purposes=REFUNDED, clicked=True)


def left_of(*which: Any, purposes: Sequence[str] = (GOODS, FREIGHT), clicked: bool = False) -> Any:
    """What refunds of the order in the query give that left and were not taken back, in minor units."""
    query = sa.select(sa.cast(sa.func.coalesce(sa.func.sum(PayoutPart.minor), 0), sa.BigInteger))
    query = query.join(Payout, col(Payout.id) == col(PayoutPart.payout_id))
    query = query.where(*have_left(purposes, clicked=clicked), *which, col(Payout.order_id) == col(Order.id))
    # the order, and the file's total where one is asked about, are those of the query that this one stands in
    return query.correlate(Order, RefundThere).scalar_subquery()


def _booked(shop: Shop, order: Order, states: Collection[PayoutState]) -> int:
    """What refunds of an order in some states give, in minor units."""
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
    """Refuses a refund of `minor` that with all that left of the order, by the platform and by ourselves, would be more
    than the order was paid; a reversal counts against what it took back. Raises Overdrawn with the `hint` for what is
    left, in minor units.
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
    """Whether a refund of `minor` is more than an order has of which `gone` left already, in minor units."""
    return minor > 0 and gone + minor > order.paid


def gone_of(shop: Shop, orders: Sequence[int]) -> dict[int, int]:
    """What left of each of some orders by the platform and by ourselves, in minor units, by their ids."""
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
    """Refuses a refund of `minor` that with what went back by the order file, and with the refunds `beside` it, would
    be more than was paid. Raises Overdrawn.
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
    """Which file may explain what went back of an order there."""
    if order.platform in REPORTING:
        return _("Import the refund report of those days first: it writes down what the platform paid")
    return _("Export the orders of those days again and import them: that platform has no refund report")
