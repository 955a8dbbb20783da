"""Reads one key at a time without Enter, at a terminal of Linux, macOS or Windows; from a pipe one key a line. A
barcode gun, which types like a keyboard, is told apart by its speed.
"""

import re
import sys
import time
import unicodedata

from retcli.language import _

ENDS = {"\x04", "\x1a"}
"""Ctrl-D and Ctrl-Z, which end a round."""
BURST_SECONDS = 0.1
"""A key counts once nothing follows it for so long. A barcode gun types a character every 1 to 20 ms, a slow one (by
radio, through a remote desktop) every 60, a key that is held one every 30; a tenth of a second is at once for whoever
pressed the key.
"""
REST_SECONDS = 0.15
"""How long nothing may be typed before a new screen takes a key: nobody has read it sooner."""
FIRST_ALONE_SECONDS = 0.6
"""A burst that begins so soon after a single key began with that key: between them lie `REST_SECONDS`, a prompt, and
the gun's own pace.
"""
_CODE = re.compile(r"(?=(?:.*\d){4})[A-Z0-9-]{8,40}")
"""The shape of codes on parcels, products and orders, which no sentence has: eight characters, four of them digits."""


class Scanned(Exception):
    """Many characters at once came instead of a key: a barcode gun was fired (`code` is what it read), or several keys
    were pressed together (`code` is empty).
    """

    def __init__(self, code: str = "") -> None:
        self.code = code
        super().__init__(code)


class Keys:
    """The keyboard of whoever answers; `pressed` counts the keys, `live` says whether they sit at a terminal."""

    def __init__(self) -> None:
        self.live = sys.stdin.isatty()
        self.pressed = 0
        self._last, self._last_at = "", 0.0

    def key(self, prompt: str, *, unread: bool = False) -> str | None:
        """The next key, in small letters and half width, or from a pipe the next line that is not empty; None at the
        end. At a terminal, what was typed before an `unread` screen could be looked at is passed over. Raises Scanned.
        """
        typed: str | None = _one(prompt, unread=unread) if self.live else _filled_line(prompt)
        if self.live:
            _say("\n")
            self._refuse_burst(typed or "")
        self.pressed += bool(typed)
        return None if typed is None or typed in ENDS else unicodedata.normalize("NFKC", typed).lower()

    def _refuse_burst(self, typed: str) -> None:
        """Raises Scanned where what was typed is no single key."""
        # of a slow barcode gun the first character came alone, a moment before, and was taken for a key
        before = self._last if time.monotonic() - self._last_at < FIRST_ALONE_SECONDS else ""
        self._last, self._last_at = typed if len(typed) == 1 else "", time.monotonic()
        if len(typed) > 1:
            raise Scanned(_code(before + typed))

    def line(self, prompt: str) -> str | None:
        """A line of text without blanks around it; None at the end of input. Raises Scanned for a barcode's."""
        _say(prompt)
        typed = sys.stdin.readline()
        if self.live and (code := _code(typed)):
            raise Scanned(code)
        self.pressed += len(typed)
        return typed.strip() if typed else None


def _passed_over(early: str) -> None:
    """Says that what was typed too early was not taken, where there was any."""
    if early:
        _say(_("What was typed before this was on the screen was not taken") + "\n")


def _code(typed: str) -> str:
    """What was typed, as a code where a barcode gun can have typed it; else ""."""
    text = unicodedata.normalize("NFKC", typed).strip().upper()
    return text if _CODE.fullmatch(text) else ""


def _say(text: str) -> None:
    """Writes to standard error, where prompts do not mix with answers."""
    sys.stderr.write(text)
    sys.stderr.flush()


def _filled_line(prompt: str) -> str | None:
    """The next line that is not empty; None at the end of input."""
    _say(prompt)
    while line := sys.stdin.readline():
        if line.strip():
            return line.strip()
    return None


if sys.platform == "win32":
    import msvcrt

    def _comes(seconds: float) -> bool:
        """Whether something is typed within so many seconds."""
        ends = time.monotonic() + seconds
        while not msvcrt.kbhit():
            if time.monotonic() > ends:
                return False
            time.sleep(0.005)
        return True

    def _pressed_now() -> str:
        """One key; Escape for an arrow or a function key, which comes in two halves and means nothing here."""
        key = msvcrt.getwch()
        if key in {"\x00", "\xe0"}:
            msvcrt.getwch()
            return "\x1b"
        if key == "\x03":
            raise KeyboardInterrupt
        return key

    def _one(prompt: str, *, unread: bool) -> str | None:
        """One character, or the many of a burst."""
        early = ""
        while unread and _comes(REST_SECONDS):
            early += _pressed_now()
        if _code(early):
            return early
        _passed_over(early)
        _say(prompt)
        typed = _pressed_now()
        while _comes(BURST_SECONDS if len(typed) == 1 else REST_SECONDS):
            typed += _pressed_now()
        return typed

else:
    import codecs
    import os
    import select
    import termios
    import tty

    REST_OF_A_KEY_SECONDS = 0.2
    """An arrow is several characters, and over a slow line they come one by one: none may be taken for a key."""

    def _one(prompt: str, *, unread: bool) -> str | None:
        """One character, or the many of a burst; None where the terminal is gone."""
        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
        # the terminal is put back whatever happens: left in this mode it would show nothing that is typed
        try:
            tty.setcbreak(descriptor, termios.TCSADRAIN)
            # the prompt only after this: a Ctrl-D before the terminal waits for a key would end a line, not the round
            early = _typed_ahead(descriptor) if unread else ""
            if _code(early):
                return early
            _passed_over(early)
            _say(prompt)
            return _burst(descriptor)
        finally:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)

    def _comes(descriptor: int, seconds: float) -> bool:
        """Whether something is typed within so many seconds."""
        return bool(select.select([descriptor], [], [], seconds)[0])

    def _typed_ahead(descriptor: int) -> str:
        """Everything that is typed until the keyboard rests for `REST_SECONDS`."""
        typed = b""
        while _comes(descriptor, REST_SECONDS) and (more := os.read(descriptor, 1024)):
            typed += more
        return typed.decode("utf-8", "replace")

    def _burst(descriptor: int) -> str | None:
        """The next character, with those that follow faster than anybody types; None where the terminal is gone."""
        typed = _character(descriptor)
        if typed == "\x1b":
            return typed
        # a second character within the short time makes it a burst, whose end is waited for longer
        while typed is not None and _comes(descriptor, BURST_SECONDS if len(typed) == 1 else REST_SECONDS):
            more = _character(descriptor)
            if more is None:
                break
            typed += more
        return typed

    def _character(descriptor: int) -> str | None:
        """The next character, from as many bytes as it has; None where the terminal is gone."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while byte := os.read(descriptor, 1):
            if byte == b"\x1b":  # an arrow or a function key: the rest of it means nothing here
                while _comes(descriptor, REST_OF_A_KEY_SECONDS) and os.read(descriptor, 1):
                    pass
                return "\x1b"
            if text := decoder.decode(byte):
                return text
        return None
