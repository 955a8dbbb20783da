"""Refuses what would leave beyond what was paid for a case's goods, and names how a manager lets it go all the same."""

from collections.abc import Sequence

from retcli.actions.casefile.amends import against_let_go, ceilings, waived_beyond
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.actions.casefile.waivers import waive_rules
from retcli.errors import Refused
from retcli.language import _
from retcli.models import Case, Payout
from retcli.rules.casefile.findings import Finding
from retcli.rules.lifecycles import UNSENT
from retcli.rules.money import amends
from retcli.rules.money.amends import BEYOND_PRICE, lowest
from retcli.rules.money.minor_units import Money
from retcli.rules.money.payouts import NO_MONEY
from retcli.shop import Shop
from retcli.views.casefile.findings import sentences


def excess(shop: Shop, case: Case, minor: int) -> int:
    """By how many minor units so much more of amends would exceed what was paid; nothing or less where it does not."""
    return lowest(ceilings(dossier_of(shop, case))).beyond(minor)


def refuse_beyond_price(shop: Shop, case: Case, amount: Money, command: str) -> None:
    """Raises Refused where so much more of amends exceeds what was paid for the goods of a case, and no manager waived
    as much; `command` is the one that gives them.
    """
    dossier = dossier_of(shop, case)
    ceiling = lowest(ceilings(dossier))
    if ceiling.beyond(amount.minor) <= max(waived_beyond(dossier), 0):
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


def waive_leaving(shop: Shop, case: Case, waive: Sequence[str], because: str, among: Sequence[str]) -> None:
    """Overrules rules `among` those that keep money of a case from leaving, and how far what is let go exceeds what was
    paid, by as much as it does now. Raises as `waive_rules` does.
    """
    finding = against_let_go(dossier_of(shop, case)) if BEYOND_PRICE in waive else None
    beyond = amends.excess([finding]) if finding is not None else 0
    # a waiver of what says yes today would silently overrule a later no
    asked = [rule for rule in waive if rule != BEYOND_PRICE or beyond]
    waive_rules(shop, case, asked, because, (*among, BEYOND_PRICE), beyond=beyond)


def leaves_beyond(shop: Shop, case: Case, payout: Payout) -> Finding | None:
    """The no where a payout that has not left would leave beyond what was paid, with the amends of its order, and no
    manager waived as much: a platform may have paid since it was let go. None where nothing stands against it.
    """
    if payout.state not in UNSENT or payout.method in NO_MONEY or payout.kind == "freight":
        return None
    finding = against_let_go(dossier_of(shop, case))
    return finding if finding is not None and not finding.waived_by else None


def refuse_leaving_beyond(shop: Shop, case: Case, payout: Payout, command: str) -> None:
    """Raises Refused where a payout would leave beyond what was paid; `command` is the one by which it leaves."""
    if finding := leaves_beyond(shop, case, payout):
        raise Refused(sentences([finding]), way_out(f"{command} --waive {BEYOND_PRICE}"), case=case.number)


def way_out(command: str) -> str:
    """The hint that a manager may let a refund leave beyond what was paid, by a command with its waiver."""
    text = _(
        "What the law owes stays owed beside amends (消法 §24, §25); a manager lets it go: {command} --because TEXT"
    )
    return text.format(command=command)
