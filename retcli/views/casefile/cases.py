"""The view of a case with everything computed about it (the card), and of several cases as a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from retcli.language import _, aside, clauses, mark, series
from retcli.rules.casefile.clocks import Clock, Source, counting
from retcli.rules.casefile.findings import Answer
from retcli.rules.casefile.verdict import Judgement
from retcli.rules.lifecycles import Decision
from retcli.rules.money.minor_units import Money
from retcli.views.base import Column, Screen, View, draw_next, money_text, pairs, until, when
from retcli.views.casefile.case_money import CaseMoney, draw_beside
from retcli.views.casefile.case_offers import CasePayout, OfferLine
from retcli.views.casefile.decided import Decided, PaidAgainst
from retcli.views.casefile.findings import Judged, asked_of_buyer, finding_lines
from retcli.views.casefile.highlights import StandsOut
from retcli.views.casefile.order_progress import OrderProgress
from retcli.views.casefile.platform_words import said_there
from retcli.views.casefile.proposals import Amends, WayBack
from retcli.views.casefile.sent_back import ParcelSentBack
from retcli.views.casefile.written_beside import Beside
from retcli.views.documents import Documented
from retcli.words import word

_ORDER_FACTS = {"paid": mark("Paid"), "sent": mark("Sent"), "signed": mark("Signed")}


@dataclass(frozen=True)
class CaseLineView(Documented):
    """A line of a case: its pieces, those received and accepted, and what is due on it. `want` is the SKU that goes out
    for them, None where nothing does, "" where nobody named it.
    """

    KEYS = ("line", "sku", "quantity", "received", "accepted", "want", "due")

    line: str
    sku: str
    title: str
    quantity: int
    received: int
    accepted: int
    due: Money
    want: str | None = None

    @property
    def wish(self) -> str:
        """The pieces as ``SKU ×N``, with the goods to be sent instead where they are others."""
        text = f"{self.sku} ×{self.quantity}"
        if self.want == "":
            return _("{pieces} (to be sent: not said)").format(pieces=text)
        if self.want and self.want != self.sku:
            return _("{pieces}, {sku} instead").format(pieces=text, sku=self.want)
        return text


@dataclass(frozen=True)
class CaseReason(Documented):
    """The reasons of a case as codes: stated by the buyer, set by the agent, verified at inspection, each empty where
    nobody did; the party at `fault`; `detail` is the name of the shop's own sub-reason, empty for none.
    """

    stated: str
    set: str
    verified: str
    fault: str
    detail: str

    @property
    def code(self) -> str:
        """The reason that counts: the verified one, else the agent's, else the buyer's."""
        return self.verified or self.set or self.stated

    @property
    def with_fault(self) -> str:
        """The reason that counts with the party at fault, in words."""
        return aside(word(self.code), word(self.fault))


@dataclass(frozen=True)
class CaseView(Judged, View):
    """One case with its judgement, clocks, money and history."""

    ENVELOPE = "case"
    KEYS = (
        *("number", "order", "kind", "reason", "owner", "decision", "decided", "paid_against", "goods", "money"),
        *("replacement", "platform_action", "platform_status", "platform_number", "there", "stage", "applied_at"),
        *("lines", "**so_far", "collect", "verdict", "findings", "waived", "clocks", "payouts", "parcels", "sent_back"),
        *("earlier", "stands_out", "policy", "order_facts", "note", "flag", "contacts", "extended_days"),
        *("**written_beside", "proposal", "ask_buyer", "next", "return_address", "offers", "version"),
    )

    number: str
    order: str
    kind: str
    reason: CaseReason
    owner: str
    decision: str
    goods: str
    money: str
    replacement: str
    platform_action: str
    platform_status: str
    platform_number: str
    stage: str
    version: int
    applied_at: datetime
    lines: tuple[CaseLineView, ...]
    so_far: CaseMoney
    judgement: Judgement
    clocks: tuple[Clock, ...]
    order_progress: OrderProgress
    payouts: tuple[CasePayout, ...] = ()
    parcels: tuple[str, ...] = ()
    sent_back: tuple[ParcelSentBack, ...] = ()
    earlier: tuple[str, ...] = ()
    highlights: StandsOut | None = None
    policy: str = ""
    note: str = ""
    flag: str = ""
    contacts: int = 0
    extended_days: int = 0
    written_beside: Beside | None = None
    proposals: tuple[Amends | WayBack, ...] = ()
    next: str = ""
    return_address: str = ""
    offers: tuple[OfferLine, ...] = ()
    decided: Decided | None = None
    open_there_until: datetime | None = None
    as_there: bool = False
    there: Mapping[str, str] = field(default_factory=dict)
    at_stake: Money | None = None

    def acted(self, action: str) -> View:
        """A line about what changed, instead of the card, for actions that have one."""
        from retcli.views.casefile.acted import DONE, Acted  # here, since that module imports this one

        return Acted(self, action) if action in DONE else self

    @property
    def stands_out(self) -> tuple[str, ...]:
        """Sentences on facts that matter for the reason; none in a list of cases."""
        return self.highlights.sentences() if self.highlights else ()

    @property
    def order_facts(self) -> Mapping[str, str]:
        """When the order was paid, sent and signed for, as texts under `paid`, `sent` and `signed`."""
        return self.order_progress.sentences()

    @property
    def proposal(self) -> str:
        """What the shop might give the buyer unasked, with the commands; "" for nothing."""
        return clauses(proposal.sentence() for proposal in self.proposals)

    @property
    def due(self) -> Money:
        """The amount that is due on the case."""
        return self.so_far.due

    @property
    def paid(self) -> Money:
        """The amount of refunds that have arrived."""
        return self.so_far.paid

    @property
    def collect(self) -> Money:
        """The amount that the buyer owes (dearer goods in exchange)."""
        return Money(self.judgement.amount.collect, self.due.currency)

    @property
    def waived(self) -> list[str]:
        """The rules that somebody waived."""
        return [finding.rule for finding in self.judgement.findings if finding.waived_by]

    @property
    def paid_against(self) -> PaidAgainst | None:
        """What the platform paid although the case had been turned down here; None for nothing."""
        return self.decided.against if self.decided else None

    @property
    def clock(self) -> Clock | None:
        """The clock that the case is shown with; None where none runs."""
        return counting(self.clocks)

    @property
    def ask_buyer(self) -> str:
        """What to write to the buyer of an undecided case to get evidence; "" where none is missing."""
        return asked_of_buyer(self.judgement.findings) if self.decision == Decision.REQUESTED else ""

    @property
    def headline(self) -> str:
        """The case on one line: number, order, kind, stage."""
        return f"{self.number}  {self.order}  {word(self.kind)}  {word(self.stage)}"

    @property
    def against_refusal(self) -> tuple[str, ...]:
        """Warnings before a refusal: that every finding says yes, and that nobody spoke to the buyer."""
        warnings = []
        if self.decision == "requested" and self.judgement.verdict == Answer.YES:
            rights = [
                finding.basis
                for finding in self.judgement.findings
                if finding.rule in {"window", "quality", "unshipped"}
            ]
            text = _("Every finding says yes ({basis}): a refusal goes on the list of what was overruled")
            warnings.append(text.format(basis=series(_(basis) for basis in rights) or "-"))
        if not self.contacts:
            text = _("Nobody spoke to the buyer yet: retcli case contact {case} --by phone --result RESULT")
            warnings.append(text.format(case=self.number))
        return tuple(warnings)

    def draw(self, screen: Screen) -> None:
        """Shows the case as a card."""
        title = _("Case {number}  {kind}  {stage}")
        stage = word(self.stage)
        screen.line(title.format(number=self.number, kind=word(self.kind), stage=stage), "bold")
        pairs(screen, self._facts())
        for fact in self.stands_out:
            screen.line("▸ " + fact)
        self._draw_lines(screen)
        screen.line(_("Verdict: {answer}").format(answer=word(self.judgement.verdict)), "bold")
        for finding in self.judgement.findings:
            for line in finding_lines(finding):
                screen.line("  " + line, "yellow" if finding.answer != Answer.YES else "")
        for clock in self.clocks:
            screen.line("  " + clock_line(clock))
        for offer in self.offers:
            screen.line("  " + offer.sentence())
        pairs(screen, [(_("To the buyer"), self.ask_buyer), (_("Propose"), self.proposal)])
        draw_next(screen, self.next)
        if self.stage == "to_withdraw_there":
            screen.line(self.open_there, "yellow")

    def _draw_lines(self, screen: Screen) -> None:
        """Shows a row for each line, the freight last, then the goods to be sent where they are others."""
        columns = [Column(_("SKU"), "id"), Column(_("Title")), Column(_("Pieces"), "count"), Column(_("In"), "count")]
        columns.append(Column(_("Due"), "money"))
        rows = [
            (line.sku or line.line, line.title, str(line.quantity), str(line.accepted), money_text(line.due))
            for line in self.lines
        ]
        # the lines hold their own cash only: without this row the column would not add up to what is due
        freight = self.due.minor - sum(line.due.minor for line in self.lines)
        if freight > 0:
            rows.append((_("Freight"), "", "", "", money_text(Money(freight, self.due.currency))))
        screen.table(columns, rows)
        for line in self.lines:
            if line.want is not None and line.quantity and line.want != line.sku:
                screen.line("  " + line.wish)

    @property
    def open_there(self) -> str:
        """What to tell a buyer who withdrew here while the request is still open on the platform."""
        if self.open_there_until is None:
            return _("Open on the platform still: have the buyer withdraw it there")
        text = _("Open on the platform still: have the buyer withdraw it there by {at}")
        return text.format(at=until(self.open_there_until))

    def _facts(self) -> Sequence[tuple[str, str]]:
        """The pairs of names and values at the top of the card."""
        return [
            (_("Order"), self.order),
            *((_(_ORDER_FACTS[name]), text) for name, text in self.order_facts.items()),
            (_("Reason"), f"{self.reason.with_fault} {self.reason.detail}".rstrip()),
            (_("Applied"), when(self.applied_at)),
            (_("Owner"), self.owner),
            (_("Decided"), self.decided.sentence() if self.decided else ""),
            (_("On the platform"), f"{self.platform_number} {said_there(self.platform_status)}".strip()),
            (_("Payment no."), self.there.get("payment_number", "")),
            (_("Agreed there by"), self.there.get("reviewed_by", "")),
            (_("Refunded there by"), self.there.get("refunded_by", "")),
            (_("Money"), self.so_far.sentence()),
            (_("Beside"), self.so_far.beside_sentence()),
            (_("Parcels"), series(self.parcels)),
            (_("Sent again, came back"), clauses(parcel.sentence() for parcel in self.sent_back)),
            (_("Return address"), self.return_address),
            (_("Earlier cases"), "" if self.stands_out else series(self.earlier)),
            (_("Flag"), word(self.flag)),
            (_("Note"), self.note),
            *(self.written_beside.facts() if self.written_beside else ()),
        ]


def with_doubt(deadline: str, *, estimated: bool, unverified: bool) -> str:
    """A deadline with a remark where it was only computed, or where the click that met it is not verified."""
    return aside(deadline, _("not verified") if unverified else _("estimated") if estimated else "")


def clock_word(name: str, source: str, *, estimated: bool) -> str:
    """The word for a clock; the time for the first answer is called the platform's deadline where its file names it."""
    by_file = name == "first_reply" and source == Source.PLATFORM and not estimated
    return word("platform" if by_file else name, "clock")


