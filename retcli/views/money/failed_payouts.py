"""The remarks of an import on payouts that it marked as failed."""

from dataclasses import dataclass

from retcli.language import _
from retcli.rules.money.minor_units import Money


@dataclass(frozen=True)
class FailedPayout:
    """A payout that did not leave, with the command that takes its case on. `paid_there`: it waited for a second
    person, and the platform paid more than was let go.
    """

    payout: str
    case: str
    amount: Money
    command: str
    paid_there: bool = False

    def sentence(self) -> str:
        """The failed payout as one line."""
        text = _("{payout} of {case} failed: {amount} did not leave; next: {command}")
        if self.paid_there:
            text = _("{payout} of {case}: nobody had let its {amount} go, and the platform paid more; next: {command}")
        return text.format(payout=self.payout, case=self.case, amount=self.amount, command=self.command)


@dataclass(frozen=True)
class FailedPayouts:
    """The payouts that an import marked as failed: some by number, and how many `more`."""

    named: tuple[FailedPayout, ...] = ()
    more: int = 0

    def sentences(self) -> tuple[str, ...]:
        """A line for each payout, then one with the number of the others."""
        lines = tuple(failed.sentence() for failed in self.named)
        if not self.more:
            return lines
        return (*lines, _("… and {n} payouts more failed: retcli pay list --state failed").format(n=self.more))
