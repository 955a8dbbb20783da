"""Rules overruled for one case: by whom, why, and told in the history."""

from collections.abc import Collection, Iterable

from retcli.actions.casefile import went_back
from retcli.errors import WrongCommand
from retcli.language import _, mark, series
from retcli.models import Case, Waiver
from retcli.rules.lifecycles import MAY_APPROVE_MONEY
from retcli.shop import Shop


def waive_rules(
    shop: Shop,
    case: Case,
    rules: Iterable[str],
    because: str,
    among: Iterable[str],
    *,
    standing: Collection[str] | None = None,
) -> None:
    """Overrules findings, on record; needs a manager or the owner, a reason, and a rule that may be overruled here.
    Of those only the rules that are `standing` against the case now are overruled: a waiver is not given in advance.
    """
    possible = list(among)
    for rule in rules:
        if rule not in possible:
            message = _("{rule} is no rule that can be overruled here").format(rule=rule)
            raise WrongCommand(message, _("Choose one of: {all}").format(all=series(possible)))
        shop.may(MAY_APPROVE_MONEY, mark("waive a rule"))
        if not because:
            raise WrongCommand(_("A waiver needs a reason"), "--because TEXT")
        if standing is None or rule in standing:
            overrule(shop, case, rule, because)


def overrule(shop: Shop, case: Case, rule: str, because: str) -> None:
    """Notes that a rule was overruled for a case, once for each rule, with why and what the guard then stood at."""
    row = {"case_id": case.id, "rule": rule, "because": because, "by": shop.operator.name, "at": shop.now}
    # one waiver a rule: whoever overruled it first stays on record; every time is told in the history
    shop.session.execute(shop.insert(Waiver).values(**row).on_conflict_do_nothing())
    went_back.note_again(shop, case, rule, because)
    shop.record(case.number, "waive", rule=rule, **went_back.facts_of_waiver(shop, case, rule))
