"""The account of a case for the platform when it steps in, as facts; `account_text` puts it into words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from retcli.rules.casefile.amounts import Step
from retcli.rules.casefile.findings import Finding
from retcli.rules.money.minor_units import Money
from retcli.views.casefile.written_beside import Beside


@dataclass(frozen=True)
class OrderTold:
    """The order of the case. `receiver` is name, phone and address, empty unless they may be shown; `buyer` is in plain
    words then, masked else. `waybills` names every waybill that it was sent under; `receipt_confirmed` says that the
    buyer confirmed its receipt, where the carrier else had it signed for.
    """

    number: str
    shop: str
    buyer: str
    receiver: tuple[str, ...]
    paid: Money
    ordered_at: datetime | None
    paid_at: datetime | None
    shipped_at: datetime | None
    signed_at: datetime | None
    receipt_confirmed: bool
    carrier: str
    waybills: tuple[str, ...]


@dataclass(frozen=True)
class Goods:
    """Pieces of an order line that the case is about, 0 where it is about none in particular."""

    title: str
    variant: str
    sku: str
    quantity: int


@dataclass(frozen=True)
class Applied:
    """What the buyer applied for, and when: the buyer's own `words` where the platform's list has them, else the code
    of the reason that the shop `noted` for the buyer.
    """

    at: datetime
    kind: str
    words: str
    noted: str


@dataclass(frozen=True)
class DecisionMade:
    """A decision or what undid one, by its name; `there` says that a report of the platform told it, `because` is the
    reason that may be told with it.
    """

    at: datetime
    name: str
    there: bool
    because: str


@dataclass(frozen=True)
class Returned:
    """A parcel of the buyer's, by which goods come back; `at` is when it arrived at the shop, None while it has not."""

    at: datetime | None
    carrier: str
    waybill: str


@dataclass(frozen=True)
class TurnedBack:
    """The order's own parcel, undelivered: each instant at which it was to be intercepted, and when it was back."""

    waybill: str
    intercepted_at: tuple[datetime, ...]
    back_at: datetime | None


@dataclass(frozen=True)
class Graded:
    """What an inspection that stands found on some pieces."""

    at: datetime
    sku: str
    quantity: int
    grade: str


@dataclass(frozen=True)
class Lacking:
    """Fewer pieces of the order were inspected than are to come back."""

    to_come_back: int
    inspected: int


@dataclass(frozen=True)
class SentAgain:
    """Goods that go out for the case; `at` is when they went, None while they have not."""

    at: datetime | None
    sku: str
    quantity: int
    carrier: str
    waybill: str


@dataclass(frozen=True)
class Paid:
    """A payout that the buyer has, with the channel by which it went."""

    at: datetime
    kind: str
    amount: Money
    channel: str


@dataclass(frozen=True)
class Reasons:
    """The codes of the reasons that the shop set and verified at inspection, as far as the platform is told them."""

    set_reason: str
    verified: str


@dataclass(frozen=True)
class StandingDecision:
    """How the case is decided now: agreed to (`amount` None where no money is part of it) or refused, `there` on the
    platform, with the `grounds` of the refusal.
    """

    at: datetime
    agreed: bool
    there: bool
    amount: Money | None = None
    because: str = ""
    grounds: Sequence[Finding] = ()


@dataclass(frozen=True)
class Amounts:
    """Every amount that the books know of the case and its order; None, or no sum, where there is nothing to tell. Sums
    have one amount a currency; `given` has them by kind of payout, `steps` say how the amount due comes about.
    """

    paid: Money
    asked: Money | None
    agreed: Money | None
    refunded: Sequence[Money]
    given: Sequence[tuple[str, Sequence[Money]]]
    on_the_way: Sequence[Money]
    on_other_cases: Sequence[Money]
    by_order_file: Money | None
    steps: Sequence[Step]


@dataclass(frozen=True)
class Account:
    """All that is told of a case. `everything` says that it is for the shop alone: with what its people wrote for each
    other, and with the commands that its findings name.
    """

    case: str
    platform: str
    platform_number: str
    kind: str
    order: OrderTold
    goods: Sequence[Goods]
    applied: Applied
    turned_at: datetime | None
    beside: Beside
    decisions: Sequence[DecisionMade]
    parcels: Sequence[Returned | TurnedBack]
    inspected: Sequence[Graded]
    lacking: Lacking | None
    sent_again: Sequence[SentAgain]
    paid: Sequence[Paid]
    reasons: Reasons
    decision: StandingDecision | None
    findings: Sequence[Finding]
    amounts: Amounts
    everything: bool
