"""Waivers: rules that somebody overrules for one case, with who and why on record."""

from collections.abc import Collection, Iterable

from retcli.actions.casefile import went_back
from retcli.errors import WrongCommand
from retcli.language import _, mark, series
from retcli.models import Case, Waiver
from retcli.rules.lifecycles import MAY_APPROVE_MONEY
from retcli.rules.money.amends import BEYOND_PRICE
from retcli.shop import Shop


def waive_rules(
    shop: Shop,
    case: Case,
    rules: Iterable[str],
    because: str,
    among: Iterable[str],
    *,
    standing: Collection[str] | None = None,
    beyond: int = 0,
) -> None:
    """Overrules rules for a case, on record. Raises WrongCommand for a rule that is not `among` those that may be
    overruled here, or without a reason; Refused for anybody but a manager or the owner. Where `standing` is given, only
    rules in it are overruled: a waiver of a rule that says yes today would silently overrule a later no.
    `beyond`: by how many minor units amends may exceed what was paid, where that is what is overruled.
    """
    possible = list(among)
    for rule in rules:
        refuse_unknown([rule], possible)
        shop.may(MAY_APPROVE_MONEY, mark("waive a rule"))
        if not because:
            raise WrongCommand(_("A waiver needs a reason"), "--because TEXT")
        if standing is None or rule in standing:
            overrule(shop, case, rule, because, **({"beyond": beyond} if rule == BEYOND_PRICE else {}))


def refuse_unknown(rules: Iterable[str], possible: Collection[str]) -> None:
    """Raises WrongCommand for a rule that is none of the `possible` ones, which are named."""
    for rule in rules:
        if rule not in possible:
            message = _("{rule} is no rule that can be overruled here").format(rule=rule)
            raise WrongCommand(message, _("Choose one of: {all}").format(all=series(possible)))


def overrule(shop: Shop, case: Case, rule: str, because: str, **facts: int) -> None:
    """Writes down that a rule was overruled for a case, with the reason, what had gone back on the platform then, and
    other facts (minor units).
    """
    row = {"case_id": case.id, "rule": rule, "because": because, "by": shop.operator.name, "at": shop.now}
    # one waiver a rule: whoever overruled it first stays on record; every time is told in the history
    shop.session.execute(shop.insert(Waiver).values(**row).on_conflict_do_nothing())
    went_back.note_again(shop, case, rule, because)
    shop.record(case.number, "waive", rule=rule, **facts, **went_back.facts_of_waiver(shop, case, rule))
