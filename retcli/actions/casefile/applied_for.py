"""What a buyer applied for where that is not what is due, with the steps that make the difference."""

from retcli.actions.casefile.records.dossiers import Dossier
from retcli.rules.casefile.verdict import Judgement
from retcli.rules.lifecycles import REFUNDING, Decision
from retcli.rules.money.minor_units import Money
from retcli.views.casefile.applied_for import AppliedFor


def applied_for(dossier: Dossier, judged: Judgement) -> AppliedFor | None:
    """The amount applied for on an undecided case (on its platform, else here) beside what is due; None where they are
    the same, or no amount was named.
    """
    case, currency = dossier.case, dossier.order.currency
    there = case.platform_amount if case.platform_number else None
    applied, due = case.asked if there is None else there, judged.amount.due
    if case.decision != Decision.REQUESTED or not applied or applied == due:
        return None
    # the last step is the sum itself; what is taken off explains it, where anything is, else how the sum came about
    steps = judged.amount.steps[:-1] or judged.amount.steps
    taken_off = [step for step in steps if step.money < 0]
    stays = dossier.order.freight - judged.amount.freight
    freight = stays if case.kind in REFUNDING and 0 < stays <= applied - due else 0
    shown = taken_off or ([] if freight else [steps[-1]])
    return AppliedFor(
        Money(applied, currency), Money(due, currency), Money(freight, currency) if freight else None, shown
    )
