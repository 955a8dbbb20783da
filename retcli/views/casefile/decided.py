"""Who decided a case, and what its platform did against that decision."""

from dataclasses import dataclass
from datetime import datetime

from retcli.language import _
from retcli.rules.casefile.amounts import Step
from retcli.rules.money.minor_units import Money
from retcli.views.base import money_text, when
from retcli.views.casefile.findings import sentence
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class PaidAgainst(Documented):
    """What a platform (`by`) paid on a case that had been turned down here, and when its report was read (UTC)."""

    by: str
    at: datetime
    money: Money

    def sentence(self, ours: str) -> str:
        """Our decision (`ours`, in words) with the platform's against it."""
        if not self.money.minor:
            return _("{ours}; {platform} agreed to it all the same").format(ours=ours, platform=word(self.by))
        text = _("{ours}; {platform} refunded {money} all the same")
        return text.format(ours=ours, platform=word(self.by), money=money_text(self.money))


@dataclass(frozen=True)
class Decided(Documented):
    """Who decided a case, `as_` what (``person``, ``rule``, ``platform``), when (UTC), and the reason that a person
    gave; a rule is named by the version of the policy.
    """

    KEYS = ("by", "as_", "at", "because")

    by: str
    as_: str
    at: datetime
    because: str
    decision: str = ""
    against: PaidAgainst | None = None

    def sentence(self) -> str:
        """The decision as one line."""
        who = word(self.by) if self.as_ == "platform" else self.by
        line = _("{at} {who} ({kind})").format(at=when(self.at), who=who, kind=word(self.as_, "decided"))
        line = f"{line} {self.because}".strip()
        return self.against.sentence(f"{line} → {word(self.decision)}") if self.against else line


@dataclass(frozen=True)
class AgreedBefore(Documented):
    """What was agreed to here on an application before the buyer made another one, when (UTC), and who did; whether
    that was `clicked` on the platform, and by which import the new application is known.
    """

    KEYS = ("money", "at", "by", "clicked")

    money: Money
    at: datetime
    by: str
    clicked: bool = False
    imported: int | None = None

    def sentence(self) -> str:
        """The amount, when and by whom."""
        text = _("Before the buyer applied anew, {money} had been agreed to here ({at} {who})")
        if self.clicked:
            text = _("Before the buyer applied anew, {money} had been agreed to here ({at} {who}) and clicked there")
        return text.format(money=money_text(self.money), at=when(self.at), who=self.by)


@dataclass(frozen=True)
class Fixed:
    """How a case was decided and what was fixed as due by that. `there`: on its platform; `beyond` are the steps for
    money on other lines of the order than the case's own; `before` is what had been agreed to here on an earlier
    application.
    """

    decision: str
    due: Money
    there: bool
    beyond: tuple[Step, ...] = ()
    before: AgreedBefore | None = None

    def sentence(self) -> str:
        """The decision as one line."""
        text = _("Decided: {decision}; {due} fixed then")
        if self.there and self.before:
            text = _(
                "Decided on the platform: {decision}; {due} due by it (nobody here had agreed to this application)"
            )
        elif self.there:
            text = _("Decided on the platform: {decision}; {due} due by it (nobody here had agreed)")
        return text.format(decision=word(self.decision), due=money_text(self.due))

    def lines(self) -> list[str]:
        """The decision, then a line for each amount on other lines of the order."""
        amounts = ((step, Money(step.money, self.due.currency)) for step in self.beyond)
        beyond = [f"  {sentence(step.text, step.facts)} {money_text(amount)}" for step, amount in amounts]
        return [self.sentence(), *beyond, *([self.before.sentence()] if self.before else [])]
