"""The one door through which goods leave for a case: their pieces leave the stock with the note of their waybill, and
are back in it where that is taken back.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse.pieces import stock
from retcli.actions.warehouse.shipments import keeping
from retcli.models import Case, CaseLine, Inspection, Replacement, Shipment
from retcli.models.stock import StockMove
from retcli.rules.lifecycles import REPLACEMENT, SHIPMENT, Bucket, Kind, ShipmentState
from retcli.rules.warehouse.causes import WITH_SENDING, Cause
from retcli.shop import Shop

_NOT_LEFT: dict[str, Any] = {"waybill": "", "carrier": "", "shipped_at": None}


def send(shop: Shop, case: Case, to_send: Sequence[Replacement], *, waybill: str, carrier: str) -> Shipment:
    """Notes that goods of a case left in one box. What is counted leaves the stock; the buyer's own leaves where its
    inspection put it. Raises Refused where too few are left.
    """
    to_send = sorted(to_send, key=lambda each: each.sku)  # in one order, so that two never wait for each other
    for goods in to_send:
        if not keeping.keep(shop, case, goods) and case.kind != Kind.REPAIR and keeping.counted(shop, goods.sku):
            keeping.refuse_short(shop, case, goods)
    shipment = here(shop, case) or _prepared(shop, case)
    for goods in to_send:
        pieces = _leaving(shop, case, goods)
        columns: dict[str, Any] = {"waybill": waybill, "carrier": carrier, "shipped_at": shop.now, "reserved": 0}
        columns |= {"shipment_id": shipment.id, "taken": sum(pieces.values())}
        shop.move(goods, f"{case.number}/{goods.id}", REPLACEMENT, "ship", **columns)
        for bucket, number in pieces.items():
            stock.move(shop, goods.sku, bucket, stock.OUTSIDE, number, None, cause=Cause.SHIPPED, cause_id=goods.id)
    left: dict[str, Any] = {"waybill": waybill, "carrier": carrier, "shipped_by": shop.operator.name}
    shop.move(shipment, shipment.number, SHIPMENT, "ship", shipped_at=shop.now, **left)
    return shipment


def take_back(shop: Shop, case: Case, sent: Sequence[Replacement]) -> None:
    """Notes that goods of a case had not left: they are still to be sent, and their pieces are where they were, kept
    for them as before.
    """
    for goods in sorted(sent, key=lambda each: each.sku):
        gone = _gone(shop, goods)
        for bucket, number in gone.items():
            stock.move(shop, goods.sku, stock.OUTSIDE, bucket, number, None, cause=Cause.UNSHIPPED, cause_id=goods.id)
        shop.move(goods, f"{case.number}/{goods.id}", REPLACEMENT, "unship", **_NOT_LEFT, taken=0)
        if gone.get(Bucket.SELLABLE):
            keeping.keep_again(shop, case, goods)
    for shipment in of_goods(shop, sent):
        shop.move(shipment, shipment.number, SHIPMENT, "unship", **_NOT_LEFT, shipped_by="")


def note_waybill(shop: Shop, case: Case, sent: Sequence[Replacement], *, waybill: str, carrier: str) -> None:
    """Notes that goods of a case left under another waybill than was written down; the stock stays as it is."""
    left: dict[str, Any] = {"waybill": waybill, "carrier": carrier}
    for goods in sent:
        at = goods.shipped_at
        shop.move(goods, f"{case.number}/{goods.id}", REPLACEMENT, "unship", **_NOT_LEFT)
        shop.move(goods, f"{case.number}/{goods.id}", REPLACEMENT, "ship", **left, shipped_at=at)
    for shipment in of_goods(shop, sent):
        by, at = shipment.shipped_by, shipment.shipped_at
        shop.move(shipment, shipment.number, SHIPMENT, "unship", **_NOT_LEFT, shipped_by="")
        shop.move(shipment, shipment.number, SHIPMENT, "ship", **left, shipped_by=by, shipped_at=at)


def follow(shop: Shop, goods: Iterable[Replacement], move: str) -> None:
    """Has the boxes of some goods take a step with them, those that can take it."""
    for shipment in of_goods(shop, goods):
        if SHIPMENT.after(shipment.state, move):
            shop.move(shipment, shipment.number, SHIPMENT, move)


def here(shop: Shop, case: Case) -> Shipment | None:
    """The box of a case that has not left; None for none."""
    query = sa.select(Shipment).where(col(Shipment.case_id) == case.id, col(Shipment.state) == ShipmentState.PREPARED)
    return shop.session.scalars(query).first()


def of_goods(shop: Shop, goods: Iterable[Replacement]) -> list[Shipment]:
    """The boxes in which some goods went, the oldest first."""
    ids = {each.shipment_id for each in goods if each.shipment_id}
    query = sa.select(Shipment).where(col(Shipment.id).in_(ids)).order_by(col(Shipment.id))
    return list(shop.session.scalars(query)) if ids else []


def _prepared(shop: Shop, case: Case) -> Shipment:
    """A new box for the goods of a case."""
    facts: dict[str, Any] = {"number": shop.number("RS"), "order_id": case.order_id, "case_id": case.id}
    shipment = Shipment(**facts, state=SHIPMENT.start, by=shop.operator.name, at=shop.now)
    shop.add(shipment)
    shop.born(shipment.number, SHIPMENT, shipment.state, case=case.number)
    return shipment


def _leaving(shop: Shop, case: Case, goods: Replacement) -> dict[str, int]:
    """The pieces by bucket that leave our stock with goods: all of those that were kept; of the buyer's own as many as
    were inspected and lie there still; none where nobody counts them.
    """
    if case.kind != Kind.REPAIR:
        return {Bucket.SELLABLE: goods.quantity} if goods.reserved else {}
    found = _inspected(shop, case, goods.sku)
    wanted, leaving = min(goods.quantity, sum(found.values())), dict[str, int]()
    # under repair first, wherever they were put before: somebody moved them there
    for bucket in (Bucket.REPAIR, *(each for each in sorted(found) if each != Bucket.REPAIR)):
        pieces = min(wanted - sum(leaving.values()), stock.held(shop, goods.sku, bucket))
        leaving |= {bucket: pieces} if pieces > 0 else {}
    return leaving


def _inspected(shop: Shop, case: Case, sku: str) -> dict[str, int]:
    """The pieces of a case by the bucket into which their inspection put them."""
    pieces = sa.cast(sa.func.sum(Inspection.quantity), sa.BigInteger)
    query = sa.select(col(Inspection.disposition), pieces).join(CaseLine, col(CaseLine.id) == Inspection.case_line_id)
    query = query.where(col(CaseLine.case_id) == case.id, col(Inspection.sku) == sku)
    return {row[0]: int(row[1]) for row in shop.session.execute(query.group_by(col(Inspection.disposition)))}


def _gone(shop: Shop, goods: Replacement) -> dict[str, int]:
    """The pieces by bucket that left our stock with goods and were not put back."""
    gone: dict[str, int] = {}
    query = sa.select(StockMove).where(col(StockMove.cause).in_(WITH_SENDING), col(StockMove.cause_id) == goods.id)
    for move in shop.session.scalars(query.where(col(StockMove.sku) == goods.sku)):
        bucket, number = (move.source, move.quantity) if move.source else (move.target, -move.quantity)
        gone[bucket] = gone.get(bucket, 0) + number
    return {bucket: number for bucket, number in gone.items() if number}
