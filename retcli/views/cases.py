"""A case as people and scripts see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from retcli.language import _, mark
from retcli.rules.cases import Judgement
from retcli.rules.clocks import Clock
from retcli.rules.findings import Answer
from retcli.rules.money import Money
from retcli.rules.policy import OWN_CURRENCY
from retcli.views.base import Column, Screen, View, instant, money, money_text, pairs, until, when
from retcli.views.beside import Beside
from retcli.views.findings import draw_amount, finding_document, finding_line, step_document
from retcli.views.words import word

_ORDER_FACTS = {"paid": mark("Paid"), "sent": mark("Sent"), "signed": mark("Signed")}


_NONE = Money(0, OWN_CURRENCY)


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
class Decided:
    """Who decided a case (a person, a version of the rules, a platform) and the reason that a person gave."""

    by: str
    kind: str
    at: datetime
    because: str

    def document(self) -> dict[str, Any]:
        """`by, as (person, rule, platform), at, because`."""
        return {"by": self.by, "as": self.kind, "at": instant(self.at), "because": self.because}

    def sentence(self) -> str:
        """The decision as one line."""
        who = word(self.by) if self.kind == "platform" else self.by
        told = _("{at} {who}（{kind}）").format(at=when(self.at), who=who, kind=word(self.kind, "decided"))
        return f"{told} {self.because}".strip()


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
    due: Money
    paid: Money
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
    sent: Money = _NONE
    to_send: Money = _NONE
    waiting: Money = _NONE
    agreed: Money | None = None
    there: Mapping[str, str] = field(default_factory=dict)

    @property
    def clock(self) -> Clock | None:
        """The clock that counts: the first to end."""
        return next(iter(self.clocks), None)

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
            text = _("Nobody spoke to the buyer yet: retcli case contact {case} --by phone --result …")
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
            "due": money(self.due),
            "paid": money(self.paid),
            "sent": money(self.sent),
            "to_send": money(self.to_send),
            "waiting": money(self.waiting),
            "agreed": money(self.agreed) if self.agreed else None,
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
        screen.table(columns, rows)
        for line in self.lines:
            if line.want is not None and line.quantity and line.want != line.sku:
                screen.line("  " + line.wish)
        screen.line(_("Verdict: {answer}").format(answer=word(self.judgement.verdict)), "bold")
        for finding in self.judgement.findings:
            screen.line("  " + finding_line(finding), "yellow" if finding.answer != Answer.YES else "")
        for clock in self.clocks:
            screen.line("  " + clock_line(clock))
        for offer in self.offers:
            screen.line("  " + offer_line(offer))
        pairs(screen, [(_("Propose"), self.proposal), (_("Next"), self.next_step)])

    def _money(self) -> str:
        """What was agreed, and of it what waits, is to be sent, was sent and has arrived; without what is nothing."""
        told = [_("{due} due").format(due=money_text(self.due))]
        if self.agreed and self.agreed != self.due:
            told.append(_("{agreed} agreed").format(agreed=money_text(self.agreed)))
        texts = (
            (self.waiting, _("{money} waits for a second person")),
            (self.to_send, _("{money} to be sent")),
            (self.sent, _("{money} on its way")),
            (self.paid, _("{money} arrived")),
        )
        told += [text.format(money=money_text(amount)) for amount, text in texts if amount.minor]
        if not any(amount.minor for amount, _text in texts):
            told.append(_("nothing paid"))
        return "、".join(told)

    def _facts(self) -> Sequence[tuple[str, str]]:
        reason = self.verified or self.set_reason or self.stated
        return [
            (_("Order"), self.order),
            *((_(_ORDER_FACTS[name]), text) for name, text in self.order_facts.items()),
            (_("Reason"), " ".join(part for part in (f"{word(reason)}（{word(self.fault)}）", self.detail) if part)),
            (_("Applied"), when(self.applied_at)),
            (_("Owner"), self.owner),
            (_("Decided"), self.decided.sentence() if self.decided else ""),
            (_("On the platform"), f"{self.platform_number} {self.platform_status}".strip()),
            (_("Payment no."), self.there.get("payment_number", "")),
            (_("Agreed there by"), self.there.get("reviewed_by", "")),
            (_("Refunded there by"), self.there.get("refunded_by", "")),
            (_("Money"), self._money()),
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
    return {"name": clock.name, "due_at": due_at, "source": str(clock.source), "estimated": clock.estimated}


def clock_line(clock: Clock) -> str:
    """A clock as one line."""
    text = _("{name}: by {at}").format(name=word(clock.name, "clock"), at=until(clock.due_at))
    return text + ("（" + _("estimated") + "）" if clock.estimated else "")


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
        columns += [Column(_("Due"), "money"), Column(_("By"), "time")]
        screen.table(columns, [_row(case) for case in self.cases])


def _row(case: CaseView) -> Sequence[str]:
    reason = word(case.verified or case.set_reason or case.stated)
    by = when(case.clocks[0].due_at) if case.clocks else "-"
    kind = f"{word(case.flag)} {word(case.kind)}" if case.flag else word(case.kind)
    return case.number, kind, word(case.stage), reason, money_text(case.due), by


@dataclass(frozen=True)
class ExplainView(View):
    """Why this verdict, why this amount."""

    number: str
    judgement: Judgement
    currency: str
    decided: str = ""
    policy: str = ""

    def document(self) -> dict[str, Any]:
        """`verdict`, `findings[]`, `amount`."""
        amount = self.judgement.amount
        steps = [step_document(step, self.currency) for step in amount.steps]
        return {
            "case": self.number,
            "policy": self.policy,
            "verdict": str(self.judgement.verdict),
            "findings": [finding_document(finding) for finding in self.judgement.findings],
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
            screen.line("  " + finding_line(finding))
        draw_amount(screen, self.judgement.amount, self.currency)
        if self.decided:
            screen.line(self.decided)
        screen.line(_("Judged by the rules {version}").format(version=self.policy))


@dataclass(frozen=True)
class ActionItem:
    """One thing to click in the platform's back-end."""

    case: str
    platform_number: str
    order: str
    action: str
    money: Money
    due_at: datetime | None
    state: str
    paste: str = ""
    missed: int = 0


@dataclass(frozen=True)
class TodoView(View):
    """What must still be clicked on the platform."""

    items: tuple[ActionItem, ...]
    heading: str = ""

    def document(self) -> dict[str, Any]:
        """`items[]`."""
        return {
            "items": [
                {
                    "case": item.case,
                    "platform_number": item.platform_number,
                    "order": item.order,
                    "action": item.action,
                    "money": money(item.money),
                    "due_at": instant(item.due_at),
                    "state": item.state,
                    "paste": item.paste,
                    "missed": item.missed,
                }
                for item in self.items
            ]
        }

    def draw(self, screen: Screen) -> None:
        """One action a row, with what to paste."""
        if not self.items:
            screen.line(_("Nothing to click on the platform"))
            return
        columns = [Column(_("Case"), "id"), Column(_("Refund number"), "id"), Column(_("To click"))]
        columns += [Column(_("Amount"), "money"), Column(_("By"), "time")]
        rows = [
            (x.case, x.platform_number or x.order, _what(x), money_text(x.money), when(x.due_at)) for x in self.items
        ]
        screen.table(columns, rows, self.heading)
        screen.line(_("When they are clicked: retcli platform done CASE"))


def _what(item: ActionItem) -> str:
    """The click, what to paste, and whether it was said to be done before and was not."""
    missed = _("(marked as clicked before; the platform still waits)") if item.missed else ""
    return " ".join(part for part in (word(item.action), item.paste, missed) if part)
