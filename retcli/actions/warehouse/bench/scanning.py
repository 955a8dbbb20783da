"""One step of the scan loop: what a scanned code means, and what is done about it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.bench import (
    bench_commands,
    bench_deliveries,
    bench_notes,
    counted_stock,
    doubtful_codes,
    last_tables,
    old_labels,
    packed_goods,
    prompts,
    scan_records,
    scanned_labels,
    scanned_papers,
    scanned_slips,
    stranger_questions,
)
from retcli.actions.warehouse.bench.benches import BOUNCE, Bench
from retcli.actions.warehouse.bench.scanned_commands import (
    NEXT,
    ON_PARCEL,
    OPENED,
    SEALED,
    UNDO,
    YES,
    command,
    known_command,
)
from retcli.actions.warehouse.bench.scanned_pieces import piece, several_articles
from retcli.actions.warehouse.code_facts import Code, code_of
from retcli.actions.warehouse.pieces import contents
from retcli.actions.warehouse.strangers import closing
from retcli.language import mark
from retcli.models import Parcel
from retcli.rules.lifecycles import AT_THE_DOOR, MAY_SCAN, Grade, ParcelState
from retcli.rules.warehouse.codes import Meaning
from retcli.rules.warehouse.ids import COMMAND, END, normalised
from retcli.rules.warehouse.spellings import apart
from retcli.shop import Shop
from retcli.views.warehouse import scan_results as results
from retcli.views.warehouse.deliveries import CountedIn
from retcli.views.warehouse.films import Frame
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scans import LeftOpen, ScanOutcome, ScanView


def empty_bench(shop: Shop, mode: str) -> Bench:
    """A bench with nothing on it, in a `mode`. Raises Refused for who may not scan."""
    shop.may(MAY_SCAN, mark("scan parcels"))
    return Bench(mode=mode)


def scan(shop: Shop, bench: Bench, typed: str, at: float | None = None, read_at: datetime | None = None) -> ScanView:
    """Does what a scanned code means: receives a parcel, counts or grades a piece, obeys a command; what came of it.
    `at` is when the code was read (seconds of a clock that only goes forward) where a person scans at a terminal;
    `read_at` the instant of that (UTC) where it was before now.
    """
    shop.may(MAY_SCAN, mark("scan parcels"))
    events_before, bench.asks = len(shop.events), at is not None
    bench.counted_at = read_at.isoformat() if read_at else ""
    view = replace(_scan(shop, bench, typed, at), to_confirm=bench.stopped not in {"", NEXT})
    events = shop.events[events_before:]
    scan_records.note(shop, bench, view, events, read_at)
    if read_at is not None:
        _received_then(shop, view, events, read_at)
    if bench.filmed:
        view = replace(view, film=Frame(read_at or shop.now, bench.parcel, shop.operator.name, bench.session))
    return view if at is None else replace(view, prompt=prompts.in_force(shop, bench))


def _received_then(shop: Shop, view: ScanView, events: Sequence[Mapping[str, Any]], read_at: datetime) -> None:
    """Has a parcel that a code just received be received when the code was read."""
    mine = {event["action"] for event in events if event["subject"] == view.parcel}
    if view.parcel and mine & {"open", "receive"}:
        parcel = parcels.numbered(shop, view.parcel)
        if parcel.received_at is not None:
            parcel.received_at = read_at
            shop.session.flush()


def _scan(shop: Shop, bench: Bench, typed: str, at: float | None) -> ScanView:
    """Does what a line means, without what is in force on the bench then: the text that a command asked for, what the
    stop before it asked about, or a code.
    """
    if bench.awaits in stranger_questions.ASKED:
        if (answer := stranger_questions.answered(shop, bench, typed)) is not None:
            return answer
    elif bench.awaits and not normalised(typed).startswith(COMMAND):
        tells = counted_stock.told if bench.counts else bench_commands.told
        return tells(shop, bench, typed)
    code = normalised(typed)
    if code == UNDO and bench.drop():
        return ScanView(code, ScanOutcome.COMMAND, ScanNote.DROPPED, bench.parcel, meaning=Meaning.COMMAND)
    stopped, bench.stopped = bench.stopped, ""
    bench.awaits, bench.stopped_for = bench.stopped_for, ""
    seal, bench.seal_of = bench.seal_of, ""
    if seal and code in {SEALED, OPENED}:
        return _seal_told(shop, bench, seal, at, whole=code == SEALED)
    offered, bench.offered = bench.offered, 0
    resumed, bench.offered_delivery = bench.offered_delivery, 0
    if resumed and code == YES:
        return bench_deliveries.take_up(shop, bench, resumed, code)
    old, bench.old_label = bench.old_label, ""
    if old and bench.parcel and code == old_labels.OLD:
        bench.in_doubt = ""
        return replace(old_labels.told(shop, bench, old), meaning=Meaning.COMMAND)
    if offered and code == YES:
        return last_tables.take_up(shop, bench, offered)
    if bench.delivery and (ended := _ended_meanwhile(shop, bench, code, stopped)):
        return _line(shop, bench, stopped, at) if code == YES else ended
    if code == YES and not stopped:
        note = ScanNote.NOTHING_TO_CONFIRM
        return ScanView(code, ScanOutcome.UNKNOWN, note, bench.parcel, meaning=Meaning.COMMAND)
    # whoever scans a piece once more may have a second one; for the next parcel it is the same wish again
    bench.sure = code == YES or (code == NEXT and stopped == NEXT)
    if not bench.sure:
        bench.awaits = ""
        return _line(shop, bench, typed, at)
    bench.article = ""
    view = bench_commands.told(shop, bench, stopped) if bench.awaits else _line(shop, bench, stopped, at)
    bench.sure = False
    return view


def _seal_told(shop: Shop, bench: Bench, code: str, at: float | None, *, whole: bool) -> ScanView:
    """Does the code of pieces whose seal is whole as it was asked about, else with the grade of opened ones (B)."""
    grade = bench.grade
    bench.sure, bench.article, bench.grade = True, "", grade if whole else Grade.B
    view = _line(shop, bench, code, at)
    bench.sure, bench.grade = False, grade
    return view


def _ended_meanwhile(shop: Shop, bench: Bench, code: str, stopped: str) -> ScanView | None:
    """What is said to a code where the driver's load at the bench was ended by somebody else; None where it was not, or
    the code is a command. Where the code confirms such a stop (at the code `stopped`), the load goes on.
    """
    if not code.startswith(COMMAND):
        return bench_deliveries.ended_meanwhile(shop, bench, code)
    if code != YES or not stopped or stopped.startswith(COMMAND) or not bench_deliveries.goes_on(shop, bench):
        return None
    return ScanView(code, ScanOutcome.COMMAND, ScanNote.NOTHING_TO_CONFIRM)


def _line(shop: Shop, bench: Bench, typed: str, at: float | None) -> ScanView:
    """Does what a code means, or the first of several in a line."""
    on_table = parcels.numbered(shop, bench.parcel) if bench.parcel else None
    code = code_of(shop, typed, on_table)
    parts = _parts(shop, on_table, typed) if code.read.meaning in _UNKNOWN else {}
    # only where the line as a whole names nothing: a blank may also stand inside a number
    if parts and all(parts.values()):
        first, *others = apart(typed)
        bench.asked = bench.asked if bench.asked == code.text else ""
        return replace(_line(shop, bench, first, at), rest=tuple(others))
    view = _read(shop, bench, code, on_table, at, known=not any(parts.values()))
    return replace(view, meaning=code.read.meaning)


def behind_first(shop: Shop, bench: Bench, typed: str) -> tuple[str, ...]:
    """The codes of a line behind the first of them; none where the line is one code."""
    on_table = parcels.numbered(shop, bench.parcel) if bench.parcel else None
    unknown = code_of(shop, typed, on_table).read.meaning in _UNKNOWN
    parts = _parts(shop, on_table, typed) if unknown else {}
    return apart(typed)[1:] if parts and all(parts.values()) else ()


def _read(shop: Shop, bench: Bench, code: Code, on_table: Parcel | None, at: float | None, *, known: bool) -> ScanView:
    """Does what one code means, unless it cannot be trusted; `known` is false for a line of which only parts are."""
    if bench.sure:
        bench.in_doubt = ""
    asked_before = bench.asked == code.text
    bench.asked = code.text if asked_before else ""
    # a label that could not be read may have been another parcel's: pieces behind it are not booked into this one
    of_what_lies_there = code.read.meaning in {*_PIECES, Meaning.PLACE} or code.text in ON_PARCEL
    if on_table and bench.still_in_doubt(code.read.article.sku) and of_what_lies_there:
        bench.stop(code.text)
        return doubtful_codes.in_doubt(shop, bench, code, on_table)
    if _bounced(bench, code, at):
        return ScanView(code.text, ScanOutcome.DUPLICATE, results.ReadTwice(BOUNCE), bench.parcel)
    view = _answer(shop, bench, code) if known else doubtful_codes.known_nowhere(shop, bench, code)
    bench.asked_at = bench.asked_at if asked_before else at or 0.0
    _remember(shop, bench, code, view)
    gone = on_table if on_table and bench.parcel != on_table.number else None
    told = closing.closed(shop, gone, bench.session) if gone else None
    return replace(view, also=_also(code), closed=told, left_open=_left(shop, bench, code, gone))


def _answer(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Does what a code means."""
    if bench.counts and (counted := counted_stock.answer(shop, bench, code)):
        return counted
    if bench.sends and (packed := packed_goods.answer(shop, bench, code)):
        return packed
    view = _ANSWERS.get(code.read.meaning, doubtful_codes.known_nowhere)(shop, bench, code)
    return view or _line(shop, bench, code.text, None)


