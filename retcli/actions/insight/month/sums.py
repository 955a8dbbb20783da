"""The sum of the books that each column of money in the workbooks must come to, by currency, and the comparison."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.platform_payments import payments, was_closed
from retcli.actions.insight.month import owed as owing
from retcli.actions.insight.month import payout_progress
from retcli.actions.insight.month.booked import (
    Original,
    beyond,
    booked,
    decided_here,
    from_before,
    off_route,
    over_of,
    own_minor,
    whole,
    within,
)
from retcli.actions.insight.month.order_file_refunds import beyond_books
from retcli.actions.insight.month.payout_progress import entered_before
from retcli.actions.insight.month.refunded_returns import refunded_returns
from retcli.actions.insight.month.without_orders import sum_without_orders
from retcli.actions.orderfile.openings import OPENED, opened_for
from retcli.errors import RetcliError
from retcli.language import _
from retcli.models import Case, CaseLine, Inspection, Order, Payout, PayoutPart, Product
from retcli.models.books import Event
from retcli.rules.lifecycles import Decision, Grade, Kind, PayoutState
from retcli.rules.money.minor_units import POINTS
from retcli.rules.money.payouts import COMPENSATION, FREIGHT_ALONE, NOT_LET_GO, OVER, REFUND
from retcli.rules.periods import Period
from retcli.rules.policy.policy import OWN_CURRENCY
from retcli.sheets.month import AGREED, AWAITS_GOODS
from retcli.sheets.writer import Sheet
from retcli.shop import Shop

Statement = Callable[[Period], Any]
"""Makes the statement of a sum for a period: rows of currency and minor units."""
IS_PROTECTION = sa.and_(col(Case.platform_kind) == Kind.ALLOWANCE, col(Case.reason_stated) != FREIGHT_ALONE)
"""The condition that a price cut is a platform's price protection, as `is_protection` has it."""
GIVEN_AS_AMENDS = sa.or_(
    col(Payout.kind) == COMPENSATION,
    sa.and_(col(Payout.kind) == REFUND, col(Case.kind) == Kind.ALLOWANCE, sa.not_(IS_PROTECTION)),
)
"""The condition that a payout is compensation, but for what exceeds its order: given on top, or a price cut with which
the goods stay and that is no price protection of a platform's.
"""


def paid(period: Period) -> Any:
    """The sum of all that arrived or came back in a period."""
    query = sa.select(col(Payout.currency), whole(Payout.minor)).join(Case, col(Case.id) == col(Payout.case_id))
    return query.where(*booked(period), col(Payout.currency) != POINTS).group_by(col(Payout.currency))


def noted(period: Period) -> Any:
    """The sum of what platforms had paid otherwise than was agreed to here before, without what exceeds orders."""
    theirs = sa.not_(decided_here(period)), col(Case.platform_number).is_not(None), col(Payout.kind) == REFUND
    return _parts(*theirs, col(PayoutPart.purpose) != OVER)(period)


def own(period: Period) -> Any:
    """The sum of refunds through platforms as they were decided here."""
    query = sa.select(col(Payout.currency), whole(own_minor(period))).join(Case, col(Case.id) == col(Payout.case_id))
    query = query.outerjoin(Original, col(Original.id) == col(Payout.reverses_id))
    query = query.where(*booked(period), col(Case.platform_number).is_not(None), col(Payout.kind) == REFUND)
    return query.group_by(col(Payout.currency))


def platform(period: Period) -> Any:
    """The sum of refunds that succeeded in a period by the platforms' reports."""
    paid = payments()
    query = sa.select(col(Order.currency), whole(paid.c.minor)).select_from(paid)
    query = query.join(Case, col(Case.id) == paid.c.case_id).join(Order, col(Order.id) == col(Case.order_id))
    return query.where(within(paid.c.at, period)).group_by(col(Order.currency))


def protection(period: Period) -> Any:
    """What of `platform` is price protection."""
    return platform(period).where(col(Case.kind) == Kind.ALLOWANCE, IS_PROTECTION)


def before(period: Period) -> Any:
    """The sum of refunds that succeeded by the platforms' reports and are from before the books, without what exceeds
    orders.
    """
    over, paid = beyond(period), payments()
    without = paid.c.minor - paid.c.last * sa.func.coalesce(over.c.minor, 0)
    query = sa.select(col(Order.currency), whole(without)).select_from(paid)
    query = query.join(Case, col(Case.id) == paid.c.case_id)
    query = query.join(Order, col(Order.id) == col(Case.order_id)).join(OPENED, opened_for())
    query = query.outerjoin(over, over.c.case_id == col(Case.id))
    query = query.where(within(paid.c.at, period), from_before())
    return query.group_by(col(Order.currency))


