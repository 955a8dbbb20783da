"""Who decided a case, and what its platform did all the same."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retcli.language import _
from retcli.rules.money.minor_units import Money
from retcli.views.base import instant, money, money_text, when
from retcli.words import word


@dataclass(frozen=True)
class PaidAgainst:
    """What a platform paid on a case that had been turned down here: which, when it was read, how much."""

    by: str
    at: datetime
    money: Money

    def document(self) -> dict[str, Any]:
        """`by, at, money`."""
        return {"by": self.by, "at": instant(self.at), "money": money(self.money)}

    def sentence(self, ours: str) -> str:
        """Our decision, and the platform's against it."""
        if not self.money.minor:
            return _("{ours}; {platform} agreed to it all the same").format(ours=ours, platform=word(self.by))
        text = _("{ours}; {platform} refunded {money} all the same")
        return text.format(ours=ours, platform=word(self.by), money=money_text(self.money))


@dataclass(frozen=True)
class Decided:
    """Who decided a case (a person, a version of the rules, a platform) and the reason that a person gave."""

    by: str
    kind: str
    at: datetime
    because: str
    decision: str = ""
    against: PaidAgainst | None = None

    def document(self) -> dict[str, Any]:
        """`by, as (person, rule, platform), at, because`."""
        return {"by": self.by, "as": self.kind, "at": instant(self.at), "because": self.because}

    def sentence(self) -> str:
        """The decision as one line."""
        who = word(self.by) if self.kind == "platform" else self.by
        told = _("{at} {who}（{kind}）").format(at=when(self.at), who=who, kind=word(self.kind, "decided"))
        told = f"{told} {self.because}".strip()
        return self.against.sentence(f"{told} → {word(self.decision)}") if self.against else told
