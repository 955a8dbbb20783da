"""Refunds of the platforms' reports that wait for their order, which has not come in yet."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from retcli.language import _, clauses, series
from retcli.rules.money.minor_units import OWN, Money, in_order, text
from retcli.views.base import Column, Screen, View, draw_next, money_text, when
from retcli.views.documents import Documented
from retcli.words import platform_word, word


@dataclass(frozen=True)
class WaitingRefund(Documented):
    """A refund that waits for its order: its numbers, how it stands there (`state` in our word, `status` in the
    platform's), its deadline and when it succeeded (UTC). `minor` is its amount in minor units, None where the report
    names none; `currency` is "" where only the order would tell it: such an amount is read with two decimals.
    """

    KEYS = ("refund", "order", "platform", "shop", "money", "written", "state", "status", "due_at", "succeeded_at")

    refund: str
    order: str
    platform: str
    shop: str
    minor: int | None
    currency: str
    state: str
    status: str
    due_at: datetime | None
    succeeded_at: datetime | None  # by the report, else the nearest time that it has; None where it has not

    @property
    def money(self) -> Money | None:
        """Its amount; None where the report names none, or nobody knows its currency."""
        return Money(self.minor, self.currency) if self.minor is not None and self.currency else None

    @property
    def written(self) -> str:
        """Its amount as people read it; one whose currency nobody knows says so."""
        if self.minor is None:
            return _("amount not known")
        if self.currency:
            return money_text(Money(self.minor, self.currency))
        return _("{amount} in a currency that is not known").format(amount=text(self.minor, OWN))

    @property
    def standing(self) -> str:
        """How it stands there, in the platform's word where it gave one."""
        return self.status or word(self.state)

    @property
    def open_until(self) -> datetime | None:
        """Its deadline while it is open there; None where it has none, or has ended."""
        return None if self.state in ENDED else self.due_at

    def sentence(self) -> str:
        """That it waits, for which order, and what to do."""
        known = [platform_word(self.platform), self.written, self.standing]
        if self.open_until:
            known.append(_("due {at}").format(at=when(self.open_until)))
        line = _("Refund {refund} ({known}) waits for its order {order}: import the order report that has it")
        return line.format(refund=self.refund, known=series(known), order=self.order)


ENDED = frozenset({"succeeded", "closed", "refused"})
"""How a refund stands when no deadline presses any more."""
PRESSING = timedelta(hours=4)
"""A deadline this near is shown in red."""


@dataclass(frozen=True)
class RefundsWaiting(Documented):
    """How many refunds wait for their order, what they come to in each currency that is known, of how many it is not,
    and the earliest deadline (UTC) of those that are open.
    """

    count: int = 0
    money: tuple[Money, ...] = ()
    unknown: int = 0
    due_at: datetime | None = None

    @classmethod
    def of(cls, refunds: Sequence[WaitingRefund]) -> "RefundsWaiting":
        """Some refunds taken together."""
        sums = Counter[str]()
        for money in (refund.money for refund in refunds):
            if money:
                sums[money.currency] += money.minor
        unknown = sum(refund.money is None for refund in refunds)
        due = min((refund.open_until for refund in refunds if refund.open_until), default=None)
        return cls(len(refunds), tuple(Money(sums[each], each) for each in sorted(sums, key=in_order)), unknown, due)

    def sentence(self) -> str:
        """All of it in one line."""
        told = [_("{n} refunds wait for their order").format(n=self.count), *map(money_text, self.money)]
        if self.unknown:
            told.append(_("{n} of them in an amount or currency not known").format(n=self.unknown))
        if self.due_at:
            told.append(_("the first is due {at}").format(at=when(self.due_at)))
        return clauses(told)

    def style(self, at: datetime) -> str:
        """The colour of that line at an instant."""
        return "red" if self.due_at and self.due_at <= at + PRESSING else "yellow"


@dataclass(frozen=True)
class WaitingRefundsView(View):
    """The refunds that wait for their order, at an instant (UTC)."""

    KEYS = ("refunds",)

    refunds: tuple[WaitingRefund, ...]
    at: datetime

    def draw(self, screen: Screen) -> None:
        """Shows all of them together, a row each, and what to do."""
        if not self.refunds:
            screen.line(_("No refund waits for its order"))
            return
        together = RefundsWaiting.of(self.refunds)
        screen.line(together.sentence(), together.style(self.at))
        columns = [Column(_("Refund no."), "id"), Column(_("Platform order no."), "id"), Column(_("Amount"), "money")]
        columns += [Column(_("Status")), Column(_("By"), "time"), Column(_("Platform"), spare=True)]
        screen.table(columns, [_row(refund) for refund in self.refunds])
        draw_next(screen, "retcli import FILE")


def _row(refund: WaitingRefund) -> tuple[str, ...]:
    """The cells of a refund."""
    by = when(refund.open_until)[5:] if refund.open_until else "-"
    return refund.refund, refund.order, refund.written, refund.standing, by, platform_word(refund.platform)