def clock_line(clock: Clock) -> str:
    """A clock as one line."""
    name = clock_word(clock.name, clock.source, estimated=clock.estimated)
    text = _("{name}: by {at}").format(name=name, at=until(clock.due_at))
    return with_doubt(text, estimated=clock.estimated, unverified=clock.unverified)


@dataclass(frozen=True)
class CasesView(View):
    """Several cases as a table."""

    cases: tuple[CaseView, ...]

    def draw(self, screen: Screen) -> None:
        """Shows a row for each case."""
        if not self.cases:
            screen.line(_("No such cases"))
            return
        columns = [Column(_("Case"), "id"), Column(_("Kind")), Column(_("Stage")), Column(_("Reason"))]
        columns += [Column(_("Due"), "money"), Column(_("Paid out"), "money", spare=True)]
        columns += [Column(_("Arrived"), "money", spare=True), Column(_("By"), "time")]
        screen.table(columns, [_row(case) for case in self.cases])
        draw_beside(screen, ((case.number, case.so_far.beside) for case in self.cases))


def _row(case: CaseView) -> tuple[str, ...]:
    """The cells of a case in the table."""
    by = "-" if case.clock is None else _("not verified") if case.clock.unverified else when(case.clock.due_at)
    kind = f"{word(case.flag)} {word(case.kind)}" if case.flag else word(case.kind)
    out = case.so_far.sent + case.so_far.clicked
    left = (money_text(amount) if amount.minor else "-" for amount in (out, case.so_far.paid))
    return case.number, kind, word(case.stage), word(case.reason.code), money_text(case.due), *left, by
