"""What the warehouse knows of a parcel that may serve as evidence: what it weighed, and where it is on a film."""

from collections.abc import Iterator
from dataclasses import dataclass

from retcli.language import _, aside
from retcli.views.documents import Documented
from retcli.views.warehouse.films import Clip, second
from retcli.views.warehouse.weights import ParcelWeight


@dataclass(frozen=True)
class ParcelEvidence(Documented):
    """What is known of a parcel of a case, by its number: its weight beside what it should weigh, its clips."""

    KEYS = ("parcel", "weight", "clips")

    parcel: str
    weight: ParcelWeight
    clips: tuple[Clip, ...] = ()

    def lines(self) -> Iterator[str]:
        """A line for its weight, and one for each clip."""
        if weight := self.weight.sentence():
            yield _("Parcel {parcel}: {what}").format(parcel=self.parcel, what=weight)
        for clip in self.clips:
            filmed = _("filmed {began} to {ended}").format(began=second(clip.from_), ended=second(clip.to))
            yield _("Parcel {parcel}: {what}").format(parcel=self.parcel, what=aside(filmed, clip.by))
