"""Payouts that an import failed, as its answer tells them."""

from dataclasses import dataclass

from retcli.language import _
from retcli.rules.money.minor_units import Money


@dataclass(frozen=True)
class FailedPayout:
    """A payout that did not leave, and the command that takes its case on; `paid_there` says that it waited for a
    second person and that the platform paid more than was let go.
    """

    payout: str
    case: str
    amount: Money
    command: str
    paid_there: bool = False

    def sentence(self) -> str:
        """The failed payouts as one line of text."""
        text = _("{payout} of {case} failed: {amount} did not leave; next: {command}")
        if self.paid_there:
            text = _("{payout} of {case}: nobody had let its {amount} go, and the platform paid more; next: {command}")
        return text.format(payout=self.payout, case=self.case, amount=self.amount, command=self.command)


@dataclass(frozen=True)
class FailedPayouts:
    """The payouts that an import failed: some by name, and how many `more`."""

    named: tuple[FailedPayout, ...] = ()
    more: int = 0

    def sentences(self) -> tuple[str, ...]:
        """One line a payout, then the number of the others."""
        lines = tuple(failed.sentence() for failed in self.named)
        if not self.more:
            return lines
        return (*lines, _("… and {n} payouts more failed: retcli pay list --state failed").format(n=self.more))
