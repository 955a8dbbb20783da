"""Refunds that succeeded on a platform in a month and wait for their order: a class of their own in its workbook."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import col

from retcli.actions.insight.month.booked import whole
from retcli.actions.orderfile.waiting_refunds import REFUNDS, waiting_refunds
from retcli.models.imports import Import
from retcli.models.waiting import WaitingRow
from retcli.rules.imports.refund_rows import IN_YUAN, SUCCEEDED
from retcli.rules.money.minor_units import OWN, Money
from retcli.rules.periods import Period
from retcli.sheets.month import NO_ORDER, Gap
from retcli.shop import Shop
from retcli.views.imports.waiting_refunds import WaitingRefund


def refunds_without_orders(shop: Shop, period: Period) -> list[Gap]:
    """A row of the month's differences for each of them, by time; one of nothing is none."""
    refunds = [each for each in waiting_refunds(shop) if period.holds(each.succeeded_at) and each.minor != 0]
    return sorted(map(_row, refunds), key=lambda gap: (gap.since or period.start, gap.bill))


def _row(refund: WaitingRefund) -> Gap:
    """The row of a refund: on neither side, since nothing can be matched without its order."""
    nothing = Money(0, refund.currency)
    return Gap(
        label=NO_ORDER,
        carried=False,
        case="",
        bill=refund.refund,
        order=refund.order,
        shop=refund.shop,
        platform_name=refund.platform,
        since=refund.succeeded_at,
        ours=nothing,
        platform=nothing,
        open_ours=nothing,
        open_platform=nothing,
        count=0,
        waits=refund.money,
        written="" if refund.money else refund.written,
    )


def sum_without_orders(period: Period) -> Any:
    """The sum of those whose currency is known, straight from their rows as they were kept."""
    values = sa.cast(col(WaitingRow.payload), sa.Text().with_variant(postgresql.JSON(), "postgresql"))

    def said(name: str) -> Any:
        # a literal: PostgreSQL cannot tell the type of a bound name, and has the operator for places too
        return values.op("->>", return_type=sa.Text())(sa.literal_column(f"'{name}'"))

    minor = sa.cast(said("amount"), sa.BigInteger)
    without_status = sa.and_(said("finished_at").is_not(None), minor != 0)
    status = sa.func.coalesce(sa.func.nullif(said("status"), ""), sa.case((without_status, SUCCEEDED), else_=""))
    ended = sa.func.coalesce(said("finished_at"), said("processed_at"))
    by_list = sa.func.coalesce(col(Import.exported_at), col(Import.started_at))
    within = sa.or_(
        sa.and_(ended >= period.start.isoformat(), ended < period.end.isoformat()),
        sa.and_(ended.is_(None), by_list >= period.start, by_list < period.end),
    )
    query = sa.select(sa.literal(OWN), whole(minor)).select_from(WaitingRow)
    query = query.join(Import, col(Import.id) == col(WaitingRow.import_id)).where(within, status == SUCCEEDED)
    return query.where(col(WaitingRow.holds) == REFUNDS, col(WaitingRow.platform).in_(sorted(IN_YUAN)))
