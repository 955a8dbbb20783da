"""Verified copies of SQLite books: made in one shot by SQLite itself, checked on the copy, named when all holds.

Never a plain copy of the live file (`docs/hazards.md` rows 7 and 8, C-5).
"""

import contextlib
import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from retcli import named_files
from retcli.database import engine
from retcli.database.abandoned import abandoned
from retcli.database.troubles import kind_of
from retcli.errors import Busy, StorageTrouble, why
from retcli.language import _
from retcli.rules.events import FIELDS, GENESIS, Broken, last_link
from retcli.rules.zone import SHANGHAI

PARTIAL = ".partial"
"""The ending of a file's name while it is written; what bears another name is whole."""
_SHA256 = re.compile("[0-9a-f]{64}")
_ANY_TABLE = "SELECT 1 FROM sqlite_master LIMIT 1"
_CHAIN = f"SELECT {', '.join(FIELDS)}, hash FROM events ORDER BY seq"


@dataclass(frozen=True)
class Copy:
    """A copy as its file's name tells it: when it was taken (Shanghai), number and first hash digits of its last
    event.
    """

    path: Path
    at: datetime
    seq: int
    head: str


def beside(database: str) -> Path:
    """The folder for copies where no second place is set: beside the books, so on the same disk."""
    return Path(f"{database}-backups")


def evidence_of(database: str) -> Path:
    """The books' own folder of photos, videos and reports: beside a file, else in the user's data folder."""
    if "://" in database:
        import platformdirs

        return Path(platformdirs.user_data_dir("retcli", appauthor=False)) / "evidence"
    return Path(f"{database}-evidence")


def copy(database: str, folder: Path, keep: int) -> Copy:
    """Makes a verified copy of SQLite books in a folder, then deletes older ones beyond `keep`.

    Raises StorageTrouble where the folder has no room or cannot be written, or the copy does not hold; Busy where
    somebody keeps the books locked.
    """
    at = datetime.now(SHANGHAI).replace(microsecond=0)
    with _troubles(folder):
        folder.mkdir(mode=0o700, exist_ok=True)  # never its parents: they are missing where the disk is not there
        # with the process in its name, by which `abandoned` knows whether its writer still runs
        partial = folder / f"{Path(database).stem}-{at:%Y%m%d-%H%M%S}-{os.getpid()}.partial"
        try:
            seq, head, founding = _pour_and_verify(database, partial)
            prefix = _prefix(database, founding)
            new = Copy(folder / f"{prefix}-{at:%Y%m%d-%H%M%S}-e{seq}-{head[:8]}.db", at, seq, head[:8])
            # looked up before the new one has its name, so that it is not among them; its chain tells which of them
            # are of its own history
            there = found(database, folder, founding)
            with closing(read_only(partial)) as copy_of:
                same_history = within(there, lambda number: _hash_on(copy_of, number))
            _put(partial, new.path)
        finally:
            partial.unlink(missing_ok=True)
        _tidy(database, folder)
        for old in beyond(keep, new, there, same_history):
            with contextlib.suppress(OSError):  # a copy too many takes room, but the new one is there
                old.path.unlink()
        if not new.path.is_file():
            message = _("The copy {file} is not there any more").format(file=new.path)
            raise StorageTrouble(message, _("Look whether the disk is there, has room, and may be written"))
    return new


def beyond(keep: int, new: Copy, there: Sequence[Copy], same_history: Sequence[Copy]) -> list[Copy]:
    """The copies among `there` that may be deleted once `new` has come, with at least `keep` staying.

    The copies with most events stay, not the youngest, since a clock may have been wrong. Where older books were put
    back and went on, copies of the history that was given up have more events than those of the new one
    (`same_history`), so that `keep` of these stay too.
    """
    by_events = sorted({new, *there}, key=lambda copy: (copy.seq, copy.at))
    own = [copy for copy in by_events if copy == new or copy in same_history]
    kept = {new, *_last(by_events, keep), *_last(own, keep)}
    return [copy for copy in there if copy not in kept]


def _last(copies: Sequence[Copy], count: int) -> Sequence[Copy]:
    """The last `count` copies, or all where there are fewer."""
    return copies[len(copies) - count :] if count < len(copies) else copies


def within(copies: Iterable[Copy], hash_of: Callable[[int], str]) -> list[Copy]:
    """The copies whose last event is also an event of the books that `hash_of` gives event hashes of, by number."""
    return [copy for copy in copies if hash_of(copy.seq).startswith(copy.head)]


def _hash_on(connection: Any, number: int) -> str:
    """The hash of an event, empty where there is none of that number."""
    row = connection.execute("SELECT hash FROM events WHERE seq = ?", (number,)).fetchone()
    return str(row[0]) if row else ""


