"""The shop's articles, by merchant code and barcode."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.merging import Source, Tally
from retcli.database.stages import StagedFault, StagedRow
from retcli.language import mark
from retcli.models import Barcode, Product
from retcli.shop import Shop

_FIELDS = ("name", "category", "cost", "price", "warranty_months")


def merge(shop: Shop, source: Source, rows: Sequence[StagedRow]) -> Tally:
    """Takes in rows of a product sheet; a barcode that another product has refuses its row."""
    tally = Tally()
    skus = [row.order for row in rows]
    known = {p.sku: p for p in shop.session.scalars(sa.select(Product).where(col(Product.sku).in_(skus)))}
    codes = [code for row in rows for code in row.values["barcodes"]]
    owners = {b.code: b.sku for b in shop.session.scalars(sa.select(Barcode).where(col(Barcode.code).in_(codes)))}
    for row in rows:
        taken = next((code for code in row.values["barcodes"] if owners.get(code, row.order) != row.order), None)
        if taken:
            problem = mark("another product has this barcode")
            tally.faults.append(StagedFault(row.number, "", taken, problem))
            continue
        new = {name: row.values[name] for name in _FIELDS if row.values.get(name) is not None}
        tally.count(_save(shop, known.get(row.order), row.order, new, row.values["barcodes"], owners))
    return tally


def _save(
    shop: Shop, product: Product | None, sku: str, new: dict[str, Any], codes: Sequence[str], owners: dict[str, str]
) -> str:
    changed = product is None or any(getattr(product, name) != value for name, value in new.items())
    if product is None:
        shop.session.add(Product(sku=sku, **new))
        shop.session.flush()
    else:
        product.sqlmodel_update(new)
    fresh = [code for code in codes if code not in owners]
    for code in fresh:
        shop.session.add(Barcode(code=code, sku=sku))
        owners[code] = sku
    if product is None:
        return "added"
    return "changed" if changed or fresh else "unchanged"
