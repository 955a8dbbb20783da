"""What people did that may be taken back: written down as it is done, found again, and reversed once."""

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.errors import Refused
from retcli.language import _
from retcli.models import Case, Parcel
from retcli.models.acts import Act
from retcli.models.books import Event
from retcli.rules.events import Actor, canonical
from retcli.shop import Shop
from retcli.views.base import when
from retcli.words import word

UNDO = "undo_"
"""Before the kind of what was taken back, the kind of an act that takes it back."""
WITH_ROWS: Mapping[str, tuple[str, ...]] = {"note": ("note", "flag"), "contact": ("contact",)}
"""What is written down beside a case and counts no more once it is taken back, with the kinds of acts that write it."""


def note(
    shop: Shop,
    kind: str,
    subject: str,
    *,
    case: Case | None = None,
    parcel: Parcel | None = None,
    row: int | None = None,
    session: str = "",
    delivery: int | None = None,
    **did: Any,
) -> Act | None:
    """Writes down what the operator did, with what its reversal needs to know; nothing for an import or a rule. `row`
    is the row of another table that was written, `delivery` that of the delivery in which a parcel was taken in.
    """
    if shop.actor != Actor.PERSON or shop.pending is not None:
        return None
    act = Act(kind=kind, subject=subject, did=canonical(did), session=session, by=shop.operator.name, at=shop.now)
    act.case_id, act.parcel_id = case.id if case else None, parcel.id if parcel else None
    act.row_id, act.delivery_id = row, delivery
    shop.add(act)
    return act


def what(act: Act) -> Mapping[str, Any]:
    """What the reversal of an act needs to know."""
    return dict(json.loads(act.did))


def first_event(shop: Shop, act: Act) -> int | None:
    """The number of the first event that an act wrote of its subject, by which its place in the history is known
    whatever a clock said; of several at one instant the first one's. None where it wrote none.
    """
    query = sa.select(sa.func.min(Event.seq)).where(
        col(Event.subject) == act.subject,
        col(Event.operator) == act.by,
        col(Event.at) == act.at.astimezone(UTC).isoformat(),
    )
    seq: int | None = shop.session.scalar(query)
    return seq


def follows(shop: Shop, act: Act, subject: str, actions: Collection[str], at: datetime | None) -> bool:
    """Whether what was done with a `subject` (the last of some `actions`) was written down after an act, or with it.
    `at` is when it was done (None for never): that counts where the history has no such entries.
    """
    if at is None:
        return False
    last = sa.select(sa.func.max(Event.seq)).where(col(Event.subject) == subject, col(Event.action).in_(actions))
    first, done = first_event(shop, act), shop.session.scalar(last)
    return at >= act.at if first is None or done is None else int(done) >= first


def standing() -> sa.Select[Any]:
    """A query for the acts that nobody took back, the newest first."""
    query = sa.select(Act).where(col(Act.reverses_id).is_(None), col(Act.id).not_in(_reversed()))
    return query.order_by(col(Act.id).desc())


def last_of(shop: Shop, session: str | None = None, kinds: Collection[str] = ()) -> Act | None:
    """The last thing that the operator did and nobody took back, of one `session` or of some `kinds` where these are
    named; locked.
    """
    query = standing().where(col(Act.by) == shop.operator.name)
    query = query if session is None else query.where(col(Act.session) == session)
    query = query.where(col(Act.kind).in_(kinds)) if kinds else query
    act = shop.session.scalars(query.limit(1)).first()
    return shop.hold(act) if act else None


def standing_of(shop: Shop, case: Case, kind: str) -> Act | None:
    """The last act of a kind on a case that nobody took back; None for none."""
    query = standing().where(col(Act.case_id) == case.id, col(Act.kind) == kind)
    return shop.session.scalars(query.limit(1)).first()


def newest(shop: Shop) -> Act | None:
    """What the operator did last, also where it took something back."""
    query = sa.select(Act).where(col(Act.by) == shop.operator.name).order_by(col(Act.id).desc())
    return shop.session.scalars(query.limit(1)).first()


def refuse_later(shop: Shop, act: Act) -> None:
    """Raises Refused where something was done with the parcel of an act after it, which stands still."""
    query = standing().where(col(Act.parcel_id) == act.parcel_id, col(Act.id) > act.id)
    later = shop.session.scalars(query.limit(1)).first()
    if later is not None:
        message = _("{subject}: {who} did something after it ({what}, {at})")
        words = {"who": later.by, "what": word(later.kind, "act"), "at": when(later.at)}
        hint = _("Take that back first: retcli undo, by {who}").format(who=later.by)
        raise Refused(message.format(subject=act.subject, **words), hint, subject=act.subject)


def reverse(shop: Shop, act: Act) -> None:
    """Writes down that an act is taken back now. Raises Refused where that was done a moment ago."""
    taken = sa.select(col(Act.id)).where(col(Act.reverses_id) == act.id)
    if shop.session.scalar(taken) is not None:
        raise Refused(_("It was taken back already"), subject=act.subject)
    shop.add(
        Act(kind=f"{UNDO}{act.kind}", subject=act.subject, row_id=act.row_id, case_id=act.case_id,
            parcel_id=act.parcel_id, did="{}", session=act.session, by=shop.operator.name, at=shop.now,
            reverses_id=act.id)
    )  # fmt: skip
    shop.record(act.subject, "undo", act=act.kind)


def rows_taken_back(name: str, cases: Any) -> sa.Select[Any]:
    """A query for the ids of the rows of a kind, beside some cases (ids, or a parameter for them), that were taken
    back.
    """
    kinds = [f"{UNDO}{kind}" for kind in WITH_ROWS[name]]
    written = sa.select(col(Act.row_id)).where(col(Act.case_id).in_(cases), col(Act.kind).in_(kinds))
    return written.where(col(Act.row_id).is_not(None))


def _reversed() -> sa.Select[Any]:
    return sa.select(col(Act.reverses_id)).where(col(Act.reverses_id).is_not(None))
