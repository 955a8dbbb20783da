"""What the month says of a refund for which the platform answered at once (极速退款, 零秒响应)."""

from dataclasses import dataclass
from datetime import datetime

from retcli.language import _
from retcli.views.base import when


@dataclass(frozen=True)
class PaidAtOnce:
    """When the platform paid it, whether its goods were to come back (`returns`), and when the first parcel of them
    came; None where none has.
    """

    paid_at: datetime
    returns: bool
    came_at: datetime | None

    def sentence(self) -> str:
        """Who paid and when, and whether the goods came back."""
        text = _("answered at once by the platform, which paid on {paid}; no goods come back")
        if self.returns and self.came_at is None:
            text = _(
                "answered at once by the platform, which paid on {paid} without the goods; they have not come so far"
            )
        elif self.returns and self.came_at and self.came_at < self.paid_at:
            text = _("answered at once by the platform, which paid on {paid}; the goods had come back on {came}")
        elif self.returns:
            text = _("answered at once by the platform, which paid on {paid}; the goods came back later, on {came}")
        return text.format(paid=when(self.paid_at), came=when(self.came_at) if self.came_at else "")
