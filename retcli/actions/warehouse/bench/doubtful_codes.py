"""Codes of which nothing is booked: what nobody knows, what may be several things, what is read behind either."""

from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.code_facts import Code, numbers_of
from retcli.actions.warehouse.pieces import awaited_pieces
from retcli.models import Parcel
from retcli.rules.warehouse.codes import Meaning
from retcli.shop import Shop
from retcli.views.warehouse import scan_results as results
from retcli.views.warehouse import scanned_parcels
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scans import ScanOutcome, ScanView

LOOKS_LIKE = {
    Meaning.MISREAD: ScanNote.WRONG_CHECK_DIGIT,
    Meaning.CUT_OFF: ScanNote.CUT_OFF,
    Meaning.PREFIXED: ScanNote.LETTER_BEFORE,
    Meaning.BARCODE: ScanNote.NO_SUCH_ARTICLE,
    Meaning.OURS: ScanNote.NO_NUMBER_OF_OURS,
    Meaning.SERIAL: ScanNote.SERIAL_NUMBER,
    Meaning.DATA: ScanNote.NOTHING_IN_IT,
}
"""What is said of a code that nobody knows, by what it looks like."""


def in_doubt(shop: Shop, bench: Bench, code: Code, parcel: Parcel) -> ScanView:
    """The answer to a piece or slip behind a code that nobody understood: nothing is booked until a parcel's label is
    read, since it may belong to another parcel.
    """
    result = scanned_parcels.BehindDoubt(bench.in_doubt, parcel.waybill)
    cases = numbers_of(awaited_pieces.cases_of(shop, parcel))
    return ScanView(code.text, ScanOutcome.STOP, result, parcel.number, cases)


def known_nowhere(_shop: Shop, _bench: Bench, code: Code) -> ScanView:
    """The answer to a code that nobody knows, by what it looks like."""
    return ScanView(code.text, ScanOutcome.UNKNOWN, LOOKS_LIKE.get(code.read.meaning, ScanNote.KNOWN_NOWHERE))


def both(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    """The answer to a waybill that is the code of an expected piece as well: nothing is booked."""
    result = results.PieceOrParcel(code.read.article.sku, code.read.parcel)
    return ScanView(code.text, ScanOutcome.STOP, result, bench.parcel)


def several_numbers(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    """The answer to a text that holds several numbers of different things: nothing is booked."""
    return ScanView(code.text, ScanOutcome.STOP, results.SeveralNumbers(code.read.others), bench.parcel)


def payout(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    """The answer to the number of a payout: its case is named, nothing is booked."""
    return ScanView(code.text, ScanOutcome.UNKNOWN, results.NumberOfAPayout(code.read.case), bench.parcel)


def tail(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    """The answer to the end of a buyer's telephone number: the cases are named, nothing is booked."""
    return ScanView(code.text, ScanOutcome.UNKNOWN, results.EndOfAPhone(code.text, code.read.cases), bench.parcel)


def phone(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    """The answer to a telephone number that is no waybill: nothing is booked."""
    return ScanView(code.text, ScanOutcome.STOP, ScanNote.PHONE_NUMBER, bench.parcel)
