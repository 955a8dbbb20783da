"""The pieces in a parcel: expected, counted, graded, held where nobody waits for them, and inspections taken back."""

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.filing import finish_if_done
from retcli.actions.casefile.records.entitlements import free_sent_again
from retcli.actions.casefile.records.one_case import case_lines
from retcli.actions.money import outgoing
from retcli.actions.warehouse import gifts, senders, stock
from retcli.errors import Refused
from retcli.language import _
from retcli.models import Case, CaseLine, Inspection, Order, OrderLine, Parcel, ParcelCase, ParcelCount
from retcli.models.books import Event
from retcli.rules.imports.orders import DONE
from retcli.rules.lifecycles import PARCEL, Bucket, Decision, Grade, Kind, ParcelState
from retcli.rules.money.payouts import Door
from retcli.shop import Shop

NO_BOX = "no_box"
"""The action of the event that takes a box of a parcel back, whose label was read by mistake."""


@dataclass(frozen=True)
class GradedPieces:
    """Pieces of one product with the grade that inspection gave them, and the bucket they go to."""

    sku: str
    quantity: int
    grade: Grade
    disposition: Bucket


def cases_of(shop: Shop, parcel: Parcel) -> list[Case]:
    """The cases that a parcel serves."""
    return list(shop.session.scalars(_CASES_OF, {"parcel": parcel.id}))


_CASES_OF = (
    sa.select(Case)
    .join(ParcelCase, col(ParcelCase.case_id) == col(Case.id))
    .where(col(ParcelCase.parcel_id) == sa.bindparam("parcel"))
    .order_by(col(Case.id))
)
"""Made once, like all that each scan asks: to make a statement costs more than to run it."""


def waits(case: Case) -> bool:
    """Whether a case waits for goods: it was not turned down. What comes back of one that was is still the buyer's."""
    return case.decision in {Decision.REQUESTED, Decision.APPROVED}


def expected_pieces(shop: Shop, parcel: Parcel) -> dict[str, int]:
    """The pieces that are expected in a parcel, by product (a line without a code by its number): what its cases that
    were not turned down wait for, with gifts of their orders where all else goes back; in an order's own parcel that
    turned round for a refund, or without a case, all that its orders had sent; with what cases of other orders
    wait for to which it was given as well.
    """
    cases = cases_of(shop, parcel)
    if not cases:
        again = senders.pieces_sent_again(shop, parcel.waybill)
        return again or senders.pieces_sent(shop, senders.sent_under(shop, parcel.waybill))
    orders = _turned_round(shop, parcel, cases)
    waiting = _waiting_beside(cases, orders)
    if orders and not waiting:
        return senders.pieces_sent(shop, orders)
    sent = Counter(senders.pieces_sent(shop, orders))
    return dict(sent + Counter(_asked_for(shop, waiting)) + Counter(gifts.gifts(shop, waiting).must_come))


def _waiting_beside(cases: Sequence[Case], turned_round: Sequence[Order]) -> list[Case]:
    """The cases that wait for goods, without those of orders whose own parcel turned round."""
    ids = {order.id for order in turned_round}
    return [case for case in cases if waits(case) and case.order_id not in ids]


def _asked_for(shop: Shop, cases: Sequence[Case]) -> dict[str, int]:
    """The pieces that some cases ask for, by product."""
    name = sa.func.coalesce(sa.func.nullif(OrderLine.sku, ""), OrderLine.number)
    query = (
        sa.select(name, sa.cast(sa.func.sum(CaseLine.quantity), sa.BigInteger))
        .join(CaseLine, col(CaseLine.line_id) == col(OrderLine.id))
        .where(col(CaseLine.case_id).in_([case.id for case in cases]))
        .group_by(name)
    )
    return {sku: int(quantity) for sku, quantity in shop.session.execute(query)}


def _turned_round(shop: Shop, parcel: Parcel, cases: Sequence[Case]) -> list[Order]:
    """The orders whose goods lie in a parcel that came back for a refund of them: those that went out under its
    waybill, or under any label those of refunds alone whose goods nobody had received; else none.
    """
    if all(case.kind != Kind.REFUND_ONLY for case in cases):
        return []
    own = senders.sent_under(shop, parcel.waybill)
    if own or any(case.kind != Kind.REFUND_ONLY for case in cases) or parcel.state == ParcelState.EXPECTED:
        return own
    query = sa.select(Order).where(col(Order.id).in_({case.order_id for case in cases}))
    received = sa.or_(col(Order.signed_at).is_not(None), col(Order.status) == DONE)
    return list(shop.session.scalars(query.where(sa.not_(received)).order_by(col(Order.id))))


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


