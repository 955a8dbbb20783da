"""Approved money that made way, in an import, for what the platforms had paid themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from retcli.language import _
from retcli.rules.money.minor_units import Money
from retcli.views.documents import Documented, amounts
from retcli.views.sums import sums_text


@dataclass(frozen=True)
class GaveWay(Documented):
    """How many cases made way in an import, and with how much: minor units by currency."""

    KEYS = ("cases", "money", "command")

    cases: int = 0
    sums: Mapping[str, int] = field(default_factory=dict)
    import_number: int = 0

    @property
    def command(self) -> str:
        """The command that lists the cases; "" where there are none."""
        return f"retcli case list --gave-way {self.import_number}" if self.cases else ""

    @property
    def money(self) -> tuple[Money, ...]:
        """How much made way, an amount for each currency."""
        return amounts(self.sums)

    def line(self) -> str:
        """How many cases made way, and with how much, as one sentence; "" where none did."""
        if not self.cases:
            return ""
        text = _("{n} cases made way for what the platform paid itself: {sums} of theirs do not leave; see {command}")
        return text.format(n=self.cases, sums=sums_text(self.sums), command=self.command)
