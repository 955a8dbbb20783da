"""Money that left for goods that never came, as the day's list counts it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from retcli.language import _
from retcli.rules.money.minor_units import Money
from retcli.views.cases.queue import sums_text
from retcli.views.documents import Documented, amounts


@dataclass(frozen=True)
class PaidWithoutGoods(Documented):
    """How many cases there are, and what left on them in each currency, in minor units."""

    KEYS = ("count", "money")

    count: int = 0
    sums: Mapping[str, int] = field(default_factory=dict)

    @property
    def money(self) -> tuple[Money, ...]:
        """What left, an amount a currency."""
        return amounts(self.sums)

    def sentence(self) -> str:
        """How many, how much, and where they are listed."""
        text = _("{n} cases were paid and no goods came back, {money}: retcli case list --without-goods")
        return text.format(n=self.count, money=sums_text(self.sums))
