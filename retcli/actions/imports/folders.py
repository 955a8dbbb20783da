"""The folder that a browser downloads to: what lies ready in it, and where a file goes once it is taken in."""

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from retcli.actions.imports.file_import import import_of
from retcli.actions.imports.stager import File
from retcli.database.copies import sync_folder
from retcli.errors import NotFound, why
from retcli.language import _
from retcli.reading import reader
from retcli.settings import Asked
from retcli.transaction import opened
from retcli.views.imports.imports import FileView

SETTLED_SECONDS = 5.0
"""A file in a folder that was written to more recently may still be growing."""
UNFINISHED = (".crdownload", ".part", ".partial", ".download", ".tmp")
"""What browsers call a file that they are still writing."""
HIDDEN = (".", "~$")
"""How files begin that no person put there: the system's own, and Excel's note of who has a workbook open."""


def found(paths: Iterable[Path]) -> Iterator[tuple[Path, FileView | None, bool]]:
    """Every file once, why it is not read now, and whether it was named itself rather than found in a folder."""
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
                yield from _entry(inside, seen, named=named)
            except (OSError, RuntimeError) as error:
                yield inside, unreadable(inside, error), named


def _entry(path: Path, seen: set[Path], *, named: bool) -> Iterator[tuple[Path, FileView | None, bool]]:
    """One entry of a folder, or a file that was named: nothing for what is no file or was there before."""
    if not path.is_file():
        if named or not path.exists():  # a link that leads nowhere; folders and pipes are nobody's downloads
            state = "refused" if named else "passed_over"
            yield path, FileView(reader.name_of(path), state, problem=_("This is no file")), named
        return
    whole = path.resolve()
    if whole in seen or not (named or not path.name.startswith(HIDDEN)):
        return
    seen.add(whole)
    yield path, None if named else _unsettled(path), named


def unreadable(path: Path, error: OSError | RuntimeError) -> FileView:
    """A file or folder that the system does not let anybody read."""
    reason = why(error) if isinstance(error, OSError) else _("the link leads to itself")
    text = _("It cannot be read: {why}").format(why=reason)
    return FileView(reader.name_of(path), "refused", problem=text, hint=_("Look at its rights"))


def _unsettled(path: Path) -> FileView | None:
    """Why a file found in a folder is left for the next time."""
    if path.suffix.lower() in UNFINISHED:
        return FileView(reader.name_of(path), "passed_over", problem=_("A download that did not finish"))
    growing = any(path.with_name(path.name + ending).exists() for ending in UNFINISHED)
    try:
        growing = growing or abs(time.time() - path.stat().st_mtime) < SETTLED_SECONDS
    except FileNotFoundError:
        return gone(path)
    return still_written(path) if growing else None


def still_written(path: Path) -> FileView:
    """A file that somebody is still writing."""
    return FileView(
        reader.name_of(path), "busy", problem=_("The file is still being written"), hint=_("Try again in a moment")
    )  # fmt: skip


def gone(path: Path) -> FileView:
    """A file that was there a moment ago."""
    hint = _("Try again in a moment")
    return FileView(reader.name_of(path), "busy", problem=_("The file is no longer there"), hint=hint)


@dataclass(frozen=True)
class Done:
    """Where files go that are wholly in the books."""

    asked: Asked
    shop_name: str
    folder: Path | None

    def put_away(self, view: FileView, tables: Sequence[File]) -> FileView:
        """Moves a file there of which every row of every table is in the books; `view` tells of the last one. One that
        cannot be moved stays, and that is said.
        """
        path = tables[0].path
        if self.folder is None or view.state not in {"imported", "unchanged"}:
            return view
        if not all(self._wholly(table.content) for table in tables) or _digest(path) != tables[0].digest:
            return view
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not self.folder.samefile(path.parent):
                moved = move(path, self.folder)
                return replace(view, remarks=(*view.remarks, _("Moved to {path}").format(path=moved)))
        except OSError as error:
            text = _("It could not be moved to {folder}: {why}")
            stays = text.format(folder=self.folder, why=why(error))
            return replace(view, remarks=(*view.remarks, stays), complaints=(stays,))
        return view

    def _wholly(self, content: str) -> bool:
        with opened(self.asked, writes=False) as shop:
            known = import_of(shop, content, self.shop_name)
        return known is not None and known.state == "done" and not known.refused


def move(path: Path, folder: Path) -> Path:
    """Moves a file into a folder, numbered where its name is taken; nothing there is ever written over."""
    target = _reserved(path, folder)
    try:
        try:
            path.replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _carried(path, target)
    except OSError:
        target.unlink(missing_ok=True)
        raise
    return target


def _reserved(path: Path, folder: Path) -> Path:
    """An empty file under the first name that is free, which nobody else can take meanwhile."""
    number = 1
    while True:
        target = folder / (path.name if number == 1 else f"{path.stem} ({number}){path.suffix}")
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            number += 1
        else:
            return target


def _carried(path: Path, target: Path) -> None:
    """To another file system: whole and on the disk there before it goes here."""
    shutil.copy2(path, target)
    with target.open("rb+") as stream:
        os.fsync(stream.fileno())
    sync_folder(target.parent)
    path.unlink()


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
