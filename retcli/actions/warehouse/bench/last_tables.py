"""The table as somebody left it less than some hours ago, offered again with its parcel and what was in force there."""

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.bench.scanned_commands import YES
from retcli.actions.warehouse.code_facts import numbers_of
from retcli.actions.warehouse.pieces import awaited_pieces, contents
from retcli.models import Parcel
from retcli.models.acts import Scan
from retcli.rules.lifecycles import AT_THE_DOOR, Grade
from retcli.rules.warehouse.codes import Meaning
from retcli.shop import Shop
from retcli.views.warehouse import bench_results as results
from retcli.views.warehouse.scans import ScanOutcome, ScanView

STAYS = timedelta(hours=4)
"""For how long a table is offered again: a pause for lunch or a crash, not a night."""


def offer(shop: Shop, bench: Bench) -> results.LastTable | None:
    """Offers the operator the table of their last scan, where the parcel on it is still at the door; None for none."""
    query = sa.select(Scan).where(col(Scan.by) == shop.operator.name).order_by(col(Scan.id).desc())
    last = shop.session.scalars(query.limit(1)).first()
    if last is None or last.parcel_id is None or shop.now - last.at > STAYS:
        return None
    parcel = shop.session.get_one(Parcel, last.parcel_id)
    if parcel.state not in AT_THE_DOOR:
        return None
    bench.offered = last.id or 0
    return results.LastTable(parcel.number, parcel.waybill, last.at, contents.tallies(shop, parcel))


def take_up(shop: Shop, bench: Bench, scan: int) -> ScanView:
    """Lays the table as it stood after a scan (its row): its parcel, of which no piece is read again, grade and mode;
    the round that it was scanned in goes on.
    """
    last = shop.session.get_one(Scan, scan)
    parcel = shop.session.get_one(Parcel, last.parcel_id)
    bench.mode, bench.session = last.mode or bench.mode, last.session or bench.session
    bench.lay(parcel.number, contents.tallies(shop, parcel))
    bench.grade, bench.locked = Grade(last.grade) if last.grade else None, last.locked
    result = results.TakenUp(parcel.number, parcel.waybill)
    view = ScanView(YES, ScanOutcome.COMMAND, result, parcel.number, numbers_of(awaited_pieces.cases_of(shop, parcel)))
    return replace(view, meaning=Meaning.COMMAND)
