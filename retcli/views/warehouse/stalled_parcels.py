"""Stalled parcels as people and scripts see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retcli.language import _
from retcli.views import masking
from retcli.views.base import Column, Screen, View, when
from retcli.views.documents import instant
from retcli.words import word

SHOWN = 30


@dataclass(frozen=True)
class StalledRow:
    """A parcel that stalls: its waybill, the order and the case it belongs to, what is wrong, the last event, and the
    hours since (or since it was handed over). The waybill is whole; it is masked where it is shown.
    """

    waybill: str
    carrier: str
    order: str
    case: str
    wrong: str
    last_at: datetime | None
    hours: int

    def document(self) -> dict[str, Any]:
        """`parcels[]`."""
        return {**vars(self), "waybill": masking.waybill(self.waybill), "last_at": instant(self.last_at)}


@dataclass(frozen=True)
class StalledView(View):
    """Parcels that stall, the longest first."""

    rows: tuple[StalledRow, ...]

    def document(self) -> dict[str, Any]:
        """`parcels[]`."""
        return {"parcels": [row.document() for row in self.rows]}

    def draw(self, screen: Screen) -> None:
        """One parcel a row."""
        if not self.rows:
            screen.line(_("No parcel stalls, as far as movements were imported"))
            return
        columns = [Column(_("Waybill"), "id"), Column(_("Order"), "id"), Column(_("Case"), "id")]
        columns += [Column(_("What is wrong")), Column(_("Last event"), "time"), Column(_("Hours"), "count")]
        screen.table(columns, [_cells(row) for row in self.rows[:SHOWN]])
        if len(self.rows) > SHOWN:
            screen.line(_("and {n} more").format(n=len(self.rows) - SHOWN))


def _cells(row: StalledRow) -> Sequence[str]:
    return masking.waybill(row.waybill), row.order, row.case or "-", word(row.wrong), when(row.last_at), str(row.hours)
