"""Views of loads of parcels that drivers hand over at once, and of what waits at the door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from retcli.language import _, aside, clauses, series
from retcli.rules.lifecycles import DeliveryState
from retcli.views.base import Column, Screen, View, pairs, when
from retcli.views.documents import Documented
from retcli.views.warehouse.stalled_parcels import StalledRow
from retcli.words import word

SHOWN = 5
"""Parcels that are missing, named one by one at most at the end of a delivery."""


@dataclass(frozen=True)
class Waiting(Documented):
    """How many parcels wait, and since when the first one does (UTC); None where none does, or nobody knows."""

    parcels: int = 0
    since: datetime | None = None

    def age(self, now: datetime) -> str:
        """How long the first one has waited: whole days, or hours on the first day; "" where nobody knows."""
        if self.since is None:
            return ""
        hours = max(0, int((now - self.since).total_seconds() // 3600))
        if hours < 24:
            return _("{n} h").format(n=hours)
        return _("{n} d").format(n=hours // 24)

    def within(self, text: str, now: datetime) -> str:
        """A text about them with their number and how long the first one has waited."""
        return text.format(n=self.parcels, age=self.age(now) or "?")


@dataclass(frozen=True)
class OfAnother(Documented):
    """A parcel of a load, by its number, that is another carrier's by its waybill or by what its buyer said."""

    KEYS = ("parcel", "carrier")

    parcel: str
    carrier: str


@dataclass(frozen=True)
class DeliveryView(Documented):
    """A load of parcels by its number: how many the driver `announced`, how many were `scanned` (a parcel in several
    boxes counts with each), how many went back with the driver (`turned_away`); of those scanned how many nobody
    announced (`strangers`) and how many are not opened yet; `parcels` by number; `missing` are parcels that the carrier
    says it handed over and nobody scanned, `others` those that count though they seem to be another carrier's;
    `settled_because` is why some are missing, "" where nobody said.
    """

    KEYS = (
        *("number", "carrier", "state", "announced", "scanned", "turned_away", "short", "surplus", "strangers"),
        *("unopened", "begun_at", "begun_by", "ended_at", "parcels", "missing", "others", "settled_because"),
    )

    number: str
    carrier: str
    state: str
    announced: int
    scanned: int
    turned_away: int
    strangers: int
    unopened: int
    begun_at: datetime
    begun_by: str
    ended_at: datetime | None
    parcels: tuple[str, ...]
    missing: tuple[StalledRow, ...]
    others: tuple[OfAnother, ...] = ()
    settled_because: str = ""

    @property
    def short(self) -> int:
        """How many fewer were there than the driver said."""
        return max(0, self.announced - self.scanned - self.turned_away)

    @property
    def surplus(self) -> int:
        """How many more were there than the driver said."""
        return max(0, self.scanned + self.turned_away - self.announced)

    @property
    def name(self) -> str:
        """Its number, with the carrier."""
        return aside(self.number, self.carrier)

    @property
    def difference(self) -> str:
        """How the count differs from the driver's number; "" where it does not."""
        if self.short:
            return _("{n} short").format(n=self.short)
        return _("{n} too many").format(n=self.surplus) if self.surplus else ""

    @property
    def ways(self) -> tuple[str, ...]:
        """How a delivery that was ended goes on, and where it is short, how that is settled."""
        on = _("more of it comes: retcli scan --delivery {delivery}")
        why = _("they do not come: retcli parcel settle {delivery} --because ‹why›")
        ended = self.state in {DeliveryState.COUNTED, DeliveryState.SHORT, DeliveryState.SETTLED}
        told = [*([on] if ended else []), *([why] if self.state == DeliveryState.SHORT else [])]
        return tuple(text.format(delivery=self.number) for text in told)

    def sums(self) -> str:
        """The driver's number beside what was scanned, with the difference."""
        text = _("the driver says {announced}, {scanned} scanned")
        parts = [text.format(announced=self.announced, scanned=self.scanned)]
        if self.turned_away:
            parts.append(_("{n} given back to the driver").format(n=self.turned_away))
        return clauses([*parts, self.difference or _("it fits")])

    def told(self, at_most: int) -> tuple[str, ...]:
        """A line for each missing parcel that the carrier says it handed over, of so many at most; then one about those
        that seem to be another carrier's.
        """
        more = _("and {n} more: retcli parcel deliveries {delivery}")
        rest = len(self.missing) - at_most
        lines = [_missing(row) for row in self.missing[:at_most]]
        others = [self._of_others()] if self.others else []
        return (*lines, *([more.format(n=rest, delivery=self.number)] if rest > 0 else []), *others)

    def _of_others(self) -> str:
        """Which parcels seem to be another carrier's, of which some may stand for missing ones."""
        text = _("{n} of them seem to be another carrier's, so as many may be missing: {parcels}")
        return text.format(n=len(self.others), parcels=series(aside(o.parcel, o.carrier) for o in self.others))


