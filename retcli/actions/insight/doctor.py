"""Looking at everything that the books need: the file, its history, disk, copies, imports, clock."""

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
from retcli.actions.cases import evidence
from retcli.actions.imports import rereading, runs
from retcli.actions.insight import freshness
from retcli.actions.orderfile import shop_names
from retcli.database import copies, engine, leftovers, locks, stages
from retcli.errors import RetcliError
from retcli.language import _
from retcli.models.books import Event, Run
from retcli.models.imports import Import
from retcli.rules import places
from retcli.rules.events import SKEW
from retcli.settings import Asked
from retcli.shop import Shop
from retcli.transaction import opened
from retcli.views.base import when
from retcli.views.insight.doctor import ATTENTION, ERROR, OK, DoctorView, Finding
from retcli.views.insight.freshness import next_downloads
from retcli.words import word

ROOM_BYTES = 500_000_000
"""Less free space than this, or than three times the books, is said."""
MOUNTS = Path("/proc/self/mountinfo")
_Look = Callable[[Shop], Iterator[Finding]]


def examine(asked: Asked, *, deep: bool = False) -> DoctorView:
    """Every line; where the books cannot be opened at all, that is a line too. Nothing is made or upgraded."""
    found = list(_surroundings(asked))
    if not engine.exists(asked.database) or not _filled(asked.database):
        text = _("There are no books at {path} yet").format(path=asked.database)
        return DoctorView(asked.database, (Finding("books", ATTENTION, text, "retcli import"), *found))
    file = list(soundness.of_file(asked.database, deep=deep))
    if all(finding.state != ERROR for finding in file):
        found += _guarded(lambda: _inside(asked, deep=deep))
    return DoctorView(asked.database, (*file, *found))


def _filled(database: str) -> bool:
    return "://" in database or Path(database).stat().st_size > 0


def _guarded(look: Callable[[], list[Finding]]) -> list[Finding]:
    """What cannot be looked at is an error with the way out that was said."""
    try:
        return look()
    except RetcliError as error:
        return [Finding("books", ERROR, error.message, error.hint)]


def _inside(asked: Asked, *, deep: bool) -> list[Finding]:
    looks: list[_Look] = [_imports, _shops, _unread, _unfinished, _heartbeat, _copies, _clock]
    with opened(asked, writes=False) as shop:
        found = [finding for look in looks for finding in look(shop)]
        found += evidence.doctors_look(shop, deep=deep)
        if deep:
            found += [Finding("rules", ERROR, p.text, p.where, p.invariant) for p in check.check(shop).problems]
            found += _newest_copy(shop)
    return found


def _imports(shop: Shop) -> Iterator[Finding]:
    """When each shop's reports came last."""
    reports = freshness.reports(shop)
    for report in reports:
        yield Finding("imports", ATTENTION if report.stale else OK, report.sentence(), next_downloads([report]))
    if not reports:
        yield Finding("imports", OK, _("No orders were imported yet: retcli import FILE"))


def _shops(shop: Shop) -> Iterator[Finding]:
    """Which platforms' orders are of no named shop, and how to name it."""
    if unnamed := shop_names.unnamed(shop):
        text = _("No shop is named for the orders of {platforms}: retcli import {file} --shop {name} names it")
        blanks = {"file": _("‹file›"), "name": _("‹shop›")}
        yield Finding("shops", OK, text.format(platforms="、".join(map(word, unnamed)), **blanks))


def _unread(shop: Shop) -> Iterator[Finding]:
    """Orders that an older program read net of refunds: how many were put right, which still stand so."""
    number, first, mended = rereading.unread(shop)
    if mended:
        text = _("{n} orders were put right that stood with what was left of them after refunds")
        yield Finding("amounts", OK, text.format(n=mended))
    if number:
        names = "、".join(first) + (" …" if number > len(first) else "")
        text = _("{n} Taobao orders may stand with what was left of them after refunds: {orders}")
        hint = _("Import an order report of their days that has 退款金额: it puts them right by itself")
        several = f"{rereading.COUNTED}+" if number > rereading.COUNTED else number
        yield Finding("amounts", ATTENTION, text.format(n=several, orders=names), hint)


def _unfinished(shop: Shop) -> Iterator[Finding]:
    cut = shop.session.scalars(sa.select(col(Import.name)).where(col(Import.state) != "done").order_by(col(Import.id)))
    names = list(cut)
    last = shop.session.scalars(sa.select(Run).order_by(col(Run.id).desc()).limit(1)).first()
    began = names or (last is not None and last.ended_at is None)
    busy = bool(began) and locks.taken(engine.address(shop.session.get_bind().engine))
    if busy:
        yield Finding("unfinished", OK, _("An import is running"))
    elif names:
        text = _("Imports that were cut off: {names}").format(names="、".join(names))
        yield Finding("unfinished", ATTENTION, text, _("Import anything: they are finished first"))
    elif last is not None and last.ended_at is None:
        text = _("The import that began {at} was cut off").format(at=when(last.started_at))
        yield Finding("unfinished", ATTENTION, text, _("Import the same files again: nothing comes in twice"))
    else:
        yield Finding("unfinished", OK, _("No import is left unfinished"))


def _heartbeat(shop: Shop) -> Iterator[Finding]:
    beat = runs.heartbeat(shop)
    late = beat.late(shop.now)
    remedy = _("Look at the schedule and its mails: crontab -l, or the Windows Task Scheduler")
    yield Finding("night", ATTENTION if late else OK, beat.sentence(shop.now), remedy)


