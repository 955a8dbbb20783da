"""A case's history, an event a line."""

from dataclasses import dataclass
from datetime import datetime

from retcli.language import _, aside, headed
from retcli.rules.events import Actor
from retcli.rules.money.minor_units import Money
from retcli.views.base import money_text, when
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class HistoryLine(Documented):
    """One event: when, by whom (and whether a person, an import or a rule did it), about which payout or parcel (empty
    for the case itself), what was done; where that is a step of an axis, the status it led to; the money it was about.
    `called_off`: a payout that failed never left; `points` are those by which a parcel went to its case by itself.
    """

    KEYS = ("at", "by", "actor", "subject", "action", "axis", "now", "money")

    at: datetime
    by: str
    actor: str
    subject: str
    action: str
    axis: str
    now: str
    money: Money | None
    called_off: bool = False
    points: str = ""

    def sentence(self) -> str:
        """When, what, by whom."""
        done = headed(word(self.axis, "event"), self._now()) if self.axis else word(self.action, "event")
        amount = money_text(self.money) if self.money else ""
        what = " ".join(filter(None, (self.subject, done, amount)))
        return aside(f"{when(self.at)}  {what}", self._who())

    def _now(self) -> str:
        """The status that the step led to, in words."""
        return _("called off") if self.called_off else word(self.now, self.axis)

    def _who(self) -> str:
        """The person, or what acted in their stead."""
        if self.actor == Actor.IMPORT:
            return _("an import by {who}").format(who=self.by)
        # books of before have such a parcel given by a rule
        if self.actor == Actor.EVIDENCE or (self.actor == Actor.RULE and self.action == "match"):
            return _("the system, by {n} points").format(n=self.points) if self.points else _("the system")
        return word("rule", "decided") if self.actor == Actor.RULE else self.by
