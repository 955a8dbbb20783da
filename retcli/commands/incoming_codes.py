"""Codes from a terminal or a pipe, each with the moment when it arrived, however long the one before takes."""

import queue
import sys
import threading
import time
from collections.abc import Iterator

from retcli.rules.warehouse.ids import END, normalised

Line = tuple[str, float]
IDLE_SECONDS = 1.0
"""So long nothing comes before that is told."""
_HEARS_CTRL_C_SECONDS = 0.5
_AHEAD = 1000
"""Codes that are read ahead at most."""


def incoming(*, live: bool) -> Iterator[Line | None]:
    """Lines of standard input with their moments (seconds of a clock that only goes forward), and None for each second
    in which none comes; reading begins at once, and where somebody types (`live`) it stops behind the end.
    """
    lines: queue.Queue[Line | None] = queue.Queue(_AHEAD)
    threading.Thread(target=_read, args=(sys.stdin.fileno(), lines, live), daemon=True).start()
    return _lines(lines)


def _read(descriptor: int, lines: queue.Queue[Line | None], live: bool) -> None:
    """Reads past the buffer of the text stream, whose lock a program that ends could not take; None is the end."""
    with open(descriptor, "rb", buffering=0, closefd=False) as stream:
        while line := stream.readline():
            text = line.decode("utf-8", errors="replace")
            lines.put((text, time.monotonic()))
            if live and normalised(text) == END:
                break  # what is typed behind the end is left to the terminal
    lines.put(None)


def _lines(lines: queue.Queue[Line | None]) -> Iterator[Line | None]:
    """What was read until its end; Ctrl-C is heard meanwhile on every system."""
    waited = 0.0
    while True:
        try:
            line = lines.get(timeout=_HEARS_CTRL_C_SECONDS)
        except queue.Empty:
            waited += _HEARS_CTRL_C_SECONDS
            if waited >= IDLE_SECONDS:
                waited = 0.0
                yield None
            continue
        if line is None:
            return
        waited = 0.0
        yield line
