"""How fresh the reports of each shop are, and which to download next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from retcli.language import _, aside, series
from retcli.views.base import when
from retcli.views.documents import Documented
from retcli.words import platform_word, word


@dataclass(frozen=True)
class Report(Documented):
    """A kind of report of one shop on one platform: when it came last (`at`, UTC, None: never), and the time of the
    newest order or refund of it in the books. `of_several`: the books hold several platforms, so that it is named.
    """

    KEYS = ("platform", "shop", "holds", "at", "newest_at", "stale")

    platform: str
    shop: str
    holds: str
    at: datetime | None
    newest_at: datetime | None
    stale: bool
    of_several: bool = False

    def name(self) -> str:
        """The report in words: platform where there are several, shop, kind."""
        platform = platform_word(self.platform) if self.of_several else ""
        return " ".join(part for part in (platform, self.shop, word(self.holds)) if part)

    def sentence(self) -> str:
        """When the report came last, and how new its newest row is."""
        if self.at is None:
            return _("{report}: never taken in").format(report=self.name())
        if self.newest_at is None:
            return _("{report}: last taken in {at}").format(report=self.name(), at=when(self.at))
        text = _("{report}: last taken in {at}, newest refund {newest}") if self.holds == "refunds" else _(
            "{report}: last taken in {at}, newest order {newest}")  # fmt: skip
        return text.format(report=self.name(), at=when(self.at), newest=when(self.newest_at))


def freshest(reports: Iterable[Report]) -> str:
    """In one line that every report is fresh, and since when the oldest of them is here."""
    oldest = min(report.at for report in reports if report.at)
    return _("All files are fresh, the oldest was taken in {at}").format(at=when(oldest))


def next_downloads(reports: Iterable[Report]) -> str:
    """Which reports to download next, the oldest first; "" where all are fresh."""
    stale = [report for report in reports if report.stale]
    stale.sort(key=lambda report: (report.at is not None, report.at.timestamp() if report.at else 0, report.name()))
    if not stale:
        return ""
    return _("Download next: {reports}").format(reports=series(dict.fromkeys(map(_with_time, stale))))


def _with_time(report: Report) -> str:
    """A report with the day on which it last came."""
    return aside(report.name(), when(report.at)[5:10] if report.at else _("never"))
