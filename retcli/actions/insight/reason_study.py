"""The reason analysis of a period: counts and sums of the database, made into the rows of the workbook."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli import __version__
from retcli.actions.books import history
from retcli.actions.casefile.lookup import reason_that_counts
from retcli.actions.insight.month.booked import whole, within
from retcli.actions.insight.month.reconciliation import shops_of
from retcli.actions.insight.month.sums import refunded_on_cases
from retcli.actions.orderfile import order_standing, persons
from retcli.actions.orderfile.order_standing import cohort_at, dated_within
from retcli.models import Case, CaseLine, Order, OrderLine, Payout, Product
from retcli.rules.insight.analysis import CaseGroup, MoneyGroup, ProductCount, by_month, by_product, by_reason
from retcli.rules.lifecycles import REFUNDING, Decision, Kind
from retcli.rules.money.minor_units import in_order
from retcli.rules.money.payouts import REFUND
from retcli.rules.periods import Period
from retcli.rules.policy.policy import OWN_CURRENCY
from retcli.sheets.reasons import Study
from retcli.shop import Shop
from retcli.views.freetext import Person

NOT_WITHDRAWN = col(Case.decision) != Decision.WITHDRAWN
RETURNED = sa.and_(col(Case.kind) == Kind.RETURN, col(Case.decision) == Decision.APPROVED)
"""The condition that a case is an approved return."""


def study_of(shop: Shop, since: date, until: date) -> Study:
    """The reason analysis of the cases applied for in a period (days in Shanghai, both counted)."""
    period = Period.days(since, until)
    groups, money = _groups(shop, period), _money(shop, period)
    lines, returned, sold = _lines(shop, period), _returned(shop, period), _sold(shop, period)
    paid = _paid(shop, period)
    withdrawn = (within(Case.applied_at, period), col(Case.decision) == Decision.WITHDRAWN)
    return Study(
        first=since,
        last=until,
        made_at=shop.now,
        version=__version__,
        anchor=history.anchor(shop),
        shops=shops_of(shop),
        currencies=tuple(sorted({row.currency for row in money} or {OWN_CURRENCY}, key=in_order)),
        cases=_count(shop, Case, within(Case.applied_at, period), NOT_WITHDRAWN),
        withdrawn=_count(shop, Case, *withdrawn),
        pieces=_pieces(shop, period),
        paid_orders=_count(shop, Order, dated_within(period)),
        dated_by=dated_by(shop, period),
        undated=_count(shop, Order, order_standing.undated()),
        reasons=by_reason(groups, money),
        months=by_month(groups, money, _refunded_orders(shop, period), paid, period, shop.now),
        products=by_product(lines, returned, sold, each_reason=False),
        product_reasons=by_product(lines, returned, sold, each_reason=True),
        names=_names(shop, period),
    )


def dated_by(shop: Shop, period: Period) -> dict[str, int]:
    """How many orders were paid in a period, by the column whose instant dates them."""
    source = order_standing.cohort_source()
    rows = shop.session.execute(
        sa.select(source, sa.func.count()).select_from(Order).where(dated_within(period)).group_by(source)
    )
    return {row[0]: int(row[1]) for row in rows}


def _month(column: Any, period: Period) -> Any:
    """SQL of the month in Shanghai of an instant in a period, by comparing it with the bounds of the months: functions
    for dates and zones differ between the databases.
    """
    return _halved(column, period.months)


def _halved(column: Any, months: Sequence[str]) -> Any:
    """SQL of which of some months an instant lies in, found by halving them, so that each row takes few comparisons."""
    if len(months) == 1:
        return sa.literal_column(f"'{months[0]}'")
    middle = len(months) // 2
    before = column < Period.month(months[middle]).start
    return sa.case((before, _halved(column, months[:middle])), else_=_halved(column, months[middle:]))


def _count(shop: Shop, table: Any, *which: Any) -> int:
    """How many rows of a table meet some conditions."""
    return shop.session.scalar(sa.select(sa.func.count()).select_from(table).where(*which)) or 0


def _pieces(shop: Shop, period: Period) -> int:
    """Pieces in the cases applied for in the period and not withdrawn."""
    query = sa.select(whole(CaseLine.quantity)).join(Case, col(Case.id) == col(CaseLine.case_id))
    return int(shop.session.scalar(query.where(within(Case.applied_at, period), NOT_WITHDRAWN)) or 0)


def _went_through() -> Any:
    """A subquery of the cases with more money refunded than taken back."""
    query: Any = sa.select(col(Payout.case_id).label("case_id")).where(
        col(Payout.kind) == REFUND, col(Payout.settled_at).is_not(None)
    )
    return query.group_by(col(Payout.case_id)).having(sa.func.sum(Payout.minor) > 0).subquery()


def _groups(shop: Shop, period: Period) -> list[CaseGroup]:
    """The cases applied for in a period, counted by all that the analysis asks about them at once."""
    through, pieces = _went_through(), _pieces_of_cases(period)
    asked = (
        reason_that_counts().label("reason"),
        col(Case.kind),
        col(Case.decision),
        _month(col(Case.applied_at), period).label("month"),
        order_standing.shipped().label("shipped"),
        through.c.case_id.is_not(None).label("paid_back"),
    )
    rows = shop.session.execute(
        sa.select(*asked, sa.func.count(), whole(sa.func.coalesce(pieces.c.pieces, 0)))
        .join(Order, col(Order.id) == col(Case.order_id))
        .outerjoin(through, through.c.case_id == col(Case.id))
        .outerjoin(pieces, pieces.c.case_id == col(Case.id))
        .where(within(Case.applied_at, period), NOT_WITHDRAWN)
        # by place: an expression repeated in GROUP BY has parameters of its own, and PostgreSQL takes it for another
        .group_by(*(sa.literal_column(str(place)) for place in range(1, len(asked) + 1)))
    )
    return [
        CaseGroup(reason, Kind(kind), Decision(decision), month, bool(shipped), bool(paid_back), cases, int(number))
        for reason, kind, decision, month, shipped, paid_back, cases, number in rows
    ]


def _pieces_of_cases(period: Period) -> Any:
    """The cases applied for in the period with their pieces: a subquery."""
    pieces: Any = sa.select(col(CaseLine.case_id).label("case_id"), sa.func.sum(CaseLine.quantity).label("pieces"))
    pieces = pieces.join(Case, col(Case.id) == col(CaseLine.case_id)).where(within(Case.applied_at, period))
    return pieces.group_by(col(CaseLine.case_id)).subquery()


def _money(shop: Shop, period: Period) -> list[MoneyGroup]:
    """What went so far to the buyers of cases applied for in a period, by reason, month and currency; minor units."""
    by = reason_that_counts().label("reason"), _month(col(Case.applied_at), period).label("month")
    rows = shop.session.execute(refunded_on_cases(period, *by))
    return [
        MoneyGroup(reason, month, name, int(back or 0), int(given or 0)) for reason, month, name, back, given in rows
    ]


def _refunded_orders(shop: Shop, period: Period) -> dict[str, int]:
    """Orders paid in the period with a refund that went through, by the month of their payment."""
    through, month = _went_through(), _month(cohort_at(), period).label("month")
    rows = shop.session.execute(
        sa.select(month, sa.func.count(sa.distinct(col(Order.id))))
        .select_from(Order)
        .join(Case, col(Case.order_id) == col(Order.id))
        .join(through, through.c.case_id == col(Case.id))
        .where(dated_within(period), NOT_WITHDRAWN, col(Case.kind).in_(REFUNDING))
        .group_by(sa.literal_column("1"))
    )
    return {row[0]: row[1] for row in rows}


def _paid(shop: Shop, period: Period) -> dict[str, int]:
    """Orders paid, by month in Shanghai."""
    query = sa.select(_month(cohort_at(), period), sa.func.count()).where(dated_within(period))
    return {row[0]: row[1] for row in shop.session.execute(query.group_by(sa.literal_column("1")))}


def _sku() -> Any:
    """SQL of a line's product; a line without a code goes by its number."""
    return sa.func.coalesce(sa.func.nullif(OrderLine.sku, sa.literal_column("''")), OrderLine.number)


