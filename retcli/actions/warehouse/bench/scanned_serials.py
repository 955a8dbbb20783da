"""The serial number of the piece that was read last at a bench: asked for by a command, then read as the next line."""

from retcli.actions.casefile.records import acts
from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.code_facts import code_of
from retcli.actions.warehouse.pieces import contents, serials
from retcli.models import Inspection
from retcli.rules.warehouse.codes import Meaning
from retcli.rules.warehouse.ids import COMMAND, normalised
from retcli.shop import Shop
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scans import ScanOutcome, ScanView
from retcli.views.warehouse.serials import SerialWritten, WhichPiece

SERIAL = f"{COMMAND}SN"
"""The command behind which the next line is the serial number of the piece that was read last."""
_KNOWN = frozenset(
    {
        Meaning.PARCEL,
        Meaning.REFUSED,
        Meaning.ARTICLE,
        Meaning.ARTICLES,
        Meaning.BOTH,
        Meaning.SLIP,
        Meaning.SLIPS,
        Meaning.ORDER,
        Meaning.PAYOUT,
    }
)
"""What the books know a code for, so that it is no serial number; whatever it looks like, it may be one else."""


def against(shop: Shop, bench: Bench) -> WhichPiece | None:
    """What is said where the serial number of no piece can be asked for; None where it can."""
    piece = _read_last(shop, bench)
    return piece if isinstance(piece, WhichPiece) else None


def serial(shop: Shop, bench: Bench, typed: str) -> ScanView:
    """Writes a line down as the serial number of the piece that was read last. One that came back before stops: it is
    written once somebody confirms that.
    """
    text, piece = normalised(typed), _read_last(shop, bench)
    if isinstance(piece, WhichPiece):
        return ScanView(text, ScanOutcome.UNKNOWN, piece, bench.parcel)
    if code_of(shop, typed, parcels.numbered(shop, bench.parcel)).read.meaning in _KNOWN:
        return ScanView(text, ScanOutcome.UNKNOWN, ScanNote.CODE_FOR_TEXT, bench.parcel)
    number = serials.serial_of(typed)
    if not number:
        return ScanView(text, ScanOutcome.UNKNOWN, ScanNote.NO_SERIAL, bench.parcel)
    before = serials.came_back(shop, number, piece.id)
    if before is not None and not bench.sure:
        if bench.asks:
            bench.stop(typed)
            bench.stopped_for = SERIAL
        return ScanView(number, ScanOutcome.STOP, before, bench.parcel, before.cases)
    parcel = shop.hold(parcels.numbered(shop, bench.parcel))
    serials.write(shop, parcel, piece, number, "RCMDYES" if before else "")
    return ScanView(number, ScanOutcome.COMMAND, SerialWritten(number, piece.sku, parcel.number), parcel.number)


def _read_last(shop: Shop, bench: Bench) -> Inspection | WhichPiece:
    """The finding of the piece that this round read last in the parcel on the bench; where that is none, several at
    once, or one that has a serial number already, what is said of it.
    """
    parcel = parcels.numbered(shop, bench.parcel)
    act = acts.last_of(shop, bench.session, ("pieces",))
    if act is None or act.parcel_id != parcel.id:
        return WhichPiece()
    graded = [step for step in acts.what(act)["steps"] if step["action"] == "grade"]
    if sum(step["pieces"] for step in graded) > 1:
        return WhichPiece(graded[0]["sku"], sum(step["pieces"] for step in graded))
    findings = contents.findings(shop, parcel, graded[0]["sku"]) if graded else []
    finding = next((each for each in findings if each.at == act.at and each.quantity == 1), None)
    if finding is not None and finding.serial:
        return WhichPiece(finding.sku, serial=finding.serial)
    return finding or WhichPiece()
