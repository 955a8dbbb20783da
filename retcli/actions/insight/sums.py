"""What each column of money in the workbooks must come to: one sum of the books for each, by currency."""

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.insight import booked as booking
from retcli.actions.insight.booked import (
    COMPENSATION,
    OVER,
    REFUND,
    Original,
    beyond,
    booked,
    booked_cases,
    decided_here,
    entered_before,
    from_before,
    has_goods,
    off_route,
    own_minor,
    whole,
    within,
)
from retcli.actions.insight.openings import OPENED, opened_for
from retcli.actions.insight.order_file_refunds import beyond_books
from retcli.errors import RetcliError
from retcli.language import _
from retcli.models import Case, CaseLine, Inspection, Order, Payout, PayoutPart, Product
from retcli.rules.lifecycles import Decision, Grade, Kind, PayoutState
from retcli.rules.money.minor_units import POINTS
from retcli.rules.money.payouts import NOT_LET_GO
from retcli.rules.periods import Period
from retcli.rules.policy.policy import OWN_CURRENCY
from retcli.sheets.writer import Sheet
from retcli.shop import Shop

Statement = Callable[[Period], Any]
"""Rows of currency and minor units, for a period."""
GIVEN_AS_AMENDS = sa.or_(
    col(Payout.kind) == COMPENSATION, sa.and_(col(Payout.kind) == REFUND, col(Case.kind) == Kind.ALLOWANCE)
)
"""That a payout is compensation, but for what its order never had: given on top, or a price cut with which the goods
stay.
"""


def paid(period: Period) -> Any:
    """All that left or came back in the period."""
    query = sa.select(col(Payout.currency), whole(Payout.minor)).join(Case, col(Case.id) == col(Payout.case_id))
    return query.where(*booked(period), col(Payout.currency) != POINTS).group_by(col(Payout.currency))


def noted(period: Period) -> Any:
    """What of all that left or came back the platform had paid otherwise than was agreed to here before, without what
    the orders never had.
    """
    theirs = sa.not_(decided_here()), col(Case.platform_number).is_not(None), col(Payout.kind) == REFUND
    return _parts(*theirs, col(PayoutPart.purpose) != OVER)(period)


def own(period: Period) -> Any:
    """Refunds through the platform as they were decided here."""
    query = sa.select(col(Payout.currency), whole(own_minor())).join(Case, col(Case.id) == col(Payout.case_id))
    query = query.outerjoin(Original, col(Original.id) == col(Payout.reverses_id))
    query = query.where(*booked(period), col(Case.platform_number).is_not(None), col(Payout.kind) == REFUND)
    return query.group_by(col(Payout.currency))


def platform(period: Period) -> Any:
    """Refunds that succeeded by the platforms' reports."""
    query = sa.select(col(Order.currency), whole(Case.platform_amount))
    query = query.join(Order, col(Order.id) == col(Case.order_id)).where(col(Case.platform_number).is_not(None))
    return query.where(within(Case.platform_succeeded_at, period), col(Case.platform_amount) > 0).group_by(
        col(Order.currency)
    )


def before(period: Period) -> Any:
    """Refunds that succeeded by the platforms' reports and are from before the books, without what the orders never
    had.
    """
    over = beyond(period)
    query = sa.select(col(Order.currency), whole(col(Case.platform_amount) - sa.func.coalesce(over.c.minor, 0)))
    query = query.join(Order, col(Order.id) == col(Case.order_id)).join(OPENED, opened_for())
    query = query.outerjoin(over, over.c.case_id == col(Case.id))
    query = query.where(within(Case.platform_succeeded_at, period), col(Case.platform_amount) > 0, from_before())
    return query.group_by(col(Order.currency))


def difference(period: Period) -> Any:
    """Our side less the platform's, apart from refunds from before the books."""
    ours, theirs, earlier = (each(period).subquery() for each in (own, platform, before))
    both = sa.union_all(
        sa.select(ours.c[0].label("currency"), ours.c[1].label("minor")),
        sa.select(theirs.c[0], -theirs.c[1]),
        sa.select(earlier.c[0], earlier.c[1]),
    ).subquery()
    return sa.select(both.c.currency, whole(both.c.minor)).group_by(both.c.currency)


