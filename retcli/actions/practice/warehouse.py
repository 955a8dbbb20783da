"""The warehouse's table: its exercises, and how each is looked through."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions import demo
from retcli.actions.practice.agents import MUG, SIZE
from retcli.actions.practice.state import Rule, State, lacks
from retcli.language import _, mark
from retcli.models import Case, Evidence, Parcel
from retcli.rules.lifecycles import AT_THE_DOOR, Grade, ParcelState
from retcli.shellwords import quoted
from retcli.views.practice.lacks import Lack, Missing
from retcli.views.practice.tasks import Task
from retcli.words import word

HUMIDIFIER_WAYBILL, OWN_WAYBILL = "YT5260493176849", "465401777140021"
"""Waybills of the packaged files: a buyer's, and our own of what was not delivered."""
MUGS_WAYBILL, HOODIE_WAYBILL = "SF1620041173367", "YT5260493170018"
CUP_WAYBILL, JUICER_WAYBILL, STRAY_WAYBILL = "SF1620041170022", "78120045560031", demo.STRANGE_WAYBILL
HUMIDIFIER, HOODIE, OTHER_HOODIE, JEANS = "HUM-01", "HD02-GY-M", "HD02-GY-L", "JN03-BL-30"
CUP, JUICER = "CUP-500", "JUI-01"
PHOTO = mark("empty-box.png")
_AS_NEW, _BROKEN = frozenset({Grade.A}), frozenset({Grade.C, Grade.D})
_SCAN = "retcli scan"
_ATTACH = mark("retcli case attach {case} {file} --kind photo")
Right = Mapping[tuple[str, frozenset[Grade]], int]
"""How many pieces of a product should have one of some grades."""


def mugs(state: State) -> Case:
    """The case of the two mugs, which was opened by hand when the shop was made."""
    order = state.order(demo.WRONG_GOODS)
    query = sa.select(Case).where(col(Case.order_id) == order.id, col(Case.platform_number).is_(None))
    return state.shop.session.scalars(query).one()


def photo(state: State) -> str:
    """The path of the photo of the empty box, as one word of a command."""
    # whoever looks may speak another language than when the shop was made
    path = next(state.folder.glob("*.png"), state.folder / _(PHOTO)).absolute()
    here = Path.cwd()
    return quoted(str(path.relative_to(here) if path.is_relative_to(here) else path))


def _taken_in(state: State, case: Case, waybill: str) -> Iterator[Missing]:
    """What is missing until a parcel of a case is here."""
    if not state.parcels_of(case):
        yield lacks(Lack.NOT_TAKEN_IN, _SCAN, waybill=waybill)


def _graded(state: State, case: Case, right: Right) -> Iterator[Missing]:
    """What is missing until the pieces in the parcels of a case have their grades and nothing else is booked."""
    parcels = state.parcels_of(case)
    if not parcels:
        return
    pieces, number = state.pieces(parcels), parcels[0].number
    skus = {sku for sku, _grades in right}
    yield from _not_in_it(number, sorted({sku for sku, grade in pieces if grade != Grade.X} - skus))
    for sku in sorted(skus):
        wanted = {grades: n for (each, grades), n in right.items() if each == sku}
        # goods that are not of the order are held for nobody: they count where they are what should be found
        held = frozenset[str]() if any(Grade.X in grades for grades in wanted) else frozenset({str(Grade.X)})
        graded = {grade: n for (each, grade), n in pieces.items() if each == sku and grade not in held}
        yield from _grades_of(sku, number, graded, wanted)


def _not_in_it(parcel: str, skus: Iterable[str]) -> Iterator[Missing]:
    """What is wrong where products are booked that do not lie in a parcel."""
    for sku in skus:
        yield lacks(Lack.NOT_IN_IT, _regrade(parcel, [f"{quoted(sku)}=1:X"]), parcel=parcel, sku=sku)


def _regrade(parcel: str, items: Iterable[str]) -> str:
    """The command that takes earlier findings back."""
    return " ".join([f"retcli parcel inspect {parcel}", *(f"--item {item}" for item in items), "--regrade"])


def _grades_of(
    sku: str, parcel: str, pieces: Mapping[str, int], wanted: Mapping[frozenset[Grade], int]
) -> Iterator[Missing]:
    """What is missing until the pieces of a product in a parcel have their grades."""
    total, right = sum(pieces.values()), sum(wanted.values())
    if total < right:
        yield lacks(Lack.NOT_GRADED, _SCAN, parcel=parcel, sku=sku, n=total, right=right)
        return
    short = {grades: n - sum(pieces.get(grade, 0) for grade in grades) for grades, n in wanted.items()}
    items = [f"{quoted(sku)}={n}:{min(grades)}" for grades, n in short.items() if n > 0]
    if total > right:
        items = [f"{quoted(sku)}={total - right}:X"]
    if items:
        grade = tuple(f"{word(each)} ×{n}" for each, n in sorted(pieces.items()))
        should = tuple(f"{word(min(grades))} ×{n}" for grades, n in wanted.items())
        yield lacks(Lack.GRADE, _regrade(parcel, items), parcel=parcel, sku=sku, grade=grade, right=should)


