"""A driver hands a load of parcels over: how many they say, that all of them were scanned, why some are missing. Each
step can be taken back.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records import acts
from retcli.actions.warehouse.deliveries import counts
from retcli.errors import Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Delivery, Parcel
from retcli.models.acts import Act
from retcli.rules.events import fingerprint
from retcli.rules.lifecycles import DELIVERY, MAY_SCAN, DeliveryState
from retcli.shop import Shop
from retcli.views.warehouse.deliveries import DeliveriesView


def open_of(shop: Shop) -> Delivery | None:
    """The delivery that the operator has begun and not ended; None for none."""
    query = sa.select(Delivery).where(
        col(Delivery.state) == DeliveryState.COUNTING, col(Delivery.begun_by) == shop.operator.name
    )
    return shop.session.scalars(query.order_by(col(Delivery.id).desc()).limit(1)).first()


def open_of_others(shop: Shop) -> Delivery | None:
    """The delivery that a colleague has begun last and not ended; None for none."""
    query = sa.select(Delivery).where(
        col(Delivery.state) == DeliveryState.COUNTING, col(Delivery.begun_by) != shop.operator.name
    )
    return shop.session.scalars(query.order_by(col(Delivery.id).desc()).limit(1)).first()


def begin(shop: Shop, announced: int, company: str, session: str) -> Delivery:
    """Begins to count a delivery of so many parcels. The same one that the operator has begun before goes on. Raises
    Refused where another one of theirs is open.
    """
    shop.may(MAY_SCAN, mark("scan parcels"))
    open_one = open_of(shop)
    if open_one and (open_one.announced, open_one.carrier) == (announced, company):
        return open_one
    if open_one:
        message = _("{delivery} is not ended: {n} of {all} are scanned")
        words = {"n": counts.scanned(shop, open_one.id or 0), "all": open_one.announced}
        hint = f"retcli scan --delivery {open_one.number}"
        raise Refused(message.format(delivery=open_one.number, **words), hint, subject=open_one.number)
    delivery = Delivery(number=shop.number("DH"), carrier=company, announced=announced, state=DELIVERY.start,
                        begun_by=shop.operator.name, begun_at=shop.now)  # fmt: skip
    shop.add(delivery)
    shop.session.flush()
    shop.born(delivery.number, DELIVERY, delivery.state, announced=announced)
    acts.note(shop, "begin_delivery", delivery.number, row=delivery.id, session=session)
    return delivery


def announce(shop: Shop, delivery: Delivery, announced: int, company: str, session: str) -> None:
    """Corrects how many parcels a driver hands over, and the carrier where one is named."""
    was = {"announced": delivery.announced, "carrier": delivery.carrier}
    delivery.announced, delivery.carrier = announced, company or delivery.carrier
    shop.session.flush()
    shop.record(delivery.number, "announce", was=was["announced"], now=announced)
    acts.note(shop, "announce", delivery.number, row=delivery.id, session=session, was=was)


def end(shop: Shop, delivery: Delivery, session: str) -> None:
    """Notes that all parcels of a delivery that came were scanned."""
    facts = {"announced": delivery.announced, "scanned": counts.scanned(shop, delivery.id or 0)}
    step = "end_short" if counts.is_short(shop, delivery) else "count_off"
    shop.move(delivery, delivery.number, DELIVERY, step, facts, ended_at=shop.now)
    acts.note(shop, "end_delivery", delivery.number, row=delivery.id, session=session)


def go_on(shop: Shop, delivery: Delivery) -> None:
    """Has a delivery that was ended go on, so that what comes after all counts too: its end, and why it was short, are
    taken back. Raises Refused where it was called off.
    """
    if delivery.state == DeliveryState.CALLED_OFF:
        message = _("{delivery} was begun by mistake and called off")
        hint = f"retcli scan --delivery {delivery.announced}"
        raise Refused(message.format(delivery=delivery.number), hint, subject=delivery.number)
    for kind, back in (("settle_delivery", _unsettle), ("end_delivery", _count_on)):
        act = shop.session.scalars(_standing(delivery, kind)).first()
        if act is not None:
            back(shop, delivery)
            acts.reverse(shop, act)


def _standing(delivery: Delivery, kind: str) -> sa.Select[Any]:
    """A query for what was done with a delivery, of a kind, that nobody took back, the newest first."""
    return acts.standing().where(col(Act.kind) == kind, col(Act.subject) == delivery.number).limit(1)


def settle(shop: Shop, ref: str, *, because: str) -> DeliveriesView:
    """Notes why parcels of a delivery are missing, which nobody asks about any more; one that is not ended is ended
    with it. Raises WrongCommand without a reason, Refused where nothing is missing or that is said already.
    """
    shop.may(MAY_SCAN, mark("say why parcels are missing"))
    if not because.strip():
        raise WrongCommand(_("Say why"), "--because TEXT")
    delivery = shop.hold(counts.named(shop, ref))
    look = f"retcli parcel deliveries {delivery.number}"
    if delivery.state == DeliveryState.SETTLED:
        raise Refused(_("{delivery}: it is said why").format(delivery=delivery.number), look, subject=delivery.number)
    if delivery.state == DeliveryState.CALLED_OFF or not counts.is_short(shop, delivery):
        message = _("{delivery}: nothing is missing").format(delivery=delivery.number)
        raise Refused(message, look, subject=delivery.number)
    if delivery.state == DeliveryState.COUNTING:
        end(shop, delivery, "")
    facts = {"because": fingerprint(because)}
    shop.move(delivery, delivery.number, DELIVERY, "say_why", facts, settled_because=because.strip())
    acts.note(shop, "settle_delivery", delivery.number, row=delivery.id)
    return counts.deliveries(shop, delivery.number)


def recount(shop: Shop, parcel: Parcel) -> None:
    """Has the ended deliveries of a parcel be short or not as they are by now: it was taken back, or is here again."""
    for number in counts.of_parcel(shop, parcel):
        delivery = shop.hold(shop.session.get_one(Delivery, number))
        short = counts.is_short(shop, delivery)
        if delivery.state == DeliveryState.COUNTED and short:
            shop.move(delivery, delivery.number, DELIVERY, "fall_short")
        elif delivery.state == DeliveryState.SHORT and not short:
            shop.move(delivery, delivery.number, DELIVERY, "complete")


def take_back(shop: Shop, act: Act) -> Delivery:
    """Reverses what was done with a delivery. Raises Refused where parcels count against it, or another one is open."""
    delivery = shop.hold(shop.session.get_one(Delivery, act.row_id))
    _BACK[act.kind](shop, act, delivery)
    acts.reverse(shop, act)
    return delivery


def _begin(shop: Shop, _act: Act, delivery: Delivery) -> None:
    """A delivery was never begun."""
    scanned = counts.scanned(shop, delivery.id or 0)
    if scanned:
        message = _("{n} parcels were scanned in {delivery}: they are taken back first")
        text = message.format(n=scanned, delivery=delivery.number)
        raise Refused(text, f"retcli parcel deliveries {delivery.number}", subject=delivery.number)
    shop.move(delivery, delivery.number, DELIVERY, "call_off")


def _announce(shop: Shop, act: Act, delivery: Delivery) -> None:
    """The driver's number is what it was before."""
    now, was = delivery.announced, acts.what(act)["was"]
    delivery.announced, delivery.carrier = was["announced"], was["carrier"]
    shop.session.flush()
    shop.record(delivery.number, "announce", was=now, now=delivery.announced)


def _end(shop: Shop, _act: Act, delivery: Delivery) -> None:
    """A delivery goes on."""
    other = open_of(shop)
    if other:
        message = _("{delivery} is open: one delivery after the other")
        hint = f"retcli scan --delivery {other.number}"
        raise Refused(message.format(delivery=other.number), hint, subject=other.number)
    _count_on(shop, delivery)


def _count_on(shop: Shop, delivery: Delivery) -> None:
    shop.move(delivery, delivery.number, DELIVERY, "count_on", ended_at=None)


def _settle(shop: Shop, _act: Act, delivery: Delivery) -> None:
    """Nobody has said why a delivery is short."""
    _unsettle(shop, delivery)


def _unsettle(shop: Shop, delivery: Delivery) -> None:
    shop.move(delivery, delivery.number, DELIVERY, "unsay_why", settled_because="")


_BACK: dict[str, Callable[[Shop, Act, Delivery], None]] = {
    "begin_delivery": _begin,
    "announce": _announce,
    "end_delivery": _end,
    "settle_delivery": _settle,
}
KINDS = frozenset(_BACK)
"""The kinds of acts that were done with a delivery."""