def _by_product(*which: Any) -> Any:
    """A query, by product and reason, of how many cases meet some conditions, and their pieces; without withdrawn
    ones.
    """
    reason = reason_that_counts().label("reason")
    return (
        sa.select(_sku(), reason, sa.func.count(sa.distinct(col(Case.id))), whole(CaseLine.quantity))
        .select_from(Case)
        .join(CaseLine, col(CaseLine.case_id) == col(Case.id))
        .join(OrderLine, col(OrderLine.id) == col(CaseLine.line_id))
        .where(*which, NOT_WITHDRAWN)
        .group_by(sa.literal_column("1"), sa.literal_column("2"))
    )


def _lines(shop: Shop, period: Period) -> list[ProductCount]:
    """Cases applied for in the period and their pieces, by product and reason."""
    rows = shop.session.execute(_by_product(within(Case.applied_at, period)))
    return [ProductCount(sku, reason, cases, int(pieces)) for sku, reason, cases, pieces in rows]


def _returned(shop: Shop, period: Period) -> dict[tuple[str, str], int]:
    """Pieces of agreed returns on orders paid in the period, by product and reason."""
    query = _by_product(dated_within(period), RETURNED).join(Order, col(Order.id) == col(Case.order_id))
    return {(sku, reason): int(pieces) for sku, reason, _cases, pieces in shop.session.execute(query)}


def _sold(shop: Shop, period: Period) -> dict[str, int]:
    """Pieces sent on orders paid in the period, by product."""
    rows = shop.session.execute(
        sa.select(_sku(), whole(OrderLine.quantity))
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(dated_within(period), order_standing.shipped())
        .group_by(sa.literal_column("1"))
    )
    return {row[0]: int(row[1]) for row in rows}


def _names(shop: Shop, period: Period) -> dict[str, str]:
    """The names of the products in a period's cases: of the product sheet, else the title of the line sold last."""
    last = (
        sa.select(sa.func.max(col(OrderLine.id)))
        .join(CaseLine, col(CaseLine.line_id) == col(OrderLine.id))
        .join(Case, col(Case.id) == col(CaseLine.case_id))
        .where(within(Case.applied_at, period), NOT_WITHDRAWN)
        .group_by(_sku())
    )
    # a listing's title may hold the buyer's name, as a dedication does: it is masked by the person of its order
    titles = shop.session.execute(
        sa.select(_sku(), col(OrderLine.title), *persons.COLUMNS)
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(col(OrderLine.id).in_(last))
    )
    names = {sku: Person(*person).hide(title) for sku, title, *person in titles}
    of_sheets = sa.select(col(Product.sku), col(Product.name)).where(col(Product.name) != "")
    return names | {row[0]: row[1] for row in shop.session.execute(of_sheets)}
