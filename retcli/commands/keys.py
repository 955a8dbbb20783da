"""One key at a time without Enter, at a terminal of Linux, macOS or Windows; from a pipe one key a line."""

import sys
import unicodedata

ENDS = {"\x04", "\x1a"}
"""Ctrl-D, Ctrl-Z."""


class Keys:
    """What somebody types; `pressed` counts the keys, `live` says whether they sit at a terminal."""

    def __init__(self) -> None:
        self.live = sys.stdin.isatty()
        self.pressed = 0

    def key(self, prompt: str) -> str | None:
        """The next key, small and of half width, or from a pipe the next line that is not empty; None at the end."""
        found: str | None = _one(prompt) if self.live else _filled_line(prompt)
        self.pressed += bool(found)
        if self.live:
            _say("\n")
        return None if found is None or found in ENDS else unicodedata.normalize("NFKC", found).lower()

    def line(self, prompt: str) -> str | None:
        """A line of text without its ends; None at the end."""
        _say(prompt)
        found = sys.stdin.readline()
        self.pressed += len(found)
        return found.strip() if found else None


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def _filled_line(prompt: str) -> str | None:
    _say(prompt)
    while line := sys.stdin.readline():
        if line.strip():
            return line.strip()
    return None


if sys.platform == "win32":
    import msvcrt

    def _one(prompt: str) -> str | None:
        _say(prompt)
        key = msvcrt.getwch()
        if key in {"\x00", "\xe0"}:  # an arrow or a function key: its second half means nothing here
            msvcrt.getwch()
            return "\x1b"
        if key == "\x03":
            raise KeyboardInterrupt
        return key

else:
    import codecs
    import os
    import select
    import termios
    import tty

    REST_OF_A_KEY_SECONDS = 0.2
    """An arrow is several characters, and over a slow line they come one by one: none may be taken for a key."""

    def _one(prompt: str) -> str | None:
        """One character, with the terminal as it was afterwards, whatever happens; nothing typed ahead is lost. The
        prompt shows once the terminal waits for a key: a Ctrl-D before that would end a line and not the round.
        """
        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
        try:
            tty.setcbreak(descriptor, termios.TCSADRAIN)
            _say(prompt)
            return _character(descriptor)
        finally:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)

    def _character(descriptor: int) -> str | None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while byte := os.read(descriptor, 1):
            if byte == b"\x1b":  # an arrow or a function key: the rest of it means nothing here
                while select.select([descriptor], [], [], REST_OF_A_KEY_SECONDS)[0] and os.read(descriptor, 1):
                    pass
                return "\x1b"
            if text := decoder.decode(byte):
                return text
        return None
