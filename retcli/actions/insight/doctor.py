"""The doctor: looks at everything that the books need, and names for each thing how it stands and what to do."""

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.books import backups, check, history_clock, soundness
from retcli.actions.cases.disputes import evidence
from retcli.actions.imports import runs
from retcli.actions.imports.orders import rereading
from retcli.actions.insight import freshness
from retcli.actions.orderfile import shop_names
from retcli.database import copies, engine, kept_codes, leftovers, locks
from retcli.database.staging import stages
from retcli.errors import RetcliError
from retcli.models.books import Event, Run
from retcli.models.imports import Import
from retcli.rules import places
from retcli.rules.events import SKEW
from retcli.settings import Asked
from retcli.shellwords import quoted
from retcli.shop import Shop
from retcli.transaction import opened
from retcli.views.base import Verbatim
from retcli.views.insight.doctor import ATTENTION, ERROR, OK, DoctorView, Finding
from retcli.views.insight.doctor_facts import (
    ClockBehind,
    ClockRuns,
    ClockSetByHand,
    DiskSpace,
    Download,
    EntryUnderClock,
    KeptCodes,
    Named,
    Naming,
    NightAt,
    Note,
    OrdersPutRight,
    OrdersReadNet,
    Remedy,
    RunCutOff,
    UnnamedShops,
)

ROOM_BYTES = 500_000_000
"""Bytes of free space below which the disk is reported, as it is below three times the size of the books: an upgrade
makes a copy, and writes the file again.
"""
MOUNTS = Path("/proc/self/mountinfo")
"""The file in which Linux tells the file system of each folder."""
_Look = Callable[[Shop], Iterator[Finding]]


def examine(asked: Asked, *, deep: bool = False) -> DoctorView:
    """Looks at everything, and makes or upgrades nothing; that the books cannot be opened is a line too. `deep` reads
    the whole file, the whole history, every file of evidence, and the newest copy.
    """
    # first, and outside the books: what lies around them often is why they cannot be opened
    around = list(_surroundings(asked))
    if not engine.exists(asked.database) or not _filled(asked.database):
        nothing_yet = Named(Naming.NO_BOOKS_YET, (asked.database,))
        return DoctorView(asked.database, (Finding("books", ATTENTION, nothing_yet, "retcli import"), *around))
    file = list(soundness.of_file(asked.database, deep=deep))
    # a damaged file is not read further: each later look would fail on the same page, in words that say less
    if all(finding.state != ERROR for finding in file):
        around += _guarded(lambda: _inside(asked, deep=deep))
    return DoctorView(asked.database, (*file, *around))


def _filled(database: str) -> bool:
    """Whether a file holds anything yet; a server's books always count as filled."""
    return "://" in database or Path(database).stat().st_size > 0


def _guarded(look: Callable[[], list[Finding]]) -> list[Finding]:
    """The findings of a look, or as their only one the error that stopped it, with its hint."""
    try:
        return look()
    except RetcliError as error:
        return [Finding("books", ERROR, Verbatim(error.message), error.hint)]


def _inside(asked: Asked, *, deep: bool) -> list[Finding]:
    """The findings inside the books, all read at one moment."""
    # one transaction for all of them: an import between two looks would make them contradict each other
    looks: list[_Look] = [_imports, _shops, _read_net, _unfinished, _night, _copies, _clock]
    with opened(asked, writes=False) as shop:
        findings = [finding for look in looks for finding in look(shop)]
        findings += evidence.doctors_look(shop, deep=deep)
        if deep:
            problems = check.check(shop).problems
            findings += [Finding("rules", ERROR, p.breach, p.where, p.invariant) for p in problems]
            findings += _newest_copy(shop)
    return findings


# -- in the books -----------------------------------------------------------------------------------------------------


def _imports(shop: Shop) -> Iterator[Finding]:
    """How fresh each shop's reports are."""
    reports = freshness.reports(shop)
    for report in reports:
        yield Finding("imports", ATTENTION if report.stale else OK, report, Download(report))
    if not reports:
        yield Finding("imports", OK, Note.NO_ORDERS_YET)


