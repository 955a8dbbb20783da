"""An offer that was made on a case, and a payout of it, as they stand inside the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from retcli.language import _
from retcli.rules.money.minor_units import Money
from retcli.views.base import money_text
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class OfferLine(Documented):
    """An offer: its rung, amount, state, who made it when; the note, masked already; what it saved, None where that
    cannot be said.
    """

    KEYS = ("rung", "amount", "state", "by", "at", "note", "**saving")

    rung: str
    amount: Money
    state: str
    by: str
    at: datetime
    note: str
    saved: Money | None = None

    @property
    def saving(self) -> Mapping[str, Money] | None:
        """The key `saved`, which only an offer has that saved something or nothing."""
        return None if self.saved is None else {"saved": self.saved}

    def sentence(self) -> str:
        """The offer as one line: rung, amount, what the buyer said, what it saved."""
        amount, state = money_text(self.amount) if self.amount else "", word(self.state, "offer")
        text = _("Offered {rung} {amount}: {said}").format(rung=word(self.rung), amount=amount, said=state)
        if self.saved is not None:
            text += _(", {money} saved").format(money=money_text(self.saved))
        return f"{text} {self.note}".strip()


@dataclass(frozen=True)
class CasePayout(Documented):
    """A payout of a case; `clicked` where it left by a click that is not verified."""

    number: str
    kind: str
    method: str
    money: Money
    state: str
    clicked: bool
    request: str
