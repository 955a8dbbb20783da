"""Parcels: awaited, received, matched with their cases, and listed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import lookup
from retcli.actions.casefile.filing import open_if_undone
from retcli.actions.casefile.records import acts
from retcli.actions.casefile.records.entitlements import free_sent_again
from retcli.actions.money import outgoing
from retcli.actions.orderfile import step_memory
from retcli.actions.orderfile.sent_orders import orders_sent_under, waybills_of
from retcli.actions.warehouse import match_refusals, named_waybills
from retcli.actions.warehouse.code_facts import code_of
from retcli.actions.warehouse.pieces import held_pieces, senders, serials, unclaimed_pieces
from retcli.actions.warehouse.pieces.awaited_pieces import cases_of
from retcli.errors import Ambiguous, NotFound, Refused, WrongCommand
from retcli.language import _, mark, series
from retcli.models import Case, Order, Parcel, ParcelCase, ParcelCount
from retcli.rules.events import fingerprint
from retcli.rules.lifecycles import (
    AT_THE_DOOR,
    COMING_BACK,
    LEFT_THE_DOOR,
    MAY_SCAN,
    PARCEL,
    Decision,
    Filing,
    Kind,
    ParcelState,
)
from retcli.rules.money.payouts import Door
from retcli.rules.warehouse.codes import Step
from retcli.rules.warehouse.ids import carrier, normalised
from retcli.shop import Shop
from retcli.views import masking
from retcli.views.warehouse.parcels import ParcelsView, ParcelView

INSPECT = mark("inspect parcels")
_PARCELS = frozenset({Step.WAYBILL, Step.OWN})
_NAMED = 9
"""How many of several an error can name."""


def parcel_of(shop: Shop, ref: str) -> Parcel:
    """The parcel of a number or the last group of it, a waybill, or a case that has just one. Raises NotFound,
    WrongCommand for a case with several, or Ambiguous where a last group names several parcels, or a case with another
    parcel as well: which goods are meant is not guessed.
    """
    named = code_of(shop, ref, steps=_PARCELS).read.parcel
    parcels = [numbered(shop, named)] if named else _by_last_group(shop, ref) or _parcels_of_case(shop, ref)
    if len(parcels) > 1:
        message = _("{number} has several parcels").format(number=ref)
        raise WrongCommand(message, series(masking.waybill(parcel.waybill) for parcel in parcels))
    return parcels[0]


def numbered(shop: Shop, number: str) -> Parcel:
    """The parcel of one of our own numbers, which it certainly has; asked of the books once in a piece of work."""
    read: dict[str, Parcel] = shop.session.info.setdefault("parcels", {})
    if number not in read or not sa.inspect(read[number]).persistent:
        read[number] = shop.session.scalars(_NUMBERED, {"number": number}).one()
    return read[number]


_NUMBERED = sa.select(Parcel).where(col(Parcel.number) == sa.bindparam("number"))


def _by_last_group(shop: Shop, ref: str) -> list[Parcel]:
    """The one parcel whose number ends in a group; none where there is none. Raises Ambiguous."""
    wanted = normalised(ref)
    ending = lookup.last_group(wanted)
    query = sa.select(Parcel).where(col(Parcel.number).endswith(ending, autoescape=True)).order_by(col(Parcel.id))
    parcels = list(shop.session.scalars(query.limit(_NAMED))) if ending else []
    others = [case.number for case in lookup.by_last_group(shop, wanted) if _has_other(shop, case, parcels)]
    names = [*(parcel.number for parcel in parcels), *others]
    if parcels and len(names) > 1:
        raise Ambiguous(_("{number} names several parcels and cases").format(number=ref), ref, names[:_NAMED])
    return parcels


def _has_other(shop: Shop, case: Case, parcels: Sequence[Parcel]) -> bool:
    """Whether a case has a parcel that is none of some."""
    own = sa.select(col(ParcelCase.parcel_id)).where(col(ParcelCase.case_id) == case.id)
    return bool(set(shop.session.scalars(own)) - {parcel.id for parcel in parcels})


def _parcels_of_case(shop: Shop, ref: str) -> list[Parcel]:
    """The parcels of the case that somebody named, at least one. Raises NotFound."""
    try:
        case = lookup.case_of(shop, ref)
    except NotFound as nothing:
        message = _("There is no parcel {number}").format(number=ref)
        raise NotFound(message, _("Scan it first: retcli scan")) from nothing
    of_case = sa.select(Parcel).join(ParcelCase, col(ParcelCase.parcel_id) == col(Parcel.id))
    of_case = of_case.where(col(ParcelCase.case_id) == case.id).order_by(col(Parcel.id))
    parcels = list(shop.session.scalars(of_case))
    if not parcels:
        message = _("No parcel of {case} is known").format(case=case.number)
        hint = f"retcli case show {case.number}"
        if case.kind in COMING_BACK:
            hint = _("Scan its waybill, or name it: retcli parcel expect {case} WAYBILL").format(case=case.number)
        raise NotFound(message, hint, case=case.number)
    return parcels


def expect(shop: Shop, case: Case, waybill: str, company: str = "") -> Parcel:
    """Has a case await the parcel under a waybill, which is attached to it, also where it is here already."""
    code = normalised(waybill)
    new = Parcel(
        number=shop.number("PK"), waybill=code, carrier=company or carrier(code) or "", state=ParcelState.EXPECTED
    )
    parcel = _known_or_new(shop, case, new)
    if parcel.number == new.number:
        shop.born(parcel.number, PARCEL, parcel.state, case=case.number)
    attach(shop, parcel, case)
    return parcel


def _known_or_new(shop: Shop, case: Case, new: Parcel) -> Parcel:
    """The parcel that the books have under the waybill of a new one, else the new one."""
    if shop.pending is not None:
        shop.add(new)
        return new
    # two who await the same waybill at once get one parcel: whoever comes second finds the first one's
    insert = shop.insert(Parcel).values(new.model_dump(exclude={"id"}))
    shop.session.execute(insert.on_conflict_do_nothing(index_elements=["waybill"]))
    parcel = shop.session.scalars(sa.select(Parcel).where(col(Parcel.waybill) == new.waybill)).one()
    if parcel.number == new.number:
        step_memory.note(shop, case, parcel)
        return parcel
    step_memory.forget(shop, case)
    if parcel.state in {ParcelState.VOID, *LEFT_THE_DOOR}:
        shop.move(parcel, parcel.number, PARCEL, "expect")
    return parcel


def attach(shop: Shop, parcel: Parcel, case: Case, **why: str) -> bool:
    """Attaches a parcel to a case; whether it was not attached before. Pieces inspected before count for the case now,
    its refund is held back or goes as the parcel demands. `why` goes into the event.
    """
    joined = _join(shop, parcel, case)
    if joined:
        shop.record(parcel.number, "attach", case=case.number, **why)
        unclaimed_pieces.claim(shop, parcel)
        if shop.pending is None:  # else the parcel is as new as the case: nothing was found in it
            held_pieces.assign(shop, parcel, case)
        # money last: what is known of the parcel's contents decides whether it is held back or goes
        outgoing.hold_back(shop, shop.hold(case))
        free_sent_again(shop, case)
        outgoing.go_by_itself(shop, case, Door.INSPECTION)
    return joined


def _join(shop: Shop, parcel: Parcel, case: Case) -> bool:
    """Writes that a parcel serves a case; whether that is new."""
    if shop.pending is not None:
        shop.add(ParcelCase(parcel_id=parcel.id or 0, case_id=case.id or 0))
        return True
    insert = shop.insert(ParcelCase).values(parcel_id=parcel.id, case_id=case.id)
    joined = shop.session.execute(insert.on_conflict_do_nothing().returning(sa.literal_column("id")))
    return joined.first() is not None


def expect_by_hand(shop: Shop, ref: str, waybill: str, company: str = "", *, sure: bool = False) -> ParcelView:
    """Has a case await the parcel under a waybill that the buyer named. Raises Refused where nothing comes back for the
    case, for a waybill that cannot be the buyer's, and for one like no carrier's unless somebody is `sure`.
    """
    shop.may(MAY_SCAN, mark("await parcels"))
    case = lookup.case_of(shop, ref)
    if case.kind not in COMING_BACK:
        raise Refused(_("Nothing comes back for {case}").format(case=case.number), case=case.number)
    hint = _("Ask the buyer which waybill they sent the goods with")
    waybill = named_waybills.one_waybill(shop, waybill, hint)
    if not sure:
        named_waybills.refuse_unlike(waybill, case)
    senders.refuse_anothers(shop, waybill, case, hint)
    senders.refuse_awaited(shop, waybill, case)
    before = shop.session.scalar(sa.select(col(Parcel.state)).where(col(Parcel.waybill) == waybill))
    parcel = expect(shop, case, waybill, company)
    new = before in {None, ParcelState.VOID, *LEFT_THE_DOOR}
    did: dict[str, Any] = {"case_number": case.number, "new": new, "was": before or ""}
    acts.note(shop, "expect", parcel.number, case=case, parcel=parcel, **did)
    return view_of(shop, parcel)


def receive(shop: Shop, parcel: Parcel) -> list[Case]:
    """Notes that a parcel is at the door, attaches it to open refunds of its orders where it went out for them, and
    lets money go that waited only for this. A refund that was paid before it came is open again until it is inspected.
    The cases that it serves then.
    """
    received = {"received_at": shop.now, "received_by": shop.operator.name}
    before = came(parcel) if parcel.state in LEFT_THE_DOOR else {}
    shop.move(parcel, parcel.number, PARCEL, "receive", before, **received)
    claim_refused(shop, parcel)  # first: refunds that are attached now wait for the inspection of this very parcel
    cases = cases_of(shop, parcel)
    if not cases:
        unclaimed_pieces.keep_apart(shop, parcel)
    _let_go_refunds(shop, cases)
    for case in cases:
        open_if_undone(shop, shop.hold(case))
    return cases


def came(parcel: Parcel) -> dict[str, str]:
    """When and to whom a parcel came, as an act or event keeps it; "" for never."""
    at = parcel.received_at.isoformat() if parcel.received_at else ""
    return {"received_at": at, "received_by": parcel.received_by}


def claim_refused(shop: Shop, parcel: Parcel, waybill: str = "") -> list[Case]:
    """Attaches a parcel that came back undelivered to every refund of the orders that went out in it, under its own
    waybill or that of an earlier label, so that their money waits until its pieces are inspected. One that was paid and
    is finished is open again until they are, unless the buyer had signed for its order. These refunds.
    """
    orders = orders_sent_under(shop, waybill or parcel.waybill)
    if not orders:
        return []
    undelivered = [order.id for order in orders if order.signed_at is None]
    paid = sa.and_(col(Case.decision) == Decision.APPROVED, col(Case.order_id).in_(undelivered))
    still_open = sa.and_(
        col(Case.filing) == Filing.OPEN, col(Case.decision).in_([Decision.REQUESTED, Decision.APPROVED])
    )
    refunds = sa.select(Case).where(
        col(Case.order_id).in_([order.id for order in orders]),
        col(Case.kind) == Kind.REFUND_ONLY,
        sa.or_(still_open, paid),
    )
    cases = list(shop.session.scalars(refunds.order_by(col(Case.id))))
    for case in cases:
        attach(shop, parcel, case)
        open_if_undone(shop, shop.hold(case))
    return cases


def claim_own(shop: Shop, case: Case) -> None:
    """Attaches parcels of a refund's order that came back undelivered before anybody asked for the refund or decided on
    it.
    """
    turned_down = {Decision.REJECTED, Decision.WITHDRAWN}
    if case.kind != Kind.REFUND_ONLY or case.filing == Filing.FINISHED or case.decision in turned_down:
        return
    if not step_memory.may_be_here(shop, case.order_id):
        return
    step_memory.forget(shop, case)
    waybills = waybills_of(shop, shop.session.get_one(Order, case.order_id))
    here = sa.select(Parcel).where(col(Parcel.waybill).in_(waybills), col(Parcel.state).in_(AT_THE_DOOR))
    for parcel in shop.session.scalars(here.order_by(col(Parcel.id))).all():
        attach(shop, parcel, case)


def _let_go_refunds(shop: Shop, cases: Sequence[Case]) -> None:
    """Holds back refunds of some cases that wait for what lies in their parcel now, and lets those go that waited for
    it, decided by who approved the cases.
    """
    for case in cases:
        outgoing.hold_back(shop, shop.hold(case))
        outgoing.go_by_itself(shop, shop.hold(case), Door.INSPECTION)


def list_parcels(
    shop: Shop, *, unclaimed: bool = False, held: bool = False, state: str = "", older: int = 0
) -> ParcelsView:
    """All parcels, those of one `state`, or only those that arrived (at least `older` days ago) and have no case, or
    those with pieces that are `held` for nobody and whose cases are finished.
    """
    query = sa.select(Parcel).order_by(col(Parcel.id))
    if unclaimed:
        query = query.where(col(Parcel.state).in_(AT_THE_DOOR))
        query = query.where(col(Parcel.id).not_in(sa.select(col(ParcelCase.parcel_id))), senders.no_sending())
        query = query.where(col(Parcel.received_at) <= shop.now - timedelta(days=older)) if older else query
    if state:
        # of an inspected one pieces may still wait: whoever lists what is to be inspected means it as well
        alike = col(Parcel.state) == state
        if state in {ParcelState.RECEIVED, ParcelState.INSPECTED}:
            waiting = col(Parcel.id).in_(_WITH_WAITING)
            at_door = col(Parcel.state).in_(AT_THE_DOOR)
            alike = sa.or_(alike, sa.and_(at_door, waiting)) if state == ParcelState.RECEIVED else alike & ~waiting
        query = query.where(alike)
    if not held:
        return ParcelsView(tuple(view_of(shop, parcel) for parcel in shop.session.scalars(query)))
    left = list(shop.session.scalars(query.where(held_pieces.left_over())))
    of_each = [(view_of(shop, parcel), held_pieces.for_nobody(shop, parcel)) for parcel in left]
    return ParcelsView(tuple(replace(view, held=pieces) for view, pieces in of_each))


_WITH_WAITING = sa.select(col(ParcelCount.parcel_id)).where(col(ParcelCount.counted) > col(ParcelCount.inspected))
"""A query for the parcels (ids) of which pieces wait for their grade."""


def match(shop: Shop, ref: str, case_ref: str, because: str = "") -> ParcelView:
    """Attaches a parcel to a case. Raises Refused where it belongs to the case already or was sent again for it; and,
    unless a reason is given, where it went out for another order and no piece held in it fits, holds nothing that the
    case waits for, or the case was turned down or is finished.
    """
    shop.may(MAY_SCAN, INSPECT)
    parcel, case = parcel_of(shop, ref), lookup.case_of(shop, case_ref)
    match_refusals.refuse_gone(parcel, case)
    match_refusals.refuse_own(shop, parcel, case)
    if not because:
        hint = _("Do both orders' goods lie in it? retcli parcel match {parcel} {case} --because TEXT")
        hint = hint.format(parcel=parcel.number, case=case.number)
        if not match_refusals.holds_for(shop, parcel, case):
            senders.refuse_anothers(shop, parcel.waybill, case, hint)
        if case not in cases_of(shop, parcel):
            match_refusals.refuse_over(parcel, case)
            match_refusals.refuse_misfit(shop, parcel, case)
    if not attach(shop, parcel, case, **({"because": fingerprint(because)} if because else {})):
        detach = f"retcli parcel detach {parcel.number} {case.number} --because TEXT"
        raise Refused(_("The parcel belongs to {case} already").format(case=case.number), detach, parcel=parcel.number)
    acts.note(shop, "match", parcel.number, case=case, parcel=parcel)
    return view_of(shop, parcel)


def view_of(shop: Shop, parcel: Parcel, moves: Sequence[Mapping[str, Any]] = ()) -> ParcelView:
    """The view of a parcel with its contents, read anew; `moves` are movements in stock that an inspection made."""
    rows = shop.session.scalars(
        sa.select(ParcelCount)
        .where(col(ParcelCount.parcel_id) == parcel.id, col(ParcelCount.counted) > 0)
        .order_by(col(ParcelCount.sku))
        .execution_options(populate_existing=True)
    )
    read = serials.of_parcel(shop, parcel)
    counts = tuple(
        {"sku": row.sku, "counted": row.counted, "inspected": row.inspected, "serials": [*read.get(row.sku, ())]}
        for row in rows
    )
    cases = tuple(case.number for case in cases_of(shop, parcel))
    return ParcelView(
        number=parcel.number,
        full_waybill=parcel.waybill,
        carrier=parcel.carrier,
        state=parcel.state,
        received_at=parcel.received_at,
        received_by=parcel.received_by,
        cases=cases,
        contents=counts,
        moves=tuple(moves),
        stranger=parcel.stranger,
        shelf=parcel.shelf,
        apart=parcel.apart,
    )
