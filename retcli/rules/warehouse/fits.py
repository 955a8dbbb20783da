"""How well a parcel fits a case that waits for goods, by what is known of both: each reason with its score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Fit(StrEnum):
    """Why a parcel may belong to a case or an order, or not."""

    OWN_WAYBILL_UNDELIVERED = "own_waybill_undelivered"
    OWN_WAYBILL_HAD_BY_BUYER = "own_waybill_had_by_buyer"
    PHONE_TAIL = "phone_tail"
    ONLY_PHONE_TAIL = "only_phone_tail"  # no other waiting case has it
    EXACTLY_AWAITED = "exactly_awaited"
    PART_OF_AWAITED = "part_of_awaited"
    HOLDS_WHAT_IS_AWAITED = "holds_what_is_awaited"  # and other goods as well
    AGREED_LATELY = "agreed_lately"
    AGREED_LONG_AGO = "agreed_long_ago"
    SAME_CARRIER = "same_carrier"
    COMPLETE = "complete"  # all that the case waits for is in other parcels already


SCORES: Mapping[Fit, int] = {
    Fit.OWN_WAYBILL_UNDELIVERED: 60,
    Fit.OWN_WAYBILL_HAD_BY_BUYER: 60,
    Fit.PHONE_TAIL: 30,
    Fit.ONLY_PHONE_TAIL: 40,
    Fit.EXACTLY_AWAITED: 30,
    Fit.PART_OF_AWAITED: 15,
    Fit.HOLDS_WHAT_IS_AWAITED: 5,
    Fit.AGREED_LATELY: 10,
    Fit.AGREED_LONG_AGO: -10,
    Fit.SAME_CARRIER: 5,
    Fit.COMPLETE: -40,
}
LATELY = range(3, 16)
"""Days after a return was agreed to in which its goods mostly arrive."""


@dataclass(frozen=True)
class Arrived:
    """A parcel: the pieces counted in it, by product, its carrier, and the end of the sender's telephone number."""

    pieces: Mapping[str, int]
    carrier: str = ""
    tail: str = ""


@dataclass(frozen=True)
class Waiting:
    """A case that waits for goods: the pieces awaited, by product; `own_waybill` where its order went out under the
    parcel's waybill; days since it was agreed to, None where it is not; the carrier that brought the order; whether
    other parcels hold all of it already; the end of the buyer's telephone number.
    """

    awaited: Mapping[str, int]
    own_waybill: Fit | None = None
    agreed_days: int | None = None
    carrier: str = ""
    complete: bool = False
    tail: str = field(default="")


@dataclass(frozen=True)
class Reason:
    """A reason for or against, with the products that it is about."""

    fit: Fit
    skus: Sequence[str] = ()


def reasons(arrived: Arrived, waiting: Waiting, *, only_tail: bool = False) -> list[Reason]:
    """Why a parcel may belong to a case; empty where nothing says so. What only makes it likelier or less so counts
    beside a reason of its own. `only_tail` says that no other case has the sender's telephone number.
    """
    own = [Reason(waiting.own_waybill)] if waiting.own_waybill else []
    if arrived.tail and arrived.tail == waiting.tail:
        own.append(Reason(Fit.ONLY_PHONE_TAIL if only_tail else Fit.PHONE_TAIL))
    own += _by_goods(arrived.pieces, waiting.awaited)
    return [*own, *map(Reason, _beside(arrived, waiting))] if own else []


def _by_goods(pieces: Mapping[str, int], awaited: Mapping[str, int]) -> list[Reason]:
    """What the goods in a parcel say."""
    shared = sorted(pieces.keys() & awaited.keys())
    if not shared:
        return []
    if dict(pieces) == dict(awaited):
        return [Reason(Fit.EXACTLY_AWAITED, shared)]
    part = all(count <= awaited.get(sku, 0) for sku, count in pieces.items())
    return [Reason(Fit.PART_OF_AWAITED if part else Fit.HOLDS_WHAT_IS_AWAITED, shared)]


def _beside(arrived: Arrived, waiting: Waiting) -> list[Fit]:
    """What makes a case likelier or less likely that has a reason of its own."""
    beside = []
    if waiting.agreed_days is not None and waiting.agreed_days in LATELY:
        beside.append(Fit.AGREED_LATELY)
    if waiting.agreed_days is not None and waiting.agreed_days >= LATELY.stop:
        beside.append(Fit.AGREED_LONG_AGO)
    # platforms add a word to the carrier's name (圆通, 圆通速递)
    if arrived.carrier and arrived.carrier[:2] == waiting.carrier[:2]:
        beside.append(Fit.SAME_CARRIER)
    return [*beside, Fit.COMPLETE] if waiting.complete else beside
