"""The view of the day's list: what to do now, and how fresh files, copies and the nightly import are."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from retcli.language import _, series
from retcli.rules.money.minor_units import Money
from retcli.views.base import Column, Screen, View, money_text, when
from retcli.views.books.backups import BackupState
from retcli.views.casefile.case_money import Beside, draw_beside
from retcli.views.casefile.cases import clock_word, with_doubt
from retcli.views.cases.queue import sums_text
from retcli.views.documents import Documented, amounts
from retcli.views.imports.runs import Heartbeat
from retcli.views.insight.freshness import Report, next_downloads
from retcli.views.money.open_payouts import OpenPayouts
from retcli.words import word

SHOWN = 30


@dataclass(frozen=True)
class TodayItem(Documented):
    """One case with something to do now."""

    case: str
    order: str
    stage: str
    action: str
    urgency: str  # ``overdue`` by platform or law, ``soon``, ``target`` (one of the shop's own is missed), ``later``
    clock: str
    due_at: datetime | None
    source: str
    estimated: bool
    unverified: bool  # the click that meets the clock was made, and no import has shown it
    money_at_risk: Money
    beside: tuple[Beside, ...] = ()  # what still has to be given beside the refund


@dataclass(frozen=True)
class Unpaid(Documented):
    """Approved cases whose money may leave and has no payout yet: how many, and minor units by currency."""

    KEYS = ("count", "money")

    count: int = 0
    sums: Mapping[str, int] = field(default_factory=dict)

    @property
    def money(self) -> tuple[Money, ...]:
        """What they come to, an amount for each currency."""
        return amounts(self.sums)


@dataclass(frozen=True)
class RegisterCount(Documented):
    """Entries of the register that wait for evidence or an answer, and how many of them are overdue."""

    waiting: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class TodayView(View):
    """The day's list at an instant (UTC)."""

    KEYS = (
        *("at", "items", "groups", "files", "night", "backup", "unclaimed", "clicks", "questions", "stalled"),
        *("unfinished", "misfits", "**payouts", "agreed_unpaid", "register", "bad_reviews"),
    )

    at: datetime
    items: tuple[TodayItem, ...]
    files: tuple[Report, ...]
    night: Heartbeat = field(default_factory=Heartbeat)
    backup: BackupState | None = None
    unclaimed: int = 0  # parcels without a case
    clicks: int = 0  # that wait on the platforms
    questions: int = 0  # of imports
    register: RegisterCount = field(default_factory=RegisterCount)
    bad_reviews: int = 0  # to follow up
    stalled: int = 0  # parcels that do not move on
    unfinished: int = 0  # imports that were cut off
    misfits: int = 0  # orders whose two reports differ
    only_overdue: bool = False  # nothing else was asked for
    payouts: OpenPayouts = field(default_factory=OpenPayouts)
    late_beside: bool = False  # something is overdue that is no case of the list
    agreed_unpaid: Unpaid = field(default_factory=Unpaid)

    @property
    def groups(self) -> dict[str, int]:
        """How many cases there are in each stage."""
        return Counter(item.stage for item in self.items)

    @property
    def exit_code(self) -> int:
        """3 where only what is overdue was asked for and something is, else 0."""
        return 3 if self.only_overdue and (self.items or self.late_beside) else 0

    def draw(self, screen: Screen) -> None:
        """Shows freshness and counts, then the list."""
        screen.line(_("Today, {at}").format(at=when(self.at)), "bold")
        self._night(screen)
        overdue = sum(item.urgency == "overdue" for item in self.items)
        groups = series(f"{word(stage)} {n}" for stage, n in Counter(self.groups).most_common())
        screen.line(_("{n} cases: {groups}").format(n=len(self.items), groups=groups or "-"))
        if overdue:
            screen.line(_("{n} are overdue").format(n=overdue), "red")
        if missed := sum(item.urgency == "target" for item in self.items):
            screen.line(_("{n} are past a target of the shop's own").format(n=missed), "yellow")
        self._beside(screen)
        columns = [Column(_("Case"), "id"), Column(_("To do")), Column(_("By"), "time"), Column(_("Clock"))]
        columns.append(Column(_("At risk"), "money"))
        if self.items:
            screen.line(_("Overdue first, then due within four hours, then by money at risk:"))
            screen.table(columns, [_row(item) for item in self.items[:SHOWN]])
            draw_beside(screen, ((item.case, item.beside) for item in self.items[:SHOWN]))
            if more := self.items[SHOWN:]:
                screen.line(_("{n} more: retcli case list").format(n=len(more)))
            screen.line(_("Begin with: retcli case show {case}").format(case=self.items[0].case))

    def _night(self, screen: Screen) -> None:
        """Shows the reports, and the nightly import and the copies where they need attention."""
        for report in self.files:
            screen.line("  " + report.sentence(), "yellow" if report.stale else "")
        if not self.files:
            screen.line("  " + _("No orders were imported yet: retcli import FILE"))
        elif wanted := next_downloads(self.files):
            screen.line("  " + wanted, "yellow")
        if self.night.late(self.at):
            screen.line("  " + self.night.sentence(self.at), "red")
        if self.files and self.backup and self.backup.late(self.at):
            screen.line("  " + self.backup.sentence(), "yellow")

    def _beside(self, screen: Screen) -> None:
        """Shows what waits beside the cases, a line for each kind that there is any of."""
        notes = (
            (self.bad_reviews, _("{n} bad reviews to follow up: retcli case register --open")),
            (self.clicks, _("{n} clicks wait on the platform: retcli platform todo")),
            (self.unclaimed, _("{n} parcels without a case: retcli parcel unclaimed")),
            (self.stalled, _("{n} parcels stall on their way: retcli parcel list --stalled")),
            (self.unfinished, _("{n} imports were cut off: the next one finishes them: retcli import FILE")),
            (self.misfits, _("{n} orders do not fit between order and item report: export both anew and import them")),
            (self.questions, _("{n} changes need your word: retcli imports questions")),
        )
        self._register(screen)
        self.payouts.draw(screen)
        if unpaid := self.agreed_unpaid.count:
            text = _("{n} cases agreed to, {money} of it with no payout yet: retcli case list --stage to_pay")
            screen.line("  " + text.format(n=unpaid, money=sums_text(self.agreed_unpaid.sums)), "yellow")
        for n, text in notes:
            if n:
                screen.line("  " + text.format(n=n), "yellow")

    def _register(self, screen: Screen) -> None:
        """Shows how many interventions and complaints wait for evidence or an answer."""
        n, overdue = self.register.waiting, self.register.overdue
        text = _("{n} in the register to be answered, {overdue} overdue: retcli case register --open")
        if n:
            screen.line("  " + text.format(n=n, overdue=overdue), "red" if overdue else "yellow")


def _row(item: TodayItem) -> tuple[str, ...]:
    """The cells of a case in the list."""
    marks = {"overdue": "！", "soon": "●", "target": "○"}
    by = when(item.due_at)[5:] if item.due_at else "-"
    clock = clock_word(item.clock, item.source, estimated=item.estimated)
    clock = with_doubt(clock, estimated=item.estimated, unverified=item.unverified)
    what = marks.get(item.urgency, "") + word(item.stage)
    return item.case, what, by, clock if item.due_at else "-", money_text(item.money_at_risk)