def _remember(shop: Shop, bench: Bench, code: Code, view: ScanView) -> None:
    """Notes what an answer leaves in doubt at the bench, and the box of a parcel whose label was read."""
    buyers = view.outcome == ScanOutcome.STOP and code.read.meaning == Meaning.PARCEL and view.parcel == bench.parcel
    never_a_label = code.read.meaning in _NO_LABELS or known_command(code.text)
    if view.outcome in _IN_DOUBT and not never_a_label and not buyers:
        bench.doubt(view.code, code.read.article.sku)
    counted = isinstance(view.result, CountedIn)  # a box that is here already
    if code.box and not counted and (buyers or view.outcome in {ScanOutcome.RECEIVED, ScanOutcome.UNCLAIMED}):
        shop.record(view.parcel, "box", box=code.box)


def _parts(shop: Shop, on_table: Parcel | None, typed: str) -> Mapping[str, bool]:
    """The codes of a line (from a scanner that puts a tab, blank or CR behind each), each with whether the books know
    it, since a blank may also stand inside one number; empty where the line is one code.
    """
    meanings = {part: code_of(shop, part, on_table).read.meaning for part in apart(typed)}
    return {part: meaning not in _UNKNOWN - {Meaning.STRANGER} for part, meaning in meanings.items()}


