"""The view of what was put right in books of an earlier version of retcli."""

from collections.abc import Mapping
from dataclasses import dataclass

from retcli.language import _, mark
from retcli.rules.money.minor_units import Money
from retcli.views.base import Screen, View, draw_next, money_text
from retcli.views.documents import Documented

CLICK, PAYOUT, ROOM = "click", "payout", "over"
"""Kinds of what is mended: a click that counted as seen, a refund due beside a click that does not pay it, money that
stood as paid beyond an order with room for it.
"""
_TOLD: Mapping[str, str] = {
    CLICK: mark("{case}: the click that was to pay {amount} was dropped, since {what} failed"),
    PAYOUT: mark("{case}: {what} failed, {amount} did not leave: no click pays it"),
    ROOM: mark("{case}: {amount} is not beyond order {what} any more, which has room for it"),
}


def why_it_failed() -> str:
    """The reason that is kept with a payout that is failed because no click pays it."""
    return _("the click on the platform does not pay it")


@dataclass(frozen=True)
class Mended(Documented):
    """One thing that was put right: its kind, its case, the payout or order that it is about (`what`), the amount."""

    kind: str
    case: str
    what: str
    amount: Money


@dataclass(frozen=True)
class MendedView(View):
    """Everything that was put right."""

    mended: tuple[Mended, ...]

    def draw(self, screen: Screen) -> None:
        """Shows each in a line, then the command that checks the books."""
        for each in self.mended:
            text = _(_TOLD[each.kind])
            screen.line(text.format(case=each.case, what=each.what, amount=money_text(each.amount)))
        if not self.mended:
            screen.line(_("Nothing of an earlier retcli is to be mended"))
        draw_next(screen, "retcli books check")
