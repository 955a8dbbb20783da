"""The platform's own facts about a refund by its list: state, what is new, instants, what the buyer applied for."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.platform_clicks import clicks
from retcli.actions.imports.merging import Source
from retcli.models import Case, ClosedPayment
from retcli.rules.imports.refund_rows import instant_said, status_of
from retcli.rules.lifecycles import PAYING_CLICKS, ActionState, Kind
from retcli.rules.money.refunded_pieces import FINAL
from retcli.shop import Shop

FACTS = (
    "platform_status",
    "platform_state",
    "platform_amount",
    "platform_due_at",
    "platform_succeeded_at",
    "platform_estimated",
    "buyer_words",
    "platform_closed_at",
)
"""The columns of a case that hold what its platform's last list told."""

_KEPT = {
    "payment_number": "payment_number",
    "way": "platform_way",
    "reviewed_by": "platform_reviewed_by",
    "refunded_by": "platform_refunded_by",
    "instant": "platform_instant",
}
"""Further facts of a row, by our word, and the column that keeps each: a list without one leaves it as it is."""


@dataclass(frozen=True)
class Wish:
    """What the buyer applied for by the platform's last list: a kind ("" where it named none) and an amount (minor
    units, None where it named none).
    """

    kind: str
    amount: int | None

    def changed(self, values: dict[str, Any], status: str) -> bool:
        """Whether by a row the buyer applies for something else now: another kind, or, while the platform has not
        agreed, another amount.
        """
        if status == "closed":
            return False
        if values.get("kind") and self.kind and kind_said(values) != self.kind:
            return True
        both_named = None not in (self.amount, values["amount"])
        return status == "requested" and both_named and values["amount"] != self.amount


class News(IntEnum):
    """What a list brings about a refund beyond the last one: nothing, another state or amount, that a closed one is
    open or paid again, or that one that was turned down before is so for another amount.
    """

    NOTHING = 0
    CHANGED = 1
    AFTER_CLOSING = 2
    REFUSED_AGAIN = 3

    @classmethod
    def between(cls, before: tuple[str, int | None], now: tuple[str, int | None]) -> "News":
        """The news between two lists, each given by the refund's state and amount (minor units)."""
        if before == now:
            return cls.NOTHING
        if before[0] == now[0] == "refused":
            return cls.REFUSED_AGAIN
        return cls.AFTER_CLOSING if before[0] == "closed" != now[0] else cls.CHANGED


def wish_there(case: Case) -> Wish:
    """What the buyer applied for by the last list that told of a case."""
    return Wish(case.platform_kind, case.platform_amount)


def kind_said(values: dict[str, Any]) -> Kind:
    """The kind of a row; where it names none, a return if it names a waybill, else a refund only."""
    kind = values.get("kind") or ("return" if values.get("waybill") else "refund-only")
    return Kind.ALLOWANCE if kind == "freight" else Kind(kind)


def overtaken(case: Case, source: Source, status: str) -> bool:
    """Whether a row is of an older list than the one that told how its refund ended. A refund that succeeded never
    begins anew under its number; a closed one only by a newer list.
    """
    if case.platform_state == "succeeded" and status not in FINAL:
        return True
    seen, exported = case.platform_seen_at, source.exported_at
    return case.platform_state in FINAL and seen is not None and exported is not None and exported < seen


def applied_again_at(shop: Shop, source: Source, case: Case, values: dict[str, Any]) -> datetime:
    """When the buyer applied again under the number of a case that was decided: the list's own time where it is later
    than the application that is known, else when the list was exported; never later than now, since a copied file may
    bear a later time, nor before that application.
    """
    said = instant_said(values, "applied_at")
    if said is not None and said > case.last_applied_at:
        return said
    return max(min(source.exported_at or shop.now, shop.now), case.last_applied_at)


def refresh(shop: Shop, source: Source, case: Case, values: dict[str, Any]) -> bool:
    """Writes the platform's facts of a row into its case; whether any changed."""
    # the platform's label of the reason, then the buyer's own words, which `wish_of` takes apart again
    words = "：".join(part for part in (values.get("reason_words"), values.get("explanation")) if part)
    succeeded, estimated = _succeeded(shop, source, case, values)
    amount = case.platform_amount if values["amount"] is None else values["amount"]
    due_at = instant_said(values, "due_at")
    closed_at = (
        (instant_said(values, "finished_at") or case.platform_closed_at) if status_of(values) == "closed" else None
    )
    facts = (
        values.get("platform_status", ""),
        status_of(values),
        amount,
        due_at,
        succeeded,
        estimated,
        words,
        closed_at,
    )
    before = tuple(getattr(case, name) for name in FACTS)
    for name, value in zip(FACTS, facts, strict=True):
        setattr(case, name, value)
    if values.get("kind"):
        case.platform_kind = kind_said(values)
    kept_before = tuple(getattr(case, column) for column in _KEPT.values())
    for name, column in _KEPT.items():
        setattr(case, column, values.get(name) or getattr(case, column))
    before, facts = (*before, *kept_before), (*facts, *(getattr(case, column) for column in _KEPT.values()))
    if before != facts:
        case.platform_seen_at = source.exported_at or case.platform_seen_at
    return before != facts


def _succeeded(shop: Shop, source: Source, case: Case, values: dict[str, Any]) -> tuple[datetime | None, bool]:
    """When a refund succeeded, and whether that is an estimate, which only a list that has the time itself moves once
    it is noted.
    """
    if status_of(values) != "succeeded":
        return None, False
    finished = instant_said(values, "finished_at")
    if finished is not None and (closed_at := _closed_since(shop, case, finished)) is not None:
        listed = min(source.exported_at or shop.now, shop.now)
        return case.platform_succeeded_at or max(listed, closed_at), True
    if finished is not None:
        return finished, False
    if case.platform_succeeded_at is not None:
        return case.platform_succeeded_at, case.platform_estimated
    return ended_at(shop, source, case, values), True


def _closed_since(shop: Shop, case: Case, finished: datetime) -> datetime | None:
    """When the platform closed a payment of a case last, where that was after an instant of success that a list goes on
    showing: so it was paid again since. None where nothing was.
    """
    known = case.platform_succeeded_at
    if case.id is None or shop.pending is not None or (known is not None and known <= finished):
        return None
    query = sa.select(sa.func.max(ClosedPayment.closed_at)).where(col(ClosedPayment.case_id) == case.id)
    closed_at: datetime | None = shop.session.scalar(query)
    return closed_at if closed_at is not None and closed_at >= finished else None


def ended_at(shop: Shop, source: Source, case: Case, values: dict[str, Any]) -> datetime:
    """When a refund ended on its platform. A list without that time gives the nearest it has: when the refund was
    handled, else its own export; never before it was clicked here, or before a list that still showed it open; and
    never later than now, since a copied file may bear a later time.
    """
    if finished := instant_said(values, "finished_at"):
        return finished
    nearest = instant_said(values, "processed_at") or source.exported_at or shop.now
    return min(max([nearest, *_open_until(shop, case)]), shop.now)


def _open_until(shop: Shop, case: Case) -> list[datetime]:
    """Instants at which a case's refund had not ended yet: the clicks that pay it, the last list that told it
    was open. `refresh` asks before it writes what the list at hand tells.
    """
    if case.id is None:
        return []
    clicked = [click.done_at for click in clicks(shop, case, ActionState.DONE) if click.action in PAYING_CLICKS]
    seen = [case.platform_seen_at] if case.platform_state not in FINAL else []
    return [at for at in (*clicked, *seen) if at is not None]