def _parts(*which: Any) -> Statement:
    """A statement: what of all that left or came back meets some conditions, part by part."""

    def statement(period: Period) -> Any:
        query = sa.select(col(Payout.currency), whole(PayoutPart.minor))
        query = query.join(Payout, col(Payout.id) == col(PayoutPart.payout_id))
        query = query.join(Case, col(Case.id) == col(Payout.case_id))
        query = query.outerjoin(Original, col(Original.id) == col(Payout.reverses_id)).where(*booked(period), *which)
        return query.where(col(Payout.currency) != POINTS).group_by(col(Payout.currency))

    return statement


def _purpose(purpose: str) -> Statement:
    """What of all that left is for a purpose, and no amends."""
    return _parts(col(PayoutPart.purpose) == purpose, sa.not_(GIVEN_AS_AMENDS))


def on_the_way(period: Period) -> Any:
    """What left by ourselves and had not arrived by the period's end."""
    return _of_payouts(*booking.on_the_way(period))


def transfers_arrived(period: Period) -> Any:
    """What left by ourselves and arrived in the period, less what was taken back."""
    return _of_payouts(*booked(period), booking.apart(), col(Payout.currency) != POINTS)


def _of_payouts(*which: Any) -> Any:
    """The sum of some payouts by currency."""
    query = sa.select(col(Payout.currency), whole(Payout.minor)).join(Case, col(Case.id) == col(Payout.case_id))
    return query.where(*which).group_by(col(Payout.currency))


def at_cost(period: Period) -> Any:
    """Pieces inspected, at their products' cost."""
    query = sa.select(sa.literal(OWN_CURRENCY), whole(Product.cost * col(Inspection.quantity)))
    query = query.select_from(Inspection).join(Product, col(Product.sku) == col(Inspection.sku))
    return query.where(within(Inspection.at, period))