def difference(period: Period) -> Any:
    """Our side's sum less the platforms', without refunds from before the books."""
    ours, theirs, earlier = (each(period).subquery() for each in (own, platform, before))
    # earlier refunds are within the platforms' sum: added again, they fall out of it
    both = sa.union_all(
        sa.select(ours.c[0].label("currency"), ours.c[1].label("minor")),
        sa.select(theirs.c[0], -theirs.c[1]),
        sa.select(earlier.c[0], earlier.c[1]),
    ).subquery()
    return sa.select(both.c.currency, whole(both.c.minor)).group_by(both.c.currency)


def _parts(*which: Any) -> Statement:
    """The sum of those parts of payouts booked in a period that meet some conditions."""

    def statement(period: Period) -> Any:
        query = sa.select(col(Payout.currency), whole(PayoutPart.minor))
        query = query.join(Payout, col(Payout.id) == col(PayoutPart.payout_id))
        query = query.join(Case, col(Case.id) == col(Payout.case_id))
        query = query.outerjoin(Original, col(Original.id) == col(Payout.reverses_id)).where(*booked(period), *which)
        return query.where(col(Payout.currency) != POINTS).group_by(col(Payout.currency))

    return statement


def _purpose(purpose: str) -> Statement:
    """The sum of parts for a purpose, without those of compensations."""
    return _parts(col(PayoutPart.purpose) == purpose, sa.not_(GIVEN_AS_AMENDS))


def on_the_way(period: Period) -> Any:
    """The sum of what the shop sent itself and had not arrived by a period's end."""
    return _of_payouts(*payout_progress.on_the_way(period))


def transfers_failed(period: Period) -> Any:
    """The sum of what the shop had sent itself and failed in a period, by the events of its failing and sending."""
    sends = sa.select(col(Event.subject)).where(col(Event.action) == "send")
    failed = sa.select(col(Event.subject)).where(col(Event.action) == "fail", payout_progress.event_since(period.start))
    failed = failed.where(sa.not_(payout_progress.event_since(period.end)), col(Event.subject).in_(sends))
    return _of_payouts(col(Payout.number).in_(failed), payout_progress.apart(), col(Payout.currency) != POINTS)


def transfers_arrived(period: Period) -> Any:
    """The sum of what the shop sent itself and arrived in a period, less what was taken back."""
    return _of_payouts(*booked(period), payout_progress.apart(), col(Payout.currency) != POINTS)


def not_sent(period: Period) -> Any:
    """The sum of what the shop was to send itself and had not sent by a period's end."""
    return _of_payouts(*owing.not_sent(period))


def waiting(period: Period) -> Any:
    """The sum of what waited for a second person at a period's end."""
    return _of_payouts(*owing.waiting(period))


def _agreed(name: str) -> Statement:
    """The sum of a column of `agreed_open`; what was agreed to with what is owed again beside refunds."""

    def statement(period: Period) -> Any:
        left, again = owing.agreed_open(period), owing.owed_again(period)
        rows = sa.select(left.c.currency.label("currency"), left.c[name].label("minor"))
        both = sa.union_all(rows, *([sa.select(again.c.currency, again.c.minor)] if name == AGREED else [])).subquery()
        return sa.select(both.c.currency, whole(both.c.minor)).group_by(both.c.currency)

    return statement


def _of_payouts(*which: Any) -> Any:
    """The sum of some payouts by currency."""
    query = sa.select(col(Payout.currency), whole(Payout.minor)).join(Case, col(Case.id) == col(Payout.case_id))
    return query.where(*which).group_by(col(Payout.currency))


def at_cost(period: Period) -> Any:
    """The sum of the cost of pieces inspected in a period."""
    query = sa.select(sa.literal(OWN_CURRENCY), whole(Product.cost * col(Inspection.quantity)))
    query = query.select_from(Inspection).join(Product, col(Product.sku) == col(Inspection.sku))
    return query.where(within(Inspection.at, period))


def goods_not_in(period: Period) -> Any:
    """The sum paid on refunded returns of a period beyond the worth of the pieces accepted by its end, without refunds
    from before the books.
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
    """A query of the pieces accepted (not of grade X) by a period's end, by case line."""
    pieces = sa.select(col(Inspection.case_line_id).label("line"), whole(Inspection.quantity).label("pieces"))
    accepted = pieces.where(col(Inspection.grade) != Grade.X, col(Inspection.at) < period.end)
    return accepted.group_by(col(Inspection.case_line_id))


