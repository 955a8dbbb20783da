"""Offers as they stand in the books: those of a case, what each saved, the ladder over a period, and their lapse."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.dossiers import Dossier
from retcli.actions.orderfile import step_memory
from retcli.actions.orderfile.persons import hiding
from retcli.models import Case, CaseLine, Offer, Order, Payout
from retcli.rules.cases.remedies import GIVEN, Rung, saved
from retcli.rules.lifecycles import GOING_OUT, OFFER, Decision, OfferState, PayoutState
from retcli.rules.money.minor_units import Money
from retcli.rules.zone import SHANGHAI
from retcli.shop import Shop
from retcli.views.casefile.case_offers import OfferLine
from retcli.views.cases.ladder import LadderView, RungRow

_UNDONE = frozenset({PayoutState.FAILED, PayoutState.REVERSED})


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
        sa.select(Offer, Case, col(Order.currency), given, _taken_back())
        .join(Case, col(Case.id) == col(Offer.case_id))
        .join(Order, col(Order.id) == col(Case.order_id))
        .where(col(Offer.at) >= first, col(Offer.at) < last)
    )
    by_rung: dict[tuple[str, int], list[tuple[Offer, int, int]]] = defaultdict(list)
    order = list(Rung)
    for offer, case, currency, due, undone in shop.session.execute(query):
        gone = undone and offer.rung in GIVEN
        won, cost = (0, 0) if gone else (saving(offer, case, int(due)), offer.amount)
        by_rung[currency, order.index(Rung(offer.rung))].append((offer, won, cost))
    rows = (_rung(order[place], currency, offers) for (currency, place), offers in sorted(by_rung.items()))
    return LadderView(since, until, tuple(rows))


def _taken_back() -> sa.ColumnElement[bool]:
    """The condition that something was given on a case, and all of it failed or was taken back."""
    given = sa.select(col(Payout.id)).where(col(Payout.case_id) == col(Case.id), col(Payout.kind) == "compensation")
    given = given.where(col(Payout.reverses_id).is_(None)).correlate(Case)
    standing = given.where(col(Payout.state).not_in(_UNDONE))
    return sa.and_(given.exists(), sa.not_(standing.exists()))


def _rung(rung: str, currency: str, offers: Sequence[tuple[Offer, int, int]]) -> RungRow:
    accepted = [cost for offer, _won, cost in offers if offer.state == OfferState.ACCEPTED]
    declined = sum(offer.state == OfferState.DECLINED for offer, _won, _cost in offers)
    cost, won = sum(accepted), sum(won for _offer, won, _cost in offers)
    return RungRow(rung, len(offers), len(accepted), declined, Money(cost, currency), Money(won, currency))


def standing(dossier: Dossier) -> list[Rung]:
    """The rungs that the buyer of a case accepted and that stand, oldest first: none that gives something, once all
    that was given on the case failed or was taken back.
    """
    given = [payout for payout in dossier.payouts if payout.kind == "compensation" and payout.reverses_id is None]
    undone = bool(given) and all(payout.state in _UNDONE for payout in given)
    accepted = (Rung(rung) for state, rung in dossier.offers if state == OfferState.ACCEPTED)
    return [rung for rung in accepted if not (undone and rung in GIVEN)]


def stands(offer: Offer, dossier: Dossier) -> bool:
    """Whether an offer was accepted and what it gave was not taken back."""
    return offer.state == OfferState.ACCEPTED and Rung(offer.rung) in standing(dossier)


def line_of(offer: Offer, dossier: Dossier) -> OfferLine:
    """An offer as its case shows it, with what it saved while it is accepted and stands."""
    order, case, spared = dossier.order, dossier.case, None
    accepted, standing = offer.state == OfferState.ACCEPTED, stands(offer, dossier)
    if standing and case.kind not in GOING_OUT:
        spared = Money(saving(offer, case, dossier.due), order.currency)
    amount, note = Money(offer.amount, order.currency), hiding(order)(offer.note)
    undone = accepted and not standing
    return OfferLine(offer.rung, amount, offer.state, offer.by, offer.at, note, spared, undone)
