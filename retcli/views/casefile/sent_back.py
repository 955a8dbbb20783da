"""Goods sent again for a case that came back undelivered, as its card shows them."""

from collections.abc import Mapping
from dataclasses import dataclass

from retcli.language import _, aside, series


@dataclass(frozen=True)
class ParcelSentBack:
    """A parcel of goods sent again that came back: its waybill as it is shown, whether it was inspected, and by product
    the pieces that were sent and those of them that inspection accepted.
    """

    waybill: str
    inspected: bool
    sent: Mapping[str, int]
    accepted: Mapping[str, int]

    def sentence(self) -> str:
        """The parcel in words, with what was found of what was sent in it."""
        pieces = series(f"{sku} {self.accepted.get(sku, 0)}/{n}" for sku, n in self.sent.items())
        found = _("found {pieces}").format(pieces=pieces)
        return aside(self.waybill, found if self.inspected else _("not inspected, {found}").format(found=found))
