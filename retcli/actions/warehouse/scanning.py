"""One step of the scan loop: what a scanned code means, and what is done about it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile.sent_orders import carrier_of
from retcli.actions.warehouse import contents, detaching, parcels, refusals, scan_records, senders, undone_sendings
from retcli.actions.warehouse.benches import BOUNCE, Bench
from retcli.actions.warehouse.code_facts import Code, code_of, numbers_of, open_cases
from retcli.actions.warehouse.scanned_commands import EMPTY, command, in_force
from retcli.actions.warehouse.scanned_pieces import piece, several_articles
from retcli.language import mark
from retcli.models import Case, Order, Parcel
from retcli.rules.lifecycles import MAY_SCAN, PARCEL, ParcelState
from retcli.rules.warehouse.codes import Meaning
from retcli.rules.warehouse.ids import carrier, shaped_as_of
from retcli.rules.warehouse.spellings import apart
from retcli.shop import Shop
from retcli.views.warehouse import scan_results as results
from retcli.views.warehouse import scanned_parcels
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scans import NotInspected, ScanOutcome, ScanView


def scan(shop: Shop, bench: Bench, typed: str, at: float | None = None) -> ScanView:
    """Does what a scanned code means: receives a parcel, counts or grades a piece, obeys a command; what came of it.
    `at` is when the code was read (seconds of a clock that only goes forward) where a person scans at a terminal.
    """
    shop.may(MAY_SCAN, mark("scan parcels"))
    events_before = len(shop.events)
    view = _scan(shop, bench, typed, at)
    scan_records.note(shop, bench, view, shop.events[events_before:])
    return view if at is None else replace(view, prompt=in_force(shop, bench))


def _scan(shop: Shop, bench: Bench, typed: str, at: float | None) -> ScanView:
    """Does what a code means, without what is in force on the bench then."""
    on_table = parcels.numbered(shop, bench.parcel) if bench.parcel else None
    code = code_of(shop, typed, on_table)
    bench.asked = bench.asked if bench.asked == code.text else ""
    parts = _parts(shop, on_table, typed) if code.read.meaning in _UNKNOWN else {}
    # only where the line as a whole names nothing: a blank may also stand inside a number
    if parts and all(parts.values()):
        first, *others = apart(typed)
        return replace(_scan(shop, bench, first, at), rest=tuple(others))
    # a label that could not be read may have been another parcel's: pieces behind it are not booked into this one
    of_what_lies_there = code.read.meaning in _PIECES or code.text == EMPTY
    if on_table and bench.still_in_doubt(code.read.article.sku) and of_what_lies_there:
        return replace(_in_doubt(shop, bench, code, on_table), meaning=code.read.meaning)
    if _bounced(bench, code, at):
        twice = results.ReadTwice(BOUNCE)
        return ScanView(code.text, ScanOutcome.DUPLICATE, twice, bench.parcel, meaning=code.read.meaning)
    view = _known_nowhere(shop, bench, code) if any(parts.values()) else _answer(shop, bench, code)
    view = replace(view, also=_also(code), meaning=code.read.meaning)
    buyers = view.outcome == ScanOutcome.STOP and code.read.meaning == Meaning.PARCEL and view.parcel == bench.parcel
    if view.outcome in _IN_DOUBT and code.read.meaning not in _NO_LABELS and not buyers:
        bench.doubt(view.code, code.read.article.sku)
    if code.box and (buyers or view.outcome in {ScanOutcome.RECEIVED, ScanOutcome.UNCLAIMED}):
        shop.record(view.parcel, "box", box=code.box)
    waiting = _waiting(shop, bench.parcel) if code.read.meaning in _CHANGE_WHAT_WAITS else None
    return replace(view, waiting=waiting, left_uninspected=_left_uninspected(shop, bench, on_table))


def _answer(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Does what a code means."""
    return _ANSWERS.get(code.read.meaning, _known_nowhere)(shop, bench, code)


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
    """Whether a code is a piece that the scanner has just read twice; with any other code in between they are two."""
    if code.read.meaning == Meaning.ARTICLE:
        return bench.bounced(code.read.article.sku, at)
    bench.article = ""
    return False


