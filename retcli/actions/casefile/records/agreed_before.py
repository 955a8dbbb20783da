"""What was agreed to here on an application in place of which the buyer made another one, by the cases' history."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.decision_record import APPLIED_ANEW
from retcli.models import Case
from retcli.models.books import Event
from retcli.rules.events import Actor, actor_of
from retcli.rules.lifecycles import DECIDED_THERE
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views.casefile.decided import AgreedBefore


def agreed_before(shop: Shop, *which: Any) -> dict[str, AgreedBefore]:
    """What people or rules had agreed to on an application before the last one, by case number, of the cases that meet
    some conditions and that nobody here has agreed to since; what somebody took back by hand is left out.
    """
    undone = sa.or_(col(Case.decided_at).is_(None), col(Case.decided_as).in_(sorted(DECIDED_THERE)))
    cases = sa.select(col(Case.number)).where(col(Case.applied_anew_at).is_not(None), undone, *which)
    query = sa.select(Event).where(col(Event.subject).in_(cases))
    query = query.where(col(Event.action).in_(["approve", "reconsider", APPLIED_ANEW])).order_by(col(Event.seq))
    agreed, before = dict[str, AgreedBefore](), dict[str, AgreedBefore]()
    for event in shop.session.scalars(query):
        payload = json.loads(event.payload)
        there = actor_of(payload) == Actor.IMPORT
        if event.action == APPLIED_ANEW and event.subject in agreed:
            before[event.subject] = agreed.pop(event.subject)
        elif event.action == "approve" and not there and payload.get("due"):
            agreed[event.subject] = _agreed(event, payload)
        elif event.action == "reconsider" and not there:
            agreed.pop(event.subject, None)
    return before


def before_of(shop: Shop, case: Case) -> AgreedBefore | None:
    """The same of one case; None where nothing was agreed to on an earlier application."""
    if case.applied_anew_at is None:
        return None
    return agreed_before(shop, col(Case.id) == case.id).get(case.number)


def _agreed(event: Event, payload: Mapping[str, Any]) -> AgreedBefore:
    """What an approval's event tells."""
    return AgreedBefore(
        Money(int(payload["due"]), str(payload["currency"])), datetime.fromisoformat(event.at), event.operator
    )
