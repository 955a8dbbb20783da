"""Records each run of the import with start and end, so that a night without one is noticed; and copies the books after
it.
"""

import contextlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.books import backups
from retcli.actions.imports.orders import halves
from retcli.actions.orderfile import open_questions
from retcli.errors import RetcliError, StorageTrouble
from retcli.models.books import Run
from retcli.settings import Asked
from retcli.shop import Shop
from retcli.transaction import opened
from retcli.views.books.backups import BackupView
from retcli.views.imports.imports import FileView, ImportView
from retcli.views.imports.remarks import StoppedAfter
from retcli.views.imports.runs import Heartbeat

NIGHTLY, BY_HAND = "nightly import", "import"
"""The kinds of runs; one counts as nightly where it had no terminal."""
WENT_THROUGH = (0, 3)
"""Exit codes of a run that came to its end: all is well, or something is left for a person."""
INTERRUPTED = 130


@dataclass
class Recorded:
    """What came of a run: the results of its files, rows that wait now, open questions of its files (None: not
    counted), the copy made after it, or why there is none.
    """

    files: list[FileView]
    waiting: int = 0
    questions: int | None = None
    copy: BackupView | None = None
    no_copy_because: str = ""


@contextmanager
def recorded(asked: Asked, files: list[FileView], *, nightly: bool, dry_run: bool) -> Iterator[Recorded]:
    """Records start and end of a run, and copies the books where it changed something; `files` fills within the
    context. A dry run leaves no trace.
    """
    run = Recorded(files)
    if dry_run:
        with opened(asked, writes=False):
            pass  # who may not work here is told so
        yield run
        run.waiting = sum(file.waiting for file in files)
        return
    with opened(asked) as shop:
        number = shop.add(Run(job=NIGHTLY if nightly else BY_HAND, started_at=shop.now)).id
    try:
        yield run
    except BaseException as stopped:
        _stopped(asked, number, run, stopped)
        raise
    _end(asked, number, run, ImportView(tuple(run.files)).exit_code)
    if any(file.state == "imported" for file in run.files):
        _copied(asked, number, run)


def _copied(asked: Asked, number: int, run: Recorded) -> None:
    """Copies the books after a run; a copy that fails is noted, and never takes back what came in."""
    try:
        run.copy = backups.after_import(asked)
    except RetcliError as failed:
        run.no_copy_because = failed.message
    if run.no_copy_because or (run.copy and run.copy.exit_code):
        _end(asked, number, run, max(3, ImportView(tuple(run.files)).exit_code))


def _stopped(asked: Asked, number: int, run: Recorded, stopped: BaseException) -> None:
    """Records the end of a run that the disk, the database or somebody stopped, as far as that can still be written."""
    if isinstance(stopped, RetcliError):
        code = stopped.exit_code
    elif isinstance(stopped, OSError):
        code = StorageTrouble.exit_code
    else:
        code = INTERRUPTED if isinstance(stopped, KeyboardInterrupt) else 1
    if run.files:
        asked.remark(StoppedAfter(tuple(file.path for file in run.files)).sentence())
    with contextlib.suppress(Exception):
        _end(asked, number, run, code)


def _end(asked: Asked, number: int, run: Recorded, code: int) -> None:
    """Records when a run ended, with which exit code, and its counts."""
    names = ("rows", "added", "changed", "refused")
    counts = {"files": len(run.files)} | {name: sum(getattr(file, name) for file in run.files) for name in names}
    # counted before anybody must wait for the write lock
    with opened(asked, writes=False) as shop:
        counts["waiting"] = run.waiting = halves.waiting(shop)
        counts["questions"] = run.questions = open_questions.count(shop, {file.number for file in run.files})
    with opened(asked) as shop:
        values = {"ended_at": shop.now, "exit": code, "counts": json.dumps(counts)}
        shop.session.execute(sa.update(Run).where(col(Run.id) == number).values(**values))


def heartbeat(shop: Shop) -> Heartbeat:
    """When the nightly import first ran, and when one last went through."""
    nightly = col(Run.job) == NIGHTLY
    first = shop.session.scalar(sa.select(sa.func.min(Run.started_at)).where(nightly))
    ended = sa.select(sa.func.max(Run.ended_at)).where(nightly, col(Run.exit).in_(WENT_THROUGH))
    return Heartbeat(first, shop.session.scalar(ended))
