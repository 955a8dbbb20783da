"""The bench while the stock is counted: each piece goes into the stocktake, and nothing else is done there."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records import acts
from retcli.actions.warehouse.bench.bench_commands import QUANTITY, SHELF
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.code_facts import Code
from retcli.actions.warehouse.stocktakes import numbers, takes
from retcli.actions.warehouse.strangers import shelves
from retcli.errors import Refused
from retcli.models.acts import Act
from retcli.models.stock import Stocktake, StockTally
from retcli.rules.lifecycles import Bucket
from retcli.rules.warehouse.codes import Meaning
from retcli.rules.warehouse.ids import COMMAND, END, folded
from retcli.shop import Shop
from retcli.views.warehouse import stocktakes as results
from retcli.views.warehouse import undone_scans
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scans import ScanOutcome, ScanView

BUCKET = Bucket.SELLABLE
"""The pieces that are counted by scanning."""
_COMMANDS = frozenset(
    {END, *(f"{COMMAND}{name}" for name in ("UNDO", "YES", "LIST", "WHO", "HELP", "RECEIVE", "CHECK", "COUNT"))}
)
"""Commands that mean here what they mean everywhere."""
_READ_AS_EVERYWHERE = frozenset(
    {Meaning.ARTICLES, Meaning.BARCODE, Meaning.MISREAD, Meaning.NOTHING, Meaning.PLACE, Meaning.BADGE}
)
"""Codes that name no parcel and are answered as everywhere: no piece is booked for them."""


def answer(shop: Shop, bench: Bench, code: Code) -> ScanView | None:
    """Does what a code means while the stock is counted; None where it means what it means everywhere."""
    if code.read.meaning == Meaning.ARTICLE:
        return piece(shop, bench, code)
    if code.text == SHELF:
        bench.awaits = SHELF
        return ScanView(code.text, ScanOutcome.COMMAND, ScanNote.WHICH_SHELF)
    everywhere = code.text in _COMMANDS or code.text.startswith(QUANTITY) or code.read.meaning in _READ_AS_EVERYWHERE
    return None if everywhere else ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.ONLY_COUNTING)


def piece(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Counts a scanned piece, or a carton of them, in the stocktake. Raises Refused where another person is to."""
    sku, pieces = code.read.article.sku, code.read.article.pieces * bench.pieces
    take = takes.begun(shop, BUCKET)
    read_at = datetime.fromisoformat(bench.counted_at) if bench.counted_at else None
    row = takes.tally(shop, take, sku, pieces, place=bench.place, counted_at=read_at)
    takes.note(shop, take, [row], bench.session)
    bench.pieces = 1
    result = results.PieceOfStock(sku, pieces, _so_far(shop, take, sku), bench.place)
    return ScanView(code.text, ScanOutcome.COUNTED, result)


def told(shop: Shop, bench: Bench, typed: str) -> ScanView:
    """Takes a line as the place at which pieces are counted from now on."""
    del shop
    bench.awaits, place = "", shelves.shelf_of(typed)
    if not place:
        return ScanView(folded(typed), ScanOutcome.UNKNOWN, ScanNote.NO_SHELF)
    bench.place = place
    return ScanView(place, ScanOutcome.COMMAND, results.CountsAt(place))


def undone(shop: Shop, code: Code, act: Act) -> ScanView:
    """Takes back what was counted last, unless the stocktake went on since."""
    try:
        with shop.attempt():
            takes.take_back(shop, act)
    except Refused as why:
        return ScanView(code.text, ScanOutcome.STOP, undone_scans.NotTakenBack(act.kind, why.message))
    did = acts.what(act)
    take = shop.session.get_one(Stocktake, did["take"])
    row = shop.session.get_one(StockTally, did["tallies"][0])
    return ScanView(
        code.text, ScanOutcome.UNDONE, results.CountTakenBack(row.sku, row.pieces, _so_far(shop, take, row.sku))
    )


def ended(shop: Shop) -> results.CountedInRound:
    """What was counted by the end of a round of the loop."""
    take = takes.open_take(shop, BUCKET)
    products, pieces = _counted(shop, take) if take else (0, 0)
    return results.CountedInRound(take.number if take and products else "", products, pieces)


def in_force(shop: Shop, bench: Bench, question: str) -> results.CountInForce:
    """What is in force at a bench at which the stock is counted."""
    take = takes.open_take(shop, BUCKET)
    products, pieces = _counted(shop, take) if take else (0, 0)
    return results.CountInForce(products, pieces, bench.place, bench.pieces, question)


def _counted(shop: Shop, take: Stocktake) -> tuple[int, int]:
    """How many products and pieces were counted in the round of a stocktake."""
    pieces = sa.cast(sa.func.sum(StockTally.pieces), sa.BigInteger)
    query = sa.select(sa.func.count(sa.distinct(col(StockTally.sku))), pieces)
    query = query.where(col(StockTally.take_id) == take.id, col(StockTally.round) == take.round, numbers.standing(take))
    products, total = shop.session.execute(query).one()
    return products, int(total or 0)


def _so_far(shop: Shop, take: Stocktake, sku: str) -> int:
    """The pieces of a product that were counted in the round of a stocktake."""
    query = sa.select(sa.cast(sa.func.sum(StockTally.pieces), sa.BigInteger)).where(
        col(StockTally.take_id) == take.id, col(StockTally.round) == take.round, col(StockTally.sku) == sku
    )
    return int(shop.session.scalar(query) or 0)
