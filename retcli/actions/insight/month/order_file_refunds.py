"""Orders of which by the platforms' own files more went back than the books explain, for a sheet of the month's
workbook beside the refunds that can be matched.
"""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.insight.month.booked import whole
from retcli.actions.orderfile.order_standing import cohort_at, dated_within, said_refunded, word_of_refund
from retcli.actions.orderfile.refunded_on_platform import unexplained, within
from retcli.models import Order, OrderLine
from retcli.rules.money.minor_units import Money, in_order
from retcli.rules.money.refunded_on_platform import REPORTING
from retcli.rules.periods import Period
from retcli.sheets.month import RefundedThere
from retcli.shop import Shop


@cache
def beyond_books(period: Period) -> Any:
    """A query of the orders of a period of which more went back by the platform's own files than refunds in the books
    explain: number, platform, shop, instant, currency, paid; what went back there and what of it is booked here, in
    minor units; or, where no file says how much, the platform's word. Files give no day of a refund, so that it counts
    with its order.
    """
    lines = sa.select(col(OrderLine.order_id), whole(OrderLine.refunded_there).label("minor"))
    lines = lines.join(Order, col(Order.id) == col(OrderLine.order_id)).where(dated_within(period))
    of_lines = lines.where(col(OrderLine.refunded_there) > 0).group_by(col(OrderLine.order_id)).subquery()
    head, noted = sa.func.coalesce(col(Order.refunded_there), 0), sa.func.coalesce(of_lines.c.minor, 0)
    there = sa.case((noted > head, noted), else_=head)
    booked = there - unexplained(there)
    query = sa.select(col(Order.number), col(Order.platform), col(Order.shop), cohort_at().label("at"))
    query = query.add_columns(col(Order.currency), col(Order.paid), there.label("there"), booked.label("booked"))
    query = query.add_columns(word_of_refund().label("word"))
    query = query.outerjoin(of_lines, of_lines.c.order_id == col(Order.id))
    by_word = sa.and_(_unmeasured(), said_refunded(), within() == 0)
    return query.where(dated_within(period), sa.or_(sa.and_(there > 0, there > booked), by_word))


@cache
def _unmeasured() -> Any:
    """The condition that no file tells how much of an order went back, not even that nothing did."""
    lines = sa.select(col(OrderLine.id)).where(col(OrderLine.order_id) == col(Order.id))
    noted = lines.where(col(OrderLine.refunded_there).is_not(None)).correlate(Order)
    return sa.and_(col(Order.refunded_there).is_(None), sa.not_(noted.exists()))


def refunded_beyond_books(shop: Shop, period: Period) -> list[RefundedThere]:
    """The orders of `beyond_books` as rows of the month's workbook, by currency and time."""
    rows = shop.session.execute(beyond_books(period)).all()
    refunds = [
        RefundedThere(
            order=number,
            platform=platform,
            shop=name,
            dated_at=at,
            paid=Money(paid, currency),
            there=Money(there, currency) if there else None,
            booked=Money(booked, currency),
            reported=platform in REPORTING,
            word="" if there else written,
        )
        for number, platform, name, at, currency, paid, there, booked, written in rows
    ]
    return sorted(refunds, key=lambda row: (*in_order(row.paid.currency), row.dated_at, row.order))
