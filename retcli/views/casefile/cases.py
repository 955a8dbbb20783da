"""A case as people and scripts see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from retcli.language import _, mark
from retcli.rules.casefile.clocks import Clock, Source, counting
from retcli.rules.casefile.findings import Answer
from retcli.rules.casefile.verdict import Judgement
from retcli.rules.lifecycles import Decision
from retcli.rules.money.minor_units import Money
from retcli.views.base import Column, Screen, View, draw_next, instant, money, money_text, pairs, until, when
from retcli.views.casefile.case_money import CaseMoney, draw_beside
from retcli.views.casefile.decided import Decided
from retcli.views.casefile.findings import asked_of_buyer, draw_amount, finding_document, finding_lines, step_document
from retcli.views.casefile.platform_words import said_there
from retcli.views.casefile.written_beside import Beside
from retcli.words import word

_ORDER_FACTS = {"paid": mark("Paid"), "sent": mark("Sent"), "signed": mark("Signed")}


@dataclass(frozen=True)
class CaseLineView:
    """Pieces of an order line in a case; `want` is what an exchange is to bring for them, None where nothing goes out
    for them, empty where nobody said.
    """

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
class CaseView(View):
    """One case with everything computed from its axes."""

    number: str
    order: str
    kind: str
    stated: str
    set_reason: str
    verified: str
    fault: str
    owner: str
    decision: str
    goods: str
    money_axis: str
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
    payouts: tuple[Mapping[str, Any], ...] = ()
    parcels: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    stands_out: tuple[str, ...] = ()
    policy: str = ""
    order_facts: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    flag: str = ""
    contacts: int = 0
    extended: int = 0
    beside: Beside | None = None
    proposal: str = ""
    next_step: str = ""
    detail: str = ""
    return_address: str = ""
    offers: tuple[Mapping[str, Any], ...] = ()
    decided: Decided | None = None
    open_there_until: datetime | None = None
    as_there: bool = False
    there: Mapping[str, str] = field(default_factory=dict)
    at_stake: Money | None = None

    @property
    def due(self) -> Money:
        """What is due on it."""
        return self.so_far.due

    @property
    def paid(self) -> Money:
        """What of it has arrived."""
        return self.so_far.paid

    @property
    def clock(self) -> Clock | None:
        """The clock that counts: the platform's and the law's before the shop's own."""
        return counting(self.clocks)

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
        said = []
        if self.decision == "requested" and self.judgement.verdict == Answer.YES:
            rights = [f.basis for f in self.judgement.findings if f.rule in {"window", "quality", "unshipped"}]
            text = _("Every finding says yes ({basis}): a refusal goes on the list of what was overruled")
            said.append(text.format(basis="、".join(_(basis) for basis in rights) or "-"))
        if not self.contacts:
            text = _("Nobody spoke to the buyer yet: retcli case contact {case} --by phone --result RESULT")
            said.append(text.format(case=self.number))
        return tuple(said)

    def document(self) -> dict[str, Any]:
        """The `case` document of the contract."""
        return {"case": self.case_document()}

    def case_document(self) -> dict[str, Any]:
        """The case alone, for lists too."""
        reason = {"stated": self.stated, "set": self.set_reason, "verified": self.verified, "fault": self.fault}
        reason["detail"] = self.detail
        return {
            "number": self.number,
            "order": self.order,
            "kind": self.kind,
            "reason": reason,
            "owner": self.owner,
            "decision": self.decision,
            "decided": self.decided.document() if self.decided else None,
            "paid_against": self.decided.against.document() if self.decided and self.decided.against else None,
            "goods": self.goods,
            "money": self.money_axis,
            "replacement": self.replacement,
            "platform_action": self.platform_action,
            "platform_status": self.platform_status,
            "platform_number": self.platform_number,
            "there": dict(self.there),
            "stage": self.stage,
            "applied_at": instant(self.applied_at),
            "lines": [_line_document(line) for line in self.lines],
            **self.so_far.document(),
            "collect": money(Money(self.judgement.amount.collect, self.due.currency)),
            "verdict": str(self.judgement.verdict),
            "findings": [finding_document(finding) for finding in self.judgement.findings],
            "waived": [finding.rule for finding in self.judgement.findings if finding.waived_by],
            "clocks": [clock_document(clock) for clock in self.clocks],
            "payouts": [dict(payout) for payout in self.payouts],
            "parcels": list(self.parcels),
            "earlier": list(self.earlier),
            "stands_out": list(self.stands_out),
            "policy": self.policy,
            "order_facts": dict(self.order_facts),
            "note": self.note,
            "flag": self.flag,
            "contacts": self.contacts,
            "extended_days": self.extended,
            **(self.beside.document() if self.beside else {}),
            "proposal": self.proposal,
            "ask_buyer": self.ask_buyer,
            "next": self.next_step,
            "return_address": self.return_address,
            "offers": [dict(offer) for offer in self.offers],
            "version": self.version,
        }

    def draw(self, screen: Screen) -> None:
        """The case on one screen."""
        title = _("Case {number}  {kind}  {stage}")
        stage = word(self.stage)
        screen.line(title.format(number=self.number, kind=word(self.kind), stage=stage), "bold")
        pairs(screen, self._facts())
        for fact in self.stands_out:
            screen.line("▸ " + fact)
        columns = [Column(_("SKU"), "id"), Column(_("Title")), Column(_("Pieces"), "count"), Column(_("In"), "count")]
        columns.append(Column(_("Due"), "money"))
        rows = [(x.sku or x.line, x.title, str(x.quantity), str(x.accepted), money_text(x.due)) for x in self.lines]
        beside = self.due.minor - sum(line.due.minor for line in self.lines)
        if beside > 0:
            rows.append((_("Freight"), "", "", "", money_text(Money(beside, self.due.currency))))
        screen.table(columns, rows)
        for each in self.lines:
            if each.want is not None and each.quantity and each.want != each.sku:
                screen.line("  " + each.wish)
        screen.line(_("Verdict: {answer}").format(answer=word(self.judgement.verdict)), "bold")
        for finding in self.judgement.findings:
            for line in finding_lines(finding):
                screen.line("  " + line, "yellow" if finding.answer != Answer.YES else "")
        for clock in self.clocks:
            screen.line("  " + clock_line(clock))
        for offer in self.offers:
            screen.line("  " + offer_line(offer))
        pairs(screen, [(_("To the buyer"), self.ask_buyer), (_("Propose"), self.proposal)])
        draw_next(screen, self.next_step)
        if self.stage == "to_withdraw_there":
            screen.line(self._open_there(), "yellow")

    def _open_there(self) -> str:
        """What the buyer is to be told who took back here what is still open on the platform."""
        if self.open_there_until is None:
            return _("Open on the platform still: have the buyer withdraw it there")
        text = _("Open on the platform still: have the buyer withdraw it there by {at}")
        return text.format(at=until(self.open_there_until))

    def _facts(self) -> Sequence[tuple[str, str]]:
        reason = self.verified or self.set_reason or self.stated
        return [
            (_("Order"), self.order),
            *((_(_ORDER_FACTS[name]), text) for name, text in self.order_facts.items()),
            (_("Reason"), " ".join(part for part in (f"{word(reason)}（{word(self.fault)}）", self.detail) if part)),
            (_("Applied"), when(self.applied_at)),
            (_("Owner"), self.owner),
            (_("Decided"), self.decided.sentence() if self.decided else ""),
            (_("On the platform"), f"{self.platform_number} {said_there(self.platform_status)}".strip()),
            (_("Payment no."), self.there.get("payment_number", "")),
            (_("Agreed there by"), self.there.get("reviewed_by", "")),
            (_("Refunded there by"), self.there.get("refunded_by", "")),
            (_("Money"), self.so_far.sentence()),
            (_("Beside"), self.so_far.beside_sentence()),
            (_("Parcels"), "、".join(self.parcels)),
            (_("Return address"), self.return_address),
            (_("Earlier cases"), "" if self.stands_out else "、".join(self.earlier)),
            (_("Flag"), word(self.flag)),
            (_("Note"), self.note),
            *(self.beside.facts() if self.beside else ()),
        ]