def found(database: str, folder: Path, founding: str) -> list[Copy]:
    """The copies of these books in a folder, by the number of their last event, then by their time; `founding` is the
    hash of their first event.
    """
    return _named(re.escape(_prefix(database, founding)), folder)


def of_any_founding(database: str, folder: Path) -> list[Copy]:
    """The copies in a folder of all books that ever had this file's name, by the number of their last event."""
    return _named(re.escape(Path(database).stem) + "-[0-9a-f]{4}", folder)


def _named(prefix: str, folder: Path) -> list[Copy]:
    """The copies in a folder whose names begin with a pattern, by the number of their last event, then by time."""
    pattern = re.compile(prefix + r"-(\d{8}-\d{6})-e(\d+)-([0-9a-f]{8})\.db")
    if not folder.is_dir():
        return []
    named = [(path, fit) for path in folder.iterdir() if (fit := pattern.fullmatch(path.name))]
    copies = []
    for path, fit in named:
        with contextlib.suppress(ValueError):  # digits that are no day or time: a file that somebody named so
            at = datetime.strptime(fit[1], "%Y%m%d-%H%M%S").replace(tzinfo=SHANGHAI)
            copies.append(Copy(path, at, int(fit[2]), fit[3]))
    return sorted(copies, key=lambda each: (each.seq, each.at))


def verified(path: Path) -> tuple[int, str, str]:
    """Reads the whole of a copy, and gives number and hash of its last event, and the hash of its first.

    Raises StorageTrouble where pages, references or history do not hold.
    """
    with engine.storage_errors(str(path)), closing(read_only(path)) as copy_of:
        if [row[0] for row in copy_of.execute("PRAGMA integrity_check(3)")] != ["ok"]:
            raise StorageTrouble(_("{file} is damaged").format(file=path.name), _("Take another copy"))
        if copy_of.execute("PRAGMA foreign_key_check").fetchone():
            raise StorageTrouble(_("{file} lacks rows that others name").format(file=path.name), "retcli doctor")
        return history(copy_of, path.name)


def history(connection: Any, name: str) -> tuple[int, str, str]:
    """Verifies the chain of events of books on a bare connection; number and hash of the last event, hash of the first.
    `name` says in a message which books they are. Raises StorageTrouble where the chain does not hold up to its anchor.
    """
    anchor = connection.execute("SELECT seq, hash FROM anchors").fetchone() or (0, GENESIS)
    try:
        head = last_link(connection.execute(_CHAIN))
    except Broken as broken:
        message = _("The history in {file} was changed at event {seq}").format(file=name, seq=broken.seq)
        raise StorageTrouble(message, "retcli books check") from broken
    if head != tuple(anchor):
        message = _("The end of the history is missing in {file}").format(file=name)
        raise StorageTrouble(message, "retcli books check")
    first = connection.execute("SELECT hash FROM events WHERE seq = 1").fetchone()
    return head[0], head[1], first[0] if first else GENESIS


def read_only(path: Path) -> Any:
    """A bare connection that can only read a SQLite file, and runs no function that the file's schema names. What a
    killed writer left half written is rolled back first, as SQLite does at every opening.
    """
    address = path.resolve().as_uri()
    connection = _looking(f"{address}?mode=ro")
    if _half_written(connection):
        connection.close()
        with closing(_looking(f"{address}?mode=rw")) as mended:
            _half_written(mended)
        connection = _looking(f"{address}?mode=ro")
    return connection


def _looking(address: str) -> Any:
    """A bare connection that only reads, and runs no function that the schema of a stranger's file names."""
    connection = engine.bare_connection(address)
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA query_only=ON")
    return connection


def _half_written(connection: Any) -> bool:
    """Whether a killed writer left a journal that must be played back before the file can be read
    (https://sqlite.org/lockingv3.html#hot_journals), which only a connection that may write does. Any other error is
    left to whoever reads next.
    """
    try:
        connection.execute(_ANY_TABLE).fetchone()
    except engine.driver_error() as error:
        return kind_of(error) == "READONLY"
    return False


def poured(source: Any, target: Any) -> None:
    """Copies the whole of one open SQLite database into another in one shot. Raises Busy where somebody keeps it locked
    for longer than `engine.PATIENCE_SECONDS`.
    """
    deadline = time.monotonic() + engine.PATIENCE_SECONDS

    def patient(_status: int, _remaining: int, _total: int) -> None:
        # called after each try, also where the source was locked: the only place from which the wait can be ended
        if time.monotonic() > deadline:
            raise Busy(_("Somebody else is writing in the books"), _("Try again in a moment"))

    with engine.storage_errors():
        # all pages in one step: between two, anybody else's commit makes a backup begin anew (`docs/hazards.md` C-5)
        source.backup(target, pages=-1, progress=patient, sleep=0.02)


