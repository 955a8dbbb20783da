"""What was offered on a case, read; and offers that lapse."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Case, Offer
from retcli.rules.lifecycles import OFFER, OfferState
from retcli.rules.money import Money
from retcli.rules.remedies import saved
from retcli.shop import Shop
from retcli.views import masking
from retcli.views.base import instant, money


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
        made["saved"] = money(Money(saved(offer.due, offer.amount), currency))
    return made
