"""Pieces that nobody waits for: held, and freed with the grade that they had as soon as a case waits for them. What
cases wait for changes with the parcels given to them, with what they ask for, and with how they are decided.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.one_case import case_lines, parcels_of
from retcli.actions.warehouse.pieces import awaited_pieces, contents, natures
from retcli.actions.warehouse.pieces.contents import GradedPieces
from retcli.models import Case, Inspection, Parcel, ParcelCase
from retcli.models.books import Event
from retcli.models.stock import StockBalance
from retcli.rules.lifecycles import COMING_BACK, Bucket, Filing, Grade
from retcli.shop import Shop

_STAY = frozenset({Bucket.SCRAPPED, Bucket.HELD})
"""Where pieces stay when their case is turned down: they are held already, or there is nothing left to hold."""


def hold(
    shop: Shop, parcel: Parcel, sku: str, pieces: int, found: str = "", *, serial: str | None = None, **more: int
) -> Mapping[str, Any]:
    """Holds counted pieces that nobody waits for, for no case (X); the movement in stock. The event keeps the grade
    that was `found` ("" for none yet), which they get back once a case waits for them, and what `more` is known.
    """
    item = GradedPieces(sku, pieces, Grade.X, Bucket.HELD, serial or "")
    return contents.grade(shop, parcel, item, for_nobody=True, held_as=str(found), **more)


def found_until_turned_down(shop: Shop, case: Case) -> frozenset[int]:
    """The ids of the findings that counted for a case until it was turned down: since then their pieces are held."""
    events = (event for parcel in parcels_of(shop, case) for event in _events(shop, parcel))
    return frozenset(facts["finding"] for _action, facts in events if "finding" in facts)


def hold_last(
    shop: Shop, parcel: Parcel, sku: str, graded: Sequence[GradedPieces], beyond: int
) -> list[Mapping[str, Any]]:
    """Holds the last `beyond` right ones of some counted pieces with the grades that they were given; what moved in
    stock.
    """
    moves: list[Mapping[str, Any]] = []
    for item in reversed(graded):
        pieces = min(item.quantity, beyond) if item.grade != Grade.X else 0
        beyond -= pieces
        moves += [hold(shop, parcel, sku, pieces, item.grade, serial=item.serial)] if pieces else []
    return moves


def assign(shop: Shop, parcel: Parcel, case: Case) -> None:
    """Has inspections that counted for nobody count for the case that their parcel turned out to belong to; pieces that
    were held are freed for it, and pieces beyond what it waits for are held.
    """
    held = _held_as(shop, parcel)
    # the oldest first, so that the pieces that came first fill the lines
    for inspection in reversed(contents.findings(shop, parcel, for_nobody=True) if awaited_pieces.waits(case) else []):
        if _is_held(inspection) and any(held.get(inspection.sku, {}).values()):
            continue
        for line, order_line in case_lines(shop, case):
            wanted = inspection.sku in {order_line.sku, order_line.number}
            room = line.quantity - contents.seen(shop, line, inspection.grade) if wanted else 0
            if room >= inspection.quantity and inspection.case_line_id is None:
                inspection.case_line_id = line.id
                shop.session.flush()
            elif room > 0 and inspection.case_line_id is None and inspection.grade != Grade.X:
                grade_anew(shop, parcel, inspection)
                break
    balance(shop, parcel)


def balance(shop: Shop, parcel: Parcel) -> None:
    """Holds just those pieces in a parcel that nobody waits for: frees the held ones for which there is room, and holds
    the others that are too many.
    """
    free(shop, parcel)
    _hold_surplus(shop, parcel)


def settle(shop: Shop, case: Case) -> None:
    """Holds or frees the pieces in the parcels of a case after it was decided, or changed, so that just those are held
    that nobody waits for. Where it was turned down, they are the buyer's, or another case's that waits for them.
    """
    if shop.pending is not None or case.kind not in COMING_BACK:
        return
    for parcel in parcels_of(shop, case):
        if not contents.tallies(shop, parcel):
            continue
        if not awaited_pieces.waits(case):
            for inspection in _counting(shop, parcel, case):
                contents.reverse(shop, parcel, inspection, inspection.quantity)
                _grade_or_hold(shop, parcel, inspection)
        assign(shop, parcel, case)


def grade_anew(shop: Shop, parcel: Parcel, inspection: Inspection) -> None:
    """Takes back an inspection and grades its pieces anew, so that they count for the cases of their parcel that wait
    for them.
    """
    contents.reverse(shop, parcel, inspection, inspection.quantity)
    _grade_as(shop, parcel, inspection, inspection.quantity)


def _grade_as(shop: Shop, parcel: Parcel, inspection: Inspection, pieces: int) -> None:
    """Grades pieces that wait as an inspection found them."""
    place = Bucket(inspection.disposition)
    serial = inspection.serial or ""
    contents.grade(shop, parcel, GradedPieces(inspection.sku, pieces, Grade(inspection.grade), place, serial))


def _counting(shop: Shop, parcel: Parcel, case: Case) -> list[Inspection]:
    """The findings in a parcel that count for a case, the oldest first: of pieces of its order that are still there."""
    lines = {line.id for line, _order_line in case_lines(shop, case)}
    return [
        each
        for each in reversed(contents.findings(shop, parcel))
        if each.case_line_id in lines and each.disposition not in _STAY and _is_there(shop, each)
    ]


def _is_there(shop: Shop, inspection: Inspection) -> bool:
    """Whether the pieces of an inspection are still in the stock that they went to."""
    query = sa.select(col(StockBalance.quantity)).where(
        col(StockBalance.sku) == inspection.sku, col(StockBalance.bucket) == inspection.disposition
    )
    return int(shop.session.scalar(query) or 0) >= inspection.quantity


def _grade_or_hold(shop: Shop, parcel: Parcel, inspection: Inspection) -> None:
    """Has pieces that wait again count for another case of their parcel, and holds those that none waits for."""
    beyond = min(inspection.quantity, awaited_pieces.surplus(shop, parcel, inspection.sku))
    if beyond:
        hold(
            shop, parcel, inspection.sku, beyond, inspection.grade, serial=inspection.serial, finding=inspection.id or 0
        )
    if inspection.quantity > beyond:
        _grade_as(shop, parcel, inspection, inspection.quantity - beyond)


def _hold_surplus(shop: Shop, parcel: Parcel) -> None:
    """Holds the pieces in a parcel beyond those that its cases wait for, whatever grade they have or wait for."""
    for sku in contents.tallies(shop, parcel):
        beyond = awaited_pieces.surplus(shop, parcel, sku)
        for inspection in contents.findings(shop, parcel, sku, for_nobody=True):
            taken = min(beyond, inspection.quantity) if inspection.grade != Grade.X else 0
            if taken:
                contents.reverse(shop, parcel, inspection, taken)
                hold(shop, parcel, sku, taken, inspection.grade, serial=inspection.serial)
                beyond -= taken
        waiting = min(awaited_pieces.surplus(shop, parcel, sku), contents.pending(shop, parcel, sku))
        if waiting:
            hold(shop, parcel, sku, waiting)


def _is_held(inspection: Inspection) -> bool:
    """Whether pieces are held for no case (X): those that a case waits for are freed, and count as what they are."""
    return inspection.grade == Grade.X and inspection.case_line_id is None


def graded_foreign(shop: Shop, parcel: Parcel, sku: str) -> int:
    """The pieces of a product in a parcel that are graded as of another order (X), for whatever reason."""
    query = sa.select(sa.cast(sa.func.sum(Inspection.quantity), sa.BigInteger)).where(
        col(Inspection.parcel_id) == parcel.id, col(Inspection.sku) == sku, col(Inspection.grade) == Grade.X
    )
    return int(shop.session.scalar(query) or 0)


def judged_foreign(shop: Shop, parcel: Parcel, sku: str) -> int:
    """The pieces of a product in a parcel that somebody judged to be of another order: graded X, and not only held
    since nobody waits for them.
    """
    foreign = graded_foreign(shop, parcel, sku)
    return max(0, foreign - sum(_held_as(shop, parcel).get(sku, {}).values())) if foreign else 0


def take_back_foreign(shop: Shop, parcel: Parcel, sku: str, pieces: int) -> None:
    """Has pieces wait for their grade again that somebody judged to be of another order, the last of them first."""
    foreign = [each for each in contents.findings(shop, parcel, sku) if each.grade == Grade.X]
    for inspection in sorted(foreign, key=_is_held):
        taken = min(pieces, inspection.quantity)
        if taken:
            contents.reverse(shop, parcel, inspection, taken)
            pieces -= taken


def for_nobody(shop: Shop, parcel: Parcel) -> Mapping[str, int]:
    """The pieces in a parcel by product that are held, since none of its cases waits for them."""
    held: dict[str, int] = defaultdict(int)
    for inspection in contents.findings(shop, parcel, for_nobody=True):
        held[inspection.sku] += inspection.quantity if _is_held(inspection) else 0
    return {sku: pieces for sku, pieces in held.items() if pieces}


def left_over(since: datetime | None = None) -> sa.ColumnElement[bool]:
    """The condition in SQL that pieces in a parcel are held for nobody, and all of the cases that it serves are
    finished, so that no case tells of them any more; with `since` only such as were put there by then at the earliest.
    """
    held = sa.select(col(Inspection.parcel_id)).where(
        col(Inspection.case_line_id).is_(None), col(Inspection.grade) == Grade.X
    )
    # a finding that was taken back stands beside its negative
    held = held.group_by(col(Inspection.parcel_id), col(Inspection.sku)).having(sa.func.sum(Inspection.quantity) > 0)
    held = held if since is None else held.having(sa.func.max(Inspection.at) >= since)
    served = sa.select(col(ParcelCase.parcel_id)).join(Case, col(Case.id) == col(ParcelCase.case_id))
    still_open = served.where(col(Case.filing) == Filing.OPEN)
    return sa.and_(col(Parcel.id).in_(held), col(Parcel.id).in_(served), col(Parcel.id).not_in(still_open))


def free(shop: Shop, parcel: Parcel) -> None:
    """Gives pieces that were held while nobody waited for them the grade that they had, as far as the parcel has room
    for them now; where none was given yet, they wait for it.
    """
    for sku, grades in _held_as(shop, parcel).items():
        standing = sum(
            each.quantity for each in contents.findings(shop, parcel, sku, for_nobody=True) if _is_held(each)
        )
        for found, pieces in grades.items():
            freed = min(pieces, standing, awaited_pieces.room(shop, parcel, sku))
            if freed <= 0:
                continue
            standing -= freed
            serials = _take_back_held(shop, parcel, sku, freed)
            shop.record(parcel.number, "free", sku=sku, held_as=found, pieces=freed)
            for pieces, serial in [(freed - len(serials), ""), *((1, serial) for serial in serials)] if found else ():
                if pieces:
                    place = natures.place(shop, sku, Grade(found))
                    contents.grade(shop, parcel, GradedPieces(sku, pieces, Grade(found), place, serial))


def _take_back_held(shop: Shop, parcel: Parcel, sku: str, pieces: int) -> list[str]:
    """Has so many of the pieces of a product that are held for no case wait for their grade again, the oldest first;
    the serial numbers that were read on them.
    """
    serials = []
    for inspection in reversed(contents.findings(shop, parcel, sku, for_nobody=True)):
        taken = min(pieces, inspection.quantity) if _is_held(inspection) else 0
        if taken:
            contents.reverse(shop, parcel, inspection, taken)
            serials += [inspection.serial] if inspection.serial else []
            pieces -= taken
    return serials


def _held_as(shop: Shop, parcel: Parcel) -> Mapping[str, Mapping[str, int]]:
    """The pieces of a parcel that were held since nobody waited for them, and not freed since, by product and by the
    grade that was found of them ("" for none yet). Goods that somebody judged to be of another order are none of them.
    """
    held: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for action, facts in _events(shop, parcel):
        if "held_as" in facts:
            held[facts["sku"]][facts["held_as"]] += facts["pieces"] * (1 if action == "grade" else -1)
    return held


def _events(shop: Shop, parcel: Parcel) -> Iterator[tuple[str, dict[str, Any]]]:
    """What was held and freed in a parcel, by its events: those that are written, then those of this piece of work."""
    query = sa.select(col(Event.action), col(Event.payload)).where(
        col(Event.subject) == parcel.number, col(Event.action).in_(["grade", "free"])
    )
    for action, payload in shop.session.execute(query.order_by(col(Event.seq))):
        yield action, json.loads(payload)
    for event in shop.events:
        if event["subject"] == parcel.number and event["action"] in {"grade", "free"}:
            yield event["action"], event["payload"]
