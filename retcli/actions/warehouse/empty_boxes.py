"""Parcels that were opened and hold nothing: written down, so that nobody is sent to scan them again."""

from retcli.actions.casefile.records import acts
from retcli.actions.warehouse.inspection import verified, verify
from retcli.actions.warehouse.parcels import INSPECT, parcel_of, receive, view_of
from retcli.actions.warehouse.pieces import contents
from retcli.errors import Refused
from retcli.models import Parcel
from retcli.rules.lifecycles import MAY_SCAN, PARCEL, ParcelState
from retcli.shop import Shop
from retcli.views.warehouse import scan_results as results
from retcli.views.warehouse.parcels import ParcelView

NotEmpty = results.PiecesWait | results.OpenedBefore
"""Why a parcel cannot be noted as empty."""


def inspect_empty(shop: Shop, ref: str, *, reason: str = "") -> ParcelView:
    """Notes that a parcel, which is received by that where it was not, was opened and that nothing is in it; `reason`
    is set as the verified one. Raises Refused where pieces of it were counted, or it was opened before.
    """
    shop.may(MAY_SCAN, INSPECT)
    parcel = parcel_of(shop, ref)
    received = parcel.state == ParcelState.EXPECTED
    if received:
        receive(shop, parcel)
    if against := not_empty(shop, parcel):
        raise Refused(against.sentence(), against.command, parcel=parcel.number)
    note_empty(shop, parcel)
    reasons = verified(shop, parcel) if reason else {}
    acts.note(shop, "empty", parcel.number, parcel=parcel, received=received, reasons=reasons)
    verify(shop, parcel, reason)
    return view_of(shop, parcel)


def not_empty(shop: Shop, parcel: Parcel) -> NotEmpty | None:
    """Why a parcel cannot be noted as empty: pieces in it wait for their grade, or it was opened before; None where
    nobody has looked into it.
    """
    if waiting := contents.tallies(shop, parcel, waiting=True):
        return results.PiecesWait(parcel.number, waiting)
    if parcel.state == ParcelState.INSPECTED:
        return results.OpenedBefore(parcel.number, contents.tallies(shop, parcel))
    return None


def note_empty(shop: Shop, parcel: Parcel) -> None:
    """Notes that a parcel at the door was opened, and that nothing is in it."""
    shop.move(parcel, parcel.number, PARCEL, "inspect")
    shop.record(parcel.number, "empty")
    contents.follow_inspection(shop, parcel)
