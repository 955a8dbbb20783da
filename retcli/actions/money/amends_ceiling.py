"""Refuses amends beyond what was paid for a case's goods, and names how a manager lets them go all the same."""

from retcli.actions.casefile.amends import ceilings, waived_beyond
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.errors import Refused
from retcli.language import _
from retcli.models import Case
from retcli.rules.money.amends import BEYOND_PRICE, lowest
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop


def excess(shop: Shop, case: Case, minor: int) -> int:
    """By how many minor units so much more of amends would exceed what was paid; nothing or less where it does not."""
    return lowest(ceilings(dossier_of(shop, case))).beyond(minor)


def refuse_beyond_price(shop: Shop, case: Case, amount: Money, command: str) -> None:
    """Raises Refused where so much more of amends exceeds what was paid for the goods of a case, and no manager waived
    as much; `command` is the one that gives them.
    """
    ceiling = lowest(ceilings(dossier_of(shop, case)))
    if ceiling.beyond(amount.minor) <= max(waived_beyond(shop, case), 0):
        return
    message = _("{paid} was paid for these goods, {given} of it is let go: with {amount} it would be {together}")
    if ceiling.of_order:
        message = _("{paid} was paid on the order, {given} of it is let go: with {amount} it would be {together}")
    sums = {"paid": ceiling.paid, "given": ceiling.let_go, "together": ceiling.let_go + amount.minor}
    shown = {name: Money(minor, amount.currency) for name, minor in sums.items()}
    hint = _(
        "Where the law or a proven loss asks for more (消法 §55, 食品安全法 §148), a manager says so:"
        " {command} --waive {rule} --because TEXT"
    )
    text = message.format(amount=amount, **shown)
    raise Refused(text, hint.format(command=command, rule=BEYOND_PRICE), case=case.number)
