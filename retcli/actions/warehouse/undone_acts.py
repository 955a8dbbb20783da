"""Takes back what was done with a parcel by a reversing entry, while neither money nor anything else stands on it."""

from collections.abc import Callable, Sequence
from datetime import UTC

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.filing import finish_if_done
from retcli.actions.casefile.payable import owed_back
from retcli.actions.casefile.records import acts
from retcli.actions.casefile.records.clicked_payouts import failing
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.actions.casefile.records.one_case import payouts_of, replacements_of
from retcli.actions.money import outgoing
from retcli.actions.warehouse import detaching, interceptions, parcels
from retcli.actions.warehouse.deliveries import handovers
from retcli.actions.warehouse.pieces import awaited_pieces, contents, corrected_findings, serials, undone_pieces
from retcli.actions.warehouse.strangers import labels, leaving
from retcli.errors import Refused
from retcli.language import _
from retcli.models import Case, Inspection, Parcel, ParcelCase
from retcli.models.acts import Act
from retcli.models.books import Event
from retcli.rules.lifecycles import LEFT, PARCEL, Decision, ParcelState, ReplacementState
from retcli.shop import Shop
from retcli.views.base import when


def take_back(shop: Shop, act: Act) -> None:
    """Reverses an act that was done with a parcel. Raises Refused where money, a decision, goods sent again or a later
    act stand on it.
    """
    parcel = shop.hold(shop.session.get_one(Parcel, act.parcel_id))
    cases = awaited_pieces.cases_of(shop, parcel)
    for case in map(shop.hold, cases):
        if act.kind not in _NOTHING_STANDS_ON:
            _refuse_money_and_goods(shop, act, case)
        if act.kind in _TELL_OF_PIECES:
            _refuse_decided(shop, act, case)
    _BACK[act.kind](shop, act, parcel)
    acts.reverse(shop, act)
    handovers.recount(shop, parcel)
    for case in cases:
        _settle(shop, act, case)


def _refuse_money_and_goods(shop: Shop, act: Act, case: Case) -> None:
    """Raises Refused where a refund of a case left, or goods were sent again for it, after an act."""
    unsent = {payout.number for payout in outgoing.unsent(shop, case)}
    for payout in payouts_of(shop, case):
        gone = payout.state in LEFT or (payout.method == "original" and payout.number not in unsent)
        alive = payout.kind == "refund" and payout.minor > 0 and payout.state not in {"failed", "reversed"}
        if alive and gone and acts.follows(shop, act, payout.number, ("open",), payout.decided_at):
            message = _("The refund {payout} of {case} stands on it").format(payout=payout.number, case=case.number)
            raise Refused(message, failing(payout, dossier_of(shop, case).clicked), case=case.number)
    sent = replacements_of(shop, case, ReplacementState.SHIPPED, ReplacementState.DELIVERED)
    if any(acts.follows(shop, act, f"{case.number}/{goods.id}", ("ship",), goods.shipped_at) for goods in sent):
        message = _("Goods were sent again for {case} after it").format(case=case.number)
        raise Refused(message, f"retcli case show {case.number}", case=case.number)


def _refuse_decided(shop: Shop, act: Act, case: Case) -> None:
    """Raises Refused where a case was decided by somebody who could know what an act found."""
    decided = case.decided_at if case.decision in {Decision.APPROVED, Decision.REJECTED} else None
    if decided is not None and acts.follows(shop, act, case.number, _DECIDED, decided):
        message = _("{case} was decided after it, by {who} ({at})")
        text = message.format(case=case.number, who=case.decided_by, at=when(decided))
        raise Refused(text, f"retcli case show {case.number}", case=case.number)


