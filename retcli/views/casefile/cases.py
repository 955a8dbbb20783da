"""A case as people and scripts see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from retcli.language import _, aside, clauses, series
from retcli.rules.casefile.clocks import Clock, counting, pressing
from retcli.rules.casefile.findings import Answer
from retcli.rules.casefile.verdict import Judgement
from retcli.rules.lifecycles import Decision
from retcli.rules.money.minor_units import Money
from retcli.views.base import Column, Screen, View, money_text, until, when
from retcli.views.casefile.case_history import HistoryLine
from retcli.views.casefile.case_money import CaseMoney, draw_beside
from retcli.views.casefile.case_offers import CasePayout, OfferLine
from retcli.views.casefile.decided import Decided, PaidAgainst
from retcli.views.casefile.findings import asked_of_buyer, finding_document
from retcli.views.casefile.highlights import StandsOut
from retcli.views.casefile.order_progress import OrderProgress
from retcli.views.casefile.proposals import Amends, WayBack
from retcli.views.casefile.written_beside import Beside
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class CaseLineView(Documented):
    """Pieces of an order line in a case; `want` is what an exchange is to bring for them, None where nothing goes out
    for them, empty where nobody said.
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
        """The pieces, and what is to be sent for them."""
        text = f"{self.sku} ×{self.quantity}"
        if self.want == "":
            return _("{pieces} (to be sent: not said)").format(pieces=text)
        if self.want and self.want != self.sku:
            return _("{pieces}, {sku} instead").format(pieces=text, sku=self.want)
        return text


@dataclass(frozen=True)
class CaseReason(Documented):
    """Why a case was opened: as the buyer stated it, as the agent set it, as the inspection verified it (codes, empty
    where nobody did), the party at fault, and the platform's reason that says more than ours (empty where none does).
    """

    stated: str
    set: str
    verified: str
    fault: str
    detail: str

    @property
    def code(self) -> str:
        """The reason that counts: the verified one before the agent's, that before the buyer's."""
        return self.verified or self.set or self.stated

    @property
    def with_fault(self) -> str:
        """The reason that counts, and who is at fault, in words."""
        return aside(word(self.code), word(self.fault))


@dataclass(frozen=True)
class Buyer(Documented):
    """Who the buyer of a case is, each masked: what they are called on the platform, who receives, the phone; the
    channel that they came by, in the shop's own words (``platform`` where its refund list told, empty where nobody
    said).
    """

    name: str = ""
    receiver: str = ""
    phone: str = ""
    channel: str = ""

    def sentence(self) -> str:
        """All that is known, on one line."""
        receiver = "" if self.receiver == self.name else self.receiver
        channel = "" if self.channel == "platform" else word(self.channel, "channel")
        return aside(" ".join(filter(None, (self.name, receiver, self.phone))), channel)


@dataclass(frozen=True)
class SentForCase(Documented):
    """Goods that leave on a case (an exchange, a resend): article, pieces, where they stand, and their waybill once
    they left.
    """

    sku: str
    quantity: int
    state: str
    carrier: str
    waybill: str
    at: datetime | None

    def sentence(self) -> str:
        """One line."""
        at = when(self.at) if self.at else ""
        goods = f"{self.sku} ×{self.quantity}" if self.sku else _("goods not named yet")
        return " ".join(filter(None, (goods, word(self.state, "replacement"), at, self.carrier, self.waybill)))


