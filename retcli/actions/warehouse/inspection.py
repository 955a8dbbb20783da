"""Inspection of parcels: pieces graded, graded anew, and refused where nobody waits for them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NoReturn

from retcli.actions.casefile.records import acts
from retcli.actions.warehouse.article_codes import sku_of
from retcli.actions.warehouse.parcels import INSPECT, parcel_of, receive, view_of
from retcli.actions.warehouse.pieces import (
    awaited_pieces,
    contents,
    corrected_findings,
    held_pieces,
    natures,
    serials,
    undone_pieces,
)
from retcli.actions.warehouse.pieces.awaited_pieces import cases_of
from retcli.actions.warehouse.pieces.contents import GradedPieces
from retcli.actions.warehouse.strangers import fitting
from retcli.errors import Refused, WrongCommand
from retcli.language import _, series
from retcli.models import Parcel
from retcli.rules.lifecycles import ALLOWED, BY_GRADE, MAY_SCAN, Bucket, Grade, ParcelState
from retcli.rules.warehouse.ids import folded
from retcli.shop import Shop
from retcli.views.warehouse.parcels import ParcelView
from retcli.words import code_of, word


def parse_item(written: str) -> GradedPieces:
    """The graded pieces of ``SKU=N:GRADE[:PLACE]``, such as ``TS01-WH-L=2:A`` or ``JUI-01=1:C:repair``; without a place
    they go where their grade goes. Raises WrongCommand for any other form, or a place that the grade does not go to.
    """
    # a Chinese input method types ＝ and ：
    sku, _sep, finding = written.strip().replace("＝", "=").replace("：", ":").rpartition("=")
    count, *words = finding.split(":")
    if not sku or not (count.isascii() and count.isdigit()) or int(count) < 1 or not 1 <= len(words) <= 2:
        raise WrongCommand(_("{text} is no finding").format(text=written), "--item SKU=1:A")
    grade = Grade(code_of(words[0], list(Grade), _("grade")))
    buckets = [str(b) for b in Bucket if b != Bucket.PENDING]
    place = Bucket(code_of(words[1], buckets, _("place"))) if len(words) == 2 else BY_GRADE[grade]
    if place not in ALLOWED[grade]:
        message = _("Goods of grade {grade} do not go to {place}").format(grade=word(grade), place=word(place))
        raise WrongCommand(message, _("Only as-new goods may be sold as new"))
    return GradedPieces(folded(sku), int(count), grade, place, placed=len(words) == 2)


def with_serial(items: Sequence[GradedPieces], serial: str) -> list[GradedPieces]:
    """The one graded piece with its serial number, as it was typed. Raises WrongCommand for several pieces, or what is
    no serial number.
    """
    if len(items) != 1 or items[0].quantity != 1:
        raise WrongCommand(_("A serial number is that of one piece"), "--item SKU=1:A --serial SN12345678")
    return [replace(items[0], serial=serials.parse(serial))]


def inspect(
    shop: Shop,
    ref: str,
    items: Sequence[GradedPieces],
    *,
    reason: str = "",
    more: bool = False,
    regrade: bool = False,
    sealed: bool = False,
    missing: str = "",
    because: str = "",
) -> ParcelView:
    """Grades pieces of a parcel, which is received by that where it was not. Pieces that are counted and wait come
    first, then those that were graded otherwise, whose inspection is taken back. Pieces are new where none of their
    product was in the parcel, or with `more`; `regrade` leaves alone what waits. `reason` is set as the verified one.
    A piece with a serial number is a single one; `because` says why one comes back that came back before. `sealed` says
    that the seal of what is graded A is whole, without which food, cosmetics and underwear are not as new; `missing`
    names accessories that are not with the pieces, which are then neither A nor B.

    Raises Refused for pieces that were not found, are more than anybody waits for, have that grade already, a serial
    number that came back before, or a grade or place that goods of their kind do not have.
    """
    shop.may(MAY_SCAN, INSPECT)
    if more and regrade:
        message = _("Either pieces are graded anew, or there are more of them")
        raise WrongCommand(message, _("Leave out --more or --regrade"))
    for item in items:
        if item.serial:
            serials.refuse_again(shop, item.serial, because)
    parcel, events_before = parcel_of(shop, ref), len(shop.events)
    received = parcel.state == ParcelState.EXPECTED
    if received:
        receive(shop, parcel)
    by_product: dict[str, list[GradedPieces]] = defaultdict(list)
    for item in items:
        sku = sku_of(shop, item.sku, parcel) or item.sku
        by_product[sku].append(_as_its_kind(shop, replace(item, sku=sku, missing=missing), sealed=sealed))
    if not (more or regrade) and (named := _serial_of_graded(shop, parcel, by_product, because)):
        return named
    if not more:
        _refuse_unseen(shop, parcel, by_product)
    moves = [move for sku, graded in by_product.items() for move in _inspect(shop, parcel, sku, graded, more, regrade)]
    steps = undone_pieces.steps_of(shop.events[events_before:], parcel.number)
    reasons = verified(shop, parcel) if reason else {}
    acts.note(shop, "inspect", parcel.number, parcel=parcel, steps=steps, received=received, reasons=reasons)
    verify(shop, parcel, reason)
    corrected = any(move["to"] == Bucket.PENDING for move in moves)
    owed = corrected_findings.follow(shop, cases_of(shop, parcel) if corrected else ())
    fitted = fitting.settle_noted(shop, parcel) if parcel.stranger is not None else None
    return replace(view_of(shop, parcel, moves), owed=owed, fitted=fitted)


def _as_its_kind(shop: Shop, item: GradedPieces, *, sealed: bool) -> GradedPieces:
    """Graded pieces with the place that goods of their kind go to where nobody named one. Raises Refused where they may
    not have their grade or place.
    """
    if item.missing and item.grade in {Grade.A, Grade.B}:
        message = _("{sku} of grade {grade} is complete: with {missing} missing it is graded C or D")
        raise Refused(message.format(sku=item.sku, grade=word(item.grade), missing=item.missing), "--item SKU=1:C")
    natures.refuse_opened(shop, item.sku, item.grade, sealed=sealed)
    if not item.placed:
        item = replace(item, disposition=natures.place(shop, item.sku, item.grade))
    natures.refuse_misplaced(shop, item.sku, item.grade, item.disposition)
    return replace(item, sealed=sealed and item.grade == Grade.A)


def _serial_of_graded(
    shop: Shop, parcel: Parcel, by_product: Mapping[str, Sequence[GradedPieces]], because: str
) -> ParcelView | None:
    """Writes the serial number of a single piece that has its grade already; None where it has none, or no number is
    given.
    """
    items = [item for graded in by_product.values() for item in graded]
    if len(items) != 1 or not items[0].serial or contents.pending(shop, parcel, items[0].sku):
        return None
    item = items[0]
    finding = serials.single(shop, parcel, item.sku, item.grade)
    if finding is None or finding.disposition != item.disposition:
        return None
    serials.write(shop, parcel, finding, item.serial, because)
    did: dict[str, Any] = dict(shop.events[-1]["payload"])
    acts.note(shop, "serial", parcel.number, parcel=parcel, **did)
    return view_of(shop, parcel)


def verified(shop: Shop, parcel: Parcel) -> dict[str, str]:
    """The verified reasons of the cases of a parcel, by the case's number."""
    return {case.number: case.reason_verified for case in cases_of(shop, parcel)}


