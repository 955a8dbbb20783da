"""How the amounts of many cases came about, read in a few queries."""

from collections.abc import Sequence

from retcli.actions.casefile.dossiers import Dossier
from retcli.actions.casefile.entitlements import DrawnOn
from retcli.actions.casefile.gathering import gathered
from retcli.actions.casefile.judgement import facts_of
from retcli.language import mark
from retcli.models import Case
from retcli.rules.casefile.amounts import Step, amount
from retcli.rules.casefile.verdict import with_fees
from retcli.shop import Shop


def derivations(shop: Shop, cases: Sequence[Case]) -> dict[int, tuple[Step, ...]]:
    """The steps of what each case was approved with, by case id: as the order stood then, without later draws."""
    return {held.case.id or 0: _steps(shop, held, drawn) for held, drawn in gathered(shop, cases)}


def _steps(shop: Shop, held: Dossier, drawn: DrawnOn) -> tuple[Step, ...]:
    fixed = held.due
    facts = with_fees(facts_of(shop, held, asked=fixed, drawn=drawn))
    rules = shop.policy_named(held.case.policy).in_currency(held.order.currency)
    due = amount(facts.wish, facts.order, facts.lines, rules)
    if due.due == fixed:
        return due.steps
    return (*due.steps, Step(mark("Fixed at another amount, by the platform or by hand"), fixed))
