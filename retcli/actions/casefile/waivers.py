"""Waivers: rules that somebody overrules for one case, with who and why on record."""

from collections.abc import Collection, Iterable

from retcli.actions.casefile import went_back
from retcli.actions.casefile.judgement import judgement
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.errors import WrongCommand
from retcli.language import _, mark, series
from retcli.models import Case, Waiver
from retcli.rules.lifecycles import MAY_APPROVE_MONEY, Decision
from retcli.rules.money.amends import BEYOND_PRICE
from retcli.shop import Shop
from retcli.words import as_typed


def waive_rules(
    shop: Shop,
    case: Case,
    rules: Iterable[str],
    because: str,
    among: Iterable[str],
    *,
    standing: Collection[str] | None = None,
    beyond: int = 0,
    worth: int | None = None,
) -> None:
    """Overrules rules for a case, on record. Raises WrongCommand for a rule that is not `among` those that may be
    overruled here, or without a reason; Refused for anybody but a manager or the owner. Where `standing` is given, only
    rules in it are overruled: a waiver of a rule that says yes today would silently overrule a later no.
    `beyond`: by how many minor units what leaves may exceed what was paid, where that is what is overruled; `worth`:
    what is due by it, where that is not what the case stands at (minor units).
    """
    possible = list(among)
    for rule in rules:
        refuse_unknown([rule], possible)
        shop.may(MAY_APPROVE_MONEY, mark("waive a rule"))
        if not because:
            raise WrongCommand(_("A waiver needs a reason"), "--because TEXT")
        if standing is None or rule in standing:
            facts = {"beyond": beyond} if rule == BEYOND_PRICE else {}
            overrule(shop, case, rule, because, worth=worth, **facts)


def refuse_unknown(rules: Iterable[str], possible: Collection[str]) -> None:
    """Raises WrongCommand for a rule that is none of the `possible` ones, which are named."""
    for rule in rules:
        if rule not in possible:
            message = _("{rule} is no rule that can be overruled here").format(rule=as_typed(rule, "rule"))
            named = series(as_typed(each, "rule") for each in possible)
            raise WrongCommand(message, _("Choose one of: {all}").format(all=named))


def overrule(shop: Shop, case: Case, rule: str, because: str, *, worth: int | None = None, **facts: int) -> None:
    """Writes down that a rule was overruled for a case, with the reason, what was due by it (`worth`; None: what the
    case stands at), what had gone back on the platform then, and other facts (minor units).
    """
    facts["due"] = _stands_at(shop, case) if worth is None else worth
    row = {"case_id": case.id, "rule": rule, "because": because, "by": shop.operator.name, "at": shop.now}
    # one waiver a rule: whoever overruled it first stays on record; every time is told in the history
    shop.session.execute(shop.insert(Waiver).values(**row).on_conflict_do_nothing())
    went_back.note_again(shop, case, rule, because)
    shop.record(case.number, "waive", rule=rule, **facts, **went_back.facts_of_waiver(shop, case, rule))


def _stands_at(shop: Shop, case: Case) -> int:
    """What was agreed to on a case, before that what the rules give, in minor units."""
    dossier = dossier_of(shop, case)
    if case.decision == Decision.APPROVED:
        return dossier.due
    return judgement(shop, dossier, asked=case.asked).amount.due