def verify(shop: Shop, parcel: Parcel, reason: str) -> None:
    """Sets the reason that inspection verified ("" for none) for the cases of a parcel."""
    for case in cases_of(shop, parcel) if reason else ():
        case.reason_verified = reason
        shop.record(case.number, "verify_reason", reason=reason)


def _refuse_unseen(shop: Shop, parcel: Parcel, skus: Iterable[str]) -> None:
    """Raises Refused for products of which none was counted in a parcel that was opened before."""
    counted = contents.tallies(shop, parcel)
    unseen = [sku for sku in skus if counted and sku not in counted]
    if unseen:
        message = _("{parcel} was opened before, and no {sku} was in it")
        hint = _("Is it in it after all? Scan it: retcli scan, or say --more")
        raise Refused(message.format(parcel=parcel.number, sku=series(unseen)), hint, parcel=parcel.number)


_Moves = list[Mapping[str, Any]]
"""Movements of pieces in stock, as the view shows them."""


def _inspect(shop: Shop, parcel: Parcel, sku: str, graded: Sequence[GradedPieces], more: bool, regrade: bool) -> _Moves:
    """Inspects the pieces of one product, and gives what moved in stock. Raises Refused as `inspect` does."""
    counted, surplus = contents.counted(shop, parcel, sku), awaited_pieces.surplus(shop, parcel, sku)
    waiting = 0 if regrade else contents.pending(shop, parcel, sku)
    moves: _Moves = []
    if more or not counted:
        graded, moves = _count_new(shop, parcel, sku, graded, waiting, more)
    elif _pieces(graded) > waiting:
        graded, moves = _take_back(shop, parcel, sku, graded, waiting, regrade)
    moves += [contents.grade(shop, parcel, item) for item in graded]
    _refuse_surplus(shop, parcel, sku, awaited_pieces.surplus(shop, parcel, sku) - surplus)
    return moves


def _pieces(graded: Sequence[GradedPieces]) -> int:
    return sum(item.quantity for item in graded)


