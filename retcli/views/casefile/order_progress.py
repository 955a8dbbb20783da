"""How far the order of a case had come, as the case shows it: paid, sent, signed for."""

from dataclasses import dataclass
from datetime import datetime

from retcli.language import _, aside, series
from retcli.rules.money.minor_units import Money
from retcli.views.base import when


@dataclass(frozen=True)
class OrderProgress:
    """When an order was paid, sent and signed for (UTC). `sent` and `arrived` may be true while their times are not
    known; `confirmed`: the signature is the buyer's confirmation of receipt.
    """

    paid_at: datetime | None
    paid: Money
    freight: Money
    sent: bool
    sent_at: datetime | None
    carrier: str
    waybills: tuple[str, ...]
    arrived: bool
    signed_at: datetime | None
    confirmed: bool

    def sentences(self) -> dict[str, str]:
        """Texts under `paid`, `sent` and `signed`; "" where nothing is known."""
        text = _("{at}, {paid} with freight {freight}")
        return {
            "paid": text.format(at=when(self.paid_at), paid=self.paid, freight=self.freight),
            "sent": self._sent(),
            "signed": self._signed(),
        }

    def _sent(self) -> str:
        """When it was sent, by which carrier, under which waybills."""
        at = when(self.sent_at) if self.sent_at else _("time unknown") if self.sent else ""
        return f"{at} {self.carrier} {series(self.waybills)}".replace("  ", " ").strip()

    def _signed(self) -> str:
        """When it was signed for, and whether that is the buyer's confirmation."""
        if self.signed_at is None:
            return _("time unknown") if self.arrived else ""
        return aside(when(self.signed_at), _("by the buyer's confirmation") if self.confirmed else "")
