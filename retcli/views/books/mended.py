"""What was put right in books of an earlier retcli."""

from collections.abc import Mapping
from dataclasses import dataclass

from retcli.language import _, mark
from retcli.rules.money.minor_units import Money
from retcli.views.base import Screen, View, money_text
from retcli.views.documents import Documented

CLICK, PAYOUT, ROOM = "click", "payout", "over"
"""A click that counted as seen, a refund beside a click, money beyond an order that has room for it."""
_TOLD: Mapping[str, str] = {
    CLICK: mark("{case}: the click that was to pay {amount} was dropped, since {what} failed"),
    PAYOUT: mark("{case}: {what} failed, {amount} did not leave: no click pays it"),
    ROOM: mark("{case}: {amount} is not beyond order {what} any more, which has room for it"),
}


def why_it_failed() -> str:
    """The reason that is kept for a payout that is failed since no click pays it."""
    return _("the click on the platform does not pay it")


@dataclass(frozen=True)
class Mended(Documented):
    """One thing that was put right: which kind, of which case, the payout or the order that it is about, how much."""

    kind: str
    case: str
    what: str
    amount: Money


@dataclass(frozen=True)
class MendedView(View):
    """All that was put right."""

    mended: tuple[Mended, ...]

    def draw(self, screen: Screen) -> None:
        """Each in a line, and the command that sees that all is well."""
        for each in self.mended:
            text = _(_TOLD[each.kind])
            screen.line(text.format(case=each.case, what=each.what, amount=money_text(each.amount)))
        if not self.mended:
            screen.line(_("Nothing of an earlier retcli is to be mended"))
        screen.line(_("Next: {command}").format(command="retcli books check"))
