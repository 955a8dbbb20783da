"""How the approved amounts of cases came about, step by step, for many cases in a few queries."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from retcli.actions.casefile.judgement import facts_of
from retcli.actions.casefile.records.decision_record import amounts_agreed
from retcli.actions.casefile.records.dossiers import Dossier, agreed_on, dossiers_of
from retcli.models import Case, CaseLine, OrderLine, Payout
from retcli.rules.casefile.amounts import (
    Amount,
    Step,
    above_agreed,
    amount,
    beyond_own,
    fixed_otherwise,
    without_pieces,
)
from retcli.rules.casefile.verdict import with_fees
from retcli.rules.lifecycles import DECIDED_THERE, TAKES_NO_PIECES
from retcli.shop import Shop


def derivations(
    shop: Shop, cases: Sequence[Case], earlier: Mapping[int, Collection[int]]
) -> dict[tuple[int, int | None], tuple[Step, ...]]:
    """The steps to the amount that each case was approved with, by case id and None, as the order stood then: without
    what other cases drew later, and without what the platform paid beyond it; and those to the amounts (minor units)
    that cases were approved with `earlier`, before they were decided anew, by case id and amount.
    """
    steps: dict[tuple[int, int | None], tuple[Step, ...]] = {}
    for dossier in dossiers_of(shop, cases):
        key = dossier.case.id or 0
        fixed = fixed_by_decision(dossier)
        due = _computed(shop, dossier, fixed)
        exact = due.due == fixed
        steps[key, None] = due.steps if exact else (*due.steps, *beyond_own_lines(dossier), fixed_otherwise(fixed))
        for amount_then in earlier.get(key, ()):
            due = _computed(shop, dossier, amount_then)
            exact = due.due == amount_then
            steps[key, amount_then] = due.steps if exact else (*due.steps, fixed_otherwise(amount_then))
    return steps


def decided_otherwise(shop: Shop, refunds: Sequence[tuple[Payout, Case]]) -> dict[int | None, int]:
    """What was agreed to in minor units, by payout id, when refunds were decided whose cases were withdrawn, reopened
    or decided anew since: the calculation of today is not theirs.
    """
    since = [(p, case) for p, case in refunds if case.decided_at is None or case.decided_at > p.decided_at]
    agreed = amounts_agreed(shop, {case.number for _payout, case in since}) if since else {}
    then = ((p, [minor for at, minor in agreed.get(case.number, ()) if at <= p.decided_at]) for p, case in since)
    return {payout.id: minors[-1] for payout, minors in then if minors}


def _computed(shop: Shop, dossier: Dossier, fixed: int) -> Amount:
    """What is due by the rules of a case's day where so much (minor units) was asked for, with its steps."""
    facts = with_fees(facts_of(shop, dossier, asked=fixed))
    rules = shop.policy_named(dossier.case.policy).in_currency(dossier.order.currency)
    return amount(facts.wish, facts.order, facts.lines, rules)


def beyond_own_lines(dossier: Dossier) -> tuple[Step, ...]:
    """The steps for the money on lines of which no piece is in the case: on the case's own what was agreed to and what
    the platform paid above it, and what it paid on the order's other lines.
    """
    beside = ((line, order_line) for line, order_line in dossier.lines if line.due and not line.quantity)
    return tuple(step for line, order_line in beside for step in _of_line(dossier.case, line, order_line))


def _of_line(case: Case, line: CaseLine, order_line: OrderLine) -> Iterator[Step]:
    """The steps for the money on a line without pieces; one that came into a case by the platform's payment alone was
    never agreed to. Of a price cut, which takes none, the sum itself is no question.
    """
    named = order_line.sku, order_line.title
    if not line.agreed:
        yield beyond_own(*named, line.due)
        return
    if case.kind not in TAKES_NO_PIECES:
        yield without_pieces(*named, min(line.due, line.agreed))
    if line.due > line.agreed:
        yield above_agreed(*named, line.due - line.agreed)


def fixed_by_decision(dossier: Dossier) -> int:
    """What a case was decided with, in minor units: what was agreed to here, whatever the platform paid later; where
    the platform agreed, what is due.
    """
    here = dossier.case.decided_as not in DECIDED_THERE
    if here and any(line.agreed is not None for line, _order_line in dossier.lines):
        return agreed_on(dossier)
    return dossier.due
