"""Entries of the history that were written under a wrong clock."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from retcli.language import _
from retcli.views.base import when


class ClockFault(StrEnum):
    """What was wrong with the clock."""

    REHEARSAL = "rehearsal"  # set by hand (RETCLI_NOW)
    BACKWARDS = "backwards"  # it ran back


@dataclass(frozen=True)
class ClockStretch:
    """Consecutive entries that one person wrote under a wrong clock."""

    fault: ClockFault
    first: int  # numbers of the first and the last entry
    last: int
    by: str
    at: datetime  # the first entry's time
    before: datetime  # the latest time of an entry before it

    @property
    def where(self) -> str:
        """The numbers of the entries, as ``7`` or ``7–9``."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"

    def is_allowed(self, owners: AbstractSet[str]) -> bool:
        """Whether the clock was set by hand by one of the owners, who alone may do so."""
        return self.fault == ClockFault.REHEARSAL and self.by in owners

    def sentence(self) -> str:
        """What is wrong with the entries' time."""
        if self.fault == ClockFault.REHEARSAL:
            text = _("{who} wrote it under a clock that was set by hand (RETCLI_NOW) to {at}")
        else:
            text = _("time runs backwards: {at}, after an entry of {before}; the clock of {who} was set back")
        return text.format(who=self.by, at=when(self.at), before=when(self.before))
