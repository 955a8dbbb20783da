"""The shop as one piece of work sees it: who works, the clock, the rules in force, guarded moves of lifecycles, and
the events that are chained when the work is saved.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property
from importlib import import_module
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, SQLModel

from retcli.database.history import facts
from retcli.database.pending import Pending
from retcli.errors import Changed, Refused
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
"""The number of PostgreSQL's advisory lock on the chain of events: any, as long as it stays the same."""
SYSTEM = "retcli"
"""Who stands as operator in events that the program writes by itself."""
PAYOUT_SERIES, TRIED = "PO", "T"
"""The series of payouts' numbers, and the letter before the number of one that only a trial made."""
BOOKS = "books"
"""The subject of events that are about no case."""


@dataclass(frozen=True)
class Operator:
    """Who works, and what they may do."""

    name: str
    role: Role


@dataclass
class Shop:
    """The books opened for one piece of work; `now` is an instant in UTC, the same throughout.

    `rehearsal`: the clock was set by hand. `events` are collected for the chain, told as done by `actor`.
    `looks_later`: views are made after the work is saved. `pending` holds rows that are decided and not written yet,
    while refunds are imported; `imported` is the id of the import at work. `dry_run`: nothing is saved, and `tried`
    numbers were given so far.
    """

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
    dry_run: bool = False
    tried: int = 0

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """Every version of the shop's rules that was loaded, in the order of the days from which they judge."""
        rows = self.session.execute(sa.text("SELECT document FROM policies ORDER BY starts_on, id")).scalars().all()
        if not rows:
            return ()
        from retcli.rules.policy.file import read  # late: only a shop with rules of its own pays for it

        return tuple(read(json.loads(document))[0] for document in rows)

    @cached_property
    def policy(self) -> Policy:
        """The rules in force now."""
        return self.policy_at(self.now)

    def policy_at(self, at: datetime) -> Policy:
        """The version of the rules that judges what was applied for at an instant."""
        return in_force(self.policies, at.astimezone(SHANGHAI).date())

    def policy_named(self, version: str) -> Policy:
        """A version of the rules; the built-in ones where none was loaded when the case was opened."""
        return self._policies_by_version.get(version, BUILT_IN_RULES)

    @cached_property
    def _policies_by_version(self) -> dict[str, Policy]:
        """The loaded rules by their version; of several of one name the one that came first."""
        return {policy.version: policy for policy in reversed(self.policies)}

    def hold(self, row: R) -> R:
        """A row read anew and locked until this piece of work ends, so that nobody else decides on it meanwhile. SQLite
        needs no lock of a row: whoever writes there is alone from the beginning.
        """
        if self.writes and self.session.get_bind().dialect.name == "postgresql":
            self.session.flush()  # a refresh forgets what was not written yet
            self.session.refresh(row, with_for_update=True)
        return row

    def may(self, roles: frozenset[Role], doing: str) -> None:
        """Raises Refused where the operator's role is not among `roles`; `doing` (a message id) says what was tried."""
        if self.operator.role not in roles:
            message = _("{who} ({role}) may not {doing}")
            role = word(self.operator.role)
            raise Refused(message.format(who=self.operator.name, role=role, doing=_(doing)), _ask(roles))

    @contextmanager
    def acting(self, actor: Actor) -> Iterator[None]:
        """Events recorded inside the context name an import or a rule as who did it, instead of the operator."""
        before, self.actor = self.actor, actor
        try:
            yield
        finally:
            self.actor = before

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Undoes at its end what was done inside the context, and drops the events of it."""
        before, step = len(self.events), self.session.begin_nested()
        try:
            yield
        finally:
            step.rollback()
            del self.events[before:]

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Undoes what was done inside the context where it raises, with the events of it, and goes on."""
        before, step = len(self.events), self.session.begin_nested()
        try:
            yield
            step.commit()
        except BaseException:
            step.rollback()
            del self.events[before:]
            raise

    def record(self, subject: str, action: str, **payload: Any) -> None:
        """Notes an event about a `subject` (a number, or BOOKS) for the chain, which is written last before the commit.
        The payload holds no personal data; who acted stands in it where that is not a person.
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
        """Takes one step of a lifecycle by one guarded update and one event; `facts` (a mapping or None) go into the
        event, `columns` are written with the status.

        The status column is named like the axis (``decision``, ``filing``) or ``state``. Raises Refused where the step
        does not follow the row's status, Changed where somebody else has changed the row since it was read.
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
        written = {column: then, "version": row.version + 1, **columns}
        guard = {"row_id": row.id, "was": getattr(row, column), "seen": row.version}
        values = {f"new_{name}": value for name, value in written.items()}
        self.session.flush()  # what else was changed of the row: the session takes the whole row anew
        update = _guarded_update(type(row).__table__, column, tuple(written))
        now = self.session.connection().execute(update, guard | values).mappings().first()
        if now is None:
            raise self.changed_meanwhile(row, subject)
        for name, value in now.items():
            set_committed_value(row, name, value)  # the session did not see the update

    def changed_meanwhile(self, row: Any, subject: str) -> Changed:
        """The error for a row (`subject` is its number) that somebody else changed since it was read or shown, with the
        command that shows it.
        """
        message = _("{subject} was changed by somebody else a moment ago").format(subject=subject)
        where = {"case" if isinstance(row, Case) else "subject": subject}
        return Changed(message, self._look_at(row), **where)

    def allow(self, row: Any, subject: str, cycle: Lifecycle, move: str) -> str:
        """The status that a step would lead to. Raises Refused where the lifecycle has no such step from here."""
        before = getattr(row, _status_column(row, cycle))
        then = cycle.after(before, move)
        if then is None:
            raise Refused(too_late(subject, cycle, before, move), self._way_on(row, cycle, move), subject=subject)
        return then

    def _way_on(self, row: Any, cycle: Lifecycle, move: str) -> str:
        """The command to type where a step cannot follow: a withdrawn case is reopened first, all else is looked at."""
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
        """Notes the event that something entered its lifecycle, in which status."""
        self.record(subject, "open", axis=cycle.axis, was="", now=status, **payload)

    def number(self, series: str) -> str:
        """The next number of a series for today in Shanghai, such as ``RC20261122-0007``, never given twice. What only
        a trial makes has none that the next real one would have.
        """
        day = f"{series}{self._day}"
        if self.dry_run:
            self.tried += 1
            return f"{day}-{TRIED}{self.tried}"
        last = self.count_up(day) if self.pending is None else self.pending.number(day)
        return f"{day}-{last:04d}"

    @cached_property
    def _day(self) -> str:
        """Today in Shanghai, as numbers have it."""
        return f"{self.now.astimezone(SHANGHAI):%Y%m%d}"

    def count_up(self, series: str) -> int:
        """The next number of a series, counted up by the database, so that no two pieces of work get the same one."""
        # late, as other rooms of the models: each table that is mapped costs every start some milliseconds
        from retcli.models.books import Counter

        insert = self.insert(Counter).values(series=series, last=1)
        last = Counter.__table__.c.last  # type: ignore[attr-defined]
        given = insert.on_conflict_do_update(index_elements=["series"], set_={"last": last + 1}).returning(last)
        return int(self.session.execute(given).scalar_one())

    def insert(self, model: type[SQLModel]) -> Any:
        """An INSERT in the dialect of the database in use, which is what has ON CONFLICT."""
        dialect = import_module(f"sqlalchemy.dialects.{self.session.get_bind().dialect.name}")
        return dialect.insert(model.__table__)  # type: ignore[attr-defined]

    def add(self, row: Any) -> Any:
        """Adds a row and gives it its id by writing it. While an import opens a case, rows of tables whose ids nothing
        needs are written later together, and while decisions are `pending` all of them are.
        """
        if self.pending is not None:
            self.pending.add(row)
            return row
        self.session.add(row)
        if not isinstance(row, self.session.info.get("written_later", ())):
            self.session.flush()
        return row

    def flush(self) -> None:
        """Writes what was changed of rows; while an import opens a case that waits until the rest is written."""
        if "written_later" not in self.session.info:
            self.session.flush()

    def shown(self, look: Callable[..., V], row: Any, **how: Any) -> V:
        """The view `look` of a row at the end of its work. Where the caller `looks_later` it is made once the work is
        saved, so that nobody waits for the write lock while a screen is made.
        """
        if not self.looks_later:
            return look(self, row, **how)
        return cast("V", Later(look, type(row), row.id, how))

    def answer(self, view: V) -> V:
        """Keeps a view as the answer of this piece of work, to be given again where its operation key comes again."""
        self.session.info["answer"] = view
        return view


