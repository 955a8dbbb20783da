"""What the buyer applied for, as it was when the case began: not what the shop made of it later."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Case
from retcli.models.books import Event
from retcli.rules.lifecycles import DECISION, REFUNDING, Kind
from retcli.shop import Shop


@dataclass(frozen=True)
class Application:
    """The kind that the buyer applied for; the buyer's own `words`, where the platform's list has them; else `noted`,
    the code of the reason that the shop wrote down for the buyer; `asked` the amount that the buyer wants, in minor
    units of the order's currency, None where nothing tells it apart from what was paid. `turned_at` is when the shop
    began to deal with it as the kind that it is now, None where that is the first kind or nobody changed it.
    """

    kind: str
    words: str
    noted: str
    asked: int | None = None
    turned_at: datetime | None = None


def application_of(shop: Shop, case: Case) -> Application:
    """The application by the platform's list, and where there is none by the history of the case."""
    if case.platform_number:
        kind = case.platform_kind or case.kind
        return Application(kind, case.buyer_words, "", _asked(shop, case), _turned(shop, case, kind))
    kind = next((payload["kind"] for _at, name, payload in _history(shop, case) if name == "open"), case.kind)
    noted = "" if case.buyer_words else case.reason_stated
    return Application(kind, case.buyer_words, noted, _asked(shop, case), _turned(shop, case, kind))


_ASKING = ("open", "adopt", "change", "apply_anew", "apply_more", "apply_as_agreed")
"""The events that tell what the buyer wants: a change only where nobody here gave a reason for it."""


def _asked(shop: Shop, case: Case) -> int | None:
    """What the buyer wants by the platform's list as long as nothing was paid on it; then by the history, since the
    list names what was paid. What the shop changed or fixed by itself is not the buyer's.
    """
    if case.kind not in REFUNDING | {Kind.ALLOWANCE}:
        return None
    if case.platform_amount is not None and case.platform_state != "succeeded":
        return case.platform_amount
    query = sa.select(Event).where(col(Event.subject) == case.number, col(Event.action).in_(_ASKING))
    payloads = [json.loads(event.payload) for event in shop.session.scalars(query.order_by(col(Event.seq)))]
    theirs = [payload for payload in payloads if "because" not in payload and payload.get("there") != "succeeded"]
    amounts = [payload["asked"] for payload in theirs if payload.get("asked") is not None]
    return amounts[-1] if amounts else None


def _turned(shop: Shop, case: Case, first: str) -> datetime | None:
    """When the shop last changed the kind, where it is no longer the `first` one."""
    kind, turned = first, None
    for at, name, payload in _history(shop, case):
        if name == "open" or payload["kind"] == kind:
            kind = payload["kind"]
        else:
            kind, turned = payload["kind"], at
    return turned if kind == case.kind != first else None


def _history(shop: Shop, case: Case) -> Iterator[tuple[datetime, str, Mapping[str, Any]]]:
    """The events that say of which kind the case is: its opening, and the changes on record by a person."""
    query = sa.select(Event).where(col(Event.subject) == case.number, col(Event.action).in_(["open", "change"]))
    for event in shop.session.scalars(query.order_by(col(Event.seq))):
        payload = json.loads(event.payload)
        of_case = payload.get("axis") == DECISION.axis or "because" in payload
        if of_case and payload.get("kind"):
            yield datetime.fromisoformat(event.at), event.action, payload
