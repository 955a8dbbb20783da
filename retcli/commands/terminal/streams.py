"""Standard input, output and errors, made so that they never stop the work: closed, full, or of another encoding
(`docs/hazards.md` row 29).
"""

import codecs
import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO


def readable(given: str) -> str:
    """An argument as it was typed, where a C locale hid its letters; one that names a file stays as the system
    has it.
    """
    if given.isprintable():
        return given
    with contextlib.suppress(OSError):
        if Path(given).exists():
            return given
    return given.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def never_missing() -> None:
    """Replaces a standard stream that the caller closed (``>&-``) by one that leads nowhere."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 (for the whole call)


_INSTEAD = {"‹": "〈", "›": "〉", "▸": "·"}
"""Signs of ours that a Chinese console of old (GBK) has not, and what it shows instead."""


def _nearest(error: UnicodeError) -> tuple[str | bytes, int]:
    """What is shown for characters that a stream lacks: of our own signs the nearest, else a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        return codecs.replace_errors(error)
    lacking = error.object[error.start : error.end]
    encodable = (_INSTEAD.get(sign, "?").encode(error.encoding, "replace") for sign in lacking)
    return b"".join(encodable), error.end


codecs.register_error("retcli.nearest", _nearest)


def unbreakable(*streams: TextIO) -> None:
    """Lets streams replace a character that they cannot show or read, instead of raising; a bare C locale is taken for
    UTF-8.
    """
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            bare = "PYTHONIOENCODING" not in os.environ and codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if bare else None, errors="retcli.nearest")


def swallow(stream: TextIO) -> None:
    """Leads a stream that cannot be written nowhere from now on."""
    # what its buffer still holds would else be written, and fail again, when the program ends
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextlib.contextmanager
def mute(stream: TextIO) -> Iterator[None]:
    """Lets remarks be lost where their stream cannot be written: the work, and its exit code, stay."""
    try:
        yield
        stream.flush()
    except OSError:
        swallow(stream)
