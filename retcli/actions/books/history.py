"""Checks of the history: whether each row is as its events told it last, and whether the history still has the events
with which copies and workbooks end.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col

from retcli.database import copies, engine
from retcli.database.history import eventlog, facts, replayed, watched
from retcli.errors import WrongCommand
from retcli.language import _
from retcli.models.books import Event
from retcli.rules.events import GENESIS
from retcli.settings import backups as wished
from retcli.shop import BOOKS, Shop
from retcli.views.books.breaches import Breach, ColumnDiffers, EventMissing, RowDiffers
from retcli.views.books.check import Problem

_ANCHOR = re.compile(r"(?<![0-9a-z])e(\d+)-([0-9a-f]{8})(?![0-9a-z-])")
"""An event as copies and notes name it. The looks around it are for names of copies, in which the books' own id and the
day may look like one.
"""


def since(shop: Shop) -> int:
    """The number of the event from which on the history tells every row; 1 where it has done so since the founding."""
    query = sa.select(col(Event.seq)).where(col(Event.subject) == BOOKS, col(Event.action) == "upgrade")
    first = query.where(col(Event.payload).contains('"first":true')).order_by(col(Event.seq)).limit(1)
    return shop.session.scalar(first) or 1


def compared(shop: Shop) -> Iterator[Problem]:
    """13: every row of money, decisions, staff, rules, goods and evidence is as its events tell it, and every such row
    that they tell of is there.
    """
    values = {"subject": BOOKS, "action": facts.ACTION}
    events = eventlog.events(shop.session.connection(), "subject = :subject AND action = :action", values)
    payloads = (json.loads(event[eventlog.PAYLOAD]) for event in events)
    for difference in replayed.differences(shop.session, payloads):
        where = f"{difference.table}/{difference.key} {difference.number}".rstrip()
        yield Problem(13, where, _breach(difference))


def _breach(difference: replayed.Difference) -> Breach | RowDiffers:
    if difference.what == "untold":
        return Breach.ROW_UNTOLD
    if difference.what == "gone":
        return Breach.ROW_GONE
    return RowDiffers(tuple(_column(difference.table, *column) for column in difference.columns))


def _column(table: str, name: str, by_events: object, stored: object) -> ColumnDiffers:
    """A column that differs, with what its events tell and what stands there; SQLite keeps a truth as 0 or 1."""
    if watched.kind_of(watched.table_of(table).columns[name]) is bool:
        by_events, stored = bool(by_events), bool(stored)
    return ColumnDiffers(name, stored, by_events, shown=watched.is_shown(table, name))


# -- what was kept of the history elsewhere ---------------------------------------------------------------------------


def anchor(shop: Shop) -> str:
    """The last event of the books as copies and workbooks name it, such as ``e123-0a1b2c3d``: its number, and the first
    digits of its hash.
    """
    seq, head = shop.session.execute(sa.text("SELECT seq, hash FROM anchors")).one()
    return f"e{seq}-{head[:8]}"


def of_copies(shop: Shop) -> Iterator[Problem]:
    """8: every copy of these books that is found ends with an event that they have too: else their end was cut off."""
    further = beyond(shop)
    # asked for only when there is such a copy: books that were never put back read no further event
    left = _left_behind(shop, further) if further else set[str]()
    for copy in further:
        if f"e{copy.seq}-{copy.head}" not in left:
            yield Problem(8, copy.path.name, EventMissing(copy.seq))


def beyond(shop: Shop) -> list[copies.Copy]:
    """The copies of these books, beside them and in the second place, whose last event the books do not have, in the
    order of its number.
    """
    database = engine.address(shop.session.get_bind().engine)
    if "://" in database:
        return []
    founding = _hash_of(shop, 1) or GENESIS
    folders = sorted({place for place in (copies.beside(database), wished().folder) if place is not None})
    every = [copy for folder in folders for copy in copies.found(database, folder, founding)]
    own = copies.within(every, lambda seq: _hash_of(shop, seq))
    return sorted(set(every) - set(own), key=lambda copy: (copy.seq, copy.at))


def _left_behind(shop: Shop, further: Sequence[copies.Copy]) -> set[str]:
    """The ends (``e123-0a1b2c3d``) of copies, of those `further` than these books, whose history was given up when
    older books were put back: those that the restore's event names, or, where it names none, those made by then.
    """
    query = sa.select(col(Event.at), col(Event.payload)).where(
        col(Event.subject) == BOOKS, col(Event.action) == "restore"
    )
    left = set[str]()
    for at, written in shop.session.execute(query):
        payload = json.loads(written)
        older = [f"e{copy.seq}-{copy.head}" for copy in further if copy.at.timestamp() <= _instant(at)]
        left.update(payload.get("left", older))
    return left


def _instant(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()


def _hash_of(shop: Shop, seq: int) -> str:
    """The hash of an event, empty where these books have none of that number."""
    return shop.session.scalar(sa.select(col(Event.hash)).where(col(Event.seq) == seq)) or ""


def of_anchors(shop: Shop, written: Sequence[str]) -> Iterator[Problem]:
    """8: the books have the events that workbooks or people name as their last ones, such as ``e123-0a1b2c3d``.

    Raises WrongCommand for what names no event.
    """
    for name in written:
        named = _ANCHOR.search(_in_workbook(Path(name)) if Path(name).is_file() else name)
        if named is None:
            message = _("{text} names no event").format(text=name)
            raise WrongCommand(message, _("A workbook of these books, or what its notes say: e123-0a1b2c3d"))
        if not _hash_of(shop, int(named[1])).startswith(named[2]):
            yield Problem(8, Path(name).name, EventMissing(int(named[1])))


def _in_workbook(file: Path) -> str:
    """The text in which a file names an event: the notes of a workbook, else the file's name, as copies have it."""
    from retcli.sheets.anchors import in_notes  # only who asks pays for the library of workbooks

    return in_notes(file) if file.suffix == ".xlsx" else file.name