@cache
def _guarded_update(table: sa.Table, column: str, written: tuple[str, ...]) -> Any:
    """The statement that writes some columns of one row whose status `column` and version are still as they were read:
    `row_id`, `was`, `seen`, and of each column what is ``new_`` of it. It gives the whole row as it is then.
    """
    guard = (table.c.id == sa.bindparam("row_id"), table.c[column] == sa.bindparam("was"))
    update = sa.update(table).where(*guard, table.c.version == sa.bindparam("seen"))
    return update.values({name: sa.bindparam(f"new_{name}") for name in written}).returning(*table.c)


def _ask(roles: frozenset[Role]) -> str:
    """The hint whom to ask: the roles that may, the owner last."""
    *some, last = [word(role) for role in reversed(Role) if role in roles]
    who = _("{some} or {last}").format(some=series(some), last=last) if some else last
    return _("Ask the {who}").format(who=who)


def too_late(subject: str, cycle: Lifecycle, status: str, move: str) -> str:
    """The sentence why a move cannot follow a status: it was made before, or never follows it."""
    again = any(step.move == move and step.then == status for step in cycle.steps)
    message = _("{subject} ({status}): this is not the time to {move}")
    if again:
        message = _("{subject} ({status}): nobody can {move} once more")
    return message.format(subject=subject, status=word(status, cycle.axis), move=word(move))


