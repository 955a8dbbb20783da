"""What parcels that come back should weigh, by what was weighed when their goods left and by the product sheet."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse.pieces import awaited_pieces, contents, senders
from retcli.models import Case, Order, Parcel, ParcelCase, Product
from retcli.rules.lifecycles import ParcelState
from retcli.rules.warehouse import weights
from retcli.shop import Shop
from retcli.views.warehouse.weights import ParcelWeight


def of(shop: Shop, parcel: Parcel) -> ParcelWeight:
    """What a parcel weighs beside what it should."""
    return ParcelWeight(parcel.weight, expected(shop, parcel))


def expected(shop: Shop, parcel: Parcel) -> weights.Expected | None:
    """What a parcel should weigh with the pieces that are awaited in it; None where nobody can know: also where what
    its cases wait for comes in several parcels or boxes, since it is open what lies in which.
    """
    cases = awaited_pieces.cases_of(shop, parcel)
    awaited = awaited_pieces.expected_pieces(shop, parcel, cases)
    if not awaited or _come_apart(shop, parcel, cases):
        return None
    orders = _orders(shop, parcel, cases)
    sent = senders.pieces_sent(shop, orders)
    left_with = orders[0].weight if len(orders) == 1 else None
    return weights.expected(awaited, _of_articles(shop, awaited), sent, left_with)


def _come_apart(shop: Shop, parcel: Parcel, cases: Sequence[Case]) -> bool:
    """Whether what some cases of a parcel wait for comes in several parcels or boxes, by what is known of them."""
    others = sa.select(col(Parcel.id)).join(ParcelCase, col(ParcelCase.parcel_id) == col(Parcel.id))
    others = others.where(col(ParcelCase.case_id).in_({case.id for case in cases}), col(Parcel.id) != parcel.id)
    others = others.where(col(Parcel.state) != ParcelState.VOID).limit(1)
    return len(contents.boxes(shop, parcel)) > 1 or shop.session.scalars(others).first() is not None


def _orders(shop: Shop, parcel: Parcel, cases: Sequence[Case]) -> list[Order]:
    """The orders whose goods come back in a parcel, which serves some cases."""
    ids = {case.order_id for case in cases}
    if not ids:
        return list(senders.sent_under(shop, parcel.waybill))
    return list(shop.session.scalars(sa.select(Order).where(col(Order.id).in_(ids))))


def _of_articles(shop: Shop, skus: Iterable[str]) -> dict[str, int | None]:
    """What a piece of each of some articles weighs by the product sheet, in grams."""
    query = sa.select(col(Product.sku), col(Product.weight)).where(col(Product.sku).in_(set(skus)))
    return {row.sku: row.weight for row in shop.session.execute(query)}
