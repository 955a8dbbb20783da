"""Pieces that are scanned at a bench: counted, graded where a grade is in force, held where nobody waits for them."""

from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.payable import owed_back
from retcli.actions.casefile.records.dossiers import dossiers_of
from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.code_facts import Code, numbers_of
from retcli.actions.warehouse.pieces import awaited_pieces, contents, held_pieces, senders
from retcli.models import Case, Order, Parcel
from retcli.rules.lifecycles import BY_GRADE, Grade
from retcli.rules.money.minor_units import Money
from retcli.rules.warehouse.codes import Article
from retcli.shop import Shop
from retcli.views.warehouse import scan_results as results
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scans import ScanOutcome, ScanView


def piece(shop: Shop, bench: Bench, code: Code) -> ScanView:
    """Takes a scanned piece, or a carton of them, into the parcel on the bench; one that was counted before the parcel
    was read again is no new piece. What came of it.
    """
    if not bench.parcel:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.NO_PARCEL_ON_TABLE)
    # held before it is counted: another bench may be reading the same pieces at this moment
    if bench.only_receives:
        return ScanView(code.text, ScanOutcome.UNKNOWN, ScanNote.ONLY_RECEIVING, bench.parcel)
    parcel, article = shop.hold(parcels.numbered(shop, bench.parcel)), code.read.article
    read, several = bench.read, bench.pieces
    article, bench.pieces = replace(article, pieces=article.pieces * bench.pieces), 1
    view = ScanView(code.text, ScanOutcome.COUNTED, ScanNote.COUNTING_ONLY, parcel.number)
    view = replace(view, cases=numbers_of(awaited_pieces.cases_of(shop, parcel)))
    waiting, fresh = _waiting_and_fresh(shop, bench, parcel, article)
    if not waiting + fresh:
        counted = contents.counted(shop, parcel, article.sku)
        before = results.PieceCountedBefore(article.sku, bench.read[article.sku], counted)
        return replace(view, outcome=ScanOutcome.DUPLICATE, result=before)
    excess = 0 if bench.grade == Grade.X else awaited_pieces.excess(shop, parcel, article.sku, fresh)
    if excess and bench.asks and not bench.sure:
        bench.read, bench.pieces = read, several
        bench.stop(code.text)
        asked = _too_many(shop, parcel, article.sku, excess, fresh)
        return replace(view, outcome=ScanOutcome.STOP, result=asked)
    _book(shop, parcel, article.sku, bench.grade, waiting, fresh, excess)
    if excess:
        return replace(view, outcome=ScanOutcome.STOP, result=_too_many(shop, parcel, article.sku, excess))
    outcome = ScanOutcome.COUNTED if bench.grade is None else ScanOutcome.INSPECTED
    out = _money_out(shop, parcel) if bench.grade == Grade.X else {}
    result = results.PieceCounted(article.sku, contents.counted(shop, parcel, article.sku), bench.grade, out)
    return replace(view, outcome=outcome, result=result)


def _waiting_and_fresh(shop: Shop, bench: Bench, parcel: Parcel, article: Article) -> tuple[int, int]:
    """How many of the pieces that were read are counted already and wait for the grade in force, and how many are new.
    The bench remembers those that are read again.
    """
    counted = contents.counted(shop, parcel, article.sku)
    waiting = min(article.pieces, contents.pending(shop, parcel, article.sku)) if bench.grade else 0
    bench.read_again(article.sku, waiting, counted)
    fresh = article.pieces - waiting - bench.read_again(article.sku, article.pieces - waiting, counted)
    bench.read_new(article.sku, fresh)
    return waiting, fresh


def _book(shop: Shop, parcel: Parcel, sku: str, grade: Grade | None, waiting: int, fresh: int, excess: int) -> None:
    """Counts the `fresh` pieces, grades them and the `waiting` ones, and holds the `excess` among them."""
    if fresh:
        contents.count(shop, parcel, sku, fresh)
    if grade and waiting + fresh > excess:
        contents.grade(shop, parcel, contents.GradedPieces(sku, waiting + fresh - excess, grade, BY_GRADE[grade]))
    if excess:
        held_pieces.hold(shop, parcel, sku, excess, grade or "")


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
