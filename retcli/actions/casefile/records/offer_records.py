"""Offers as they stand in the books: those of a case, what each saved, the ladder over a period, and their lapse."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile import step_memory
from retcli.actions.orderfile.persons import hiding
from retcli.models import Case, CaseLine, Offer, Order
from retcli.rules.cases.remedies import Rung, saved
from retcli.rules.lifecycles import GOING_OUT, OFFER, Decision, OfferState
from retcli.rules.money.minor_units import Money
from retcli.rules.zone import SHANGHAI
from retcli.shop import Shop
from retcli.views.casefile.case_offers import OfferLine
from retcli.views.cases.ladder import LadderView, RungRow


def of_case(shop: Shop, case: Case) -> list[Offer]:
    """The offers of a case, oldest first."""
    opened = step_memory.hanging(shop, Offer, case)
    if opened is not None:
        return opened
    return list(shop.session.scalars(sa.select(Offer).where(col(Offer.case_id) == case.id).order_by(col(Offer.id))))


def subject_of(case: Case, offer: Offer) -> str:
    """The subject of an offer's events: ``<case>/offer-<id>``."""
    return f"{case.number}/offer-{offer.id}"


def lapse(shop: Shop, case: Case) -> None:
    """Has the offer lapse that still waits for the buyer, since another one takes its place or the case ends."""
    for offer in of_case(shop, case):
        if offer.state == OfferState.MADE:
            shop.move(
                offer, subject_of(case, offer), OFFER, "lapse", answered_by=shop.operator.name, answered_at=shop.now
            )


def saving(offer: Offer, case: Case, given: int) -> int:
    """What an offer saved as things stand, in minor units: nothing while it is not accepted, and less by what the case
    was approved for afterwards (`given`). Where goods were to go out nothing is claimed, since nobody knows their cost.
    """
    if case.kind in GOING_OUT:
        return 0
    if offer.state != OfferState.ACCEPTED or offer.rung == Rung.RETURN:
        return 0
    decided, answered = case.decided_at, offer.answered_at
    later = case.decision == Decision.APPROVED and decided is not None and answered is not None and decided > answered
    # what was approved before the answer is in the offer's own `due` already
    return saved(offer.rung, offer.due, offer.amount) - (given if later and offer.due else 0)


def ladder(shop: Shop, since: date, until: date) -> LadderView:
    """What the offers made in a period came to, by currency and rung (days in Shanghai, both counted)."""
    first, last = (datetime.combine(day, time(), SHANGHAI) for day in (since, until + timedelta(days=1)))
    lines = sa.select(sa.cast(sa.func.coalesce(sa.func.sum(CaseLine.due), 0), sa.BigInteger))
    given = lines.where(col(CaseLine.case_id) == col(Case.id)).scalar_subquery() + col(Case.freight_due)
    query = (
        sa.select(Offer, Case, col(Order.currency), given)
        .join(Case, col(Case.id) == col(Offer.case_id))
        .join(Order, col(Order.id) == col(Case.order_id))
        .where(col(Offer.at) >= first, col(Offer.at) < last)
    )
    by_rung: dict[tuple[str, int], list[tuple[Offer, int]]] = defaultdict(list)
    order = list(Rung)
    for offer, case, currency, due in shop.session.execute(query):
        by_rung[currency, order.index(Rung(offer.rung))].append((offer, saving(offer, case, int(due))))
    rows = (_rung(order[place], currency, offers) for (currency, place), offers in sorted(by_rung.items()))
    return LadderView(since, until, tuple(rows))


def _rung(rung: str, currency: str, offers: Sequence[tuple[Offer, int]]) -> RungRow:
    accepted = [offer for offer, _saved in offers if offer.state == OfferState.ACCEPTED]
    declined = sum(offer.state == OfferState.DECLINED for offer, _saved in offers)
    cost, won = sum(offer.amount for offer in accepted), sum(each for _offer, each in offers)
    return RungRow(rung, len(offers), len(accepted), declined, Money(cost, currency), Money(won, currency))


def line_of(offer: Offer, order: Order, case: Case, given: int) -> OfferLine:
    """An offer as its case shows it, with what it saved once it was accepted; `given` is what the case is approved for,
    in minor units.
    """
    spared = None
    if offer.state == OfferState.ACCEPTED and case.kind not in GOING_OUT:
        spared = Money(saving(offer, case, given), order.currency)
    amount, note = Money(offer.amount, order.currency), hiding(order)(offer.note)
    return OfferLine(offer.rung, amount, offer.state, offer.by, offer.at, note, spared)
