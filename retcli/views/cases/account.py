"""The account of a case that the platform gets when it steps in, as facts; `account_text.py` puts it into words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from retcli.rules.casefile.amounts import Step
from retcli.rules.casefile.findings import Finding
from retcli.rules.money.minor_units import Money
from retcli.views.casefile.written_beside import Beside


@dataclass(frozen=True)
class OrderTold:
    """The order of the case; instants in UTC, None where they are not known."""

    number: str
    shop: str
    buyer: str  # masked, unless personal data may be shown
    receiver: tuple[str, ...]  # name, phone and address; empty unless personal data may be shown
    paid: Money
    ordered_at: datetime | None
    paid_at: datetime | None
    shipped_at: datetime | None
    signed_at: datetime | None
    receipt_confirmed: bool  # `signed_at` is the buyer's confirmation, not the carrier's signature
    carrier: str
    waybills: tuple[str, ...]


@dataclass(frozen=True)
class Goods:
    """Pieces of an order line that the case is about; `quantity` 0 where it is about no pieces in particular."""

    title: str
    variant: str
    sku: str
    quantity: int


@dataclass(frozen=True)
class Applied:
    """What the buyer applied for and when (UTC), with the reason in the buyer's own `words` where the platform's list
    has them, else as the code that the shop `noted`.
    """

    at: datetime
    kind: str
    words: str
    noted: str


@dataclass(frozen=True)
class DecisionMade:
    """A decision, or the move that undid one, by its name; `there`: by a report of the platform; `because` is the
    reason as far as the platform may be told it.
    """

    at: datetime
    name: str
    there: bool
    because: str


@dataclass(frozen=True)
class Returned:
    """A parcel that the buyer sent back; `at` is when it arrived at the shop (UTC), None while it has not."""

    at: datetime | None
    carrier: str
    waybill: str


@dataclass(frozen=True)
class TurnedBack:
    """The order's own parcel that came back undelivered: when the carrier was asked to intercept it, and when it was
    back (UTC).
    """

    waybill: str
    intercepted_at: tuple[datetime, ...]
    back_at: datetime | None


@dataclass(frozen=True)
class Graded:
    """The grade that inspection gave some pieces, and the serial number of a single one ("" for not read); findings
    that were taken back are left out.
    """

    at: datetime
    sku: str
    quantity: int
    grade: str
    serial: str = ""


@dataclass(frozen=True)
class Lacking:
    """Fewer pieces of the order were inspected than are to come back (pieces)."""

    to_come_back: int
    inspected: int


@dataclass(frozen=True)
class SentAgain:
    """Goods that go out again for the case; `at` is when they left (UTC), None while they have not."""

    at: datetime | None
    sku: str
    quantity: int
    carrier: str
    waybill: str


@dataclass(frozen=True)
class Paid:
    """A payout that the buyer has got, with its channel."""

    at: datetime
    kind: str
    amount: Money
    channel: str


@dataclass(frozen=True)
class Reasons:
    """Codes of the reasons that the shop set and that inspection verified, as far as the platform is told them."""

    set_reason: str
    verified: str


@dataclass(frozen=True)
class StandingDecision:
    """The decision that stands: agreed to (`amount` None where no money is part of it) or refused, with the findings
    that are its `grounds`; `there`: it was made on the platform.
    """

    at: datetime
    agreed: bool
    there: bool
    amount: Money | None = None
    because: str = ""
    grounds: Sequence[Finding] = ()


@dataclass(frozen=True)
class Amounts:
    """Every amount that the books know of the case and its order; None, or an empty sum, where there is none. Sums have
    one amount for each currency; `given` has them by kind of payout; `steps` derive the amount due.
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
    """All facts of the account. `everything`: it is for the shop alone, with what its people wrote for each other and
    with the commands of its findings.
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
