"""Files become stages: each when its turn comes, or the next one while a merge keeps the database busy."""

import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from retcli.actions.imports import staging
from retcli.database.stage_places import stage_of
from retcli.database.stages import Part, Stage
from retcli.errors import FULL, NeedsPerson, why
from retcli.language import _, mark
from retcli.reading import reader
from retcli.rules.zone import SHANGHAI
from retcli.settings import Asked
from retcli.views.imports.imports import FileView

_DIFFERING = mark("the same line stands twice in the file, with different content")
_SIBLING = mark("another row of this order was refused, and an order comes in whole")
_MOMENT = re.compile(
    r"(?<!\d)(20\d\d)[-_]?([01]\d)[-_]?([0-3]\d)[-_ T]?([0-2]\d)[-_.:]?([0-5]\d)[-_.:]?([0-5]\d)(?!\d)"
)
MANY_ROWS, NEARLY_ALL_PERCENT = 20, 95
"""A file of so many rows, so many of a hundred refused for one column, was exported wrongly: it is refused as one."""
_LOOK_SECONDS = 0.1
"""How often who waits for a stage looks whether they were interrupted: Windows does not wake them."""


@dataclass(frozen=True)
class File:
    """A recognised file, or one of the tables in it: its name for people, the hash of the whole file, the one that
    stands for the table's content (the same where the file is one table), and how the file was when it was hashed.
    """

    path: Path
    name: str
    digest: str
    content: str
    reading: reader.Reading
    seen: os.stat_result

    def changed_since(self) -> bool:
        """Whether somebody wrote into it meanwhile."""
        now = self.path.stat()
        return (now.st_size, now.st_mtime_ns) != (self.seen.st_size, self.seen.st_mtime_ns)

    @property
    def exported_at(self) -> datetime:
        """When the file was exported, in UTC: by its name where that holds a moment to the second, which is Shanghai's
        time, else when it was written. Of two exports the newer one has the last word.
        """
        for named in reversed(_MOMENT.findall(self.path.name)):
            with suppress(ValueError):
                moment = datetime.strptime("".join(named), "%Y%m%d%H%M%S")
                return moment.replace(tzinfo=SHANGHAI).astimezone(UTC)
        return datetime.fromtimestamp(int(self.seen.st_mtime), UTC)


class _Stopped(Exception):
    """The run ended before the file's turn came."""


class Stager:
    """Makes the stages of one run's files, as a context. One file may be read ahead, beside the merge of another:
    reading is Python's work and merging the database's.
    """

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._pool = ThreadPoolExecutor(1)
        self._ahead: tuple[str, Future[FileView | None]] | None = None
        self._free, self._awaited, self._stopped = Event(), Event(), Event()

    def __enter__(self) -> "Stager":
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._free.set()
        self._pool.shutdown()

    def begin(self, file: File) -> None:
        """Reads a file ahead, where it has no stage yet."""
        stage = stage_of(self._asked.database, file.content)
        if self._ahead is None and not stage.complete():
            self._free.set()
            self._awaited.clear()
            self._ahead = file.content, self._pool.submit(self._beside, stage, file)

    def give_way(self, *, wanted: bool) -> None:
        """Lets the reading ahead rest while somebody else writes beside the merge: they wait for its next step."""
        (self._free.clear if wanted else self._free.set)()

    def refusal(self, stage: Stage, file: File) -> FileView | None:
        """How a file is refused that cannot be read to its end; None where its stage is complete."""
        if self._ahead is None or self._ahead[0] != file.content:
            return None if stage.complete() else _staged(stage, file, self._asked.progress, lambda: None)
        _content, coming = self._ahead
        self._free.set()
        self._awaited.set()
        self._ahead = None
        while not coming.done():
            wait([coming], _LOOK_SECONDS)
        return coming.result()

    def _beside(self, stage: Stage, file: File) -> FileView | None:
        """The same beside a merge, whose progress is the one that people see."""

        def progress(name: str, done: int, total: int | None) -> None:
            if self._awaited.is_set():
                self._asked.progress(name, done, total)

        try:
            return _staged(stage, file, progress, self._rest)
        except _Stopped:
            stage.drop()
            return None

    def _rest(self) -> None:
        self._free.wait()
        if self._stopped.is_set():
            raise _Stopped


def _staged(
    stage: Stage, file: File, progress: Callable[[str, int, int | None], None], rest: Callable[[], None]
) -> FileView | None:
    """Stages the file; how it is refused where it cannot be read to its end. `rest` is called now and then."""
    try:
        stage.fill(_told(file, stage, progress, rest), _DIFFERING, _SIBLING)
    except NeedsPerson as broken:
        problem, hint = broken.message, broken.hint
    except UnicodeDecodeError:
        problem, hint = _("The file is not complete"), _("Download it again")
    except OSError as error:
        if isinstance(error, FileNotFoundError) or error.errno in FULL:
            raise
        problem, hint = _("{path} cannot be read: {why}").format(path=file.name, why=why(error)), _("Import it again")
    else:
        unreadable = _column_of_none(stage)
        if unreadable is None:
            return None
        problem, hint = unreadable
    stage.drop()
    dialect = file.reading.dialect
    return FileView(file.name, "refused", dialect.name, dialect.holds, problem=problem, hint=hint)


def _column_of_none(stage: Stage) -> tuple[str, str] | None:
    """What is wrong with a column that (nearly) no row can be taken for, and the way out; None where there is none."""
    worst = next(iter(stage.faults_by_column()), None)
    if worst is None:
        return None
    column, problem, count = worst
    rows = stage.rows_read()
    if rows < MANY_ROWS or count * 100 < rows * NEARLY_ALL_PERCENT:
        return None
    text = _("Column {column}: {problem}, in {n} of {rows} rows; nothing of the file was taken in")
    text = text.format(column=column, problem=_(problem), n=count, rows=rows)
    return text, _("Tick {column} in the export, then download again").format(column=column)


def _told(
    file: File, stage: Stage, progress: Callable[[str, int, int | None], None], rest: Callable[[], None]
) -> Iterator[Part]:
    """The parts of a file, while it is told how many of its rows were read."""
    read, label = 0, _("{file}: reading").format(file=file.name)
    for part in staging.parts(file.reading, stage):
        yield part
        read += max(map(len, part.rows.values()), default=0)
        progress(label, read, None)
        rest()
