"""Commands of the sheet beside the bench."""

import difflib
from collections.abc import Callable

from retcli.actions.casefile.records import acts
from retcli.actions.warehouse import empty_boxes, parcels, undone_acts
from retcli.actions.warehouse.bench import bench_commands, bench_deliveries, bench_notes, counted_stock
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.code_facts import Code, numbers_of
from retcli.actions.warehouse.deliveries import handovers
from retcli.actions.warehouse.pieces import awaited_pieces, contents, senders
from retcli.actions.warehouse.pieces.undone_pieces import taken_of
from retcli.actions.warehouse.strangers import leaving
from retcli.errors import Refused
from retcli.language import series
from retcli.models import Parcel
from retcli.models.acts import Act
from retcli.rules.lifecycles import AT_THE_DOOR, Grade, ParcelState
from retcli.rules.warehouse.ids import COMMAND, END
from retcli.rules.warehouse.modes import CHECKING, COUNTING, RECEIVING, SENDING
from retcli.shop import Shop
from retcli.views.warehouse import bench_results, undone_scans
from retcli.views.warehouse import scan_results as results
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scans import ScanOutcome, ScanView
from retcli.views.warehouse.stranger_results import NotTurnedAway, TurnedAway

_GRADES = {f"{COMMAND}{grade}": grade for grade in Grade} | {f"{COMMAND}WRONG": Grade.X}
NEXT, YES, UNDO = f"{COMMAND}NEXT", f"{COMMAND}YES", f"{COMMAND}UNDO"
"""The commands that clear the bench, confirm what the stop before them asked about, and take back."""
SEALED, OPENED = f"{COMMAND}SEALED", f"{COMMAND}OPENED"
"""The commands by which the question whether a seal is whole is answered, also in a file or a pipe."""
EMPTY = f"{COMMAND}EMPTY"
"""The command by which the parcel on the bench is noted as opened and empty."""
_UNDONE_HERE = undone_acts.AT_A_BENCH | handovers.KINDS | {"note", "flag", "tally"}
"""The kinds of acts that may be taken back at the bench."""
ON_PARCEL = frozenset({EMPTY, bench_commands.ALL, bench_notes.SHORT, bench_notes.HOLD, *bench_commands.ASKS})
"""Commands that write something of the parcel on the bench."""


