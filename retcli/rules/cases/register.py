"""The register of interventions, complaints and bad reviews: kinds of entries, and until when each wants an answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from retcli.rules.cases.workdays import WorkCalendar, workdays_after

EVIDENCE = timedelta(hours=72)
"""How long the platform waits for evidence where it does not say until when (`docs/rules.md` §2.2)."""
AUTHORITY_WORKDAYS = 7
"""Working days after which a market regulator answers a complaint (实施条例 §46)."""


class Entry(StrEnum):
    """The kind of an entry of the register."""

    INTERVENTION = "intervention"
    COMPLAINT = "complaint"
    BAD_REVIEW = "bad_review"


@dataclass(frozen=True)
class Wanted:
    """Until when evidence or an answer is wanted, as an exclusive instant in UTC; `estimated` where nobody said so."""

    due_at: datetime
    estimated: bool


def wanted(at: datetime, calendar: WorkCalendar, *, named: datetime | None = None, authority: bool = False) -> Wanted:
    """The deadline of an entry opened at an instant (UTC): the one that the letter or page names (`named`), else an
    `authority`'s seven working days (实施条例 §46), else 72 hours as an estimate.
    """
    if named is not None:
        return Wanted(named, estimated=False)
    if authority:
        due = workdays_after(at, AUTHORITY_WORKDAYS, calendar)
        return Wanted(due.at, estimated=due.unsure)
    return Wanted(at + EVIDENCE, estimated=True)
