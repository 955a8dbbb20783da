"""Rows of the reason analysis by reason, month and product, with shares and rates (`docs/rules.md` §9): whole numbers
of cases, pieces, minor units and hundredths of a percent.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from retcli.rules.casefile.reasons import REASONS
from retcli.rules.lifecycles import REFUNDING, Decision, Kind
from retcli.rules.money.minor_units import half_up, split
from retcli.rules.periods import Period
from retcli.rules.zone import SHANGHAI

WHOLE = 10_000
"""Hundredths of a percent in the whole."""
MATURE_AFTER = timedelta(days=30)
"""Age of a month's last order from which on its rate hardly rises any more (`docs/rules.md` §9.1)."""
VAGUE = frozenset({"X_OTHER", "N_AGREE"})
"""Reasons that tell nothing about the goods (其他, 协商一致): listed last, whatever their share."""


def shares(amounts: Sequence[int]) -> list[int]:
    """Each amount's share in hundredths of a percent, together exactly the whole (largest remainder); all zero where
    there is nothing to share.
    """
    return split(WHOLE, amounts) if any(amounts) else [0] * len(amounts)


def rate(part: int, whole: int) -> int | None:
    """A part in hundredths of a percent of the whole, rounded half up; None where the whole is nothing."""
    return half_up(Fraction(part * WHOLE, whole)) if whole else None


FEWEST = 30
"""Pieces sold below which a return rate says too little to be ranked by (`docs/rules.md` §9.2)."""
_Z = Decimal("1.959963984540054")
"""The 97.5th percentile of the normal distribution: intervals of 95 %."""


@dataclass(frozen=True)
class Interval:
    """The bounds between which the true rate lies with 95 % confidence, in hundredths of a percent."""

    low: int
    high: int


def interval(part: int, whole: int) -> Interval | None:
    """Wilson's score interval of a part of a whole; None where the whole is nothing."""
    if not whole:
        return None
    # Wilson's, not the normal approximation: that gives bounds below nothing for the few returns of a small shop
    share, n, z = Decimal(part) / whole, Decimal(whole), _Z
    middle, width = share + z * z / (2 * n), z * (share * (1 - share) / n + z * z / (4 * n * n)).sqrt()
    low, high = ((middle + side * width) / (1 + z * z / n) * WHOLE for side in (-1, 1))
    return Interval(max(int(low.to_integral_value()), 0), min(int(high.to_integral_value()), WHOLE))


@dataclass(frozen=True)
class CaseGroup:
    """How many cases, with how many pieces, are alike in all that the analysis asks: the reason that counts, kind,
    decision, month of application (Shanghai), whether the order had been sent, and whether a refund went through.
    """

    reason: str
    kind: Kind
    decision: Decision
    month: str
    shipped: bool
    paid_back: bool
    cases: int
    pieces: int

    @property
    def returned(self) -> bool:
        """Whether these are approved returns; exchanges, resends and price cuts are none."""
        return self.kind == Kind.RETURN and self.decision == Decision.APPROVED

    @property
    def refunded(self) -> bool:
        """Whether these are refunds, with or without goods back, that went through."""
        return self.kind in REFUNDING and self.paid_back


@dataclass(frozen=True)
class MoneyGroup:
    """What the buyers of the cases of one reason and month have got so far in one currency: refunds and compensation
    (`given`), in minor units net of reversals.
    """

    reason: str
    month: str
    currency: str
    refunded: int
    given: int


@dataclass(frozen=True)
class Spent:
    """Refunds and compensation (`given`) in minor units by currency, which are never added up."""

    refunded: Mapping[str, int]
    given: Mapping[str, int]


def spent(groups: Iterable[MoneyGroup]) -> Spent:
    """Refunds and compensation of some groups together, by currency."""
    refunded, given = defaultdict[str, int](int), defaultdict[str, int](int)
    for group in groups:
        refunded[group.currency] += group.refunded
        given[group.currency] += group.given
    return Spent(dict(refunded), dict(given))


@dataclass(frozen=True)
class ReasonRow:
    """A reason's cases, pieces and money, each with its share in hundredths of a percent, that of money by currency."""

    reason: str
    cases: int
    pieces: int
    spent: Spent
    share_cases: int = 0
    share_pieces: int = 0
    share_refunded: Mapping[str, int] = field(default_factory=dict)


