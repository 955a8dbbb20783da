"""The view of a case with everything computed about it (the card), and of several cases as a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from retcli.language import _, aside, clauses, series
from retcli.rules.casefile.clocks import Clock, counting, pressing
from retcli.rules.casefile.findings import Answer
from retcli.rules.casefile.verdict import Judgement
from retcli.rules.lifecycles import Decision
from retcli.rules.money.minor_units import Money
from retcli.views.base import Column, Screen, View, money_text, when
from retcli.views.casefile.applied_for import AppliedFor
from retcli.views.casefile.case_history import HistoryLine
from retcli.views.casefile.case_money import OWED_AGAIN, CaseMoney, draw_beside
from retcli.views.casefile.case_offers import CasePayout, OfferLine, taken_back_text
from retcli.views.casefile.case_standing import AtTheDesk, GoodsMoving, OnPlatform, Standing
from retcli.views.casefile.decided import Decided, PaidAgainst
from retcli.views.casefile.findings import Judged, asked_of_buyer
from retcli.views.casefile.highlights import StandsOut
from retcli.views.casefile.order_progress import OrderProgress
from retcli.views.casefile.proposals import Amends, WayBack
from retcli.views.casefile.written_beside import Beside
from retcli.views.documents import Documented
from retcli.words import word

if TYPE_CHECKING:
    from retcli.views.casefile.fallen_agreements import FallenAgreements
    from retcli.views.money.lacking_goods import LackingSums


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
        """The pieces as ``SKU ×N``, with the goods that an exchange brings for them."""
        text = f"{self.sku} ×{self.quantity}"
        if self.want == "":
            return _("{pieces} (to be sent: not said)").format(pieces=text)
        if self.want is None:
            return text
        if self.want == self.sku:
            return _("{pieces}, the same again").format(pieces=text)
        return _("{pieces}, {sku} instead").format(pieces=text, sku=self.want)


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


@dataclass(frozen=True, kw_only=True)
class CaseInBrief:
    """What the day's list has of a case: where it stands, what is next, by when, and its money."""

    number: str
    order: str
    kind: str
    owner: str
    standing: Standing
    lines: tuple[CaseLineView, ...]
    so_far: CaseMoney
    judgement: Judgement
    clocks: tuple[Clock, ...]
    seen_at: datetime  # when it was looked at
    buyer: Buyer
    next: str = ""
    at_stake: Money | None = None
    awaits_goods: int = 0  # minor units that are due only once the goods are in
    protection: bool = False  # the platform's price protection, which is no price cut of ours

    @property
    def unpaid(self) -> int:
        """The minor units that may leave by now and for which there is no payout."""
        return max(self.so_far.undecided - self.awaits_goods, 0)

    @property
    def owed_beside(self) -> tuple[Money, ...]:
        """What was given beside the refund in money, came back and is owed again, by kind."""
        return tuple(each.money for each in self.so_far.beside if each.state == OWED_AGAIN and each.in_money)

    @property
    def stage(self) -> str:
        """Where the case stands, in one word for people, as a code."""
        return self.standing.stage

    @property
    def due(self) -> Money:
        """The amount that is due on the case."""
        return self.so_far.due

    @property
    def paid(self) -> Money:
        """The amount of refunds that have arrived."""
        return self.so_far.paid

    @property
    def clock(self) -> Clock | None:
        """The clock that the case is shown with; None where none runs."""
        return counting(self.clocks)

    @property
    def urgency(self) -> str:
        """How much that clock presses."""
        return pressing(self.clock, self.seen_at)


