"""What follows for money where a finding of an inspection is corrected: a corrected finding is a fact, whatever left on
the one before it.
"""

from collections.abc import Iterable, Mapping

from retcli.actions.casefile.filing import open_if_undone
from retcli.actions.casefile.payable import owed_back
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.actions.money import outgoing
from retcli.language import mark
from retcli.models import Case
from retcli.rules.lifecycles import UNSENT
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop

_NO_LONGER = mark("what came back is not what it was paid for")


def follow(shop: Shop, cases: Iterable[Case]) -> Mapping[str, Money]:
    """Fails the refunds of some cases that have not left and have no goods behind them any more, and opens finished
    cases again whose money left for goods that are none of theirs. What so left and is to be claimed back, by case.
    """
    owed = {}
    for case in map(shop.hold, cases):
        outgoing.hold_back(shop, case)  # of a refund that waits for the order's own parcel
        call_off_wrong(shop, case)
        open_if_undone(shop, case)
        if gone := owed_back(dossier_of(shop, case)):
            owed[case.number] = Money(gone, outgoing.currency_of(shop, case))
    return owed


def call_off_wrong(shop: Shop, case: Case) -> None:
    """Fails the refunds of a case that have not left and have no goods behind them, by whichever way they were to
    leave; those whose click was made stay.
    """
    if not owed_back(dossier_of(shop, case), unsent=True):
        return
    unclicked = outgoing.unsent(shop, case)
    for payout in dossier_of(shop, case).payouts:
        by_hand = payout.method != "original" and payout.reverses_id is None
        if payout.kind == "refund" and payout.state in UNSENT and (by_hand or payout in unclicked):
            outgoing.fail(shop, case, payout, _NO_LONGER)