def by_reason(groups: Sequence[CaseGroup], money: Sequence[MoneyGroup]) -> list[ReasonRow]:
    """The cases by reason, the most frequent first, the vague reasons last."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for group in groups:
        sums[group.reason][0] += group.cases
        sums[group.reason][1] += group.pieces
    ranked = sorted(sums, key=lambda reason: (reason in VAGUE, *(-value for value in sums[reason]), reason))
    paid = {reason: spent(group for group in money if group.reason == reason) for reason in ranked}
    parts = [shares([sums[reason][place] for reason in ranked]) for place in (0, 1)]
    # a reversal may be larger than the month's refunds: below nothing there is no share
    of_money = {
        currency: shares([max(paid[reason].refunded.get(currency, 0), 0) for reason in ranked])
        for currency in {group.currency for group in money}
    }
    return [
        ReasonRow(
            reason,
            sums[reason][0],
            sums[reason][1],
            paid[reason],
            parts[0][row],
            parts[1][row],
            {currency: part[row] for currency, part in of_money.items()},
        )
        for row, reason in enumerate(ranked)
    ]


@dataclass(frozen=True)
class MonthRow:
    """A month, or the part of it from `first` to `last` (Shanghai), on two bases that are never mixed: `cases` to
    `spent` count what was applied for in it, `paid_orders` the orders paid in it and `refunded_orders` those of them
    refunded up to now. `mature`: the last order is thirty days old; `ended`: the whole month is in the period and over.
    """

    month: str
    first: date
    last: date
    cases: int
    returns: int
    unshipped: int
    quality: int
    spent: Spent
    paid_orders: int
    refunded_orders: int
    mature: bool
    ended: bool

    @property
    def refund_rate(self) -> int | None:
        """Refunded orders of the month's paid orders, in hundredths of a percent; None where none was paid."""
        return rate(self.refunded_orders, self.paid_orders)

    @property
    def whole(self) -> bool:
        """Whether all days of the month are in the period."""
        return self.first.day == 1 and (self.last + timedelta(days=1)).day == 1


def by_month(
    groups: Sequence[CaseGroup],
    money: Sequence[MoneyGroup],
    refunded_orders: Mapping[str, int],
    paid: Mapping[str, int],
    period: Period,
    now: datetime,
) -> list[MonthRow]:
    """A row for each month of a period: `groups` and `money` of the cases applied for in it, `paid` the orders paid in
    each month and `refunded_orders` those of them with a refund that went through.
    """
    rows = []
    for month in period.months:
        of_month, span = [group for group in groups if group.month == month], Period.month(month)
        start, end = max(span.start, period.start), min(span.end, period.end)
        rows.append(
            MonthRow(
                month=month,
                first=start.astimezone(SHANGHAI).date(),
                last=end.astimezone(SHANGHAI).date() - timedelta(days=1),
                cases=sum(group.cases for group in of_month),
                returns=sum(group.cases for group in of_month if group.returned),
                unshipped=sum(group.cases for group in of_month if group.refunded and not group.shipped),
                quality=sum(group.cases for group in of_month if group.refunded and REASONS[group.reason].quality),
                spent=spent(group for group in money if group.month == month),
                paid_orders=paid.get(month, 0),
                refunded_orders=refunded_orders.get(month, 0),
                mature=end + MATURE_AFTER <= now,
                ended=(start, end) == (span.start, span.end) and end <= now,
            )
        )
    return rows


@dataclass(frozen=True)
class ProductCount:
    """Cases with a product for a reason, and their pieces of it."""

    sku: str
    reason: str
    cases: int
    pieces: int


@dataclass(frozen=True)
class ProductRow:
    """A product's cases and pieces for a reason (empty: for all), with the share of its pieces in hundredths of a
    percent; `returned` are the pieces of approved returns among the `sold` pieces of orders paid in the period.
    """

    sku: str
    reason: str
    cases: int
    pieces: int
    share: int
    sold: int
    returned: int

    @property
    def return_rate(self) -> int | None:
        """Returned of sold pieces, in hundredths of a percent; None where none was sold."""
        return rate(self.returned, self.sold)

    @property
    def interval(self) -> Interval | None:
        """The bounds of the true return rate; None where nothing was sold, or more came back than was sent."""
        return interval(self.returned, self.sold) if self.returned <= self.sold else None

    @property
    def too_few(self) -> bool:
        """Whether too few pieces were sold for their rate to say anything."""
        return self.sold < FEWEST


def by_product(
    lines: Iterable[ProductCount],
    returned: Mapping[tuple[str, str], int],
    sold: Mapping[str, int],
    *,
    each_reason: bool,
) -> list[ProductRow]:
    """A row for each product, the most pieces in cases first, products with too few sold last. With `each_reason` each
    reason of a product has its own row, and shares are within the product instead of among products.
    """
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    back: dict[tuple[str, str], int] = defaultdict(int)
    totals: dict[str, int] = defaultdict(int)
    for line in lines:
        key = line.sku, line.reason if each_reason else ""
        counts[key][0] += line.cases
        counts[key][1] += line.pieces
        totals[line.sku] += line.pieces
    for (sku, reason), pieces in returned.items():
        back[sku, reason if each_reason else ""] += pieces

    def place(key: tuple[str, str]) -> tuple[Any, ...]:
        """Goods sold often enough first, by their cases, then the reasons by pieces."""
        sku, reason = key
        cases, pieces = counts[key]
        return sold.get(sku, 0) < FEWEST, -totals[sku], sku, -pieces, -cases, reason

    ranked = sorted(counts, key=place)
    part: list[int] = []
    for _sku, keys in groupby(ranked, key=lambda key: key[0] if each_reason else ""):
        part += shares([counts[key][1] for key in keys])
    return [
        ProductRow(*key, counts[key][0], counts[key][1], part[row], sold.get(key[0], 0), back[key])
        for row, key in enumerate(ranked)
    ]
