"""What is in a parcel: pieces expected, counted and graded, and findings that are taken back. Quantities in pieces."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.clicked_payouts import is_clicked
from retcli.actions.casefile.records.dossiers import case_lines
from retcli.actions.casefile.records.entitlements import free_sent_again
from retcli.actions.money import outgoing
from retcli.actions.warehouse import senders, stock
from retcli.errors import Refused
from retcli.language import _
from retcli.models import Case, CaseLine, Inspection, Order, OrderLine, Parcel, ParcelCase, ParcelCount, Payout
from retcli.models.books import Event
from retcli.rules.lifecycles import PARCEL, Bucket, Decision, Grade, Kind, PayoutState
from retcli.rules.money.payouts import Door
from retcli.shop import Shop


@dataclass(frozen=True)
class GradedPieces:
    """Pieces of one product with the grade that inspection gave them, and the bucket they go to."""

    sku: str
    quantity: int
    grade: Grade
    disposition: Bucket


def cases_of(shop: Shop, parcel: Parcel) -> list[Case]:
    """The cases that a parcel serves."""
    query = sa.select(Case).join(ParcelCase, col(ParcelCase.case_id) == col(Case.id))
    return list(shop.session.scalars(query.where(col(ParcelCase.parcel_id) == parcel.id).order_by(col(Case.id))))


def expected_pieces(shop: Shop, parcel: Parcel) -> dict[str, int]:
    """Pieces by product that the parcel's cases wait for, none of those that were turned down; in an order's own parcel
    that was turned round for a refund, and without a case, all that its orders had sent. A line without a code goes by
    its number.
    """
    cases = cases_of(shop, parcel)
    if not cases:
        again = senders.pieces_sent_again(shop, parcel.waybill)
        return again or senders.pieces_sent(shop, orders_without_case(shop, parcel))
    if orders := _turned_round(shop, parcel, cases):
        return senders.pieces_sent(shop, orders)
    waiting = [case.id for case in cases if case.decision in {Decision.REQUESTED, Decision.APPROVED}]
    name = sa.func.coalesce(sa.func.nullif(OrderLine.sku, ""), OrderLine.number)
    query = (
        sa.select(name, sa.cast(sa.func.sum(CaseLine.quantity), sa.BigInteger))
        .join(CaseLine, col(CaseLine.line_id) == col(OrderLine.id))
        .where(col(CaseLine.case_id).in_(waiting))
        .group_by(name)
    )
    return {sku: int(quantity) for sku, quantity in shop.session.execute(query)}


def _turned_round(shop: Shop, parcel: Parcel, cases: Sequence[Case]) -> list[Order]:
    """The orders that went out under a parcel's waybill, where it came back for a refund of them; else none."""
    if all(case.kind != Kind.REFUND_ONLY for case in cases):
        return []
    return senders.sent_under(shop, parcel.waybill)


def boxes(shop: Shop, parcel: Parcel) -> set[int]:
    """Which boxes of a received parcel came: those whose labels were read, or the first where the label named none."""
    query = sa.select(col(Event.payload)).where(col(Event.subject) == parcel.number, col(Event.action) == "box")
    return {int(json.loads(payload)["box"]) for payload in shop.session.scalars(query)} or {1}


def awaits(shop: Shop, parcel: Parcel) -> bool:
    """Whether pieces are to come in a parcel, over all parcels of its cases; always where it has no case."""
    expected = expected_pieces(shop, parcel)
    return not cases_of(shop, parcel) or any(_surplus_or_lack(shop, parcel, sku) < 0 for sku in expected)


def excess(shop: Shop, parcel: Parcel, sku: str, pieces: int) -> int:
    """How many of some more pieces of a product are more than the parcel's cases wait for, over all of their parcels,
    or without a case more than its orders had sent; none where nobody knows whose it is. Goods of another order (X)
    take no place from the right ones.
    """
    return min(pieces, max(0, _surplus_or_lack(shop, parcel, sku) + pieces))


