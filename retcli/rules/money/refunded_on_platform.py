"""What went back of an order by the platform's own order file and stands in no document of ours: a cap on the rest.

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

Line = int | None
"""What tells the lines of an order apart: the number that the books give each."""


@dataclass(frozen=True)
class FileTotal:
    """What had gone back of an order by a file of its platform: `minor` in all, `at` when the file was made; None where
    that is not known, and may have been before any refund from here. `estimated`: `at` is the latest that it can be.
    """

    minor: int
    at: datetime | None
    estimated: bool = False


@dataclass(frozen=True)
class BookedRefund:
    """What a refund in these books gives back on a line (None: the freight): let go here at an instant (None where that
    is not known), or written down from the platform's own refund report; `original`: by the original route.
    """

    line: Line
    minor: int
    let_go_at: datetime | None
    reported: bool = False
    original: bool = True

    def is_within(self, total: FileTotal) -> bool:
        """Whether the platform can have counted it in a file's total."""
        if self.reported or total.at is None or self.let_go_at is None:
            return self.reported
        return self.let_go_at <= total.at and (self.original or not total.estimated)


@dataclass(frozen=True)
class Explained:
    """What refunds in these books explain of what went back by the files: in all, and by line."""

    minor: int
    lines: Mapping[Line, int]


def explained(totals: Sequence[FileTotal], refunds: Sequence[BookedRefund]) -> Explained:
    """What refunds explain of the greatest of some files' totals (at least one). A refund explains only totals of files
    made after it was let go; so what one file leaves unexplained, a later file explains by its own growth alone.
    """
    within = {total: [refund for refund in refunds if refund.is_within(total)] for total in totals}
    left = {total: total.minor - sum(refund.minor for refund in some) for total, some in within.items()}
    binding = max(totals, key=left.__getitem__)
    lines: dict[Line, int] = {}
    for refund in within[binding]:
        lines[refund.line] = lines.get(refund.line, 0) + refund.minor
    return Explained(max(total.minor for total in totals) - left[binding], lines)


@dataclass(frozen=True)
class Noted:
    """A line as the platform's file notes it: its cash, what went back of it (None where the file does not say), and
    what of that is booked here as paid.
    """

    line: Line
    cash: int
    there: int | None
    booked: int


@dataclass(frozen=True)
class Unbooked:
    """What went back by the file and is booked nowhere: `there` by the file in all, `booked` what of it is, `lines` the
    rest as far as it is noted on lines that still have so much, `loose` the rest of no certain line.
    """

    there: int = 0
    booked: int = 0
    lines: Mapping[Line, int] = field(default_factory=dict)
    loose: int = 0
    currency: str = "CNY"

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.lines.values()) + self.loose


NOTHING_UNBOOKED = Unbooked()


@dataclass(frozen=True)
class Cut:
    """How far the open cash of lines and the open freight are lowered."""

    lines: Mapping[Line, int]
    freight: int


def unbooked(there: int | None, booked: int, lines: Sequence[Noted], currency: str = "CNY") -> Unbooked:
    """What by the file went back of an order (`there`, None where it says so of lines only) beyond what is `booked`."""
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
    """How far what is open of each line, and of the freight, is lowered for a case about the `wanted` lines: by what is
    noted on the line, and by what is of no certain line as far as the other lines cannot have it.
    """
    lowered = {line: min(gone.lines.get(line, 0), cash) for line, cash in open_cash.items()}
    left = {line: cash - lowered[line] for line, cash in open_cash.items()}
    loose = max(gone.loose - sum(cash for line, cash in left.items() if line not in wanted), 0)
    mine = [left[line] for line in wanted]
    of_goods = min(loose, sum(mine))
    if of_goods:
        for line, share in zip(wanted, split(of_goods, mine), strict=True):
            lowered[line] += share
    return Cut(lowered, min(loose - of_goods, freight))
