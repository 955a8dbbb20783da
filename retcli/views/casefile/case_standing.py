"""The parts of a case's view that tell where it stands: on its axes, on its platform, with its goods, at the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from retcli.language import _
from retcli.views.base import until, when
from retcli.views.casefile.sent_back import ParcelSentBack
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class Standing(Documented):
    """Where a case stands on each axis, as codes; `stage` is the one word shown to people for all of them."""

    KEYS = ("goods", "money", "replacement", "platform_action")

    goods: str
    money: str
    replacement: str
    platform_action: str
    stage: str


@dataclass(frozen=True)
class OnPlatform(Documented):
    """What the platform's lists tell of a case: its status in the platform's own words and its number there, both empty
    where no list told of it; `there` are further facts by name, only those that a list told. `open_until` is the
    deadline of what the platform waits for, None where it waits for nothing or nobody knows; `as_there` is whether the
    case asks for just what the buyer applies for there.
    """

    KEYS = ("platform_status", "platform_number", "there")

    platform_status: str
    platform_number: str
    there: Mapping[str, str]
    open_until: datetime | None
    as_there: bool

    @property
    def still_open(self) -> str:
        """What to tell a buyer who withdrew here while the request is still open on the platform."""
        if self.open_until is None:
            return _("Open on the platform still: have the buyer withdraw it there")
        text = _("Open on the platform still: have the buyer withdraw it there by {at}")
        return text.format(at=until(self.open_until))


@dataclass(frozen=True)
class SentForCase(Documented):
    """Goods that leave on a case (an exchange, a resend): article, pieces, where they stand, their waybill once they
    left, and the number of the box in which they went ("" for none yet).
    """

    sku: str
    quantity: int
    state: str
    carrier: str
    waybill: str
    at: datetime | None
    shipment: str = ""

    def sentence(self) -> str:
        """One line."""
        at = when(self.at) if self.at else ""
        goods = f"{self.sku} ×{self.quantity}" if self.sku else _("goods not named yet")
        return " ".join(
            filter(None, (goods, word(self.state, "replacement"), at, self.carrier, self.waybill, self.shipment))
        )


@dataclass(frozen=True)
class GoodsMoving(Documented):
    """Goods under way for a case: the buyer's parcels by their waybills, what leaves for them, what of that came back
    undelivered; `return_address` is where the buyer sends theirs, empty unless they are awaited.
    """

    KEYS = ("parcels", "sent_for", "sent_back")

    parcels: tuple[str, ...]
    sent_for: tuple[SentForCase, ...]
    sent_back: tuple[ParcelSentBack, ...]
    return_address: str


@dataclass(frozen=True)
class AtTheDesk(Documented):
    """What the desk keeps beside a case: all notes as one text, the colour of its flag ("" for none), how often the
    buyer was spoken to, days more that the buyer was given; `first_note` is the note that it was opened with.
    """

    KEYS = ("note", "flag", "contacts", "extended_days")

    note: str
    first_note: str
    flag: str
    contacts: int
    extended_days: int
