"""What left for goods that never came, below the list of its cases: which sum is which."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from retcli.language import _, series
from retcli.rules.money.minor_units import Money
from retcli.views.documents import Documented, amounts
from retcli.views.sums import sums, sums_text


@dataclass(frozen=True)
class LackingGoods:
    """What `left` on a case for pieces that are not here, what of it is known to have `arrived`, and the calendar month
    (``2026-11``) in which the last of it did; "" while nothing has.
    """

    left: Money
    arrived: Money
    month: str


@dataclass(frozen=True)
class LackingSums(Documented):
    """The sums of such cases: what left for the pieces, what of it arrived, what is on its way, and the months in which
    it arrived. `whole`: all of them are listed, as the day's list counts them; `column` is what the column of the list
    adds up to, which has freight and pieces that are in as well.
    """

    KEYS = ("count", "money", "arrived", "on_the_way", "by_month")

    cases: Sequence[LackingGoods]
    column: Sequence[Money]
    whole: bool

    @property
    def count(self) -> int:
        """How many cases."""
        return len(self.cases)

    @property
    def money(self) -> tuple[Money, ...]:
        """What left for pieces that are not here, an amount for each currency."""
        return amounts(self._left)

    @property
    def arrived(self) -> tuple[Money, ...]:
        """What of it is known to have arrived."""
        return amounts(self._arrived)

    @property
    def on_the_way(self) -> tuple[Money, ...]:
        """What of it is sent and not known to have arrived."""
        return amounts(self._on_the_way)

    @property
    def by_month(self) -> dict[str, tuple[Money, ...]]:
        """What of it arrived, by the month in which the last of each case did."""
        return {month: amounts(summed) for month, summed in self._months.items()}

    @property
    def _left(self) -> Mapping[str, int]:
        return sums(each.left for each in self.cases)

    @property
    def _arrived(self) -> Mapping[str, int]:
        return sums(each.arrived for each in self.cases if each.arrived)

    @property
    def _on_the_way(self) -> Mapping[str, int]:
        return sums(each.left - each.arrived for each in self.cases if each.left != each.arrived)

    @property
    def _months(self) -> dict[str, Mapping[str, int]]:
        months = sorted({each.month for each in self.cases if each.arrived})
        return {month: sums(each.arrived for each in self.cases if each.month == month) for month in months}

    def lines(self) -> Iterator[str]:
        """Which sum is which, a line each."""
        text = _("In all: {n} cases, {money} for pieces that are not here (goods alone)")
        if self.whole:
            text = _("In all: {n} cases, {money} for pieces that are not here (goods alone), as retcli today says it")
        yield text.format(n=self.count, money=sums_text(self._left))
        if self._months:
            text = _("Of it arrived, D9 of its month's workbook: {months}")
            yield text.format(months=series(f"{month} {sums_text(each)}" for month, each in self._months.items()))
        if self._on_the_way:
            yield _("Of it sent, not known to have arrived: {money}").format(money=sums_text(self._on_the_way))
        if self.column:
            text = _("The column Arrived comes to {money}: freight and pieces that are in count there as well")
            yield text.format(money=sums_text(sums(self.column)))
