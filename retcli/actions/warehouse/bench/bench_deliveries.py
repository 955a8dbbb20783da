"""A driver's load at the bench: begun by a command or as the loop begins, taken up again, and ended with the round."""

import re
import unicodedata
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records import acts
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.code_facts import Code
from retcli.actions.warehouse.deliveries import counts, handovers
from retcli.language import mark
from retcli.models import Delivery, Parcel
from retcli.models.acts import Act
from retcli.rules.lifecycles import MAY_SCAN, DeliveryState
from retcli.rules.warehouse import ids
from retcli.rules.warehouse.codes import Meaning
from retcli.rules.warehouse.ids import COMMAND, normalised
from retcli.rules.warehouse.modes import RECEIVING
from retcli.shop import Shop
from retcli.views.warehouse.deliveries import (
    CountedIn,
    CountsElsewhere,
    DeliveryBegun,
    DeliveryEnded,
    DeliveryLeft,
    DeliveryOffered,
    DeliveryWasEnded,
    HowManyParcels,
)
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scans import ScanOutcome, ScanView, shown

DELIVERY = f"{COMMAND}DELIVERY"
"""The command behind which the next line is the driver's number of parcels, with the carrier."""
NUMBERED = "DH"
"""What the numbers of deliveries begin with."""
A_MOMENT = timedelta(hours=1)
"""How long before it is read again a parcel was received that counts into a load begun since without a question."""
_SAID = re.compile(r"(\d{1,4})(?!\d)\s*(?:件|个|包|票)?[\s,;、]*([^\d]{0,20})")


