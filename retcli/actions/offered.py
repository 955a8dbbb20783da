"""What was offered, read: on a case, and over a period; and offers that lapse."""

from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Case, Offer, Order
from retcli.rules.lifecycles import OFFER, OfferState
from retcli.rules.money import Money
from retcli.rules.remedies import Rung, saved
from retcli.rules.zone import SHANGHAI
from retcli.shop import Shop
from retcli.views import masking
from retcli.views.base import instant, money
from retcli.views.ladder import LadderView, RungRow


def of_case(shop: Shop, case: Case) -> list[Offer]:
    """The offers of a case, oldest first."""
    return list(shop.session.scalars(sa.select(Offer).where(col(Offer.case_id) == case.id).order_by(col(Offer.id))))


def subject_of(case: Case, offer: Offer) -> str:
    """What an offer is called in the history."""
    return f"{case.number}/offer-{offer.id}"


def lapse(shop: Shop, case: Case) -> None:
    """Lets the offer lapse that still waits for the buyer: another one takes its place, or the case ends."""
    for offer in of_case(shop, case):
        if offer.state == OfferState.MADE:
            shop.move(
                offer, subject_of(case, offer), OFFER, "lapse", answered_by=shop.operator.name, answered_at=shop.now
            )


def ladder(shop: Shop, since: date, until: date) -> LadderView:
    """What each rung came to over the offers made in a period (days in Shanghai, both counted), by currency."""
    first, last = (datetime.combine(day, time(), SHANGHAI) for day in (since, until + timedelta(days=1)))
    mine = [sa.case((col(Offer.state) == state, number), else_=0) for state, number in _COUNTED]
    sums = [sa.cast(sa.func.sum(each), sa.BigInteger) for each in mine]
    query = (
        sa.select(col(Offer.rung), col(Order.currency), sa.func.count(), *sums)
        .join(Case, col(Case.id) == col(Offer.case_id))
        .join(Order, col(Order.id) == col(Case.order_id))
        .where(col(Offer.at) >= first, col(Offer.at) < last)
        .group_by(col(Offer.rung), col(Order.currency))
    )
    order = list(Rung)
    rows = sorted(shop.session.execute(query), key=lambda row: (row[1], order.index(Rung(row[0]))))
    return LadderView(since, until, tuple(_rung(*row) for row in rows))


_COUNTED: tuple[tuple[str, Any], ...] = (
    (OfferState.ACCEPTED, 1),
    (OfferState.DECLINED, 1),
    (OfferState.ACCEPTED, col(Offer.amount)),
    (OfferState.ACCEPTED, col(Offer.due)),
)
"""Accepted, declined, what the accepted ones cost, and what their cases would have cost."""


def _rung(rung: str, currency: str, made: int, accepted: int, declined: int, cost: int, due: int) -> RungRow:
    won = saved(rung, int(due), int(cost))
    return RungRow(rung, made, int(accepted), int(declined), Money(int(cost), currency), Money(won, currency))


def facts(offer: Offer, currency: str) -> dict[str, Any]:
    """An offer as it stands inside a case's document; what it saved once it was accepted."""
    made: dict[str, Any] = {
        "rung": offer.rung,
        "amount": money(Money(offer.amount, currency)),
        "state": offer.state,
        "by": offer.by,
        "at": instant(offer.at),
        "note": masking.free_text(offer.note),
    }
    if offer.state == OfferState.ACCEPTED:
        made["saved"] = money(Money(saved(offer.rung, offer.due, offer.amount), currency))
    return made