def surplus(shop: Shop, parcel: Parcel, sku: str) -> int:
    """Pieces of a product that are counted as right ones beyond what the parcel's cases wait for, or without a case its
    orders had sent, over all of their parcels; none where nobody knows whose it is.
    """
    return max(0, _surplus_or_lack(shop, parcel, sku))


def _surplus_or_lack(shop: Shop, parcel: Parcel, sku: str) -> int:
    """Pieces of a product counted as right ones, less those that the parcel's cases wait for, or without one those that
    its orders had sent: below nought where some are still to come, and far below where nobody knows whose it is.
    """
    together = _counted_together(shop, parcel)
    if together is None:
        return -sys.maxsize
    return sum(_right_pieces(shop, together, sku).values()) - expected_pieces(shop, parcel).get(sku, 0)


def orders_without_case(shop: Shop, parcel: Parcel) -> list[Order]:
    """The orders whose goods went out under a parcel's waybill, where the parcel has no case."""
    return [] if cases_of(shop, parcel) else senders.sent_under(shop, parcel.waybill)


def elsewhere(shop: Shop, parcel: Parcel, sku: str) -> dict[str, int]:
    """Right pieces of a product by the waybill of the other parcels of the same cases or orders."""
    together = _counted_together(shop, parcel)
    pieces = {} if together is None else _right_pieces(shop, together.where(col(Parcel.id) != parcel.id), sku)
    waybills = sa.select(col(Parcel.id), col(Parcel.waybill)).where(col(Parcel.id).in_(pieces))
    return {waybill: pieces[ident] for ident, waybill in shop.session.execute(waybills) if pieces[ident] > 0}


def _counted_together(shop: Shop, parcel: Parcel) -> sa.Select[Any] | None:
    """The ids of the parcels whose pieces count together with a parcel's: those of its cases, without one those of the
    orders that were sent under its waybill; None where neither is known.
    """
    cases = cases_of(shop, parcel)
    orders = _turned_round(shop, parcel, cases)
    if cases and not orders:
        served = sa.select(col(ParcelCase.parcel_id)).where(col(ParcelCase.case_id).in_([case.id for case in cases]))
        return sa.select(col(Parcel.id)).where(col(Parcel.id).in_(served))
    if not cases and senders.pieces_sent_again(shop, parcel.waybill):
        return sa.select(col(Parcel.id)).where(col(Parcel.id) == parcel.id)
    orders = orders or senders.sent_under(shop, parcel.waybill)
    if not orders:
        return None
    parcels = senders.parcels_of_orders(shop, orders)
    return sa.select(col(Parcel.id)).where(col(Parcel.id).in_(parcels))


def _right_pieces(shop: Shop, parcels: sa.Select[Any], sku: str) -> dict[int, int]:
    """Pieces of a product in some parcels, by the parcel's id, without those that are of another order (X)."""
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
    """Counts pieces of a product in a parcel; they enter stock as pending."""
    insert = shop.insert(ParcelCount).values(parcel_id=parcel.id, sku=sku, counted=pieces, inspected=0)
    more = {"counted": ParcelCount.__table__.c.counted + pieces}  # type: ignore[attr-defined]
    shop.session.execute(insert.on_conflict_do_update(index_elements=["parcel_id", "sku"], set_=more))
    stock.move(shop, sku, stock.OUTSIDE, Bucket.PENDING, pieces, parcel.id)
    shop.record(parcel.number, "count", sku=sku, pieces=pieces)


def tallies(shop: Shop, parcel: Parcel, *, waiting: bool = False) -> dict[str, int]:
    """Pieces by product that are counted in a parcel, or only those `waiting` for inspection."""
    pieces = col(ParcelCount.counted) - col(ParcelCount.inspected) if waiting else col(ParcelCount.counted)
    query = sa.select(col(ParcelCount.sku), pieces).where(col(ParcelCount.parcel_id) == parcel.id, pieces > 0)
    return {str(sku): int(n) for sku, n in shop.session.execute(query.order_by(col(ParcelCount.sku)))}


def counted(shop: Shop, parcel: Parcel, sku: str) -> int:
    """Pieces of a product counted in a parcel."""
    tally = _count_of(shop, parcel, sku)
    return tally.counted if tally else 0


