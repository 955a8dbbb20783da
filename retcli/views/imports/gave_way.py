"""What of approved money made way for payments of the platforms in an import."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from retcli.language import _
from retcli.rules.money.minor_units import Money
from retcli.views.cases.queue import sums_text
from retcli.views.documents import Documented, amounts


@dataclass(frozen=True)
class GaveWay(Documented):
    """How many cases made way in an import, by its number, and with how much by currency, in minor units."""

    KEYS = ("cases", "money", "command")

    cases: int = 0
    sums: Mapping[str, int] = field(default_factory=dict)
    import_number: int = 0

    @property
    def command(self) -> str:
        """The command that lists them; empty where no case did."""
        return f"retcli case list --gave-way {self.import_number}" if self.cases else ""

    @property
    def money(self) -> tuple[Money, ...]:
        """With how much, an amount a currency."""
        return amounts(self.sums)

    def line(self) -> str:
        """How many cases made way, with how much, as one sentence; empty where none did."""
        if not self.cases:
            return ""
        text = _("{n} cases made way for what the platform paid itself: {sums} of theirs do not leave; see {command}")
        return text.format(n=self.cases, sums=sums_text(self.sums), command=self.command)
