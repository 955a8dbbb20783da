"""Tells the buyer of a case how it was decided and how its amount comes about."""

from retcli.actions.casefile import lookup
from retcli.actions.casefile.case_money import money_so_far
from retcli.actions.casefile.judgement import judgement
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.actions.orderfile.persons import hiding
from retcli.shop import Shop
from retcli.views.casefile.told_buyer import BuyerTextView


def tell_buyer(shop: Shop, ref: str) -> BuyerTextView:
    """The text for the buyer of a case: the same findings and derivation as `explain` shows the shop's own people."""
    dossier = dossier_of(shop, lookup.case_shown(shop, ref))
    case, order, hide = dossier.case, dossier.order, hiding(dossier.order)
    judged = judgement(shop, dossier, asked=case.asked)
    titles = {line.sku or line.number: hide(line.title) for line in dossier.order_lines if line.title}
    return BuyerTextView(
        case=case.number,
        order=order.number,
        kind=case.kind,
        decision=case.decision,
        judgement=judged,
        currency=order.currency,
        so_far=money_so_far(dossier, judged),
        titles=titles,
    )
