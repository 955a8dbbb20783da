"""Codes from a terminal or a pipe, each with the moment when it arrived, however long the one before takes."""

import atexit
import queue
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

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
    if live:
        _keep_what_is_typed(sys.stdin.fileno())
    lines: queue.Queue[Line | None] = queue.Queue(_AHEAD)
    threading.Thread(target=_read, args=(sys.stdin.fileno(), lines, live), daemon=True).start()
    return _Lines(lines)


def _keep_what_is_typed(descriptor: int) -> None:
    """Ctrl-C throws away what a terminal holds and nobody has read yet: not here, until the program ends."""
    if sys.platform == "win32":
        return
    import termios

    try:
        before = termios.tcgetattr(descriptor)
    except termios.error:
        return
    local = 3
    kept = [*before]
    kept[local] |= termios.NOFLSH
    termios.tcsetattr(descriptor, termios.TCSANOW, kept)
    atexit.register(termios.tcsetattr, descriptor, termios.TCSANOW, before)


def _read(descriptor: int, lines: queue.Queue[Line | None], live: bool) -> None:
    """Reads past the buffer of the text stream, whose lock a program that ends could not take; None is the end."""
    with open(descriptor, "rb", buffering=0, closefd=False) as stream:
        while line := stream.readline():
            text = line.decode("utf-8", errors="replace")
            lines.put((text, time.monotonic()))
            if live and normalised(text) == END:
                break  # what is typed behind the end is left to the terminal
    lines.put(None)


@dataclass
class _Lines:
    """What was read until its end; Ctrl-C is heard meanwhile on every system, and ends no iteration: what came by then
    is still there for whoever goes on.
    """

    read: queue.Queue[Line | None]
    waited: float = 0.0

    def __iter__(self) -> Iterator[Line | None]:
        return self

    def __next__(self) -> Line | None:
        """The next line, or None for a second in which none came."""
        while True:
            try:
                line = self.read.get(timeout=_HEARS_CTRL_C_SECONDS)
            except queue.Empty:
                self.waited += _HEARS_CTRL_C_SECONDS
                if self.waited >= IDLE_SECONDS:
                    self.waited = 0.0
                    return None
                continue
            if line is None:
                raise StopIteration
            self.waited = 0.0
            return line
