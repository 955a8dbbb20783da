"""Commands of the sheet that do something with the parcel on the bench: where it was put, what it weighs, a note on it,
all of its pieces at once; and what tells about the bench.
"""

import re
from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse import parcels, weights
from retcli.actions.warehouse.bench import bench_deliveries, bench_notes, old_labels, scanned_serials
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.bench.scanned_pieces import piece
from retcli.actions.warehouse.bench.scanned_serials import SERIAL
from retcli.actions.warehouse.code_facts import Code, code_of, numbers_of
from retcli.actions.warehouse.pieces import awaited_pieces, contents, held_pieces, natures
from retcli.actions.warehouse.strangers import labels, read_labels, shelves
from retcli.models import Parcel
from retcli.models.acts import Scan
from retcli.rules.lifecycles import Grade
from retcli.rules.warehouse import dispositions
from retcli.rules.warehouse.codes import Article, Meaning
from retcli.rules.warehouse.ids import COMMAND, folded, normalised
from retcli.shop import Shop
from retcli.views.warehouse import bench_results as results
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scan_results import SealWhole
from retcli.views.warehouse.scans import ScanOutcome, ScanView

SHELF, WEIGHT, NOTE = f"{COMMAND}SHELF", f"{COMMAND}WEIGHT", f"{COMMAND}NOTE"
ASKS = {
    SHELF: ScanNote.WHICH_SHELF,
    WEIGHT: ScanNote.WHAT_WEIGHT,
    NOTE: ScanNote.WHAT_NOTE,
    SERIAL: ScanNote.WHAT_SERIAL,
    old_labels.OLD: ScanNote.WHAT_OLD_LABEL,
}
"""Commands behind which the next line is their text, with what is asked."""
ALL = f"{COMMAND}ALL"
"""The command that counts or grades all that is expected in the parcel."""
_NO_TEXT = frozenset(
    {
        Meaning.PARCEL,
        Meaning.REFUSED,
        Meaning.STRANGER,
        Meaning.ARTICLE,
        Meaning.ARTICLES,
        Meaning.BARCODE,
        Meaning.EITHER,
    }
)
"""What is never the text of a command: labels of parcels, and codes of pieces."""
LISTED = 5
"""Codes that are listed at most."""
HEAVIEST = 100_000
"""Grams that a parcel may weigh: more is a slip of the fingers, or a barcode."""
_WEIGHT = re.compile(r"(\d{1,6})(?:\.(\d{1,3}))?(KG|公斤|千克|G|克)?")
QUANTITY = f"{COMMAND}QTY"
"""The beginning of the command that has the next piece count as several."""
_QUANTITY = re.compile(rf"{QUANTITY}(\d{{1,3}})")


