"""What people call an order by who know no whole number of it: the end of one, the buyer's nickname, a name."""

import sys
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Case, Order, OrderWaybill, Parcel, ParcelCase, Replacement
from retcli.models.base import END
from retcli.rules.warehouse.ids import normalised
from retcli.shop import Shop


def is_end(wanted: str) -> bool:
    """Whether a comparable text may be the end of a number: four characters or more, a digit among them."""
    return len(wanted) >= END and any(ch.isascii() and ch.isdigit() for ch in wanted)


def number_ends(wanted: str) -> sa.ColumnElement[bool]:
    """The condition in SQL that an order's number ends in some four or more characters."""
    return _ends(col(Order.number_end), col(Order.number_key), wanted)


def phone_ends(wanted: str) -> sa.ColumnElement[bool]:
    """The condition in SQL that the buyer's telephone number ends in some four digits; no other text is the end of one,
    since no more of it is kept apart.
    """
    return col(Order.phone_tail) == wanted if len(wanted) == END else sa.false()


def called_by_end(wanted: str) -> sa.ColumnElement[bool]:
    """The condition in SQL that an order is called by the end of any of its numbers: its own, a waybill out or back,
    a refund's, the buyer's telephone.
    """
    ways = (_of_orders(wanted), _of_further_waybills(wanted), _of_cases(wanted))
    return col(Order.id).in_(sa.union(*ways))  # one after the other: PostgreSQL joins no index to a subquery by OR


def _of_orders(wanted: str) -> sa.Select[Any]:
    waybill = _ends(col(Order.waybill_end), col(Order.waybill), wanted)
    return sa.select(col(Order.id)).where(sa.or_(number_ends(wanted), waybill, phone_ends(wanted)))


def _of_further_waybills(wanted: str) -> sa.Select[Any]:
    ends = col(OrderWaybill.waybill).endswith(wanted, autoescape=True)
    return sa.select(col(OrderWaybill.order_id)).where(ends)


def _of_cases(wanted: str) -> sa.Select[Any]:
    return sa.select(col(Case.order_id)).where(case_called_by_end(wanted))


def case_called_by_end(wanted: str) -> sa.ColumnElement[bool]:
    """The condition in SQL that a case's refund, a parcel that came for it, or goods sent for it have a number with an
    end.
    """
    parcel, sent = col(Parcel.waybill), col(Replacement.waybill)
    back = sa.select(col(ParcelCase.case_id)).join(Parcel, col(Parcel.id) == col(ParcelCase.parcel_id))
    out = sa.select(col(Replacement.case_id))
    return sa.or_(
        col(Case.platform_key).endswith(wanted, autoescape=True),
        col(Case.id).in_(back.where(parcel.endswith(wanted, autoescape=True))),
        col(Case.id).in_(out.where(sent.endswith(wanted, autoescape=True))),
    )


def _ends(last: Any, whole: Any, wanted: str) -> sa.ColumnElement[bool]:
    """The condition that a column ends in a text, by the index of its last characters."""
    same: sa.ColumnElement[bool] = last == wanted[-END:]
    return same if len(wanted) == END else sa.and_(same, whole.endswith(wanted, autoescape=True))


def named(shop: Shop, typed: str) -> Iterator[sa.ColumnElement[bool]]:
    """Conditions that buyer or receiver have a name, or that the buyer's name begins with it, in either case of
    letters.
    """
    name = typed.strip()
    if not name:
        return
    buyer, receiver = col(Order.buyer), col(Order.receiver)
    yield buyer == name
    yield sa.and_(receiver == name, receiver != sa.literal_column("''"))  # as the index of receivers has it
    if len(name) >= 2 and not normalised(name).isdigit():
        for written in dict.fromkeys((name, name.lower(), name.upper())):
            yield _begins(shop, buyer, written)


def _begins(shop: Shop, column: Any, beginning: str) -> sa.ColumnElement[bool]:
    """The condition that a text begins with another, in the form for which each database uses its index: SQLite takes
    one for a range, and not for LIKE, which is blind to capitals there.
    """
    if shop.session.get_bind().dialect.name == "postgresql":
        starts: sa.ColumnElement[bool] = column.startswith(beginning, autoescape=True)
        return starts
    return sa.and_(column >= beginning, column < beginning + chr(sys.maxunicode))
