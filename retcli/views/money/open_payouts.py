"""Money that is not known to have left, as the day's list counts it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from retcli.language import _, mark
from retcli.rules.money.minor_units import Money
from retcli.views.base import Screen, instant, money, money_text, when
from retcli.views.cases.queue import sums_text
from retcli.words import word

_WAITING = mark(
    "{n} payouts wait for a second person, {money}, the oldest since {at}, {overdue} overdue: "
    "retcli pay list --state waiting"
)
_DUE = mark("{n} payouts are due, {money}, the oldest since {at}, {overdue} overdue: retcli pay list --state due")
_CLICKED = mark(
    "{n} payouts were clicked and are not verified, {money}, the oldest since {at}: retcli pay list --state clicked"
)


@dataclass(frozen=True)
class PayoutSum:
    """How many payouts, minor units by currency of money and points, and of coupons, since when the oldest is as it is,
    how many are overdue.
    """

    count: int = 0
    sums: Mapping[str, int] = field(default_factory=dict)
    coupons: Mapping[str, int] = field(default_factory=dict)
    oldest: datetime | None = None
    overdue: int = 0

    def document(self) -> dict[str, Any]:
        """`count, money[], coupons[], oldest, overdue`."""
        return {
            "count": self.count,
            "money": [money(Money(minor, currency)) for currency, minor in self.sums.items()],
            "coupons": [money(Money(minor, currency)) for currency, minor in self.coupons.items()],
            "oldest": instant(self.oldest),
            "overdue": self.overdue,
        }

    def sentence(self, text: str) -> str:
        """A sentence with how many there are, what they come to, since when, and how many are overdue."""
        coupons = [f"{word('coupon')} {money_text(Money(minor, name))}" for name, minor in self.coupons.items()]
        told = "、".join([*([sums_text(self.sums)] if self.sums else []), *coupons])
        return _(text).format(n=self.count, money=told, at=when(self.oldest), overdue=self.overdue)


@dataclass(frozen=True)
class OpenPayouts:
    """What waits for a second person, what is due and not sent, and what was clicked and is not verified."""

    waiting: PayoutSum = field(default_factory=PayoutSum)
    due: PayoutSum = field(default_factory=PayoutSum)
    clicked: PayoutSum = field(default_factory=PayoutSum)

    @property
    def overdue(self) -> int:
        """How many have waited or been due for too long."""
        return self.waiting.overdue + self.due.overdue

    def document(self) -> dict[str, Any]:
        """`payouts_waiting`, `payouts_due`, `payouts_clicked`."""
        return {
            "payouts_waiting": self.waiting.document(),
            "payouts_due": self.due.document(),
            "payouts_clicked": self.clicked.document(),
        }

    def draw(self, screen: Screen) -> None:
        """A line for each that there is any of, with the command that lists them."""
        for each, text in self._lines():
            screen.line("  " + each.sentence(text), "red" if each.overdue else "yellow")

    def _lines(self) -> Iterator[tuple[PayoutSum, str]]:
        lines = ((self.waiting, _WAITING), (self.due, _DUE), (self.clicked, _CLICKED))
        return ((each, text) for each, text in lines if each.count)