def _copies(shop: Shop) -> Iterator[Finding]:
    state = backups.state(shop)
    if state is None:
        yield Finding("backup", OK, _("The server makes its own backups"))
        return
    late = state.late(shop.now)
    remedy = _('In the settings file: [backup] folder = "D:/retcli"') if not state.folder else "retcli books backup"
    yield Finding("backup", ATTENTION if late else OK, state.sentence(), remedy)
    if ahead := backups.from_the_future(shop):
        text = _("A copy says that it was made in the future: {file}").format(file=ahead[-1].path)
        yield Finding(
            "backup", ATTENTION, text, _("Look at the clock; copies are kept by what they hold, not by their time")
        )


def _newest_copy(shop: Shop) -> list[Finding]:
    """The newest copy read from its first to its last page."""
    newest = backups.newest(shop)
    if newest is None:
        return []
    try:
        copies.verified(newest.path)
    except RetcliError as bad:
        return [Finding("backup", ERROR, bad.message, "retcli books backup")]
    return [Finding("backup", OK, _("The newest copy was read and holds: {file}").format(file=newest.path.name))]


def _clock(shop: Shop) -> Iterator[Finding]:
    """The clock never lies before what already happened, and a shop's books are written by the real one."""
    for stretch in history_clock.stretches(shop):
        text = _("Entry {where}: {text}").format(where=stretch.where, text=stretch.sentence)
        yield Finding("clock", ATTENTION, text, "retcli books check", invariant=8)
    real = sa.select(col(Event.at)).order_by(col(Event.seq).desc()).limit(1)
    last = shop.session.scalar(real.where(sa.not_(col(Event.rehearsal))) if history_clock.live(shop) else real)
    at = datetime.fromisoformat(last) if last else shop.now
    if at - shop.now > SKEW:
        text = _("It is {now}, but the last entry of the books is of {at}").format(now=when(shop.now), at=when(at))
        yield Finding("clock", ERROR, text, _("Set the computer's clock before anything else"))
    elif shop.rehearsal:
        yield Finding("clock", ATTENTION, _("RETCLI_NOW sets the clock to {now}").format(now=when(shop.now)), "unset")
    else:
        zone = datetime.now().astimezone().strftime("%z")
        text = _("{now} in Shanghai; this computer's zone is {zone}").format(now=when(shop.now), zone=zone)
        yield Finding("clock", OK, text)


# -- around the books -------------------------------------------------------------------------------------------------


def _surroundings(asked: Asked) -> Iterator[Finding]:
    """What can be looked at without opening the books."""
    if "://" not in asked.database:
        books_at = Path(asked.database).absolute()
        yield _room(books_at)
        yield _place(books_at)
        yield from _permissions(books_at)
        yield _leftovers(books_at)
    yield _encoding()


def _room(books_at: Path) -> Finding:
    there = next(folder for folder in books_at.parents if folder.is_dir())
    free = shutil.disk_usage(there).free
    size = books_at.stat().st_size if books_at.exists() else 0
    text = _("{free} MB free, the books have {size} MB").format(free=free // 1_000_000, size=size // 1_000_000)
    return Finding("disk", ATTENTION if free < max(ROOM_BYTES, 3 * size) else OK, text, _("Free some space"))


def _place(books_at: Path) -> Finding:
    """Locks do not hold over a network, and a synchronising program copies half-written files (`docs/hazards.md`
    row 9).
    """
    remedy = _("Move the books to a folder of this computer's own: retcli books backup, then restore there")
    where = books_at.parent.resolve()
    if name := places.synced(where):
        return Finding(
            "place", ATTENTION, _("The books lie in a synchronised folder: {name}").format(name=name), remedy
        )
    mounts = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines() if MOUNTS.exists() else []
    kind = places.file_system(where, mounts)
    if kind in places.NETWORK or str(where).startswith("\\\\"):
        return Finding("place", ATTENTION, _("The books lie on a network drive ({kind})").format(kind=kind), remedy)
    return Finding("place", OK, str(where))


def _permissions(books_at: Path) -> Iterator[Finding]:
    """The books, their journals, stages and copies are their owner's alone; Windows keeps rights in another way."""
    if os.name == "nt":
        return
    folders = (stages.folder(str(books_at)), copies.beside(str(books_at)))
    files = [books_at.with_name(books_at.name + ending) for ending in ("", "-wal", "-shm", "-journal")]
    files += [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())]
    loose = [path for path in files if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077]
    loose = [path for path in loose if path.name not in {"lock", "lock.holder"}]
    if loose:
        text = _("Others may read {files}").format(files="、".join(path.name for path in loose[:5]))
        yield Finding("rights", ATTENTION, text, f"chmod 600 {loose[0]}")
    elif books_at.exists():
        yield Finding("rights", OK, _("Only their owner may read the books"))


def _leftovers(books_at: Path) -> Finding:
    names = [path.name for path in leftovers.of_books(str(books_at))]
    if not names:
        return Finding("leftovers", OK, _("Nothing half-written lies beside the books"))
    text = _("Left half-written by runs that were cut off: {files}").format(files="、".join(names[:5]))
    return Finding("leftovers", ATTENTION, text, _("The next import takes them away"))


def _encoding() -> Finding:
    encoding = sys.stdout.encoding or "ascii"
    try:
        "退款￥".encode(encoding)
    except UnicodeEncodeError:
        text = _("The output ({encoding}) cannot show Chinese").format(encoding=encoding)
        return Finding("output", ATTENTION, text, "PYTHONIOENCODING=utf-8; chcp 65001")
    return Finding("output", OK, _("The output ({encoding}) can show Chinese").format(encoding=encoding))
