"""The shop as a piece of work sees it: who works, the clock, the rules in force; moves, and events in their chain."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property
from importlib import import_module
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from retcli.database.history import facts
from retcli.database.pending import Pending
from retcli.errors import Refused
from retcli.language import _, series
from retcli.models import Case, Order
from retcli.rules.events import Actor, canonical, chained
from retcli.rules.lifecycles import DECISION, Decision, Lifecycle, Role
from retcli.rules.policy.policy import BUILT_IN_RULES, Policy, in_force
from retcli.rules.zone import SHANGHAI
from retcli.shellwords import quoted
from retcli.views.base import Later, View
from retcli.words import word

V = TypeVar("V", bound=View)
R = TypeVar("R", bound=SQLModel)
EVENT_LOCK = 7310529
SYSTEM = "retcli"
BOOKS = "books"
"""The subject of events that are about no case."""


@dataclass(frozen=True)
class Operator:
    """Who works, and what they may do."""

    name: str
    role: Role


@dataclass
class Shop:
    """The books opened for one piece of work. Instants in UTC."""

    session: Session
    operator: Operator
    now: datetime
    rehearsal: bool = False
    events: list[dict[str, Any]] = field(default_factory=list)
    writes: bool = True
    actor: Actor = Actor.PERSON
    looks_later: bool = False
    pending: Pending | None = None
    imported: int | None = None

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """Every version of the shop's rules that was loaded, by the day from which it judges."""
        rows = self.session.execute(sa.text("SELECT document FROM policies ORDER BY starts_on, id")).scalars().all()
        if not rows:
            return ()
        from retcli.rules.policy.file import read

        return tuple(read(json.loads(document))[0] for document in rows)

    @cached_property
    def policy(self) -> Policy:
        """The rules in force now."""
        return self.policy_at(self.now)

    def policy_at(self, at: datetime) -> Policy:
        """The rules that judge what was applied for at an instant."""
        return in_force(self.policies, at.astimezone(SHANGHAI).date())

    def policy_named(self, version: str) -> Policy:
        """A version of the rules; the built-in ones where none was loaded when the case was opened."""
        return self._policies_by_version.get(version, BUILT_IN_RULES)

    @cached_property
    def _policies_by_version(self) -> dict[str, Policy]:
        """Of several of one name the one that came first."""
        return {policy.version: policy for policy in reversed(self.policies)}

    def hold(self, row: R) -> R:
        """The row as it is now, kept from everybody else until this piece of work ends; SQLite's writers are alone."""
        if self.writes and self.session.get_bind().dialect.name == "postgresql":
            self.session.flush()  # a refresh forgets what was not written yet
            self.session.refresh(row, with_for_update=True)
        return row

    def may(self, roles: frozenset[Role], doing: str) -> None:
        """Refuses what the operator's role does not allow; `doing` is a message id."""
        if self.operator.role not in roles:
            message = _("{who} ({role}) may not {doing}")
            role = word(self.operator.role)
            raise Refused(message.format(who=self.operator.name, role=role, doing=_(doing)), _ask(roles))

    @contextmanager
    def acting(self, actor: Actor) -> Iterator[None]:
        """What happens inside is told as an import's or a rule's, not as the operator's own."""
        before, self.actor = self.actor, actor
        try:
            yield
        finally:
            self.actor = before

    @contextmanager
    def trial(self) -> Iterator[None]:
        """What happens inside is undone at its end, with the events of it."""
        before, step = len(self.events), self.session.begin_nested()
        try:
            yield
        finally:
            step.rollback()
            del self.events[before:]

    def record(self, subject: str, action: str, **payload: Any) -> None:
        """Notes an event for the chain; it is written last before the commit. No personal data in the payload; `actor`
        stands in it where it is not a person.
        """
        if self.actor != Actor.PERSON:
            payload["actor"] = self.actor
        self.events.append({"subject": subject, "action": action, "payload": payload})

    def move(
        self,
        row: Any,
        subject: str,
        cycle: Lifecycle,
        move: str,
        facts: Any = None,
        **columns: Any,
    ) -> None:
        """Takes one step of a lifecycle: one guarded update and one event, or a refusal; `facts` (a mapping or None) go
        into the event.

        The status column is named like the axis (``decision``, ``filing``) or ``state``.
        """
        column = _status_column(row, cycle)
        before = getattr(row, column)
        then = self.allow(row, subject, cycle, move)
        if id(row) in self.session.info.get("unseen", ()):  # opened in this piece of work: nobody can have moved it
            for name, value in {column: then, "version": row.version + 1, **columns}.items():
                setattr(row, name, value)
        else:
            self._guarded(row, subject, column, then, columns)
        self.record(subject, move, axis=cycle.axis, was=before, now=then, **(facts or {}))

    def _guarded(self, row: Any, subject: str, column: str, then: str, columns: Mapping[str, Any]) -> None:
        """Writes a row's new status, or refuses where somebody else has written it since it was read."""
        before, seen, table = getattr(row, column), row.version, type(row).__table__
        changed = self.session.execute(
            sa.update(table)
            .where(table.c.id == row.id, table.c[column] == before, table.c.version == seen)
            .values({column: then, "version": seen + 1, **columns})
        )
        if changed.rowcount != 1:  # type: ignore[attr-defined]
            message = _("{subject} was changed by somebody else a moment ago").format(subject=subject)
            raise Refused(message, _("Look at it again, then decide"), subject=subject)
        self.session.refresh(row)  # the session did not see the update

    def allow(self, row: Any, subject: str, cycle: Lifecycle, move: str) -> str:
        """The status that a step would lead to; refuses one that can never follow."""
        before = getattr(row, _status_column(row, cycle))
        then = cycle.after(before, move)
        if then is None:
            raise Refused(too_late(subject, cycle, before, move), self._way_on(row, cycle, move), subject=subject)
        return then

    def _way_on(self, row: Any, cycle: Lifecycle, move: str) -> str:
        """The command that goes on from what cannot follow: what was withdrawn is taken up again first."""
        if cycle is DECISION and row.decision == Decision.WITHDRAWN and move != "withdraw":
            return f"retcli case reopen {row.number}"
        return self._look_at(row)

    def _look_at(self, row: Any) -> str:
        """The command that shows where something stands: its case, or its order where it is of none."""
        case = row if isinstance(row, Case) else self.session.get(Case, getattr(row, "case_id", None) or 0)
        if case is not None:
            return f"retcli case show {case.number}"
        order = self.session.get(Order, getattr(row, "order_id", None) or 0)
        return f"retcli order show {quoted(order.number)}" if order else "retcli parcel list"

    def born(self, subject: str, cycle: Lifecycle, status: str, **payload: Any) -> None:
        """Notes that something entered its lifecycle, in which status."""
        self.record(subject, "open", axis=cycle.axis, was="", now=status, **payload)

    def number(self, series: str) -> str:
        """The next number of a series for today in Shanghai, such as ``RC20261122-0007``."""
        day = f"{series}{self.now.astimezone(SHANGHAI):%Y%m%d}"
        last = self._counted(day) if self.pending is None else self.pending.number(day)
        return f"{day}-{last:04d}"

    def _counted(self, day: str) -> int:
        from retcli.models.books import Counter

        insert = self.insert(Counter).values(series=day, last=1)
        last = Counter.__table__.c.last  # type: ignore[attr-defined]
        given = insert.on_conflict_do_update(index_elements=["series"], set_={"last": last + 1}).returning(last)
        return int(self.session.execute(given).scalar_one())

    def insert(self, model: type[SQLModel]) -> Any:
        """An INSERT that can say what happens on a conflict, for the database in use."""
        dialect = import_module(f"sqlalchemy.dialects.{self.session.get_bind().dialect.name}")
        return dialect.insert(model.__table__)  # type: ignore[attr-defined]

    def add(self, row: Any) -> Any:
        """Adds a row and gives it its id; one whose id nothing needs is written later while a case is being opened, and
        all of them where what is decided stays pending.
        """
        if self.pending is not None:
            self.pending.add(row)
            return row
        self.session.add(row)
        if not isinstance(row, self.session.info.get("written_later", ())):
            self.session.flush()
        return row

    def flush(self) -> None:
        """Writes what was changed; later, with all the rest, while a case is being opened."""
        if "written_later" not in self.session.info:
            self.session.flush()

    def shown(self, look: Callable[..., V], row: Any, **how: Any) -> V:
        """What is shown of a row when its work is done; where whoever asked for it `looks_later`, it is made once the
        work is saved, so that nobody waits for the books while a screen is made.
        """
        if not self.looks_later:
            return look(self, row, **how)
        return cast("V", Later(look, type(row), row.id, how))

    def answer(self, view: V) -> V:
        """Keeps the view as what this piece of work answered, for the same key coming again."""
        self.session.info["answer"] = view
        return view


