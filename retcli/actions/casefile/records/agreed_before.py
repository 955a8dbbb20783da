"""What was agreed to here on an application in place of which the buyer made another one, by the cases' history."""

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
from retcli.rules.lifecycles import DECIDED_THERE, Decision, Filing
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views.casefile.decided import AgreedBefore
from retcli.views.casefile.fallen_agreements import FallenAgreement, FallenAgreements


def agreed_before(shop: Shop, *which: Any) -> dict[str, AgreedBefore]:
    """What people or rules had agreed to on an application before the last one, by case number, of the cases that meet
    some conditions and that nobody here has agreed to since; what somebody took back by hand is left out.
    """
    undone = sa.or_(col(Case.decided_at).is_(None), col(Case.decided_as).in_(sorted(DECIDED_THERE)))
    cases = sa.select(col(Case.number)).where(col(Case.applied_anew_at).is_not(None), undone, *which)
    numbers = list(shop.session.scalars(cases))
    agreed, before = dict[str, AgreedBefore](), dict[str, AgreedBefore]()
    for told in _told(shop, numbers) if numbers else ():
        there = actor_of(told.payload) == Actor.IMPORT
        if told.action == APPLIED_ANEW and told.subject in agreed:
            was = agreed.pop(told.subject)
            clicked, imported = bool(told.payload.get("was_clicked")), told.payload.get("imported")
            before[told.subject] = replace(was, clicked=clicked, imported=imported)
        elif told.action == "approve" and not there and told.payload.get("due"):
            agreed[told.subject] = _agreed(told)
        elif told.action in _TAKES_BACK and not there:
            agreed.pop(told.subject, None)
    return before


def fallen_agreements(shop: Shop, import_id: int | None = None) -> FallenAgreements:
    """The undecided cases on which something had been agreed to before the buyer applied anew, by case number; of one
    import where that is named.
    """
    undecided = [col(Case.decision) == Decision.REQUESTED, col(Case.filing) == Filing.OPEN]
    before = sorted(agreed_before(shop, *undecided).items())
    return FallenAgreements(
        tuple(FallenAgreement(case, was) for case, was in before if import_id in {None, was.imported})
    )


_TAKES_BACK = frozenset({"reconsider", "reject", "withdraw"})
"""The decisions of a person after which an approval no longer stands."""


@dataclass(frozen=True)
class _Told:
    """An event of a case, read."""

    subject: str
    action: str
    at: datetime
    by: str
    payload: Mapping[str, Any]


def _told(shop: Shop, numbers: list[str]) -> Iterator[_Told]:
    """The events of some cases that agree, take back, or tell a new application: those that are saved, and those of
    this piece of work, which are written at its end.
    """
    telling = {"approve", APPLIED_ANEW, *_TAKES_BACK}
    query = sa.select(Event).where(col(Event.subject).in_(numbers), col(Event.action).in_(sorted(telling)))
    for event in shop.session.scalars(query.order_by(col(Event.seq))):
        at = datetime.fromisoformat(event.at)
        yield _Told(event.subject, event.action, at, event.operator, json.loads(event.payload))
    for written in shop.events:
        if written["action"] in telling and written["subject"] in numbers:
            by = shop.operator.name
            yield _Told(written["subject"], written["action"], shop.now, by, written["payload"])


def before_of(shop: Shop, case: Case) -> AgreedBefore | None:
    """The same of one case; None where nothing was agreed to on an earlier application."""
    if case.applied_anew_at is None:
        return None
    return agreed_before(shop, col(Case.id) == case.id).get(case.number)


def _agreed(told: _Told) -> AgreedBefore:
    """What an approval's event tells."""
    return AgreedBefore(Money(int(told.payload["due"]), str(told.payload["currency"])), told.at, told.by)
