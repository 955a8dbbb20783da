"""What the reconciliation workbook of a month is made from: frozen rows, gathered from the books by the actions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from retcli.rules.amounts import Step
from retcli.rules.analysis import Period
from retcli.rules.money import POINTS, Money
from retcli.rules.payouts import Control


@dataclass(frozen=True)
class Movement:
    """A movement of money booked in the month: a payout of ours, signed; `parts` by purpose, `platform` what the
    platform refunded and `gap` what that differs by, only on the first payout of a refund.
    """

    case: str
    bill: str
    order: str
    shop: str
    platform: str
    skus: tuple[str, ...]
    pieces: int
    kind: str
    case_kind: str
    reason: str
    fault: str
    applied_at: datetime
    agreed_at: datetime | None
    received_at: datetime | None
    booked_at: datetime
    money: Money
    parts: dict[str, int]
    method: str
    number: str
    request: str
    state: str
    refunded: Money | None
    matching: str
    gap: Money | None
    decided_by: str
    approved_by: str
    steps: tuple[Step, ...]
    remark: str

    @property
    def cash(self) -> Money | None:
        """Its money; None where it is points."""
        return None if self.money.currency == POINTS else self.money

    @property
    def points(self) -> int | None:
        """Its points; None where it is money."""
        return self.money.minor if self.money.currency == POINTS else None

    def part(self, purpose: str) -> Money | None:
        """What of it stands for a purpose, in money."""
        minor = self.parts.get(purpose, 0)
        return Money(minor, self.money.currency) if minor and self.cash is not None else None


@dataclass(frozen=True)
class Gap:
    """A difference: what was booked in the month on either side, the money it is about, what stays unmatched at the
    month's end; `carried` says that it stems from an earlier month.
    """

    label: str
    carried: bool
    case: str
    bill: str
    order: str
    shop: str
    since: datetime
    ours: Money
    platform: Money
    about: Money
    open_ours: Money
    open_platform: Money
    state: str
    pieces_owed: int = 0


@dataclass(frozen=True)
class GoodsIn:
    """Pieces inspected in the month; `cost` of all of them, None where the product's is not known."""

    parcel: str
    waybill: str
    case: str
    order: str
    sku: str
    name: str
    pieces: int
    grade: str
    disposition: str
    at: datetime
    by: str
    cost: Money | None


@dataclass(frozen=True)
class Totals:
    """What the sheets must add up to, summed by the database: counts and minor units of `currency`."""

    movements: int
    paid: int
    points: int
    compensation: int
    own: int
    noted: int
    platform: int
    platform_count: int
    pieces_in: int
    matched: int
    matched_count: int


@dataclass(frozen=True)
class Month:
    """Everything the workbook of a month is made from. `control` by side; `unpaid` counts and sums payouts decided and
    not yet out apart from platform refunds.
    """

    month: str
    period: Period
    made_at: datetime
    version: str
    shops: tuple[str, ...]
    currency: str
    movements: Sequence[Movement]
    gaps: Sequence[Gap]
    goods: Sequence[GoodsIn]
    totals: Totals
    control: dict[str, Control]
    unpaid: tuple[int, int]
