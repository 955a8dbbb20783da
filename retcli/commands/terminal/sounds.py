"""The sounds of the scan loop. They never hold a scan up: a thread plays them, and of those that wait the gravest."""

import queue
import sys
import threading
import time
from enum import StrEnum

from retcli.views.warehouse.scans import Sound

GAPS = {Sound.OK: (), Sound.DONE: (0.45,), Sound.LOOK: (0.15,), Sound.STOP: (0.15, 0.15)}
"""Seconds between the bells of each sound, the lightest sound first: one, two far apart, two, three."""
_BEEPS = {
    Sound.OK: ((1200, 80),),
    Sound.DONE: ((1200, 80), (1600, 150)),
    Sound.LOOK: ((700, 150), (700, 150)),
    Sound.STOP: ((350, 300), (350, 300)),
}
"""Hertz and milliseconds of each tone on Windows."""
_ENDS_SECONDS = 1.0
"""How long the end of the loop waits for its last sound."""


class Player(StrEnum):
    """By what sounds are played: what the system has, the terminal's bell, or nothing."""

    SYSTEM = "system"
    BELL = "bell"
    NONE = "none"


class Sounds:
    """Plays sounds one after the other, in a thread that begins with the first."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._waiting: queue.SimpleQueue[Sound | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def play(self, sound: Sound) -> None:
        """Plays a sound as soon as the one before it has ended."""
        if self._player == Player.NONE:
            return
        if self._thread is None:
            # a daemon: a loudspeaker that hangs must not keep the program from ending
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
        self._waiting.put(sound)

    def end(self) -> None:
        """Lets the last sound be heard."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(_ENDS_SECONDS)

    def _run(self) -> None:
        while True:
            sounds = [self._waiting.get()]
            while not self._waiting.empty():
                sounds.append(self._waiting.get())
            heard = [sound for sound in sounds if sound is not None]
            if heard:
                self._sound(max(heard, key=list(GAPS).index))
            if len(heard) < len(sounds):
                return

    def _sound(self, sound: Sound) -> None:
        if self._player == Player.BELL or not _beeped(sound):
            _ring(GAPS[sound])


def _ring(gaps: tuple[float, ...]) -> None:
    """Rings the terminal's bell once more than there are gaps (seconds)."""
    for gap in (0.0, *gaps):
        time.sleep(gap)
        sys.stderr.write("\a")
        sys.stderr.flush()


def _beeped(sound: Sound) -> bool:
    """Plays a sound by Windows; false where there is none, or it has no loudspeaker."""
    if sys.platform != "win32":
        return False
    import winsound

    try:
        for hertz, milliseconds in _BEEPS[sound]:
            winsound.Beep(hertz, milliseconds)
    except RuntimeError:
        return False
    return True
