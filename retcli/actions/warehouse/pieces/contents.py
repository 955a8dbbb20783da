"""The pieces in a parcel: counted, graded, held where nobody waits for them, and inspections taken back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.filing import finish_if_done
from retcli.actions.casefile.records.entitlements import free_sent_again
from retcli.actions.casefile.records.one_case import case_lines
from retcli.actions.money import outgoing
from retcli.actions.warehouse.pieces import senders, stock
from retcli.actions.warehouse.pieces.awaited_pieces import cases_of, waits
from retcli.errors import Refused
from retcli.language import _
from retcli.models import CaseLine, Inspection, Parcel, ParcelCount
from retcli.models.books import Event
from retcli.rules.events import fingerprint
from retcli.rules.lifecycles import PARCEL, Bucket, Grade, Kind
from retcli.rules.money.payouts import Door
from retcli.rules.warehouse.causes import Cause
from retcli.shop import Shop

NO_BOX = "no_box"
"""The action of the event that takes a box of a parcel back, whose label was read by mistake."""


@dataclass(frozen=True)
class GradedPieces:
    """Pieces of one product with the grade that inspection gave them, and the bucket they go to; `serial` is the serial
    number of a single one ("" for not read). `placed`: somebody named the bucket, else it follows from the grade and
    from what the goods are; `sealed`: somebody found the seal of each whole. `missing` are accessories that are
    not with them ("" for none).
    """

    sku: str
    quantity: int
    grade: Grade
    disposition: Bucket
    serial: str = ""
    placed: bool = True
    sealed: bool = False
    missing: str = ""


def boxes(shop: Shop, parcel: Parcel) -> set[int]:
    """The numbers of the boxes of a received parcel that came, by their labels; the first where a label names none."""
    query = sa.select(col(Event.action), col(Event.payload)).where(
        col(Event.subject) == parcel.number, col(Event.action).in_(["box", NO_BOX])
    )
    came: set[int] = set()
    for action, payload in shop.session.execute(query.order_by(col(Event.seq))):
        number = int(json.loads(payload)["box"])
        came = came | {number} if action == "box" else came - {number}
    return came or {1}


def count(shop: Shop, parcel: Parcel, sku: str, pieces: int = 1) -> None:
    """Counts further pieces of a product in a parcel; they enter the stock as pending."""
    add_to_tally(shop, parcel, sku, pieces)
    stock.move(shop, sku, stock.OUTSIDE, Bucket.PENDING, pieces, parcel, cause=Cause.COUNTED)
    shop.record(parcel.number, "count", sku=sku, pieces=pieces)


def add_to_tally(shop: Shop, parcel: Parcel, sku: str, pieces: int) -> None:
    """Adds to the pieces of a product that lie in a parcel."""
    # added by the database: two who scan into one parcel would each write their own sum over the other's
    insert = shop.insert(ParcelCount).values(parcel_id=parcel.id, sku=sku, counted=pieces, inspected=0)
    more = {"counted": ParcelCount.__table__.c.counted + pieces}  # type: ignore[attr-defined]
    shop.session.execute(insert.on_conflict_do_update(index_elements=["parcel_id", "sku"], set_=more))


def take_from_tally(shop: Shop, parcel: Parcel, sku: str, pieces: int) -> None:
    """Takes pieces of a product out of those that wait in a parcel for their grade. Raises Refused where there are not
    so many.
    """
    table = ParcelCount.__table__  # type: ignore[attr-defined]
    waiting = (table.c.parcel_id == parcel.id, table.c.sku == sku, table.c.counted - table.c.inspected >= pieces)
    taken = shop.session.execute(sa.update(table).where(*waiting).values(counted=table.c.counted - pieces))
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        message = _("{parcel}: the pieces of {sku} were graded after it").format(parcel=parcel.number, sku=sku)
        raise Refused(message, f"retcli parcel match {parcel.number}")


def tallies(shop: Shop, parcel: Parcel, *, waiting: bool = False) -> dict[str, int]:
    """Pieces by product that are counted in a parcel, or only those `waiting` for inspection."""
    rows = shop.session.execute(_WAITING if waiting else _COUNTED, {"parcel": parcel.id})
    return {str(sku): int(pieces) for sku, pieces in rows}


def _tally(pieces: Any) -> sa.Select[Any]:
    """The query for the products of a parcel with so many `pieces`, where there are any."""
    query = sa.select(col(ParcelCount.sku), pieces).where(col(ParcelCount.parcel_id) == sa.bindparam("parcel"))
    return query.where(pieces > 0).order_by(col(ParcelCount.sku))


_COUNTED = _tally(col(ParcelCount.counted))
_WAITING = _tally(col(ParcelCount.counted) - col(ParcelCount.inspected))


def counted(shop: Shop, parcel: Parcel, sku: str) -> int:
    """Pieces of a product counted in a parcel."""
    tally = _count_of(shop, parcel, sku)
    return tally.counted if tally else 0


def grade(
    shop: Shop, parcel: Parcel, item: GradedPieces, *, for_nobody: bool = False, **found: str | int
) -> Mapping[str, Any]:
    """Grades counted pieces: they go from pending into their bucket and count for the case lines that wait for them, or
    with `for_nobody` for none; refunds that waited for this leave. The movement in stock, as views show it. What else
    was `found` of them goes into the event.
    """
    count_inspected(shop, parcel, item.sku, item.quantity)
    shares = [(None, item.quantity)] if for_nobody else _shares(shop, parcel, item.sku, item)
    for line_id, quantity in shares:
        inspection = Inspection(parcel_id=parcel.id or 0, sku=item.sku, quantity=quantity, grade=item.grade,
                           disposition=item.disposition, by=shop.operator.name, at=shop.now)  # fmt: skip
        inspection.case_line_id = line_id
        inspection.serial, inspection.missing = item.serial or None, item.missing or None
        shop.add(inspection)
        way = (Bucket.PENDING, item.disposition)
        moved = stock.move(shop, item.sku, *way, quantity, parcel, cause=Cause.FOUND, cause_id=inspection.id)
    shop.move(parcel, parcel.number, PARCEL, "inspect")
    facts = {"sku": item.sku, "grade": str(item.grade), "to": str(item.disposition), "pieces": item.quantity}
    found |= ({"serial": item.serial} if item.serial else {}) | ({"sealed": 1} if item.sealed else {})
    found |= {"missing": fingerprint(item.missing)} if item.missing else {}
    shop.record(parcel.number, "grade", **facts, **found)
    follow_inspection(shop, parcel)
    return moved | {"quantity": item.quantity}


def follow_inspection(shop: Shop, parcel: Parcel) -> None:
    """Does for the cases of a parcel what follows from its inspection: refunds that waited for it leave."""
    for case in [*cases_of(shop, parcel), *senders.cases_sent_again(shop, parcel.waybill)]:
        free_sent_again(shop, shop.hold(case))
        outgoing.go_by_itself(shop, case, Door.INSPECTION)
        if case.kind == Kind.RETURN and case.platform_succeeded_at is not None:
            finish_if_done(shop, case)  # it was paid before its goods came, and they are all here now


def count_inspected(shop: Shop, parcel: Parcel, sku: str, pieces: int) -> None:
    """Adds to the pieces of a product in a parcel that count as inspected; a negative number makes them wait again."""
    table = ParcelCount.__table__  # type: ignore[attr-defined]
    this_product = (table.c.parcel_id == parcel.id, table.c.sku == sku)
    shop.session.execute(sa.update(table).where(*this_product).values(inspected=table.c.inspected + pieces))


def findings(shop: Shop, parcel: Parcel, sku: str = "", *, for_nobody: bool = False) -> list[Inspection]:
    """A parcel's inspections that were not taken back, the newest first: all, of one product, or those that count for
    no case.
    """
    reversals = sa.select(col(Inspection.reverses_id)).where(
        col(Inspection.parcel_id) == parcel.id, col(Inspection.reverses_id).is_not(None)
    )
    query = sa.select(Inspection).where(col(Inspection.parcel_id) == parcel.id)
    query = query.where(col(Inspection.reverses_id).is_(None), col(Inspection.id).not_in(reversals))
    if sku:
        query = query.where(col(Inspection.sku) == sku)
    if for_nobody:
        query = query.where(col(Inspection.case_line_id).is_(None))
    return list(shop.session.scalars(query.order_by(col(Inspection.id).desc())))


def not_found_yet(shop: Shop, parcel: Parcel, sku: str, items: Sequence[GradedPieces]) -> list[GradedPieces]:
    """The graded pieces that no standing inspection has given the same grade and bucket yet."""
    standing: dict[tuple[str, str], int] = {}
    for inspection in findings(shop, parcel, sku):
        name = inspection.grade, inspection.disposition
        standing[name] = standing.get(name, 0) + inspection.quantity
    new = []
    for item in items:
        name = str(item.grade), str(item.disposition)
        same = min(item.quantity, standing.get(name, 0))
        standing[name] = standing.get(name, 0) - same
        new += [replace(item, quantity=item.quantity - same)] if item.quantity > same else []
    return new


def others(shop: Shop, parcel: Parcel, sku: str, items: Sequence[GradedPieces]) -> int:
    """How many pieces of a product have a grade or bucket that is none of those given now."""
    return sum(inspection.quantity for inspection in _different(shop, parcel, sku, items))


def _different(shop: Shop, parcel: Parcel, sku: str, items: Sequence[GradedPieces]) -> list[Inspection]:
    """The standing inspections whose grade or bucket is none of those given now, the newest first; what is held since
    no case waits for it comes last.
    """
    same = {(str(item.grade), str(item.disposition)) for item in items}
    different = [
        inspection
        for inspection in findings(shop, parcel, sku)
        if (inspection.grade, inspection.disposition) not in same
    ]
    return sorted(different, key=lambda inspection: inspection.grade == Grade.X and inspection.case_line_id is None)


def take_back(
    shop: Shop, parcel: Parcel, sku: str, items: Sequence[GradedPieces], pieces: int
) -> list[Mapping[str, Any]]:
    """Reverses the newest inspections of a product that differ from the grades given now, until so many pieces wait for
    their grade again. The movements in stock. Raises Refused where there are not so many.
    """
    different = _different(shop, parcel, sku, items)
    if pieces > others(shop, parcel, sku, items):
        message = _("There are not so many pieces of {sku} in this parcel")
        hint = _("Is there really one more in it? Scan it: retcli scan, or say --more")
        raise Refused(message.format(sku=sku), hint, parcel=parcel.number)
    moves: list[Mapping[str, Any]] = []
    for inspection in different:
        if pieces > 0:
            taken = min(pieces, inspection.quantity)
            moves.append(reverse(shop, parcel, inspection, taken))
            pieces -= taken
    return moves


def reverse(shop: Shop, parcel: Parcel, inspection: Inspection, pieces: int) -> Mapping[str, Any]:
    """Takes some pieces of an inspection back: all of it is reversed, and the other pieces are written as a new one,
    since inspections are append-only. The movement in stock.
    """
    reversal = write_reversal(shop, parcel, inspection, pieces)
    taken_back: dict[str, Any] = {"sku": inspection.sku, "grade": inspection.grade, "from": inspection.disposition}
    taken_back |= {"serial": inspection.serial} if inspection.serial else {}
    taken_back |= {"finding": inspection.id} if inspection.missing else {}
    taken_back |= {"pieces": pieces} | ({"for_nobody": True} if inspection.case_line_id is None else {})
    shop.record(parcel.number, "take_back_grade", **taken_back)
    way, cause = (inspection.disposition, Bucket.PENDING), Cause.TAKEN_BACK
    return stock.move(shop, inspection.sku, *way, pieces, parcel, cause=cause, cause_id=reversal.id)


def write_reversal(shop: Shop, parcel: Parcel, inspection: Inspection, pieces: int) -> Inspection:
    """Writes that some pieces of an inspection wait for their grade again; the row that reverses it."""
    facts: dict[str, Any] = {
        "parcel_id": inspection.parcel_id,
        "sku": inspection.sku,
        "grade": inspection.grade,
        "disposition": inspection.disposition,
    }
    facts |= {"case_line_id": inspection.case_line_id, "by": shop.operator.name, "at": shop.now}
    reversal: Inspection = shop.add(Inspection(**facts, quantity=-inspection.quantity, reverses_id=inspection.id))
    if inspection.quantity > pieces:
        shop.add(Inspection(**facts, quantity=inspection.quantity - pieces, missing=inspection.missing))
    count_inspected(shop, parcel, inspection.sku, -pieces)
    return reversal


def pending(shop: Shop, parcel: Parcel, sku: str) -> int:
    """Pieces of a product counted in a parcel and not inspected yet."""
    tally = _count_of(shop, parcel, sku)
    return tally.counted - tally.inspected if tally else 0


def _count_of(shop: Shop, parcel: Parcel, sku: str) -> ParcelCount | None:
    """The count of a product in a parcel, read anew, since updates of this piece of work went past the session."""
    query = sa.select(ParcelCount).where(col(ParcelCount.parcel_id) == parcel.id, col(ParcelCount.sku) == sku)
    return shop.session.scalars(query.execution_options(populate_existing=True)).first()


def _shares(shop: Shop, parcel: Parcel, sku: str, item: GradedPieces) -> list[tuple[int | None, int]]:
    """The case lines (by id) for which pieces count, with how many: lines of the product that still wait; for goods of
    another order (X) any line that waits; None for what is left over. Cases that were turned down wait for nothing.
    """
    left = item.quantity
    shares: list[tuple[int | None, int]] = []
    for case in filter(waits, cases_of(shop, parcel)):
        # locked: two parcels of one case, inspected at the same moment, would else both fill the same line
        for line, order_line in case_lines(shop, shop.hold(case)):
            if left and (item.grade == Grade.X or sku in {order_line.sku, order_line.number}):
                taken = min(left, line.quantity - seen(shop, line, item.grade))
                if taken > 0:
                    shares.append((line.id, taken))
                    left -= taken
    return [*shares, (None, left)] if left else shares


def seen(shop: Shop, line: CaseLine, grade: str) -> int:
    """How many pieces fill a case's line already, for further ones of a `grade`: goods of another order (X) take no
    place from the right ones.
    """
    query = sa.select(sa.cast(sa.func.sum(Inspection.quantity), sa.BigInteger))
    query = query.where(col(Inspection.case_line_id) == line.id)
    if grade != Grade.X:
        query = query.where(col(Inspection.grade) != Grade.X)
    return int(shop.session.scalar(query) or 0)
