"""Payouts that left by a click on the platform which no import has verified yet: neither to be paid nor known to be."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Payout, PlatformAction
from retcli.rules.lifecycles import PAYING_CLICKS, ActionState, PayoutState
from retcli.shop import Shop


def by_click(payout: Payout, clicked: Collection[str]) -> bool:
    """Whether a payout that is due left by a click; `clicked` are its case's clicks that were made and that nobody has
    verified yet.
    """
    by_route = payout.kind == "refund" and payout.method == "original" and payout.state == PayoutState.DUE
    return by_route and bool(PAYING_CLICKS & set(clicked))


def was_clicked() -> sa.ColumnElement[bool]:
    """As `by_click`, as the condition of a query on payouts."""
    made = sa.select(sa.literal(1)).where(
        col(PlatformAction.case_id) == col(Payout.case_id),
        col(PlatformAction.action).in_(PAYING_CLICKS),
        col(PlatformAction.state) == ActionState.DONE,
    )
    by_route = sa.and_(col(Payout.kind) == "refund", col(Payout.method) == "original")
    return sa.and_(by_route, col(Payout.state) == PayoutState.DUE, made.exists())


def is_clicked(shop: Shop, payout: Payout) -> bool:
    """As `by_click`, of a payout whose case was not read."""
    if payout.state != PayoutState.DUE or payout.method != "original":
        return False
    return shop.session.scalar(sa.select(col(Payout.id)).where(col(Payout.id) == payout.id, was_clicked())) is not None