def _right_pieces(graded: Sequence[GradedPieces]) -> int:
    """How many of some pieces are of the order: grade X is given to goods of another one."""
    return sum(item.quantity for item in graded if item.grade != Grade.X)


def _count_new(
    shop: Shop, parcel: Parcel, sku: str, graded: Sequence[GradedPieces], waiting: int, more: bool
) -> tuple[Sequence[GradedPieces], _Moves]:
    """Counts the pieces beyond those that wait, and holds those of them that nobody waits for; the pieces that are left
    to grade, and what moved in stock. Without `more` raises Refused for pieces that nobody waits for.
    """
    fresh = max(_pieces(graded) - waiting, 0)
    _refuse_too_many(shop, parcel, sku, graded, 0 if more else fresh)
    beyond = awaited_pieces.excess(shop, parcel, sku, min(fresh, _right_pieces(graded)))
    contents.count(shop, parcel, sku, fresh)
    if not beyond:
        return graded, []
    return _without_last(graded, beyond), held_pieces.hold_last(shop, parcel, sku, graded, beyond)


def _take_back(
    shop: Shop, parcel: Parcel, sku: str, graded: Sequence[GradedPieces], waiting: int, regrade: bool
) -> tuple[Sequence[GradedPieces], _Moves]:
    """Takes earlier inspections back as far as more pieces are graded than wait; the pieces that are left to grade, and
    what moved in stock. Raises Refused where all of them have that grade already.
    """
    to_grade = graded
    if not regrade or _pieces(graded) > contents.others(shop, parcel, sku, graded):
        to_grade = contents.not_found_yet(shop, parcel, sku, graded)
    if not to_grade:
        _refuse_again(parcel, sku, contents.counted(shop, parcel, sku), regrade)
    return to_grade, contents.take_back(shop, parcel, sku, graded, _pieces(to_grade) - waiting)


def _refuse_surplus(shop: Shop, parcel: Parcel, sku: str, more: int) -> None:
    """Raises Refused where another grade would make right ones of so many (`more`) pieces that nobody waits for."""
    if more > 0:
        waited = awaited_pieces.expected_pieces(shop, parcel).get(sku, 0)
        message = _("{n} pieces of {sku} stay held: no case waits for them, those of {parcel} wait for {waited}")
        orders = _orders_without_case(shop, parcel)
        if orders:
            message = _("{n} pieces of {sku} stay held: order {orders} had {waited} sent")
        text = message.format(n=more, sku=sku, parcel=parcel.number, waited=waited, orders=orders)
        raise Refused(text, f"retcli parcel match {parcel.number}", parcel=parcel.number)


def _orders_without_case(shop: Shop, parcel: Parcel) -> str:
    """The numbers of the orders whose goods came back in a parcel without a case; "" for none."""
    return series(order.number for order in awaited_pieces.orders_without_case(shop, parcel))


def _without_last(items: Sequence[GradedPieces], beyond: int) -> list[GradedPieces]:
    """The graded pieces without the last `beyond` of them that are of the order, which nobody waits for."""
    awaited: list[GradedPieces] = []
    for item in reversed(items):
        less = min(item.quantity, beyond) if item.grade != Grade.X else 0
        beyond -= less
        awaited = [replace(item, quantity=item.quantity - less), *awaited] if item.quantity > less else awaited
    return awaited


def _refuse_too_many(shop: Shop, parcel: Parcel, sku: str, items: Sequence[GradedPieces], fresh: int) -> None:
    """Raises Refused where `fresh` pieces exceed what the cases wait for; goods of another order (X) do not count."""
    right = _right_pieces(items)
    if right and awaited_pieces.excess(shop, parcel, sku, min(fresh, right)):
        waited = awaited_pieces.expected_pieces(shop, parcel).get(sku, 0)
        message = _("{n} pieces of {sku}, and the cases of {parcel} wait for {waited}")
        hint = _("Really in it? Say it with --more; goods that are not of the order are graded X")
        orders = _orders_without_case(shop, parcel)
        if orders:
            message = _("{n} pieces of {sku}, and order {orders} had {waited} sent")
        text = message.format(n=fresh, sku=sku, parcel=parcel.number, waited=waited, orders=orders)
        raise Refused(text, hint, parcel=parcel.number)


def _refuse_again(parcel: Parcel, sku: str, counted: int, regrade: bool) -> NoReturn:
    """Raises Refused: every piece was inspected already, or has just the grade and place that it is to get."""
    if regrade:
        message = _("These pieces of {sku} have this grade and place already: nothing changes").format(sku=sku)
        raise Refused(message, _("Name another grade in --item to change it"), parcel=parcel.number)
    message = _("All {n} pieces of {sku} in this parcel were inspected already")
    hint = _("Is there really one more in it? Scan it: retcli scan, or say --more")
    raise Refused(message.format(n=counted, sku=sku), hint, parcel=parcel.number)
