"""Pieces that are scanned at a bench: counted, graded where a grade is in force, held where nobody waits for them."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.payable import owed_back
from retcli.actions.casefile.records.dossiers import dossiers_of
from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.code_facts import Code, numbers_of
from retcli.actions.warehouse.pieces import (
    awaited_pieces,
    contents,
    corrected_findings,
    held_pieces,
    natures,
    senders,
)
from retcli.models import Case, Order, Parcel
from retcli.rules.lifecycles import Grade
from retcli.rules.money.minor_units import Money
from retcli.rules.warehouse import dispositions
from retcli.rules.warehouse.codes import Article
from retcli.rules.warehouse.dispositions import Nature
from retcli.shop import Shop
from retcli.views.warehouse import scan_results as results
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scans import ScanOutcome, ScanView


@dataclass(frozen=True)
class _Reading:
    """The pieces of a product that were read at once, by what they are: counted before and waiting for the grade in
    force (`waiting`), read `again` without adding anything, `corrected` ones that were graded X before, and `fresh`
    ones, of which nobody waits for the `excess`.
    """

    waiting: int
    again: int
    corrected: int
    fresh: int
    excess: int

    @property
    def booked(self) -> int:
        """The pieces of which anything is booked."""
        return self.waiting + self.corrected + self.fresh


def piece(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Takes a scanned piece, or a carton of them, into the parcel on the bench; one that was counted before the parcel
    was read again is no new piece, nor is one beyond all that are awaited where another one was graded X. What came of
    it.
    """
    if not bench.parcel:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NO_PARCEL_ON_TABLE)
    if bench.only_receives:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.ONLY_RECEIVING, bench.parcel)
    # held before it is counted: another bench may be reading the same pieces at this moment
    parcel, article = shop.hold(parcels.numbered(shop, bench.parcel)), code.read.article
    read, several = bench.read, bench.pieces
    article, bench.pieces = replace(article, pieces=article.pieces * bench.pieces), 1
    view = ScanView(code.text, ScanOutcome.COUNTED, ScanNote.COUNTING_ONLY, parcel.number)
    view = replace(view, cases=numbers_of(awaited_pieces.cases_of(shop, parcel)))
    reading = _reading(shop, bench, parcel, article)
    if not reading.booked:
        counted = contents.counted(shop, parcel, article.sku)
        grades = {str(each.grade) for each in contents.findings(shop, parcel, article.sku)} if bench.grade else set()
        otherwise = tuple(sorted(grades)) if grades - {str(bench.grade)} else ()
        before = results.PieceCountedBefore(article.sku, bench.read[article.sku], counted, otherwise)
        return replace(view, outcome=ScanOutcome.DUPLICATE, result=before)
    goods: Collection[Nature] = natures.of_product(shop, article.sku) if bench.grade else ()
    asked = None if bench.sure else _asked_first(shop, bench, parcel, article.sku, reading, goods)
    if asked:
        bench.read, bench.pieces = read, several
        bench.stop(code.text if bench.asks else "")
        bench.seal_of = code.text if isinstance(asked, results.SealWhole) else ""
        return replace(view, outcome=ScanOutcome.STOP, result=asked)
    _book(shop, parcel, article.sku, bench.grade, reading, goods)
    if reading.excess:
        outcome = ScanOutcome.HELD if bench.sure else ScanOutcome.STOP
        return replace(view, outcome=outcome, result=_too_many(shop, parcel, article.sku, reading.excess))
    outcome = ScanOutcome.COUNTED if bench.grade is None else ScanOutcome.INSPECTED
    told = _counted(shop, parcel, article.sku, bench.grade, reading)
    place = dispositions.place(bench.grade, goods) if bench.grade else None
    return replace(view, outcome=outcome, result=replace(told, place=place))


def _counted(shop: Shop, parcel: Parcel, sku: str, grade: Grade | None, reading: _Reading) -> results.PieceCounted:
    """The result that tells what the pieces are that were read, and how many of them the parcel has now."""
    counted, waiting = contents.counted(shop, parcel, sku), contents.pending(shop, parcel, sku)
    parts = results.PartsRead(reading.waiting, reading.again, reading.corrected, reading.fresh, counted - waiting)
    out = _money_out(shop, parcel) if grade == Grade.X else {}
    return results.PieceCounted(sku, counted, grade, out, parts, apart=parcel.apart)


def _reading(shop: Shop, bench: Bench, parcel: Parcel, article: Article) -> _Reading:
    """What the pieces are that were read. The bench remembers those that are read again."""
    sku, counted = article.sku, contents.counted(shop, parcel, article.sku)
    waiting = min(article.pieces, contents.pending(shop, parcel, sku)) if bench.grade else 0
    bench.read_again(sku, waiting, counted)
    again = bench.read_again(sku, article.pieces - waiting, counted)
    fresh = article.pieces - waiting - again
    corrected = _corrected(shop, parcel, sku, fresh) if bench.grade != Grade.X else 0
    fresh -= corrected
    bench.read_new(sku, fresh)
    # those that are corrected become right ones first, and take their place
    beyond = 0 if bench.grade == Grade.X else awaited_pieces.excess(shop, parcel, sku, fresh + corrected)
    return _Reading(waiting, again, corrected, fresh, min(beyond, fresh))


