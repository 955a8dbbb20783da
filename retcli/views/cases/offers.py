"""The ladder as people and scripts see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from retcli.language import _
from retcli.rules.money.minor_units import Money
from retcli.views.base import Screen, View, draw_next, money, money_text
from retcli.views.casefile.cases import offer_line
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

    case: str
    offer: Mapping[str, Any]
    next_step: str
    dear: AboveFreight | None = None

    @property
    def warning(self) -> str:
        """What to think of before it is paid; empty where nothing is."""
        return self.dear.sentence() if self.dear else ""

    def document(self) -> dict[str, Any]:
        """`case`, `offer`, `next`, `warnings[]`."""
        warnings = [self.warning] if self.warning else []
        return {"case": self.case, "offer": dict(self.offer), "next": self.next_step, "warnings": warnings}

    def draw(self, screen: Screen) -> None:
        """The offer, a warning, what to type next."""
        screen.line(f"{self.case}  {offer_line(self.offer)}")
        if self.warning:
            screen.line(self.warning, "yellow")
        draw_next(screen, self.next_step)


@dataclass(frozen=True)
class AdviceLine:
    """What is advised, in the order to try it, why (a message id), and the command of each."""

    then: tuple[str, ...]
    why: str
    commands: tuple[str, ...]


@dataclass(frozen=True)
class AdviceView(View):
    """What to offer on a case; `least` and `most` is what the operator may give alone."""

    case: str
    reason: str
    categories: tuple[str, ...]
    lines: tuple[AdviceLine, ...]
    due: Money
    least: Money
    most: Money | None
    offers: tuple[Mapping[str, Any], ...]
    saved: Money

    def document(self) -> dict[str, Any]:
        """`remedies[]`, `limits`, `offers[]`, `saved`."""
        remedies = [{"then": list(x.then), "why": _(x.why), "commands": list(x.commands)} for x in self.lines]
        most = money(self.most) if self.most else None
        return {
            "case": self.case,
            "reason": self.reason,
            "categories": list(self.categories),
            "remedies": remedies,
            "due": money(self.due),
            "limits": {"least": money(self.least), "most": most},
            "offers": [dict(offer) for offer in self.offers],
            "saved": money(self.saved),
        }

    def _limits(self) -> str:
        """What the operator may give alone."""
        if self.most is None:
            return _("You may offer any amount")
        text = _("You may offer from {least} to {most}")
        return text.format(least=money_text(self.least), most=money_text(self.most))

    def draw(self, screen: Screen) -> None:
        """Why and what, each with its command; then what was offered before."""
        goods = "、".join(self.categories)
        head = _("Case {case}: {reason}, {due} due").format(
            case=self.case, reason=word(self.reason), due=money_text(self.due)
        )
        screen.line(f"{head}（{goods}）" if goods else head, "bold")
        for line in self.lines:
            screen.line(_(line.why))
            for place, (what, command) in enumerate(zip(line.then, line.commands, strict=True), 1):
                screen.line(f"  {place}. {word(what)}  {command}".rstrip())
        screen.line(self._limits())
        for offer in self.offers:
            screen.line("  " + offer_line(offer))
        if self.saved:
            screen.line(_("Saved so far: {money}").format(money=money_text(self.saved)), "bold")
