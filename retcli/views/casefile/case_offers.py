"""Offers and payouts as they are listed within a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from retcli.language import _, series
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import REFUND
from retcli.views.base import money_text
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class OfferLine(Documented):
    """An offer: its rung, amount, state, who made it when, and a note that is masked already; `saved` is None where
    that cannot be computed; `undone` says that it was accepted, and what it gave did not leave or was taken back.
    """

    KEYS = ("rung", "amount", "state", "by", "at", "note", "**saving")

    rung: str
    amount: Money
    state: str
    by: str
    at: datetime
    note: str
    saved: Money | None = None
    undone: bool = False

    @property
    def saving(self) -> Mapping[str, Money] | None:
        """The key `saved` of the document; None leaves it out, for offers of which it cannot be computed."""
        return None if self.saved is None else {"saved": self.saved}

    def sentence(self) -> str:
        """The offer as one line: rung, amount, state, what it saved, note."""
        amount, state = money_text(self.amount) if self.amount else "", word(self.state, "offer")

        offered = f"{word(self.rung)} {amount}".rstrip()
        text = _("Offered {what}: {said}").format(what=offered, said=state)
        if self.undone:
            text += _(", and what it gave was taken back")
        if self.saved is not None:
            text += _(", {money} saved").format(money=money_text(self.saved))
        return f"{text} {self.note}".strip()


@dataclass(frozen=True)
class CasePayout(Documented):
    """A payout of a case; `clicked`: it left by a click that no import has verified."""

    number: str
    kind: str
    method: str
    money: Money
    state: str
    clicked: bool
    request: str


def taken_back_text(payouts: Sequence[CasePayout], due: Money, arrived: Money) -> str:
    """What to write to the buyer of money that had arrived and was taken back: that it is paid again while what is
    `due` of the refund has not all `arrived`; "" where nothing was taken back, or all arrived anew.
    """
    money = [payout for payout in payouts if payout.method not in _IN_KIND and payout.money.minor > 0]
    standing = {payout.kind for payout in money if payout.state not in {PayoutState.REVERSED, PayoutState.FAILED}}
    back = [payout for payout in money if payout.state == PayoutState.REVERSED]
    again = min(sum(p.money.minor for p in back if p.kind == REFUND), due.minor - arrived.minor)
    texts = []
    if again > 0:
        text = _("{money} that we had paid you went back to us; we pay it to you again.")
        texts.append(text.format(money=money_text(Money(again, due.currency))))
    gone = [p.money for p in back if (not due.minor if p.kind == REFUND else p.kind not in standing)]
    if gone:
        text = _(
            "{money} that we had paid you went back to us. If you think that is wrong, or it is still due, write to us."
        )
        texts.append(text.format(money=series(money_text(money) for money in gone)))
    return " ".join(texts)


_IN_KIND = frozenset({"coupon", "points"})
"""Methods by which something is given that is no money."""
