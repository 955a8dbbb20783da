"""Orders of which by the platforms' own files more went back than these books explain: what a month's workbook says of
them beside the refunds that it can match.
"""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.booked import whole
from retcli.actions.movements import in_order
from retcli.actions.order_standing import cohort_at, dated_within
from retcli.actions.refunded_there import GONE, REPORTING
from retcli.models import Order, OrderLine, Payout, PayoutPart
from retcli.rules.analysis import Period
from retcli.rules.money import Money
from retcli.rules.payouts import FREIGHT, GOODS
from retcli.sheets.month import RefundedThere
from retcli.shop import Shop


def beyond_books(period: Period) -> Any:
    """Orders of which by the platform's own files more went back than refunds in these books, of those that belong to a
    period: their number, platform, shop, instant, currency, paid; what went back there and what of it is booked here,
    in minor units. A file gives no day of its refunds, so that they count with their order.
    """
    lines = sa.select(col(OrderLine.order_id), whole(OrderLine.refunded_there).label("minor"))
    lines = lines.join(Order, col(Order.id) == col(OrderLine.order_id)).where(dated_within(period))
    of_lines = lines.where(col(OrderLine.refunded_there) > 0).group_by(col(OrderLine.order_id)).subquery()
    parts = sa.select(col(Payout.order_id), whole(PayoutPart.minor).label("minor"))
    parts = parts.join(PayoutPart, col(PayoutPart.payout_id) == col(Payout.id))
    parts = parts.join(Order, col(Order.id) == col(Payout.order_id)).where(dated_within(period))
    parts = parts.where(col(PayoutPart.purpose).in_([GOODS, FREIGHT]), col(Payout.state).in_(GONE))
    explaining = sa.or_(col(Payout.method) == "original", col(Order.platform).not_in(REPORTING))
    of_payouts = parts.where(explaining).group_by(col(Payout.order_id)).subquery()
    head, noted = sa.func.coalesce(col(Order.refunded_there), 0), sa.func.coalesce(of_lines.c.minor, 0)
    there, booked = sa.case((noted > head, noted), else_=head), sa.func.coalesce(of_payouts.c.minor, 0)
    query = sa.select(col(Order.number), col(Order.platform), col(Order.shop), cohort_at().label("at"))
    query = query.add_columns(col(Order.currency), col(Order.paid), there.label("there"), booked.label("booked"))
    query = query.outerjoin(of_lines, of_lines.c.order_id == col(Order.id))
    query = query.outerjoin(of_payouts, of_payouts.c.order_id == col(Order.id))
    return query.where(dated_within(period), there > booked)


def refunded_beyond_books(shop: Shop, period: Period) -> list[RefundedThere]:
    """The same orders as rows of the month's workbook, by currency and time."""
    rows = shop.session.execute(beyond_books(period)).all()
    made = [
        RefundedThere(
            order=number,
            platform=platform,
            shop=name,
            dated_at=at,
            paid=Money(paid, currency),
            there=Money(there, currency),
            booked=Money(booked, currency),
            reported=platform in REPORTING,
        )
        for number, platform, name, at, currency, paid, there, booked in rows
    ]
    return sorted(made, key=lambda row: (*in_order(row.there.currency), row.dated_at, row.order))