def _missing(row: StalledRow) -> str:
    text = _("handed over by the carrier's word {at}, not scanned: {waybill}")
    return aside(text.format(at=when(row.last_at), waybill=row.waybill), row.case)


@dataclass(frozen=True)
class DeliveriesView(View):
    """Deliveries as a table, or one (`one`) with its parcels and what is missing."""

    KEYS = ("deliveries",)

    deliveries: tuple[DeliveryView, ...]
    one: bool = False

    def draw(self, screen: Screen) -> None:
        """Shows a row for each delivery, or all of one."""
        if not self.deliveries:
            screen.line(_("No delivery was counted in the last days: retcli scan --delivery 60"))
        elif self.one:
            _draw_one(screen, self.deliveries[0])
        else:
            columns = [Column(_("Delivery"), "id"), Column(_("Carrier"), spare=True), Column(_("Begun"), "time")]
            columns += [Column(_("Driver"), "count"), Column(_("Scanned"), "count"), Column(_("Differs"))]
            columns += [Column(_("Not opened"), "count", spare=True), Column(_("State")), Column(_("Who"), spare=True)]
            screen.table(columns, [_row(each) for each in self.deliveries])


def _row(each: DeliveryView) -> Sequence[str]:
    """The cells of a delivery in the table."""
    sums = (str(each.announced), str(each.scanned), each.difference or "-", str(each.unopened))
    return each.number, each.carrier, when(each.begun_at), *sums, word(each.state, "delivery"), each.begun_by


def _draw_one(screen: Screen, each: DeliveryView) -> None:
    """Shows one delivery a fact a line."""
    screen.line(_("Delivery {name}  {state}").format(name=each.name, state=word(each.state, "delivery")))
    facts = [(_("Count"), each.sums()), (_("Begun"), aside(when(each.begun_at), each.begun_by))]
    if each.ended_at is not None:
        facts.append((_("Ended"), when(each.ended_at)))
    if each.settled_because:
        facts.append((_("Because"), each.settled_because))
    facts += [(_("Without a case"), str(each.strangers)), (_("Not opened"), str(each.unopened))]
    facts.append((_("Parcels"), series(each.parcels) or "-"))
    pairs(screen, facts)
    for line in each.told(len(each.missing)):
        screen.line(line, "yellow")
    for line in each.ways:
        screen.line(line)


@dataclass(frozen=True)
class DeliveryBegun:
    """A driver's load is counted from now on, goes on (`again`), or has another number; `of` is the colleague who began
    it, "" for whoever scans.
    """

    number: str
    carrier: str
    scanned: int
    announced: int
    again: bool = False
    of: str = ""

    def sentence(self) -> str:
        """Which, and how it ends."""
        text = _("delivery {name}: {n} of {all} scanned; each waybill counts, RCMDEND lists what differs")
        if self.again:
            text = _("delivery {name} goes on: {n} of {all} scanned; RCMDEND lists what differs")
        if self.of:
            text = _("you count into {who}'s delivery {name}: {n} of {all} scanned; RCMDEND leaves it")
        name = aside(self.number, self.carrier)
        return text.format(name=name, n=self.scanned, all=self.announced, who=self.of)


