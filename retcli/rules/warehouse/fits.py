"""How well a parcel fits a case or an order, by what is known of both: each reason with its points; and when the best
one is sure enough to take the parcel without a person.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from retcli.rules.warehouse.ids import same_carrier


class Fit(StrEnum):
    """Why a parcel may belong to a case or an order, or not."""

    OWN_WAYBILL_UNDELIVERED = "own_waybill_undelivered"
    OWN_WAYBILL_HAD_BY_BUYER = "own_waybill_had_by_buyer"
    SENT_AGAIN = "sent_again"  # the waybill of what was sent again for the case
    OLD_WAYBILL = "old_waybill"  # an earlier label on it is that of the order or of what was sent again
    ON_LIST = "on_list"  # the platform's list, or the buyer, named one of its numbers for the case
    PHONE_TAIL = "phone_tail"
    ONLY_PHONE_TAIL = "only_phone_tail"  # no other buyer has it
    EXACTLY_AWAITED = "exactly_awaited"
    PART_OF_AWAITED = "part_of_awaited"
    CITY = "city"
    AGREED_LATELY = "agreed_lately"
    AGREED_LONG_AGO = "agreed_long_ago"
    SAME_CARRIER = "same_carrier"
    COMPLETE = "complete"  # all that the case waits for is in other parcels already


SCORES: Mapping[Fit, int] = {
    Fit.OWN_WAYBILL_UNDELIVERED: 60,
    Fit.OWN_WAYBILL_HAD_BY_BUYER: 60,
    Fit.SENT_AGAIN: 60,
    Fit.OLD_WAYBILL: 60,
    Fit.ON_LIST: 50,
    Fit.PHONE_TAIL: 30,
    Fit.ONLY_PHONE_TAIL: 40,
    Fit.EXACTLY_AWAITED: 30,
    Fit.PART_OF_AWAITED: 15,
    Fit.CITY: 10,
    Fit.AGREED_LATELY: 10,
    Fit.AGREED_LONG_AGO: -10,
    Fit.SAME_CARRIER: 5,
    Fit.COMPLETE: -40,
}
LATELY = range(3, 16)
"""Days after a return was agreed to in which its goods mostly arrive."""
SURE, LEAD = 80, 30
"""Points that a case must have, and must have more than the next candidate, to be given a parcel without a person."""
GOODS_ALONE = sum(SCORES[fit] for fit in (Fit.EXACTLY_AWAITED, Fit.CITY, Fit.AGREED_LATELY, Fit.SAME_CARRIER))
"""The most points of a case for which neither a number nor a telephone speaks."""


@dataclass(frozen=True)
class Arrived:
    """A parcel: the pieces counted in it, by product, its carrier, the end of the sender's telephone number, their
    city.
    """

    pieces: Mapping[str, int]
    carrier: str = ""
    tail: str = ""
    city: str = ""


@dataclass(frozen=True)
class Waiting:
    """A case that waits for goods, or an order without one: the pieces awaited, by product; `numbers` are the fits of
    the parcel's waybill and of that of its earlier label; days since it was agreed to, None where it is not; the
    carrier that brought the order; whether other parcels hold all of it already; the end of the buyer's telephone
    number and their address.
    """

    awaited: Mapping[str, int]
    numbers: Sequence[Fit] = ()
    agreed_days: int | None = None
    carrier: str = ""
    complete: bool = False
    tail: str = ""
    address: str = ""


@dataclass(frozen=True)
class Reason:
    """A reason for or against, with the products that it is about."""

    fit: Fit
    skus: Sequence[str] = ()


def reasons(arrived: Arrived, waiting: Waiting, *, only_tail: bool = False) -> list[Reason]:
    """Why a parcel may belong to a case; empty where nothing says so. What only makes it likelier or less so counts
    beside a reason of its own. `only_tail` says that no other buyer has the sender's telephone number.
    """
    own = [Reason(fit) for fit in waiting.numbers]
    if arrived.tail and arrived.tail == waiting.tail:
        own.append(Reason(Fit.ONLY_PHONE_TAIL if only_tail else Fit.PHONE_TAIL))
    own += _by_goods(arrived.pieces, waiting.awaited)
    return [*own, *map(Reason, _beside(arrived, waiting))] if own else []


def _by_goods(pieces: Mapping[str, int], awaited: Mapping[str, int]) -> list[Reason]:
    """What the goods in a parcel say: nothing where any of them is not awaited."""
    if not pieces or any(count > awaited.get(sku, 0) for sku, count in pieces.items()):
        return []
    return [Reason(Fit.EXACTLY_AWAITED if dict(pieces) == dict(awaited) else Fit.PART_OF_AWAITED, sorted(pieces))]


def only_together(awaited: Sequence[Mapping[str, int]], pieces: Mapping[str, int]) -> list[int]:
    """Which of several cases of one order (their places) wait for the pieces of a parcel only together: those that wait
    for any of them, where each is needed. Empty where one alone waits for all of them, all do not, or it is open whose
    a piece is.
    """
    concerned = [place for place, each in enumerate(awaited) if each.keys() & pieces.keys()]

    def wait_for_all(places: Sequence[int]) -> bool:
        of_them = sum((Counter(awaited[place]) for place in places), Counter[str]())
        return all(count <= of_them[sku] for sku, count in pieces.items())

    if len(concerned) < 2 or not wait_for_all(concerned):
        return []
    one_too_many = any(wait_for_all([other for other in concerned if other != place]) for place in concerned)
    return [] if one_too_many else concerned


def together(waiting: Sequence[Waiting]) -> Waiting:
    """Several cases of one order as one that waits for all their pieces: each number that speaks for any of them does
    for all, they were agreed to when the first was (None where any was not), and all is here where it is of any.
    """
    first, *others = waiting
    if not others:
        return first
    days = [each.agreed_days for each in waiting if each.agreed_days is not None]
    return replace(
        first,
        awaited=dict(sum((Counter(each.awaited) for each in waiting), Counter[str]())),
        numbers=tuple(dict.fromkeys(fit for each in waiting for fit in each.numbers)),
        agreed_days=max(days) if len(days) == len(waiting) else None,
        complete=any(each.complete for each in waiting),
    )


def _beside(arrived: Arrived, waiting: Waiting) -> list[Fit]:
    """What makes a case likelier or less likely that has a reason of its own."""
    beside = []
    # addresses are of a city (杭州市), labels mostly say it shorter
    if arrived.city and arrived.city.removesuffix("市") in waiting.address:
        beside.append(Fit.CITY)
    if waiting.agreed_days is not None and waiting.agreed_days in LATELY:
        beside.append(Fit.AGREED_LATELY)
    if waiting.agreed_days is not None and waiting.agreed_days >= LATELY.stop:
        beside.append(Fit.AGREED_LONG_AGO)
    if same_carrier(arrived.carrier, waiting.carrier):
        beside.append(Fit.SAME_CARRIER)
    return [*beside, Fit.COMPLETE] if waiting.complete else beside


def score(fits: Sequence[Fit]) -> int:
    """The points of some reasons together."""
    return sum(SCORES[fit] for fit in fits)


class Doubt(StrEnum):
    """Why a parcel does not go to the best of its candidates without a person."""

    TOO_FEW = "too_few"  # it has not `SURE` points
    TOO_NEAR = "too_near"  # another candidate is less than `LEAD` points behind
    OTHER_GOODS = "other_goods"  # it was opened, and its goods are no reason
    OTHER_SENDER = "other_sender"  # its label names somebody else than the buyer
    ANOTHER_COMING = "another_coming"  # another parcel of the case is on its way
    TAKEN_OFF = "taken_off"  # somebody took it off that case
    NO_CASE = "no_case"  # the order has no case that waits


def doubts(best: Sequence[Fit], others: Sequence[Sequence[Fit]], *, opened: bool) -> list[Doubt]:
    """Why the points of several candidates leave it open whether a parcel is the best one's; see `sure`."""
    points, goods = score(best), {Fit.EXACTLY_AWAITED, Fit.PART_OF_AWAITED}
    why = {
        Doubt.TOO_FEW: points < SURE,
        Doubt.TOO_NEAR: any(points - score(other) < LEAD for other in others),
        Doubt.OTHER_GOODS: opened and not goods & set(best),
    }
    return [doubt for doubt, holds in why.items() if holds]


def sure(best: Sequence[Fit], others: Sequence[Sequence[Fit]], *, opened: bool, against: bool = False) -> bool:
    """Whether a parcel goes to the best of several candidates without a person, by their reasons: it has `SURE` points
    and leads by `LEAD`. Where the parcel was `opened`, its goods must be a reason as well; never where something that
    has no points speaks `against` it, which a person must weigh.
    """
    return not against and not doubts(best, others, opened=opened)