def grade(shop: Shop, parcel: Parcel, item: GradedPieces, *, for_nobody: bool = False) -> Mapping[str, Any]:
    """Moves counted pieces out of pending into their bucket, and counts them for the case that waits for them, or with
    `for_nobody` for none. The movement in stock.
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
    shop.record(parcel.number, "grade", **facts)
    for case in cases_of(shop, parcel):
        free_sent_again(shop, shop.hold(case))
        outgoing.go_by_itself(shop, case, Door.INSPECTION)
    return moved


def _count_inspected(shop: Shop, parcel: Parcel, sku: str, pieces: int) -> None:
    """Adds to the pieces of a product that count as inspected; below nought they are to be inspected again."""
    table = ParcelCount.__table__  # type: ignore[attr-defined]
    this_product = (table.c.parcel_id == parcel.id, table.c.sku == sku)
    shop.session.execute(sa.update(table).where(*this_product).values(inspected=table.c.inspected + pieces))


def findings(shop: Shop, parcel: Parcel, sku: str = "", *, for_nobody: bool = False) -> list[Inspection]:
    """A parcel's inspections that were not taken back, the newest first; of one product, or only those that count for
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
    """The findings without the pieces that an inspection which stands gave the same grade and bucket."""
    standing: dict[tuple[str, str], int] = {}
    for inspection in findings(shop, parcel, sku):
        name = inspection.grade, inspection.disposition
        standing[name] = standing.get(name, 0) + inspection.quantity
    rest = []
    for item in items:
        name = str(item.grade), str(item.disposition)
        same = min(item.quantity, standing.get(name, 0))
        standing[name] = standing.get(name, 0) - same
        rest += [replace(item, quantity=item.quantity - same)] if item.quantity > same else []
    return rest


def others(shop: Shop, parcel: Parcel, sku: str, items: Sequence[GradedPieces]) -> int:
    """Pieces of a product that were graded in another way than they are now."""
    return sum(inspection.quantity for inspection in _different(shop, parcel, sku, items))


