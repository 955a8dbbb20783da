"""The view of all that is known of one parcel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retcli.language import _, aside, clauses, series
from retcli.views import masking
from retcli.views.base import Screen, View, draw_next, pairs, when
from retcli.views.casefile.case_history import HistoryLine
from retcli.views.documents import Documented, as_json
from retcli.views.warehouse.parcels import ParcelView, stranger_name
from retcli.views.warehouse.weights import ParcelWeight
from retcli.words import word


@dataclass(frozen=True)
class Label(Documented):
    """What somebody read on a parcel's label; the sender only as it may be shown."""

    KEYS = ("sender", "phone_tail", "old_waybill", "city", "by", "at", "note")

    full_sender: str
    phone_tail: str
    full_old_waybill: str
    city: str
    by: str
    at: datetime
    note: str = ""

    @property
    def sender(self) -> str:
        """The sender, hidden but for the first character."""
        return masking.name(self.full_sender) if self.full_sender else ""

    @property
    def old_waybill(self) -> str:
        """The number of the earlier label, as it may be shown."""
        return masking.waybill(self.full_old_waybill)

    def sentence(self) -> str:
        """What the label says, without what it does not."""
        tail = _("telephone …{tail}").format(tail=self.phone_tail) if self.phone_tail else ""
        old = _("earlier label {waybill}").format(waybill=self.old_waybill) if self.old_waybill else ""
        read = series(filter(None, (self.sender, self.city, tail, old)))
        return clauses(filter(None, (read, self.note))) or "-"


@dataclass(frozen=True)
class ParcelCard(View):
    """A parcel with its label and what was read there `earlier`, its weight beside what it should weigh, what was
    `found` in it, under which carrier and waybill it was `returned`, why it left (`because`) and what it `held` then,
    and its history.
    """

    ENVELOPE = "parcel"

    parcel: ParcelView
    label: Label | None
    earlier: tuple[Label, ...]
    weight: ParcelWeight
    found: tuple[Mapping[str, Any], ...]
    returned: tuple[str, str]
    because: str
    held: tuple[Mapping[str, Any], ...]
    history: tuple[HistoryLine, ...]

    def document(self) -> dict[str, Any]:
        """The document of the parcel, with what a list of parcels does not tell."""
        card = self.parcel.document()["parcel"] | {
            "weight": self.weight.weighed,
            "found": self.found,
            "held": self.held,
        }
        card |= {"returned_carrier": self.returned[0], "returned_waybill": self.returned[1]}
        card |= {"label": self.label, "earlier": self.earlier, "because": self.because}
        card |= {"expected_weight": self.weight.expected, "too_light": self.weight.light}
        return {"parcel": as_json(card | {"history": self.history})}

    def draw(self, screen: Screen) -> None:
        """Shows the parcel a fact a line, then its history."""
        screen.line(self.parcel.headline)
        pairs(screen, [(name, text) for name, text in self._facts() if text])
        screen.line(_("History"))
        for line in self.history:
            screen.line(f"  {line.sentence()}")
        draw_next(screen, self.parcel.next)

    def _facts(self) -> list[tuple[str, str]]:
        """The facts about the parcel by their names, "" for those that nobody knows."""
        parcel = self.parcel
        received = aside(when(parcel.received_at), parcel.received_by) if parcel.received_at else ""
        return [
            (_("Number"), stranger_name(parcel.stranger)),
            (_("Received"), received),
            (_("Label"), self.label.sentence() if self.label else ""),
            (_("Read before"), clauses(aside(each.sentence(), each.by) for each in self.earlier)),
            (_("Shelf"), parcel.shelf or ""),
            (_("Weight"), self.weight.sentence()),
            (_("Counted"), series(f"{c['sku']}×{c['counted']}" for c in parcel.contents)),
            (_("Serials"), series(f"{c['sku']} {serial}" for c in parcel.contents for serial in c["serials"])),
            (_("Graded"), series(self._graded(each) for each in self.found)),
            (_("Sent back under"), " ".join(filter(None, (self.returned[0], masking.waybill(self.returned[1]))))),
            (_("Held then"), series(f"{each['sku']}×{each['pieces']} {each['grade']}".strip() for each in self.held)),
            (_("Because"), self.because),
        ]

    def _graded(self, found: Mapping[str, Any]) -> str:
        """Pieces with their grade, and where they lie."""
        place = "unclaimed" if self.parcel.apart else found["to"]
        lacks = _("without {missing}").format(missing=found["missing"]) if found.get("missing") else ""
        graded = f"{found['sku']}×{found['pieces']} {found['grade']}"
        return aside(graded, series(filter(None, [word(place), lacks])))
