"""The view of the stock: pieces by product and bucket, and how many of them can be sold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from retcli.language import _, series
from retcli.rules.lifecycles import Bucket
from retcli.rules.warehouse.sellable import Sellable
from retcli.views.base import Column, Screen, View, when
from retcli.views.documents import Documented, instant
from retcli.words import word

_ALWAYS = (Bucket.PENDING, Bucket.SELLABLE, Bucket.DEFECTIVE)
"""Buckets that a screen shows whether or not any piece lies in them."""


@dataclass(frozen=True)
class ProductStock(Documented):
    """The pieces of a product by bucket, and how many of them can be sold; None where nobody ever counted them.
    `safety` are the pieces that are to stay there by the product sheet (None for none), `places` where they were
    counted last, `reserved` the pieces that are kept for goods that are to be sent.
    """

    sku: str
    name: str
    pieces: Mapping[str, int]
    for_sale: Sellable | None
    safety: int | None = None
    places: Mapping[str, int] = field(default_factory=dict)
    reserved: int = 0

    def document(self) -> dict[str, Any]:
        """The product with a key for each bucket; `for_sale` and `as_of` are null where that is not known."""
        buckets: dict[str, Any] = {str(bucket): self.pieces.get(bucket, 0) for bucket in Bucket}
        known = self.for_sale
        sale = {"for_sale": known.pieces if known else None, "as_of": instant(known.as_of if known else None)}
        places = [{"place": place, "pieces": pieces} for place, pieces in self.places.items()]
        more = {"reserved": self.reserved, "safety": self.safety, "places": places}
        return {"sku": self.sku, "name": self.name, **buckets, **sale, **more}

    def cell(self, bucket: Bucket) -> str:
        """The pieces in a bucket as a screen shows them: of sellable ones those that can be sold."""
        pieces = self.pieces.get(bucket, 0)
        if bucket != Bucket.SELLABLE:
            return str(pieces)
        if self.for_sale:
            return str(self.for_sale.pieces)
        return _("not counted, +{n}").format(n=pieces) if pieces else _("not counted")


@dataclass(frozen=True)
class StockView(View):
    """The pieces of products by bucket."""

    KEYS = ("stock",)

    stock: tuple[ProductStock, ...]

    def document(self) -> dict[str, Any]:
        """The products, each with its document."""
        return {"stock": [product.document() for product in self.stock]}

    def draw(self, screen: Screen) -> None:
        """Shows a row for each product; buckets in which nothing lies are left out."""
        if not self.stock:
            screen.line(_("No returned goods are counted yet"))
            return
        used = [b for b in Bucket if b in _ALWAYS or any(product.pieces.get(b) for product in self.stock)]
        kept = any(product.reserved for product in self.stock)
        columns = [Column(_("SKU"), "id"), Column(_("Name"))]
        for bucket in used:
            columns.append(Column(word(bucket), "count"))
            columns += [Column(_("As of"), "time")] if bucket == Bucket.SELLABLE else []
            columns += [Column(_("Reserved"), "count")] if bucket == Bucket.SELLABLE and kept else []
        screen.table(columns, [_row(product, used, kept=kept) for product in self.stock])
        for product in self.stock:
            if len(product.places) > 1:
                text = _("{sku} lies in several places, as counted: {places}")
                nowhere = _("no place")
                places = series(f"{place or nowhere}×{pieces}" for place, pieces in product.places.items())
                screen.line(text.format(sku=product.sku, places=places))


def _row(product: ProductStock, buckets: list[Bucket], *, kept: bool) -> list[str]:
    """The cells of a product in the table; behind what can be sold stands as of when, and what is `kept` to be sent."""
    cells = [product.sku, product.name]
    for bucket in buckets:
        cells.append(product.cell(bucket))
        if bucket == Bucket.SELLABLE:
            cells.append(when(product.for_sale.as_of) if product.for_sale else "-")
            cells += [str(product.reserved)] if kept else []
    return cells
