"""One piece of work on the books: all of it is saved or nothing, under an operation key, or only tried."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from retcli.database import admission, engine
from retcli.database.history import facts
from retcli.database.troubles import Uncertain, look_first
from retcli.errors import AlreadyDone, NotFound, Refused
from retcli.language import _
from retcli.models import Staff
from retcli.opening import prepare
from retcli.rules.events import fingerprint
from retcli.rules.lifecycles import Role
from retcli.settings import Asked
from retcli.shop import Operator, Shop, write_events
from retcli.views.base import View

_STAFF = sa.select(col(Staff.name), col(Staff.role)).where(col(Staff.name) == sa.bindparam("operator"))


@dataclass(frozen=True)
class Once:
    """How a piece of work is to be done: under an operation key, or only tried."""

    request: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    dry_run: bool = False


@contextmanager
def opened(
    asked: Asked, once: Once | None = None, *, writes: bool = True, on: sa.Connection | None = None
) -> Iterator[Shop]:
    """One piece of work on the books: all of it is saved, or nothing; `on` is a connection of the caller's own.

    Raises AlreadyDone where the same key came with the same request before, Refused where it came with another.
    """
    once = once or Once()
    with engine.storage_errors(asked.database):
        prepare(asked)
        chosen = engine.engine(asked.database) if writes else engine.reading(asked.database)
        # nothing expires with the commit: rows are still read when the work is saved and the session is closed
        with Session(chosen if on is None else on, expire_on_commit=False) as session:
            shop = Shop(session, _operator(session, asked), asked.now(), asked.rehearsed_at is not None)
            if not writes:
                admission.by_role(asked, shop.operator.role)
            shop.writes = writes
            # before anything is written: what the triggers noted up to here is not of this piece of work
            if writes:
                facts.begin(session)
            if writes and not once.dry_run:
                admission.by_clock(session, asked, shop.operator.role, shop.now)
            # the key first of all writes: of two calls with the same one the second waits here, before it did anything
            if once.key:
                _claim(shop, once.key, once.request)
            yield shop
            admission.by_role(asked, shop.operator.role)  # the action itself says it in better words
            if once.key:
                _keep(shop, once.key)
            if once.dry_run or not writes:
                session.expunge_all()  # a rollback would empty the rows that a reader still holds
                session.rollback()
                return
            # the events last of all: on PostgreSQL they take the lock of the chain, which is held to the commit only
            session.flush()
            subjects = tuple(dict.fromkeys(str(event["subject"]) for event in shop.events))
            write_events(shop)
            _commit(session, subjects)


def _commit(session: Session, subjects: tuple[str, ...]) -> None:
    """Saves all of it; where nobody can say whether that came about, what to look at is said."""
    try:
        session.commit()
    except Uncertain as lost:
        lost.hint = look_first(subjects)
        raise


def _operator(session: Session, asked: Asked) -> Operator:
    member = session.execute(_STAFF, {"operator": asked.operator}).first()
    if member is None:
        message = _("{who} is not on the staff list of these books").format(who=asked.operator)
        hint = _("The owner adds people: retcli staff add NAME --role agent; or say who you are with --operator")
        raise Refused(message, hint)
    return Operator(member.name, Role(member.role))


def _claim(shop: Shop, key: str, request: Mapping[str, Any]) -> None:
    """Takes the operation key as the first statement, or tells that its work is done already."""
    wanted = fingerprint(request)
    from retcli.models.books import Operation

    insert = shop.insert(Operation).values(
        key=key, request=wanted, document="", operator=shop.operator.name, at=shop.now
    )
    claimed = shop.session.execute(insert.on_conflict_do_nothing().returning(sa.literal_column("key"))).first()
    if claimed is not None:
        return
    earlier = shop.session.get(Operation, key)
    if earlier is None:
        raise NotFound(key)
    if earlier.request != wanted:
        message = _("The key {key} was used for something else").format(key=key)
        raise Refused(message, _("Take a new key for a new operation"))
    raise AlreadyDone(key, json.loads(earlier.document))


def _keep(shop: Shop, key: str) -> None:
    view: View = shop.session.info["answer"]
    document = json.dumps(view.document(), ensure_ascii=False)
    from retcli.models.books import Operation

    shop.session.execute(sa.update(Operation).where(col(Operation.key) == key).values(document=document))
