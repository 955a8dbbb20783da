"""Views of payouts: one with what follows from its state, and several as a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retcli.language import _
from retcli.rules.imports.questions import FIELDS
from retcli.rules.money.minor_units import Money
from retcli.shellwords import quoted
from retcli.views.base import Column, Screen, View, draw_next, money_text
from retcli.views.casefile.case_money import standing
from retcli.views.documents import Documented
from retcli.words import way_of_payment, word


@dataclass(frozen=True)
class AskedOf(Documented):
    """A question of an import that is open about an order: its number, what it is about, and which value of that."""

    KEYS = ("id", "subject", "field")

    number: int
    subject: str
    field: str

    @property
    def id(self) -> str:
        """The number of the question, as an answer names it."""
        return str(self.number)

    def sentence(self) -> str:
        """The question in one sentence."""
        text = _("Question {n} about this order is open: {subject}, {what}")
        return text.format(n=self.number, subject=self.subject, what=_(FIELDS.get(self.field, self.field)))


@dataclass(frozen=True)
class PayoutView(View):
    """One payout."""

    ENVELOPE = "payout"
    KEYS = (
        *("number", "case", "kind", "method", "payee", "money", "state", "clicked", "request"),
        *("decided_by", "approved_by", "origin", "**asked"),
    )

    number: str
    case: str
    kind: str
    method: str
    payee: str
    money: Money
    state: str
    request: str
    decided_by: str
    approved_by: str | None = None
    origin: str = "own"
    clicked: bool = False  # it left by a click that no import has verified
    rest: Money | None = None  # what of the refund is not due yet
    platform: str = ""
    called_off: bool = False  # it never left
    awaits_goods: bool = False  # called off until its goods are back, undelivered
    money_kind: str = ""  # what it is called where it is shown; "": as its kind is
    reverses: str = ""  # the number of the payout that it takes back
    next: str = ""  # what takes its case on after a step, as `next_step` says it
    stage: str = ""  # where its case stands after a step
    tried: bool = False  # only a trial made it
    questions: tuple[AskedOf, ...] | None = None  # open about its order, where it is the answer to an act

    @property
    def asked(self) -> Mapping[str, tuple[AskedOf, ...]] | None:
        """The open questions for the document of an answer; None in a list."""
        return None if self.questions is None else {"questions": self.questions}

    @property
    def way(self) -> str:
        """The method in words."""
        return way_of_payment(self.method, self.platform, self.money.currency)

    @property
    def kind_word(self) -> str:
        """What its money is, in words."""
        return word(self.money_kind or self.kind, "money")

    @property
    def standing(self) -> str:
        """The state in words."""
        if self.called_off:
            return _("called off: its goods come back first") if self.awaits_goods else _("called off")
        return word("clicked", "payout") if self.clicked else standing(self.state, self.method)

    def draw(self, screen: Screen) -> None:
        """Shows the payout in a line, then what to do next."""
        screen.line(self._line())
        for question in self.questions or ():
            screen.line(question.sentence(), "yellow")
        if self.questions:
            draw_next(screen, "retcli imports questions", _("It waits for an answer"))
        self._draw_next(screen)

    def _line(self) -> str:
        """The payout as one line."""
        text = _("{number}: {kind} {money} by {method} for {case}: {state}")
        if self.tried:
            text = _("Would be made: {kind} {money} by {method} for {case}: {state}")
        if self.reverses:
            text = _("{number}: {kind} {money} by {method} for {case}, takes back {reverses}")
        return text.format(
            reverses=self.reverses,
            number=self.number,
            kind=self.kind_word,
            money=money_text(self.money),
            method=self.way,
            case=self.case,
            state=self.standing,
        )

    def _draw_next(self, screen: Screen) -> None:
        """Shows what has to be done next; nothing for a payout at its end, or that only a trial made."""
        if self.tried:
            return
        if self.state == "waiting":
            text = _("Above the limit of {who}: somebody else approves it")
            screen.line(text.format(who=self.decided_by), "yellow")
            draw_next(screen, f"retcli pay approve {quoted(self.number)}")
        elif self.clicked:
            draw_next(screen, "retcli import FILE", _("The platform's next refund report verifies it"))
        elif self.state == "due" and self.method == "original":
            if self.rest:
                once = _("The platform pays a refund once: click when the other {rest} is due too")
                screen.line(once.format(rest=money_text(self.rest)), "yellow")
            draw_next(screen, "retcli platform todo", _("It leaves by the click on the platform"))
        elif self.state == "due":
            screen.line(_("Request number {request}").format(request=self.request))
            draw_next(screen, f"retcli pay sent {quoted(self.number)}", _("Once it is on its way"))
        elif self.state == "confirmed" and self.stage and not self.reverses:
            screen.line(_("{case}: now {stage}").format(case=self.case, stage=word(self.stage)))
            draw_next(screen, f"retcli case show {self.case}")
        else:
            draw_next(screen, self.next or "retcli today")


@dataclass(frozen=True)
class PayoutsView(View):
    """Several payouts as a table."""

    payouts: tuple[PayoutView, ...]

    def draw(self, screen: Screen) -> None:
        """Shows a row for each payout."""
        if not self.payouts:
            screen.line(_("No such payouts"))
            return
        columns = [Column(_("Payout"), "id"), Column(_("Case"), "id"), Column(_("Kind"), spare=True)]
        columns += [
            Column(_("Amount"), "money"),
            Column(_("Method"), spare=True),
            Column(_("State")),
            Column(_("Decided by"), spare=True),
        ]
        screen.table(columns, [_row(payout) for payout in self.payouts])


def _row(payout: PayoutView) -> Sequence[str]:
    """The cells of a payout in the table."""
    by = payout.decided_by + (f" + {payout.approved_by}" if payout.approved_by else "")
    return (
        payout.number,
        payout.case,
        payout.kind_word,
        money_text(payout.money),
        payout.way,
        payout.standing,
        by,
    )
