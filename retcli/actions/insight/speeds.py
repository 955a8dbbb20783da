"""How fast the shop is: reply, agreement, refund, inspection of goods that came back, the whole case."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.insight.month.repeated_applications import NO_ANSWER, Application, applications_between
from retcli.models import Case, Inspection, Parcel, ParcelCase, Payout
from retcli.models.books import Event
from retcli.rules.insight.speed import Speed, Spell, speed
from retcli.rules.lifecycles import COMING_BACK, Decision, PayoutState
from retcli.rules.zone import midnight
from retcli.shop import Shop
from retcli.views.insight.speeds import SpeedsView

INSPECTION = timedelta(hours=48)
"""The time within which goods that came back are to be inspected (`docs/rules.md` §5)."""
_ANOTHER = '"actor":'
"""A piece of the payload (JSON) of events that are not a person's, and of no other: within a text of JSON the quotation
marks would have a backslash. Looked for as text, since SQLite and PostgreSQL read JSON by different functions.
"""


def speeds(shop: Shop, since: date, until: date) -> SpeedsView:
    """How long each step took of the cases applied for in a period (days in Shanghai, both counted). Only what people
    did here counts; how many cases rules and platforms decided stands apart. Where a buyer applied again under one
    number, each application is answered and decided by itself, goods and money follow from the last one, and the whole
    case began with the first.
    """
    first, last = midnight(since), midnight(until + timedelta(days=1))
    by_people = col(Case.decided_as) != "platform"
    began, once = _between(col(Case.applied_at), first, last), (col(Case.applied_anew_at).is_(None),)
    latest = _between(sa.func.coalesce(Case.applied_anew_at, Case.applied_at), first, last)
    several = applications_between(shop, first, last)
    within = (*latest, by_people)
    policy = shop.policy
    steps = (
        ("reply", [*_replies(shop, (*began, *once, by_people)), *_replied(several)], policy.own_reply),
        ("agreement", [*_agreements(shop, (*began, *once)), *_agreed(several)], policy.own_agreement),
        ("refund", _refunds(shop, within), policy.pay_after_receipt),
        ("back_on_shelf", _inspections(shop, within), INSPECTION),
        ("whole_case", _whole(shop, (*began, by_people)), None),
    )
    speed_of = {name: speed(name, list(spells), target) for name, spells, target in steps}
    missed = _unanswered(shop, (*began, *once, by_people), policy.own_reply)
    missed += sum(each.unanswered and shop.now - each.applied_at > policy.own_reply for each in several)
    speed_of["reply"] = replace(speed_of["reply"], missed=missed)
    early = Speed("refund_before_goods", _paid_early(shop, within), None, None, None, 0)
    rows: list[Speed] = []
    for name, step in speed_of.items():
        rows += [step, early] if name == "refund" else [step]
    return SpeedsView(since, until, tuple(rows), _decided_as(shop, (*began, *once), several))


def _between(instant: Any, first: datetime, last: datetime) -> tuple[Any, Any]:
    """That an instant lies from `first` until before `last`."""
    return instant >= first, instant < last


def _replied(several: Sequence[Application]) -> Iterator[Spell]:
    """The spells to a person's first act of applications of which their case has several."""
    for each in several:
        if each.acted_at is not None and each.decided_as != "platform":
            yield Spell(each.applied_at, each.acted_at)


def _agreed(several: Sequence[Application]) -> Iterator[Spell]:
    """The spells to a person's decision of applications of which their case has several."""
    for each in several:
        if each.decided_at is not None and each.decided_as == "person" and not each.withdrawn:
            yield Spell(each.applied_at, each.decided_at)


def _decided_as(shop: Shop, applied: Any, several: Sequence[Application]) -> dict[str, int]:
    """How many applications people, rules and platforms decided."""
    query = sa.select(col(Case.decided_as), sa.func.count()).where(*applied, col(Case.decided_as) != "")
    counts = Counter({kind: int(n) for kind, n in shop.session.execute(query.group_by(col(Case.decided_as)))})
    return dict(counts + Counter(each.decided_as for each in several if each.decided_as))


def _spells(rows: Any) -> Iterator[Spell]:
    """Rows of two instants as spells of time; the second may be text, as events write it."""
    for began, ended in rows:
        yield Spell(began, datetime.fromisoformat(ended) if isinstance(ended, str) else ended)


