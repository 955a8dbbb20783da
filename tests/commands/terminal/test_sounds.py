"""The sounds of the scan loop: four, that hold nothing up, and of which the gravest is heard."""

import sys
import time

import pytest

from retcli.commands.terminal import sounds
from retcli.commands.terminal.sounds import GAPS, Player, Sounds
from retcli.views.warehouse.scans import Sound


class Bell:
    """Standard error that notes when it rang."""

    def __init__(self) -> None:
        self.rang: list[float] = []

    def write(self, text: str) -> int:
        self.rang += [time.monotonic()] * text.count("\a")
        return len(text)

    def flush(self) -> None:
        """Nothing is kept."""


def heard(monkeypatch: pytest.MonkeyPatch) -> Bell:
    """Listens to standard error; not as a fixture, since the test's own has another one."""
    made = Bell()
    monkeypatch.setattr(sys, "stderr", made)
    return made


@pytest.mark.parametrize(("sound", "bells"), [("ok", 1), ("look", 2), ("stop", 3), ("done", 2)])
def test_each_sound_has_its_own_pattern(monkeypatch: pytest.MonkeyPatch, sound: str, bells: int) -> None:
    bell = heard(monkeypatch)
    player = Sounds(Player.BELL)
    player.play(Sound(sound))
    player.end()
    gaps = [after - before for before, after in zip(bell.rang, bell.rang[1:], strict=False)]
    assert len(bell.rang) == bells
    assert all(seen >= gap for seen, gap in zip(gaps, GAPS[Sound(sound)], strict=True))


def test_no_two_sounds_are_alike() -> None:
    assert len(set(GAPS.values())) == len(GAPS) == len(Sound)


def test_nothing_waits_for_a_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    """一百声都是响铃，扫码一刻也不等；攒下的只响最要紧的一声。"""
    bell = heard(monkeypatch)
    monkeypatch.setattr(sounds, "GAPS", {**GAPS, Sound.OK: (0.3,)})
    player = Sounds(Player.BELL)
    player.play(Sound.OK)
    time.sleep(0.1)
    began = time.monotonic()
    for sound in [Sound.OK] * 50 + [Sound.STOP] + [Sound.DONE] * 50:
        player.play(sound)
    assert time.monotonic() - began < 0.2
    player.end()
    assert len(bell.rang) == 2 + 3


def test_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    bell = heard(monkeypatch)
    player = Sounds(Player.NONE)
    player.play(Sound.STOP)
    player.end()
    assert bell.rang == []
