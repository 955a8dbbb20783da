"""The view of what each rung of the ladder of offers came to over a period."""

from dataclasses import dataclass
from datetime import date

from retcli.language import _, headed, mark
from retcli.rules.money.minor_units import Money
from retcli.views.base import Column, Screen, View, money_text
from retcli.views.documents import Documented
from retcli.words import word

DEFINITIONS = {
    "cost": mark("what the accepted offers cost the shop"),
    "saved": mark("what their cases would have cost as they stood, less that"),
}


@dataclass(frozen=True)
class RungRow(Documented):
    """One rung: offers made, accepted and declined (the others wait or lapsed), and what they cost and saved."""

    rung: str
    made: int
    accepted: int
    declined: int
    cost: Money
    saved: Money


@dataclass(frozen=True)
class LadderView(View):
    """Each rung, over the offers of a period."""

    KEYS = ("since", "until", "rows", "definitions")

    since: date
    until: date
    rows: tuple[RungRow, ...]

    @property
    def definitions(self) -> dict[str, str]:
        """What each amount means, in the reader's language."""
        return {name: _(text) for name, text in DEFINITIONS.items()}

    def draw(self, screen: Screen) -> None:
        """Shows a row for each rung, then what the amounts mean."""
        if not self.rows:
            screen.line(_("Nothing was offered: retcli case advise CASE says what to offer"))
            return
        counts = [Column(name, "count") for name in (_("Offers"), _("Accepted"), _("Declined"))]
        columns = [Column(_("Rung")), *counts, Column(_("Cost"), "money"), Column(_("Saved"), "money")]
        rows = [
            (
                word(each.rung),
                *map(str, (each.made, each.accepted, each.declined)),
                money_text(each.cost),
                money_text(each.saved),
            )
            for each in self.rows
        ]
        screen.table(columns, rows)
        for name, heading in (("cost", _("Cost")), ("saved", _("Saved"))):
            screen.line("  " + headed(heading, _(DEFINITIONS[name])))
