"""Approval by the shop's own rules, without a person."""

from retcli.actions.casefile.judgement import judgement_of
from retcli.actions.cases.agreement import agree
from retcli.actions.orderfile import step_memory
from retcli.actions.orderfile.order_standing import was_shipped
from retcli.models import Case, Order
from retcli.rules.casefile.findings import Answer
from retcli.rules.events import Actor
from retcli.rules.lifecycles import Decision, Filing
from retcli.rules.policy.policy import Automatic
from retcli.shop import Shop


def agree_by_rule(shop: Shop, case: Case) -> bool:
    """Approves an undecided case where a rule of its own version of the policy covers it and every finding says yes of
    itself; whether it did. A case with a waiver is left to people.
    """
    if case.decision != Decision.REQUESTED or case.filing != Filing.OPEN:
        return False
    order = step_memory.order_of(shop, case)
    policy = shop.policy_named(case.policy).in_currency(order.currency)
    if not any(case.kind in rule.kinds for rule in policy.automatic):  # before the judgement, which costs much more
        return False
    judged = judgement_of(shop, case)
    if judged.verdict != Answer.YES or any(finding.answer != Answer.YES for finding in judged.findings):
        return False
    if not any(_is_for(rule, case, order, judged.amount.due) for rule in policy.automatic):
        return False
    with shop.acting(Actor.RULE):
        agree(shop, case, judged.amount)
        shop.record(case.number, "agree_by_rule", policy=policy.version)
    return True


def _is_for(rule: Automatic, case: Case, order: Order, due: int) -> bool:
    """Whether an automatic rule covers a case with so much due (minor units)."""
    if case.kind not in rule.kinds or due > rule.most:
        return False
    if rule.unshipped and was_shipped(order):
        return False
    return not rule.reasons or case.reason in rule.reasons
