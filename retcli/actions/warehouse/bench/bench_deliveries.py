"""A driver's load at the bench: begun by a command or as the loop begins, taken up again, and ended with the round."""

import re
import unicodedata

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.code_facts import Code
from retcli.actions.warehouse.deliveries import counts, handovers
from retcli.models import Delivery
from retcli.models.acts import Act
from retcli.rules.lifecycles import DeliveryState
from retcli.rules.warehouse.codes import Meaning
from retcli.rules.warehouse.ids import COMMAND, normalised
from retcli.rules.warehouse.modes import RECEIVING
from retcli.shop import Shop
from retcli.views.warehouse.deliveries import DeliveryBegun, DeliveryEnded, DeliveryOffered
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scans import ScanOutcome, ScanView, shown

DELIVERY = f"{COMMAND}DELIVERY"
"""The command behind which the next line is the driver's number of parcels, with the carrier."""
_SAID = re.compile(r"(\d{1,4})(?!\d)\s*(?:件|个|包|票)?[\s,;、]*([^\d]{0,20})")


def asked_for(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Asks how many parcels the driver hands over."""
    bench.awaits = code.text
    return ScanView(code.text, ScanOutcome.COMMAND, ScanNote.HOW_MANY_PARCELS, bench.parcel)


def told(shop: Shop, bench: Bench, typed: str) -> ScanView:
    """Takes a line as the driver's number of parcels and the carrier (``60 圆通``); of a delivery that is open the
    number is corrected.
    """
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


def _begun(shop: Shop, delivery: Delivery, *, again: bool = False) -> DeliveryBegun:
    scanned = counts.scanned(shop, delivery.id or 0)
    return DeliveryBegun(delivery.number, delivery.carrier, scanned, delivery.announced, again)


def offer(shop: Shop, bench: Bench) -> DeliveryOffered | None:
    """Offers the operator the delivery that they have not ended; None for none."""
    delivery = handovers.open_of(shop)
    if delivery is None:
        return None
    bench.offered_delivery = delivery.id or 0
    scanned = counts.scanned(shop, bench.offered_delivery)
    return DeliveryOffered(delivery.number, delivery.carrier, delivery.begun_at, scanned, delivery.announced)


def take_up(shop: Shop, bench: Bench, row: int, code: str) -> ScanView:
    """Goes on with a delivery that was offered: the round that it was scanned in goes on."""
    delivery = shop.session.get_one(Delivery, row)
    bench.mode, bench.session = RECEIVING, _session(shop, delivery) or bench.session
    bench.delivery = row if delivery.state == DeliveryState.COUNTING else 0
    return ScanView(code, ScanOutcome.COMMAND, _begun(shop, delivery, again=True), meaning=Meaning.COMMAND)


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
    """The delivery (its row) that the operator has begun in a round and not ended; 0 for none."""
    delivery = handovers.open_of(shop)
    return delivery.id or 0 if delivery is not None and _session(shop, delivery) == session else 0


def ended(shop: Shop, bench: Bench) -> DeliveryEnded | None:
    """Ends the delivery that is counted at a bench, with what differs; None where none is."""
    if not bench.delivery:
        return None
    delivery = shop.hold(shop.session.get_one(Delivery, bench.delivery))
    bench.delivery = 0
    if delivery.state != DeliveryState.COUNTING:
        return None
    handovers.end(shop, delivery, bench.session)
    return DeliveryEnded(counts.view_of(shop, delivery))


def taken_back(bench: Bench, delivery: Delivery) -> None:
    """Notes at a bench that something of a delivery was taken back: it is counted there while it is open."""
    bench.delivery = delivery.id or 0 if delivery.state == DeliveryState.COUNTING else 0
