"""Entries of the history that were written under a clock which was not the real one."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from retcli.language import _
from retcli.views.base import when


class ClockFault(StrEnum):
    """What was wrong with the clock."""

    REHEARSAL = "rehearsal"
    BACKWARDS = "backwards"


@dataclass(frozen=True)
class ClockStretch:
    """Consecutive entries (the numbers of the first and the last) that one person wrote under a wrong clock: the
    instant that the first of them says, and the latest that an entry before it says.
    """

    fault: ClockFault
    first: int
    last: int
    by: str
    at: datetime
    before: datetime

    @property
    def where(self) -> str:
        """The numbers of its entries."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"

    def is_allowed(self, owners: AbstractSet[str]) -> bool:
        """Whether an owner set the clock by hand, who alone may."""
        return self.fault == ClockFault.REHEARSAL and self.by in owners

    def sentence(self) -> str:
        """What is wrong with it."""
        if self.fault == ClockFault.REHEARSAL:
            text = _("{who} wrote it under a clock that was set by hand (RETCLI_NOW) to {at}")
        else:
            text = _("time runs backwards: {at}, after an entry of {before}; the clock of {who} was set back")
        return text.format(who=self.by, at=when(self.at), before=when(self.before))