def _shops(shop: Shop) -> Iterator[Finding]:
    """The platforms with orders of no named shop, and how to name it."""
    if unnamed := shop_names.unnamed(shop):
        yield Finding("shops", OK, UnnamedShops(tuple(unnamed)))


def _read_net(shop: Shop) -> Iterator[Finding]:
    """Orders of which an older retcli took what was left after refunds for the payment: put right, and still so."""
    orders, first, put_right = rereading.unread(shop)
    if put_right:
        yield Finding("amounts", OK, OrdersPutRight(put_right))
    if orders:
        counted = min(orders, rereading.COUNTED)
        fact = OrdersReadNet(counted, tuple(first), at_least=orders > rereading.COUNTED)
        yield Finding("amounts", ATTENTION, fact, Remedy.IMPORT_NET_ORDERS)


def _unfinished(shop: Shop) -> Iterator[Finding]:
    """Imports that run now, or were cut off within a file or before any."""
    cut = sa.select(col(Import.name)).where(col(Import.state) != "done").order_by(col(Import.id))
    names = tuple(shop.session.scalars(cut))
    last = shop.session.scalars(sa.select(Run).order_by(col(Run.id).desc()).limit(1)).first()
    began = last.started_at if last is not None and last.ended_at is None else None
    # both are also so while an import runs right now, which holds the lock
    if (names or began) and locks.taken(engine.address(shop.session.get_bind().engine)):
        yield Finding("unfinished", OK, Note.IMPORT_RUNNING)
    elif names:
        yield Finding("unfinished", ATTENTION, Named(Naming.IMPORTS_CUT_OFF, names), Remedy.IMPORT_ANYTHING)
    elif began:
        yield Finding("unfinished", ATTENTION, RunCutOff(began), Remedy.IMPORT_AGAIN)
    else:
        yield Finding("unfinished", OK, Note.NO_IMPORT_UNFINISHED)


def _night(shop: Shop) -> Iterator[Finding]:
    """Whether the nightly import still comes."""
    heartbeat = runs.heartbeat(shop)
    state = ATTENTION if heartbeat.late(shop.now) else OK
    yield Finding("night", state, NightAt(heartbeat, shop.now), Remedy.LOOK_AT_SCHEDULE)


def _copies(shop: Shop) -> Iterator[Finding]:
    """How old the newest copy of the books is, and copies whose names tell a time that has not come yet."""
    state = backups.state(shop)
    if state is None:
        yield Finding("backup", OK, Note.SERVER_COPIES)
        return
    remedy = "retcli books backup" if state.folder else Remedy.SET_COPIES_FOLDER
    yield Finding("backup", ATTENTION if state.late(shop.now) else OK, state, remedy)
    if ahead := backups.from_the_future(shop):
        of_future = Named(Naming.COPY_OF_FUTURE, (str(ahead[-1].path),))
        yield Finding("backup", ATTENTION, of_future, Remedy.LOOK_AT_CLOCK)


def _newest_copy(shop: Shop) -> list[Finding]:
    """Whether the newest copy of the books holds, read from its first to its last page."""
    newest = backups.newest(shop)
    if newest is None:
        return []
    try:
        copies.verified(newest.path)
    except RetcliError as bad:
        return [Finding("backup", ERROR, Verbatim(bad.message), "retcli books backup")]
    return [Finding("backup", OK, Named(Naming.COPY_HOLDS, (newest.path.name,)))]


def _clock(shop: Shop) -> Iterator[Finding]:
    """Whether the clock runs before the last entry, and entries of a shop's books under a clock set by hand."""
    for stretch in history_clock.stretches(shop):
        yield Finding("clock", ATTENTION, EntryUnderClock(stretch), "retcli books check", invariant=8)
    last_at = _last_entry_at(shop)
    if last_at is not None and last_at - shop.now > SKEW:
        yield Finding("clock", ERROR, ClockBehind(shop.now, last_at), Remedy.SET_CLOCK)
    elif shop.rehearsal:
        yield Finding("clock", ATTENTION, ClockSetByHand(shop.now), Remedy.UNSET_CLOCK)
    else:
        yield Finding("clock", OK, ClockRuns(shop.now, datetime.now().astimezone().strftime("%z")))


