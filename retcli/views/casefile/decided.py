"""Who decided a case, and what its platform did all the same."""

from dataclasses import dataclass
from datetime import datetime

from retcli.language import _
from retcli.rules.money.minor_units import Money
from retcli.views.base import money_text, when
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class PaidAgainst(Documented):
    """What a platform paid on a case that had been turned down here: which, when it was read, how much."""

    by: str
    at: datetime
    money: Money

    def sentence(self, ours: str) -> str:
        """Our decision, and the platform's against it."""
        if not self.money.minor:
            return _("{ours}; {platform} agreed to it all the same").format(ours=ours, platform=word(self.by))
        text = _("{ours}; {platform} refunded {money} all the same")
        return text.format(ours=ours, platform=word(self.by), money=money_text(self.money))


@dataclass(frozen=True)
class Decided(Documented):
    """Who decided a case, `as_` what (``person``, ``rule`` by its version, ``platform``), when, and the reason that a
    person gave.
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
