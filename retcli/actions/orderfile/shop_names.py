"""Orders of which neither their file nor anybody has said which shop they are of."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile.order_standing import shops_with_orders
from retcli.language import _
from retcli.models.imports import Import
from retcli.shop import Shop
from retcli.words import word

SOLD = ("orders", "items", "sales")
"""Kinds of report that bring orders."""


def unnamed(shop: Shop) -> tuple[str, ...]:
    """The platforms with orders of no named shop."""
    return tuple(platform for platform, name in shops_with_orders(shop) if not name)


def remark(shop: Shop, imported: Import) -> tuple[str, ...]:
    """How to name the shop of orders that came without one; said with the first such file of a platform alone."""
    if imported.holds not in SOLD or imported.platform not in unnamed(shop):
        return ()
    before = sa.select(col(Import.id)).where(col(Import.platform) == imported.platform, col(Import.id) != imported.id)
    before = before.where(col(Import.holds).in_(SOLD), col(Import.state) == "done")
    if shop.session.scalar(before.limit(1)) is not None:
        return ()
    text = _("Its rows name no shop, so sheets say {platform}; to name it: take it in again with --shop {name}")
    return (text.format(platform=word(imported.platform), name=_("‹shop›")),)
