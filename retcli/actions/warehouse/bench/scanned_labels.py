"""Labels of parcels that are scanned: a parcel is received, laid on the bench again, or asked about. An answer is None
where somebody else received the parcel a moment ago, so that its code means their parcel now.
"""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile.sent_orders import carrier_of
from retcli.actions.warehouse import detaching, parcels, refusals, undone_sendings
from retcli.actions.warehouse.bench import bench_deliveries, old_labels
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.code_facts import Code, numbers_of, open_cases
from retcli.actions.warehouse.pieces import awaited_pieces, contents, senders, unclaimed_pieces
from retcli.models import Case, Order, Parcel
from retcli.rules.lifecycles import LEFT_THE_DOOR, PARCEL, ParcelState
from retcli.rules.warehouse.ids import carrier, shaped_as_of
from retcli.shop import Shop
from retcli.views.warehouse import scanned_parcels
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scans import ScanOutcome, ScanView
from retcli.views.warehouse.stranger_results import StrangerCame, StrangersQuestion


def known_parcel(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Receives an awaited parcel, or lays one that was received before on the bench again."""
    # held before its state is asked: of two who scan it at once the second finds it received
    parcel = shop.hold(parcels.numbered(shop, code.read.parcel))
    cases = awaited_pieces.cases_of(shop, parcel)
    if parcel.state == ParcelState.EXPECTED and code.text == parcel.number != parcel.waybill:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NUMBER_OF_AN_AWAITED)
    if parcel.state in LEFT_THE_DOOR and not bench.sure:
        return _left(bench, code, parcel)
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
    if parcel.state not in {ParcelState.EXPECTED, *LEFT_THE_DOOR}:
        return _received_before(shop, bench, code, parcel, cases)
    received = parcels.receive(shop, parcel)
    cases = cases or received
    if not cases:
        return _taken_off(shop, code, parcel)
    expected = awaited_pieces.expected_pieces(shop, parcel, received)
    awaited = scanned_parcels.AwaitedParcel(tuple((case.number, case.kind) for case in cases), expected)
    if cases and not any(awaited_pieces.waits(case) for case in cases):
        buyers = scanned_parcels.TurnedDown(numbers_of(cases))
        return ScanView(code.text, ScanOutcome.STOP, buyers, parcel.number, numbers_of(cases))
    return ScanView(code.text, ScanOutcome.RECEIVED, awaited, parcel.number, numbers_of(cases))


def _left(bench: Bench, code: Code, parcel: Parcel) -> ScanView:
    """The answer to the label of a parcel that was here before: whether it comes once more is asked."""
    bench.lay()
    bench.stop(code.text)
    left = scanned_parcels.LeftBefore(parcel.number, parcel.state, parcel.returned_waybill)
    return ScanView(code.text, ScanOutcome.STOP, left, parcel.number)


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
    if bench.delivery and (counted := bench_deliveries.counted_in(shop, bench, code, parcel)):
        return replace(counted, cases=numbers_of(cases))
    buyers = () if any(awaited_pieces.waits(case) for case in cases) else numbers_of(cases)
    tallies = contents.tallies(shop, parcel)
    load = bool(bench.delivery)
    before = scanned_parcels.ReceivedBefore(parcel.received_at, parcel.received_by, tallies, buyers, load)
    return ScanView(code.text, ScanOutcome.DUPLICATE, before, parcel.number, numbers_of(cases))


def _further_box(shop: Shop, code: Code, parcel: Parcel) -> int | None:
    """The number of the box whose label was read, where it is a new one of the parcel; else None."""
    return code.box if code.box and code.box not in contents.boxes(shop, parcel) else None


def stranger(shop: Shop, bench: Bench, code: Code) -> ScanView | None:
    """Receives a parcel that nobody announced."""
    parcel = _new_parcel(shop, code.text)
    if parcel is None:
        return None
    bench.lay(parcel.number)
    # of a driver's load the next waybill follows at once: a stranger's parcel is looked at when it is opened
    asks = bench.asks and not bench.delivery
    bench.awaits = StrangersQuestion.TAIL if asks else ""
    came = StrangerCame(parcel.stranger, asks=asks)
    return ScanView(code.text, ScanOutcome.UNCLAIMED, came, bench.parcel)


def perhaps_a_waybill(shop: Shop, bench: Bench, code: Code) -> ScanView | None:
    """Receives a parcel under what may be an unknown carrier's waybill; only where the parcel on the bench expects no
    more pieces, since the code may be one of theirs.
    """
    if bench.parcel and not bench.delivery and awaited_pieces.awaits(shop, parcels.numbered(shop, bench.parcel)):
        return ScanView(code.text, ScanOutcome.UNKNOWN, scanned_parcels.PerhapsAWaybill(bench.parcel), bench.parcel)
    return stranger(shop, bench, code)


def own_waybill(shop: Shop, bench: Bench, code: Code) -> ScanView | None:
    """Receives a parcel under a waybill of our own sending, whatever lies on the bench, unless it may be an old label
    on a box that the buyer used again: that is asked. It is attached to the order's
    refunds or its one open case; goods that were sent again are not what their case waits for, so that it is only
    named.
    """
    if same := old_labels.same_box(shop, bench, code):
        return same
    orders, had_by_buyer = code.facts.sent, _had_by_buyer(code)
    if asked := old_labels.question(shop, bench, code, had_by_buyer):
        return asked
    parcel = _new_parcel(shop, code.text, orders[0] if orders else None, code.facts.replaced, had_by_buyer)
    if parcel is None:
        return None
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
        expected = awaited_pieces.expected_pieces(shop, parcel)
        attached = replace(result, attached=numbers_of(cases), expected=expected)
        return ScanView(code.text, ScanOutcome.RECEIVED, attached, parcel.number, numbers_of(cases))
    orders = tuple(order.number for order in code.facts.sent)
    named = replace(result, orders=orders, open_cases=numbers_of(cases), parcel=parcel.number)
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
    parcel = parcels.numbered(shop, str(row["number"]))
    if not sent:
        parcel.stranger, parcel.apart = unclaimed_pieces.number(shop), True
        shop.session.flush()
    return parcel


def _received_after_all(shop: Shop, waybill: str) -> Parcel | None:
    """The parcel of a waybill that was taken out as a mistake, received now; None where it is here already."""
    known = shop.hold(shop.session.scalars(sa.select(Parcel).where(col(Parcel.waybill) == waybill)).one())
    if known.state != ParcelState.VOID:
        return None
    shop.move(known, known.number, PARCEL, "receive", received_at=shop.now, received_by=shop.operator.name)
    unclaimed_pieces.keep_apart(shop, known)
    return known


def either(shop: Shop, bench: Bench, code: Code) -> ScanView | None:
    """The answer to what may be a waybill as well as a barcode: it is a parcel's where it is read twice in a row on an
    empty bench.
    """
    if bench.parcel and not bench.delivery:
        return ScanView(code.text, ScanOutcome.UNKNOWN, scanned_parcels.PerhapsAWaybill(bench.parcel), bench.parcel)
    if bench.asked == code.text or bench.sure:
        bench.asked = ""
        return stranger(shop, bench, code)
    bench.asked = code.text
    bench.stop(code.text)
    return ScanView(code.text, ScanOutcome.UNKNOWN, scanned_parcels.WaybillOrBarcode(shaped_as_of(code.text) or ""))
