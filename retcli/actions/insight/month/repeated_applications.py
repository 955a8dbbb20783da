"""Applications of cases for which the buyer applied more than once under one number, each told apart by the history."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.decision_record import APPLIED_ANEW
from retcli.models import Case
from retcli.models.books import Event
from retcli.rules.events import Actor, actor_of
from retcli.rules.lifecycles import DECISION
from retcli.shop import Shop

NO_ANSWER = frozenset({"open", "adopt"})
"""Events that are no answer to the buyer."""
_ENDS = frozenset({"approve", "reject", "withdraw"})
_DECIDED_AS = {Actor.PERSON: "person", Actor.RULE: "rule", Actor.EVIDENCE: "rule", Actor.IMPORT: "platform"}


@dataclass(frozen=True)
class Application:
    """One application: when it was made, when a person first did something on it, and when and by whom it was decided
    last (``person``, ``rule``, ``platform``; empty while it is not). `withdrawn` says that this ended it unanswered.
    """

    applied_at: datetime
    acted_at: datetime | None = None
    decided_at: datetime | None = None
    decided_as: str = ""
    withdrawn: bool = False

    @property
    def unanswered(self) -> bool:
        """Whether nobody has done anything on it, nor decided it."""
        return self.acted_at is None and not self.decided_as


def applications_between(shop: Shop, first: datetime, last: datetime) -> list[Application]:
    """The applications made from `first` until before `last`, of cases that have several."""
    some = (col(Case.applied_anew_at) >= first, col(Case.applied_at) < last)
    rows = shop.session.execute(sa.select(col(Case.number), col(Case.applied_at)).where(*some))
    applied_at = {str(row.number): row.applied_at for row in rows}
    query = sa.select(Event).where(col(Event.subject).in_(sa.select(col(Case.number)).where(*some)))
    events: dict[str, list[tuple[Event, Mapping[str, Any]]]] = {number: [] for number in applied_at}
    for event in shop.session.scalars(query.order_by(col(Event.seq))):
        events[event.subject].append((event, json.loads(event.payload)))
    each = (applied for number, at in applied_at.items() for applied in _applications(at, events[number]))
    return [applied for applied in each if first <= applied.applied_at < last]


def _applications(first: datetime, events: list[tuple[Event, Mapping[str, Any]]]) -> Iterator[Application]:
    """The applications of one case by its events, the oldest first."""
    running = Application(first)
    for event, payload in events:
        at = datetime.fromisoformat(event.at)
        if event.action == APPLIED_ANEW:
            yield running
            # books of before do not tell when it was made: their import is the nearest
            running = Application(datetime.fromisoformat(payload.get("applied_at", event.at)))
        else:
            running = _followed(running, at, event.action, payload)
    yield running


def _followed(running: Application, at: datetime, action: str, payload: Mapping[str, Any]) -> Application:
    """An application after one more event of its case."""
    actor = actor_of(payload)
    by_person = actor == Actor.PERSON
    if by_person and running.acted_at is None and action not in NO_ANSWER:
        running = replace(running, acted_at=at)
    if payload.get("axis") != DECISION.axis:
        return running
    if action in _ENDS:
        return replace(running, decided_at=at, decided_as=_DECIDED_AS[actor], withdrawn=action == "withdraw")
    # what an import undoes gives way to the next application, and was a decision on this one all the same
    return replace(running, decided_at=None, decided_as="") if by_person and action != "open" else running