def asked_for(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Asks how many parcels the driver hands over; a delivery that is open and not counted here is offered with it."""
    bench.awaits = code.text
    offered = None if bench.delivery else offer(shop, bench) or offer_of_others(shop, bench)
    result = HowManyParcels(offered) if offered else ScanNote.HOW_MANY_PARCELS
    return ScanView(code.text, ScanOutcome.COMMAND, result, bench.parcel)


def told(shop: Shop, bench: Bench, typed: str) -> ScanView:
    """Takes a line as the driver's number of parcels and the carrier (``60 圆通``); of a delivery that is open the
    number is corrected. The number of a delivery goes on with that.
    """
    if ids.normalised(typed).startswith(NUMBERED):
        return ScanView(DELIVERY, ScanOutcome.COMMAND, join(shop, bench, ids.normalised(typed)), bench.parcel)
    said = _SAID.fullmatch(unicodedata.normalize("NFKC", typed).strip())
    if said is None or int(said[1]) < 1:
        return ScanView(shown(normalised(typed)), ScanOutcome.UNKNOWN, ScanNote.NO_DELIVERY, bench.parcel)
    announced, company = int(said[1]), said[2].strip()
    if bench.delivery:
        delivery = shop.hold(shop.session.get_one(Delivery, bench.delivery))
        handovers.announce(shop, delivery, announced, company, bench.session)
        result = _begun(shop, delivery)
    else:
        result = begin(shop, bench, announced, company)
    return ScanView(DELIVERY, ScanOutcome.COMMAND, result, bench.parcel)


def begin(shop: Shop, bench: Bench, announced: int, company: str) -> DeliveryBegun:
    """Begins to count a delivery at a bench, which receives from now on; the same one that was not ended goes on."""
    again = handovers.open_of(shop)
    delivery = handovers.begin(shop, announced, company, bench.session)
    if again is not None:
        bench.session = _session(shop, delivery) or bench.session
    bench.delivery, bench.mode = delivery.id or 0, RECEIVING
    return _begun(shop, delivery, again=again is not None)


def join(shop: Shop, bench: Bench, ref: str) -> DeliveryBegun:
    """Goes on with a delivery at a bench, by its number, whoever began it; one that was ended is open again. Raises
    NotFound, Ambiguous, or Refused where it was called off.
    """
    shop.may(MAY_SCAN, mark("scan parcels"))
    return _joined(shop, bench, shop.hold(counts.named(shop, ref)))


def _joined(shop: Shop, bench: Bench, delivery: Delivery) -> DeliveryBegun:
    if delivery.state != DeliveryState.COUNTING:
        handovers.go_on(shop, delivery)
    bench.mode, bench.session = RECEIVING, _session(shop, delivery) or bench.session
    bench.delivery = delivery.id or 0
    return _begun(shop, delivery, again=True)


def _begun(shop: Shop, delivery: Delivery, *, again: bool = False) -> DeliveryBegun:
    scanned = counts.scanned(shop, delivery.id or 0)
    of = delivery.begun_by if delivery.begun_by != shop.operator.name else ""
    return DeliveryBegun(delivery.number, delivery.carrier, scanned, delivery.announced, again, of)


def offer(shop: Shop, bench: Bench) -> DeliveryOffered | None:
    """Offers the operator the delivery that they have not ended; None for none."""
    return _offered(shop, bench, handovers.open_of(shop))


def offer_of_others(shop: Shop, bench: Bench) -> DeliveryOffered | None:
    """Offers the operator the delivery that a colleague has not ended; None for none."""
    return _offered(shop, bench, handovers.open_of_others(shop))


def _offered(shop: Shop, bench: Bench, delivery: Delivery | None) -> DeliveryOffered | None:
    if delivery is None:
        return None
    bench.offered_delivery = delivery.id or 0
    scanned = counts.scanned(shop, bench.offered_delivery)
    of = delivery.begun_by if delivery.begun_by != shop.operator.name else ""
    return DeliveryOffered(delivery.number, delivery.carrier, delivery.begun_at, scanned, delivery.announced, of)


def take_up(shop: Shop, bench: Bench, row: int, code: str) -> ScanView:
    """Goes on with a delivery that was offered: the round that it was scanned in goes on."""
    begun = _joined(shop, bench, shop.hold(shop.session.get_one(Delivery, row)))
    return ScanView(code, ScanOutcome.COMMAND, begun, meaning=Meaning.COMMAND)


def ended_meanwhile(shop: Shop, bench: Bench, code: str) -> ScanView | None:
    """The stop at a code where the delivery that is counted at the bench was ended elsewhere: nothing is booked until
    it goes on; None where it is open.
    """
    delivery = shop.hold(shop.session.get_one(Delivery, bench.delivery))
    if delivery.state == DeliveryState.COUNTING:
        return None
    bench.stop(code)
    return ScanView(code, ScanOutcome.STOP, DeliveryWasEnded(counts.view_of(shop, delivery), _ended_by(shop, delivery)))


def goes_on(shop: Shop, bench: Bench) -> bool:
    """Has the delivery at the bench that was ended elsewhere go on; whether it had been."""
    delivery = shop.hold(shop.session.get_one(Delivery, bench.delivery))
    if delivery.state == DeliveryState.COUNTING:
        return False
    handovers.go_on(shop, delivery)
    return True


def _ended_by(shop: Shop, delivery: Delivery) -> str:
    """Who ended a delivery, or called it off; "" where nobody knows."""
    kinds = ("end_delivery", "undo_begin_delivery")
    query = sa.select(col(Act.by)).where(col(Act.subject) == delivery.number, col(Act.kind).in_(kinds))
    return str(shop.session.scalar(query.order_by(col(Act.id).desc()).limit(1)) or "")


def counted_in(shop: Shop, bench: Bench, code: Code, parcel: Parcel) -> ScanView | None:
    """Counts a parcel, or a box of it, that was received before into the delivery at the bench: at once where that was
    a moment ago, else once somebody confirms it. None where it counts there already.
    """
    deliveries = counts.counted_in(shop, parcel, code.box)
    if deliveries.get(bench.delivery):
        return None
    elsewhere = next((row for row, box in deliveries.items() if box), 0)
    if elsewhere:
        other = shop.session.get_one(Delivery, elsewhere)
        return ScanView(code.text, ScanOutcome.DUPLICATE, CountsElsewhere(other.number), parcel.number)
    delivery = shop.session.get_one(Delivery, bench.delivery)
    alien = bool(parcel.carrier and delivery.carrier) and not ids.same_carrier(parcel.carrier, delivery.carrier)
    before = CountedIn(parcel.received_at, parcel.received_by or "", parcel.carrier if alien else "")
    lately = parcel.received_at is not None and shop.now - parcel.received_at <= A_MOMENT
    if not bench.sure and (alien or not lately):
        bench.stop(code.text)
        return ScanView(code.text, ScanOutcome.STOP, before, parcel.number)
    further = {"further": True} if bench.delivery in deliveries else {}
    shop.record(parcel.number, "count_in", delivery=delivery.number, box=code.box, **further)
    return ScanView(code.text, ScanOutcome.RECEIVED, replace(before, done=True), parcel.number)


def _session(shop: Shop, delivery: Delivery) -> str:
    """The round in which a delivery was scanned last, else begun; "" where nobody knows."""
    own = sa.and_(col(Act.kind) == "begin_delivery", col(Act.subject) == delivery.number)
    scanned = sa.and_(col(Act.delivery_id).is_not(None), col(Act.delivery_id) == delivery.id)
    query = sa.select(col(Act.session)).where(col(Act.by) == shop.operator.name)
    for which in (scanned, own):
        session = shop.session.scalar(query.where(which).order_by(col(Act.id).desc()).limit(1))
        if session:
            return str(session)
    return ""


def begun_in(shop: Shop, session: str) -> int:
    """The delivery (its row) that the operator has begun, or counts into, in a round and that is open; 0 for none."""
    for delivery in (handovers.open_of(shop), _joined_in(shop, session)):
        if delivery is not None and _session(shop, delivery) == session:
            return delivery.id or 0
    return 0


def _joined_in(shop: Shop, session: str) -> Delivery | None:
    """The open delivery into which the last parcel of a round was counted; None for none."""
    query = sa.select(Delivery).join(Act, col(Act.delivery_id) == col(Delivery.id))
    query = query.where(col(Act.by) == shop.operator.name, col(Act.session) == session)
    query = query.where(col(Act.delivery_id).is_not(None), col(Delivery.state) == DeliveryState.COUNTING)
    return shop.session.scalars(query.order_by(col(Act.id).desc()).limit(1)).first()


def ended(shop: Shop, bench: Bench) -> DeliveryEnded | DeliveryLeft | None:
    """Ends the delivery that is counted at a bench, with what differs; who counts into a colleague's that is not
    complete only leaves it. None where none is counted, or it was called off.
    """
    if not bench.delivery:
        return None
    delivery = shop.hold(shop.session.get_one(Delivery, bench.delivery))
    bench.delivery = 0
    if delivery.state == DeliveryState.CALLED_OFF:
        return None
    if delivery.state == DeliveryState.COUNTING:
        if not _ends(shop, delivery) and counts.is_short(shop, delivery):
            return DeliveryLeft(counts.view_of(shop, delivery))
        handovers.end(shop, delivery, bench.session)
    return DeliveryEnded(counts.view_of(shop, delivery))


def _ends(shop: Shop, delivery: Delivery) -> bool:
    """Whether the operator is the one who ends a delivery: who has it go on after its end, else who began it."""
    query = sa.select(col(Act.by)).where(
        col(Act.subject) == delivery.number, col(Act.kind) == f"{acts.UNDO}end_delivery"
    )
    return (shop.session.scalar(query.order_by(col(Act.id).desc()).limit(1)) or delivery.begun_by) == shop.operator.name


def taken_back(bench: Bench, delivery: Delivery) -> None:
    """Notes at a bench that something of a delivery was taken back: it is counted there while it is open."""
    bench.delivery = delivery.id or 0 if delivery.state == DeliveryState.COUNTING else 0