@contextmanager
def _troubles(folder: Path) -> Iterator[None]:
    """Raises StorageTrouble for an OSError inside, with the folder of the copies and what to look at."""
    try:
        yield
    except OSError as error:
        message = _("No copy can be made in {folder}: {why}").format(folder=folder, why=why(error))
        raise StorageTrouble(message, _("Look whether the disk is there, has room, and may be written")) from error


def _pour_and_verify(database: str, partial: Path) -> tuple[int, str, str]:
    """Copies the books into a new file, and gives what `verified` does. Raises StorageTrouble where there is no
    room.
    """
    engine.create_file(partial)
    raw = engine.engine(database).raw_connection()
    try:
        source: Any = raw.driver_connection
        size = source.execute("PRAGMA page_count").fetchone()[0] * source.execute("PRAGMA page_size").fetchone()[0]
        # asked before: a disk that is filled to its end takes the scans and imports beside it down too
        if shutil.disk_usage(partial.parent).free < size:
            message = _("No room for a copy of the books in {folder}").format(folder=partial.parent)
            raise StorageTrouble(message, _("Free some space and try again"))
        pour_into(source, partial)
    finally:
        raw.close()
    return verified(partial)


def pour_into(source: Any, path: Path) -> None:
    """Copies the whole of an open database into an empty file, which needs no journal or log beside it."""
    with closing(engine.bare_connection(path.resolve().as_uri())) as target:
        target.execute("PRAGMA synchronous=FULL")
        poured(source, target)
        # the backup brings the books' WAL mode along: a copy that is moved without its log would lack what is in it
        target.execute("PRAGMA journal_mode=DELETE")


def _put(partial: Path, path: Path) -> None:
    """Renames a file that is whole: content is synced before the name, so that a power cut leaves no empty copy."""
    # opened to write, without which Windows refuses to sync
    with partial.open("rb+") as stream:
        os.fsync(stream.fileno())
    partial.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Syncs a folder, so that a new name in it outlasts a power cut; Windows does that by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _prefix(database: str, founding: str) -> str:
    """How the names of copies begin: the books' name and a part of their founding's hash, so that books of one name do
    not take each other's copies for their own.
    """
    return f"{Path(database).stem}-{founding[:4]}"


def _tidy(database: str, folder: Path) -> None:
    """Deletes partial copies of these books, with their journals, that killed runs left in a folder."""
    pattern = re.compile(re.escape(Path(database).stem) + r"-\d{8}-\d{6}-(\d+)\.partial(?:-journal|-wal|-shm)?")
    for path in abandoned(folder, pattern):
        path.unlink(missing_ok=True)


@dataclass(frozen=True)
class TakenAlong:
    """What came of copying evidence: how many files were `taken`; the names of `differing` ones, whose content is not
    the one that their name says, and of `strange` ones, whose name says none.
    """

    taken: int = 0
    differing: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()


def take_along(source: Path, target: Path) -> TakenAlong:
    """Copies the files of one folder of evidence that another folder does not have yet.

    Evidence is named by its SHA-256 and never changes: what lies there already is left alone, each copy is read again
    before it counts, and neither a link nor a file of any other name is taken. Raises StorageTrouble.
    """
    copied, differing, strange = 0, list[str](), list[str]()
    with _troubles(target):
        for path in sorted(source.rglob("*")) if source.is_dir() else ():
            name = str(path.relative_to(source))
            there = target / name
            if path.name.endswith(PARTIAL) or (path.is_dir() and not path.is_symlink()):
                continue
            if path.is_symlink() or not path.is_file() or not _SHA256.fullmatch(path.stem):
                strange.append(name)
            elif there.exists():
                # by size alone: to read years of photos and videos at every copy would take longer than the copy
                differing += [name] if there.stat().st_size != path.stat().st_size else []
            elif _copy_whole(path, there):
                copied += 1
            else:
                differing.append(name)
    return TakenAlong(copied, tuple(differing), tuple(strange))


def _copy_whole(path: Path, there: Path) -> bool:
    """Copies a file of evidence; whether the copy has the content that its name says. If not, no copy is left."""
    there.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    there.parent.mkdir(mode=0o700, exist_ok=True)
    partial = there.with_name(f"{there.name}{PARTIAL}")
    partial.unlink(missing_ok=True)
    engine.create_file(partial)
    try:
        with named_files.opened(path, links=False) as stream, partial.open("wb") as copied:
            shutil.copyfileobj(stream, copied)
        if digest(partial) != path.stem:
            return False
        _put(partial, there)
    finally:
        partial.unlink(missing_ok=True)
    return True


def digest(path: Path) -> str:
    """The SHA-256 of a file's content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