def _plain(state: State) -> Iterator[Missing]:
    case = state.case(demo.PARCEL_BACK)
    yield from _taken_in(state, case, HUMIDIFIER_WAYBILL)
    yield from _graded(state, case, {(HUMIDIFIER, _AS_NEW): 1})


def _two_pieces(state: State) -> Iterator[Missing]:
    case = mugs(state)
    yield from _taken_in(state, case, MUGS_WAYBILL)
    yield from _graded(state, case, {(MUG, _AS_NEW): 1, (MUG, _BROKEN): 1})


def _wrong_piece(state: State) -> Iterator[Missing]:
    case = state.case(demo.MIXED)
    yield from _taken_in(state, case, HOODIE_WAYBILL)
    yield from _graded(state, case, {(OTHER_HOODIE, frozenset({Grade.X})): 1})


def _came_back(state: State) -> Iterator[Missing]:
    case = state.case(demo.LOST)
    yield from _taken_in(state, case, OWN_WAYBILL)
    yield from _graded(state, case, {(JEANS, _AS_NEW): 1})


def _smeared(state: State) -> Iterator[Missing]:
    case = state.case(demo.LAST_DAY)
    if not state.parcels_of(case):
        stray = _without_case(state)
        if stray is not None:
            command = f"retcli parcel match {stray.number} {case.number}"
            yield lacks(Lack.ON_ITS_OWN, command, waybill=stray.waybill)
            return
        command = f"retcli parcel inspect {case.number} --item {CUP}=1:A"
        yield lacks(Lack.NOT_TAKEN_IN, command, waybill=CUP_WAYBILL)
    yield from _graded(state, case, {(CUP, _AS_NEW): 1})


def _without_case(state: State) -> Parcel | None:
    """The first parcel that is here without a case, but for the one of which an exercise of its own tells."""
    parcels = state.shop.session.scalars(sa.select(Parcel).where(col(Parcel.state).in_(AT_THE_DOOR)))
    others = (parcel for parcel in parcels if parcel.waybill != STRAY_WAYBILL)
    return next((parcel for parcel in others if not state.cases_of(parcel)), None)


def _empty(state: State) -> Iterator[Missing]:
    case = state.case(demo.QUALITY)
    yield from _taken_in(state, case, JUICER_WAYBILL)
    parcels = state.parcels_of(case)
    if parcels:
        booked = sorted({sku for sku, grade in state.pieces(parcels) if grade != Grade.X})
        yield from _not_in_it(parcels[0].number, booked)
        if not booked and parcels[0].state == ParcelState.RECEIVED:
            command = f"retcli parcel inspect {parcels[0].number} --empty"
            yield lacks(Lack.NOT_OPENED, command, parcel=parcels[0].number)
    evidence = state.shop.session.scalars(sa.select(Evidence).where(col(Evidence.case_id) == case.id)).first()
    if evidence is None:
        yield lacks(Lack.NO_PHOTO, _(_ATTACH).format(case=case.number, file=photo(state)), case=case.number)


def _stray(state: State) -> Iterator[Missing]:
    case, parcel = state.case(SIZE), state.parcel(STRAY_WAYBILL)
    if parcel is None:
        yield lacks(Lack.NOT_TAKEN_IN, _SCAN, waybill=STRAY_WAYBILL)
        return
    cases = state.cases_of(parcel)
    if not cases:
        command = f"retcli parcel match {parcel.number} {case.number}"
        yield lacks(Lack.ON_ITS_OWN, command, waybill=parcel.waybill)
    for other in cases:
        if other.id != case.id:
            command = f"retcli parcel detach {parcel.number} {other.number} --because TEXT"
            yield lacks(Lack.OTHER_CASE, command, waybill=parcel.waybill, case=other.number, right=case.number)
    yield from _graded(state, case, {(OTHER_HOODIE, _AS_NEW): 1})


def _about(waybill: str, sku: str) -> Mapping[str, str]:
    return {"waybill": waybill, "sku": sku, "other": OTHER_HOODIE}


RULES = (
    Rule(Task.PLAIN, lambda _state: _about(HUMIDIFIER_WAYBILL, HUMIDIFIER), _plain),
    Rule(Task.TWO_PIECES, lambda _state: _about(MUGS_WAYBILL, MUG), _two_pieces),
    Rule(Task.WRONG_PIECE, lambda _state: _about(HOODIE_WAYBILL, HOODIE), _wrong_piece),
    Rule(Task.CAME_BACK, lambda _state: _about(OWN_WAYBILL, JEANS), _came_back),
    Rule(Task.SMEARED, lambda state: {"sku": CUP, "order": state.order(demo.LAST_DAY).number}, _smeared),
    Rule(Task.EMPTY, lambda state: {**_about(JUICER_WAYBILL, JUICER), "file": photo(state)}, _empty),
    Rule(
        Task.STRAY,
        lambda state: {**_about(STRAY_WAYBILL, OTHER_HOODIE), "order": state.order(SIZE).number},
        _stray,
    ),
)
"""The exercises of the warehouse, in their order."""