def _line_document(line: CaseLineView) -> dict[str, Any]:
    return {
        "line": line.line,
        "sku": line.sku,
        "quantity": line.quantity,
        "received": line.received,
        "accepted": line.accepted,
        "want": line.want,
        "due": money(line.due),
    }


def clock_document(clock: Clock) -> dict[str, Any]:
    """A clock as the contract has it."""
    due_at = instant(clock.due_at)
    sure = {"estimated": clock.estimated, "unverified": clock.unverified}
    return {"name": clock.name, "due_at": due_at, "source": str(clock.source), **sure}


def how_sure(*, estimated: bool, unverified: bool) -> str:
    """What is to be said behind a deadline: that it was computed, or that nobody has verified the click that met it."""
    if unverified:
        return "（" + _("not verified") + "）"
    return "（" + _("estimated") + "）" if estimated else ""


def clock_word(name: str, source: str, *, estimated: bool) -> str:
    """The word for a clock; the time for the answer is the platform's own deadline where its file tells it."""
    told = name == "first_reply" and source == Source.PLATFORM and not estimated
    return word("platform" if told else name, "clock")


def clock_line(clock: Clock) -> str:
    """A clock as one line."""
    name = clock_word(clock.name, clock.source, estimated=clock.estimated)
    text = _("{name}: by {at}").format(name=name, at=until(clock.due_at))
    return text + how_sure(estimated=clock.estimated, unverified=clock.unverified)


