"""Pieces of the sellable stock that are kept for goods that are to be sent."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Case, Replacement
from retcli.shop import Shop


def reserved(shop: Shop, sku: str) -> int:
    """The pieces of a product that are kept."""
    pieces = sa.cast(sa.func.sum(Replacement.reserved), sa.BigInteger)
    query = sa.select(pieces).where(col(Replacement.sku) == sku, sa.text("reserved > 0"))
    return int(shop.session.scalar(query) or 0)


def give_way(shop: Shop, sku: str, pieces: int) -> None:
    """Keeps so many pieces of a product no longer, since they are not there: what was promised last gives way first.
    Whoever calls holds the product's stock.
    """
    query = sa.select(Replacement, Case).join(Case, col(Case.id) == col(Replacement.case_id))
    query = query.where(col(Replacement.sku) == sku, sa.text("reserved > 0")).order_by(col(Replacement.id).desc())
    for goods, case in shop.session.execute(query).all():
        if pieces <= 0:
            return
        pieces -= shop.hold(goods).reserved
        give_up(shop, case, goods)


def give_up(shop: Shop, case: Case, goods: Replacement) -> None:
    """Keeps no pieces for goods any more."""
    if goods.reserved:
        shop.record(f"{case.number}/{goods.id}", "unreserve", sku=goods.sku, pieces=goods.reserved)
        goods.reserved = 0
        shop.session.flush()
