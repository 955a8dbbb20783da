"""The view of the day's list: what to do now, and how fresh files, copies and the nightly import are."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from retcli.language import _, aside, series
from retcli.rules.lifecycles import Role
from retcli.rules.money.minor_units import Money
from retcli.rules.roles import COMMANDS
from retcli.views.base import Column, Screen, View, money_text, when
from retcli.views.books.backups import BackupState
from retcli.views.casefile.case_money import Beside, draw_beside
from retcli.views.casefile.clock_lines import clock_word
from retcli.views.casefile.fallen_agreements import FallenAgreements
from retcli.views.documents import Documented
from retcli.views.imports.open_faults import OpenFaults
from retcli.views.imports.runs import Heartbeat
from retcli.views.imports.waiting_refunds import RefundsWaiting
from retcli.views.insight.freshness import Report, freshest, next_downloads
from retcli.views.money.case_sums import CaseSums, RestSums
from retcli.views.money.open_payouts import OpenPayouts
from retcli.views.sums import sums, sums_text
from retcli.views.warehouse.deliveries import Waiting
from retcli.words import word

SHOWN = 30


@dataclass(frozen=True)
class TodayItem(Documented):
    """One thing to do now: how urgent (``overdue`` by the platform or the law, ``soon``, ``target`` where one of the
    shop's own is missed, ``later``), by when, how much money is at risk; a clock that is `unverified` was met by a
    click that no import has shown yet; `for_me` says that the next step is for somebody of the operator's role; the
    buyer is masked; `beside` still has to be given beside the money; `protection`: the case is a platform's price
    protection (价保), no price cut of ours.
    """

    case: str
    order: str
    kind: str
    goods: str
    buyer: str
    owner: str
    for_me: bool
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
    protection: bool = False  # the platform's price protection


@dataclass(frozen=True)
class RegisterCount(Documented):
    """Entries of the register that wait for evidence or an answer, and how many of them are overdue."""

    waiting: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class TodayView(View):
    """The day's list at an instant (UTC)."""

    KEYS = (
        *(
            "at",
            "items",
            "groups",
            "files",
            "night",
            "backup",
            "unclaimed",
            "matched",
            "held",
            "clicks",
        ),
        *("questions",),
        *("stalled", "unopened", "never_scanned", "deliveries", "short_deliveries", "stock"),
        *(
            "unfinished",
            "misfits",
            "halves",
            "refunds_waiting",
            "**payouts",
            "agreed_unpaid",
            "rests_unpaid",
            "without_goods",
            "fell",
            "register",
        ),
        *("bad_reviews", "refused_rows", "unanswered", "role"),
    )

    at: datetime
    items: tuple[TodayItem, ...]
    files: tuple[Report, ...]
    night: Heartbeat = field(default_factory=Heartbeat)
    backup: BackupState | None = None
    unclaimed: int = 0  # parcels without a case
    matched: int = 0  # parcels that came without one and went to a case by themselves, since a day
    clicks: int = 0  # that wait on the platforms
    questions: int = 0  # of imports
    register: RegisterCount = field(default_factory=RegisterCount)
    bad_reviews: int = 0  # to follow up
    held: int = 0  # parcels with pieces held for nobody, whose cases are finished
    stalled: int = 0  # parcels that do not move on
    unopened: Waiting = field(default_factory=Waiting)  # parcels that are here
    never_scanned: Waiting = field(default_factory=Waiting)  # parcels handed over by the carrier's word
    deliveries: int = 0  # that were begun and not ended
    short_deliveries: int = 0  # that ended with parcels missing, and nobody said why
    stock: int = 0  # products that pile up or run out, and disposals that wait
    unfinished: int = 0  # imports that were cut off
    misfits: int = 0  # orders whose two reports differ
    halves: int = 0  # orders that wait for one of the two
    refused_rows: OpenFaults = field(default_factory=OpenFaults)  # of imports, that nobody has settled
    unanswered: int = 0  # cases that nobody has answered within the shop's own time
    refunds_waiting: RefundsWaiting = field(default_factory=RefundsWaiting)  # for an order that has not come in
    only_overdue: bool = False  # nothing else was asked for
    payouts: OpenPayouts = field(default_factory=OpenPayouts)
    late_beside: bool = False  # something is overdue that is no case of the list
    agreed_unpaid: CaseSums = field(default_factory=CaseSums)  # money that may leave and has no payout yet
    rests_unpaid: tuple[RestSums, ...] = ()  # the same where a part of the case's money is under way
    without_goods: CaseSums = field(default_factory=CaseSums)  # what left for goods that never came
    fell: FallenAgreements = field(default_factory=FallenAgreements)  # what was agreed to before the buyer applied anew
    role: str = "owner"
    who: str = ""

    @property
    def groups(self) -> dict[str, int]:
        """How many cases there are in each stage."""
        return Counter(item.stage for item in self.items)

    @property
    def exit_code(self) -> int:
        """3 where only what is overdue was asked for and something is, else 0."""
        return 3 if self.only_overdue and (self.items or self.late_beside) else 0

    def draw(self, screen: Screen) -> None:
        """What the operator's role can do: the files and the rest a line each, then the cases."""
        heading = _("Today, {at}  {who}").format(at=when(self.at), who=aside(self.who, word(self.role)))
        screen.line(heading, "bold")
        self._files(screen)
        for style, text in self._beside():
            screen.line("  " + text, style)
        mine = [item for item in self.items if item.for_me]
        self._cases(screen, mine)
        if others := len(self.items) - len(mine):
            screen.line(_("{n} more wait for somebody else: retcli case list").format(n=others))
        if mine:
            screen.line(_("Begin with: retcli case show {case}").format(case=mine[0].case))

    def _cases(self, screen: Screen, mine: Sequence[TodayItem]) -> None:
        """How many, how they stand, and a row each in the order that is named."""
        groups = series(f"{word(stage)} {n}" for stage, n in Counter(item.stage for item in mine).most_common())
        screen.line(_("{n} cases: {groups}").format(n=len(mine), groups=groups or "-"))
        if overdue := sum(item.urgency == "overdue" for item in mine):
            screen.line(_("{n} are overdue").format(n=overdue), "red")
        if missed := sum(item.urgency == "target" for item in mine):
            screen.line(_("{n} are past a target of the shop's own").format(n=missed), "yellow")
        if not mine:
            return
        columns = [Column(_("Case"), "id"), Column(_("Kind"), spare=True), Column(_("To do")), Column(_("By"), "time")]
        columns += [Column(_("At risk"), "money"), Column(_("Goods"), "title", spare=True)]
        columns += [Column(_("Buyer"), spare=True), Column(_("Clock"), spare=True), Column(_("Owner"), spare=True)]
        screen.line(_("Overdue first, then due within four hours, then by money at risk:"))
        screen.table(columns, [_row(item) for item in mine[:SHOWN]])
        draw_beside(screen, ((item.case, item.beside) for item in mine[:SHOWN]))
        if more := mine[SHOWN:]:
            screen.line(_("{n} more: retcli case list").format(n=len(more)))

    def _may(self, *commands: str) -> bool:
        """Whether the operator's role may use one of some commands."""
        return any(Role(self.role) in COMMANDS[command] for command in commands)

    def _files(self, screen: Screen) -> None:
        """How fresh the files are, in one line; the nightly import where it stays away, the copies where somebody
        should look.
        """
        if not self._may("export reconciliation"):
            return
        if not self.files:
            screen.line("  " + _("No orders were imported yet: retcli import FILE"))
        elif wanted := next_downloads(self.files):
            screen.line("  " + wanted, "yellow")
        elif not (self.halves or self.misfits or self.refunds_waiting.count):  # else another report is wanting
            screen.line("  " + freshest(self.files))
        if self.night.late(self.at):
            screen.line("  " + self.night.sentence(self.at), "red")
        if self.files and self.backup and self.backup.late(self.at):
            trouble = self.backup.sentence()
            screen.line("  " + _("{trouble}: retcli doctor").format(trouble=trouble), "yellow")

    def _beside(self) -> Iterator[tuple[str, str]]:
        """A line with its style for each thing beside the cases that the operator's role can do something about: money
        first, then what has a deadline, then goods, then files.
        """
        yield from self._money()
        yield from self._register()
        if self.refunds_waiting.count and self._may("export reconciliation"):
            text = _("{waiting}: retcli imports waiting").format(waiting=self.refunds_waiting.sentence())
            yield self.refunds_waiting.style(self.at), text
        if self.refused_rows.rows and self._may("reason map"):
            yield "yellow", self.refused_rows.sentence()
        text = _("{n} orders do not fit between order and item report: export both anew and import them")
        unopened = _("{n} parcels are here and not opened, the first for {age}: retcli parcel list --unopened")
        unscanned = _(
            "{n} parcels were handed over by the carrier's word, the first {age} ago, and never scanned:"
            " retcli parcel list --unscanned"
        )
        cut_off = _("{n} imports were cut off: the next one finishes them: retcli import FILE")
        lines = (
            ("platform done", self.clicks, _("{n} clicks wait on the platform: retcli platform todo")),
            ("imports answer", self.questions, _("{n} changes need your word: retcli imports questions")),
            ("case contact", self.unanswered, _("{n} cases missed their first answer: retcli case review")),
            ("case answer", self.bad_reviews, _("{n} bad reviews to follow up: retcli case register --open")),
            ("scan", self.unclaimed, _("{n} parcels without a case: retcli parcel unclaimed")),
            ("scan", self.matched, _("{n} parcels went to their cases by themselves since yesterday")),
            ("scan", self.deliveries, _("{n} deliveries are not ended: retcli scan goes on with them")),
            ("scan", self.short_deliveries, _("{n} deliveries ended short: retcli parcel deliveries")),
            ("scan", self.unopened.parcels, self.unopened.within(unopened, self.at)),
            ("scan", self.never_scanned.parcels, self.never_scanned.within(unscanned, self.at)),
            ("scan", self.held, _("{n} parcels hold pieces that nobody waits for: retcli parcel list --held")),
            ("scan", self.stalled, _("{n} parcels stall on their way: retcli parcel list --stalled")),
            ("scan", self.stock, _("{n} things of the stock need somebody: retcli stock alerts")),
            ("reason map", self.unfinished, cut_off),
            ("reason map", self.misfits, text),
            ("reason map", self.halves, _("{n} orders wait for their order or item report")),
        )
        yield from (("yellow", text.format(n=n)) for command, n, text in lines if n and self._may(command))

    def _money(self) -> Iterator[tuple[str, str]]:
        yield from self.payouts.lines(countersigns=self._may("pay approve"), pays=self._may("pay refund"))
        if self.fell.cases and self._may("case approve"):
            yield "yellow", self.fell.sentence()
        if (unpaid := self.agreed_unpaid).count and self._may("pay refund"):
            text = _("{n} cases agreed to, {money} of it with no payout yet: retcli case list --stage to_pay")
            yield "yellow", unpaid.within(text)
        for rest in self.rests_unpaid if self._may("pay refund") else ():
            text = _("{n} cases paid in part, {money} of it with no payout yet: retcli case list --stage {stage}")
            yield "yellow", rest.within(text)
        if self.without_goods.count and self._may("case approve", "pay approve"):
            text = _("{n} cases were paid and no goods came back, {money}: retcli case list --without-goods")
            yield "yellow", self.without_goods.within(text)

    def _register(self) -> Iterator[tuple[str, str]]:
        """Interventions and complaints that wait for evidence or an answer."""
        n, overdue = self.register.waiting, self.register.overdue
        if n and self._may("case answer"):
            late = _(", {n} overdue").format(n=overdue) if overdue else ""
            text = _("{n} in the register to be answered{overdue}: retcli case register --open")
            yield "red" if overdue else "yellow", text.format(n=n, overdue=late)


def _row(item: TodayItem) -> tuple[str, ...]:
    """The cells of a case in the list."""
    marks = {"overdue": "！", "soon": "●", "target": "○"}
    what = marks.get(item.urgency, "") + word(item.stage)
    clock = clock_word(item.clock, item.source, estimated=item.estimated) if item.due_at else "-"
    money = money_text(item.money_at_risk) if item.money_at_risk.minor else _given_beside(item)
    kind = word("price_protection", "money") if item.protection else word(item.kind)
    return item.case, kind, what, _by(item), money, item.goods, item.buyer, clock, item.owner


def _given_beside(item: TodayItem) -> str:
    """What still has to be given beside a refund of which nothing is left, by kind: money where there is any, else
    coupons and points; nothing at all as nothing of the order's currency.
    """
    in_money = [each for each in item.beside if each.in_money]
    kinds = dict.fromkeys(each.kind for each in in_money)
    if not kinds:
        return series(f"{word(each.kind)} {each.amount}" for each in item.beside) or money_text(item.money_at_risk)
    sums_of = {kind: sums(each.money for each in in_money if each.kind == kind) for kind in kinds}
    return series(f"{word(kind)} {sums_text(summed)}" for kind, summed in sums_of.items())


def _by(item: TodayItem) -> str:
    """The deadline without its year, and what is to be said of it."""
    if item.due_at is None:
        return "-"
    if item.unverified:
        return _("not verified")
    by = when(item.due_at)[5:]
    return _("about {at}").format(at=by) if item.estimated else by
