"""A platform's list that shows a later instant of application under a refund's number: the buyer applied anew, though
no list ever showed the closing between.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.decision_record import APPLIED_ANEW
from retcli.actions.casefile.records.platform_clicks import clicks
from retcli.actions.casefile.records.stopping import STOPS_REST
from retcli.actions.imports.merging import Source, ask, was_asked
from retcli.database.staging.stages import StagedRow
from retcli.models import Case
from retcli.models.books import Event
from retcli.rules.imports.refund_rows import SUCCEEDED, instant_said
from retcli.rules.lifecycles import DECIDED_THERE, ActionState
from retcli.rules.money.refunded_pieces import FINAL
from retcli.rules.zone import SHANGHAI
from retcli.shop import Shop

ADOPTED, AS_AGREED = "adopt", "apply_as_agreed"
"""Events by which a list told of an application without undoing a decision: of a case that was opened by hand, and one
that the buyer changed to what had been agreed to.
"""
_SAME = timedelta(minutes=1)
"""Layouts that print no seconds tell the same application by less than this earlier."""


def told(values: Mapping[str, Any]) -> dict[str, str]:
    """The instant of application of a row, for an event; nothing where the row has none."""
    at = instant_said(values, "applied_at")
    return {} if at is None else {"applied_at": at.astimezone(UTC).isoformat()}


def since_decided(shop: Shop, source: Source, case: Case, values: Mapping[str, Any], status: str) -> datetime | None:
    """When by a row the buyer applied anew after a case was decided; None where the row tells of no later application,
    of one that has ended, or where what was decided or clicked here came after it.
    """
    at = instant_said(values, "applied_at")
    if at is None or status in FINAL or not _later(at, case.last_applied_at):
        return None
    # a list that shows it waiting disproves the clicks that were made before it was exported
    disproved = (source.exported_at or shop.now) if status == "requested" else None
    if case.decided_as not in DECIDED_THERE and any(act >= at for act in _acts(shop, case, disproved)):
        return None
    return at if all(_later(at, before) for before in _told_before(shop, case)) else None


def _later(at: datetime, before: datetime) -> bool:
    """Whether an instant is a later one than another; of a time without its seconds, or of a day alone, only what it
    tells counts.
    """
    local = before.astimezone(SHANGHAI)
    day_alone = local.time() == time(0) and local.date() == at.astimezone(SHANGHAI).date()
    return at - before >= _SAME and not day_alone


def _acts(shop: Shop, case: Case, after: datetime | None) -> list[datetime]:
    """When a case was decided here, and when somebody clicked for it on the platform; only clicks `after` an instant,
    where one is named.
    """
    made = [click.done_at for click in clicks(shop, case, ActionState.DONE, ActionState.VERIFIED) if click.done_at]
    decided = [] if case.decided_at is None else [case.decided_at]
    return decided + [at for at in made if after is None or at > after]


def _told_before(shop: Shop, case: Case) -> list[datetime]:
    """The instants of application that lists told of a case, beside those that its row has."""
    telling = col(Event.action).in_([ADOPTED, AS_AGREED, APPLIED_ANEW])
    query = sa.select(col(Event.at), col(Event.payload)).where(col(Event.subject) == case.number, telling)
    # an earlier program wrote no instant when it adopted a case: what its list showed had been applied for by then
    return [
        datetime.fromisoformat(json.loads(payload).get("applied_at", at)) for at, payload in shop.session.execute(query)
    ]


def asked_after_paying(shop: Shop, source: Source, row: StagedRow, case: Case, status: str) -> bool:
    """Asks about an application of a row that was made after the platform had paid the refund, by a list that is newer
    than the one that told so; whether anything was asked that was not asked before.
    """
    seen, exported = case.platform_seen_at, source.exported_at
    if case.platform_state != SUCCEEDED or (seen is not None and exported is not None and exported < seen):
        return False
    at, paid_at = since_decided(shop, source, case, row.values, status), case.platform_succeeded_at
    if at is None or (paid_at is not None and not case.platform_estimated and at <= paid_at):
        return False
    if was_asked(shop, row.values["refund"], STOPS_REST, _moment(at)):
        return False
    ask_of_it(shop, source, row, case, at)
    return True


def ask_of_it(shop: Shop, source: Source, row: StagedRow, case: Case, at: datetime) -> None:
    """Asks about an application that was made (`at`) after money or goods of a case left for the one before, or goods
    came back for it.
    """
    known, found = _moment(case.last_applied_at), _moment(at)
    ask(shop, source, row.number, row.values["refund"], STOPS_REST, known, found)


def _moment(at: datetime) -> str:
    """An instant as a question tells it."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
