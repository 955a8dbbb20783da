"""Labels of our own that are scanned: those of places, and the badges of who works in the shop."""

from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.bench import counted_stock
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.code_facts import Code
from retcli.actions.warehouse.strangers import shelves
from retcli.models import Staff
from retcli.rules.warehouse import payloads
from retcli.shop import Shop
from retcli.views.warehouse import bench_results as results
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scans import ScanOutcome, ScanView


def place(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Notes that the parcel on the bench is put on the shelf whose label was read; while the stock is counted, that
    pieces are counted there from now on.
    """
    if bench.counts:
        return counted_stock.told(shop, bench, code.text)
    if not bench.parcel:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NO_PARCEL_ON_TABLE)
    parcel = shop.hold(parcels.numbered(shop, bench.parcel))
    shelf = shelves.shelf_of(code.text)
    if not shelf:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NO_SHELF, parcel.number)
    shelves.put(shop, parcel, "shelf", shelf)
    return ScanView(code.text, ScanOutcome.COMMAND, results.PutOn(parcel.number, shelf), parcel.number)


def badge(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Whose badge was read, and who scans; nobody else scans because of it."""
    person = shop.session.get(Staff, payloads.badge(code.text))
    if person is None:
        return ScanView(code.text, ScanOutcome.UNKNOWN, results.NobodysBadge(), bench.parcel)
    result = results.BadgeRead(person.name, person.role, shop.operator.name)
    return ScanView(code.text, ScanOutcome.COMMAND, result, bench.parcel)
