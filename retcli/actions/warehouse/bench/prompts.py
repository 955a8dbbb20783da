"""What is in force on a bench, as it is shown where the next code is waited for."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.bench import (
    bench_commands,
    bench_deliveries,
    bench_notes,
    counted_stock,
    old_labels,
    packed_goods,
)
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.bench.scanned_commands import NEXT, UNDO
from retcli.actions.warehouse.bench.scanned_serials import SERIAL
from retcli.actions.warehouse.deliveries import counts
from retcli.actions.warehouse.pieces import awaited_pieces, contents
from retcli.models import Delivery, Inspection, Parcel
from retcli.models.acts import Scan
from retcli.rules.lifecycles import Grade, ParcelState
from retcli.rules.warehouse.ids import COMMAND
from retcli.shop import Shop
from retcli.views.warehouse.packed_goods import BoxInForce
from retcli.views.warehouse.prompts import InForce, Question, Questioned
from retcli.views.warehouse.scans import shown
from retcli.views.warehouse.stocktakes import CountInForce
from retcli.views.warehouse.stranger_results import StrangersQuestion

_TEXTS = {
    bench_commands.SHELF: Questioned.SHELF,
    bench_commands.WEIGHT: Questioned.WEIGHT,
    bench_commands.NOTE: Questioned.NOTE,
    SERIAL: Questioned.SERIAL,
    bench_deliveries.DELIVERY: Questioned.DELIVERY,
    old_labels.OLD: Questioned.OLD_LABEL,
    StrangersQuestion.TAIL: Questioned.TAIL,
    StrangersQuestion.SENDER: Questioned.SENDER,
    StrangersQuestion.SHELF: Questioned.SHELF,
}
"""What the next line is, by the command behind which it stands, or by what is asked about a stranger's parcel."""


def in_force(shop: Shop, bench: Bench) -> InForce | CountInForce | BoxInForce | None:
    """What is in force on the bench, what is open there, and what is still missing in its parcel; None for nothing."""
    question = _question(shop, bench)
    if bench.counts:
        return counted_stock.in_force(shop, bench, question.sentence() if question else "")
    if bench.sends:
        return packed_goods.in_force(shop, bench, question.sentence() if question else "")
    if bench.delivery:
        delivery = shop.session.get_one(Delivery, bench.delivery)
        load = (counts.scanned(shop, bench.delivery), delivery.announced)
        return InForce(None, parcel=bench.parcel, receives=bench.only_receives, load=load, question=question)
    if not bench.parcel:
        told = bench.grade or bench.only_receives or bench.pieces > 1 or question
        receives, several = bench.only_receives, bench.pieces
        bare = InForce(bench.grade, bench.locked, receives=receives, several=several, question=question)
        return bare if told else None
    parcel = parcels.numbered(shop, bench.parcel)
    expected = awaited_pieces.expected_pieces(shop, parcel)
    foreign = _foreign(shop, parcel)
    return InForce(
        bench.grade,
        bench.locked,
        parcel.number,
        sum(contents.tallies(shop, parcel).values()) - foreign,
        sum(expected.values()),
        bench_notes.lacking(shop, parcel, expected),
        bench.only_receives,
        foreign,
        bench.pieces,
        question,
    )


def _foreign(shop: Shop, parcel: Parcel) -> int:
    """The pieces in a parcel that are graded as of another order (X), or held since nobody waits for them."""
    if parcel.state != ParcelState.INSPECTED:
        return 0
    query = sa.select(sa.cast(sa.func.sum(Inspection.quantity), sa.BigInteger)).where(
        col(Inspection.parcel_id) == parcel.id, col(Inspection.grade) == Grade.X
    )
    return int(shop.session.scalar(query) or 0)


def _question(shop: Shop, bench: Bench) -> Question | None:
    """What the next line answers; None where nothing is open."""
    if bench.awaits:
        return Question(_TEXTS[bench.awaits])
    if bench.offered_delivery:
        return Question(Questioned.RESUME, shop.session.get_one(Delivery, bench.offered_delivery).number)
    if bench.offered:
        scan = shop.session.get_one(Scan, bench.offered)
        return Question(Questioned.GO_ON, shop.session.get_one(Parcel, scan.parcel_id).number)
    if bench.old_label:
        return Question(Questioned.SAME_BOX if bench.parcel else Questioned.SCAN_AGAIN, shown(bench.old_label))
    if bench.stopped:
        asked = {NEXT: Questioned.LEAVE, UNDO: Questioned.TAKE_BACK}.get(bench.stopped)
        does = Questioned.DO if bench.stopped.startswith(COMMAND) else Questioned.BOOK
        return Question(asked or does, shown(bench.stopped))
    return Question(Questioned.LABEL_FIRST, shown(bench.in_doubt)) if bench.in_doubt else None
