"""The ladder as people and scripts see it."""

from dataclasses import dataclass

from retcli.language import _, aside, series
from retcli.rules.money.minor_units import Money
from retcli.views.base import Screen, View, draw_next, money_text
from retcli.views.casefile.case_offers import OfferLine
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class AboveFreight:
    """A compensation that is more than the freight of its order."""

    amount: Money
    freight: Money

    def sentence(self) -> str:
        """The warning as one line."""
        text = _("{amount} is more than the freight of {freight}: compensation normally stays within it")
        return text.format(amount=money_text(self.amount), freight=money_text(self.freight))


def accepted_offer(rung: str, amount: Money) -> str:
    """The reason that is kept for what was paid by an offer alone."""
    return _("offer accepted: {rung} {amount}").format(rung=word(rung), amount=money_text(amount))


@dataclass(frozen=True)
class OfferView(View):
    """One offer, the command that follows, and a warning where it is `dear`."""

    KEYS = ("case", "offer", "next", "warnings")

    case: str
    offer: OfferLine
    next: str
    dear: AboveFreight | None = None

    @property
    def warning(self) -> str:
        """What to think of before it is paid; empty where nothing is."""
        return self.dear.sentence() if self.dear else ""

    @property
    def warnings(self) -> list[str]:
        """What to think of, as a list."""
        return [self.warning] if self.warning else []

    def draw(self, screen: Screen) -> None:
        """The offer, a warning, what to type next."""
        screen.line(f"{self.case}  {self.offer.sentence()}")
        if self.warning:
            screen.line(self.warning, "yellow")
        draw_next(screen, self.next)


@dataclass(frozen=True)
class AdviceLine(Documented):
    """What is advised, in the order to try it, why (a message id), and the command of each."""

    KEYS = ("then", "why", "commands")

    then: tuple[str, ...]
    reason: str
    commands: tuple[str, ...]

    @property
    def why(self) -> str:
        """Why, in the reader's language."""
        return _(self.reason)


@dataclass(frozen=True)
class AdviceView(View):
    """What to offer on a case; `least` and `most` is what the operator may give alone."""

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
        """The least and the most that the operator may give alone, None where there is no such limit."""
        return {"least": self.least, "most": self.most or None}

    def _limits_text(self) -> str:
        """What the operator may give alone."""
        if self.most is None:
            return _("You may offer any amount")
        text = _("You may offer from {least} to {most}")
        return text.format(least=money_text(self.least), most=money_text(self.most))

    def draw(self, screen: Screen) -> None:
        """Why and what, each with its command; then what was offered before."""
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