def goods_not_in(period: Period) -> Any:
    """What was paid on refunded returns of the period beyond the worth of the pieces accepted by its end; the goods of
    refunds from before the books came in before them.
    """
    accepted, lines = _accepted_pieces(period).subquery(), _refunded_lines(period).subquery()
    inside = sa.func.coalesce(accepted.c.pieces, 0)
    counted = sa.case((inside < lines.c.pieces, inside), else_=lines.c.pieces)
    # the worth of some pieces of a line, rounded half up as `rules.money.payouts.goods_owed` does it
    worth = sa.case((lines.c.pieces > 0, (2 * lines.c.due * counted + lines.c.pieces) // (2 * lines.c.pieces)), else_=0)
    owed = sa.case((lines.c.paid > worth, lines.c.paid - worth), else_=0)
    query = sa.select(lines.c.currency, whole(owed)).outerjoin(accepted, accepted.c.line == lines.c.line)
    return query.group_by(lines.c.currency)


def _accepted_pieces(period: Period) -> Any:
    """By case line, the pieces accepted (not of grade X) by the period's end."""
    pieces = sa.select(col(Inspection.case_line_id).label("line"), whole(Inspection.quantity).label("pieces"))
    accepted = pieces.where(col(Inspection.grade) != Grade.X, col(Inspection.at) < period.end)
    return accepted.group_by(col(Inspection.case_line_id))


def _refunded_lines(period: Period) -> Any:
    """The case lines of refunded returns of the period: currency, what they are due, their pieces, what was paid."""
    return (
        sa.select(
            col(Order.currency).label("currency"),
            col(CaseLine.id).label("line"),
            col(CaseLine.due).label("due"),
            col(CaseLine.quantity).label("pieces"),
            whole(PayoutPart.minor).label("paid"),
        )
        .join(Case, col(Case.id) == col(CaseLine.case_id))
        .join(Order, col(Order.id) == col(Case.order_id))
        .join(Payout, col(Payout.case_id) == col(Case.id))
        .join(PayoutPart, sa.and_(col(PayoutPart.payout_id) == Payout.id, col(PayoutPart.line_id) == CaseLine.line_id))
        .outerjoin(OPENED, opened_for())
        .where(col(Case.kind) == Kind.RETURN, col(Payout.kind) == REFUND, col(Payout.state) != PayoutState.FAILED)
        .where(col(Payout.settled_at) < period.end, col(Case.id).in_(booked_cases(period)), sa.not_(from_before()))
        .where(has_goods())
        .group_by(col(Order.currency), col(CaseLine.id))
    )


OURS, THEIRS = 0, 1
"""The sides of a refund: payouts of ours, and what the platform says that it refunded."""


def _open(side: int) -> Statement:
    """Entries of a side that no equal sum of the other side had cleared by the period's end."""

    def statement(period: Period) -> Any:
        left = _left_open(period).subquery()
        query = sa.select(col(Order.currency), whole(left.c.minor)).select_from(left)
        query = query.join(Case, col(Case.id) == left.c.case_id).join(Order, col(Order.id) == col(Case.order_id))
        return query.where(left.c.side == side).group_by(col(Order.currency))

    return statement


def _left_open(period: Period) -> Any:
    """The entries of both sides that are open at the period's end: case, side, minor units."""
    entries = sa.union_all(_entries_of_ours(period), _entries_of_theirs(period)).subquery()
    unsettled = sa.select(entries.c.case_id, entries.c.side, entries.c.minor).where(
        sa.or_(entries.c.settled_at.is_(None), entries.c.settled_at >= period.end)
    )
    return sa.union_all(unsettled, _settled_and_uneven(entries, period))


def _entries_of_ours(period: Period) -> Any:
    """Our refunds through the platform that were let go by the period's end."""
    columns: Any = (
        col(Payout.case_id).label("case_id"),
        sa.literal(OURS).label("side"),
        col(Payout.id).label("place"),
        col(Payout.minor).label("minor"),
        col(Payout.minor).label("signed"),
        col(Payout.settled_at).label("settled_at"),
    )
    query = sa.select(*columns).join(Case, col(Case.id) == col(Payout.case_id))
    query = query.where(col(Payout.kind) == REFUND, col(Payout.state).not_in(NOT_LET_GO), entered_before(period.end))
    return query.where(col(Case.platform_number).is_not(None), sa.not_(off_route()))


def _entries_of_theirs(period: Period) -> Any:
    """What the platforms refunded by the period's end, in the columns of `_entries_of_ours`; `signed` against ours."""
    minor, succeeded = col(Case.platform_amount), col(Case.platform_succeeded_at)
    query = sa.select(col(Case.id), sa.literal(THEIRS), sa.literal(0), minor, -minor, succeeded)
    return query.where(col(Case.platform_number).is_not(None), minor > 0, succeeded < period.end)


def _settled_and_uneven(entries: Any, period: Period) -> Any:
    """Of the entries settled by the period's end, those that came after both sides of their case were last even."""
    settled = sa.select(entries).where(entries.c.settled_at < period.end).subquery()
    in_turn: dict[str, Any] = {
        "partition_by": settled.c.case_id,
        "order_by": (settled.c.settled_at, settled.c.side, settled.c.place),
    }
    running = sa.select(
        settled,
        sa.func.sum(settled.c.signed).over(rows=(None, 0), **in_turn).label("gap"),
        sa.func.row_number().over(**in_turn).label("turn"),
    ).subquery()
    even = sa.select(running.c.case_id, sa.func.max(running.c.turn).label("turn")).where(running.c.gap == 0)
    last_even = even.group_by(running.c.case_id).subquery()
    return (
        sa.select(running.c.case_id, running.c.side, running.c.minor)
        .outerjoin(last_even, last_even.c.case_id == running.c.case_id)
        .where(running.c.turn > sa.func.coalesce(last_even.c.turn, 0))
    )


def refunded_on_cases(period: Period, *by: Any) -> Any:
    """What went so far to the buyers of cases applied for in the period and not withdrawn: by some columns of the case
    and the currency, refunds (with what a platform paid beyond an order) and compensation.
    """
    minor = col(Payout.minor)
    parts = sa.select(col(PayoutPart.payout_id).label("payout_id"), whole(PayoutPart.minor).label("minor"))
    over = parts.where(col(PayoutPart.purpose) == OVER).group_by(col(PayoutPart.payout_id)).subquery()
    beyond = sa.func.coalesce(over.c.minor, 0)
    query = sa.select(
        *by,
        col(Payout.currency),
        whole(sa.case((GIVEN_AS_AMENDS, beyond), (col(Payout.kind) == REFUND, minor), else_=0)).label("refunded"),
        whole(sa.case((GIVEN_AS_AMENDS, minor - beyond), else_=0)).label("given"),
    )
    query = query.join(Case, col(Case.id) == col(Payout.case_id)).where(within(Case.applied_at, period))
    query = query.outerjoin(over, over.c.payout_id == col(Payout.id))
    query = query.where(col(Case.decision) != Decision.WITHDRAWN, col(Payout.currency) != POINTS)
    query = query.where(col(Payout.settled_at).is_not(None), col(Payout.state) != PayoutState.FAILED)
    return query.group_by(*(sa.literal_column(str(place)) for place in range(1, len(by) + 2)))


def _on_cases(name: str) -> Statement:
    """A column of `refunded_on_cases`, over all cases."""

    def statement(period: Period) -> Any:
        both = refunded_on_cases(period).subquery()
        return sa.select(both.c.currency, both.c[name])

    return statement


def _beyond(name: str) -> Statement:
    """A column of the orders of which the platforms' files say more than the books."""

    def statement(period: Period) -> Any:
        orders = beyond_books(period).subquery()
        minor = orders.c.there - orders.c.booked if name == "alone" else orders.c[name]
        return sa.select(orders.c.currency, whole(minor)).group_by(orders.c.currency)

    return statement


BOOK_SUMS: dict[str, Statement] = {
    "paid": paid,
    "compensation": _parts(GIVEN_AS_AMENDS, col(PayoutPart.purpose) != OVER),
    "noted": noted,
    "own": own,
    "platform": platform,
    "before": before,
    "difference": difference,
    "goods": _purpose("goods"),
    "freight": _purpose("freight"),
    "way_back": _purpose("way_back"),
    "over": _parts(col(PayoutPart.purpose) == OVER),
    "open_ours": _open(OURS),
    "open_platform": _open(THEIRS),
    "goods_not_in": goods_not_in,
    "at_cost": at_cost,
    "refunded_on_cases": _on_cases("refunded"),
    "given_on_cases": _on_cases("given"),
    "there_paid": _beyond("paid"),
    "there": _beyond("there"),
    "there_booked": _beyond("booked"),
    "there_alone": _beyond("alone"),
    "on_the_way": on_the_way,
    "transfers_arrived": transfers_arrived,
}
"""Each by the name that the columns of the sheets call it by."""


def summed(shop: Shop, name: str, period: Period) -> dict[str, int]:
    """A sum of the books (a name of `BOOK_SUMS`) for a period, by currency in minor units, without currencies of which
    it comes to nothing.
    """
    rows = shop.session.execute(BOOK_SUMS[name](period))
    return {str(currency): int(minor) for currency, minor in rows if minor}


def hold_equal(shop: Shop, period: Period, sheets: Iterable[Sheet]) -> None:
    """Compares every column of money of every sheet with its sum of the books, currency by currency.

    Raises RetcliError where one differs, KeyError for a column that names no sum.
    """
    by_name: dict[str, dict[str, int]] = {}
    for sheet in sheets:
        columns = {column.title: column for column in sheet.columns}
        for title, sums in sheet.money().items():
            name, only = columns[title].equals, columns[title].currency
            by_name[name] = by_name[name] if name in by_name else summed(shop, name, period)
            due = {currency: minor for currency, minor in by_name[name].items() if only in {"", currency}}
            written = {currency: minor for currency, minor in sums.items() if minor}
            if written != due:
                message = _("The sheet {name} does not add up: {found} instead of {due}")
                message = message.format(name=sheet.name, found=f"{title} {written}", due=due)
                raise RetcliError(message, _("Nothing was written; run retcli books check"), sheet=sheet.name)
