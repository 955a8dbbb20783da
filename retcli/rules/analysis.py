"""Periods, shares and rates of the reason analysis (`rules.md` §9.1): counts of cases, pieces and minor units."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import groupby

from retcli.rules.lifecycles import REFUNDING, Decision, Kind
from retcli.rules.money import half_up, split
from retcli.rules.reasons import REASONS
from retcli.rules.zone import SHANGHAI

WHOLE = 10_000
"""Hundredths of a percent in the whole."""
MATURE_AFTER = timedelta(days=30)
VAGUE = frozenset({"X_OTHER", "N_AGREE"})
"""Reasons that say nothing: listed last, whatever their share."""


@dataclass(frozen=True)
class Period:
    """Days in Shanghai as instants in UTC: from `start` up to but without `end`."""

    start: datetime
    end: datetime

    @classmethod
    def days(cls, first: date, last: date) -> "Period":
        """From 00:00 of the first day to 24:00 of the last."""
        return cls(_midnight(first), _midnight(last + timedelta(days=1)))

    @classmethod
    def month(cls, written: str) -> "Period":
        """A calendar month such as ``2026-11``. Raises ValueError for anything else."""
        first = date.fromisoformat(f"{written}-01")
        return cls.days(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))

    def holds(self, at: datetime | None) -> bool:
        """Whether an instant lies in it."""
        return at is not None and self.start <= at < self.end

    @property
    def months(self) -> list[str]:
        """Its calendar months, whole or in part, the first one first."""
        found, day = [], self.start.astimezone(SHANGHAI).date().replace(day=1)
        while _midnight(day) < self.end:
            found.append(f"{day:%Y-%m}")
            day = (day + timedelta(days=31)).replace(day=1)
        return found


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


def month_of(at: datetime) -> str:
    """The calendar month of an instant in Shanghai."""
    return f"{at.astimezone(SHANGHAI):%Y-%m}"


def shares(amounts: Sequence[int]) -> list[int]:
    """Each amount's share in hundredths of a percent, together exactly the whole (largest remainder); all zero where
    there is nothing to share.
    """
    return split(WHOLE, amounts) if any(amounts) else [0] * len(amounts)


def rate(part: int, whole: int) -> int | None:
    """A part in hundredths of a percent of the whole, rounded half up; None of nothing."""
    return half_up(Fraction(part * WHOLE, whole)) if whole else None


@dataclass(frozen=True)
class Piece:
    """Pieces of a product in a case."""

    sku: str
    pieces: int


@dataclass(frozen=True)
class CaseFact:
    """What the analysis asks about a case: the reason that counts, months of its application and of its order's
    payment, what was refunded so far (minor units, net of reversals), and whether the order had been sent.
    """

    reason: str
    kind: Kind
    decision: Decision
    month: str
    paid_month: str
    order: int
    refunded: int
    shipped: bool
    lines: tuple[Piece, ...]

    @property
    def pieces(self) -> int:
        """Pieces of all its lines; a price cut has none."""
        return sum(line.pieces for line in self.lines)

    @property
    def returned(self) -> bool:
        """Whether it is a return that was agreed to; exchanges, resends and price cuts are none."""
        return self.kind == Kind.RETURN and self.decision == Decision.APPROVED

    @property
    def paid_back(self) -> bool:
        """Whether it is a refund, with or without goods, that went through."""
        return self.kind in REFUNDING and self.refunded > 0


@dataclass(frozen=True)
class ReasonRow:
    """A reason's cases, pieces and refunded money, each with its share in hundredths of a percent."""

    reason: str
    cases: int
    pieces: int
    refunded: int
    share_cases: int = 0
    share_pieces: int = 0
    share_refunded: int = 0


def by_reason(cases: Iterable[CaseFact]) -> list[ReasonRow]:
    """The cases by reason, the most frequent first, those that say nothing last."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for case in cases:
        for place, value in enumerate((1, case.pieces, case.refunded)):
            sums[case.reason][place] += value
    ranked = sorted(sums.items(), key=lambda item: (item[0] in VAGUE, *(-value for value in item[1]), item[0]))
    parts = [shares([max(values[place], 0) for _reason, values in ranked]) for place in range(3)]
    return [ReasonRow(reason, *values, *(part[row] for part in parts)) for row, (reason, values) in enumerate(ranked)]


@dataclass(frozen=True)
class MonthRow:
    """A month by the day of application (cases to refunded), and the orders paid in it with those of them refunded up
    to now; `mature` says that the last of them is thirty days old.
    """

    month: str
    cases: int
    returns: int
    unshipped: int
    quality: int
    refunded: int
    paid_orders: int
    refunded_orders: int
    mature: bool

    @property
    def refund_rate(self) -> int | None:
        """Refunded orders of its paid orders, in hundredths of a percent."""
        return rate(self.refunded_orders, self.paid_orders)


def by_month(
    cases: Sequence[CaseFact], cohort: Sequence[CaseFact], paid: Mapping[str, int], period: Period, now: datetime
) -> list[MonthRow]:
    """Each month of a period: `cases` applied for in it, `cohort` the cases on orders paid in it, `paid` the orders
    paid by month.
    """
    refunded_orders: dict[str, set[int]] = defaultdict(set)
    for case in cohort:
        if case.paid_back:
            refunded_orders[case.paid_month].add(case.order)
    rows = []
    for month in period.months:
        mine = [case for case in cases if case.month == month]
        rows.append(
            MonthRow(
                month,
                len(mine),
                sum(case.returned for case in mine),
                sum(case.paid_back and not case.shipped for case in mine),
                sum(case.paid_back and REASONS[case.reason].quality for case in mine),
                sum(case.refunded for case in mine),
                paid.get(month, 0),
                len(refunded_orders[month]),
                min(Period.month(month).end, period.end) + MATURE_AFTER <= now,
            )
        )
    return rows


@dataclass(frozen=True)
class ProductRow:
    """A product's cases and pieces for a reason (empty: for all), with the share of its pieces; `returned` are pieces
    of agreed returns on orders paid in the period, of `sold` pieces sent on those orders.
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
        """Returned of sold pieces, in hundredths of a percent."""
        return rate(self.returned, self.sold)


def by_product(
    cases: Iterable[CaseFact], cohort: Iterable[CaseFact], sold: Mapping[str, int], *, each_reason: bool
) -> list[ProductRow]:
    """Products by pieces in cases, the most first; with `each_reason` every reason of a product on its own row, and
    shares within the product instead of among products.
    """
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for case in cases:
        for sku in {line.sku for line in case.lines}:
            counts[sku, case.reason if each_reason else ""][0] += 1
        for line in case.lines:
            counts[line.sku, case.reason if each_reason else ""][1] += line.pieces
    back: dict[tuple[str, str], int] = defaultdict(int)
    for case in cohort:
        for line in case.lines if case.returned else ():
            back[line.sku, case.reason if each_reason else ""] += line.pieces
    totals: dict[str, int] = defaultdict(int)
    for (sku, _reason), (_cases, pieces) in counts.items():
        totals[sku] += pieces
    ranked = sorted(counts, key=lambda key: (-totals[key[0]], key[0], -counts[key][1], -counts[key][0], key[1]))
    part: list[int] = []
    for _sku, keys in groupby(ranked, key=lambda key: key[0] if each_reason else ""):
        part += shares([counts[key][1] for key in keys])
    return [
        ProductRow(*key, counts[key][0], counts[key][1], part[row], sold.get(key[0], 0), back[key])
        for row, key in enumerate(ranked)
    ]
