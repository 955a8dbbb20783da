"""A driver hands a load of parcels over: how many they say, and that all of them were scanned. Each step can be taken
back.
"""

from collections.abc import Callable

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records import acts
from retcli.actions.warehouse.deliveries import counts
from retcli.errors import Refused
from retcli.language import _, mark
from retcli.models import Delivery
from retcli.models.acts import Act
from retcli.rules.lifecycles import DELIVERY, MAY_SCAN, DeliveryState
from retcli.shop import Shop


def open_of(shop: Shop) -> Delivery | None:
    """The delivery that the operator has begun and not ended; None for none."""
    query = sa.select(Delivery).where(
        col(Delivery.state) == DeliveryState.COUNTING, col(Delivery.begun_by) == shop.operator.name
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
        raise Refused(message.format(delivery=open_one.number, **words), "retcli scan", subject=open_one.number)
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
    """Notes that all parcels of a delivery were scanned."""
    facts = {"announced": delivery.announced, "scanned": counts.scanned(shop, delivery.id or 0)}
    shop.move(delivery, delivery.number, DELIVERY, "count_off", facts, ended_at=shop.now)
    acts.note(shop, "end_delivery", delivery.number, row=delivery.id, session=session)


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
        raise Refused(message.format(delivery=other.number), "retcli scan", subject=other.number)
    shop.move(delivery, delivery.number, DELIVERY, "count_on", ended_at=None)


_BACK: dict[str, Callable[[Shop, Act, Delivery], None]] = {
    "begin_delivery": _begin,
    "announce": _announce,
    "end_delivery": _end,
}
KINDS = frozenset(_BACK)
"""The kinds of acts that were done with a delivery."""
