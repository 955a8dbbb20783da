"""Refuses money beside a refund on a case that nobody agreed to, and names each command by which it can leave."""

from collections.abc import Iterator, Sequence

from retcli.actions.casefile.filing import refuse_finished
from retcli.actions.casefile.judgement import judgement
from retcli.actions.casefile.next_steps import decide
from retcli.actions.casefile.records.dossiers import Dossier
from retcli.actions.casefile.typed_again import waiving
from retcli.actions.money.amends_ceiling import excess
from retcli.errors import Refused
from retcli.language import _
from retcli.rules.cases.remedies import Rung, allowed
from retcli.rules.lifecycles import MAY_APPROVE_MONEY, MAY_DECIDE, Decision
from retcli.rules.money.amends import BEYOND_PRICE
from retcli.rules.money.minor_units import Money
from retcli.rules.money.minor_units import text as money_in_words
from retcli.shellwords import either
from retcli.shop import Shop

RUNGS = {"coupon": Rung.COUPON, "transfer": Rung.COMPENSATION}
"""What may be offered to the buyer instead of being given at once, by its method."""


def refuse_unapproved(shop: Shop, dossier: Dossier, command: str, given: tuple[str, Money] | None = None) -> None:
    """Raises Refused where a case is finished (with the commands that reopen it and go on), or is not approved, with
    the commands that the operator may type now: those that decide it, the offer of what was `given` (method and amount)
    to the buyer, and `command`, which was typed, without an approval.
    """
    case = dossier.case
    refuse_finished(case, command)
    if case.decision == Decision.APPROVED or "approval" in dossier.waivers:
        return
    message = _("{case} is not approved: nothing leaves without it").format(case=case.number)
    beyond = given is not None and given[0] == "transfer" and excess(shop, case, given[1].minor) > 0
    without = waiving(command, ["approval", *([BEYOND_PRICE] if beyond else [])]) + " --because TEXT"
    ways = [*_deciding(shop, dossier), *_offering(shop, dossier, given, beyond=beyond)]
    if shop.operator.role in MAY_APPROVE_MONEY:
        ways.append(without)
    hint = either(*ways) or _("Ask the manager: {command}").format(command=without)
    raise Refused(message, hint, case=case.number)


def _deciding(shop: Shop, dossier: Dossier) -> Sequence[str]:
    """The commands that decide a case, for who may."""
    case = dossier.case
    if shop.operator.role not in MAY_DECIDE:
        return []
    if case.decision == Decision.WITHDRAWN:
        return [f"retcli case reopen {case.number}"]
    ways = decide(dossier, judgement(shop, dossier, asked=case.asked))
    again = f"retcli case reject {case.number}" if case.decision == Decision.REJECTED else None
    return [way for way in ways if again is None or not way.startswith(again)]


def _offering(shop: Shop, dossier: Dossier, given: tuple[str, Money] | None, *, beyond: bool) -> Iterator[str]:
    """The command that offers to the buyer what was to be given, where the operator may offer as much; accepted, it is
    paid without an approval.
    """
    case = dossier.case
    if given is None or given[0] not in RUNGS or case.decision == Decision.WITHDRAWN:
        return
    if shop.operator.role not in MAY_DECIDE or (beyond and shop.operator.role not in MAY_APPROVE_MONEY):
        return
    rung, money = RUNGS[given[0]], given[1]
    if allowed(shop.operator.role, shop.policy, money.currency).holds(money):
        offer = f"retcli case offer {case.number} --rung {rung} --amount {money_in_words(money.minor, money.currency)}"
        yield waiving(offer, [BEYOND_PRICE]) + " --because TEXT" if beyond else offer
