"""Parcels that do not move on, by what their carrier says."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LOOKED_BACK = timedelta(days=30)
"""What was sent longer ago is no longer followed."""


class Stall(StrEnum):
    """What is wrong: lost by the carrier's word, never taken in by the carrier, stopped on its way, delivered to us and
    never scanned, or delivered to the buyer though it was to be intercepted.
    """

    NEVER_MOVED = "never_moved"
    STOPPED = "stopped"
    NOT_SCANNED = "not_scanned"
    GOT_THROUGH = "got_through"
    LOST = "carrier_lost"


@dataclass(frozen=True)
class Travel:
    """A parcel under way (UTC): when it was handed over (None: not known), the last event, whether signed for, and
    whether the buyer has it (an intercepted one that was signed for without being turned round), and whether the
    carrier's last word is that it lost it.
    """

    sent_at: datetime | None
    last_at: datetime | None
    signed: bool = False
    buyer_has_it: bool = False
    lost: bool = False


def stall(travel: Travel, now: datetime, *, first: timedelta, stalled: timedelta, coming_back: bool) -> Stall | None:
    """What is wrong with a parcel: no event for `first` after it was handed over, or none for `stalled` since the last;
    one that comes back and was signed for waits to be scanned; a lost one is wrong at once. None where all is well or
    nothing is known.
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