def _refunded_lines(period: Period) -> Any:
    """A query of the case lines of refunded returns of a period: currency, what is due, pieces, what was paid."""
    query = sa.select(
        col(Order.currency).label("currency"),
        col(CaseLine.id).label("line"),
        col(CaseLine.due).label("due"),
        col(CaseLine.quantity).label("pieces"),
        whole(PayoutPart.minor).label("paid"),
    )
    return refunded_returns(query.select_from(Case), period).group_by(col(Order.currency), col(CaseLine.id))


OURS, THEIRS = 0, 1
"""The two sides of a refund: our payouts, and what the platform says that it refunded."""


def _open(side: int) -> Statement:
    """The sum of a side's entries that no equal sum of the other side had cleared by a period's end."""

    def statement(period: Period) -> Any:
        left = _left_open(period).subquery()
        query = sa.select(col(Order.currency), whole(left.c.minor)).select_from(left)
        query = query.join(Case, col(Case.id) == left.c.case_id).join(Order, col(Order.id) == col(Case.order_id))
        return query.where(left.c.side == side).group_by(col(Order.currency))

    return statement


@cache
def _left_open(period: Period) -> Any:
    """A query of the entries of both sides that are open at a period's end: case id, side, minor units."""
    entries = sa.union_all(_entries_of_ours(period), _entries_of_theirs(period)).subquery()
    unsettled = sa.select(entries.c.case_id, entries.c.side, entries.c.minor).where(
        sa.or_(entries.c.settled_at.is_(None), entries.c.settled_at >= period.end)
    )
    return sa.union_all(unsettled, _settled_and_uneven(entries, period))


def _entries_of_ours(period: Period) -> Any:
    """A query of our refunds through platforms that were let go by a period's end, without what came back of money
    beyond an order, against which no report stands but one that closed the refund.
    """
    over = over_of(Payout)
    minor = col(Payout.minor) - sa.case((sa.and_(over < 0, sa.not_(was_closed())), over), else_=0)
    columns: Any = (
        col(Payout.case_id).label("case_id"),
        sa.literal(OURS).label("side"),
        col(Payout.id).label("place"),
        minor.label("minor"),
        minor.label("signed"),
        col(Payout.settled_at).label("settled_at"),
    )
    query = sa.select(*columns).join(Case, col(Case.id) == col(Payout.case_id))
    query = query.where(col(Payout.kind) == REFUND, col(Payout.state).not_in(NOT_LET_GO), entered_before(period.end))
    return query.where(col(Case.platform_number).is_not(None), sa.not_(off_route()))


def _entries_of_theirs(period: Period) -> Any:
    """A query of what platforms refunded by a period's end, with the columns of `_entries_of_ours`; `signed` is
    negative.
    """
    paid = payments()
    query = sa.select(paid.c.case_id, sa.literal(THEIRS), sa.literal(0), paid.c.minor, -paid.c.minor, paid.c.at)
    return query.where(paid.c.at < period.end)


def _settled_and_uneven(entries: Any, period: Period) -> Any:
    """A query of those entries settled by a period's end that came after both sides of their case were last equal: a
    running sum over both sides tells where they were.
    """
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
    """A query of what went so far to the buyers of cases applied for in a period and not withdrawn, by some columns of
    the case and the currency: refunds (with what exceeds orders) and compensation, in minor units.
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
    # by place: an expression repeated in GROUP BY has parameters of its own, and PostgreSQL takes it for another
    return query.group_by(*(sa.literal_column(str(place)) for place in range(1, len(by) + 2)))


def _on_cases(name: str) -> Statement:
    """The sum of a column of `refunded_on_cases` over all cases."""

    def statement(period: Period) -> Any:
        both = refunded_on_cases(period).subquery()
        return sa.select(both.c.currency, both.c[name])

    return statement


def _beyond(name: str) -> Statement:
    """The sum of a column of `beyond_books`; ``alone`` is what the files tell and the books do not explain."""

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
    "protection": protection,
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
    "transfers_failed": transfers_failed,
    "agreed_open": _agreed(AGREED),
    "awaits_goods": _agreed(AWAITS_GOODS),
    "not_sent": not_sent,
    "waiting": waiting,
    "waits_for_order": sum_without_orders,
}
"""The sums by the names that the sheets' columns give in `equals`."""


def summed(shop: Shop, name: str, period: Period) -> dict[str, int]:
    """A sum of the books (a name of `BOOK_SUMS`) for a period, in minor units by currency; zero sums are left out."""
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
            # a column that is of one currency is compared with that one alone
            due = {currency: minor for currency, minor in by_name[name].items() if only in {"", currency}}
            written = {currency: minor for currency, minor in sums.items() if minor}
            if written != due:
                message = _("The sheet {name} does not add up: {found} instead of {due}")
                message = message.format(name=sheet.name, found=f"{title} {written}", due=due)
                raise RetcliError(message, _("Nothing was written; run retcli books check"), sheet=sheet.name)
