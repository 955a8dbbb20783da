"""Payouts as people and scripts see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from retcli.language import _
from retcli.rules.money.minor_units import Money
from retcli.views.base import Column, Screen, View, money_text
from retcli.views.casefile.case_money import standing
from retcli.words import way_of_payment, word


@dataclass(frozen=True)
class PayoutView(View):
    """One payout, and what follows from its state; one that was `clicked` left by a click that is not verified; `rest`
    is what of a refund is not due yet; one that was `called_off` never left, `awaits_goods` where its goods come back
    undelivered first.
    """

    ENVELOPE = "payout"
    KEYS = (
        *("number", "case", "kind", "method", "payee", "money", "state", "clicked", "request"),
        *("decided_by", "approved_by", "origin"),
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
    clicked: bool = False
    rest: Money | None = None
    platform: str = ""
    called_off: bool = False
    awaits_goods: bool = False

    @property
    def way(self) -> str:
        """The word for how it is paid."""
        return way_of_payment(self.method, self.platform, self.money.currency)

    @property
    def standing(self) -> str:
        """The word for how far it has come."""
        if self.called_off:
            return _("called off: its goods come back first") if self.awaits_goods else _("called off")
        return word("clicked", "payout") if self.clicked else standing(self.state, self.method)

    def draw(self, screen: Screen) -> None:
        """One line, then what to do next."""
        screen.line(self._line())
        self._draw_next(screen)

    def _line(self) -> str:
        text = _("{number}: {kind} {money} by {method} for {case}: {state}")
        return text.format(
            number=self.number,
            kind=word(self.kind),
            money=money_text(self.money),
            method=self.way,
            case=self.case,
            state=self.standing,
        )

    def _draw_next(self, screen: Screen) -> None:
        """What has to be done with it as it stands; nothing where its way is over."""
        if self.state == "waiting":
            text = _("Above the limit of {who}: somebody else approves it with retcli pay approve {number}")
            screen.line(text.format(who=self.decided_by, number=self.number), "yellow")
        elif self.clicked:
            screen.line(_("The platform's next refund report verifies it: retcli import FILE"))
        elif self.state == "due" and self.method == "original":
            screen.line(_("It leaves by the click on the platform: retcli platform todo"))
            if self.rest:
                once = _("The platform pays a refund once: click when the other {rest} is due too")
                screen.line(once.format(rest=money_text(self.rest)), "yellow")
        elif self.state == "due":
            screen.line(_("Request number {request}; once it is on its way: retcli pay sent {number}").format(
                request=self.request, number=self.number))  # fmt: skip


@dataclass(frozen=True)
class PayoutsView(View):
    """Several payouts as a list."""

    payouts: tuple[PayoutView, ...]

    def draw(self, screen: Screen) -> None:
        """One payout a row."""
        if not self.payouts:
            screen.line(_("No such payouts"))
            return
        columns = [Column(_("Payout"), "id"), Column(_("Case"), "id"), Column(_("Kind")), Column(_("Amount"), "money")]
        columns += [Column(_("Method")), Column(_("State")), Column(_("Decided by"), spare=True)]
        screen.table(columns, [_row(payout) for payout in self.payouts])


def _row(payout: PayoutView) -> Sequence[str]:
    by = payout.decided_by + (f" + {payout.approved_by}" if payout.approved_by else "")
    return (
        payout.number,
        payout.case,
        word(payout.kind),
        money_text(payout.money),
        payout.way,
        payout.standing,
        by,
    )
