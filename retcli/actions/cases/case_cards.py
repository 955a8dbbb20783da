"""Shows a case: its card, and why it has its verdict and its amount."""

from retcli.actions.casefile import lookup
from retcli.actions.casefile.case_money import money_so_far
from retcli.actions.casefile.case_view import decided_of, view_of
from retcli.actions.casefile.derivations import beyond_own_lines, fixed_by_decision
from retcli.actions.casefile.judgement import judgement
from retcli.actions.casefile.records.agreed_before import before_of
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.rules.lifecycles import DECIDED_THERE, Decision
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views.casefile.cases import CaseView
from retcli.views.casefile.decided import Fixed
from retcli.views.casefile.explained import ExplainView


def show(shop: Shop, ref: str, *, history: bool = False) -> CaseView:
    """A case with everything that matters for it, and what was done to it where its `history` is asked for."""
    return view_of(shop, lookup.case_shown(shop, ref), whole=True, history=history)


def explain(shop: Shop, ref: str) -> ExplainView:
    """Why a case has this verdict and this amount: its findings, the steps to the amount, and who decided."""
    dossier = dossier_of(shop, lookup.case_shown(shop, ref))
    case, currency = dossier.case, dossier.order.currency
    before = before_of(shop, case)
    fixed = None
    if case.decision != Decision.REQUESTED:
        there = case.decided_as in DECIDED_THERE
        due = Money(fixed_by_decision(dossier), currency)
        fixed = Fixed(case.decision, due, there, beyond_own_lines(dossier), before)
    judged = judgement(shop, dossier, asked=case.asked)
    so_far = money_so_far(dossier, judged)
    return ExplainView(case.number, judged, currency, so_far, fixed, decided_of(dossier), case.policy, before)
