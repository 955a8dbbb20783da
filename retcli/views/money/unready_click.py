"""Why a click that pays is not to be made yet, in words."""

from dataclasses import dataclass

from retcli.language import _
from retcli.rules.money.minor_units import Money
from retcli.views.base import money_text
from retcli.views.documents import Documented


@dataclass(frozen=True)
class UnreadyClick(Documented):
    """A click that pays and is not to be made yet: what the buyer applied for on the platform, what was agreed to here,
    what of that waits for a second person, and what for goods on their way; `next` is the command to type before it.
    """

    asked: Money
    agreed: Money
    waiting: Money
    for_goods: Money
    next: str

    def sentence(self) -> str:
        """Why the click is not to be made yet, and who can change that."""
        asked, agreed = money_text(self.asked), money_text(self.agreed)
        if self.asked != self.agreed:
            text = _("{asked} asked for, {agreed} agreed to: have the buyer change the application to {agreed}")
            return text.format(asked=asked, agreed=agreed)
        if self.for_goods.minor:
            text = _("{asked} asked for: {rest} of it waits for goods on their way, then all of it is clicked at once")
            return text.format(asked=asked, rest=money_text(self.for_goods))
        text = _("{asked} asked for: {waiting} of it waits for a second person")
        return text.format(asked=asked, waiting=money_text(self.waiting))
