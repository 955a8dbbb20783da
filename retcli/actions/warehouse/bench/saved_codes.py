"""Codes that were saved before the program ended and are read anew, since nothing had noted that they were saved."""

from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse.bench import bench_commands, bench_deliveries, prompts, scanning
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.bench.scanned_commands import UNDO
from retcli.actions.warehouse.pieces import contents
from retcli.models import Parcel
from retcli.models.acts import Scan
from retcli.rules.lifecycles import Grade
from retcli.rules.warehouse.ids import COMMAND, END, normalised
from retcli.shop import Shop
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scans import ScanOutcome, ScanView


def saved_before(shop: Shop, bench: Bench, typed: str) -> ScanView:
    """The answer to a code that was saved already when the program ended; the bench stands as it did after that. The
    codes behind it in its line come next.
    """
    code = normalised(typed)
    a_text = bool(bench.awaits) and not code.startswith(COMMAND)
    behind = () if a_text else scanning.behind_first(shop, bench, typed)
    several = bench.pieces
    _lay_as_after(shop, bench)
    asks = (code in bench_commands.ASKS and bench.parcel) or code == bench_deliveries.DELIVERY
    bench.awaits = code if asks else ""
    if code.startswith(COMMAND) and code not in {UNDO, bench_commands.ALL}:
        bench.pieces = bench_commands.several_of(code) or several
    view = ScanView(code, ScanOutcome.DUPLICATE, ScanNote.SAVED_BEFORE, bench.parcel, rest=behind)
    return replace(view, prompt=prompts.in_force(shop, bench))


def _lay_as_after(shop: Shop, bench: Bench) -> None:
    """Lays the bench as it stood after the last code of its round."""
    query = sa.select(Scan).where(col(Scan.by) == shop.operator.name, col(Scan.session) == bench.session)
    last = shop.session.scalars(query.order_by(col(Scan.id).desc()).limit(1)).first()
    if last is not None and last.parcel_id is not None:
        parcel = shop.session.get_one(Parcel, last.parcel_id)
        bench.lay(parcel.number, contents.tallies(shop, parcel))
    elif last is not None:
        bench.lay()
    if last is not None:
        bench.grade, bench.locked = Grade(last.grade) if last.grade else None, last.locked
        bench.mode = last.mode or bench.mode
    ended = last is not None and last.code == END
    bench.delivery = 0 if ended else bench_deliveries.begun_in(shop, bench.session)
