"""The axes of a case, read from the books: decision, goods, money and clicks, from which its stage follows."""

from collections.abc import Sequence

from retcli.actions.casefile.lacking_goods import lacks
from retcli.actions.casefile.owed_beside import owed_beside
from retcli.actions.casefile.payable import awaits_answer, ended_there, owed_back, payable, payout_awaits_answer, rests
from retcli.actions.casefile.records.dossiers import Dossier, dossier_of
from retcli.models import Case, Parcel
from retcli.rules.casefile import stages
from retcli.rules.lifecycles import (
    AT_THE_DOOR,
    COMING_BACK,
    PAYING_CLICKS,
    Decision,
    Filing,
    Kind,
    ParcelState,
    PayoutState,
)
from retcli.rules.money.payouts import CLOSED_THERE, PAID_THERE
from retcli.shop import Shop

_RESTING = {CLOSED_THERE: "undone_there", PAID_THERE: "taken_back"}
"""The stage of a case whose money rests, by the rule that stands against paying it."""


def axes_of(shop: Shop, case: Case) -> stages.Axes:
    """The axes of a case as the books stand."""
    return axes(dossier_of(shop, case))


def axes(dossier: Dossier) -> stages.Axes:
    """The axes of a case that was read already."""
    case = dossier.case
    inspected = sum(dossier.inspected(line) for line, _order_line in dossier.lines)
    parcels = awaited(dossier)
    return stages.Axes(
        kind=Kind(case.kind),
        decision=Decision(case.decision),
        filing=Filing(case.filing),
        pieces=sum(line.quantity for line, _order_line in dossier.lines),
        counted=inspected + dossier.uninspected,
        inspected=inspected,
        accepted=sum(dossier.accepted(line) for line, _order_line in dossier.lines),
        on_the_way=bool(parcels),
        sent_back=dossier.awaits_sent_back,
        unopened=any(parcel.state == ParcelState.RECEIVED for parcel in dossier.parcels),
        another_comes=_another_comes(dossier, parcels),
        settled_there=case.platform_succeeded_at is not None,
        rests=_RESTING.get(rests(dossier), ""),
        pays_before_goods=dossier.pays_before_goods,
        paying_click=bool(PAYING_CLICKS & dossier.to_click),
        clicked=bool(PAYING_CLICKS & dossier.clicked),
        arrived=_arrived(case, parcels),
        due=dossier.due,
        paid=sum(dossier.paid.values()),
        owed_back=owed_back(dossier),
        payouts=[PayoutState(payout.state) for payout in dossier.payouts if payout.kind == "refund"],
        beside=[PayoutState(payout.state) for payout in dossier.payouts if payout.kind != "refund"],
        replacements=dossier.replacements,
        actions=dossier.actions,
        intervention=dossier.intervention.state if dossier.intervention else "",
        open_there=bool(case.platform_number) and not ended_there(case),
        owed_beside=bool(owed_beside(dossier)),
    )


def stage_of(dossier: Dossier, stand: stages.Axes) -> str:
    """The stage of a case that was read; ``paid_asked`` where its money is to leave and somebody must first answer what
    its order was paid, ``goods_lacking`` where all that came is inspected and a person says what becomes of the rest.
    """
    word = stages.stage(stand)
    if _lacks_goods(dossier, stand, word):
        return "goods_lacking"
    return "paid_asked" if word in {"to_click", "to_pay"} and _asks_first(dossier, stand) else word


def _lacks_goods(dossier: Dossier, stand: stages.Axes, word: str) -> bool:
    """Whether a case at the stage `word` waits for nothing that somebody could inspect or pay as it is."""
    if word == "to_pay":
        return stages.awaits_refund(stand) and lacks(dossier) and bool(payable(dossier).against)
    return word == "to_inspect" and lacks(dossier)


def _asks_first(dossier: Dossier, stand: stages.Axes) -> bool:
    """Whether more money of a case is to leave than may before somebody has answered what its order was paid."""
    if dossier.order.id not in dossier.together.questioned:
        return False
    if any(payout_awaits_answer(dossier, payout) for payout in dossier.payouts):
        return True
    return stages.awaits_refund(stand) and awaits_answer(dossier, payable(dossier).minor)


def awaited(dossier: Dossier) -> list[Parcel]:
    """The parcels that a case waits for: where nothing is to come back, only the order's own that was intercepted."""
    if dossier.case.kind in COMING_BACK:
        return list(dossier.parcels)
    return list(dossier.turned_round)


def _another_comes(dossier: Dossier, parcels: Sequence[Parcel]) -> bool:
    """Whether a parcel that a case waits for is on its way, while those at the door were opened and every counted piece
    has its grade.
    """
    states = {parcel.state for parcel in parcels}
    return states == {ParcelState.EXPECTED, ParcelState.INSPECTED} and not dossier.uninspected


def _arrived(case: Case, parcels: Sequence[Parcel]) -> bool:
    """Whether what a case waits for is at the door: any parcel of a return, every one that was to be intercepted."""
    scanned = [parcel.state in AT_THE_DOOR for parcel in parcels]
    return any(scanned) if case.kind in COMING_BACK else bool(scanned) and all(scanned)
