"""Reads files into stages, ready to merge. A second thread reads the next file during a merge, which keeps only the
database busy.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from retcli.actions.imports import staged_rows
from retcli.database.staging.stage_places import stage_of
from retcli.database.staging.stages import Part, Stage
from retcli.errors import FULL, NeedsPerson, why
from retcli.language import mark
from retcli.reading import reader
from retcli.rules.zone import SHANGHAI
from retcli.settings import Asked
from retcli.views.imports.imports import FileView
from retcli.views.imports.not_taken import ColumnOfNone, NotTaken, Refusal, Trouble, Unread
from retcli.views.imports.remarks import reading

_DIFFERING = mark("the same line stands twice in the file, with different content")
_SIBLING = mark("another row of this order was refused, and an order comes in whole")
_MOMENT = re.compile(
    r"(?<!\d)(20\d\d)[-_]?([01]\d)[-_]?([0-3]\d)[-_ T]?([0-2]\d)[-_.:]?([0-5]\d)[-_.:]?([0-5]\d)(?!\d)"
)
MANY_ROWS, NEARLY_ALL_PERCENT = 20, 95
"""A file of at least so many rows, of which so many percent would be refused for one column, was exported wrongly: it
is refused as a whole, with that column.
"""
_LOOK_SECONDS = 0.1
"""Seconds between two looks whether somebody pressed Ctrl-C, while a stage is waited for: on Windows a wait for a
thread is not interrupted.
"""


@dataclass(frozen=True)
class File:
    """A recognised file, or one table of it: its name for people, the hash of the whole file (`digest`), the one by
    which this table is known (`content`, the same where the file is one table), and how the file was when it was
    hashed.
    """

    path: Path
    name: str
    digest: str
    content: str
    reading: reader.Reading
    seen: os.stat_result

    def changed_since(self) -> bool:
        """Whether somebody wrote into the file since it was hashed."""
        now = self.path.stat()
        return (now.st_size, now.st_mtime_ns) != (self.seen.st_size, self.seen.st_mtime_ns)

    def exported_anew(self) -> "File":
        """The same content as an export of its own, known by its instant as well."""
        name = f"{self.content}/{self.exported_at.isoformat()}"
        return replace(self, content=hashlib.sha256(name.encode()).hexdigest())

    @property
    def exported_at(self) -> datetime:
        """When the file was exported, in UTC: by its name where that holds an instant to the second (Shanghai's time),
        else when it was written. Of two exports the newer one has the last word.
        """
        for named in reversed(_MOMENT.findall(self.path.name)):
            with suppress(ValueError):
                moment = datetime.strptime("".join(named), "%Y%m%d%H%M%S")
                return moment.replace(tzinfo=SHANGHAI).astimezone(UTC)
        return datetime.fromtimestamp(int(self.seen.st_mtime), UTC)


class _Stopped(Exception):
    """Raised in the second thread where the run ends before its file is wanted."""


class Stager:
    """Makes the stages of one run's files, as a context. One file may be read ahead, beside the merge of another."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._pool = ThreadPoolExecutor(1)
        self._ahead: tuple[str, Future[FileView | None]] | None = None
        self._free, self._awaited, self._stopped = Event(), Event(), Event()

    def __enter__(self) -> "Stager":
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._free.set()  # wakes a reading that pauses, so that it sees that the run is over
        self._pool.shutdown()

    def begin(self, file: File) -> None:
        """Begins to read a file ahead, unless it has a stage or another one is read ahead already."""
        stage = stage_of(self._asked.database, file.content)
        if self._ahead is None and not stage.complete():
            self._free.set()
            self._awaited.clear()
            self._ahead = file.content, self._pool.submit(self._beside, stage, file)

    def give_way(self, *, wanted: bool) -> None:
        """Has the reading ahead pause (`wanted`) while somebody else writes beside the merge: on few processors it
        would slow the steps for which they wait.
        """
        (self._free.clear if wanted else self._free.set)()

    def refusal(self, stage: Stage, file: File) -> FileView | None:
        """Makes the stage of a file, or waits for the one that is read ahead; None once it is complete, or the result
        of a file that is refused as a whole.
        """
        if self._ahead is None or self._ahead[0] != file.content:
            return None if stage.complete() else _staged(stage, file, self._asked.progress, lambda: None)
        _content, coming = self._ahead
        self._free.set()  # nothing is merged now: it need not pause any more
        self._awaited.set()
        self._ahead = None
        while not coming.done():
            wait([coming], _LOOK_SECONDS)
        return coming.result()

    def _beside(self, stage: Stage, file: File) -> FileView | None:
        """Stages a file beside a merge; its own progress is shown only once it is waited for."""

        def progress(name: str, done: int, total: int | None) -> None:
            if self._awaited.is_set():
                self._asked.progress(name, done, total)

        try:
            return _staged(stage, file, progress, self._pause)
        except _Stopped:
            stage.drop()
            return None

    def _pause(self) -> None:
        self._free.wait()
        if self._stopped.is_set():
            raise _Stopped


def _staged(
    stage: Stage, file: File, progress: Callable[[str, int, int | None], None], pause: Callable[[], None]
) -> FileView | None:
    """Stages a file; None, or the result of one that is refused as a whole. `pause` is called between its parts.

    Raises OSError where the disk is full or the file is gone, which says nothing against the file.
    """
    try:
        stage.fill(_parts_reported(file, stage, progress, pause), _DIFFERING, _SIBLING)
    except NeedsPerson as broken:
        trouble: Trouble = Refusal.of(broken)
    except UnicodeDecodeError:
        trouble = NotTaken(Unread.CUT_SHORT)
    except OSError as error:
        if isinstance(error, FileNotFoundError) or error.errno in FULL:
            raise
        trouble = NotTaken(Unread.READING_FAILED, file.name, why(error))
    else:
        unreadable = _column_of_none(stage)
        if unreadable is None:
            return None
        trouble = unreadable
    stage.drop()
    dialect = file.reading.dialect
    return FileView(file.name, "refused", dialect.name, dialect.holds, trouble=trouble)


def _column_of_none(stage: Stage) -> ColumnOfNone | None:
    """The column for which (nearly) all rows of a stage are refused; None where there is none."""
    worst = next(iter(stage.faults_by_column()), None)
    if worst is None:
        return None
    column, fault, faulty = worst
    rows = stage.rows_read()
    if rows < MANY_ROWS or faulty * 100 < rows * NEARLY_ALL_PERCENT:
        return None
    return ColumnOfNone(column, fault, faulty, rows)


def _parts_reported(
    file: File, stage: Stage, progress: Callable[[str, int, int | None], None], pause: Callable[[], None]
) -> Iterator[Part]:
    """The parts of a file; after each `progress` is called with how many rows were read, and `pause` may hold it up."""
    read, label = 0, reading(file.name)
    for part in staged_rows.parts(file.reading, stage):
        yield part
        read += max(map(len, part.rows.values()), default=0)
        progress(label, read, None)
        pause()