def asked_for(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Asks for the text of a command about the parcel on the bench, unless it could stand nowhere."""
    if not bench.parcel:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NO_PARCEL_ON_TABLE)
    if code.text == SERIAL and (against := scanned_serials.against(shop, bench)):
        return ScanView(code.text, ScanOutcome.UNKNOWN, against, bench.parcel)
    bench.awaits = code.text
    return ScanView(code.text, ScanOutcome.COMMAND, ASKS[code.text], bench.parcel)


def told(shop: Shop, bench: Bench, typed: str) -> ScanView:
    """Takes a line as the text that the command before it asked for."""
    command, bench.awaits = bench.awaits, ""
    if command in _OF_THEIR_OWN:
        return _OF_THEIR_OWN[command](shop, bench, typed)
    # whoever forgot the text goes on with the next label or piece: as a text it would be lost
    if code_of(shop, typed, None).read.meaning in _NO_TEXT:
        return ScanView(normalised(typed), ScanOutcome.UNKNOWN, ScanNote.CODE_FOR_TEXT, bench.parcel)
    parcel = shop.hold(parcels.numbered(shop, bench.parcel))
    if command == NOTE:
        return _note(shop, parcel, typed, bench.session)
    return _TOLD[command](shop, parcel, typed)


def _shelf(shop: Shop, parcel: Parcel, typed: str) -> ScanView:
    place = shelves.shelf_of(typed)
    if not place:
        return ScanView(folded(typed), ScanOutcome.UNKNOWN, ScanNote.NO_SHELF, parcel.number)
    shelves.put(shop, parcel, "shelf", place)
    return ScanView(place, ScanOutcome.COMMAND, results.PutOn(parcel.number, place), parcel.number)


def _weight(shop: Shop, parcel: Parcel, typed: str) -> ScanView:
    grams = grams_of(typed)
    if grams is None:
        return ScanView(folded(typed), ScanOutcome.UNKNOWN, ScanNote.NO_WEIGHT, parcel.number)
    shelves.put(shop, parcel, "weight", grams)
    weight = weights.of(shop, parcel)
    if weight.light:
        shop.record(parcel.number, "too_light", weighed=grams, expected=weight.expected, by=weight.by)
    return ScanView(folded(typed), ScanOutcome.COMMAND, results.Weighs(parcel.number, weight), parcel.number)


def grams_of(typed: str) -> int | None:
    """A weight in grams from what a person or a scale typed (``1.25kg``, ``850``, ``850克``): without a unit grams,
    with a decimal point kilograms. None for no weight, nothing, or more than `HEAVIEST`.
    """
    weight = _WEIGHT.fullmatch(folded(typed))
    if weight is None or (weight[2] and weight[3] in {"G", "克"}):
        return None
    in_kilograms = bool(weight[2]) or weight[3] in {"KG", "公斤", "千克"}
    grams = int(weight[1]) * 1000 + int((weight[2] or "").ljust(3, "0")) if in_kilograms else int(weight[1])
    return grams if 0 < grams <= HEAVIEST else None


def _note(shop: Shop, parcel: Parcel, typed: str, session: str) -> ScanView:
    """Writes a note on the cases of the parcel, or on itself where it has none."""
    cases, text = awaited_pieces.cases_of(shop, parcel), " ".join(typed.split())
    if not cases:
        labels.note(shop, parcel, read_labels.Said(note=text), session)
        return ScanView("", ScanOutcome.COMMAND, results.Noted((parcel.number,)), parcel.number)
    for case in cases:
        bench_notes.write(shop, case, text, session)
    return ScanView("", ScanOutcome.COMMAND, results.Noted(numbers_of(cases)), parcel.number, numbers_of(cases))


_OF_THEIR_OWN: dict[str, Callable[[Shop, Bench, str], ScanView]] = {
    SERIAL: scanned_serials.serial,
    old_labels.OLD: old_labels.told,
    bench_deliveries.DELIVERY: bench_deliveries.told,
}
_TOLD: dict[str, Callable[[Shop, Parcel, str], ScanView]] = {SHELF: _shelf, WEIGHT: _weight}


def quantity(bench: Bench, code: Code) -> ScanView | None:
    """Has the next piece count as several; None for another command."""
    several = several_of(code.text)
    if not several:
        return None
    bench.pieces = several
    return ScanView(code.text, ScanOutcome.COMMAND, results.Several(bench.pieces), bench.parcel)


def several_of(code: str) -> int:
    """As how many the next piece counts by a code; 0 for another code."""
    several = _QUANTITY.fullmatch(code)
    return int(several[1]) if several else 0


def none_of(code: str) -> results.CountsAsNone | None:
    """What is said to a code by which the next piece would count as none; None for another code."""
    several = _QUANTITY.fullmatch(code)
    return results.CountsAsNone() if several and not int(several[1]) else None


def everything(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Counts all pieces that are still expected in the parcel on the bench, and gives all that wait the grade in force,
    as if each had been scanned. Nothing where some of a missing product were judged to be of another order (X): nobody
    can tell whether they are meant too.
    """
    if not bench.parcel:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NO_PARCEL_ON_TABLE)
    if bench.only_receives:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.ONLY_RECEIVING, bench.parcel)
    bench.pieces = 1
    parcel = shop.hold(parcels.numbered(shop, bench.parcel))
    cases = numbers_of(awaited_pieces.cases_of(shop, parcel))
    waiting = contents.tallies(shop, parcel, waiting=True) if bench.grade else {}
    lacking = _lacking(shop, parcel) if bench.grade != Grade.X else {}  # what is missing is not of another order
    pieces = {sku: waiting.get(sku, 0) + lacking.get(sku, 0) for sku in {**lacking, **waiting}}
    if not cases or not pieces:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NOTHING_EXPECTED, parcel.number, cases)
    if any(held_pieces.judged_foreign(shop, parcel, sku) for sku in lacking):
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.SOME_JUDGED_FOREIGN, parcel.number, cases)
    if seals := [sku for sku in pieces if bench.grade and not bench.sure and _needs_seal(shop, sku, bench.grade)]:
        bench.stop(code.text if bench.asks else "")
        bench.seal_of = code.text
        return ScanView(code.text, ScanOutcome.STOP, SealWhole(tuple(seals)), parcel.number, cases)
    # read as if nobody had read any yet: those that are counted already and wait come first
    bench.read = {} if bench.grade else contents.tallies(shop, parcel)
    for sku, n in pieces.items():
        bench.read = {**bench.read, sku: contents.counted(shop, parcel, sku) - waiting.get(sku, 0)}
        piece(shop, bench, replace(code, read=replace(code.read, article=Article(sku, n))))
    outcome = ScanOutcome.INSPECTED if bench.grade else ScanOutcome.COUNTED
    result = results.AllPieces(pieces, bench.grade)
    return ScanView(code.text, outcome, result, parcel.number, cases)


def _needs_seal(shop: Shop, sku: str, grade: Grade) -> bool:
    return dispositions.needs_whole_seal(grade, natures.of_product(shop, sku))


def _lacking(shop: Shop, parcel: Parcel) -> dict[str, int]:
    """The pieces that are still to come in a parcel, by product."""
    expected = awaited_pieces.expected_pieces(shop, parcel)
    return {sku: room for sku in expected if (room := awaited_pieces.room(shop, parcel, sku))}


def last_codes(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """The last codes of this round with what came of them, the newest first."""
    query = sa.select(Scan).where(col(Scan.by) == shop.operator.name, col(Scan.session) == bench.session)
    rows = shop.session.scalars(query.order_by(col(Scan.id).desc()).limit(LISTED))
    codes = tuple((row.at, row.code, row.outcome) for row in rows)
    return ScanView(code.text, ScanOutcome.COMMAND, results.LastCodes(codes), bench.parcel)


def who(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Who scans, in which role, and what lies on the bench."""
    result = results.WhoScans(shop.operator.name, shop.operator.role, bench.parcel)
    return ScanView(code.text, ScanOutcome.COMMAND, result, bench.parcel)
