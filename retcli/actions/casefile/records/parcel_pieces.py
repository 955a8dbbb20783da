"""Pieces in the parcels of cases that are held for nobody, or not inspected yet, read for many cases at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Inspection, Parcel, ParcelCase, ParcelCount
from retcli.rules.lifecycles import Grade
from retcli.shop import Shop

_IDS: sa.BindParameter[int] = sa.bindparam("ids", expanding=True)
_HELD_FOR_NOBODY = (
    sa.select(col(ParcelCase.case_id), col(Inspection.sku))
    .join(Inspection, col(Inspection.parcel_id) == col(ParcelCase.parcel_id))
    .where(col(ParcelCase.case_id).in_(_IDS), col(Inspection.case_line_id).is_(None), col(Inspection.grade) == Grade.X)
    .group_by(col(ParcelCase.case_id), col(Inspection.sku))
    .having(sa.func.sum(Inspection.quantity) > 0)
)
_FOUND_FOR_NOBODY = (
    sa.select(col(ParcelCase.case_id), col(Inspection.sku), sa.cast(sa.func.sum(Inspection.quantity), sa.BigInteger))
    .join(Inspection, col(Inspection.parcel_id) == col(ParcelCase.parcel_id))
    .where(col(ParcelCase.case_id).in_(_IDS), col(Inspection.case_line_id).is_(None), col(Inspection.grade) != Grade.X)
    .group_by(col(ParcelCase.case_id), col(Inspection.sku))
)
_WAITING = (
    sa.select(
        col(ParcelCase.case_id),
        col(Parcel.number),
        col(ParcelCount.sku),
        col(ParcelCount.counted) - col(ParcelCount.inspected),
    )
    .join(Parcel, col(Parcel.id) == col(ParcelCase.parcel_id))
    .join(ParcelCount, col(ParcelCount.parcel_id) == col(Parcel.id))
    .where(col(ParcelCase.case_id).in_(_IDS), col(ParcelCount.counted) > col(ParcelCount.inspected))
    .order_by(col(Parcel.id), col(ParcelCount.sku))
)


def found_for_nobody(shop: Shop, case_ids: Sequence[int]) -> Mapping[int, Mapping[str, int]]:
    """How many pieces in the parcels of some cases were found right ones (any grade but X) and count for no line of any
    case, by case and article.
    """
    by_case: dict[int, dict[str, int]] = defaultdict(dict)
    for case_id, sku, pieces in shop.session.execute(_FOUND_FOR_NOBODY, {"ids": case_ids}):
        by_case[case_id][sku] = int(pieces)
    return by_case


def held_for_nobody(shop: Shop, case_ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """The articles in the parcels of some cases that are held as goods of another order (X) and count for no line of
    any case, by case.
    """
    by_case: dict[int, list[str]] = defaultdict(list)
    for case_id, sku in shop.session.execute(_HELD_FOR_NOBODY, {"ids": case_ids}):
        by_case[case_id].append(sku)
    return by_case


def waiting(shop: Shop, case_ids: Sequence[int]) -> Mapping[int, Mapping[str, Mapping[str, int]]]:
    """How many pieces in the parcels of some cases are counted and not inspected, by case, number of the parcel, and
    article.
    """
    by_case: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for case_id, parcel, sku, pieces in shop.session.execute(_WAITING, {"ids": case_ids}):
        by_case[case_id][parcel][sku] = int(pieces)
    return by_case
