"""What the reconciliation workbook of a month is made from: frozen rows, gathered from the books by the actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from retcli.language import _, mark
from retcli.rules.casefile.amounts import Step
from retcli.rules.money.agreed_there import AgreedThere
from retcli.rules.money.minor_units import POINTS, Money
from retcli.rules.money.reconciliation import BEFORE, Control
from retcli.rules.periods import Period
from retcli.sheets.paid_at_once import PaidAtOnce
from retcli.views.base import money_text

BESIDE, TAKEN_BACK = "beside", "taken_back"
CLICKED_CLOSED, CLICKED_REFUSED = "clicked_closed", "clicked_refused"
GIVEN_BACK, MORE_CAME_BACK = "given_back", "more_came_back"
CLEARED, PAID_THERE = "cleared", "paid_there"
"""How a difference was settled by the export: paid beside the platform, taken back in a later month, or carried over
and equal on both sides since, or, of what was
beyond the order or what was agreed to here, whenever; or that there is none in money, since what was clicked here was
closed there, or turned down; or that all was taken back here and is paid there still, so that nothing here can change.
"""
ARRIVED, AWAY, FAILED = "arrived", "away", "failed"
"""How a payout that we sent ourselves stands in a month."""
AGREED, AWAITS_GOODS, NOT_SENT, WAITING = "agreed", "awaits_goods", "not_sent", "waiting"
"""How what is owed stands at a month's end: agreed to and in no payout, or only once its goods are in; let go and not
sent; waiting for a second person.
"""
NO_ORDER = "no_order"
"""The class of refunds of the platforms' reports that wait for their order."""
OVER = "over"
"""What money is that a platform paid beyond all that its order was paid."""


class RemarkKind(StrEnum):
    """What the derivation of a payout's amount does not say."""

    TAKES_BACK = "takes_back"
    PAID_BY_PLATFORM = "paid_by_platform"
    ABOVE_AGREED = "above_agreed"
    PARTLY_ABOVE = "partly_above"
    REST_PAID_THERE = "rest_paid_there"
    PART_OF_DUE = "part_of_due"
    FREIGHT_ADVANCED = "freight_advanced"
    AS_WRITTEN = "as_written"


_REMARKS = {
    RemarkKind.TAKES_BACK: mark("Takes back {payout}: {why}"),
    RemarkKind.PAID_BY_PLATFORM: mark("paid by the platform: {amount}"),
    RemarkKind.ABOVE_AGREED: mark("paid by the platform above what was agreed to here: {amount}"),
    RemarkKind.PARTLY_ABOVE: mark("paid by the platform: {amount}, of it {above} above what was agreed to"),
    RemarkKind.REST_PAID_THERE: mark("the rest of what was agreed to, paid by the platform by itself: {amount}"),
    RemarkKind.PART_OF_DUE: mark("now {amount} of it"),
    RemarkKind.FREIGHT_ADVANCED: mark("Freight of the way back that the buyer advanced"),
    RemarkKind.AS_WRITTEN: "{why}",
}


@dataclass(frozen=True)
class Remark:
    """What is to be known of a payout beside its derivation: its amount, the payout that it takes back, and why it was
    given, in words that were typed and are masked already.
    """

    kind: RemarkKind
    amount: Money
    payout: str = ""
    why: str = ""
    above: Money | None = None  # what of it exceeds what was agreed to

    def sentence(self) -> str:
        """The remark in the reader's language; empty where nothing was typed."""
        text = _(_REMARKS[self.kind])
        above = money_text(self.above) if self.above else ""
        return text.format(amount=money_text(self.amount), payout=self.payout, why=self.why, above=above)


