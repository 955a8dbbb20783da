"""Copies of the books and their evidence in a second place, and books put back from such a copy."""

import os
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from retcli import named_files
from retcli.actions.books import history
from retcli.database import copies, engine, locks, ownership, restoring
from retcli.errors import NeedsPerson, StorageTrouble, WrongCommand
from retcli.language import _, mark
from retcli.opening import forget
from retcli.rules.events import GENESIS
from retcli.rules.lifecycles import MAY_APPROVE_MONEY
from retcli.rules.zone import SHANGHAI
from retcli.settings import COPIES_KEPT, Asked
from retcli.settings import backups as wished
from retcli.shop import BOOKS, Shop
from retcli.transaction import opened
from retcli.views.books.backups import BackupState, BackupView, CopyNote, RestoredView

DUMP_SECONDS = 3600
"""Seconds that a dump of a server's books may take before it is given up."""
AHEAD = timedelta(minutes=5)
"""A copy may be so much newer than now, since the clocks of two computers never agree."""


def back_up(asked: Asked, folder: Path | None = None) -> BackupView:
    """Makes a verified copy of the books in a folder, else in the second place that the settings name, else beside the
    books. Raises Refused for who may not, NeedsPerson for a server without its own programs, StorageTrouble.
    """
    wish = wished()
    with opened(asked, writes=False) as shop:
        shop.may(MAY_APPROVE_MONEY, mark("copy the books"))
    if "://" in asked.database:
        return _dumped(asked, folder or wish.folder)
    if folder is None and wish.folder is None:
        asked.remark(CopyNote.SAME_DISK.sentence())
    return _copied(asked, folder or wish.folder or copies.beside(asked.database), wish.keep)


def after_import(asked: Asked) -> BackupView | None:
    """Makes the copy after an import that changed something, in the second place; None where none is set."""
    wish = wished()
    if wish.folder is None:
        return None
    if "://" in asked.database:
        return _dumped(asked, wish.folder)
    return _copied(asked, wish.folder, wish.keep)


def _copied(asked: Asked, folder: Path, keep: int) -> BackupView:
    """Makes a verified copy of SQLite books in a folder, with the evidence; older copies beyond `keep` are deleted."""
    folder = folder.expanduser().absolute()
    with engine.storage_errors(asked.database):
        copy = copies.copy(asked.database, folder, keep)
        kept = len(copies.found(asked.database, folder, _founding(asked)))
    evidence = copies.evidence_of(asked.database)
    along = copies.take_along(evidence, _evidence_in(folder, evidence))
    return BackupView(str(copy.path), copy.seq, copy.head, kept, along.taken, along.differing, along.strange)


def _evidence_in(folder: Path, evidence: Path) -> Path:
    """Where the evidence of some books lies in a folder of their copies."""
    return folder / evidence.name


def _founding(asked: Asked) -> str:
    """The hash of the first event, which tells the copies of these books from those of others."""
    with engine.reading(asked.database).connect() as connection:
        return str(connection.scalar(sa.text("SELECT hash FROM events WHERE seq = 1")) or GENESIS)


def _dumped(asked: Asked, folder: Path | None) -> BackupView:
    """Makes a dump by PostgreSQL's own programs, and reads its list of contents back. Raises NeedsPerson where they are
    not installed or no folder is named.
    """
    program, reader = shutil.which("pg_dump"), shutil.which("pg_restore")
    if program is None or reader is None or folder is None:
        message = _("These books lie on a PostgreSQL server, which must be backed up by its own means")
        raise NeedsPerson(message, "pg_dump --format=custom --file=retcli.dump DATABASE")
    address = sa.engine.make_url(asked.database)
    # the password goes by the environment: a command line can be read by every user of the computer
    environment = dict(os.environ) | ({"PGPASSWORD": str(address.password)} if address.password else {})
    without_password = address.set(password=None, drivername="postgresql").render_as_string(hide_password=False)
    path = folder / f"{address.database}-{datetime.now(SHANGHAI):%Y%m%d-%H%M%S}.dump"
    partial = path.with_name(f"{path.name}.partial")
    folder.mkdir(mode=0o700, exist_ok=True)
    engine.create_file(partial)
    try:
        _run([program, "-Fc", f"--file={partial}", without_password], environment)
        _run([reader, "--list", str(partial)], environment)  # a dump that was cut off has no list of contents
        partial.replace(path)
        copies.sync_folder(folder)
    finally:
        partial.unlink(missing_ok=True)
    evidence = copies.evidence_of(asked.database)
    along = copies.take_along(evidence, _evidence_in(folder, evidence))
    return BackupView(str(path), 0, "", 0, along.taken, along.differing, along.strange)


def _run(command: list[str], environment: dict[str, str]) -> None:
    """Runs one of PostgreSQL's own programs. Raises StorageTrouble with the first line of its error."""
    done = subprocess.run(  # noqa: S603 (the programs are PostgreSQL's own, found on PATH)
        command, env=environment, capture_output=True, timeout=DUMP_SECONDS, check=False
    )
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise StorageTrouble(_("pg_dump failed: {why}").format(why=lines[0] if lines else done.returncode))


