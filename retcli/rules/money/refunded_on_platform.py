"""Money that went back by the platform's own order file and stands in no document of ours: it caps what is left.

Which payouts can explain which statement of a file: those of that order that left, were not taken back, and of which
the platform can have known when the file was made. What the platform's own refund report told explains every statement.
Of our own refunds it is only what had left by then: on a platform with a refund report what went by the original route,
by its instant of success if the report names it; on the others (Shopify), where a shop may note what it paid by other
ways, what went by any way. One that was clicked on the platform left with the click, as long as its report has not said
otherwise. A statement of an earlier program has no time of its own, only the latest that it can have had, and is
explained by what went by the original route alone. What leaves after a statement explains none of it.

Amounts in minor units of the order's currency.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from retcli.rules.money.minor_units import split

REPORTING = frozenset(
    {"amazon", "douyin", "jd", "jst", "kuaishou", "lazada", "pdd", "shopee", "taobao", "wxshop", "xhs"}
)
"""Platforms with a refund report; of the others the order file alone tells what was refunded there."""
Line = int | None
"""The id of an order line in the books; None stands for the freight."""


@dataclass(frozen=True)
class FileTotal:
    """What had gone back of an order by one file of its platform: `minor` in all, `at` when the file was made (UTC),
    None where that is not known and may have been before any refund from here; `estimated`: `at` is the latest
    possible.
    """

    minor: int
    at: datetime | None
    estimated: bool = False


@dataclass(frozen=True)
class BookedRefund:
    """What a refund in these books gives back on a line: let go here at an instant (UTC, None where that is not known),
    or `reported` by the platform's own list of refunds; `original`: by the original route.
    """

    line: Line
    minor: int
    let_go_at: datetime | None
    reported: bool = False
    original: bool = True

    def is_within(self, total: FileTotal) -> bool:
        """Whether the platform can have counted this refund in a file's total."""
        if self.reported or total.at is None or self.let_go_at is None:
            return self.reported
        return self.let_go_at <= total.at and (self.original or not total.estimated)


@dataclass(frozen=True)
class Explained:
    """How much of what went back by the files is refunds of these books, in all and by line (minor units)."""

    minor: int
    lines: Mapping[Line, int]


def explained(totals: Sequence[FileTotal], refunds: Sequence[BookedRefund]) -> Explained:
    """How much refunds in these books explain of the greatest of some files' totals (at least one). A refund explains
    only totals of files made after it was let go.
    """
    within = {total: [refund for refund in refunds if refund.is_within(total)] for total in totals}
    unexplained = {total: total.minor - sum(refund.minor for refund in some) for total, some in within.items()}
    # The file that leaves most unexplained binds, not the newest: a refund let go between two files must not explain
    # away what the earlier one told; only the growth of the later file is its.
    binding = max(totals, key=unexplained.__getitem__)
    lines: dict[Line, int] = {}
    for refund in within[binding]:
        lines[refund.line] = lines.get(refund.line, 0) + refund.minor
    return Explained(max(total.minor for total in totals) - unexplained[binding], lines)


@dataclass(frozen=True)
class Noted:
    """A line as the platform's order file has it, in minor units: its cash, what went back of it (`there`, None where
    the file does not say), and what of that is booked here as paid.
    """

    line: Line
    cash: int
    there: int | None
    booked: int


@dataclass(frozen=True)
class Unbooked:
    """What went back by the file and is booked nowhere, in minor units: of `there` in all, `booked` is in these books;
    the remainder stands by line as far as the file says which and the line has so much, else in `loose`.
    """

    there: int = 0
    booked: int = 0
    lines: Mapping[Line, int] = field(default_factory=dict)
    loose: int = 0
    currency: str = "CNY"

    @property
    def total(self) -> int:
        """All that went back and is booked nowhere."""
        return sum(self.lines.values()) + self.loose


NOTHING_UNBOOKED = Unbooked()


@dataclass(frozen=True)
class Cut:
    """By how much the open cash of each line and the open freight are lowered (minor units)."""

    lines: Mapping[Line, int]
    freight: int


def unbooked(there: int | None, booked: int, lines: Sequence[Noted], currency: str = "CNY") -> Unbooked:
    """What went back of an order by its platform's file beyond what is `booked`; `there` is the file's sum for the
    order, None where it gives sums of lines only.
    """
    noted = max(there or 0, sum(line.there or 0 for line in lines))
    left = max(noted - booked, 0)
    by_line: dict[Line, int] = {}
    for line in lines:
        most = min(max((line.there or 0) - line.booked, 0), max(line.cash - line.booked, 0), left)
        if most:
            by_line[line.line] = most
            left -= most
    return Unbooked(noted, booked, by_line, left, currency)


def cut(gone: Unbooked, open_cash: Mapping[Line, int], freight: int, wanted: Sequence[Line]) -> Cut:
    """By how much the open cash of each line, and the open freight, are lowered for a case about the `wanted` lines: by
    what the file notes on the line, and by what is of no certain line as far as the other lines cannot hold it.
    """
    lowered = {line: min(gone.lines.get(line, 0), cash) for line, cash in open_cash.items()}
    left = {line: cash - lowered[line] for line, cash in open_cash.items()}
    # what has no certain line is taken to be of the lines that this case is not about, as far as they can hold it
    loose = max(gone.loose - sum(cash for line, cash in left.items() if line not in wanted), 0)
    open_on_wanted = [left[line] for line in wanted]
    of_goods = min(loose, sum(open_on_wanted))
    if of_goods:
        for line, share in zip(wanted, split(of_goods, open_on_wanted), strict=True):
            lowered[line] += share
    return Cut(lowered, min(loose - of_goods, freight))
