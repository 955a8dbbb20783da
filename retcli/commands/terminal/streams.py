"""Standard input, output and errors that never stop the work: closed, full, or of another alphabet."""

import codecs
import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO


def readable(given: str) -> str:
    """What was typed, where the locale hid its letters (C, POSIX); the name of a file stays as the system has it."""
    if given.isprintable():
        return given
    with contextlib.suppress(OSError):
        if Path(given).exists():
            return given
    return given.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def never_missing() -> None:
    """A stream that the caller closed (``>&-``) leads nowhere."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 (for the whole call)


def unbreakable(*streams: TextIO) -> None:
    """A character that cannot be shown or read must not stop the work; a bare C locale is taken for UTF-8."""
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            bare = "PYTHONIOENCODING" not in os.environ and codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if bare else None, errors="replace")


def swallow(stream: TextIO) -> None:
    """Lets what is still to come of a stream that cannot be written lead nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextlib.contextmanager
def mute(stream: TextIO) -> Iterator[None]:
    """Remarks that cannot be written are lost; what they are about, and its exit code, stay."""
    try:
        yield
        stream.flush()
    except OSError:
        swallow(stream)
