"""What was read of the labels of parcels: sender, city, the end of the telephone number, an earlier waybill."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Parcel, ParcelLabel
from retcli.shop import Shop


@dataclass(frozen=True)
class Said:
    """What a label says, or what is new of it, and what else was noted of its parcel; "" for nothing."""

    sender: str = ""
    phone_tail: str = ""
    old_waybill: str = ""
    city: str = ""
    note: str = ""


def last(shop: Shop, parcel: Parcel) -> Said:
    """What is known now of a parcel's label."""
    rows = all_said(shop, parcel)
    return said_in(rows[-1]) if rows else Said()


def all_said(shop: Shop, parcel: Parcel) -> list[ParcelLabel]:
    """What was ever written of a parcel's label, the oldest first."""
    query = sa.select(ParcelLabel).where(col(ParcelLabel.parcel_id) == parcel.id).order_by(col(ParcelLabel.id))
    return list(shop.session.scalars(query))


def said_in(row: ParcelLabel) -> Said:
    """What a row says."""
    return Said(row.sender, row.phone_tail, row.old_waybill, row.city, row.note)