def _different(shop: Shop, parcel: Parcel, sku: str, items: Sequence[GradedPieces]) -> list[Inspection]:
    """Findings in another way than now, the newest first; what is held because no case waits for it comes last."""
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
    """Reverses the newest findings of a product that differ from what is found now, so that pieces can be graded again;
    they stay in the books as history. Raises Refused where there are not so many.
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
            moves.append(_reverse(shop, parcel, inspection, taken, str(items[0].grade)))
            pieces -= taken
    return moves


def _reverse(shop: Shop, parcel: Parcel, inspection: Inspection, pieces: int, new_grade: str) -> Mapping[str, Any]:
    """Takes so many pieces of an inspection back: the whole is reversed, and its other pieces are written down anew.
    The movement in stock.
    """
    if Grade.X in {inspection.grade, new_grade}:
        _refuse_paid(shop, inspection)
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
    taken_back = {"sku": inspection.sku, "grade": inspection.grade, "from": inspection.disposition, "pieces": pieces}
    shop.record(parcel.number, "take_back_grade", **taken_back)
    return stock.move(shop, inspection.sku, inspection.disposition, Bucket.PENDING, pieces, parcel.id)


def _refuse_paid(shop: Shop, inspection: Inspection) -> None:
    """Whether a piece is of the order at all cannot change once money has gone on it."""
    query = sa.select(Payout).join(CaseLine, col(CaseLine.case_id) == col(Payout.case_id))
    query = query.where(
        col(CaseLine.id) == inspection.case_line_id, col(Payout.kind) == "refund", col(Payout.minor) > 0
    )
    paid_or_due = [PayoutState.SENT, PayoutState.UNKNOWN, PayoutState.CONFIRMED, PayoutState.DUE]
    payout = shop.session.scalars(query.where(col(Payout.state).in_(paid_or_due))).first()
    if payout:
        due = payout.state == PayoutState.DUE and not is_clicked(shop, payout)
        message = _("{payout} is due on this finding") if due else _("{payout} was paid on this finding")
        move = "reverse" if payout.state == PayoutState.CONFIRMED else "fail"
        raise Refused(message.format(payout=payout.number), f"retcli pay {move} {payout.number} --because TEXT")


def assign(shop: Shop, parcel: Parcel, case: Case) -> None:
    """Inspections that counted for nobody count for the case that the parcel turned out to belong to; what is beyond
    its pieces is held.
    """
    for inspection in reversed(findings(shop, parcel, for_nobody=True)):
        for line, order_line in case_lines(shop, case):
            wanted = inspection.sku in {order_line.sku, order_line.number}
            room = line.quantity - seen(shop, line, inspection.grade) if wanted else 0
            if room >= inspection.quantity and inspection.case_line_id is None:
                inspection.case_line_id = line.id
                shop.session.flush()
            elif room > 0 and inspection.case_line_id is None and inspection.grade != Grade.X:
                grade_anew(shop, parcel, inspection)
                break
    _hold_surplus(shop, parcel)


def _hold_surplus(shop: Shop, parcel: Parcel) -> None:
    """What is in a parcel beyond what its cases wait for is held for nobody, whatever grade it has or waits for."""
    for sku in tallies(shop, parcel):
        beyond = surplus(shop, parcel, sku)
        for inspection in findings(shop, parcel, sku, for_nobody=True):
            taken = min(beyond, inspection.quantity) if inspection.grade != Grade.X else 0
            if taken:
                _reverse(shop, parcel, inspection, taken, str(Grade.X))
                beyond -= taken
        waits = min(surplus(shop, parcel, sku), pending(shop, parcel, sku))
        if waits:
            grade(shop, parcel, GradedPieces(sku, waits, Grade.X, Bucket.HELD), for_nobody=True)


def grade_anew(shop: Shop, parcel: Parcel, inspection: Inspection) -> None:
    """Takes back an inspection and grades its pieces anew, so that they count for the cases of their parcel that wait
    for them.
    """
    _reverse(shop, parcel, inspection, inspection.quantity, inspection.grade)
    grade(
        shop,
        parcel,
        GradedPieces(inspection.sku, inspection.quantity, Grade(inspection.grade), Bucket(inspection.disposition)),
    )


def pending(shop: Shop, parcel: Parcel, sku: str) -> int:
    """Pieces of a product counted in a parcel and not inspected yet."""
    tally = _count_of(shop, parcel, sku)
    return tally.counted - tally.inspected if tally else 0


def _count_of(shop: Shop, parcel: Parcel, sku: str) -> ParcelCount | None:
    """How a product stands in a parcel, read anew: Core updates of this transaction pass the loaded row by."""
    query = sa.select(ParcelCount).where(col(ParcelCount.parcel_id) == parcel.id, col(ParcelCount.sku) == sku)
    return shop.session.scalars(query.execution_options(populate_existing=True)).first()


def _shares(shop: Shop, parcel: Parcel, sku: str, item: GradedPieces) -> list[tuple[int | None, int]]:
    """Which case lines the pieces count for: those of the product that still wait, goods of another order (X) for
    any that waits; what is left over counts for none.
    """
    left = item.quantity
    shares: list[tuple[int | None, int]] = []
    for case in cases_of(shop, parcel):
        for line, order_line in case_lines(shop, shop.hold(case)):
            if left and (item.grade == Grade.X or sku in {order_line.sku, order_line.number}):
                taken = min(left, line.quantity - seen(shop, line, item.grade))
                if taken > 0:
                    shares.append((line.id, taken))
                    left -= taken
    return [*shares, (None, left)] if left else shares


def seen(shop: Shop, line: CaseLine, grade: str) -> int:
    """Pieces that fill a case's line already, for further pieces of a `grade`; goods of another order (X) take no place
    from the right ones.
    """
    query = sa.select(sa.cast(sa.func.sum(Inspection.quantity), sa.BigInteger))
    query = query.where(col(Inspection.case_line_id) == line.id)
    if grade != Grade.X:
        query = query.where(col(Inspection.grade) != Grade.X)
    return int(shop.session.scalar(query) or 0)
