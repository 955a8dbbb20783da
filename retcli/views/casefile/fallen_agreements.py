"""What was agreed to here and fell, since the buyer applied anew before the platform paid it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from retcli.language import _
from retcli.rules.money.minor_units import Money
from retcli.views.base import money_text
from retcli.views.casefile.decided import AgreedBefore
from retcli.views.documents import Documented, amounts
from retcli.views.sums import sums, sums_text


@dataclass(frozen=True)
class FallenAgreement:
    """An undecided `case` (its number) on which something had been agreed to `before` its last application."""

    case: str
    before: AgreedBefore

    def sentence(self) -> str:
        """What fell, and the command that agrees anew."""
        text = _("{before}: that no longer counts; agree anew: retcli case approve {case}")
        return text.format(before=self.before.sentence(), case=self.case)

    def line(self, due: Money) -> str:
        """The same below a list, with what is `due` now."""
        text = _("{case}: {before}; {due} is due now: retcli case approve {case}")
        return text.format(case=self.case, before=self.before.sentence(), due=money_text(due))


@dataclass(frozen=True)
class FallenAgreements(Documented):
    """How many cases are undecided again, how many of them had been clicked, and what had been agreed to on them."""

    KEYS = ("cases", "clicked", "money", "command")

    each: Sequence[FallenAgreement] = field(default_factory=tuple)

    @property
    def cases(self) -> int:
        """How many cases."""
        return len(self.each)

    @property
    def clicked(self) -> int:
        """How many of them had been clicked on the platform."""
        return sum(fallen.before.clicked for fallen in self.each)

    @property
    def money(self) -> tuple[Money, ...]:
        """What had been agreed to, an amount for each currency."""
        return amounts(self._sums)

    @property
    def command(self) -> str:
        """The command that lists the cases; "" where there are none."""
        return "retcli case list --applied-anew" if self.each else ""

    @property
    def _sums(self) -> dict[str, int]:
        return sums(fallen.before.money for fallen in self.each)

    def sentence(self) -> str:
        """How many, what no longer counts, and what lists them; "" where there are none."""
        if not self.each:
            return ""
        text = _(
            "{n} cases are undecided again, since the buyer applied anew: {sums} agreed to no longer counts: {list}"
        )
        if self.clicked:
            text = _(
                "{n} cases are undecided again, since the buyer applied anew: {sums} agreed to no longer counts, "
                "{clicked} were clicked: {list}"
            )
        return text.format(n=self.cases, sums=sums_text(self._sums), clicked=self.clicked, list=self.command)