def awaits(shop: Shop, parcel: Parcel) -> bool:
    """Whether more pieces are expected in a parcel, over all parcels of its cases; always where it has no case."""
    expected = expected_pieces(shop, parcel)
    return not cases_of(shop, parcel) or any(_surplus_or_lack(shop, parcel, sku) < 0 for sku in expected)


def excess(shop: Shop, parcel: Parcel, sku: str, pieces: int) -> int:
    """How many of some further pieces of a product nobody waits for: they exceed what the parcel's cases wait for over
    all of their parcels, or without a case what its orders had sent. None where nobody knows whose it is. Goods of
    another order (X) take no place from the right ones.
    """
    return min(pieces, max(0, _surplus_or_lack(shop, parcel, sku) + pieces))


def room(shop: Shop, parcel: Parcel, sku: str) -> int:
    """How many pieces of a product may still count as right ones in a parcel: those that its cases wait for over all of
    their parcels, or without a case what its orders had sent; any number where nobody knows whose it is.
    """
    return max(0, -_surplus_or_lack(shop, parcel, sku))


def surplus(shop: Shop, parcel: Parcel, sku: str) -> int:
    """How many pieces of a product that are counted as right ones nobody waits for, over all parcels of the cases or
    orders; none where nobody knows whose the parcel is.
    """
    return max(0, _surplus_or_lack(shop, parcel, sku))


def _surplus_or_lack(shop: Shop, parcel: Parcel, sku: str) -> int:
    """Pieces of a product counted as right ones, less those that are expected: below zero where some are still to come,
    and far below where nobody knows whose the parcel is.
    """
    together = _counted_together(shop, parcel)
    if together is None:  # nobody knows whose the parcel is, so that no piece in it is too many
        return -sys.maxsize
    return sum(_right_pieces(shop, together, sku).values()) - _may_come(shop, parcel, sku)


def _may_come(shop: Shop, parcel: Parcel, sku: str) -> int:
    """How many pieces of a product may lie in a parcel: those that are expected, and gifts that the buyer might also
    have kept.
    """
    cases = cases_of(shop, parcel)
    orders = _turned_round(shop, parcel, cases)
    waiting = _waiting_beside(cases, orders)
    if not cases or (orders and not waiting):
        return expected_pieces(shop, parcel).get(sku, 0)
    sent = senders.pieces_sent(shop, orders).get(sku, 0)
    return sent + _asked_for(shop, waiting).get(sku, 0) + gifts.gifts(shop, waiting).may_come.get(sku, 0)


def orders_without_case(shop: Shop, parcel: Parcel) -> list[Order]:
    """The orders whose goods went out under a parcel's waybill, where the parcel has no case."""
    return [] if cases_of(shop, parcel) else senders.sent_under(shop, parcel.waybill)


def elsewhere(shop: Shop, parcel: Parcel, sku: str) -> dict[str, int]:
    """Pieces of a product, but those of another order, in the other parcels of the same cases or orders, by waybill."""
    together = _counted_together(shop, parcel)
    pieces = {} if together is None else _right_pieces(shop, together.where(col(Parcel.id) != parcel.id), sku)
    waybills = sa.select(col(Parcel.id), col(Parcel.waybill)).where(col(Parcel.id).in_(pieces))
    return {waybill: pieces[ident] for ident, waybill in shop.session.execute(waybills) if pieces[ident] > 0}


def _counted_together(shop: Shop, parcel: Parcel) -> sa.Select[Any] | None:
    """A query for the ids of the parcels whose pieces count together with a parcel's: those of its cases, or without a
    case those of the orders that were sent under its waybill; None where neither is known.
    """
    cases = cases_of(shop, parcel)
    orders = _turned_round(shop, parcel, cases)
    if cases and not orders:
        served = sa.select(col(ParcelCase.parcel_id)).where(col(ParcelCase.case_id).in_([case.id for case in cases]))
        return sa.select(col(Parcel.id)).where(col(Parcel.id).in_(served))
    if not cases and senders.pieces_sent_again(shop, parcel.waybill):
        return sa.select(col(Parcel.id)).where(col(Parcel.id) == parcel.id)
    beside = _waiting_beside(cases, orders)
    orders = orders or senders.sent_under(shop, parcel.waybill)
    if not orders:
        return None
    parcels = senders.parcels_of_orders(shop, orders)
    if beside:
        served = sa.select(col(ParcelCase.parcel_id)).where(col(ParcelCase.case_id).in_([case.id for case in beside]))
        parcels |= set(shop.session.scalars(served))
    return sa.select(col(Parcel.id)).where(col(Parcel.id).in_(parcels))