def command(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Obeys a code of the command sheet."""
    if code.text in _WAYS:
        return _WAYS[code.text](shop, bench, code)
    several = bench_commands.quantity(bench, code)
    nowhere = bench_commands.none_of(code.text) or bench_results.NoSuchCommand(_nearest(code.text))
    return several or ScanView(code.text, ScanOutcome.UNKNOWN, nowhere, bench.parcel)


def _nearest(code: str) -> str:
    """The command of the sheet that is most like a code; "" where none is."""
    if code.startswith(bench_commands.QUANTITY):
        return f"{bench_commands.QUANTITY}3"
    return next(iter(difflib.get_close_matches(code, COMMANDS, n=1, cutoff=0.7)), "")


def known_command(code: str) -> bool:
    """Whether a code is on the sheet, so that it was not misread from another parcel's label."""
    counts = bench_commands.several_of(code) > 0 or bench_commands.none_of(code) is not None
    return code in _WAYS or counts


def _grade(shop: Shop, bench: Bench, code: Code) -> ScanView:
    bench.give(_GRADES[code.text])
    apart = bool(bench.parcel) and parcels.numbered(shop, bench.parcel).apart
    return ScanView(code.text, ScanOutcome.COMMAND, bench_results.GradeChosen(_GRADES[code.text], apart))


def _lock(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    if not bench.grade:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NO_GRADE_TO_LOCK)
    bench.locked = True
    return ScanView(code.text, ScanOutcome.COMMAND, bench_results.GradeLocked(bench.grade))


def _pending(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    bench.give(None)
    return ScanView(code.text, ScanOutcome.COMMAND, ScanNote.COUNTING_ONLY)


def _next(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Clears the bench; where pieces of an opened parcel are missing, only once somebody is sure."""
    lacking = _lacking_in_opened(shop, bench)
    if lacking and not bench.sure:
        bench.stop(code.text)
        return ScanView(code.text, ScanOutcome.STOP, bench_results.StillMissing(bench.parcel, lacking), bench.parcel)
    bench.lay()
    return ScanView(code.text, ScanOutcome.COMMAND, ScanNote.NEXT_PARCEL)


def _lacking_in_opened(shop: Shop, bench: Bench) -> dict[str, int]:
    """The pieces by product that are missing in a parcel on the bench of which others were counted; nothing where
    nobody stands there who could look for them.
    """
    if not (bench.asks and bench.parcel) or bench.only_receives:
        return {}
    return bench_notes.short_of(shop, parcels.numbered(shop, bench.parcel))


def _end(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Clears the bench; a driver's load that is counted there ends, and what differs is told."""
    bench.lay()
    bench.give(None)
    ended = counted_stock.ended(shop) if bench.counts else bench_deliveries.ended(shop, bench)
    return ScanView(code.text, ScanOutcome.COMMAND, ended or ScanNote.THE_END)


def _undo(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Takes back the last thing that this round did with the parcel on the bench and nobody took back yet; what was
    done with another one, or before this round, only once somebody is sure of just that. Where something stands on it,
    nothing is done, and the answer says what.
    """
    act = acts.last_of(shop, bench.session, _UNDONE_HERE)
    in_round = act is not None
    act = act or acts.last_of(shop, None, _UNDONE_HERE)
    if act is None:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NOTHING_TO_UNDO, bench.parcel)
    sure = bench.sure and bench.to_undo == act.id
    if not sure and not (in_round and _of_what_lies_there(shop, bench, act)):
        return _done_elsewhere(bench, code, act, in_round=in_round)
    if act.kind == "tally":
        return counted_stock.undone(shop, code, act)
    if act.parcel_id is None:
        return _undo_without_parcel(shop, bench, code, act)
    parcel = shop.session.get_one(Parcel, act.parcel_id)
    try:
        with shop.attempt():
            undone_acts.take_back(shop, act)
    except Refused as why:
        return ScanView(code.text, ScanOutcome.STOP, undone_scans.NotTakenBack(act.kind, why.message), parcel.number)
    bench.undone(parcel.number, contents.tallies(shop, parcel), gone=parcel.state not in AT_THE_DOOR)
    result = undone_scans.TakenBack(act.kind, parcel.number, taken_of(act))
    return ScanView(code.text, ScanOutcome.UNDONE, result, parcel.number)


def _undo_without_parcel(shop: Shop, bench: Bench, code: Code, act: Act) -> ScanView:
    """Takes back what was noted on a case, or done with a driver's load."""
    if act.kind not in handovers.KINDS:
        bench_notes.take_back(shop, act)
        return ScanView(code.text, ScanOutcome.UNDONE, undone_scans.TakenBack(act.kind, act.subject), bench.parcel)
    try:
        with shop.attempt():
            delivery = handovers.take_back(shop, act)
    except Refused as why:
        return ScanView(code.text, ScanOutcome.STOP, undone_scans.NotTakenBack(act.kind, why.message), bench.parcel)
    bench_deliveries.taken_back(bench, delivery)
    return ScanView(code.text, ScanOutcome.UNDONE, undone_scans.TakenBack(act.kind, act.subject), bench.parcel)


def _of_what_lies_there(shop: Shop, bench: Bench, act: Act) -> bool:
    """Whether an act was done with the parcel or the driver's load at the bench, or noted on a case of that parcel."""
    if act.kind in handovers.KINDS:
        return act.row_id == bench.delivery
    if not bench.parcel:
        return act.kind == "tally" and bench.counts
    parcel = parcels.numbered(shop, bench.parcel)
    if act.parcel_id is not None:
        return act.parcel_id == parcel.id
    return act.case_id in {case.id for case in awaited_pieces.cases_of(shop, parcel)}


def _done_elsewhere(bench: Bench, code: Code, act: Act, *, in_round: bool) -> ScanView:
    """The answer where what would be taken back was done before this round, or with another parcel than the one on the
    bench: it is named, and asked about where somebody stands there.
    """
    asked = bench.asks
    result = undone_scans.DoneElsewhere(act.kind, act.subject, act.at, taken_of(act), asked=asked, in_round=in_round)
    if not asked:
        return ScanView(code.text, ScanOutcome.UNKNOWN, result, bench.parcel)
    bench.stop(code.text)
    bench.to_undo = act.id or 0
    return ScanView(code.text, ScanOutcome.STOP, result, bench.parcel)


def _empty(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Notes that the parcel on the bench was opened and is empty; nothing where pieces of it were counted."""
    if not bench.parcel:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NO_PARCEL_ON_TABLE)
    # held before it is asked: another bench may be reading pieces of it at this moment
    parcel = shop.hold(parcels.numbered(shop, bench.parcel))
    cases = numbers_of(awaited_pieces.cases_of(shop, parcel))
    if against := empty_boxes.not_empty(shop, parcel):
        waits = isinstance(against, results.PiecesWait)
        outcome = ScanOutcome.STOP if waits else ScanOutcome.DUPLICATE
        return ScanView(code.text, outcome, against, parcel.number, cases)
    empty_boxes.note_empty(shop, parcel)
    box = results.EmptyBox(cases, awaited_pieces.expected_pieces(shop, parcel))
    return ScanView(code.text, ScanOutcome.INSPECTED, box, parcel.number, cases)


def _reject(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Refuses the parcel on the bench at the door (拒收): it goes back with the driver. Not one that a case waits for,
    that is our own sending, or that was opened.
    """
    if not bench.parcel:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NO_PARCEL_ON_TABLE)
    parcel = shop.hold(parcels.numbered(shop, bench.parcel))
    cases = numbers_of(awaited_pieces.cases_of(shop, parcel))
    own = series(order.number for order in senders.sent_under(shop, parcel.waybill))
    if cases or own or contents.tallies(shop, parcel) or parcel.state != ParcelState.RECEIVED:
        against = NotTurnedAway(parcel.number, series(cases), own)
        return ScanView(code.text, ScanOutcome.STOP, against, parcel.number, cases)
    leaving.turn_away(shop, parcel)
    acts.note(shop, "turn_away", parcel.number, parcel=parcel, session=bench.session)
    bench.lay()
    return ScanView(code.text, ScanOutcome.COMMAND, TurnedAway(parcel.number), parcel.number)


def _text_of(shop: Shop, bench: Bench, code: Code) -> ScanView:
    return bench_commands.asked_for(shop, bench, code)


def _mode(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Puts the bench into another mode."""
    bench.mode = _MODES[code.text]
    bench.pack()
    if bench.sends:
        bench.lay()
        bench.give(None)
        return ScanView(code.text, ScanOutcome.COMMAND, ScanNote.NOW_SENDING)
    if bench.counts:  # no parcel lies there any more, and counted pieces have no grade
        bench.lay()
        bench.give(None)
        return ScanView(code.text, ScanOutcome.COMMAND, ScanNote.NOW_COUNTING)
    note = ScanNote.NOW_RECEIVING if bench.only_receives else ScanNote.NOW_CHECKING
    return ScanView(code.text, ScanOutcome.COMMAND, note, bench.parcel)


def _help(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    return ScanView(code.text, ScanOutcome.COMMAND, ScanNote.ALL_COMMANDS, bench.parcel)


def _no_seal(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    """The answer to a word about a seal of which nobody asked just before."""
    return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NO_SEAL_ASKED, bench.parcel)


_MODES = {f"{COMMAND}RECEIVE": RECEIVING, f"{COMMAND}CHECK": CHECKING, f"{COMMAND}COUNT": COUNTING} | {
    f"{COMMAND}SHIP": SENDING
}
_WAYS: dict[str, Callable[[Shop, Bench, Code], ScanView]] = {
    **dict.fromkeys(_GRADES, _grade),
    f"{COMMAND}PENDING": _pending,
    f"{COMMAND}LOCK": _lock,
    UNDO: _undo,
    EMPTY: _empty,
    SEALED: _no_seal,
    OPENED: _no_seal,
    f"{COMMAND}REJECT": _reject,
    NEXT: _next,
    END: _end,
    **dict.fromkeys(bench_commands.ASKS, _text_of),
    bench_deliveries.DELIVERY: bench_deliveries.asked_for,
    **dict.fromkeys(_MODES, _mode),
    bench_commands.ALL: bench_commands.everything,
    bench_notes.SHORT: bench_notes.short,
    bench_notes.HOLD: bench_notes.hold,
    f"{COMMAND}LIST": bench_commands.last_codes,
    f"{COMMAND}WHO": bench_commands.who,
    f"{COMMAND}HELP": _help,
}
COMMANDS = (*_WAYS, YES, f"{bench_commands.QUANTITY}3")
"""The codes of the sheet, with one of those by which the next piece counts as several."""
