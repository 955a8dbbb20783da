"""Parcels without a case given to the case whose they surely are, without a person: one judgement at every door."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records import acts
from retcli.actions.orderfile.sent_orders import orders_sent_under
from retcli.actions.warehouse import detaching, parcel_candidates, parcels
from retcli.actions.warehouse.pieces import awaited_pieces, contents, senders
from retcli.actions.warehouse.strangers import read_labels
from retcli.errors import Refused
from retcli.models import Case, Order, Parcel, ParcelCase
from retcli.models.books import Event
from retcli.rules.events import Actor
from retcli.rules.lifecycles import AT_THE_DOOR, ParcelState
from retcli.rules.warehouse.fits import GOODS_ALONE, LEAD, SURE, Doubt, Fit, doubts, sure
from retcli.shop import Shop
from retcli.views.warehouse.parcels import Candidate, FitReason, Fitted


def settle(shop: Shop, parcel: Parcel) -> Fitted | None:
    """Gives a parcel at the door that has no case to the case whose it surely is, by the points of all candidates; or,
    where its earlier label is that of goods that never reached the buyer, to the refunds that wait for them. None where
    a person must say whose it is, or has said that it is not theirs.
    """
    if parcel.state not in AT_THE_DOOR or awaited_pieces.cases_of(shop, parcel):
        return None
    with shop.acting(Actor.EVIDENCE):
        if (old := _undelivered(shop, parcel)) and (claimed := parcels.claim_refused(shop, parcel, old)):
            return Fitted(parcel.number, tuple(case.number for case in claimed), undelivered=True)
        best = _surely(shop, parcel)
        if best is None:
            return None
        for case in _cases(shop, best):
            parcels.attach(shop, parcel, case, points=str(best.score))
    return Fitted(parcel.number, best.cases, best.score, best.reasons)


def _surely(shop: Shop, parcel: Parcel) -> Candidate | None:
    """The candidate whose a parcel surely is; None where a person must say so, or has said that it is not theirs."""
    fitting = likeliest(shop, parcel)
    not_theirs = detaching.taken_off_from(shop, parcel)
    if not fitting or fitting[0].case is None or not_theirs.keys() & set(fitting[0].cases):
        return None
    best, fits = fitting[0], [[reason.fit for reason in each.reasons] for each in fitting]
    against = any(_against(shop, parcel, each) for each in _cases(shop, best))
    return best if sure(fits[0], fits[1:], opened=bool(contents.tallies(shop, parcel)), against=against) else None


def _cases(shop: Shop, candidate: Candidate) -> list[Case]:
    """The cases of a candidate, in the order of their numbers."""
    query = sa.select(Case).where(col(Case.number).in_(candidate.cases)).order_by(col(Case.number))
    return list(shop.session.scalars(query))


def likeliest(shop: Shop, parcel: Parcel) -> list[Candidate]:
    """The candidates for a parcel, the likeliest first; those for which its goods alone speak only where they could
    come near one that is else sure, since there may be thousands of them.
    """
    named = parcel_candidates.fitting(shop, parcel, by_goods=False)
    near = bool(named) and SURE <= named[0].score < GOODS_ALONE + LEAD
    return parcel_candidates.fitting(shop, parcel) if near else named


def settle_noted(shop: Shop, parcel: Parcel, session: str = "") -> Fitted | None:
    """Gives a parcel to the case whose it surely is, so that it can be taken back; None where a person must say whose
    it is, or it is refused there.
    """
    fitted = _tried(shop, parcel)
    if fitted:
        acts.note(shop, "fit", parcel.number, parcel=parcel, session=session, attached=fitted.cases)
    return fitted


def in_doubt(shop: Shop, parcel: Parcel, candidates: Sequence[Candidate]) -> list[Doubt]:
    """Why a parcel does not go to the first of its candidates (the likeliest first) without a person; empty where there
    is none.
    """
    if not candidates:
        return []
    best, fits = candidates[0], [[reason.fit for reason in each.reasons] for each in candidates]
    by_points = doubts(fits[0], fits[1:], opened=bool(contents.tallies(shop, parcel)))
    if best.case is None:
        return [*by_points, Doubt.NO_CASE]
    taken_off = [Doubt.TAKEN_OFF] if detaching.taken_off_from(shop, parcel).keys() & set(best.cases) else []
    against = dict.fromkeys(doubt for case in _cases(shop, best) for doubt in _against(shop, parcel, case))
    return [*by_points, *against, *taken_off]


def _against(shop: Shop, parcel: Parcel, case: Case) -> list[Doubt]:
    """What a person must weigh before a parcel is a case's: its label names another sender, since a box may be used
    again by somebody else, or another parcel of the case is on its way.
    """
    others = _others(shop, parcel, shop.session.get_one(Order, case.order_id))
    coming = sa.select(col(Parcel.id)).join(ParcelCase, col(ParcelCase.parcel_id) == col(Parcel.id))
    coming = coming.where(col(ParcelCase.case_id) == case.id, col(Parcel.state) == ParcelState.EXPECTED)
    on_its_way = shop.session.scalars(coming.limit(1)).first() is not None
    return [*([Doubt.OTHER_SENDER] if others else []), *([Doubt.ANOTHER_COMING] if on_its_way else [])]


def _others(shop: Shop, parcel: Parcel, order: Order) -> bool:
    """Whether the label of a parcel names another sender than the buyer of an order."""
    said = read_labels.last(shop, parcel)
    # of a name that the platform hides the first character is left
    pairs = (said.phone_tail, order.phone_tail), (said.sender[:1], order.receiver[:1])
    return any(ours and theirs and ours != theirs for ours, theirs in pairs)


def _undelivered(shop: Shop, parcel: Parcel) -> str:
    """The earlier waybill on a parcel's label, where it is that of goods which never reached the buyer (拒收); empty
    where it is not, or other goods lie in the parcel.
    """
    old = read_labels.last(shop, parcel).old_waybill
    orders = orders_sent_under(shop, old) if old else []
    if any(order.signed_at is not None or _others(shop, parcel, order) for order in orders):
        return ""
    sent = senders.pieces_sent(shop, orders) if orders else {}
    fits = all(n <= sent.get(sku, 0) for sku, n in contents.tallies(shop, parcel).items())
    return old if orders and fits else ""


def strangers(shop: Shop) -> list[Parcel]:
    """The parcels at the door that came without a case and have none, the oldest first."""
    query = sa.select(Parcel).where(col(Parcel.stranger).is_not(None), col(Parcel.state).in_(AT_THE_DOOR))
    query = query.where(col(Parcel.id).not_in(sa.select(col(ParcelCase.parcel_id)))).order_by(col(Parcel.id))
    return list(shop.session.scalars(query))


def seem_sure(shop: Shop) -> list[int | None]:
    """The parcels (ids) without a case that would go to one by what the books say now. It only reads: many may lie
    there, and nobody is to wait for the write lock while each is looked at.
    """
    return [parcel.id for parcel in strangers(shop) if _undelivered(shop, parcel) or _surely(shop, parcel)]


def match_again(shop: Shop, parcel_id: int | None) -> Fitted | None:
    """Gives a parcel without a case to the case whose it surely is, now that other orders and refunds are known; one
    of which that is refused stays where it is.
    """
    return _tried(shop, shop.session.get_one(Parcel, parcel_id))


def waiting(shop: Shop) -> frozenset[int | None]:
    """The parcels (ids) at the door that came without a case and have none."""
    return frozenset(parcel.id for parcel in strangers(shop))


def found_of(shop: Shop, ids: Collection[int | None]) -> list[Fitted]:
    """Those of some parcels that have a case now, since a file named their waybill for it, or told that it is a sending
    of ours.
    """
    query = sa.select(Parcel).where(col(Parcel.id).in_(ids)).order_by(col(Parcel.id))
    found = []
    for parcel in shop.session.scalars(query):
        if cases := awaited_pieces.cases_of(shop, parcel):
            own = bool(orders_sent_under(shop, parcel.waybill))
            reason = FitReason(Fit.OWN_WAYBILL_UNDELIVERED if own else Fit.ON_LIST, 0)
            found.append(Fitted(parcel.number, tuple(case.number for case in cases), 0, (reason,)))
    return found


def fitted_since(shop: Shop, since: datetime) -> int:
    """How many parcels that came without a case went to one without a person since an instant, and are still there."""
    ours = sa.select(col(Parcel.number)).join(ParcelCase, col(ParcelCase.parcel_id) == col(Parcel.id))
    query = sa.select(sa.func.count(sa.distinct(col(Event.subject)))).where(
        col(Event.subject).in_(ours.where(col(Parcel.stranger).is_not(None))),
        col(Event.action) == "attach",
        col(Event.at) >= since.astimezone(UTC).isoformat(),
        sa.or_(*(col(Event.payload).contains(f'"actor":"{actor}"') for actor in Actor if actor != Actor.PERSON)),
    )
    return int(shop.session.scalar(query) or 0)


def _tried(shop: Shop, parcel: Parcel) -> Fitted | None:
    try:
        with shop.attempt():
            return settle(shop, shop.hold(parcel))
    except Refused:
        return None  # a person is told why where they do it by hand
