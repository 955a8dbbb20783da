"""The names of shops on the orders of a file: none, where neither the file nor who imported it named one; or another
one than the books have.
"""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile.order_standing import shops_with_orders
from retcli.models.imports import Import
from retcli.shop import Shop
from retcli.views.imports.unnamed_shops import ShopKept, ShopOverruled, UnnamedShop

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


def overruled(imported: Import, in_file: Sequence[str]) -> tuple[ShopOverruled, ...]:
    """The remark that a file gives its orders other names of shops (`in_file`) than was given for it."""
    others = tuple(sorted(name for name in in_file if name and name != imported.shop))
    return (ShopOverruled(others, imported.shop),) if imported.shop and others else ()


def kept(shop: Shop, imported: Import, in_file: Sequence[str], heads: str) -> Iterator[ShopKept]:
    """The remark that the books have a file's orders under another name than was given for it, or than it gives itself
    (`in_file`), and keep it; `heads` is the stage's table of orders.
    """
    if imported.shop or in_file:
        known = f"FROM {heads} r CROSS JOIN orders o WHERE o.platform = :platform AND o.number = r.target"
        other = "o.shop <> '' AND COALESCE(NULLIF(:shop, ''), r.shop, '') NOT IN ('', o.shop)"
        statement = f"SELECT DISTINCT o.shop {known} AND {other}"
        clause = sa.text(statement).bindparams(sa.bindparam("shop", type_=sa.String()))
        names = shop.session.scalars(clause, {"platform": imported.platform, "shop": imported.shop})
        if others := tuple(sorted(names)):
            yield ShopKept(others)
