"""Codes typed at a terminal, each with the moment when it arrived, however long the one before takes."""

import queue
import sys
import threading
import time
from collections.abc import Iterator

from retcli.rules.parcels import END, normalised

Line = tuple[str, float]


def typed() -> Iterator[Line]:
    """Lines with their moments (seconds of a clock that only goes forward); reading begins at once."""
    lines: queue.Queue[Line] = queue.Queue()
    threading.Thread(target=_read, args=(sys.stdin.fileno(), lines), daemon=True).start()
    return _prompted(lines)


def _read(descriptor: int, lines: queue.Queue[Line]) -> None:
    """Reads past the buffer of the text stream, whose lock a program that ends could not take."""
    with open(descriptor, "rb", buffering=0, closefd=False) as terminal:
        while line := terminal.readline():
            text = line.decode("utf-8", errors="replace")
            lines.put((text, time.monotonic()))
            if normalised(text) == END:
                break  # what is typed behind the end is left to the terminal
    lines.put(("", time.monotonic()))


def _prompted(lines: queue.Queue[Line]) -> Iterator[Line]:
    while True:
        sys.stderr.write("> ")
        sys.stderr.flush()
        line = _next(lines)
        if not line[0]:
            return
        yield line


def _next(lines: queue.Queue[Line]) -> Line:
    """The next line; Ctrl-C is heard meanwhile on every system."""
    while True:
        try:
            return lines.get(timeout=0.5)
        except queue.Empty:
            continue