def _status_column(row: Any, cycle: Lifecycle) -> str:
    return cycle.axis if hasattr(row, cycle.axis) else "state"


def write_events(shop: Shop) -> None:
    """Writes the collected events behind the last one of the chain, and moves the anchor on. Events that tell which
    rows were written stand before them, or behind them where these are the first events of the books.
    """
    session = shop.session
    row_events = [rows_told(payload) for payload in facts.written(session)]
    if not shop.events and not row_events:
        return
    if session.get_bind().dialect.name == "postgresql":
        # READ COMMITTED sees the anchor as the one before us left it only once we hold this lock. It is taken last of
        # all: taken earlier, two pieces of work that lock rows in another order would wait for each other for ever.
        session.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": EVENT_LOCK})
    anchor, write, move_on = _chain()
    connection = session.connection()  # past the session: what it adds to each call costs as much as the call
    seq, head = connection.execute(anchor).one()
    rows = []
    # the founding stays event 1: its hash tells the copies of these books from those of others
    for event in [*row_events, *shop.events] if seq else [*shop.events, *row_events]:
        seq += 1
        entry = entry_of(shop, seq, event)
        head = chained(head, entry)
        rows.append({**entry, "hash": head})
    connection.execute(write, rows)
    connection.execute(move_on, {"last": seq, "head": head})
    shop.events.clear()


@cache
def _chain() -> tuple[Any, Any, Any]:
    """The three statements by which events are chained: read the anchor, write events, move the anchor on. Made once,
    since making a statement costs more than running it.
    """
    from retcli.models.books import Anchor, Event

    anchor: Any = Anchor.__table__  # type: ignore[attr-defined]
    event: Any = Event.__table__  # type: ignore[attr-defined]
    move_on = sa.update(anchor).where(anchor.c.id == 1)
    moved = move_on.values(seq=sa.bindparam("last"), hash=sa.bindparam("head"))
    return sa.select(anchor.c.seq, anchor.c.hash), sa.insert(event), moved


def rows_told(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The event about the books that tells which rows a piece of work wrote (`history.facts`)."""
    return {"subject": BOOKS, "action": facts.ACTION, "payload": payload}


def entry_of(shop: Shop, seq: int, event: Mapping[str, Any]) -> dict[str, Any]:
    """One event as it is hashed and stored, with its instant as ISO text in UTC."""
    return {
        "seq": seq,
        "at": shop.now.astimezone(UTC).isoformat(),
        "operator": shop.operator.name,
        "subject": event["subject"],
        "action": event["action"],
        "payload": canonical(event["payload"]),
        "rehearsal": shop.rehearsal,
    }
