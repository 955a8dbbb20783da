"""What was given beside the refund of a case, and by which command it is given again: freight of the way back that was
taken back is owed again.
"""

from dataclasses import dataclass

from retcli.actions.casefile.records.dossiers import Dossier
from retcli.rules.lifecycles import Decision, PayoutState
from retcli.rules.money.minor_units import POINTS, Money
from retcli.rules.money.minor_units import text as money_in_words

FREIGHT_BACK = "freight"
"""The kind of payouts that repay the freight of the way back."""


@dataclass(frozen=True)
class OwedBeside:
    """An amount of a kind of money (``freight``, ``compensation``), and the method by which it went the last time."""

    kind: str
    method: str
    money: Money

    def command(self, case: str) -> str:
        """The command that gives it again on a case."""
        if self.kind == FREIGHT_BACK:
            return f"retcli pay freight {case} --amount {money_in_words(self.money.minor, self.money.currency)}"
        return f"retcli pay compensate {case} {given(self.method, self.money)}"


def given(method: str, money: Money) -> str:
    """The option of `pay compensate` by which an amount is given by a method."""
    if money.currency == POINTS:
        return f"--points {money.minor}"
    return f"{'--coupon' if method == 'coupon' else '--cash'} {money_in_words(money.minor, money.currency)}"


def owed_beside(dossier: Dossier) -> OwedBeside | None:
    """What of the freight of the way back is owed again on a case that was read: what was taken back last, until some
    is repaid anew, in one payment and whatever it comes to; None where nothing is, or nobody agreed to the case. Amends
    are given freely: what came back of them is owed to nobody.
    """
    if dossier.case.decision != Decision.APPROVED:
        return None
    repaid = [p for p in dossier.payouts if p.kind == FREIGHT_BACK and p.state != PayoutState.FAILED and p.minor > 0]
    last = max(repaid, key=lambda payout: payout.id or 0, default=None)
    if last is None or any(payout.state != PayoutState.REVERSED for payout in repaid):
        return None
    return OwedBeside(FREIGHT_BACK, last.method, Money(last.minor, last.currency))
