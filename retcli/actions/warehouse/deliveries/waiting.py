"""Parcels that wait: here and not opened, or handed over by the carrier's word and never scanned; open deliveries."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse import parcels, stalled_parcels
from retcli.models import Delivery, Parcel, ParcelCount
from retcli.models.base import instant_of
from retcli.rules.lifecycles import DeliveryState, ParcelState
from retcli.shop import Shop
from retcli.views.warehouse.deliveries import Waiting
from retcli.views.warehouse.parcels import ParcelsView
from retcli.views.warehouse.stalled_parcels import StalledView

_OPENED = sa.select(col(ParcelCount.parcel_id)).where(
    col(ParcelCount.parcel_id) == col(Parcel.id), col(ParcelCount.counted) > 0
)
_UNOPENED = sa.and_(col(Parcel.state) == ParcelState.RECEIVED, ~_OPENED.exists())


def unopened(shop: Shop) -> Waiting:
    """How many parcels are here of which no piece was counted, and since when the first one is."""
    query = sa.select(sa.func.count(), sa.func.min(Parcel.received_at)).where(_UNOPENED)
    count, since = shop.session.execute(query).one()
    return Waiting(count, instant_of(since))


def list_unopened(shop: Shop) -> ParcelsView:
    """The parcels that are here and of which no piece was counted, those that came first at the top."""
    query = sa.select(Parcel).where(_UNOPENED).order_by(col(Parcel.received_at), col(Parcel.id))
    return ParcelsView(tuple(parcels.view_of(shop, parcel) for parcel in shop.session.scalars(query)))


def never_scanned(shop: Shop) -> Waiting:
    """How many parcels are handed over by their carrier's word and were never scanned, and since when the first is."""
    rows = stalled_parcels.never_scanned(shop)
    return Waiting(len(rows), min((row.last_at for row in rows if row.last_at), default=None))


def list_never_scanned(shop: Shop) -> StalledView:
    """The parcels that are handed over by their carrier's word and were never scanned, the longest ones first."""
    return StalledView(tuple(sorted(stalled_parcels.never_scanned(shop), key=lambda row: -row.hours)))


def not_ended(shop: Shop) -> int:
    """How many deliveries were begun and not ended."""
    return _in_state(shop, DeliveryState.COUNTING)


def short(shop: Shop) -> int:
    """How many deliveries ended with parcels missing, of which nobody has said why."""
    return _in_state(shop, DeliveryState.SHORT)


def _in_state(shop: Shop, state: DeliveryState) -> int:
    return shop.session.scalar(sa.select(sa.func.count()).where(col(Delivery.state) == state)) or 0