def _right_pieces(shop: Shop, parcels: sa.Select[Any], sku: str) -> dict[int, int]:
    """Pieces of a product in some parcels, by the parcel's id, without those graded as of another order (X)."""
    query = sa.select(col(ParcelCount.parcel_id), col(ParcelCount.counted)).where(col(ParcelCount.sku) == sku)
    counted = {ident: int(n) for ident, n in shop.session.execute(query.where(col(ParcelCount.parcel_id).in_(parcels)))}
    wrong = sa.select(col(Inspection.parcel_id), _sum(Inspection.quantity)).where(
        col(Inspection.parcel_id).in_(parcels), col(Inspection.sku) == sku, col(Inspection.grade) == Grade.X
    )
    for ident, pieces in shop.session.execute(wrong.group_by(col(Inspection.parcel_id))):
        counted[ident] = counted.get(ident, 0) - int(pieces)
    return counted


def _sum(column: Any) -> Any:
    """A sum as a whole number: PostgreSQL gives a decimal one for whole numbers."""
    return sa.cast(sa.func.sum(column), sa.BigInteger)


def count(shop: Shop, parcel: Parcel, sku: str, pieces: int = 1) -> None:
    """Counts further pieces of a product in a parcel; they enter the stock as pending."""
    # added by the database: two who scan into one parcel would each write their own sum over the other's
    insert = shop.insert(ParcelCount).values(parcel_id=parcel.id, sku=sku, counted=pieces, inspected=0)
    more = {"counted": ParcelCount.__table__.c.counted + pieces}  # type: ignore[attr-defined]
    shop.session.execute(insert.on_conflict_do_update(index_elements=["parcel_id", "sku"], set_=more))
    stock.move(shop, sku, stock.OUTSIDE, Bucket.PENDING, pieces, parcel.id)
    shop.record(parcel.number, "count", sku=sku, pieces=pieces)


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
    _count_inspected(shop, parcel, item.sku, item.quantity)
    shares = [(None, item.quantity)] if for_nobody else _shares(shop, parcel, item.sku, item)
    for line_id, quantity in shares:
        inspection = Inspection(parcel_id=parcel.id or 0, sku=item.sku, quantity=quantity, grade=item.grade,
                           disposition=item.disposition, by=shop.operator.name, at=shop.now)  # fmt: skip
        inspection.case_line_id = line_id
        shop.add(inspection)
    moved = stock.move(shop, item.sku, Bucket.PENDING, item.disposition, item.quantity, parcel.id)
    shop.move(parcel, parcel.number, PARCEL, "inspect")
    facts = {"sku": item.sku, "grade": str(item.grade), "to": str(item.disposition), "pieces": item.quantity}
    shop.record(parcel.number, "grade", **facts, **found)
    follow_inspection(shop, parcel)
    return moved


def follow_inspection(shop: Shop, parcel: Parcel) -> None:
    """Does for the cases of a parcel what follows from its inspection: refunds that waited for it leave."""
    for case in [*cases_of(shop, parcel), *senders.cases_sent_again(shop, parcel.waybill)]:
        free_sent_again(shop, shop.hold(case))
        outgoing.go_by_itself(shop, case, Door.INSPECTION)
        if case.kind == Kind.RETURN and case.platform_succeeded_at is not None:
            finish_if_done(shop, case)  # it was paid before its goods came, and they are all here now


def _count_inspected(shop: Shop, parcel: Parcel, sku: str, pieces: int) -> None:
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
    facts: dict[str, Any] = {
        "parcel_id": inspection.parcel_id,
        "sku": inspection.sku,
        "grade": inspection.grade,
        "disposition": inspection.disposition,
    }
    facts |= {"case_line_id": inspection.case_line_id, "by": shop.operator.name, "at": shop.now}
    shop.add(Inspection(**facts, quantity=-inspection.quantity, reverses_id=inspection.id))
    if inspection.quantity > pieces:
        shop.add(Inspection(**facts, quantity=inspection.quantity - pieces))
    _count_inspected(shop, parcel, inspection.sku, -pieces)
    taken_back: dict[str, Any] = {"sku": inspection.sku, "grade": inspection.grade, "from": inspection.disposition}
    taken_back |= {"pieces": pieces} | ({"for_nobody": True} if inspection.case_line_id is None else {})
    shop.record(parcel.number, "take_back_grade", **taken_back)
    return stock.move(shop, inspection.sku, inspection.disposition, Bucket.PENDING, pieces, parcel.id)


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
