"""Refunds that were turned down since their goods were on their way, after these came back undelivered."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.platform_clicks import drop_waiting
from retcli.models import Case, Order
from retcli.rules.lifecycles import Decision, Filing, Kind
from retcli.shop import Shop


def disprove(shop: Shop, orders: Sequence[Order]) -> list[Case]:
    """Drops the clicks that would tell the platform of the rejection of refunds whose goods came back undelivered,
    where nobody made them yet: what they say is no longer so. The rejected refunds of the orders that are not finished.
    """
    query = sa.select(Case).where(
        col(Case.order_id).in_([order.id for order in orders]),
        col(Case.kind) == Kind.REFUND_ONLY,
        col(Case.filing) == Filing.OPEN,
        col(Case.decision) == Decision.REJECTED,
    )
    refunds = [shop.hold(case) for case in shop.session.scalars(query.order_by(col(Case.id)))]
    for case in refunds:
        drop_waiting(shop, case, "refuse")
    return refunds
