"""Gathers a month's money and goods from the books."""

import sqlalchemy as sa

from retcli import __version__
from retcli.actions.books import history
from retcli.actions.insight.month.clicked_and_closed import closed_after_click
from retcli.actions.insight.month.difference_rows import gap_rows
from retcli.actions.insight.month.goods_owed import goods_owed
from retcli.actions.insight.month.matched_refunds import judge, matters_of
from retcli.actions.insight.month.month_totals import blocks, pieces_in, points, points_payouts
from retcli.actions.insight.month.movements import goods_in, movements
from retcli.actions.insight.month.order_file_refunds import refunded_beyond_books
from retcli.actions.insight.month.owed import owed
from retcli.actions.insight.month.transfers import transfers
from retcli.actions.insight.month.without_orders import refunds_without_orders
from retcli.actions.orderfile.openings import OPENED
from retcli.actions.orderfile.order_standing import shops_with_orders
from retcli.rules.periods import Period
from retcli.sheets.month import Month
from retcli.shop import Shop
from retcli.words import platform_word


def month_of_books(shop: Shop, written: str) -> Month:
    """Everything of a month (``2026-11``) for its workbook: movements, differences, goods, totals."""
    period = Period.month(written)
    matters = matters_of(shop, period)
    for matter in matters.values():  # before any row is made: rows show the class of their refund
        judge(matter, period)
    openings = shop.session.execute(sa.select(OPENED.c.platform, OPENED.c.shop, OPENED.c.at))
    opened = {(row.platform, row.shop): row.at for row in openings if row.at is not None}
    return Month(
        month=written,
        period=period,
        made_at=shop.now,
        version=__version__,
        anchor=history.anchor(shop),
        shops=shops_of(shop),
        opened=opened,
        movements=movements(shop, period, matters),
        gaps=[
            *gap_rows(matters, goods_owed(shop, period), period, closed_after_click(shop, period)),
            *refunds_without_orders(shop, period),
        ],
        goods=goods_in(shop, period),
        refunded_there=refunded_beyond_books(shop, period),
        transfers=transfers(shop, period),
        owed=owed(shop, period),
        blocks=blocks(shop, period, matters),
        points=points(shop, period),
        points_payouts=points_payouts(shop, period),
        pieces_in=pieces_in(shop, period),
    )


def shops_of(shop: Shop) -> tuple[str, ...]:
    """The shops whose orders are in the books; one that nobody named by its platform."""
    return tuple(sorted({name or platform_word(platform) for platform, name in shops_with_orders(shop)}))
