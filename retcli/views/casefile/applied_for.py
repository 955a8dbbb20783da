"""What the buyer applied for beside what is due, while nobody has decided yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from retcli.language import _, clauses
from retcli.rules.casefile.amounts import Step
from retcli.rules.money.minor_units import Money
from retcli.views.base import money_text
from retcli.views.casefile.findings import sentence


@dataclass(frozen=True)
class AppliedFor:
    """An application for another amount than is due: both, the freight that stays (None for none), and the steps of the
    derivation that make the difference.
    """

    applied: Money
    due: Money
    freight_stays: Money | None
    steps: Sequence[Step]

    def sentence(self) -> str:
        """Both amounts, and why they differ."""
        both = _("{applied} applied for, {due} due")
        why = [
            f"{sentence(step.text, step.facts)} {money_text(Money(step.money, self.due.currency))}"
            for step in self.steps
        ]
        if self.freight_stays:
            text = _("the freight of {freight} does not go back")
            why.append(text.format(freight=money_text(self.freight_stays)))
        return clauses([both.format(applied=money_text(self.applied), due=money_text(self.due)), *why])
