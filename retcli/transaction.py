"""One piece of work on the books, saved as a whole or not at all: its transaction, its operation key, its dry run."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from retcli.database import admission, engine
from retcli.database.history import facts
from retcli.database.troubles import Uncertain, at_the_same_moment, look_first
from retcli.errors import AlreadyDone, Refused
from retcli.language import _
from retcli.models import Staff
from retcli.opening import prepare
from retcli.rules.events import fingerprint
from retcli.rules.lifecycles import Role
from retcli.settings import Asked
from retcli.shop import Operator, Shop, write_events
from retcli.views.base import View

_STAFF = sa.select(col(Staff.name), col(Staff.role)).where(col(Staff.name) == sa.bindparam("operator"))
_LAST = "SELECT {} FROM events WHERE seq = (SELECT seq FROM anchors)"
# one statement, within the lock, for all that a piece of work that writes asks first
_BEGINNING = _STAFF.add_columns(
    *(
        sa.literal_column(f"({query})").label(name)
        for name, query in (
            ("noted", facts.LAST),
            ("at", _LAST.format("at")),
            ("rehearsal", _LAST.format("rehearsal")),
        )
    )
)


@dataclass(frozen=True)
class Once:
    """How a piece of work is to be done once: under which operation key (with the `request` that a repetition must
    equal), or as a dry run that saves nothing.
    """

    request: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    dry_run: bool = False


@contextmanager
def opened(
    asked: Asked, once: Once | None = None, *, writes: bool = True, connection: sa.Connection | None = None
) -> Iterator[Shop]:
    """The shop for one piece of work, which is saved as a whole at the end of the context, or not at all where it
    raises, only reads (`writes`) or is a dry run; `connection` is one of the caller's own.

    Raises AlreadyDone where the operation key came with the same request before; Refused where it came with another,
    the operator is not on the staff list, or may not use the command; NoBooks, Busy, StorageTrouble.
    """
    once = once or Once()
    with engine.storage_errors(asked.database):
        prepare(asked)
        chosen = engine.engine(asked.database) if writes else engine.reading(asked.database)
        # nothing expires with the commit: rows are still read when the work is saved and the session is closed
        with Session(chosen if connection is None else connection, expire_on_commit=False) as session:
            begun = _begun(session, asked, writes=writes)
            operator = Operator(begun.name, Role(begun.role))
            shop = Shop(session, operator, asked.now(), asked.rehearsed_at is not None)
            # what only reads is refused before anything is shown; what writes is refused at its end, where the action
            # has had its turn to say in its own words why
            if not writes:
                admission.by_role(asked, shop.operator.role)
            shop.writes, shop.dry_run = writes, once.dry_run
            # before anything is written: what the triggers noted up to here is not of this piece of work
            if writes:
                facts.begin(session, begun.noted)
            if writes and not once.dry_run:
                last = admission.LastEntry(begun.at or "", bool(begun.rehearsal))
                admission.by_clock(session, asked, shop.operator.role, shop.now, last)
            # the key first of all writes: of two calls with the same one the second waits here, before it did anything
            if once.key:
                _claim(shop, once.key, once.request)
            yield shop
            admission.by_role(asked, shop.operator.role)
            if once.key:
                _keep(shop, once.key)
            if once.dry_run or not writes:
                session.expunge_all()  # a rollback would empty the rows that a reader still holds
                session.rollback()
                return
            # the events last of all: on PostgreSQL they take the lock of the chain, which is held to the commit only
            session.flush()
            # noted before the events are written, which empties the list: a commit of unknown outcome names them
            subjects = tuple(dict.fromkeys(str(event["subject"]) for event in shop.events))
            write_events(shop)
            _commit(session, subjects)


def _commit(session: Session, subjects: tuple[str, ...]) -> None:
    """Commits the piece of work. Raises Uncertain, with the commands that show its `subjects` (numbers of cases,
    payouts …), where nobody can say whether it was saved.
    """
    try:
        session.commit()
    except Uncertain as lost:
        lost.hint = look_first(subjects)
        raise


def _begun(session: Session, asked: Asked, *, writes: bool) -> sa.Row[Any]:
    """Name and role of who works; with `writes` also how far the notebook of written rows goes, and the instant of the
    last event, with whether it is of a rehearsal. Raises Refused for somebody who is not on the staff list.
    """
    row = session.connection().execute(_BEGINNING if writes else _STAFF, {"operator": asked.operator}).first()
    if row is None:
        message = _("{who} is not on the staff list of these books").format(who=asked.operator)
        hint = _("The owner adds people: retcli staff add NAME --role agent; or say who you are with --operator")
        raise Refused(message, hint)
    return row


def _claim(shop: Shop, key: str, request: Mapping[str, Any]) -> None:
    """Takes an operation key for this piece of work, as its first statement.

    Raises AlreadyDone with the saved answer where the key came with the same request before, Refused where it came with
    another, Busy where it was taken and then given up at this moment.
    """
    wanted = fingerprint(request)
    from retcli.models.books import Operation

    insert = shop.insert(Operation).values(
        key=key, request=wanted, document="", operator=shop.operator.name, at=shop.now
    )
    # one statement claims or finds the key taken: between a look and an insert a second call could come in
    claimed = shop.session.execute(insert.on_conflict_do_nothing().returning(sa.literal_column("key"))).first()
    if claimed is not None:
        return
    earlier = shop.session.get(Operation, key)
    if earlier is None:
        raise at_the_same_moment()  # the other work was undone just now
    if earlier.request != wanted:
        message = _("The key {key} was used for something else").format(key=key)
        raise Refused(message, _("Take a new key for a new operation"))
    raise AlreadyDone(key, json.loads(earlier.document))


def _keep(shop: Shop, key: str) -> None:
    """Saves the answer of this piece of work as a JSON document under its operation key."""
    view: View = shop.session.info["answer"]
    document = json.dumps(view.document(), ensure_ascii=False)
    from retcli.models.books import Operation

    shop.session.execute(sa.update(Operation).where(col(Operation.key) == key).values(document=document))
