"""Orders whose shop is not known, since neither their file nor the person who imported it named it."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile.order_standing import shops_with_orders
from retcli.models.imports import Import
from retcli.shop import Shop
from retcli.views.imports.unnamed_shops import UnnamedShop

SOLD = ("orders", "items", "sales")
"""Kinds of report that bring orders."""


def unnamed(shop: Shop) -> tuple[str, ...]:
    """The codes of the platforms with orders of no named shop."""
    return tuple(platform for platform, name in shops_with_orders(shop) if not name)


def left_unnamed(shop: Shop, imported: Import) -> tuple[UnnamedShop, ...]:
    """The remark that the orders of a file came without their shop; only after the first such file of a platform."""
    if imported.holds not in SOLD or imported.platform not in unnamed(shop):
        return ()
    before = sa.select(col(Import.id)).where(col(Import.platform) == imported.platform, col(Import.id) != imported.id)
    before = before.where(col(Import.holds).in_(SOLD), col(Import.state) == "done")
    if shop.session.scalar(before.limit(1)) is not None:
        return ()
    return (UnnamedShop(imported.platform),)
