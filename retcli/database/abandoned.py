"""Which half-written files of a folder belong to nobody any more: their writer was killed."""

import contextlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

AN_HOUR = 3600.0
"""A half-written file whose name holds no process counts as left behind once nothing was added to it for so long."""


def abandoned(folder: Path, pattern: re.Pattern[str]) -> Iterator[Path]:
    """The files of a folder whose writer is gone; the first group of the pattern is the process, or empty."""
    try:
        listed = list(folder.iterdir())
    except OSError:
        return
    for path in listed:
        fit = pattern.fullmatch(path.name)
        if fit and _is_abandoned(path, fit[1]):
            yield path


def _is_abandoned(path: Path, process: str) -> bool:
    """Whether the process that a name holds is gone; where none is named, or on Windows, whether the file is old."""
    with contextlib.suppress(OSError):
        # on Windows a signal 0 is no question: os.kill sends Ctrl-C there
        if process and os.name != "nt":
            return not _alive(int(process))
        return time.time() - path.stat().st_mtime > AN_HOUR
    return False


def _alive(process: int) -> bool:
    """Whether a process of this number runs, also where it is another user's."""
    if process == os.getpid():
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
