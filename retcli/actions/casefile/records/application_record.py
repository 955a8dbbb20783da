"""The buyer's application as it was when the case began, whatever the shop made of it later."""

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
    """An application: its `kind`; the buyer's own `words`, where the platform's list has them, else `noted`, the code
    of the reason that the shop wrote down; `asked`, the amount that the buyer wants in minor units of the order's
    currency, None where nothing tells it apart from what was paid; `turned_at`, when the shop changed the case to the
    kind that it is now, None where it still is the first kind.
    """

    kind: str
    words: str
    noted: str
    asked: int | None = None
    turned_at: datetime | None = None


def application_of(shop: Shop, case: Case) -> Application:
    """The application of a case, by the platform's list where it stands there, else by the case's history."""
    if case.platform_number:
        kind = case.platform_kind or case.kind
        return Application(kind, case.buyer_words, "", _asked(shop, case), _turned(shop, case, kind))
    kind = next((payload["kind"] for _at, name, payload in _history(shop, case) if name == "open"), case.kind)
    noted = "" if case.buyer_words else case.reason_stated
    return Application(kind, case.buyer_words, noted, _asked(shop, case), _turned(shop, case, kind))


_ASKING = ("open", "adopt", "change", "apply_anew", "apply_more", "apply_as_agreed")
"""The events that tell what the buyer wants; a change does only where no reason stands with it, since a person's has
one and an import's has not.
"""


def _asked(shop: Shop, case: Case) -> int | None:
    """The amount that the buyer wants, in minor units: by the platform's list until the refund succeeded, from when on
    the list names what was paid; then by the case's history. What the shop changed or fixed by itself does not count.
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
    """The instant at which the shop last changed a case's kind; None where it is the `first` one (again)."""
    kind, turned = first, None
    for at, name, payload in _history(shop, case):
        if name == "open" or payload["kind"] == kind:
            kind = payload["kind"]
        else:
            kind, turned = payload["kind"], at
    return turned if kind == case.kind != first else None


def _history(shop: Shop, case: Case) -> Iterator[tuple[datetime, str, Mapping[str, Any]]]:
    """Instant, action and payload of the events that tell a case's kind: its opening, and changes by a person."""
    query = sa.select(Event).where(col(Event.subject) == case.number, col(Event.action).in_(["open", "change"]))
    for event in shop.session.scalars(query.order_by(col(Event.seq))):
        payload = json.loads(event.payload)
        of_case = payload.get("axis") == DECISION.axis or "because" in payload
        if of_case and payload.get("kind"):
            yield datetime.fromisoformat(event.at), event.action, payload
