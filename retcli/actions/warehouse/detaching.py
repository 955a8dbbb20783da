"""A parcel taken off a case that it was given to by mistake, and what it had set going there undone."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import lookup
from retcli.actions.casefile.filing import refuse_finished
from retcli.actions.casefile.payable import failed_there
from retcli.actions.casefile.records import acts
from retcli.actions.casefile.records.clicked_payouts import failing
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.actions.casefile.records.one_case import (
    case_lines,
    parcels_of,
    payouts_of,
    replacements_of,
)
from retcli.actions.money import outgoing
from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.pieces import awaited_pieces, contents, held_pieces, senders, unclaimed_pieces
from retcli.errors import Refused, WrongCommand
from retcli.language import _
from retcli.models import Case, Inspection, Parcel, ParcelCase
from retcli.models.books import Event
from retcli.rules.events import Actor, fingerprint
from retcli.rules.lifecycles import LEFT, MAY_SCAN, Decision, Kind, PayoutState, ReplacementState
from retcli.rules.warehouse.ids import normalised
from retcli.shop import Shop
from retcli.views.warehouse.parcels import ParcelView

UNDONE_ATTACH = "take_back_attach"
"""The action of the event that takes a parcel off a case to which it was given by mistake: unlike a detachment it says
nothing of whose the parcel is.
"""


def detach(shop: Shop, ref: str, case_ref: str = "", *, because: str) -> ParcelView:
    """Takes a parcel off a case, the only one that it serves where none is named. Its pieces keep their grades and
    count for nobody, or for another case of the parcel that waits for them; just those are held that the other cases of
    the parcel do not wait for. Money of the case that has not left waits for its goods again. The
    reason stands in the case's note.

    Raises WrongCommand without a reason, and Refused where the parcel is the order's own or the case is finished, or
    where money, a decision on the goods, or goods sent again stand on it.
    """
    shop.may(MAY_SCAN, parcels.INSPECT)
    if not because.strip():
        raise WrongCommand(_("Say why the parcel is taken off the case"), "--because TEXT")
    parcel = parcels.parcel_of(shop, ref)
    case = shop.hold(_case_meant(shop, parcel, case_ref))
    refuse_finished(case, f"retcli parcel detach {parcel.number} {case.number} --because TEXT")
    _refuse_own(shop, parcel, case)
    take_off(shop, parcel, case, "detach", because=fingerprint(because))
    acts.note(shop, "detach", parcel.number, case=case, parcel=parcel)
    case.note = f"{case.note}\n{shop.operator.name}: {because}".strip()
    shop.session.flush()
    return parcels.view_of(shop, parcel)


def take_off(shop: Shop, parcel: Parcel, case: Case, action: str, **why: str) -> None:
    """Has a parcel serve a case no more, told by an event (`action`) with the reason. Raises Refused where money, a
    decision on the goods, or goods sent again stand on what the parcel held.
    """
    counting = _counting(shop, parcel, case)
    stood_upon = counting or _counted_before(shop, parcel, case)
    if stood_upon:
        _refuse_stood_upon(shop, parcel, case, stood_upon)
    shop.session.execute(
        sa.delete(ParcelCase).where(col(ParcelCase.parcel_id) == parcel.id, col(ParcelCase.case_id) == case.id)
    )
    shop.record(parcel.number, action, case=case.number, **why)
    shop.session.flush()
    for inspection in counting:
        held_pieces.grade_anew(shop, parcel, inspection)
    held_pieces.balance(shop, parcel)  # what was too many for the case may be too few without it, or the other way
    for other in parcels_of(shop, case):  # where the case's own pieces may have room now
        held_pieces.assign(shop, other, case)
    if counting:
        _hold_back(shop, case)
    unclaimed_pieces.keep_apart(shop, parcel)


def taken_off(shop: Shop, case: Case, waybill: str) -> bool:
    """Whether somebody took the parcel of a waybill off a case to which the platform's list had given it, and nobody
    gave it back since: what the list says again is nothing new.
    """
    parcel = shop.session.scalars(sa.select(Parcel).where(col(Parcel.waybill) == normalised(waybill))).first()
    return parcel is not None and taken_off_from(shop, parcel).get(case.number, False)


def taken_off_from(shop: Shop, parcel: Parcel) -> Mapping[str, bool]:
    """The cases (by number) that somebody took a parcel off, and nobody gave it back to since, each with whether the
    platform's list had given it to the case.
    """
    listed: set[str] = set()
    last: dict[str, str] = {}
    for action, payload in shop.session.execute(_SERVED, {"parcel": parcel.number}):
        facts = json.loads(payload)
        last[facts["case"]] = action
        if action == "attach" and facts.get("actor") == Actor.IMPORT:
            listed.add(facts["case"])
    return {case: case in listed for case, action in last.items() if action == "detach"}


_SERVED = (
    sa.select(col(Event.action), col(Event.payload))
    .where(col(Event.subject) == sa.bindparam("parcel"), col(Event.action).in_(["attach", "detach"]))
    .order_by(col(Event.seq))
)
"""The events by which a parcel was given to cases and taken off them."""


def _case_meant(shop: Shop, parcel: Parcel, ref: str) -> Case:
    """The case that a parcel is to be taken off. Raises Refused where it does not serve it, or serves none,
    WrongCommand where it serves several and none is named.
    """
    serves = awaited_pieces.cases_of(shop, parcel)
    if not serves:
        message = _("The parcel {parcel} belongs to no case").format(parcel=parcel.number)
        raise Refused(message, "retcli parcel unclaimed", parcel=parcel.number)
    if not ref and len(serves) > 1:
        hint = f"retcli parcel detach {parcel.number} {serves[0].number} --because TEXT"
        raise WrongCommand(_("The parcel serves several cases: name the one it is taken off"), hint)
    case = lookup.case_of(shop, ref) if ref else serves[0]
    if case not in serves:
        message = _("The parcel does not belong to {case}").format(case=case.number)
        raise Refused(message, f"retcli parcel match {parcel.number}", parcel=parcel.number)
    return case


def _refuse_own(shop: Shop, parcel: Parcel, case: Case) -> None:
    """Raises Refused where a refund waits for a parcel that went out with its own order: the next scan of the parcel
    would give it to the case again.
    """
    own = {order.id for order in senders.sent_under(shop, parcel.waybill)}
    if case.kind == Kind.REFUND_ONLY and case.order_id in own:
        message = _("{parcel} went out with the order of {case}: it stays with it").format(
            parcel=parcel.number, case=case.number
        )
        raise Refused(message, f"retcli case show {case.number}", case=case.number)


def _counting(shop: Shop, parcel: Parcel, case: Case) -> list[Inspection]:
    """The findings in a parcel that count for a case, the oldest first."""
    lines = {line.id for line, _order_line in case_lines(shop, case)}
    return [each for each in reversed(contents.findings(shop, parcel)) if each.case_line_id in lines]


def _counted_before(shop: Shop, parcel: Parcel, case: Case) -> list[Inspection]:
    """The findings in a parcel that counted for a case until it was rejected: since then its pieces are held."""
    if case.decision != Decision.REJECTED:
        return []
    lines = [line.id for line, _order_line in case_lines(shop, case)]
    query = sa.select(Inspection).where(col(Inspection.parcel_id) == parcel.id, col(Inspection.quantity) > 0)
    return list(shop.session.scalars(query.where(col(Inspection.case_line_id).in_(lines)).order_by(col(Inspection.id))))


def _refuse_stood_upon(shop: Shop, parcel: Parcel, case: Case, counting: Sequence[Inspection]) -> None:
    """Raises Refused where something of a case that cannot be undone by itself stands on what a parcel held."""
    names = {"case": case.number, "parcel": parcel.number}
    unsent = {payout.number for payout in outgoing.unsent(shop, case)}
    for payout in payouts_of(shop, case):
        refund = payout.kind == "refund" and payout.minor > 0 and payout.number not in unsent
        if refund and payout.state in (LEFT | {PayoutState.DUE, PayoutState.WAITING}) - {PayoutState.REVERSED}:
            message = _("The refund {payout} of {case} stands on what came back in {parcel}")
            hint = failing(payout, dossier_of(shop, case).clicked, disproved=failed_there(shop, case, payout))
            if payout.state == PayoutState.CONFIRMED:
                hint = f"retcli pay reverse {payout.number} --because TEXT"
            raise Refused(message.format(payout=payout.number, **names), hint, case=case.number)
    message = ""
    if replacements_of(shop, case, ReplacementState.SHIPPED, ReplacementState.DELIVERED):
        message = _("Goods were sent again for {case}, for what came back in {parcel}")
    elif _decided_on(shop, parcel, case, counting):
        message = _("{case} was decided by what came back in {parcel}")
    if message:
        raise Refused(message.format(**names), f"retcli case show {case.number}", case=case.number)


def _decided_on(shop: Shop, parcel: Parcel, case: Case, counting: Sequence[Inspection]) -> bool:
    """Whether a case was decided, or its reason verified, by somebody who could know what a parcel held: after the
    parcel was given to the case, and after its pieces were inspected.
    """
    query = sa.select(col(Event.at), col(Event.payload)).where(
        col(Event.subject) == parcel.number, col(Event.action) == "attach"
    )
    given = [at for at, payload in shop.session.execute(query) if json.loads(payload).get("case") == case.number]
    since = max([min(each.at for each in counting), *map(datetime.fromisoformat, given)])
    verified = sa.select(sa.func.max(Event.at)).where(
        col(Event.subject) == case.number, col(Event.action) == "verify_reason"
    )
    last = shop.session.scalar(verified)
    if last is not None and datetime.fromisoformat(last) >= since:
        return True
    decided_at = case.decided_at if case.decision in {Decision.APPROVED, Decision.REJECTED} else None
    return decided_at is not None and decided_at > since


def _hold_back(shop: Shop, case: Case) -> None:
    """Fails what of a refund has not left and has no goods behind it any more, but for what was let ahead of them."""
    dossier = dossier_of(shop, case)
    if dossier.pays_before_goods or dossier.all_accepted:
        return
    for payout in outgoing.unsent(shop, case):
        outgoing.fail(shop, case, payout, outgoing.AWAITS_GOODS)
