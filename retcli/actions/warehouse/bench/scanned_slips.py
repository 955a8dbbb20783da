"""Slips that are scanned: numbers of cases, refunds and orders that lie in a parcel."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.bench.doubtful_codes import in_doubt
from retcli.actions.warehouse.code_facts import Code, numbers_of
from retcli.actions.warehouse.pieces import awaited_pieces, senders
from retcli.models import Case
from retcli.shop import Shop
from retcli.views.warehouse import scan_results as results
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scans import ScanOutcome, ScanView


def slip(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Attaches the parcel on the bench to the case of a scanned slip (case, refund or order number), where the parcel
    has no case yet.
    """
    if not bench.parcel:
        return ScanView(code.text, ScanOutcome.UNKNOWN, results.SlipWithoutParcel(code.read.case))
    parcel = shop.hold(parcels.numbered(shop, bench.parcel))
    cases = numbers_of(awaited_pieces.cases_of(shop, parcel))
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
        return in_doubt(shop, bench, code, parcel)
    parcels.attach(shop, parcel, shop.hold(case))
    return ScanView(code.text, ScanOutcome.RECEIVED, results.SlipAttached(case.number), parcel.number, (case.number,))


def several_cases(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    """The answer to a number on a slip that names several cases: nothing is attached."""
    result = results.SeveralCases(code.text, tuple(code.facts.known.cases))
    return ScanView(code.text, ScanOutcome.UNKNOWN, result, bench.parcel)


def order_without_case(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    """The answer to a number on a slip that names an order without a case that waits for goods."""
    result = results.OrderWithoutCase(tuple(order.number for order in code.facts.slip))
    return ScanView(code.text, ScanOutcome.UNKNOWN, result, bench.parcel)
