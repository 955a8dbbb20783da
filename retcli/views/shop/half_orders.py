"""Orders of which only one of their two reports has come, or whose reports differ."""

from dataclasses import dataclass
from enum import StrEnum

from retcli.language import _, mark
from retcli.views.documents import Documented
from retcli.words import platform_word


class Half(StrEnum):
    """What an order waits for: its item report, its order report, reports that agree, or nothing, since it was closed
    before it was paid.
    """

    ITEMS = "items"
    ORDERS = "orders"
    MISFIT = "misfit"
    UNPAID = "unpaid"


WAITS = {
    Half.ITEMS: mark(
        "Order {number} ({platform}) waits for its item report: export it for the same period and import it"
    ),
    Half.ORDERS: mark(
        "Order {number} ({platform}) waits for its order report: export it for the same period and import it"
    ),
    Half.MISFIT: mark(
        "Order {number} ({platform}): order report and item report do not fit; export both anew and import them"
    ),
    Half.UNPAID: mark("Order {number} ({platform}) was closed before it was paid: there is nothing to do for it"),
}


@dataclass(frozen=True)
class HalfOrder(Documented):
    """An order that is only half in the books, and what it waits for."""

    number: str
    platform: str
    waits_for: Half

    def sentence(self) -> str:
        """What the order waits for, and what to do."""
        return _(WAITS[self.waits_for]).format(number=self.number, platform=platform_word(self.platform))
