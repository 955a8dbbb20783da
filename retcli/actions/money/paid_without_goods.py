"""Money that left for goods which were to come back and of which nothing ever arrived."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Case, Parcel, ParcelCase, Payout
from retcli.models.books import Event
from retcli.rules.lifecycles import COMING_BACK, Decision, ParcelState, PayoutState
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views.cases.queue import sums
from retcli.views.money.case_sums import CaseSums

LOOKED_BACK = timedelta(days=90)
"""What was agreed to longer ago neither the buyer nor a carrier still knows anything about."""
_LEFT = (PayoutState.SENT, PayoutState.CONFIRMED)


def paid_without_goods(shop: Shop) -> CaseSums:
    """How many cases, finished ones too, and what left on them in each currency."""
    left = [Money(int(minor), currency) for _case, minor, currency in shop.session.execute(_left_on(shop))]
    return CaseSums(len(left), sums(left))


def those_of(shop: Shop) -> sa.Select[Any]:
    """A query for the ids of those cases."""
    return sa.select(_left_on(shop).subquery().c.case_id)


def _left_on(shop: Shop) -> Any:
    """Those cases, each with what left on it, less what was taken back, in minor units, and its currency."""
    left = sa.cast(sa.func.sum(Payout.minor), sa.BigInteger)
    keys = (col(Payout.case_id), col(Payout.currency))
    query = sa.select(keys[0], left, keys[1]).join(Case, col(Case.id) == col(Payout.case_id))
    query = query.where(_nothing_came(shop), col(Payout.kind) == "refund", col(Payout.state).in_(_LEFT))
    return query.group_by(*keys).having(left > 0)


def _nothing_came(shop: Shop) -> Any:
    """That goods were to come back on a case agreed to lately, no parcel of it ever arrived, and nobody gave it up. A
    refund that was over on its platform before the books knew of it tells nothing of goods.
    """
    arrived = sa.select(col(ParcelCase.id)).join(Parcel, col(Parcel.id) == col(ParcelCase.parcel_id))
    arrived = arrived.where(col(ParcelCase.case_id) == col(Case.id), col(Parcel.state) != ParcelState.EXPECTED)
    given_up = sa.select(col(Event.seq)).where(col(Event.subject) == col(Case.number), col(Event.action) == "give_up")
    return sa.and_(
        col(Case.decision) == Decision.APPROVED,
        col(Case.kind).in_([str(kind) for kind in COMING_BACK]),
        col(Case.decided_at) >= shop.now - LOOKED_BACK,
        sa.or_(col(Case.platform_succeeded_at).is_(None), col(Case.opened_at) < col(Case.platform_succeeded_at)),
        ~arrived.exists(),
        ~given_up.exists(),
    )
