"""Makes books where a call may, and brings those of an older program up to date: once in a process, before its first
piece of work.
"""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from retcli.database import engine, versions
from retcli.database.history import facts
from retcli.database.history.watched import NOTEBOOK
from retcli.errors import NoBooks
from retcli.language import _
from retcli.models import Staff
from retcli.models.books import Anchor
from retcli.rules.events import GENESIS
from retcli.rules.lifecycles import Role
from retcli.settings import Asked
from retcli.shop import BOOKS, SYSTEM, Operator, Shop, rows_told, write_events

DEMO = "demo"
"""The action of the event that says what books they are."""
_prepared: set[str] = set()
_TELLING = sa.text("SELECT seq FROM events WHERE subject = :subject AND action = :action LIMIT 1")


def prepare(asked: Asked) -> None:
    """Makes the books where the call may, and upgrades their schema to this program's; later calls in the process do
    nothing.

    Raises NoBooks where there are none and the call only uses them, StorageTrouble where a database of another program
    lies there or the books are of a newer retcli.
    """
    if asked.database in _prepared:
        return
    new = not engine.exists(asked.database)
    if not asked.founds and not stand_at(asked.database):
        text = _("There are no books at {path} yet").format(path=asked.database)
        raise NoBooks(text, _("Begin with: retcli import FILE, retcli demo or retcli books init"))
    if new:
        # before SQLite makes it: a file of its own making could be read by everybody on the computer
        engine.create_file(Path(asked.database))
    else:
        versions.of_ours(asked.database)
    new_schema = versions.bring_up(engine.engine(asked.database), asked.remark, partial(_tell, asked))
    # books whose founder was killed between the schema and the first entries are founded now
    if new_schema or not _founded(asked):
        _found(asked)
    if new_schema and new:
        asked.remark(_("New books were made: {path}").format(path=asked.database))
    if is_demo(asked):
        asked.remark(_("Demo books: every person and number in them is invented"))
    _prepared.add(asked.database)


def stand_at(database: str) -> bool:
    """Whether a place (path or address) holds founded books; looking makes nothing there.

    Raises StorageTrouble where a database of another program lies there.
    """
    if "://" not in database and not _filled(Path(database)):
        return False
    if not versions.of_ours(database):
        return False
    with engine.reading(database).connect() as connection:
        return bool(connection.scalar(sa.text("SELECT COUNT(*) FROM anchors")))


def _filled(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except (FileNotFoundError, NotADirectoryError):
        return False


def is_demo(asked: Asked) -> bool:
    """Whether books are those of ``retcli demo``, in which every person and number is invented."""
    with engine.reading(asked.database).connect() as connection:
        return connection.execute(_TELLING, {"subject": BOOKS, "action": DEMO}).first() is not None


def forget(asked: Asked) -> None:
    """Lets `prepare` look at the books again, after other books were put in their place."""
    _prepared.discard(asked.database)


def _founded(asked: Asked) -> bool:
    """Whether the first entries stand in the books; a killed process may have made the tables only."""
    with engine.reading(asked.database).connect() as connection:
        return connection.scalar(sa.text("SELECT id FROM anchors")) is not None


def _found(asked: Asked) -> None:
    """The first entries: whoever creates the books is their owner."""
    with Session(engine.engine(asked.database)) as session:
        if session.exec(select(Anchor)).first() is not None:  # another process founded them a moment ago
            return
        session.add(Anchor(id=1, seq=0, hash=GENESIS))
        session.add(Staff(name=asked.operator, role=Role.OWNER, created_at=asked.now()))
        session.flush()
        owner = Operator(asked.operator, Role.OWNER)
        shop = Shop(session, owner, asked.now(), asked.rehearsed_at is not None)
        # a random name: the hash of this event tells whose copies are whose, and two foundings of one instant had one
        shop.record(BOOKS, "found", books=secrets.token_hex(8))
        write_events(shop)
        session.commit()


def _tell(asked: Asked, schema_before: str, connection: sa.Connection, noted_before: int) -> None:
    """Writes into the history of books that were at `schema_before` what the revisions changed in their rows; where
    their history told no rows yet, the facts of every row as it stands. `noted_before` is the number of the last entry
    in the notebook of changed rows before the revisions ran.
    """
    with Session(connection) as session:
        if session.get(Anchor, 1) is None:
            return
        shop = Shop(session, Operator(SYSTEM, Role.OWNER), datetime.now(UTC))
        session.info[facts.NOTED_BEFORE] = noted_before
        first = session.execute(_TELLING, {"subject": BOOKS, "action": facts.ACTION}).first() is None
        if first:
            # every row is told below: what the triggers noted of some of them would tell these twice
            session.execute(sa.delete(sa.table(NOTEBOOK)))
            tell_every_row(shop)
        else:
            for payload in facts.later(session, schema_before):
                _tell_at_once(shop, payload)
        shop.record(BOOKS, "upgrade", known=schema_before, schema=versions.HEAD, **({"first": True} if first else {}))
        write_events(shop)
        session.commit()
    if first:
        asked.remark(_("From now on the history tells every row of money, goods and decisions, as it stands today"))


def tell_every_row(shop: Shop) -> None:
    """Writes events with the facts of every row as it stands, for books whose history holds none of them."""
    for payload in facts.everything(shop.session):
        _tell_at_once(shop, payload)


def _tell_at_once(shop: Shop, payload: Mapping[str, Any]) -> None:
    """Writes one event that tells rows, before the next is made: one event of three million rows took a gigabyte."""
    shop.events.append(rows_told(payload))
    write_events(shop)