def _last_entry_at(shop: Shop) -> datetime | None:
    """The instant of the last entry; in a shop's own books the last that was written under the real clock."""
    entries = sa.select(col(Event.at)).order_by(col(Event.seq).desc()).limit(1)
    if history_clock.live(shop):
        entries = entries.where(sa.not_(col(Event.rehearsal)))
    at = shop.session.scalar(entries)
    return datetime.fromisoformat(at) if at else None


# -- around the books -------------------------------------------------------------------------------------------------


def _surroundings(asked: Asked) -> Iterator[Finding]:
    """The findings around the books, for which they need not be opened."""
    if "://" not in asked.database:
        books_at = Path(asked.database).absolute()
        yield _disk(books_at)
        yield _place(books_at)
        yield from _rights(books_at)
        yield _leftovers(books_at)
    yield from _kept_codes(asked.database)
    yield _output()


def _disk(books_at: Path) -> Finding:
    """Whether there is room for the books to grow and to be copied."""
    # the books' folder may not be there yet: its disk is that of the first folder above that is
    there = next(folder for folder in books_at.parents if folder.is_dir())
    free = shutil.disk_usage(there).free
    size = books_at.stat().st_size if books_at.exists() else 0
    scarce = free < max(ROOM_BYTES, 3 * size)
    return Finding("disk", ATTENTION if scarce else OK, DiskSpace(free, size), Remedy.FREE_SPACE)


def _place(books_at: Path) -> Finding:
    """Locks do not hold over a network, and a synchronising program copies half-written files (`docs/hazards.md`
    row 9).
    """
    where = books_at.parent.resolve()
    if name := places.synced(where):
        return Finding("place", ATTENTION, Named(Naming.SYNCHRONISED, (name,)), Remedy.MOVE_BOOKS)
    mounts = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines() if MOUNTS.exists() else []
    kind = places.file_system(where, mounts)
    if kind in places.NETWORK or str(where).startswith("\\\\"):
        return Finding("place", ATTENTION, Named(Naming.NETWORK_DRIVE, (kind,)), Remedy.MOVE_BOOKS)
    return Finding("place", OK, Verbatim(str(where)))


def _rights(books_at: Path) -> Iterator[Finding]:
    """Whether books, journals, stages and copies can be read by their owner alone; not asked on Windows."""
    if os.name == "nt":
        return
    folders = (stages.folder(str(books_at)), copies.beside(str(books_at)))
    files = [books_at.with_name(books_at.name + ending) for ending in ("", "-wal", "-shm", "-journal")]
    files += [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())]
    loose = [path for path in files if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077]
    loose = [path for path in loose if path.name not in {"lock", "lock.holder"}]  # nobody's data is in them
    if loose:
        others = Named(Naming.OTHERS_MAY_READ, tuple(path.name for path in loose[:5]))
        yield Finding("rights", ATTENTION, others, f"chmod 600 {loose[0]}")
    elif books_at.exists():
        yield Finding("rights", OK, Note.RIGHTS_OF_OWNER)


def _leftovers(books_at: Path) -> Finding:
    """Files that killed runs left half written beside the books."""
    names = tuple(path.name for path in leftovers.of_books(str(books_at)))
    if not names:
        return Finding("leftovers", OK, Note.NO_LEFTOVERS)
    return Finding("leftovers", ATTENTION, Named(Naming.LEFTOVERS, names[:5]), Remedy.NEXT_IMPORT)


def _kept_codes(database: str) -> Iterator[Finding]:
    """Codes that were read at a bench and could not be saved, to which nobody came back."""
    for left in kept_codes.abandoned(database):
        fact = KeptCodes(left.operator, left.codes, left.since)
        yield Finding("kept_codes", ATTENTION, fact, f"retcli --operator {quoted(left.operator)} scan")


def _output() -> Finding:
    """Whether what is printed can hold Chinese and the sign of the yuan."""
    encoding = sys.stdout.encoding or "ascii"
    try:
        "退款￥".encode(encoding)
    except UnicodeEncodeError:
        cannot = Named(Naming.SHOWS_NO_CHINESE, (encoding,))
        return Finding("output", ATTENTION, cannot, "PYTHONIOENCODING=utf-8; chcp 65001")
    return Finding("output", OK, Named(Naming.SHOWS_CHINESE, (encoding,)))