def _corrected(shop: Shop, parcel: Parcel, sku: str, pieces: int) -> int:
    """How many of some further pieces are those that somebody graded X in the parcel: as many as come beyond all that
    are awaited.
    """
    judged = held_pieces.judged_foreign(shop, parcel, sku) if pieces else 0
    if not judged:
        return 0
    room = awaited_pieces.room(shop, parcel, sku)
    return max(0, min(pieces - max(0, room - judged), pieces, judged, room))


def _asked_first(
    shop: Shop, bench: Bench, parcel: Parcel, sku: str, reading: _Reading, goods: Collection[Nature]
) -> results.SealWhole | results.TooManyPieces | results.PerhapsOneOfThem | None:
    """What is asked before pieces are booked: whether their seal is whole, which nobody may leave unsaid, and at a
    terminal whether they are right; None for nothing.
    """
    if bench.grade and dispositions.needs_whole_seal(bench.grade, goods):
        return results.SealWhole((sku,))
    return _asked(shop, bench, parcel, sku, reading) if bench.asks else None


def _asked(
    shop: Shop, bench: Bench, parcel: Parcel, sku: str, reading: _Reading
) -> results.TooManyPieces | results.PerhapsOneOfThem | None:
    """What is asked at a terminal before pieces are booked that nobody waits for, or that are judged to be of another
    order where all that are awaited were found; None for nothing.
    """
    counted = contents.counted(shop, parcel, sku)
    if reading.excess:
        others = [*contents.findings(shop, parcel, sku)] if bench.grade else []
        regraded = any(each.grade not in {bench.grade, Grade.X} for each in others)
        return replace(_too_many(shop, parcel, sku, reading.excess, reading.fresh), regraded=regraded)
    right = counted - held_pieces.graded_foreign(shop, parcel, sku) if bench.grade == Grade.X and reading.fresh else 0
    if right > 0 and awaited_pieces.room(shop, parcel, sku) < reading.fresh:
        return results.PerhapsOneOfThem(sku, counted)
    return None


def _book(
    shop: Shop, parcel: Parcel, sku: str, grade: Grade | None, reading: _Reading, goods: Collection[Nature]
) -> None:
    """Counts the fresh pieces, takes back what was found of those that are corrected, grades all but the excess, and
    holds that.
    """
    if reading.fresh:
        contents.count(shop, parcel, sku, reading.fresh)
    if reading.corrected:
        held_pieces.take_back_foreign(shop, parcel, sku, reading.corrected)
    pieces = reading.booked - reading.excess
    if grade and pieces:
        place, sealed = dispositions.place(grade, goods), dispositions.needs_whole_seal(grade, goods)
        contents.grade(shop, parcel, contents.GradedPieces(sku, pieces, grade, place, sealed=sealed))
    if reading.corrected:
        corrected_findings.follow(shop, awaited_pieces.cases_of(shop, parcel))
    if reading.excess:
        held_pieces.hold(shop, parcel, sku, reading.excess, grade or "")


def _too_many(shop: Shop, parcel: Parcel, sku: str, held: int, unbooked: int = 0) -> results.TooManyPieces:
    """The result that tells of pieces that nobody waits for, of which so many are held, or are to be once somebody
    confirms the `unbooked` ones.
    """
    orders = awaited_pieces.orders_without_case(shop, parcel)
    ordered = senders.pieces_sent(shop, orders or _orders_of(shop, awaited_pieces.cases_of(shop, parcel)))
    expected = awaited_pieces.expected_pieces(shop, parcel).get(sku, 0)
    piece = results.PieceCounted(
        sku, contents.counted(shop, parcel, sku) + unbooked, money_out=_money_out(shop, parcel)
    )
    return results.TooManyPieces(
        parcel.number,
        piece,
        expected,
        held,
        in_order=sku in ordered,
        elsewhere=awaited_pieces.elsewhere(shop, parcel, sku) if expected else {},
        orders=tuple(order.number for order in orders),
        booked=not unbooked,
    )


def _money_out(shop: Shop, parcel: Parcel) -> dict[str, Money]:
    """What left already on the cases of a parcel beyond what came back for them, by case, where anything did."""
    dossiers = dossiers_of(shop, awaited_pieces.cases_of(shop, parcel))
    owed = {each.case.number: Money(owed_back(each), each.order.currency) for each in dossiers}
    return {case: money for case, money in owed.items() if money.minor}


def _orders_of(shop: Shop, cases: list[Case]) -> list[Order]:
    """The orders of some cases."""
    return list(shop.session.scalars(sa.select(Order).where(col(Order.id).in_({case.order_id for case in cases}))))


def several_articles(_shop: Shop, bench: Bench, code: Code) -> ScanView:
    """The answer to a barcode of several articles, of which the parcel is to hold none or several: nothing is
    booked.
    """
    skus = tuple(dict.fromkeys(article.sku for article in code.facts.known.articles))
    return ScanView(code.text, ScanOutcome.UNKNOWN, results.SeveralArticles(skus), bench.parcel)
