"""The refusals of an approval: findings that say no, and more money than is due."""

from collections.abc import Sequence

from retcli.actions.casefile.judgement import judgement_of
from retcli.actions.casefile.typed_again import typed_again, waiving
from retcli.actions.money import amends_ceiling
from retcli.errors import Overdrawn, Refused, WrongCommand
from retcli.language import _
from retcli.models import Case, Order
from retcli.rules.casefile.findings import Answer
from retcli.rules.casefile.verdict import Judgement
from retcli.rules.lifecycles import (
    GOING_OUT,
    Kind,
)
from retcli.rules.money.amends import BEYOND_PRICE
from retcli.rules.money.minor_units import Money
from retcli.rules.money.minor_units import text as money_in_words
from retcli.shop import Shop
from retcli.views.base import money_text
from retcli.views.casefile.findings import sentences


def refuse_no(shop: Shop, case: Case, judged: Judgement, wanted: int | None = None, waive: Sequence[str] = ()) -> None:
    """Raises Refused where a rule says no that somebody may waive, Overdrawn where one says no that nobody may. The way
    out keeps what was typed: the amount `wanted` (minor units) and what to `waive`.
    """
    findings = [finding for finding in judged.findings if finding.answer == Answer.NO and not finding.waived_by]
    if not findings:
        return
    text = sentences(findings)
    if all(finding.waivable for finding in findings):
        amount = None if wanted is None else Money(wanted, shop.session.get_one(Order, case.order_id).currency)
        command = typed_again(f"retcli case approve {case.number}", amount, waive)
        command = waiving(command, (finding.rule for finding in findings))
        if any(finding.rule == BEYOND_PRICE for finding in findings) and case.kind != Kind.ALLOWANCE:
            raise Refused(text, amends_ceiling.way_out(command), case=case.number)
        hint = _("A manager may overrule it: {command} --because TEXT").format(command=command)
        raise Refused(text, hint, case=case.number)
    raise Overdrawn(text, _at_most(shop, case, judged), case=case.number)


def refuse_more(shop: Shop, case: Case, judged: Judgement, wanted: int | None) -> None:
    """Raises Overdrawn where more is `wanted` (minor units; None: what is due) than is due, WrongCommand for a price
    cut without an amount.
    """
    due = judged.amount.due
    if wanted is None and case.kind == Kind.ALLOWANCE and not due:
        raise WrongCommand(_("A price cut needs its amount"), f"retcli case approve {case.number} --amount AMOUNT")
    if wanted is not None and wanted > due and case.kind not in GOING_OUT:
        currency = shop.session.get_one(Order, case.order_id).currency
        amounts = {"wanted": money_text(Money(wanted, currency)), "due": money_text(Money(due, currency))}
        message = _("{wanted} is more than the {due} that is due").format(**amounts)
        raise Overdrawn(message, _at_most(shop, case, judged), case=case.number)


def overrulable(judged: Judgement) -> set[str]:
    """The rules of a case that a waiver would change now: those whose answer is not yes, and ``freight``, which only
    says who pays the way back.
    """
    return {finding.rule for finding in judged.findings if finding.answer != Answer.YES} | {"freight"}


def _at_most(shop: Shop, case: Case, judged: Judgement) -> str:
    """The command that approves as much as may be given, or, where that is nothing, the one that explains why."""
    left = next((each.facts["left"] for each in judged.findings if each.rule == "money" and "left" in each.facts), None)
    most = judged.amount.due
    if isinstance(left, Money):
        most = judgement_of(shop, case, asked=left.minor).amount.due
    if not most:
        return f"retcli case explain {case.number}"
    currency = shop.session.get_one(Order, case.order_id).currency
    return f"retcli case approve {case.number} --amount {money_in_words(most, currency)}"
