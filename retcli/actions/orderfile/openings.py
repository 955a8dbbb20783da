"""SQL of when the books were opened for each shop of a platform: with the first file of its orders or refunds."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.sql.sqltypes import UTCDateTime

from retcli.models import Order
from retcli.models.books import Run
from retcli.models.imports import Import

_SOLD = ("orders", "items", "sales")


def _shops() -> Any:
    """A subquery of the shops whose orders are in the books ("" for those that nobody named). A recursive query asks
    the index for the next shop again and again, since SELECT DISTINCT would read every order.
    """
    following: Any = aliased(Order)
    reached: Any = aliased(Order)
    one: Any = aliased(Order)
    first = sa.select(following.id).order_by(following.platform, following.shop).limit(1)
    start = sa.select(first.where(following.platform > "").scalar_subquery().label("id"))
    shops = start.cte("order_of_each_shop", recursive=True)
    # two looks instead of one for (platform, shop) > (…): each walks the index from one place on, an OR would not
    within = first.where(following.platform == reached.platform, following.shop > reached.shop).correlate(reached)
    beyond = first.where(following.platform > reached.platform).correlate(reached)
    after = sa.func.coalesce(within.scalar_subquery(), beyond.scalar_subquery())
    shops = shops.union_all(sa.select(after).select_from(shops).join(reached, reached.id == shops.c.id))
    query = sa.select(one.platform.label("platform"), one.shop.label("shop"))
    return query.join(shops, one.id == shops.c.id).subquery()


_SHOPS = _shops()


def _rows_name(file: Any) -> Any:
    """The condition that the rows of a file name the shop, whose name stands between quotes in their JSON list. REPLACE
    finds it, since LIKE would read a ``%`` or ``_`` in a name as a pattern.
    """
    quoted = sa.literal('"').concat(_SHOPS.c.shop).concat(sa.literal('"'))
    return sa.func.replace(file.shops, quoted, "") != file.shops


def _names_it(file: Any) -> Any:
    """The condition that a file was imported for the shop, or that its rows name it."""
    return sa.and_(file.platform == _SHOPS.c.platform, sa.or_(file.shop == _SHOPS.c.shop, _rows_name(file)))


def _is_its_own(file: Any) -> Any:
    """The condition that a file is the shop's: imported for it, naming it in its rows, or naming in its rows just what
    another file names that was imported for it.
    """
    other: Any = aliased(Import)
    alike = sa.and_(other.platform == file.platform, other.shops == file.shops, file.shops != "[]")
    called = sa.select(other.id).where(alike, other.shop == _SHOPS.c.shop).correlate(_SHOPS, file).exists()
    return sa.or_(_SHOPS.c.shop == "", _names_it(file), called)


def _named_first() -> Any:
    """A subquery of the first file of each shop with a name, which tells whether its orders had come without one
    before.
    """
    file: Any = aliased(Import)
    query = sa.select(_SHOPS.c.platform, _SHOPS.c.shop, sa.func.min(file.id).label("file"))
    query = query.join(file, _names_it(file)).where(_SHOPS.c.shop != "")
    return query.group_by(_SHOPS.c.platform, _SHOPS.c.shop).subquery()


_NAMED = _named_first()


def _was_first() -> Any:
    """The condition that a shop is the one whose files came before anybody named shops: the first that was named,
    unless orders of no shop are left and none of the orders in its first file had come before.
    """
    others: Any = _NAMED.alias()
    earlier = sa.select(others.c.file).where(others.c.platform == _SHOPS.c.platform, others.c.file < _NAMED.c.file)
    unnamed = _SHOPS.alias()
    left = sa.select(unnamed.c.shop).where(unnamed.c.platform == _SHOPS.c.platform, unnamed.c.shop == "")
    first: Any = aliased(Import)
    met = sa.select(first.id).where(first.id == _NAMED.c.file, first.changed + first.unchanged > 0)
    alone = sa.or_(sa.not_(left.exists()), met.correlate(_NAMED).exists())
    return sa.and_(sa.not_(earlier.correlate(_SHOPS, _NAMED).exists()), alone)


def _first() -> Any:
    """A subquery of when the first file of each shop came, and its first refunds. Lists that name no shop count for the
    first shop, and for others from their own first file on.
    """
    mine = sa.or_(_is_its_own(Import), sa.and_(_of_nobody(), _was_first()))
    begun: Any = aliased(Import)
    own_start = sa.select(begun.started_at).where(begun.id == _NAMED.c.file).correlate(_NAMED).scalar_subquery()
    listed = sa.or_(mine, sa.and_(_of_nobody(), col(Import.started_at) >= own_start))
    at = sa.func.min(sa.case((mine, col(Import.started_at))))
    refunds = sa.and_(col(Import.holds) == "refunds", listed)
    listed_at = sa.func.min(sa.case((refunds, col(Import.done_at))))
    query = sa.select(_SHOPS.c.platform, _SHOPS.c.shop, at.label("at"), listed_at.label("listed_at"))
    query = query.join(Import, col(Import.platform) == _SHOPS.c.platform)
    named = sa.and_(_NAMED.c.platform == _SHOPS.c.platform, _NAMED.c.shop == _SHOPS.c.shop)
    query = query.outerjoin(_NAMED, named).where(col(Import.holds).in_([*_SOLD, "refunds"]))
    return query.group_by(_SHOPS.c.platform, _SHOPS.c.shop).subquery()


def _of_nobody() -> Any:
    """The condition that neither the import nor its rows name a shop."""
    return sa.and_(col(Import.shop) == "", col(Import.shops) == "[]")


_FIRST = _first()
_RUN = sa.select(sa.func.min(Run.ended_at)).where(col(Run.ended_at) >= _FIRST.c.listed_at).correlate(_FIRST)
OPENED = sa.select(
    _FIRST.c.platform,
    _FIRST.c.shop,
    _FIRST.c.at,
    sa.func.coalesce(_RUN.scalar_subquery(), _FIRST.c.listed_at, type_=UTCDateTime()).label("listed_at"),
).subquery()
"""When the books were opened for each shop. `listed_at` is the end of the run that brought its first refunds: lists
that give no time of success tell of those only that they are over.
"""


def opened_for() -> Any:
    """The condition that joins an order with its shop's row of `OPENED`. The concatenations keep SQLite from going by
    an index from the shop to each of its orders, which took 1.38 times as long on three million orders.
    """
    return sa.and_(OPENED.c.platform == col(Order.platform).concat(""), OPENED.c.shop == col(Order.shop).concat(""))
