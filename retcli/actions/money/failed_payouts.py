"""Payouts that an import marked as failed, since the platform closed a refund or paid otherwise, for its answer."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.case_view import view_of
from retcli.actions.casefile.next_steps import after_fallen
from retcli.actions.casefile.payable import by_route
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.actions.casefile.records.voided_payouts import failures
from retcli.actions.money.outgoing import PLATFORM
from retcli.models import Case, Payout
from retcli.models.books import Event
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views.money.failed_payouts import FailedPayout, FailedPayouts

_NAMED = 6
"""Payouts that an answer names one by one; the others are counted."""


def failed_by(shop: Shop, import_id: int) -> FailedPayouts:
    """The payouts that an import marked as failed, each with its amount and the command that takes its case on."""
    numbers = [*_failed_before(shop, import_id), *_failed_now(shop, import_id)]
    if not numbers:
        return FailedPayouts()
    query = sa.select(Payout, Case).join(Case, col(Case.id) == col(Payout.case_id))
    rows = shop.session.execute(query.where(col(Payout.number).in_(numbers)).order_by(col(Payout.id))).all()
    named = tuple(_failed(shop, payout, case) for payout, case in rows[:_NAMED])
    return FailedPayouts(named, more=max(len(rows) - _NAMED, 0))


def _failed(shop: Shop, payout: Payout, case: Case) -> FailedPayout:
    step = after_fallen(shop, dossier_of(shop, case), payout, view_of(shop, case).next)
    command = step.partition("\n")[0] or f"retcli case show {case.number}"
    amount = Money(payout.minor, payout.currency)
    return FailedPayout(payout.number, case.number, amount, command, _paid_without_it(shop, payout))


def _paid_without_it(shop: Shop, payout: Payout) -> bool:
    """Whether a payout failed while it waited for a second person, since the platform paid the refund without it."""
    waited = any(facts.get("was") == PayoutState.WAITING for _number, facts in failures(shop, {payout.number}))
    there = sa.select(col(Payout.id)).where(col(Payout.case_id) == payout.case_id, col(Payout.origin) == PLATFORM)
    there = there.where(col(Payout.state) == PayoutState.CONFIRMED, col(Payout.reverses_id).is_(None))
    return waited and by_route(payout) and shop.session.scalar(there.limit(1)) is not None


def _failed_before(shop: Shop, import_id: int) -> list[str]:
    """The numbers of the payouts that an import marked as failed, by the events that are saved."""
    query = sa.select(col(Payout.number)).join(Event, col(Event.subject) == col(Payout.number))
    query = query.where(col(Payout.state) == PayoutState.FAILED, col(Event.action) == "fail")
    # with the comma behind it, so that import 1 is not found in 12; a key follows, since they are sorted
    return list(shop.session.scalars(query.where(col(Event.payload).contains(f'"imported":{import_id},'))))


def _failed_now(shop: Shop, import_id: int) -> list[str]:
    """The numbers of the payouts that an import marked as failed in this piece of work, whose events are not saved
    yet.
    """
    failures = (event for event in shop.events if event["action"] == "fail")
    return [event["subject"] for event in failures if event["payload"].get("imported") == import_id]
