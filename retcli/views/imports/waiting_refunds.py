"""Refunds of the platforms' reports that wait for their order, which has not come in yet."""

from dataclasses import dataclass
from datetime import datetime

from retcli.language import _
from retcli.rules.money.minor_units import OWN, Money, text
from retcli.views.base import money_text
from retcli.views.documents import Documented
from retcli.words import word


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
