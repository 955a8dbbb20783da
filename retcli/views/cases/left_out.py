"""What the platform is not told about a case, and why not."""

from dataclasses import dataclass
from enum import StrEnum

from retcli.language import _, mark
from retcli.rules.casefile.findings import Finding
from retcli.views.casefile.findings import finding_line
from retcli.views.documents import Documented
from retcli.words import word


class Why(StrEnum):
    """Why something is left out of the account for the platform."""

    OWN_AFFAIR = "own_affair"
    OVERRULED = "overruled"
    DOUBT = "doubt"
    AGAINST_REFUSAL = "against_refusal"
    FOR_BUYER = "for_buyer"
    OWN_FAULT = "own_fault"
    OWN_NOTES = "own_notes"


_WHY = {
    Why.OWN_AFFAIR: mark("the shop's own affair"),
    Why.OVERRULED: mark("overruled by the shop itself"),
    Why.DOUBT: mark("a doubt that a person has to settle"),
    Why.AGAINST_REFUSAL: mark("it does not bear out the refusal"),
    Why.FOR_BUYER: mark("it speaks for the buyer's wish"),
    Why.OWN_FAULT: mark("it names a fault of the shop"),
    Why.OWN_NOTES: mark("the shop's people wrote them for each other"),
}


@dataclass(frozen=True)
class LeftOut(Documented):
    """Something that is left out of the account: a finding, the code of a reason, or a number of notes."""

    KEYS = ("text", "why")

    cause: Why
    finding: Finding | None = None
    reason: str = ""
    notes: int = 0

    @property
    def text(self) -> str:
        """What is left out."""
        if self.finding is not None:
            return finding_line(self.finding)
        if self.reason:
            return _("Reason: {reason}").format(reason=word(self.reason))
        return _("{n} notes").format(n=self.notes)

    @property
    def why(self) -> str:
        """Why it is left out."""
        return _(_WHY[self.cause])