@dataclass(frozen=True)
class DeliveryOffered:
    """A delivery that was begun at an instant (UTC) and not ended: by whoever scans now, or by a colleague (`of`)."""

    number: str
    carrier: str
    at: datetime
    scanned: int
    announced: int
    of: str = ""

    def sentence(self) -> str:
        """Which, and how to go on with it, also later."""
        text = _("{delivery}. RCMDYES goes on with it; later: RCMDDELIVERY")
        return text.format(delivery=self.named())

    def named(self) -> str:
        """Which delivery it is, with how far it has come."""
        text = _("Not ended: delivery {name} of {at}, {n} of {all} scanned")
        if self.of:
            text = _("{who} counts delivery {name} since {at}, {n} of {all} scanned")
        name = aside(self.number, self.carrier)
        return text.format(name=name, at=when(self.at), n=self.scanned, all=self.announced, who=self.of)


@dataclass(frozen=True)
class HowManyParcels:
    """How many parcels a driver hands over is asked, while another delivery is `open_one`."""

    open_one: DeliveryOffered

    def sentence(self) -> str:
        """The open delivery with the way to go on with it, then the question."""
        text = _("{delivery}. RCMDYES goes on with it. For another one: how many parcels, such as 60 or 60 圆通?")
        return text.format(delivery=self.open_one.named())


@dataclass(frozen=True)
class DeliveryLeft:
    """Whoever counted into a colleague's delivery counts there no more; it stays open."""

    delivery: DeliveryView

    def sentence(self) -> str:
        """How far it has come, who ends it, and how to go on."""
        text = _("you have left delivery {name}: {n} of {all} scanned, {who} ends it; again: RCMDDELIVERY")
        words = {"n": self.delivery.scanned, "all": self.delivery.announced, "who": self.delivery.begun_by}
        return text.format(name=self.delivery.name, **words)


@dataclass(frozen=True)
class DeliveryWasEnded:
    """The delivery that is counted at a bench was ended elsewhere, or called off, by somebody (`by`)."""

    delivery: DeliveryView
    by: str

    def sentence(self) -> str:
        """Who ended it, when, with what, and that it can go on."""
        if self.delivery.state == DeliveryState.CALLED_OFF:
            text = _("{who} has called delivery {name} off; nothing is booked. RCMDEND leaves it")
            return text.format(who=self.by, name=self.delivery.name)
        text = _(
            "{who} has ended delivery {name} at {at}, {sums}; nothing is booked. Does this one belong to it as well?"
        )
        at = when(self.delivery.ended_at)
        return text.format(who=self.by, name=self.delivery.name, at=at, sums=self.delivery.sums())


@dataclass(frozen=True)
class CountsElsewhere:
    """A parcel that counts in another delivery (its number) already."""

    delivery: str

    def sentence(self) -> str:
        """Where it counts."""
        return _("counts in delivery {delivery} already, not once more").format(delivery=self.delivery)


@dataclass(frozen=True)
class CountedIn:
    """A parcel that was received before the delivery that is counted now, at an instant (UTC) by somebody; `alien` is
    its carrier where that is another one; whether it counts now (`done`), or somebody is asked.
    """

    at: datetime | None
    by: str
    alien: str = ""
    done: bool = False

    def sentence(self) -> str:
        """When it came, and that it counts now; or whether it does."""
        text = _("received {at} by {who}, not with this delivery; is it of it?")
        if self.done:
            text = _("received {at} by {who}, counted into this delivery now")
        elif self.alien:
            text = _("received {at} by {who}, by its number of {carrier}; is it of this delivery?")
        return text.format(at=when(self.at), who=self.by, carrier=self.alien)


@dataclass(frozen=True)
class DeliveryEnded:
    """All parcels of a driver's load were scanned."""

    delivery: DeliveryView

    @property
    def fits(self) -> bool:
        """Whether as many were scanned as the driver said, all of the driver's own carrier as far as that is known."""
        return not self.delivery.difference and not self.delivery.others

    def sentence(self) -> str:
        """Both numbers, a line for each parcel that is missing by the carrier's word, one of other carriers', how it
        goes on.
        """
        text = _("delivery {name}: {sums}").format(name=self.delivery.name, sums=self.delivery.sums())
        return "\n".join([text, *self.delivery.told(SHOWN), *self.delivery.ways])
