"""Payouts that are not known to have arrived, as the day's list counts them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from retcli.language import _, clauses, mark, series
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import REFUND
from retcli.views.base import money_text, when
from retcli.views.documents import Documented, amounts
from retcli.views.sums import sums_text
from retcli.words import word

_WAITING = mark(
    "{n} payouts wait for a second person, {money}, the oldest since {at}{overdue}: retcli pay list --state waiting"
)
_DUE = mark("{n} payouts are due, {money}, the oldest since {at}{overdue}: retcli pay list --state due")
_CLICKED = mark(
    "{n} payouts were clicked and are not verified, {money}, the oldest since {at}: retcli pay list --state clicked"
)
_SENT = mark(
    "{n} payouts were sent and are not confirmed, {money}, the oldest since {at}: retcli pay list --state sent"
)


@dataclass(frozen=True)
class KindSum(Documented):
    """Payouts of one kind of money (refund, compensation, freight …): how many, and minor units by currency, coupons
    apart.
    """

    KEYS = ("kind", "count", "money", "coupons")

    kind: str
    count: int = 0
    sums: Mapping[str, int] = field(default_factory=dict)
    coupon_sums: Mapping[str, int] = field(default_factory=dict)

    @property
    def money(self) -> tuple[Money, ...]:
        """Money and points, an amount for each currency."""
        return amounts(self.sums)

    @property
    def coupons(self) -> tuple[Money, ...]:
        """Coupons, an amount for each currency."""
        return amounts(self.coupon_sums)

    def sentence(self) -> str:
        """The kind with its amounts."""
        return f"{word(self.kind, 'money')} {amounts_text(self.sums, self.coupon_sums)}"


def amounts_text(sums: Mapping[str, int], coupon_sums: Mapping[str, int]) -> str:
    """Money and points, then coupons, by currency, for people."""
    coupons = [f"{word('coupon')} {money_text(Money(minor, name))}" for name, minor in coupon_sums.items()]
    return series([*([sums_text(sums)] if sums else []), *coupons])


@dataclass(frozen=True)
class PayoutSum(Documented):
    """Payouts of one state: how many, minor units by currency (coupons apart), since when the oldest is in that state
    (UTC), how many are overdue, and the same amounts by kind of money.
    """

    KEYS = ("count", "money", "coupons", "oldest", "overdue", "kinds")

    count: int = 0
    sums: Mapping[str, int] = field(default_factory=dict)
    coupon_sums: Mapping[str, int] = field(default_factory=dict)
    oldest: datetime | None = None
    overdue: int = 0
    kinds: tuple[KindSum, ...] = ()

    @property
    def money(self) -> tuple[Money, ...]:
        """Money and points, an amount for each currency."""
        return amounts(self.sums)

    @property
    def coupons(self) -> tuple[Money, ...]:
        """Coupons, an amount for each currency."""
        return amounts(self.coupon_sums)

    def sentence(self, text: str) -> str:
        """A sentence (its message id) with number, amounts, the oldest, and how many are overdue."""
        late = _(", {n} overdue").format(n=self.overdue) if self.overdue else ""
        return _(text).format(n=self.count, money=self._amounts(), at=when(self.oldest), overdue=late)

    def _amounts(self) -> str:
        """The amounts, by kind of money unless all of them are refunds."""
        if all(each.kind == REFUND for each in self.kinds):
            return amounts_text(self.sums, self.coupon_sums)
        return clauses(each.sentence() for each in self.kinds)


@dataclass(frozen=True)
class OpenPayouts(Documented):
    """The payouts that wait for a second person, are due, were clicked and are not verified, or were sent and are not
    confirmed.
    """

    payouts_waiting: PayoutSum = field(default_factory=PayoutSum)
    payouts_due: PayoutSum = field(default_factory=PayoutSum)
    payouts_clicked: PayoutSum = field(default_factory=PayoutSum)
    payouts_sent: PayoutSum = field(default_factory=PayoutSum)

    @property
    def overdue(self) -> int:
        """How many have been waiting or due for too long."""
        return self.payouts_waiting.overdue + self.payouts_due.overdue

    def lines(self, *, countersigns: bool, pays: bool) -> Iterator[tuple[str, str]]:
        """A line with its style for each that there is any of, with the command that lists them; what waits for a
        second person for who `countersigns`, the rest for who `pays`.
        """
        gone = (self.payouts_clicked, _CLICKED), (self.payouts_sent, _SENT)
        lines = [(self.payouts_waiting, _WAITING)] if countersigns else []
        lines += [(self.payouts_due, _DUE), *gone] if pays else []
        return (("red" if each.overdue else "yellow", each.sentence(text)) for each, text in lines if each.count)