def _replies(shop: Shop, within: Any) -> Iterator[Spell]:
    """The spells from application to the first thing that a person did. Only events of these cases are read, since most
    of the history tells what files brought.
    """
    # the least text is the earliest instant, since events write all of them in UTC
    acts = sa.select(col(Event.subject), sa.func.min(Event.at).label("at")).where(*_by_people(within))
    first = acts.group_by(col(Event.subject)).subquery()
    query = sa.select(col(Case.applied_at), first.c.at).join(first, first.c.subject == col(Case.number)).where(*within)
    return _spells(shop.session.execute(query))


def _by_people(within: Any) -> tuple[Any, ...]:
    """The conditions that an event is what a person did on one of some cases."""
    theirs = col(Event.subject).in_(sa.select(col(Case.number)).where(*within))
    return theirs, col(Event.action).not_in(NO_ANSWER), ~col(Event.payload).contains(_ANOTHER)


def _unanswered(shop: Shop, within: Any, target: timedelta) -> int:
    """How many cases nobody did anything on within the target, nor since: undecided ones, and those that the buyer took
    back after it.
    """
    answered = sa.select(col(Event.subject)).where(*_by_people(within))
    query = sa.select(col(Case.applied_at), col(Case.finished_at)).where(*within, col(Case.decided_as) == "")
    spells = shop.session.execute(query.where(col(Case.number).not_in(answered)))
    return sum((ended or shop.now) - applied > target for applied, ended in spells)


def _agreements(shop: Shop, within: Any) -> Iterator[Spell]:
    """The spells from application to a person's decision."""
    query = sa.select(col(Case.applied_at), col(Case.decided_at)).where(*within, col(Case.decided_at).is_not(None))
    query = query.where(col(Case.decision).in_([Decision.APPROVED, Decision.REJECTED]))
    query = query.where(col(Case.decided_as) == "person")
    return _spells(shop.session.execute(query))


def _paid(shop: Shop, within: Any) -> list[tuple[bool, datetime | None, datetime | None, datetime]]:
    """Each refunded case: whether goods come back, when it was decided, when they arrived, when the money did."""
    query = (
        sa.select(col(Case.kind), col(Case.decided_at), sa.func.min(Parcel.received_at), sa.func.max(Payout.settled_at))
        .join(Payout, col(Payout.case_id) == col(Case.id))
        .outerjoin(ParcelCase, col(ParcelCase.case_id) == col(Case.id))
        .outerjoin(Parcel, col(Parcel.id) == col(ParcelCase.parcel_id))
        .where(*within, col(Payout.kind) == "refund", col(Payout.state) == PayoutState.CONFIRMED)
        .where(col(Payout.settled_at).is_not(None), col(Payout.minor) > 0)
        .group_by(col(Case.id), col(Case.kind), col(Case.decided_at))
    )
    # a case with two payouts and two parcels is four rows before the grouping: MIN and MAX do not mind, a sum would
    rows = shop.session.execute(query)
    return [
        (kind in COMING_BACK, decided, _at(received), _instant(settled)) for kind, decided, received, settled in rows
    ]


def _instant(value: Any) -> datetime:
    """An instant that a database gives as a maximum or minimum: SQLite gives text without a zone, which is UTC."""
    at: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _at(value: Any) -> datetime | None:
    return _instant(value) if value is not None else None


def _refunds(shop: Shop, within: Any) -> Iterator[Spell]:
    """The spells from the goods' arrival, or the decision where none come back, to the money's arrival; without cases
    whose money went ahead of their goods.
    """
    for back, decided, received, settled in _paid(shop, within):
        began = received if back else _at(decided)
        if began is not None and began <= settled:
            yield Spell(began, settled)


def _paid_early(shop: Shop, within: Any) -> int:
    """How many cases had their money before their goods came."""
    return sum(back and (received is None or received > settled) for back, _d, received, settled in _paid(shop, within))


def _inspections(shop: Shop, within: Any) -> Iterator[Spell]:
    """The spells from a parcel's arrival to the last inspection of it."""
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
    """The spells from application to the end of the case."""
    query = sa.select(col(Case.applied_at), col(Case.finished_at)).where(*within, col(Case.finished_at).is_not(None))
    return _spells(shop.session.execute(query))
