"""How fast the shop is: reply, agreement, refund, back on the shelf, the whole matter."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Case, Inspection, Parcel, ParcelCase, Payout
from retcli.models.books import Event
from retcli.rules.lifecycles import COMING_BACK, Decision, PayoutState
from retcli.rules.speed import Spell, speed
from retcli.rules.zone import SHANGHAI
from retcli.shop import Shop
from retcli.views.speeds import SpeedsView

INSPECTION = timedelta(hours=48)
"""What came back is looked at within two days (`rules.md` §5)."""
_NOT_YET = ("open", "adopt")
"""Events that are not an answer to the buyer."""


def speeds(shop: Shop, since: date, until: date) -> SpeedsView:
    """The steps of the cases applied for in a period (days in Shanghai, both counted). A case that came into the books
    with the platform's decision says nothing of how fast anybody here was.
    """
    first, last = _midnight(since), _midnight(until + timedelta(days=1))
    decided_before = sa.and_(col(Case.decided_as) == "platform", col(Case.decided_at) <= col(Case.opened_at))
    within = (
        col(Case.applied_at) >= first,
        col(Case.applied_at) < last,
        sa.or_(col(Case.decided_at).is_(None), sa.not_(decided_before)),
    )
    policy = shop.policy
    steps = (
        ("reply", _replies(shop, within), policy.own_reply),
        ("agreement", _agreements(shop, within), policy.own_agreement),
        ("refund", _refunds(shop, within), policy.pay_after_receipt),
        ("back_on_shelf", _inspections(shop, within), INSPECTION),
        ("whole_case", _whole(shop, within), None),
    )
    return SpeedsView(since, until, tuple(speed(name, list(spells), target) for name, spells, target in steps))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def _spells(rows: Any) -> Iterator[Spell]:
    for began, ended in rows:
        yield Spell(began, datetime.fromisoformat(ended) if isinstance(ended, str) else ended)


def _replies(shop: Shop, within: Any) -> Iterator[Spell]:
    """To the first thing that anybody did."""
    told = sa.select(col(Event.subject), sa.func.min(Event.at).label("at")).where(col(Event.action).not_in(_NOT_YET))
    first = told.group_by(col(Event.subject)).subquery()
    query = sa.select(col(Case.applied_at), first.c.at).join(first, first.c.subject == col(Case.number)).where(*within)
    return _spells(shop.session.execute(query))


def _agreements(shop: Shop, within: Any) -> Iterator[Spell]:
    """To the decision."""
    query = sa.select(col(Case.applied_at), col(Case.decided_at)).where(*within, col(Case.decided_at).is_not(None))
    query = query.where(col(Case.decision).in_([Decision.APPROVED, Decision.REJECTED]))
    return _spells(shop.session.execute(query))


def _refunds(shop: Shop, within: Any) -> Iterator[Spell]:
    """From the goods' arrival, or from the decision where none come, to the money's."""
    query = (
        sa.select(col(Case.kind), col(Case.decided_at), sa.func.min(Parcel.received_at), sa.func.max(Payout.settled_at))
        .join(Payout, col(Payout.case_id) == col(Case.id))
        .outerjoin(ParcelCase, col(ParcelCase.case_id) == col(Case.id))
        .outerjoin(Parcel, col(Parcel.id) == col(ParcelCase.parcel_id))
        .where(*within, col(Payout.kind) == "refund", col(Payout.state) == PayoutState.CONFIRMED)
        .where(col(Payout.settled_at).is_not(None), col(Payout.minor) > 0)
        .group_by(col(Case.id), col(Case.kind), col(Case.decided_at))
    )
    rows = [
        (received if kind in COMING_BACK and received else decided, settled)
        for kind, decided, received, settled in shop.session.execute(query)
    ]
    return _spells((began, ended) for began, ended in rows if began is not None)


def _inspections(shop: Shop, within: Any) -> Iterator[Spell]:
    """From the door to the shelf."""
    query = (
        sa.select(col(Parcel.received_at), sa.func.max(Inspection.at))
        .join(Inspection, col(Inspection.parcel_id) == col(Parcel.id))
        .join(ParcelCase, col(ParcelCase.parcel_id) == col(Parcel.id))
        .join(Case, col(Case.id) == col(ParcelCase.case_id))
        .where(*within, col(Parcel.received_at).is_not(None))
        .group_by(col(Parcel.id), col(Parcel.received_at))
    )
    return _spells(shop.session.execute(query))


def _whole(shop: Shop, within: Any) -> Iterator[Spell]:
    query = sa.select(col(Case.applied_at), col(Case.finished_at)).where(*within, col(Case.finished_at).is_not(None))
    return _spells(shop.session.execute(query))
