"""Cases counted with their money, as the day's list names them in one line."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from retcli.rules.money.minor_units import Money
from retcli.views.documents import Documented, amounts
from retcli.views.sums import sums_text


@dataclass(frozen=True)
class CaseSums(Documented):
    """How many cases there are, and what they come to in each currency, in minor units."""

    KEYS = ("count", "money")

    count: int = 0
    sums: Mapping[str, int] = field(default_factory=dict)

    @property
    def money(self) -> tuple[Money, ...]:
        """What they come to, an amount for each currency."""
        return amounts(self.sums)

    def within(self, text: str) -> str:
        """A sentence with both, where it has ``{n}`` and ``{money}``."""
        return text.format(n=self.count, money=sums_text(self.sums))


@dataclass(frozen=True)
class RestSums(Documented):
    """Such cases at one stage, a part of whose money is under way."""

    KEYS = ("stage", "**cases")

    stage: str
    cases: CaseSums

    @property
    def money(self) -> tuple[Money, ...]:
        """What they come to, an amount for each currency."""
        return self.cases.money

    def within(self, text: str) -> str:
        """A sentence with all three, where it has ``{n}``, ``{money}`` and ``{stage}``."""
        return self.cases.within(text.replace("{stage}", self.stage))
