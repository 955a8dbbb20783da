"""Parcels without a case that leave the door again: written down by mistake, sent back, disposed of, not taken in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from retcli.actions.casefile.records import acts
from retcli.actions.warehouse import named_waybills
from retcli.actions.warehouse.deliveries import handovers
from retcli.actions.warehouse.parcels import came, parcel_of, view_of
from retcli.actions.warehouse.pieces import awaited_pieces, contents, gone_pieces, senders
from retcli.actions.warehouse.strangers import fitting
from retcli.actions.warehouse.strangers.labels import refuse_not_here
from retcli.errors import Refused, WrongCommand
from retcli.language import _, clauses, mark, series
from retcli.models import Parcel
from retcli.models.acts import Act
from retcli.rules.events import fingerprint
from retcli.rules.lifecycles import MAY_SCAN, PARCEL, Bucket, ParcelState
from retcli.rules.warehouse.causes import Cause
from retcli.rules.warehouse.ids import carrier
from retcli.shellwords import quoted
from retcli.shop import Shop
from retcli.views.warehouse.parcels import ParcelView
from retcli.words import word

_LEAVE = mark("say that a parcel is here no more")


def void(shop: Shop, ref: str, *, because: str) -> ParcelView:
    """Takes a parcel out that was written down by mistake. Raises WrongCommand without a reason, Refused where it
    serves a case, goods of ours went out under its waybill, or pieces were counted in it.
    """
    _refuse_silent(because)
    parcel = _parcel(shop, ref)
    if parcel.state != ParcelState.EXPECTED:
        refuse_not_here(parcel)
    _refuse_claimed(shop, parcel)
    counted = contents.tallies(shop, parcel)
    if counted:
        message = _("{parcel} was opened: {n} pieces were counted in it")
        hint = f"retcli parcel send-back {parcel.number} --waybill WAYBILL"
        text = message.format(parcel=parcel.number, n=sum(counted.values()))
        raise Refused(text, hint, parcel=parcel.number)
    opened = parcel.state == ParcelState.INSPECTED
    did: dict[str, Any] = {"was": parcel.state, "opened": opened, **came(parcel)}
    shop.move(parcel, parcel.number, PARCEL, "take_out", {"because": fingerprint(because)},
              received_at=None, received_by="", left_because=because.strip())  # fmt: skip
    acts.note(shop, "void", parcel.number, parcel=parcel, **did)
    handovers.recount(shop, parcel)
    return view_of(shop, parcel)


def send_back(
    shop: Shop, ref: str, *, waybill: str, company: str = "", because: str = "", sure: bool = False
) -> ParcelView:
    """Notes that a parcel goes back to who sent it, under a waybill of its own; its pieces leave the stock. Raises
    Refused where it serves a case, may be a case's and nobody is `sure`, is our own sending, or its pieces may have
    been sold, or for no waybill.
    """
    parcel = _parcel(shop, ref)
    refuse_not_here(parcel)
    _refuse_claimed(shop, parcel)
    _refuse_likely(shop, parcel, sure=sure)
    code = named_waybills.one_waybill(shop, waybill, _("Type the waybill under which it goes back"))
    if code == parcel.waybill:
        message = _("{waybill} is the waybill under which it came: it goes back under one of its own")
        raise Refused(message.format(waybill=waybill), _("Type the waybill under which it goes back"))
    _leave(shop, parcel, "send_back", because,
           returned_waybill=code, returned_carrier=company or carrier(code) or "")  # fmt: skip
    return view_of(shop, parcel)


def dispose(shop: Shop, ref: str, *, because: str, sure: bool = False) -> ParcelView:
    """Notes that a parcel that nobody claims was disposed of; its pieces leave the stock. Raises WrongCommand without a
    reason, Refused where it serves a case, may be a case's and nobody is `sure`, is our own sending, or its pieces may
    have been sold.
    """
    _refuse_silent(because)
    parcel = _parcel(shop, ref)
    refuse_not_here(parcel)
    _refuse_claimed(shop, parcel)
    _refuse_likely(shop, parcel, sure=sure)
    _leave(shop, parcel, "dispose", because)
    return view_of(shop, parcel)


def _parcel(shop: Shop, ref: str) -> Parcel:
    """The parcel that somebody says something about, held."""
    shop.may(MAY_SCAN, _LEAVE)
    return shop.hold(parcel_of(shop, ref))


def _refuse_silent(because: str) -> None:
    """Raises WrongCommand without a reason."""
    if not because.strip():
        raise WrongCommand(_("Say why"), "--because TEXT")


def _refuse_claimed(shop: Shop, parcel: Parcel) -> None:
    """Raises Refused where a parcel serves a case, or goods of ours went out under its waybill."""
    cases = awaited_pieces.cases_of(shop, parcel)
    if cases:
        message = _("{parcel} belongs to {cases}: it is taken off first")
        hint = f"retcli parcel detach {parcel.number} --because TEXT"
        text = message.format(parcel=parcel.number, cases=series(case.number for case in cases))
        raise Refused(text, hint, parcel=parcel.number)
    orders = senders.sent_under(shop, parcel.waybill)
    if orders:
        message = _("{parcel} is our own sending of order {order} that came back: its goods are ours")
        text = message.format(parcel=parcel.number, order=series(order.number for order in orders))
        raise Refused(text, _open_on(orders[0].number, parcel), parcel=parcel.number)


def _refuse_likely(shop: Shop, parcel: Parcel, *, sure: bool) -> None:
    """Raises Refused where a number or a telephone says that a parcel may be a waiting case's, unless somebody is
    `sure` that it is not: what is gone comes back to nobody.
    """
    likely = [] if sure else [each for each in fitting.likeliest(shop, parcel) if each.case]
    if likely:
        message = _("{parcel} may be {case}'s, {n} points: {why}. If it is not: the same command with --yes")
        words = {"case": likely[0].case, "n": likely[0].score, "why": clauses(likely[0].because)}
        hint = f"retcli parcel match {parcel.number}"
        raise Refused(message.format(parcel=parcel.number, **words), hint, parcel=parcel.number)


def _open_on(order: str, parcel: Parcel) -> str:
    """The command that opens a case on an order for a parcel."""
    return f"retcli case open {quoted(order)} --kind KIND --reason REASON --parcel {parcel.number}"


def _leave(shop: Shop, parcel: Parcel, move: str, because: str, **columns: str) -> None:
    """Takes every piece of a parcel out of the stock by reversing entries, and moves the parcel."""
    _refuse_sellable(shop, parcel)
    did: dict[str, Any] = {"opened": parcel.state == ParcelState.INSPECTED, "apart": parcel.apart, **came(parcel)}
    steps = gone_pieces.take_out(shop, parcel, _CAUSES[move])
    held = [{"sku": step["sku"], "pieces": step["pieces"], "grade": step.get("grade", "")} for step in steps]
    facts: dict[str, Any] = {"held": held} | ({"because": fingerprint(because)} if because.strip() else {})
    shop.move(parcel, parcel.number, PARCEL, move, facts, left_because=because.strip(), **columns)
    acts.note(shop, move, parcel.number, parcel=parcel, steps=steps, **did)


_CAUSES = {"send_back": Cause.SENT_BACK, "dispose": Cause.DISPOSED}
"""Why the pieces of a parcel that leaves go out of the stock."""


def _refuse_sellable(shop: Shop, parcel: Parcel) -> None:
    """Raises Refused where pieces of a parcel were put among those that are sold: they may be gone."""
    for finding in contents.findings(shop, parcel) if not parcel.apart else []:
        if finding.disposition == Bucket.SELLABLE:
            message = _("{n} pieces of {sku} in {parcel} were put to {bucket}, where they may be sold")
            words = {"n": finding.quantity, "sku": finding.sku, "bucket": word(Bucket.SELLABLE)}
            hint = f"retcli parcel inspect {parcel.number} --item {quoted(finding.sku)}={finding.quantity}:X --regrade"
            raise Refused(message.format(parcel=parcel.number, **words), hint, parcel=parcel.number)


def turn_away(shop: Shop, parcel: Parcel) -> None:
    """Notes that a parcel at the door is not taken in: it goes back with the driver."""
    shop.move(parcel, parcel.number, PARCEL, "turn_away")


def gone_again(shop: Shop, parcel: Parcel, act: Act) -> None:
    """Has a parcel that an act awaited or received by mistake be gone as before; one that nobody knew before is taken
    out.
    """
    did = acts.what(act)
    move = _MOVES.get(did.get("was", ""), "take_out")
    here = {} if move != "take_out" else {"received_at": None, "received_by": ""}
    shop.move(parcel, parcel.number, PARCEL, move, **here)
    came_then(shop, parcel, did)


_MOVES: Mapping[str, str] = {
    ParcelState.SENT_BACK: "send_back",
    ParcelState.DISPOSED: "dispose",
    ParcelState.TURNED_AWAY: "turn_away",
}
"""The step by which a parcel came into the state in which it left the door."""


def take_back(shop: Shop, act: Act, parcel: Parcel) -> None:
    """Has a parcel be here again, with the pieces that were in it, or be awaited again."""
    acts.refuse_later(shop, act)
    did = acts.what(act)
    if did.get("was") == ParcelState.EXPECTED:
        shop.move(parcel, parcel.number, PARCEL, "expect", left_because="")
        return
    shop.move(parcel, parcel.number, PARCEL, "receive", left_because="", returned_waybill="", returned_carrier="")
    came_then(shop, parcel, did)
    parcel.apart = did.get("apart", parcel.apart)
    shop.session.flush()
    gone_pieces.put_back(shop, parcel, did.get("steps", ()))
    if did.get("opened") and parcel.state == ParcelState.RECEIVED:
        shop.move(parcel, parcel.number, PARCEL, "inspect")


def came_then(shop: Shop, parcel: Parcel, did: Mapping[str, Any]) -> None:
    """A parcel came when it had come before what an act did with it."""
    if did.get("received_at"):
        parcel.received_at, parcel.received_by = datetime.fromisoformat(did["received_at"]), did["received_by"]
        shop.session.flush()
