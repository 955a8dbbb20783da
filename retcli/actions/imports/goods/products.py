"""Merges product sheets: the shop's articles by merchant code, and their barcodes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.imports.merging import Source, Tally
from retcli.database.staging.stages import StagedFault, StagedRow
from retcli.language import mark
from retcli.models import Barcode, Product
from retcli.rules.warehouse import barcodes
from retcli.shop import Shop

_FIELDS = ("name", "category", "cost", "price", "warranty_months", "safety_stock")
_WEIGHTS = ("weight_g", "weight_kg", "weight")
"""The columns that may say what a piece weighs; all of them in grams here."""


def merge(shop: Shop, source: Source, rows: Sequence[StagedRow]) -> Tally:
    """Takes in rows of a product sheet. Several articles may have one barcode; a carton's barcode stands for its
    pieces, and a row that names one without saying how many is refused.
    """
    tally = Tally()
    skus = [row.order for row in rows]
    products = {p.sku: p for p in shop.session.scalars(sa.select(Product).where(col(Product.sku).in_(skus)))}
    labels: dict[str, dict[str, Barcode]] = defaultdict(dict)
    for label in shop.session.scalars(sa.select(Barcode).where(col(Barcode.sku).in_(skus))):
        labels[label.sku][barcodes.key(label.code)] = label
    for row in rows:
        cartons = row.values.get("carton_codes") or []
        if cartons and not row.values.get("carton_pieces"):
            problem = mark("the row names a carton's barcode and does not say how many pieces are in it")
            tally.faults.append(StagedFault(row.number, "", cartons[0], problem))
            continue
        new = {name: row.values[name] for name in _FIELDS if row.values.get(name) is not None}
        new |= _weight(row)
        pieces = dict.fromkeys(cartons, row.values.get("carton_pieces") or 1)
        codes = dict.fromkeys(row.values["barcodes"], 1) | pieces
        tally.count(_save(shop, products.get(row.order), row.order, new, codes, labels[row.order]))
    return tally


def _weight(row: StagedRow) -> dict[str, int]:
    """What a piece weighs, by the first column that says it; nothing where none does."""
    said = [row.values[name] for name in _WEIGHTS if row.values.get(name)]
    return {"weight": said[0]} if said else {}


def _save(
    shop: Shop,
    product: Product | None,
    sku: str,
    new: dict[str, Any],
    codes: Mapping[str, int],
    labels: dict[str, Barcode],
) -> str:
    changed = product is None or any(getattr(product, name) != value for name, value in new.items())
    if product is None:
        shop.session.add(Product(sku=sku, **new))
        shop.session.flush()
    else:
        product.sqlmodel_update(new)
    for code, pieces in codes.items():
        label = labels.get(barcodes.key(code))
        if label is None:
            labels[barcodes.key(code)] = Barcode(code=code, sku=sku, pieces=pieces)
            shop.session.add(labels[barcodes.key(code)])
        changed |= label is None or label.pieces != pieces
        labels[barcodes.key(code)].pieces = pieces
    if product is None:
        return "added"
    return "changed" if changed else "unchanged"