@dataclass(frozen=True)
class Movement:
    """A row of the month's details: a payout of ours that left, signed, or a refund of the platform's alone (`money`
    None); `parts` by purpose. Only on the first row of a refund: `own`, our side of it, `refunded`, the platform's, and
    `gap`, what they differ by. `kind` is ``compensation`` also for a price cut with which the goods stay, ``over``
    where all of it is beyond its order; `matching` are the classes of its refund, `why` is why it was given,
    `payment` the buyer's payment's number at its channel.
    """

    case: str
    bill: str
    order: str
    shop: str
    platform: str
    currency: str
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
    money: Money | None
    parts: dict[str, int]
    method: str
    number: str
    request: str
    state: str
    refunded: Money | None
    matching: tuple[str, ...]
    own: Money | None
    gap: Money | None
    decided_by: str
    approved_by: str
    steps: tuple[Step, ...]
    remark: Remark | None
    at_once: PaidAtOnce | None = None  # of a refund that the platform made at once
    why: str = ""
    payment: str = ""

    @property
    def cash(self) -> Money | None:
        """Its money; None where it is points, or the platform's alone."""
        return None if self.points is not None else self.money

    @property
    def points(self) -> int | None:
        """Its points; None where it is money."""
        return self.money.minor if self.money is not None and self.money.currency == POINTS else None

    def part(self, purpose: str) -> Money | None:
        """What of it stands for a purpose, in money."""
        minor = self.parts.get(purpose, 0)
        return Money(minor, self.cash.currency) if minor and self.cash is not None else None

    @property
    def shares(self) -> tuple[tuple[str, Money], ...]:
        """Its money by what it is: what a platform paid beyond the order is a share of its own."""
        if self.money is None:
            return ()
        over = self.part(OVER)
        if over is None or self.kind == OVER:
            return ((self.kind, self.money),)
        return (self.kind, self.money - over), (OVER, over)


@dataclass(frozen=True)
class Gap:
    """A refund with a difference, or whose goods are not in, or what of one is beyond its order: its one class, what
    was booked in the month on either side, what stays unmatched at the month's end; `carried` says that it stems from
    an earlier month. Goods not in are no class but stand beside it: how many pieces, and what was paid for them.
    `agreed_there` is who agreed on the platform to what nobody had agreed to here. `count` is how many refunds the row
    counts: several that agree or are from before the books, none where it is what of a refund is beyond its order and
    the rest has its own row, or where nothing but goods is open; `reported` of them succeeded in the month; `clicked`
    says that what is carried over had been clicked on the platform by the month's end; `settled` how the difference was
    settled by the export with nothing left to correct (empty: it was not). A refund that waits for its order counts in
    no other sum: `waits` is its amount, `written` what is known of one whose currency is not.
    """

    label: str
    carried: bool
    case: str
    bill: str
    order: str
    shop: str
    platform_name: str
    since: datetime | None
    ours: Money
    platform: Money
    open_ours: Money
    open_platform: Money
    state: str = ""
    agreed_there: AgreedThere | None = None
    pieces_owed: int = 0
    goods_owed: Money | None = None
    count: int = 1
    reported: int = 0
    clicked: bool = False
    settled: str = ""
    waits: Money | None = None
    goods_in_since: bool = False  # goods that were not in then have all been accepted since
    written: str = ""
    agreed_before: Money | None = None  # agreed to here on an application before the last one
    protection: Money | None = None  # what of the platform's money is its price protection (价保)
    from_before: bool = False  # refunded before the books were opened, and closed since

    @property
    def currency(self) -> str:
        """The currency of all its money."""
        return self.ours.currency

    @property
    def difference(self) -> Money:
        """Our side less the platform's; nothing of what is from before the books."""
        apart = self.label == BEFORE or self.from_before
        return Money(0, self.currency) if apart else self.ours - self.platform

    @property
    def unmatched(self) -> Money:
        """What is unmatched of our side at the month's end, less what is of the platform's."""
        return self.open_ours - self.open_platform


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
class RefundedThere:
    """An order of which by the platform's own order file more went back (`there`) than refunds in these books explain
    (`booked`), or of which only its `word` says that money went back: then `there` is None. `dated_at` is when it was
    paid, else sent, else ordered, and `reported` says that its platform has a refund report.
    """

    order: str
    platform: str
    shop: str
    dated_at: datetime
    paid: Money
    there: Money | None
    booked: Money
    reported: bool
    word: str = ""

    @property
    def alone(self) -> Money | None:
        """What of it stands in no refund here; None where nobody knows how much went back."""
        return None if self.there is None else self.there - self.booked