@dataclass(frozen=True, kw_only=True)
class CaseView(CaseInBrief, Judged, View):
    """One case with its judgement, clocks, money and history."""

    ENVELOPE = "case"
    KEYS = (
        *("number", "order", "buyer", "kind", "reason", "words", "owner", "decision", "decided", "paid_against"),
        *("**standing", "**on_platform", "stage"),
        *(
            "applied_at",
            "applied_anew_at",
            "lines",
            "**so_far",
            "collect",
            "verdict",
            "findings",
            "waived",
            "clocks",
            "payouts",
        ),
        *("**goods_moving", "earlier", "stands_out", "policy", "order_facts", "**at_the_desk", "**written_beside"),
        *("proposal", "ask_buyer", "next", "return_address", "offers", "history", "version"),
    )

    reason: CaseReason
    decision: str
    on_platform: OnPlatform
    goods_moving: GoodsMoving
    at_the_desk: AtTheDesk
    version: int
    applied_at: datetime
    applied_anew_at: datetime | None
    order_progress: OrderProgress
    words: str
    applied_for: AppliedFor | None = None
    payouts: tuple[CasePayout, ...] = ()
    earlier: tuple[str, ...] = ()
    highlights: StandsOut | None = None
    policy: str = ""
    written_beside: Beside | None = None
    proposals: tuple[Amends | WayBack, ...] = ()
    offers: tuple[OfferLine, ...] = ()
    decided: Decided | None = None
    history: tuple[HistoryLine, ...] = ()
    about: str = ""  # what an act on it was about: an entry of the register, facts as they were typed

    def acted(self, action: str) -> View:
        """A line about what changed, instead of the card, for actions that have one."""
        from retcli.views.casefile.acted import DONE, Acted  # here, since that module imports this one

        return Acted(self, action) if action in DONE else self

    @property
    def wish(self) -> str:
        """What is asked for: the kind, and the pieces of each line with what is to be sent for them."""
        return f"{word(self.kind)} {series(line.wish for line in self.lines if line.quantity)}".strip()

    @property
    def money(self) -> str:
        """Where its money stands, as a code."""
        return self.standing.money

    @property
    def platform_number(self) -> str:
        """Its number on the platform; "" where no list told of it."""
        return self.on_platform.platform_number

    @property
    def return_address(self) -> str:
        """Where the buyer sends the goods; "" unless they are awaited."""
        return self.goods_moving.return_address

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
    def ask_buyer(self) -> str:
        """What to write to the buyer: of an undecided case to get evidence, and what becomes of a payment taken back;
        "" where there is nothing to say.
        """
        asked = asked_of_buyer(self.judgement.findings) if self.decision == Decision.REQUESTED else ""
        return " ".join(filter(None, (asked, taken_back_text(self.payouts, self.due, self.so_far.paid))))

    @property
    def headline(self) -> str:
        """The case on one line: number, order, kind, stage."""
        return f"{self.number}  {self.order}  {word(self.kind)}  {word(self.stage)}"

    @property
    def against_refusal(self) -> tuple[str, ...]:
        """Warnings before a refusal: that it was agreed to, that the goods are back or on their way, that every finding
        says yes, and that nobody spoke to the buyer.
        """
        warnings = []
        if self.decision == Decision.APPROVED and self.decided:
            warnings.append(_("It was agreed to before: {decided}").format(decided=self.decided.sentence()))
        if self.goods_moving.parcels:
            text = _("The buyer's goods are on their way or here ({parcels}): they are the buyer's and go back")
            warnings.append(text.format(parcels=series(self.goods_moving.parcels)))
        if self.decision == "requested" and self.judgement.verdict == Answer.YES:
            rights = [
                finding.basis
                for finding in self.judgement.findings
                if finding.rule in {"window", "quality", "unshipped"}
            ]
            text = _("Every finding says yes ({basis}): a refusal goes on the list of what was overruled")
            warnings.append(text.format(basis=series(_(basis) for basis in rights) or "-"))
        if not self.at_the_desk.contacts:
            text = _("Nobody spoke to the buyer yet: retcli case contact {case} --by phone --result RESULT")
            warnings.append(text.format(case=self.number))
        return tuple(warnings)

    def draw(self, screen: Screen) -> None:
        """The case on one screen."""
        from retcli.views.casefile.card import draw_whole  # which shows cases

        draw_whole(screen, self)


@dataclass(frozen=True)
class CasesView(View):
    """Several cases as a table; below it what left for goods that never came, or what had been agreed to on each and
    fell, where these were asked for.
    """

    KEYS = ("cases", "**foot")

    cases: tuple[CaseView, ...]
    lacking: "LackingSums | None" = None
    fell: "FallenAgreements | None" = None

    @property
    def foot(self) -> "Mapping[str, LackingSums | FallenAgreements] | None":
        """The keys `without_goods` and `fell` of the document, each only where it was asked for; None for neither."""
        foot: dict[str, LackingSums | FallenAgreements] = {}
        if self.lacking is not None:
            foot["without_goods"] = self.lacking
        if self.fell is not None:
            foot["fell"] = self.fell
        return foot or None

    def draw(self, screen: Screen) -> None:
        """Shows a row for each case."""
        if not self.cases:
            screen.line(_("No such cases"))
            return
        columns = [Column(_("Case"), "id"), Column(_("Kind"), spare=True), Column(_("Stage"))]
        columns += [
            Column(_("Reason"), spare=True),
            Column(_("Due"), "money"),
            Column(_("Paid out"), "money", spare=True),
        ]
        columns += [Column(_("Arrived"), "money", spare=True), Column(_("By"), "time")]
        screen.table(columns, [_row(case) for case in self.cases])
        draw_beside(screen, ((case.number, case.so_far.beside) for case in self.cases))
        for line in self.lacking.lines() if self.lacking else ():
            screen.line(line)
        due = {case.number: case.due for case in self.cases}
        for fallen in self.fell.each if self.fell else ():
            if fallen.case in due:
                screen.line(fallen.line(due[fallen.case]))


def _row(case: CaseView) -> tuple[str, ...]:
    """The cells of a case in the table."""
    by = "-" if case.clock is None else _("not verified") if case.clock.unverified else when(case.clock.due_at)
    flag = case.at_the_desk.flag
    kind = f"{word(flag)} {word(case.kind)}" if flag else word(case.kind)
    out = case.so_far.sent + case.so_far.clicked
    left = (money_text(amount) if amount.minor else "-" for amount in (out, case.so_far.paid))
    return case.number, kind, word(case.stage), word(case.reason.code), money_text(case.due), *left, by