def _waiting(shop: Shop, parcel: str) -> Mapping[str, int]:
    """The pieces that wait to be graded in a parcel (its number, "" for none), by product."""
    return contents.tallies(shop, parcels.numbered(shop, parcel), waiting=True) if parcel else {}


def _left_uninspected(shop: Shop, bench: Bench, before: Parcel | None) -> NotInspected | None:
    """The pieces without a grade in the parcel that this code took off the bench; None for none."""
    if before is None or bench.parcel == before.number:
        return None
    pieces = contents.tallies(shop, before, waiting=True)
    return NotInspected(before.number, pieces) if pieces else None


# -- parcels ----------------------------------------------------------------------------------------------------------


def _known_parcel(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Receives an awaited parcel, or lays one that was received before on the bench again."""
    # held before its state is asked: of two who scan it at once the second finds it received
    parcel = shop.hold(parcels.numbered(shop, code.read.parcel))
    cases = contents.cases_of(shop, parcel)
    if parcel.state == ParcelState.EXPECTED and code.text == parcel.number != parcel.waybill:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NUMBER_OF_AN_AWAITED)
    owners = [senders.of_others(shop, parcel.waybill, case) for case in cases]
    if parcel.state == ParcelState.EXPECTED and owners and all(owners):
        bench.lay()
        result = scanned_parcels.AwaitedOfAnotherOrder(numbers_of(cases), owners[0])
        return ScanView(code.text, ScanOutcome.STOP, result, parcel.number, numbers_of(cases))
    if bench.in_doubt and bench.parcel == parcel.number and not _further_box(shop, code, parcel):
        bench.in_doubt = ""
        tallies = contents.tallies(shop, parcel)
        still = scanned_parcels.StillOnTable(parcel.waybill, tallies, bench.to_read_again(tallies))
        return ScanView(code.text, ScanOutcome.DUPLICATE, still, parcel.number, numbers_of(cases))
    bench.lay(parcel.number)
    if parcel.state != ParcelState.EXPECTED:
        return _received_before(shop, bench, code, parcel, cases)
    parcels.receive(shop, parcel)
    cases = cases or contents.cases_of(shop, parcel)
    if not cases:
        return _taken_off(shop, code, parcel)
    expected = contents.expected_pieces(shop, parcel)
    awaited = scanned_parcels.AwaitedParcel(tuple((case.number, case.kind) for case in cases), expected)
    if cases and not any(contents.waits(case) for case in cases):
        buyers = scanned_parcels.TurnedDown(numbers_of(cases))
        return ScanView(code.text, ScanOutcome.STOP, buyers, parcel.number, numbers_of(cases))
    return ScanView(code.text, ScanOutcome.RECEIVED, awaited, parcel.number, numbers_of(cases))


def _taken_off(shop: Shop, code: Code, parcel: Parcel) -> ScanView:
    """The answer to an awaited parcel that serves no case any more, since somebody took it off."""
    before = detaching.taken_off_from(shop, parcel)
    result = scanned_parcels.TakenOff(parcel.number, tuple(before), any(before.values()))
    return ScanView(code.text, ScanOutcome.UNCLAIMED, result, parcel.number)


def _received_before(shop: Shop, bench: Bench, code: Code, parcel: Parcel, cases: list[Case]) -> ScanView:
    """The answer to a parcel that was received before: a further box of it, or its contents are read again from the
    first piece on.
    """
    box_number = _further_box(shop, code, parcel)
    if box_number:
        bench.lay(parcel.number, contents.tallies(shop, parcel))  # what lay in the boxes before is not read again
        return ScanView(
            code.text, ScanOutcome.RECEIVED, scanned_parcels.FurtherBox(box_number), parcel.number, numbers_of(cases)
        )
    buyers = () if any(contents.waits(case) for case in cases) else numbers_of(cases)
    tallies = contents.tallies(shop, parcel)
    before = scanned_parcels.ReceivedBefore(parcel.received_at, parcel.received_by, tallies, buyers)
    return ScanView(code.text, ScanOutcome.DUPLICATE, before, parcel.number, numbers_of(cases))


def _further_box(shop: Shop, code: Code, parcel: Parcel) -> int | None:
    """The number of the box whose label was read, where it is a new one of the parcel; else None."""
    return code.box if code.box and code.box not in contents.boxes(shop, parcel) else None


def _stranger(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Receives a parcel that nobody announced."""
    parcel = _new_parcel(shop, code.text)
    if parcel is None:  # received by somebody else a moment ago: the code means their parcel now
        return _scan(shop, bench, code.text, None)
    bench.lay(parcel.number)
    return ScanView(code.text, ScanOutcome.UNCLAIMED, ScanNote.NO_CASE_WAITS, bench.parcel)


def _perhaps_a_waybill(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Receives a parcel under what may be an unknown carrier's waybill; only where the parcel on the bench expects no
    more pieces, since the code may be one of theirs.
    """
    if bench.parcel and contents.awaits(shop, parcels.numbered(shop, bench.parcel)):
        return ScanView(code.text, ScanOutcome.UNKNOWN, scanned_parcels.PerhapsAWaybill(bench.parcel), bench.parcel)
    return _stranger(shop, bench, code)


def _own_waybill(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Receives a parcel under a waybill of our own sending, whatever lies on the bench. It is attached to the order's
    refunds or its one open case; goods that were sent again are not what their case waits for, so that it is only
    named.
    """
    orders, had_by_buyer = code.facts.sent, _had_by_buyer(code)
    parcel = _new_parcel(shop, code.text, orders[0] if orders else None, code.facts.replaced, had_by_buyer)
    if parcel is None:  # received by somebody else a moment ago: the code means their parcel now
        return _scan(shop, bench, code.text, None)
    bench.lay(parcel.number)
    if not had_by_buyer:
        undone_sendings.take_back(shop, code.text)
    if not orders:
        replaced = code.facts.replaced
        result = scanned_parcels.SentBack(had_by_buyer, sent_again_for=replaced)
        outcome = ScanOutcome.RECEIVED if replaced else ScanOutcome.UNCLAIMED
        return ScanView(code.text, outcome, result, parcel.number, (replaced,) if replaced else ())
    return _sent_back(shop, code, parcel, scanned_parcels.SentBack(had_by_buyer, _signed_at(code)))


def _sent_back(shop: Shop, code: Code, parcel: Parcel, result: scanned_parcels.SentBack) -> ScanView:
    """Attaches a parcel that came back to every open refund of its orders, else to their only open case; where there is
    none or several, they are only named.
    """
    cases = [case for order in code.facts.sent for case in open_cases(shop, order)]
    refused = [] if result.had_by_buyer else refusals.disprove(shop, code.facts.sent)
    result = replace(result, turned_down=numbers_of(refused))
    refunds = parcels.claim_refused(shop, parcel)
    if refunds or len(cases) == 1:
        cases = refunds or cases
        parcels.attach(shop, parcel, cases[0])
        expected = contents.expected_pieces(shop, parcel)
        attached = replace(result, attached=numbers_of(cases), expected=expected)
        return ScanView(code.text, ScanOutcome.RECEIVED, attached, parcel.number, numbers_of(cases))
    orders = tuple(order.number for order in code.facts.sent)
    named = replace(result, orders=orders, open_cases=numbers_of(cases))
    return ScanView(code.text, ScanOutcome.UNCLAIMED, named, parcel.number)


def _had_by_buyer(code: Code) -> bool:
    """Whether goods under our own waybill had reached the buyer, who so sent them back under the same label."""
    return code.facts.delivered or _signed_at(code) is not None


def _signed_at(code: Code) -> datetime | None:
    """When the first of the orders sent under the code was signed for, as far as that is known."""
    return next((order.signed_at for order in code.facts.sent if order.signed_at is not None), None)


def _new_parcel(
    shop: Shop, waybill: str, order: Order | None = None, replaced: str = "", had_by_buyer: bool = False
) -> Parcel | None:
    """A new parcel, received now; None where somebody else received the same one a moment ago. Its event tells what
    never reached the buyer (``refused``) from what the buyer sent back (``own_label``).
    """
    row = {"number": shop.number("PK"), "waybill": waybill, "version": 1}
    row |= {"carrier": (carrier_of(shop, order, waybill) if order else "") or carrier(waybill) or ""}
    received = {"state": ParcelState.RECEIVED, "received_at": shop.now, "received_by": shop.operator.name}
    insert = shop.insert(Parcel).values(**row, **received)
    # one statement receives it or finds it received: between a look and an insert somebody else may scan the label
    inserted = shop.session.execute(
        insert.on_conflict_do_nothing(index_elements=["waybill"]).returning(sa.literal_column("id"))
    )
    if inserted.first() is None:
        return _received_after_all(shop, waybill)
    how = "own_label" if had_by_buyer else "refused"
    sent = {how: order.number} if order else {f"{how}_again": replaced} if replaced else {}
    shop.born(str(row["number"]), PARCEL, ParcelState.RECEIVED, **sent)
    return parcels.numbered(shop, str(row["number"]))


def _received_after_all(shop: Shop, waybill: str) -> Parcel | None:
    """The parcel of a waybill that was taken out as a mistake, received now; None where it is here already."""
    known = shop.hold(shop.session.scalars(sa.select(Parcel).where(col(Parcel.waybill) == waybill)).one())
    if known.state != ParcelState.VOID:
        return None
    shop.move(known, known.number, PARCEL, "receive", received_at=shop.now, received_by=shop.operator.name)
    return known


# -- slips ------------------------------------------------------------------------------------------------------------


def _slip(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Attaches the parcel on the bench to the case of a scanned slip (case, refund or order number), where the parcel
    has no case yet.
    """
    if not bench.parcel:
        return ScanView(code.text, ScanOutcome.UNKNOWN, results.SlipWithoutParcel(code.read.case))
    parcel = shop.hold(parcels.numbered(shop, bench.parcel))
    cases = numbers_of(contents.cases_of(shop, parcel))
    if code.read.case in cases:
        return ScanView(code.text, ScanOutcome.DUPLICATE, ScanNote.SLIP_OF_THIS_PARCEL, parcel.number, cases)
    if cases:
        of_another = results.SlipOfAnother(code.read.case, parcel.number, cases=cases)
        return ScanView(code.text, ScanOutcome.STOP, of_another, parcel.number, cases)
    case = shop.session.scalars(sa.select(Case).where(col(Case.number) == code.read.case)).one()
    owners = senders.of_others(shop, parcel.waybill, case)
    if owners:
        of_another = results.SlipOfAnother(case.number, parcel.number, orders=owners)
        return ScanView(code.text, ScanOutcome.STOP, of_another, parcel.number)
    if bench.in_doubt:
        return _in_doubt(shop, bench, code, parcel)
    parcels.attach(shop, parcel, shop.hold(case))
    return ScanView(code.text, ScanOutcome.RECEIVED, results.SlipAttached(case.number), parcel.number, (case.number,))


def _several_cases(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    """The answer to a number on a slip that names several cases: nothing is attached."""
    result = results.SeveralCases(code.text, tuple(code.facts.known.cases))
    return ScanView(code.text, ScanOutcome.UNKNOWN, result, bench.parcel)


def _order_without_case(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    """The answer to a number on a slip that names an order without a case that waits for goods."""
    result = results.OrderWithoutCase(tuple(order.number for order in code.facts.slip))
    return ScanView(code.text, ScanOutcome.UNKNOWN, result, bench.parcel)


# -- what nobody knows ------------------------------------------------------------------------------------------------


def _in_doubt(shop: Shop, bench: Bench, code: Code, parcel: Parcel) -> ScanView:
    """The answer to a piece or slip behind a code that nobody understood: nothing is booked until a parcel's label is
    read, since it may belong to another parcel.
    """
    result = scanned_parcels.BehindDoubt(bench.in_doubt, parcel.waybill)
    return ScanView(code.text, ScanOutcome.STOP, result, parcel.number, numbers_of(contents.cases_of(shop, parcel)))


def _known_nowhere(_shop: Shop, _bench: Bench, code: Code) -> ScanView:
    """The answer to a code that nobody knows, by what it looks like."""
    return ScanView(code.text, ScanOutcome.UNKNOWN, _LOOKS_LIKE.get(code.read.meaning, ScanNote.KNOWN_NOWHERE))


def _either(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """The answer to what may be a waybill as well as a barcode: it is a parcel's where it is read twice in a row on an
    empty bench.
    """
    if bench.parcel:
        return ScanView(code.text, ScanOutcome.UNKNOWN, scanned_parcels.PerhapsAWaybill(bench.parcel), bench.parcel)
    if bench.asked == code.text:
        bench.asked = ""
        return _stranger(shop, bench, code)
    bench.asked = code.text
    return ScanView(code.text, ScanOutcome.UNKNOWN, scanned_parcels.WaybillOrBarcode(shaped_as_of(code.text) or ""))


def _both(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    """The answer to a waybill that is the code of an expected piece as well: nothing is booked."""
    result = results.PieceOrParcel(code.read.article.sku, code.read.parcel)
    return ScanView(code.text, ScanOutcome.STOP, result, bench.parcel)


def _several_numbers(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    """The answer to a text that holds several numbers of different things: nothing is booked."""
    return ScanView(code.text, ScanOutcome.STOP, results.SeveralNumbers(code.read.others), bench.parcel)


def _payout(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    """The answer to the number of a payout: its case is named, nothing is booked."""
    return ScanView(code.text, ScanOutcome.UNKNOWN, results.NumberOfAPayout(code.read.case), bench.parcel)


def _tail(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    """The answer to the end of a buyer's telephone number: the cases are named, nothing is booked."""
    return ScanView(code.text, ScanOutcome.UNKNOWN, results.EndOfAPhone(code.text, code.read.cases), bench.parcel)


def _phone(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    return ScanView(code.text, ScanOutcome.STOP, ScanNote.PHONE_NUMBER, bench.parcel)


_ANSWERS: dict[Meaning, Callable[[Shop, Bench, Code], ScanView]] = {
    Meaning.PARCEL: _known_parcel,
    Meaning.REFUSED: _own_waybill,
    Meaning.COMMAND: command,
    Meaning.SLIP: _slip,
    Meaning.SLIPS: _several_cases,
    Meaning.ORDER: _order_without_case,
    Meaning.ARTICLE: piece,
    Meaning.ARTICLES: several_articles,
    Meaning.TAIL: _tail,
    Meaning.PAYOUT: _payout,
    Meaning.BOTH: _both,
    Meaning.SEVERAL: _several_numbers,
    Meaning.STRANGER: _stranger,
    Meaning.PERHAPS: _perhaps_a_waybill,
    Meaning.EITHER: _either,
    Meaning.PHONE: _phone,
}
"""The function that answers each meaning of a code; any other is of a code that nobody knows."""
_LOOKS_LIKE = {
    Meaning.MISREAD: ScanNote.WRONG_CHECK_DIGIT,
    Meaning.CUT_OFF: ScanNote.CUT_OFF,
    Meaning.PREFIXED: ScanNote.LETTER_BEFORE,
    Meaning.BARCODE: ScanNote.NO_SUCH_ARTICLE,
    Meaning.OURS: ScanNote.NO_NUMBER_OF_OURS,
    Meaning.SERIAL: ScanNote.SERIAL_NUMBER,
    Meaning.DATA: ScanNote.NOTHING_IN_IT,
}
_UNKNOWN = frozenset({Meaning.NOTHING, Meaning.PERHAPS, Meaning.EITHER, Meaning.STRANGER, Meaning.PHONE, *_LOOKS_LIKE})
_PIECES = {Meaning.ARTICLE, Meaning.ARTICLES}
_IN_DOUBT = {ScanOutcome.UNKNOWN, ScanOutcome.STOP}
_NO_LABELS = {*_PIECES, Meaning.TAIL}
"""What is never read from the label of another parcel."""
_CHANGE_WHAT_WAITS = {Meaning.PARCEL, Meaning.ARTICLE}
