"""What the books hold of a case and the platform is not told: it serves only the buyer, or is the shop's own affair."""

from collections.abc import Iterator

from retcli.models import Case
from retcli.rules.casefile.findings import Answer, Finding
from retcli.rules.casefile.reasons import REASONS, Fault
from retcli.rules.lifecycles import Decision
from retcli.views.casefile.written_beside import Beside
from retcli.views.cases.left_out import LeftOut, Why

_OWN_AFFAIRS = frozenset({"evidence", "approval", "offer", "difference"})
"""Rules about the shop's own work: evidence to ask for, whose limit an amount is in, what was offered, differences."""


def withheld(case: Case, finding: Finding) -> Why | None:
    """Why the platform is not told a finding; None where it is told. Only findings that limit the buyer's wish are, and
    that the buyer pays the way back.
    """
    if finding.rule in _OWN_AFFAIRS:
        return Why.OWN_AFFAIR
    if finding.waived_by:
        return Why.OVERRULED
    if finding.answer == Answer.PERSON:
        return Why.DOUBT
    if finding.answer == Answer.NO:
        return None
    if case.decision == Decision.REJECTED:
        return Why.AGAINST_REFUSAL
    burdens = finding.rule == "freight" and finding.facts.get("who") == Fault.BUYER
    return None if burdens and case.decision == Decision.APPROVED else Why.FOR_BUYER


def left_out(case: Case, findings: tuple[Finding, ...], beside: Beside) -> Iterator[LeftOut]:
    """Each thing that the platform is not told, with the reason."""
    for finding in findings:
        if why := withheld(case, finding):
            yield LeftOut(why, finding=finding)
    if reason := own_fault(case):
        yield LeftOut(Why.OWN_FAULT, reason=reason)
    notes = [*(contact.note for contact in beside.contact_log), *(each.because for each in beside.extensions)]
    notes += [*(entry.note for entry in beside.register), *(note.text for note in beside.notes)]
    if written := sum(bool(note) for note in notes):
        yield LeftOut(Why.OWN_NOTES, notes=written)


def own_fault(case: Case) -> str:
    """The first reason that people of the shop set or verified and for which the shop answers; "" without one."""
    reasons = [reason for reason in (case.reason_set, case.reason_verified) if reason]
    return next((reason for reason in reasons if is_own_fault(reason)), "")


def is_own_fault(reason: str) -> bool:
    """Whether the shop answers for a reason."""
    return bool(reason) and REASONS[reason].fault == Fault.MERCHANT