@dataclass(frozen=True)
class Transfer:
    """A payout that left by ourselves and `stands` in a month as arrived, as on its way at its end, or as sent and
    failed in it: when it was sent (None where it was only said to be there), and when it arrived, as
    it is at the export.
    """

    number: str
    case: str
    order: str
    shop: str
    platform: str
    kind: str
    method: str
    request: str
    money: Money
    sent_at: datetime | None
    arrived_at: datetime | None
    stands: str
    state: str
    decided_by: str
    approved_by: str

    def as_far_as(self, stands: str) -> Money | None:
        """Its money where it stands so in the month, else None."""
        return self.money if self.stands == stands else None


@dataclass(frozen=True)
class Owed:
    """What is owed at a month's end, as it `stands` then: what was agreed to on a case, or a payout by its number, and
    since when. `state` is the payout's at the export.
    """

    case: str
    order: str
    shop: str
    platform: str
    kind: str
    money: Money
    since: datetime | None
    stands: str
    decided_by: str
    number: str = ""
    method: str = ""
    state: str = ""

    def as_far_as(self, stands: str) -> Money | None:
        """Its money where it stands so, else None."""
        return self.money if self.stands == stands else None


@dataclass(frozen=True)
class Block:
    """The month's money in one currency (minor units), as the database sums it: what left, what of it was compensation,
    what was beyond orders, and what else the platform had paid first (`noted`, and `afterwards`, the number of refunds
    and the sum by their class, and by whether a refund of ours had been let go before), refunds on either side, those
    from before the books (`before`) and those that agree; `control` by side; `unpaid` counts and sums payouts let go
    and not sent apart from platform refunds, `sent` those that were sent and are not known to be out, `waiting` those
    that nobody with the leave for it had let go yet, `there_alone` what went back by the platforms' order files and by
    no refund here, `waits_for_order` what went back by their refund reports on orders that have not come in, `coupons`
    counts and sums what of the payouts were coupons, at face value, `agreed` the cases agreed to of which money is in
    no payout, `awaits_goods` those of which it leaves once the goods are in.
    """

    currency: str
    payouts: int
    paid: int
    compensation: int
    over: int
    noted: int
    own: int
    platform: int
    platform_count: int
    before: int
    before_count: int
    matched: int
    matched_count: int
    control: dict[str, Control]
    afterwards: dict[tuple[str, bool], tuple[int, int]]
    unpaid: tuple[int, int]
    sent: tuple[int, int]
    there_alone: int
    waits_for_order: int
    waiting: tuple[int, int]
    coupons: tuple[int, int]
    agreed: tuple[int, int]
    awaits_goods: tuple[int, int]

    @property
    def owed(self) -> dict[str, tuple[int, int]]:
        """Count and sum of what is owed at the month's end, as it stands."""
        return {AGREED: self.agreed, AWAITS_GOODS: self.awaits_goods, NOT_SENT: self.unpaid, WAITING: self.waiting}

    @property
    def difference(self) -> int:
        """Our side less the platform's, apart from refunds from before the books."""
        return self.own - self.platform + self.before


@dataclass(frozen=True)
class Month:
    """Everything the workbook of a month is made from; `blocks` by currency: nothing adds two of them. `anchor` is the
    last event that the books had then, `opened` when the first file of each platform's and shop's orders or refunds
    came.
    """

    month: str
    period: Period
    made_at: datetime
    version: str
    anchor: str
    shops: tuple[str, ...]
    opened: Mapping[tuple[str, str], datetime]
    movements: Sequence[Movement]
    gaps: Sequence[Gap]
    goods: Sequence[GoodsIn]
    refunded_there: Sequence[RefundedThere]
    transfers: Sequence[Transfer]
    owed: Sequence[Owed]
    blocks: Sequence[Block]
    points: int
    points_payouts: int
    pieces_in: int

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of the month, the shop's own first."""
        return tuple(block.currency for block in self.blocks)
