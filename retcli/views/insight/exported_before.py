"""The remark that a month was exported before, and what has changed in it since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from retcli.language import _, mark, series
from retcli.rules.money.minor_units import Money
from retcli.views.base import money_text, when

PAID, PLATFORM, APART = mark("paid by us"), mark("refunded by the platform"), mark("difference")
"""What of a month is compared (message ids)."""


@dataclass(frozen=True)
class Moved:
    """A sum of a month as it was exported before and as it is now; `what` is a message id."""

    what: str
    before: Money
    now: Money

    @property
    def sentence(self) -> str:
        """Both sums."""
        text = _("{what} {before} → {now}")
        return text.format(what=_(self.what), before=money_text(self.before), now=money_text(self.now))


@dataclass(frozen=True)
class ExportedBefore:
    """A month that was exported before at an instant, and has changed since: its sums, and how many refunds differed
    and differ.
    """

    at: datetime
    moved: Sequence[Moved]
    named: tuple[int, int]

    def sentence(self) -> str:
        """When that was, and what has changed."""
        before, now = self.named
        told = [each.sentence for each in self.moved]
        if before != now:
            told.append(_("refunds that differ {before} → {now}").format(before=before, now=now))
        text = _("This month was exported on {at} before; since then: {what}")
        return text.format(at=when(self.at), what=series(told))
