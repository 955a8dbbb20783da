"""Views of offers to a buyer: one that was made, and what is advised."""

from dataclasses import dataclass

from retcli.language import _, aside, series
from retcli.rules.money.minor_units import Money
from retcli.views.base import Screen, View, draw_next, money_text
from retcli.views.casefile.case_offers import OfferLine
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class AboveFreight:
    """A compensation is more than the freight of its order."""

    amount: Money
    freight: Money

    def sentence(self) -> str:
        """The warning as one line."""
        text = _("{amount} is more than the freight of {freight}: compensation normally stays within it")
        return text.format(amount=money_text(self.amount), freight=money_text(self.freight))


def accepted_offer(rung: str, amount: Money) -> str:
    """The reason that is kept with a payout that rests on an accepted offer alone."""
    return _("offer accepted: {rung} {amount}").format(rung=word(rung), amount=money_text(amount))


@dataclass(frozen=True)
class OfferView(View):
    """One offer with the next command; `dear` where it is more than is usual."""

    KEYS = ("case", "offer", "next", "warnings")

    case: str
    offer: OfferLine
    next: str
    dear: AboveFreight | None = None

    @property
    def warning(self) -> str:
        """The warning as text; "" for none."""
        return self.dear.sentence() if self.dear else ""

    @property
    def warnings(self) -> list[str]:
        """The warning as a list for the document; empty for none."""
        return [self.warning] if self.warning else []

    def draw(self, screen: Screen) -> None:
        """Shows the offer, its warning and the next command."""
        screen.line(f"{self.case}  {self.offer.sentence()}")
        if self.warning:
            screen.line(self.warning, "yellow")
        draw_next(screen, self.next)


@dataclass(frozen=True)
class AdviceLine(Documented):
    """A remedy that is advised: its steps in the order to try them (`then`), why (`reason`, a message id), and the
    command of each step.
    """

    KEYS = ("then", "why", "commands")

    then: tuple[str, ...]
    reason: str
    commands: tuple[str, ...]

    @property
    def why(self) -> str:
        """Why it is advised, in the reader's language."""
        return _(self.reason)


@dataclass(frozen=True)
class AdviceView(View):
    """What to offer on a case; from `least` to `most` (None: no limit) the operator may give alone."""

    KEYS = ("case", "reason", "categories", "remedies", "due", "limits", "offers", "saved")

    case: str
    reason: str
    categories: tuple[str, ...]
    remedies: tuple[AdviceLine, ...]
    due: Money
    least: Money
    most: Money | None
    offers: tuple[OfferLine, ...]
    saved: Money

    @property
    def limits(self) -> dict[str, Money | None]:
        """The least and the most that the operator may give alone; None for no limit."""
        return {"least": self.least, "most": self.most or None}

    def _limits_text(self) -> str:
        """The limits in words."""
        if self.most is None:
            return _("You may offer any amount")
        text = _("You may offer from {least} to {most}")
        return text.format(least=money_text(self.least), most=money_text(self.most))

    def draw(self, screen: Screen) -> None:
        """Shows why and what to offer, each step with its command, then the offers so far."""
        goods = series(self.categories)
        head = _("Case {case}: {reason}, {due} due").format(
            case=self.case, reason=word(self.reason), due=money_text(self.due)
        )
        screen.line(aside(head, goods), "bold")
        for line in self.remedies:
            screen.line(line.why)
            for place, (what, command) in enumerate(zip(line.then, line.commands, strict=True), 1):
                screen.line(f"  {place}. {word(what)}  {command}".rstrip())
        screen.line(self._limits_text())
        for offer in self.offers:
            screen.line("  " + offer.sentence())
        if self.saved:
            screen.line(_("Saved so far: {money}").format(money=money_text(self.saved)), "bold")
