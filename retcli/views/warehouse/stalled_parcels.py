"""The view of parcels that have stalled on their way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from retcli.language import _
from retcli.views import masking
from retcli.views.base import Column, Screen, View, when
from retcli.views.documents import Documented
from retcli.words import word

SHOWN = 30


@dataclass(frozen=True)
class StalledRow(Documented):
    """A parcel that has stalled: its waybill, order and case, what is wrong, the last event (UTC), and the hours since
    then or since it was handed over.
    """

    KEYS = ("waybill", "carrier", "order", "case", "wrong", "last_at", "hours")

    full_waybill: str
    carrier: str
    order: str
    case: str
    wrong: str
    last_at: datetime | None
    hours: int

    @property
    def waybill(self) -> str:
        """The waybill as it may be shown: some people write a phone number in its place."""
        return masking.waybill(self.full_waybill)


@dataclass(frozen=True)
class StalledView(View):
    """Parcels that have stalled, the longest ones first."""

    parcels: tuple[StalledRow, ...]

    def draw(self, screen: Screen) -> None:
        """Shows a row for each parcel."""
        if not self.parcels:
            screen.line(_("No parcel stalls, as far as movements were imported"))
            return
        columns = [Column(_("Waybill"), "id"), Column(_("Order"), "id", spare=True), Column(_("Case"), "id")]
        columns += [Column(_("What is wrong")), Column(_("Last event"), "time"), Column(_("Hours"), "count")]
        screen.table(columns, [_cells(row) for row in self.parcels[:SHOWN]])
        if len(self.parcels) > SHOWN:
            screen.line(_("and {n} more").format(n=len(self.parcels) - SHOWN))


def _cells(row: StalledRow) -> Sequence[str]:
    """The cells of a parcel in the table."""
    return row.waybill, row.order, row.case or "-", word(row.wrong), when(row.last_at), str(row.hours)
