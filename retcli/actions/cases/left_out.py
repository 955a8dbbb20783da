"""What the books hold of a case and the platform is not told, since it serves only the buyer or the shop itself."""

from collections.abc import Iterator

from retcli.language import _
from retcli.models import Case
from retcli.rules.casefile.findings import Answer, Finding
from retcli.rules.casefile.reasons import REASONS, Fault
from retcli.rules.lifecycles import Decision
from retcli.views.casefile.findings import finding_line
from retcli.views.casefile.written_beside import Beside
from retcli.words import word

_OWN_AFFAIRS = frozenset({"evidence", "approval", "offer", "difference"})
"""Rules about the shop's own work: what it may ask the buyer for, whose limit an amount is in, what it offered."""


def withheld(case: Case, finding: Finding) -> str:
    """Why the platform is not told a finding, empty where it is: only what limits the buyer's wish serves the shop, and
    that the way back is the buyer's to pay.
    """
    if finding.rule in _OWN_AFFAIRS:
        return _("the shop's own affair")
    if finding.waived_by:
        return _("overruled by the shop itself")
    if finding.answer == Answer.PERSON:
        return _("a doubt that a person has to settle")
    if finding.answer == Answer.NO:
        return ""
    if case.decision == Decision.REJECTED:
        return _("it does not bear out the refusal")
    burdens = finding.rule == "freight" and finding.facts.get("who") == Fault.BUYER
    return "" if burdens and case.decision == Decision.APPROVED else _("it speaks for the buyer's wish")


def left_out(case: Case, findings: tuple[Finding, ...], beside: Beside) -> Iterator[tuple[str, str]]:
    """What the platform is not told, piece by piece, each with why."""
    for finding in findings:
        if why := withheld(case, finding):
            yield finding_line(finding), why
    if reason := own_fault(case):
        yield _("Reason: {reason}").format(reason=word(reason)), _("it names a fault of the shop")
    notes = [*(x.note for x in beside.contact_log), *(x.because for x in beside.extensions)]
    notes += [*(x.note for x in beside.register), *(x.text for x in beside.notes)]
    if written := sum(bool(note) for note in notes):
        yield _("{n} notes").format(n=written), _("the shop's people wrote them for each other")


def own_fault(case: Case) -> str:
    """The reason that the shop's people noted or verified and that is the shop's own fault; empty without one."""
    noted = [reason for reason in (case.reason_set, case.reason_verified) if reason]
    return next((reason for reason in noted if is_own_fault(reason)), "")


def is_own_fault(reason: str) -> bool:
    """Whether the shop answers for a reason."""
    return bool(reason) and REASONS[reason].fault == Fault.MERCHANT