def _also(code: Code) -> results.AlsoKnown | None:
    """What else the books know by a code; None for nothing."""
    return results.AlsoKnown(code.read.meaning, code.read.also) if code.read.also else None


def _bounced(bench: Bench, code: Code, at: float | None) -> bool:
    """Whether a code is a piece, or one that was just asked about, that the scanner has read twice at once; with any
    other code in between they are two.
    """
    if bench.asked == code.text:
        return at is not None and 0 <= at - bench.asked_at < BOUNCE
    if code.read.meaning == Meaning.ARTICLE:
        return bench.bounced(code.read.article.sku, at)
    bench.article = ""
    return False


def _left(shop: Shop, bench: Bench, code: Code, gone: Parcel | None) -> LeftOpen | None:
    """What is still to be done with the parcel that this code took off the bench (None: none); None for nothing. The
    end tells it of all parcels, and who was asked about the missing pieces knows of them.
    """
    if gone is None or code.text == END:
        return None
    return _open(shop, gone, looked=bench.only_receives or (code.text == NEXT and bench.sure))


def _open(shop: Shop, parcel: Parcel, *, looked: bool = False) -> LeftOpen | None:
    """What is still to be done with a parcel: pieces without a grade, and those that are missing unless somebody
    `looked` for them; None for nothing.
    """
    waiting = contents.tallies(shop, parcel, waiting=True)
    lacking = {} if looked else bench_notes.short_of(shop, parcel)
    return LeftOpen(parcel.number, parcel.waybill, waiting, lacking) if waiting or lacking else None


def left_open(shop: Shop, numbers: Iterable[str]) -> list[LeftOpen]:
    """What is still to be done with some parcels at the door (their numbers), each once; without those that need
    nothing.
    """
    here = (parcel for parcel in map(partial(parcels.numbered, shop), numbers) if parcel.state in AT_THE_DOOR)
    return [left for parcel in here if (left := _open(shop, parcel))]


def unopened(shop: Shop, numbers: Iterable[str]) -> list[str]:
    """Which of some parcels (their numbers) are here and had no piece counted yet, each once."""
    here = map(partial(parcels.numbered, shop), dict.fromkeys(numbers))
    return [each.number for each in here if each.state == ParcelState.RECEIVED and not contents.tallies(shop, each)]


_ANSWERS: dict[Meaning, Callable[[Shop, Bench, Code], ScanView | None]] = {
    Meaning.PARCEL: scanned_labels.known_parcel,
    Meaning.REFUSED: scanned_labels.own_waybill,
    Meaning.COMMAND: command,
    Meaning.SLIP: scanned_slips.slip,
    Meaning.SLIPS: scanned_slips.several_cases,
    Meaning.ORDER: scanned_slips.order_without_case,
    Meaning.PLACE: scanned_papers.place,
    Meaning.BADGE: scanned_papers.badge,
    Meaning.ARTICLE: piece,
    Meaning.ARTICLES: several_articles,
    Meaning.TAIL: doubtful_codes.tail,
    Meaning.PAYOUT: doubtful_codes.payout,
    Meaning.BOTH: doubtful_codes.both,
    Meaning.SEVERAL: doubtful_codes.several_numbers,
    Meaning.STRANGER: scanned_labels.stranger,
    Meaning.PERHAPS: scanned_labels.perhaps_a_waybill,
    Meaning.EITHER: scanned_labels.either,
    Meaning.PHONE: doubtful_codes.phone,
}
"""The function that answers each meaning of a code; any other is of a code that nobody knows."""
_UNKNOWN = frozenset(
    {Meaning.NOTHING, Meaning.PERHAPS, Meaning.EITHER, Meaning.STRANGER, Meaning.PHONE, *doubtful_codes.LOOKS_LIKE}
)
_PIECES = {Meaning.ARTICLE, Meaning.ARTICLES}
_IN_DOUBT = {ScanOutcome.UNKNOWN, ScanOutcome.STOP}
_NO_LABELS = {*_PIECES, Meaning.TAIL, Meaning.PLACE, Meaning.BADGE}
"""What is never read from the label of another parcel."""
