"""Money to or from the buyer: append-only and signed; only the state of a payout ever changes."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from retcli.models.base import Table, key, refers, some, strict, whole

LIVE_FREIGHT = "kind = 'freight' AND minor > 0 AND state NOT IN ('failed', 'reversed')"
"""The way back is repaid once a case: what failed or was reversed does not count."""


class Payout(Table, table=True):
    """A payout in minor units of its currency (``POINTS`` for points); a reversal is negative and names its original.

    `origin` is ``own``, or ``platform`` where the platform paid before we had decided.
    """

    __tablename__ = "payouts"
    __table_args__ = strict(
        sa.UniqueConstraint("request"),
        sa.UniqueConstraint("reverses_id"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> decided_by", name="second_person"),
        some("ix_payouts_one_freight", "case_id", where=LIVE_FREIGHT, unique=True),
        # negative means a reversal and nothing else, so that a sum over all rows is what was given
        sa.CheckConstraint("(minor < 0) = (reverses_id IS NOT NULL)", name="sign"),
    )
    id: int | None = key()
    number: str = Field(unique=True)
    request: str
    case_id: int = refers("cases.id")
    order_id: int = refers("orders.id")
    kind: str
    method: str
    payee: str = "buyer"
    minor: int = whole()
    currency: str = "CNY"
    origin: str = "own"
    state: str = Field(index=True)
    version: int = whole(1)
    decided_by: str
    decided_at: datetime
    approved_by: str | None = None
    settled_at: datetime | None = None
    because: str = ""
    reverses_id: int | None = refers("payouts.id", optional=True)


class PayoutPart(Table, table=True):
    """What of a payout stands for which line; without a line for the order's freight, the way back, amends, or what a
    platform paid beyond what the order has (``over``).
    """

    __tablename__ = "payout_parts"
    __table_args__ = strict()
    id: int | None = key()
    payout_id: int = refers("payouts.id")
    order_id: int = refers("orders.id")
    line_id: int | None = refers("order_lines.id", optional=True)
    purpose: str
    minor: int = whole()
