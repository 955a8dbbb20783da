"""Finds the article that somebody names by a code for pieces in a parcel."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.one_case import case_lines
from retcli.actions.warehouse.contents import cases_of
from retcli.errors import WrongCommand
from retcli.language import _, series
from retcli.models import Barcode, Parcel, Product
from retcli.rules.warehouse import barcodes
from retcli.rules.warehouse.ids import folded, normalised
from retcli.shop import Shop


def sku_of(shop: Shop, typed: str, parcel: Parcel | None = None) -> str | None:
    """The merchant code, as the books spell it, of the article that a code or barcode names: a product, or a line for
    which the parcel's cases wait (by its number too); None where nothing has it. Raises WrongCommand where several
    articles have the barcode, and the parcel is to hold none or several of them.
    """
    spellings = {normalised(typed), folded(typed)}
    by_code = sa.select(col(Product.sku)).where(col(Product.sku_key).in_(spellings))
    by_barcode = sa.select(col(Barcode.sku)).where(col(Barcode.code).in_(barcodes.forms(typed)))
    skus = list(dict.fromkeys(shop.session.scalars(by_code).all() or shop.session.scalars(by_barcode).all()))
    awaited = [line for case in cases_of(shop, parcel) for _line, line in case_lines(shop, case)] if parcel else []
    if len(skus) > 1:
        expected = {order_line.sku for order_line in awaited}
        skus = [sku for sku in skus if sku in expected] if len(expected.intersection(skus)) == 1 else skus
    if len(skus) > 1:
        raise WrongCommand(_("{code} is the barcode of several articles").format(code=typed), series(skus))
    by_line = (
        line.sku or line.number for line in awaited if spellings & {folded(line.sku), folded(line.number)} - {""}
    )
    return skus[0] if skus else next(by_line, None)