@dataclass(frozen=True)
class CaseView(View):
    """One case with everything computed from its axes; `seen_at` is when it was looked at."""

    ENVELOPE = "case"
    KEYS = (
        *("number", "order", "buyer", "kind", "reason", "words", "owner", "decision", "decided", "paid_against"),
        *("goods", "money", "replacement", "platform_action", "platform_status", "platform_number", "there", "stage"),
        *("applied_at", "lines", "**so_far", "collect", "verdict", "findings", "waived", "clocks", "payouts"),
        *("parcels", "sent_for", "earlier", "stands_out", "policy", "order_facts", "note", "flag", "contacts"),
        *("extended_days", "**written_beside", "proposal", "ask_buyer", "next", "return_address", "offers"),
        *("history", "version"),
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
    seen_at: datetime
    buyer: Buyer
    words: str
    payouts: tuple[CasePayout, ...] = ()
    parcels: tuple[str, ...] = ()
    sent_for: tuple[SentForCase, ...] = ()
    earlier: tuple[str, ...] = ()
    highlights: StandsOut | None = None
    policy: str = ""
    note: str = ""
    first_note: str = ""
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
    history: tuple[HistoryLine, ...] = ()

    def acted(self, action: str) -> View:
        """A line of what changed in place of the card."""
        from retcli.views.casefile.acted import DONE, Acted  # which shows cases

        return Acted(self, action) if action in DONE else self

    @property
    def stands_out(self) -> tuple[str, ...]:
        """A few sentences on what matters for its reason, where somebody looks at the case alone."""
        return self.highlights.sentences() if self.highlights else ()

    @property
    def order_facts(self) -> Mapping[str, str]:
        """When its order was paid, sent and signed for."""
        return self.order_progress.sentences()

    @property
    def proposal(self) -> str:
        """What the shop might give the buyer of its own accord, with the commands."""
        return clauses(proposal.sentence() for proposal in self.proposals)

    @property
    def due(self) -> Money:
        """What is due on it."""
        return self.so_far.due

    @property
    def paid(self) -> Money:
        """What of it has arrived."""
        return self.so_far.paid

    @property
    def collect(self) -> Money:
        """What is to come from the buyer."""
        return Money(self.judgement.amount.collect, self.due.currency)

    @property
    def verdict(self) -> Answer:
        """What all findings together say."""
        return self.judgement.verdict

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The document of each finding, with its sentence in the reader's language."""
        return [finding_document(finding) for finding in self.judgement.findings]

    @property
    def waived(self) -> list[str]:
        """The rules that somebody overruled."""
        return [finding.rule for finding in self.judgement.findings if finding.waived_by]

    @property
    def paid_against(self) -> PaidAgainst | None:
        """What the platform paid though the case had been turned down here."""
        return self.decided.against if self.decided else None

    @property
    def clock(self) -> Clock | None:
        """The clock that counts: the platform's and the law's before the shop's own."""
        return counting(self.clocks)

    @property
    def urgency(self) -> str:
        """How much that clock presses."""
        return pressing(self.clock, self.seen_at)

    @property
    def ask_buyer(self) -> str:
        """What to write to the buyer while the case is undecided: which evidence would help."""
        return asked_of_buyer(self.judgement.findings) if self.decision == Decision.REQUESTED else ""

    @property
    def headline(self) -> str:
        """The case on one line: number, order, kind, stage."""
        return f"{self.number}  {self.order}  {word(self.kind)}  {word(self.stage)}"

    @property
    def against_refusal(self) -> tuple[str, ...]:
        """What somebody should know before refusing: what is due by the findings, and that nobody was spoken to."""
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
        """The case on one screen."""
        from retcli.views.casefile.card import draw_whole  # which shows cases

        draw_whole(screen, self)

    @property
    def open_there(self) -> str:
        """What the buyer is to be told who took back here what is still open on the platform."""
        if self.open_there_until is None:
            return _("Open on the platform still: have the buyer withdraw it there")
        text = _("Open on the platform still: have the buyer withdraw it there by {at}")
        return text.format(at=until(self.open_there_until))


@dataclass(frozen=True)
class CasesView(View):
    """Several cases as a list."""

    cases: tuple[CaseView, ...]

    def draw(self, screen: Screen) -> None:
        """One case a row."""
        if not self.cases:
            screen.line(_("No such cases"))
            return
        columns = [Column(_("Case"), "id"), Column(_("Kind")), Column(_("Stage")), Column(_("Reason"))]
        columns += [Column(_("Due"), "money"), Column(_("Paid out"), "money", spare=True)]
        columns += [Column(_("Arrived"), "money", spare=True), Column(_("By"), "time")]
        screen.table(columns, [_row(case) for case in self.cases])
        draw_beside(screen, ((case.number, case.so_far.beside) for case in self.cases))


def _row(case: CaseView) -> tuple[str, ...]:
    by = "-" if case.clock is None else _("not verified") if case.clock.unverified else when(case.clock.due_at)
    kind = f"{word(case.flag)} {word(case.kind)}" if case.flag else word(case.kind)
    out = case.so_far.sent + case.so_far.clicked
    left = (money_text(amount) if amount.minor else "-" for amount in (out, case.so_far.paid))
    return case.number, kind, word(case.stage), word(case.reason.code), money_text(case.due), *left, by
