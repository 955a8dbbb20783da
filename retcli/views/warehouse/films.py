"""Where a parcel is on a camera's film: the second of each code, and from when to when each parcel lay on the bench."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from retcli.language import _, series
from retcli.rules.zone import SHANGHAI
from retcli.views import masking
from retcli.views.base import Column, Screen, View, draw_next
from retcli.views.documents import Documented


def second(at: datetime) -> str:
    """An instant to the second in Shanghai's time, as a camera stamps it."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True)
class Frame(Documented):
    """When (UTC) a code was read, with the parcel on the bench then ("" for none), by whom, in which round."""

    at: datetime
    parcel: str
    by: str
    session: str

    def sentence(self) -> str:
        """The second, parcel, person and round in one line."""
        return "  ".join(filter(None, ("●", second(self.at), self.parcel, self.by, self.session)))


@dataclass(frozen=True)
class Clip(Documented):
    """A parcel that lay on a filmed bench from one instant to another (UTC), by whom, in which round."""

    KEYS = ("parcel", "waybill", "from_", "to", "seconds", "by", "session", "cases")

    parcel: str
    full_waybill: str
    from_: datetime
    to: datetime
    by: str
    session: str
    cases: tuple[str, ...]

    @property
    def waybill(self) -> str:
        """The waybill as it may be shown."""
        return masking.waybill(self.full_waybill)

    @property
    def seconds(self) -> int:
        """How long it lay there, in whole seconds."""
        return int((self.to - self.from_).total_seconds())

    def cells(self) -> tuple[str, ...]:
        """The cells of a row, also of the file by which a film is cut."""
        times = (second(self.from_), second(self.to), str(self.seconds))
        return self.parcel, self.waybill, *times, self.by, self.session, series(self.cases)


def headings() -> Sequence[str]:
    """The headings of the cells of a clip."""
    return _("Parcel"), _("Waybill"), _("Film from"), _("Film to"), _("Seconds"), _("Who"), _("Round"), _("Cases")


@dataclass(frozen=True)
class FilmView(View):
    """Clips in the order in which they were filmed; `file` is where they were written, "" for nowhere."""

    KEYS = ("clips", "file")

    clips: tuple[Clip, ...]
    file: str = ""

    def draw(self, screen: Screen) -> None:
        """Shows a row for each clip, and how a cut film comes to its case."""
        if not self.clips:
            screen.line(_("Nothing was filmed that day: retcli scan --film"))
            return
        parcel, waybill, began, ended, seconds, who, _round, cases = headings()
        columns = [Column(parcel, "id"), Column(waybill, "id", spare=True), Column(began), Column(ended)]
        columns += [Column(seconds, "count", spare=True), Column(who, spare=True), Column(cases, spare=True)]
        rows = [(*cells[:-2], cells[-1]) for cells in (clip.cells() for clip in self.clips)]
        screen.table(columns, rows)
        if self.file:
            screen.line(_("Written to {file}").format(file=self.file))
        case = next((clip.cases[0] for clip in self.clips if clip.cases), "")
        if case:
            draw_next(screen, f"retcli case attach {case} FILE --kind video", _("Cut it; then"))