def _ask(roles: frozenset[Role]) -> str:
    """Who may do it, the owner last."""
    *some, last = [word(role) for role in reversed(Role) if role in roles]
    who = _("{some} or {last}").format(some=series(some), last=last) if some else last
    return _("Ask the {who}").format(who=who)


def too_late(subject: str, cycle: Lifecycle, status: str, move: str) -> str:
    """Why a move cannot follow a status, in words: it was taken before, or never follows it."""
    again = any(step.move == move and step.then == status for step in cycle.steps)
    message = _("{subject} ({status}): this is not the time to {move}")
    if again:
        message = _("{subject} ({status}): nobody can {move} once more")
    return message.format(subject=subject, status=word(status, cycle.axis), move=word(move))


def _status_column(row: Any, cycle: Lifecycle) -> str:
    return cycle.axis if hasattr(row, cycle.axis) else "state"


def write_events(shop: Shop) -> None:
    """Chains the collected events behind the anchor, which is locked last of all. What was written of rows that are
    told stands before them; behind them where the books begin with them.
    """
    session = shop.session
    told = [rows_told(payload) for payload in facts.written(session)]
    if not shop.events and not told:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": EVENT_LOCK})
    anchor, write, move_on = _chain()
    seq, head = session.execute(anchor).one()
    rows = []
    for event in [*told, *shop.events] if seq else [*shop.events, *told]:
        seq += 1
        entry = entry_of(shop, seq, event)
        head = chained(head, entry)
        rows.append({**entry, "hash": head})
    session.execute(write, rows)
    session.execute(move_on, {"last": seq, "head": head})
    shop.events.clear()


@cache
def _chain() -> tuple[Any, Any, Any]:
    """The statements of every piece of work that writes: the anchor read, events written, the anchor moved on."""
    from retcli.models.books import Anchor, Event

    anchor: Any = Anchor.__table__  # type: ignore[attr-defined]
    event: Any = Event.__table__  # type: ignore[attr-defined]
    move_on = sa.update(anchor).where(anchor.c.id == 1)
    moved = move_on.values(seq=sa.bindparam("last"), hash=sa.bindparam("head"))
    return sa.select(anchor.c.seq, anchor.c.hash), sa.insert(event), moved


def rows_told(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The event that tells what was written of rows."""
    return {"subject": BOOKS, "action": facts.ACTION, "payload": payload}


def entry_of(shop: Shop, seq: int, event: Mapping[str, Any]) -> dict[str, Any]:
    """One event as it is hashed and stored."""
    return {
        "seq": seq,
        "at": shop.now.astimezone(UTC).isoformat(),
        "operator": shop.operator.name,
        "subject": event["subject"],
        "action": event["action"],
        "payload": canonical(event["payload"]),
        "rehearsal": shop.rehearsal,
    }