def _settle(shop: Shop, act: Act, case: Case) -> None:
    """Fails what money of a case has not left and has no goods behind it any more, opens the case again where
    something of it is open, and finishes it where the act had opened it and nothing is. Raises Refused where so money
    that left stands for nothing.
    """
    before = owed_back(dossier_of(shop, case))
    owed = corrected_findings.follow(shop, [case]).get(case.number)
    if owed is not None and owed.minor > before:
        message = _("Money of {case} left for it: {money}").format(case=case.number, money=owed)
        raise Refused(message, f"retcli case show {case.number}", case=case.number)
    if act.kind in _WITHOUT_PIECES and _opened_by(shop, act, case):
        finish_if_done(shop, case)


def _opened_by(shop: Shop, act: Act, case: Case) -> bool:
    """Whether an act opened a finished case again."""
    opened = sa.select(col(Event.seq)).where(col(Event.subject) == case.number, col(Event.action) == "reopen")
    return shop.session.scalar(opened.where(col(Event.at) == act.at.astimezone(UTC).isoformat()).limit(1)) is not None


def _pieces(shop: Shop, act: Act, parcel: Parcel) -> None:
    undone_pieces.take_back(shop, parcel, acts.what(act)["steps"])


def _inspect(shop: Shop, act: Act, parcel: Parcel) -> None:
    """Takes an inspection by command back, with the arrival that it noted and the reason that it verified."""
    did = acts.what(act)
    undone_pieces.take_back(shop, parcel, did.get("steps", ()))
    for case in awaited_pieces.cases_of(shop, parcel):
        if case.number in did["reasons"]:
            case.reason_verified = did["reasons"][case.number]
            shop.record(case.number, "verify_reason", reason=case.reason_verified)
    if did["received"]:
        _receive(shop, act, parcel)


def _receive(shop: Shop, act: Act, parcel: Parcel) -> None:
    """Has a parcel be awaited again, and serve those cases no more to which only its arrival had given it."""
    _refuse_opened(shop, act, parcel)
    _take_off(shop, parcel, acts.what(act).get("attached", ()))
    shop.move(parcel, parcel.number, PARCEL, "unreceive", received_at=None, received_by="")


def _register(shop: Shop, act: Act, parcel: Parcel) -> None:
    """Takes a parcel out that nobody had announced; one that had left the door is gone as before."""
    _refuse_opened(shop, act, parcel)
    if acts.what(act)["called_back"]:
        message = _("{parcel} came back undelivered, and what was sent in it was taken back with it")
        raise Refused(message.format(parcel=parcel.number), f"retcli parcel match {parcel.number}", subject=act.subject)
    _take_off(shop, parcel, acts.what(act)["attached"])
    leaving.gone_again(shop, parcel, act)


def _refuse_opened(shop: Shop, act: Act, parcel: Parcel) -> None:
    """Raises Refused where pieces were counted in a parcel, or anything else was done with it after an act."""
    acts.refuse_later(shop, act)
    counted = contents.tallies(shop, parcel)
    if counted:
        message = _("{parcel} was opened: {n} pieces were counted in it")
        text = message.format(parcel=parcel.number, n=sum(counted.values()))
        raise Refused(text, f"retcli parcel match {parcel.number}", subject=act.subject)


def _take_off(shop: Shop, parcel: Parcel, numbers: Sequence[str]) -> None:
    for case in awaited_pieces.cases_of(shop, parcel):
        if case.number in numbers:
            detaching.take_off(shop, parcel, shop.hold(case), detaching.UNDONE_ATTACH)


def _attach(shop: Shop, act: Act, parcel: Parcel) -> None:
    """Takes a parcel off the case that it was given to."""
    case = shop.session.get_one(Case, act.case_id)
    _take_off(shop, parcel, [case.number])
    shop.session.flush()


def _slip(shop: Shop, act: Act, parcel: Parcel) -> None:
    """Takes a parcel off the case whose slip lay in it."""
    _take_off(shop, parcel, acts.what(act)["attached"])


