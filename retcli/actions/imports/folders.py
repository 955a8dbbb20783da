"""The folder to which a browser downloads: which files are ready in it, and where they go once they are taken in."""

import errno
import math
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from retcli import named_files
from retcli.actions.imports.file_import import import_of
from retcli.actions.imports.stager import File
from retcli.database.copies import sync_folder
from retcli.errors import NotFound, why
from retcli.language import _
from retcli.reading import reader
from retcli.settings import Asked
from retcli.transaction import opened
from retcli.views.imports.imports import FileView
from retcli.views.imports.not_taken import NotTaken, Unread
from retcli.views.imports.remarks import Moved, NotMoved

SETTLED_SECONDS = 5.0
"""Seconds since its last writing within which a file found in a folder may still be growing."""
UNFINISHED = (".crdownload", ".part", ".partial", ".download", ".tmp")
"""Endings of files that browsers are still writing."""
HIDDEN = (".", "~$")
"""Beginnings of names of files that no person put there: the system's own, and Excel's note of who has one open."""


class Patience:
    """How long a run waits for files that were written just now: all together no longer than one of them must be quiet,
    and not at all where no person waits for the run at a terminal (`patient`).
    """

    def __init__(self, asked: Asked, *, patient: bool) -> None:
        self.remark = asked.remark
        self.until = time.monotonic() + (SETTLED_SECONDS if patient else 0.0)

    def wait_for(self, path: Path) -> None:
        """Waits until a file has been quiet for long enough, or until the patience is at its end. Raises
        FileNotFoundError.
        """
        rest = min(SETTLED_SECONDS - age(path), self.until - time.monotonic())
        if rest > 0:
            self.remark(_("{file} was written just now: waiting for {n} s").format(file=path.name, n=math.ceil(rest)))
            time.sleep(rest)


def age(path: Path) -> float:
    """Seconds since a file's last writing; a time of writing ahead of the clock counts as much. Raises
    FileNotFoundError.
    """
    return abs(time.time() - path.stat().st_mtime)


def files_in(paths: Iterable[Path], patience: Patience) -> Iterator[tuple[Path, FileView | None, bool]]:
    """Each file once, with the result that says why it is not read (None: it is), and whether it was named itself
    rather than found in a folder. Raises NotFound for a path that does not exist.
    """
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise NotFound(_("There is no file {path}").format(path=path), _("Check the name"), file=path)
        named = not path.is_dir()
        try:
            entries = [path] if named else sorted(path.iterdir())
        except OSError as error:
            yield path, unreadable(path, error), True
            continue
        for inside in entries:
            try:
                yield from _entry(inside, seen, patience, named=named)
            except (OSError, RuntimeError) as error:
                yield inside, unreadable(inside, error), named


def _entry(
    path: Path, seen: set[Path], patience: Patience, *, named: bool
) -> Iterator[tuple[Path, FileView | None, bool]]:
    """The file of a folder's entry or a named path, as `files_in` gives it; none for folders, hidden files and those
    that came before.
    """
    if not path.is_file():
        if named or not path.exists():  # a link that leads nowhere; folders and pipes are nobody's downloads
            state = "refused" if named else "passed_over"
            yield path, FileView(reader.name_of(path), state, trouble=NotTaken(Unread.NO_FILE)), named
        return
    whole = path.resolve()  # a file and a link to it, or one that is named besides its folder, are read once
    if whole in seen or not (named or not path.name.startswith(HIDDEN)):
        return
    seen.add(whole)
    yield path, None if named else _unsettled(path, patience), named


def unreadable(path: Path, error: OSError | RuntimeError) -> FileView:
    """The result of a file or folder that the system does not let anybody read."""
    trouble = NotTaken(Unread.LINK_TO_ITSELF)
    if isinstance(error, OSError):
        trouble = NotTaken(Unread.NOT_READABLE, system_says=why(error))
    return FileView(reader.name_of(path), "refused", trouble=trouble)


def _unsettled(path: Path, patience: Patience) -> FileView | None:
    """The result of a file found in a folder that is left for the next time, since it may still grow; None
    otherwise.
    """
    if path.suffix.lower() in UNFINISHED:
        return FileView(reader.name_of(path), "passed_over", trouble=NotTaken(Unread.UNFINISHED_DOWNLOAD))
    growing = any(path.with_name(path.name + ending).exists() for ending in UNFINISHED)
    try:
        if not growing:
            patience.wait_for(path)
        growing = growing or age(path) < SETTLED_SECONDS
    except FileNotFoundError:
        return gone(path)
    return still_written(path) if growing else None


def still_written(path: Path) -> FileView:
    """The result of a file that somebody is still writing."""
    return FileView(reader.name_of(path), "busy", trouble=NotTaken(Unread.STILL_WRITTEN))


def gone(path: Path) -> FileView:
    """The result of a file that was there a moment ago and is gone."""
    return FileView(reader.name_of(path), "busy", trouble=NotTaken(Unread.GONE))


@dataclass(frozen=True)
class Done:
    """The folder to which files go that are wholly in the books; None: they stay where they are."""

    asked: Asked
    shop_name: str
    folder: Path | None

    def put_away(self, view: FileView, tables: Sequence[File]) -> FileView:
        """Moves a file whose every table is in the books without a refused row; `view` is the result of the last table,
        given back with a remark where the file went, or why it stays.
        """
        path = tables[0].path
        if self.folder is None or view.state not in {"imported", "unchanged"}:
            return view
        # hashed again: a download of the same name may have replaced the file that was read
        if not all(self._wholly(table.content) for table in tables) or named_files.digest(path) != tables[0].digest:
            return view
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not self.folder.samefile(path.parent):
                moved = move(path, self.folder)
                return replace(view, noticed=(*view.noticed, Moved(str(moved))))
        except OSError as error:
            stays = NotMoved(str(self.folder), why(error))
            return replace(view, noticed=(*view.noticed, stays), not_moved=stays)
        return view

    def _wholly(self, content: str) -> bool:
        """Whether every row of a content is in the books, none refused."""
        with opened(self.asked, writes=False) as shop:
            imported = import_of(shop, content, self.shop_name)
        return imported is not None and imported.state == "done" and not imported.refused


def move(path: Path, folder: Path) -> Path:
    """Moves a file into a folder, under a numbered name where its own is taken; the new path. Nothing is overwritten.
    Raises OSError.
    """
    target = _reserved(path, folder)
    try:
        try:
            path.replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:  # only where the folder is on another file system the file must be copied
                raise
            _move_across(path, target)
    except OSError:
        target.unlink(missing_ok=True)
        raise
    return target


def _reserved(path: Path, folder: Path) -> Path:
    """Makes an empty file under the first free name, so that nobody else takes the name meanwhile; its path."""
    number = 1
    while True:
        target = folder / (path.name if number == 1 else f"{path.stem} ({number}){path.suffix}")
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            number += 1
        else:
            return target


def _move_across(path: Path, target: Path) -> None:
    """Moves a file to another file system: the copy is synced before the original is deleted."""
    shutil.copy2(path, target)
    with target.open("rb+") as stream:
        os.fsync(stream.fileno())
    sync_folder(target.parent)
    path.unlink()