def offer_line(offer: Mapping[str, Any]) -> str:
    """An offer as one line: rung, amount, what the buyer said, what it saved."""
    amount = _offered(offer["amount"]) if offer["amount"]["minor"] else ""
    said = word(offer["state"], "offer")
    text = _("Offered {rung} {amount}: {said}").format(rung=word(offer["rung"]), amount=amount, said=said)
    if "saved" in offer:
        text += _(", {money} saved").format(money=_offered(offer["saved"]))
    return f"{text} {offer['note']}".strip()


def _offered(amount: Mapping[str, Any]) -> str:
    """An amount of an offer's document as people read it."""
    return money_text(Money(amount["minor"], amount["currency"]))


@dataclass(frozen=True)
class CasesView(View):
    """Several cases as a list."""

    cases: tuple[CaseView, ...]

    def document(self) -> dict[str, Any]:
        """`cases[]`."""
        return {"cases": [case.case_document() for case in self.cases]}

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
    reason = word(case.verified or case.set_reason or case.stated)
    by = "-" if case.clock is None else _("not verified") if case.clock.unverified else when(case.clock.due_at)
    kind = f"{word(case.flag)} {word(case.kind)}" if case.flag else word(case.kind)
    out = case.so_far.sent + case.so_far.clicked
    left = (money_text(amount) if amount.minor else "-" for amount in (out, case.so_far.paid))
    return case.number, kind, word(case.stage), reason, money_text(case.due), *left, by


@dataclass(frozen=True)
class Fixed:
    """How a case was decided and what was due by it; `there` says that it was decided on its platform."""

    decision: str
    due: Money
    there: bool

    def sentence(self) -> str:
        """The decision as one line."""
        text = _("Decided: {decision}; {due} fixed then")
        if self.there:
            text = _("Decided on the platform: {decision}; {due} due by it (nobody here had agreed)")
        return text.format(decision=word(self.decision), due=money_text(self.due))


@dataclass(frozen=True)
class ExplainView(View):
    """Why this verdict, why this amount, and how far it has come."""

    number: str
    judgement: Judgement
    currency: str
    so_far: CaseMoney
    fixed: Fixed | None = None
    decided: Decided | None = None
    policy: str = ""

    def document(self) -> dict[str, Any]:
        """`verdict`, `findings[]`, `amount`; `due`, `paid` and what else is told of the money on `case show`."""
        amount = self.judgement.amount
        steps = [step_document(step, self.currency) for step in amount.steps]
        return {
            "case": self.number,
            "policy": self.policy,
            "verdict": str(self.judgement.verdict),
            "findings": [finding_document(finding) for finding in self.judgement.findings],
            **self.so_far.document(),
            "amount": {
                "due": money(Money(amount.due, self.currency)),
                "collect": money(Money(amount.collect, self.currency)),
                "steps": steps,
            },
        }

    def draw(self, screen: Screen) -> None:
        """The findings, each with its article, then the derivation."""
        verdict = word(self.judgement.verdict)
        screen.line(_("Case {number}: {verdict}").format(number=self.number, verdict=verdict), "bold")
        for finding in self.judgement.findings:
            for line in finding_lines(finding):
                screen.line("  " + line)
        draw_amount(screen, self.judgement.amount, self.currency)
        if self.decided and self.decided.against:
            screen.line(_("Decided: {ours}").format(ours=self.decided.sentence()))
        elif self.fixed:
            screen.line(self.fixed.sentence())
        pairs(screen, [(_("Money"), self.so_far.sentence()), (_("Beside"), self.so_far.beside_sentence())])
        screen.line(_("Judged by the rules {version}").format(version=self.policy))