def _fit(shop: Shop, act: Act, parcel: Parcel) -> None:
    """Takes a parcel off the cases that it had gone to by itself; it does not go there so again."""
    for case in awaited_pieces.cases_of(shop, parcel):
        if case.number in acts.what(act)["attached"]:
            detaching.take_off(shop, parcel, shop.hold(case), "detach")


def _expect(shop: Shop, act: Act, parcel: Parcel) -> None:
    """Has a case await a parcel no more; the parcel is taken out, or gone, as it was before."""
    acts.refuse_later(shop, act)
    if parcel.state != ParcelState.EXPECTED:
        message = _("{parcel} arrived at {at}").format(parcel=parcel.number, at=when(parcel.received_at))
        raise Refused(message, f"retcli parcel detach {parcel.number} --because TEXT", subject=act.subject)
    _attach(shop, act, parcel)
    if acts.what(act)["new"] and not _served(shop, parcel):
        leaving.gone_again(shop, parcel, act)


def _served(shop: Shop, parcel: Parcel) -> bool:
    query = sa.select(col(ParcelCase.id)).where(col(ParcelCase.parcel_id) == parcel.id)
    return shop.session.scalar(query.limit(1)) is not None


def _intercept(shop: Shop, act: Act, _parcel: Parcel) -> None:
    """Has what was intercepted be awaited no more."""
    acts.refuse_later(shop, act)
    interceptions.take_back(shop, act)


def _detach(shop: Shop, act: Act, parcel: Parcel) -> None:
    """Gives a parcel back to the case that it was taken off."""
    parcels.attach(shop, parcel, shop.hold(shop.session.get_one(Case, act.case_id)))


def _box(shop: Shop, act: Act, parcel: Parcel) -> None:
    shop.record(parcel.number, contents.NO_BOX, box=acts.what(act)["box"])


def _count_in(_shop: Shop, _act: Act, _parcel: Parcel) -> None:
    """Has a parcel, or a box of it, count in a driver's load no more: its act is all that says so."""


def _put(shop: Shop, act: Act, parcel: Parcel) -> None:
    """Where a parcel was put, or what it weighs, is what it was before."""
    now, was = getattr(parcel, act.kind), acts.what(act)["was"]
    setattr(parcel, act.kind, was)
    shop.session.flush()
    shop.record(parcel.number, act.kind, was=now, now=was)


def _serial(shop: Shop, act: Act, parcel: Parcel) -> None:
    """Takes the serial number off the finding of its piece, unless that was taken back since or has another one."""
    did = acts.what(act)
    finding = shop.session.get_one(Inspection, did["finding"])
    if finding.serial == did["now"] and finding in contents.findings(shop, parcel, did["sku"]):
        serials.write(shop, parcel, finding, did["was"])


_BACK: dict[str, Callable[[Shop, Act, Parcel], None]] = {
    "pieces": _pieces,
    "inspect": _inspect,
    "empty": _inspect,
    "receive": _receive,
    "register": _register,
    "slip": _slip,
    "match": _attach,
    "fit": _fit,
    "expect": _expect,
    "detach": _detach,
    "intercept": _intercept,
    "box": _box,
    "count_in": _count_in,
    "count_in_box": _count_in,
    "label": labels.take_back,
    **dict.fromkeys(("void", "send_back", "dispose", "turn_away"), leaving.take_back),
    "shelf": _put,
    "weight": _put,
    "serial": _serial,
}
KINDS = frozenset(_BACK)
"""The kinds of acts that were done with a parcel."""
AT_A_BENCH = KINDS - {"intercept"}
"""Those that a code at the bench may take back."""
_NOTHING_STANDS_ON = frozenset({"expect", "intercept", "box", "count_in", "count_in_box", "shelf", "weight", "serial"})
_DECIDED = ("approve", "reject")
"""Steps by which a case is decided."""
_TELL_OF_PIECES = frozenset({"pieces", "inspect", "empty"})
_WITHOUT_PIECES = KINDS - _TELL_OF_PIECES - {"label", "count_in", "count_in_box", "shelf", "weight", "serial"}