def state(shop: Shop) -> BackupState | None:
    """The second place, when the newest copy was taken, and whether entries came since; None for books on a server."""
    database = _sqlite_path(shop)
    if not database:
        return None
    last, folder = newest(shop), wished().folder
    seq = shop.session.scalar(sa.text("SELECT seq FROM anchors")) or 0
    return BackupState(str(folder) if folder else None, last.at if last else None, last is not None and last.seq != seq)


def newest(shop: Shop) -> copies.Copy | None:
    """The copy with most events that the books have too, in the second place, or beside the books where none is set;
    None where there is none.
    """
    own = copies.within(_there(shop), lambda number: _hash_of(shop, number))
    return own[-1] if own else None


def from_the_future(shop: Shop) -> list[copies.Copy]:
    """Copies whose names tell a time that has not come yet: a clock was wrong when they were made, or is wrong now."""
    latest = datetime.now(SHANGHAI) + AHEAD
    return [copy for copy in _there(shop) if copy.at > latest]


def _there(shop: Shop) -> list[copies.Copy]:
    """The copies of these books in the second place, or beside them where none is set; none of a server's."""
    database = _sqlite_path(shop)
    if not database:
        return []
    return copies.found(database, wished().folder or copies.beside(database), _hash_of(shop, 1) or GENESIS)


def _hash_of(shop: Shop, number: int) -> str:
    """The hash of an event, empty where these books have none of that number."""
    return shop.session.scalar(sa.text("SELECT hash FROM events WHERE seq = :seq"), {"seq": number}) or ""


def _sqlite_path(shop: Shop) -> str:
    """Where SQLite books lie; empty for a server's."""
    address = shop.session.get_bind().engine.url
    return str(address.database) if address.get_backend_name() == "sqlite" else ""


def stand_there(asked: Asked) -> bool:
    """Whether a restore would replace books with somebody's work in them, or a file that cannot be read."""
    return "://" not in asked.database and restoring.standing(Path(asked.database)) != "empty"


def restore(asked: Asked, file: Path, *, yes: bool = False, other_books: str = "") -> RestoredView:
    """Puts books back from a copy in which everything holds; what stands there is copied first.

    Raises WrongCommand where books stand there and nobody said yes, Refused where somebody else than their owner does
    it, or where the copy is one of other books and `other_books` is not the name of those that stand there.
    """
    if "://" in asked.database:
        message = _("These books lie on a PostgreSQL server, which must be restored by its own means")
        raise NeedsPerson(message, "pg_restore --clean --dbname=DATABASE retcli.dump")
    named_files.require(file)
    books = Path(asked.database)
    # all questions first, then the books that stand there are kept, and only then the copy is put in their place;
    # under the import's lock, since an import holds connections and a stage of the books that go
    with engine.storage_errors(asked.database), locks.alone(asked.database), restoring.examined(file, books) as ready:
        restoring.owned(ready, asked.operator)
        standing = restoring.standing(books)
        _permitted(asked, file, ready, standing, other_books)
        if standing != "empty" and not yes:
            message = _("Books stand there already: {path}").format(path=books)
            raise WrongCommand(message, _("Say --yes: they are copied first, then replaced"))
        before = _kept(asked, standing)
        restoring.put(ready, books)
    forget(asked)
    evidence = copies.evidence_of(asked.database)
    along = copies.take_along(_evidence_in(file.parent, evidence), evidence)
    seq = _record_restored(asked, file)
    return RestoredView(str(file), asked.database, seq, before, along.taken, (*along.differing, *along.strange))


def _record_restored(asked: Asked, file: Path) -> int:
    """Writes the event that books were put back from a file, with the copies of the history that is given up by that;
    the number of the last event before it.
    """
    with opened(asked) as shop:
        seq = int(shop.session.scalar(sa.text("SELECT seq FROM anchors")) or 0)
        left = [f"e{copy.seq}-{copy.head}" for copy in history.beyond(shop)]
        shop.record(BOOKS, "restore", file=file.name, seq=seq, left=left)
    return seq


def _permitted(asked: Asked, file: Path, ready: Path, standing: str, other_books: str) -> None:
    """Raises Refused where the books to be replaced (or, where they are missing or unreadable, their newest copy) have
    another owner or another founding. Where nothing tells whose they were, the owner of the copy may put them back.
    """
    coming, before = ownership.of_file(ready), ownership.of_file(Path(asked.database))
    if standing == "empty" and before is not None:
        return  # founded a moment ago: nothing is in them
    folders = {place for place in (copies.beside(asked.database), wished().folder) if place is not None}
    before = before or ownership.of_copies(asked.database, folders, coming.founding if coming else "")
    if before is not None:
        ownership.permitted(before, coming, asked.operator, other_books, file.name)


def _kept(asked: Asked, standing: str) -> str:
    """Keeps the books that are to be replaced, as a verified copy, or damaged ones set aside as they are; where."""
    books = Path(asked.database)
    if standing == "empty":
        return ""
    if standing == "damaged":
        engine.engine(asked.database).dispose()  # else connections of the pool would go on in the renamed file
        return str(restoring.set_aside(books))
    return str(copies.copy(asked.database, copies.beside(asked.database), COPIES_KEPT).path)
