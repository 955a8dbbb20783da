"""Why a waiver that was given no longer counts: its application is over, or what it was given for is."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.judgement import judgement
from retcli.actions.casefile.records.dossiers import Dossier, dossiers_of
from retcli.models import Case, Waiver
from retcli.rules.lifecycles import Decision, Filing
from retcli.rules.money.amends import BEYOND_PRICE
from retcli.shop import Shop
from retcli.views.shop.policies import Fell

_TOGETHER = 500
"""Cases that are read together."""


def fallen_waivers(shop: Shop) -> Mapping[tuple[str, str], Fell]:
    """Each waiver that counts no more, by case number and rule, with why."""
    waived = sa.select(col(Waiver.case_id))
    cases = list(shop.session.scalars(sa.select(Case).where(col(Case.id).in_(waived)).order_by(col(Case.id))))
    parts = (cases[start : start + _TOGETHER] for start in range(0, len(cases), _TOGETHER))
    return {
        (dossier.case.number, rule): why
        for part in parts
        for dossier, rules in _with_rules(shop, part)
        for rule in rules
        if (why := _why(shop, dossier, rule))
    }


def _with_rules(shop: Shop, cases: Sequence[Case]) -> Sequence[tuple[Dossier, Sequence[str]]]:
    """The dossiers of some cases, each with the rules that were ever waived on it."""
    query = sa.select(col(Waiver.case_id), col(Waiver.rule)).where(col(Waiver.case_id).in_([case.id for case in cases]))
    rules: dict[int, list[str]] = {}
    for case_id, rule in shop.session.execute(query):
        rules.setdefault(case_id, []).append(rule)
    return [(dossier, rules[dossier.case.id or 0]) for dossier in dossiers_of(shop, cases)]


def _why(shop: Shop, dossier: Dossier, rule: str) -> Fell | None:
    """Why a waiver of a rule on a case counts no more; None where it stands."""
    case = dossier.case
    if rule == BEYOND_PRICE:
        leaves = [each for each in dossier.together.leaves.get(dossier.order.id or 0, ()) if each.case == case.id]
        if leaves and all(each.earlier for each in leaves):
            return Fell.APPLIED_ANEW
    elif rule not in dossier.waivers:
        most = dossier.waived_most.get(rule)
        if rule not in dossier.lapsed:
            return Fell.SPENT
        return Fell.APPLIED_ANEW if most is None else Fell.MORE_DUE
    if case.decision == Decision.WITHDRAWN:
        return Fell.WITHDRAWN
    return Fell.MORE_DUE if _is_exceeded(shop, dossier, rule) else None


def _is_exceeded(shop: Shop, dossier: Dossier, rule: str) -> bool:
    """Whether more is due on an undecided case than a rule was waived for."""
    undecided = dossier.case.decision == Decision.REQUESTED and dossier.case.filing == Filing.OPEN
    if rule == BEYOND_PRICE or rule not in dossier.waived_most or not undecided:
        return False
    due = judgement(shop, dossier, asked=dossier.case.asked).amount.due
    return due > dossier.waived_most[rule]
