"""Codes from a terminal or a pipe, read ahead by a thread, so that each has the moment when it arrived however long the
one before took to be saved.
"""

import atexit
import queue
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from retcli.rules.warehouse.ids import END, normalised

Line = tuple[str, float] | tuple[str, float, int]
"""A line with the moment when it was read, and its number where it stands in a file."""
_COLUMNS = re.compile(r"[,;|\t，；]")
IDLE_SECONDS = 1.0
"""After so long without a code the iterator gives None, so that its reader can do something meanwhile."""
_HEARS_CTRL_C_SECONDS = 0.5
"""How long a wait for a code lasts at most: on Windows a longer one would not hear Ctrl-C before it ends."""
_AHEAD = 1000
"""Codes that are read ahead at most; then the pipe waits."""


def incoming(*, live: bool) -> Iterator[Line | None]:
    """Lines of standard input with their moments (seconds of a clock that only goes forward), and None for each second
    in which none comes. Reading begins at once; where somebody types (`live`) it stops after the end command.
    """
    if live:
        _keep_what_is_typed(sys.stdin.fileno())
    lines: queue.Queue[Line | None] = queue.Queue(_AHEAD)
    # a daemon: it may wait for a line for ever, and must not keep the program from ending
    threading.Thread(target=_read, args=(sys.stdin.fileno(), lines, live), daemon=True).start()
    return _Lines(lines)


def written(content: bytes) -> tuple[list[str], str]:
    """The lines of a file of codes, such as a handheld makes (UTF-8, UTF-16 or GBK), and its first line where that is a
    heading: words in columns, without any digit, which is left blank among them.
    """
    lines = _text(content).splitlines()
    place = next((place for place, line in enumerate(lines) if line.strip()), None)
    if place is None or not _COLUMNS.search(lines[place]) or any(map(str.isdigit, lines[place])):
        return lines, ""
    heading, lines[place] = lines[place], ""
    return lines, heading


def _text(content: bytes) -> str:
    """A file's text in whichever encoding it was written; what is none is kept as signs that no code has."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    return content.decode("utf-8-sig", errors="replace")


def _keep_what_is_typed(descriptor: int) -> None:
    """Lets a terminal keep on Ctrl-C what it holds and nobody has read yet, until the program ends."""
    # a terminal throws that away, and with it codes that somebody has scanned
    if sys.platform == "win32":
        return
    import termios

    try:
        before = termios.tcgetattr(descriptor)
    except termios.error:
        return
    local_flags = 3  # place of the local modes in what tcgetattr gives
    changed = [*before]
    changed[local_flags] |= termios.NOFLSH
    termios.tcsetattr(descriptor, termios.TCSANOW, changed)
    atexit.register(termios.tcsetattr, descriptor, termios.TCSANOW, before)


def _read(descriptor: int, lines: queue.Queue[Line | None], live: bool) -> None:
    """Reads lines from a descriptor into a queue, None at the end."""
    # not through sys.stdin: the thread would hold the lock of its buffer, which a program takes when it ends
    with open(descriptor, "rb", buffering=0, closefd=False) as stream:
        while line := stream.readline():
            text = line.decode("utf-8", errors="replace")
            lines.put((text, time.monotonic()))
            if live and normalised(text) == END:
                break  # what is typed after the end is for the shell
    lines.put(None)


@dataclass
class _Lines:
    """Iterates over what was read. Ctrl-C is heard while it waits, on every system, and does not end the iteration:
    what came by then is still there for whoever goes on.
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
