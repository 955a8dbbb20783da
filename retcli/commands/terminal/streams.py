"""Standard input, output and errors, made so that they never stop the work: closed, full, or of another encoding
(`docs/hazards.md` row 29).
"""

import codecs
import contextlib
import os
import sys
import unicodedata
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


_INSTEAD = {
    **{"‹": "〈<", "›": "〉>", "▸": "·>", "●": "*", "○": "o", "×": "x", "─": "-", "—": "-", "–": "-", "·": "-"},
    **{
        "，": ",",
        "。": ".",
        "、": ",",
        "；": ";",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "§": "S",
        "→": ">",
        "¥": "￥Y",
    },
}
"""Signs of ours that consoles lack, a Chinese one of old (GBK) or a western one (437, 1252), and what is shown there:
the first of these that they have.
"""


def _nearest(error: UnicodeError) -> tuple[str | bytes, int]:
    """What is shown for characters that a stream lacks: of our own signs the nearest, else a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        return codecs.replace_errors(error)
    lacking = error.object[error.start : error.end]
    # the western ones all call themselves charmap in an error: of them only ASCII is known to be there
    encoding = "ascii" if error.encoding == "charmap" else error.encoding
    return b"".join(_shown(sign, encoding) for sign in lacking), error.end


def _shown(sign: str, encoding: str) -> bytes:
    """The bytes of the nearest to a sign that an encoding has: of a full-width one its plain form."""
    for instead in (*_INSTEAD.get(sign, ""), unicodedata.normalize("NFKC", sign)):
        with contextlib.suppress(UnicodeEncodeError):
            return bytes(instead, encoding)
    return b"?"


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
