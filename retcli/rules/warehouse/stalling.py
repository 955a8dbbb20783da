"""Parcels that have stalled on their way, by what their carrier says."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LOOKED_BACK = timedelta(days=30)
"""How long after its last sign a parcel is still listed; an older one is no longer followed."""


class Stall(StrEnum):
    """What is wrong with a parcel on its way."""

    NEVER_MOVED = "never_moved"  # the carrier never took it in
    STOPPED = "stopped"
    NOT_SCANNED = "not_scanned"  # delivered to us, never scanned at our door
    GOT_THROUGH = "got_through"  # delivered to the buyer though it was to be intercepted
    LOST = "carrier_lost"  # by the carrier's word


@dataclass(frozen=True)
class Travel:
    """A parcel on its way; instants in UTC."""

    sent_at: datetime | None  # when the carrier got it; None: not known
    last_at: datetime | None  # the carrier's last event
    signed: bool = False
    buyer_has_it: bool = False  # it was to be intercepted, and was signed for without being turned round
    lost: bool = False  # the carrier's last word


def stall(travel: Travel, now: datetime, *, first: timedelta, stalled: timedelta, coming_back: bool) -> Stall | None:
    """What is wrong with a parcel: no event within `first` after it was handed over, or none for `stalled` since the
    last; a return (`coming_back`) that was signed for waits to be scanned; a lost one is wrong at once. None where all
    is well or nothing is known.
    """
    if travel.buyer_has_it:
        return Stall.GOT_THROUGH
    if travel.lost and travel.last_at is not None:
        return Stall.LOST if now - travel.last_at <= LOOKED_BACK else None
    if travel.signed:
        return Stall.NOT_SCANNED if coming_back else None
    if travel.last_at is not None:
        stopped = stalled <= now - travel.last_at <= LOOKED_BACK
        return Stall.STOPPED if stopped else None
    if travel.sent_at is None:
        return None
    return Stall.NEVER_MOVED if first <= now - travel.sent_at <= LOOKED_BACK else None
