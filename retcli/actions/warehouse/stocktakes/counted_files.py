"""Takes a file into a stocktake: an ERP's stock list, or what a handheld counted."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col

from retcli import named_files
from retcli.actions.casefile.records import acts
from retcli.actions.warehouse import article_codes
from retcli.actions.warehouse.stocktakes import numbers, takes
from retcli.errors import Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Product
from retcli.models.acts import Act
from retcli.models.stock import Stocktake, StockTally
from retcli.reading.stock_files import StockRow, rows
from retcli.rules.lifecycles import MAY_SCAN, Bucket
from retcli.shop import Shop
from retcli.views.warehouse.stocktakes import Fault, StocktakeView

AT_MOST = 50 * named_files.MEGABYTE
"""Bytes of a file of the stock."""


def count_file(shop: Shop, path: Path, *, bucket: str = Bucket.SELLABLE, at_place: str = "") -> StocktakeView:
    """Counts what a file says into the stocktake of a bucket; pieces of a product on several lines are summed. Lines
    that cannot be taken are named, the others count. Raises Refused where the file was counted in this round already.
    """
    shop.may(MAY_SCAN, mark("count the stock"))
    takes.refuse_bucket(bucket)
    place, digest = takes.place_of(at_place), hashlib.sha256(named_files.content(path, AT_MOST)).hexdigest()
    written = rows(path)
    take = takes.begun(shop, bucket)
    _refuse_twice(shop, take, digest, path)
    skus = _skus(shop, {row.code for row in written if not row.problem})
    to_count = set(numbers.left(shop, take)) if take.round > 1 else None
    tallies, faults = [], []
    for row in written:
        taken = _taken(shop, take, row, skus.get(row.code, ""), place, to_count)
        if isinstance(taken, StockTally):
            tallies.append(taken)
        elif taken is not None:
            faults.append(taken)
    if tallies:
        takes.note(shop, take, tallies, file=digest)
    return replace(numbers.view_of(shop, take), faults=tuple(faults))


def _refuse_twice(shop: Shop, take: Stocktake, digest: str, path: Path) -> None:
    """Raises Refused where a file was counted in a round of a stocktake already: its pieces would count double."""
    query = acts.standing().where(col(Act.kind) == "tally", col(Act.subject) == take.number)
    for act in shop.session.scalars(query):
        did = acts.what(act)
        if did.get("file") == digest and did["round"] == take.round:
            message = _("{file} was counted in {take} already, by {who}")
            text = message.format(file=path.name, take=take.number, who=act.by)
            raise Refused(text, "retcli stock count", file=path.name)


def _taken(
    shop: Shop, take: Stocktake, row: StockRow, sku: str, place: str, to_count: set[str] | None
) -> StockTally | Fault | None:
    """What a line comes to: counted, a fault, or None where the product needs no further count."""
    if row.problem:
        return Fault(row.line, row.text or row.code, row.problem)
    if not sku:
        return Fault(row.line, row.code, mark("no article has this merchant code: import the product sheet first"))
    if row.at is not None and row.at > shop.now:
        return Fault(row.line, row.code, mark("the count lies in the future: mend its time"))
    if to_count is not None and sku not in to_count:
        return None
    try:
        return takes.tally(shop, take, sku, row.pieces, place=place, counted_at=row.at)
    except Refused as why:
        return Fault(row.line, row.code, why.message)


def _skus(shop: Shop, codes: Iterable[str]) -> Mapping[str, str]:
    """The merchant codes of the articles that some codes name; "" for one that nothing has, or several articles."""
    wanted = set(codes)
    exact = shop.session.scalars(sa.select(col(Product.sku)).where(col(Product.sku).in_(wanted)))
    found = {sku: sku for sku in exact}
    for code in sorted(wanted - set(found)):
        try:
            found[code] = article_codes.sku_of(shop, code) or ""
        except WrongCommand:
            found[code] = ""
    return found
