"""The decisions on a case that stand, by its history; those that were taken back before the platform heard of them are
left out.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import Case, PlatformAction
from retcli.models.books import Event
from retcli.rules.events import Actor, actor_of
from retcli.rules.lifecycles import DECISION, PLATFORM_ACTION
from retcli.shop import Shop

APPLIED_ANEW = "apply_anew"
"""The event of a buyer's new application under the same refund number, as a platform's list told it."""


@dataclass(frozen=True)
class Move:
    """One decision, or what undid one: when, what, and whether a platform's report told it (`there`)."""

    at: datetime
    name: str
    there: bool


def amounts_agreed(shop: Shop, numbers: Collection[str]) -> dict[str, list[tuple[datetime, int]]]:
    """When, and with which amount in minor units, some cases were approved, by case number, each oldest first."""
    query = sa.select(col(Event.subject), col(Event.at), col(Event.payload)).where(
        col(Event.subject).in_(numbers), col(Event.action) == "approve"
    )
    agreed: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for case, at, payload in shop.session.execute(query.order_by(col(Event.seq))):
        agreed[case].append((datetime.fromisoformat(at), int(json.loads(payload).get("due") or 0)))
    return agreed


def moves_of(shop: Shop, case: Case, *, everything: bool = False) -> list[Move]:
    """The decisions on a case, oldest first. A decision and its taking back are both left out, unless `everything` is
    asked for or the decision was clicked on the platform meanwhile.
    """
    moves: list[Move] = []
    settled = 0  # so many of the moves can no longer be taken back
    for event, payload in _history(shop, case):
        axis = payload.get("axis")
        if axis == PLATFORM_ACTION.axis:
            settled = len(moves)  # the platform has heard of these decisions
            continue
        move = Move(datetime.fromisoformat(event.at), event.action, actor_of(payload) == Actor.IMPORT)
        if move.name == "reconsider":
            moves = _taken_back(moves, settled, move, everything=everything)
        elif move.name == APPLIED_ANEW:
            # the same report also wrote a reapply, at the same instant: the application is told once
            kept = (earlier for earlier in moves if (earlier.at, earlier.name) != (move.at, "reapply"))
            # books of before do not tell when it was made: their import is the nearest
            moves = [*kept, replace(move, at=datetime.fromisoformat(payload.get("applied_at", event.at)))]
        elif move.name != "reapply" or not move.there:
            moves.append(move)
        if move.name in {"reconsider", "reapply", APPLIED_ANEW}:
            settled = len(moves)
    return moves


def _taken_back(moves: list[Move], settled: int, back: Move, *, everything: bool) -> list[Move]:
    """The moves once a decision was made undone (`back`). Where a platform's report did that, they stay as they are:
    the buyer's new application tells it.
    """
    if back.there:
        return moves
    kept = [move for place, move in enumerate(moves) if place < settled or move.there]
    return [*moves, back] if everything or len(kept) == len(moves) else kept


def _history(shop: Shop, case: Case) -> Iterator[tuple[Event, Mapping[str, Any]]]:
    """The events of a case, with their payloads, that decide it, tell a new application, or make a click for it."""
    actions = sa.select(col(PlatformAction.action)).where(col(PlatformAction.case_id) == case.id).distinct()
    subjects = [case.number, *(f"{case.number}/{action}" for action in shop.session.scalars(actions))]
    query = sa.select(Event).where(col(Event.subject).in_(subjects)).order_by(col(Event.seq))
    for event in shop.session.scalars(query):
        payload = json.loads(event.payload)
        decides = payload.get("axis") == DECISION.axis and event.action != "open"
        clicked = payload.get("axis") == PLATFORM_ACTION.axis and event.action == "click"
        if decides or clicked or event.action == APPLIED_ANEW:
            yield event, payload
