"""The scan loop: codes one after the other, each saved at once. A code that cannot be saved is kept and tried again,
and none passes it, since a piece belongs to the parcel that was scanned before it.
"""

import shutil
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from retcli import actions
from retcli.commands.terminal.sounds import Player, Sounds
from retcli.errors import Busy, Passing, RetcliError, StorageTrouble
from retcli.language import _, series
from retcli.rules.warehouse.ids import END, looks_typed_by_ime, normalised
from retcli.settings import Asked
from retcli.views.warehouse.scan_results import NotBooked, NotSaved
from retcli.views.warehouse.scans import ScanOutcome, ScanView, shown

WAITING_SECONDS = 2.0
"""How long a scan may wait for its turn before that is said."""
BESIDE = 24
"""Columns of a line that the sentence before the codes takes."""
TRIES = 3
"""How often a code from a file or a pipe is tried, each for as long as a turn is waited for."""


class ScanLoop:
    """The codes of one person or one file, each with the moment when it was read, None for a while without one; `live`
    where somebody stands at the terminal.
    """

    def __init__(
        self, call: Asked, codes: Iterable[tuple[str, float] | None], *, live: bool, sound: str, mode: str = ""
    ) -> None:
        self.call = call
        self.codes = iter(codes)
        self.live = live
        self.sounds = Sounds(Player(sound))
        self.mode = mode
        self.kept: list[tuple[str, float]] = []  # codes that wait to be saved
        self.given_up = False  # a file or pipe: the books stay in use, the remaining codes are only gathered
        self.told_at = 0.0  # when a kept code was last told of; 0.0 while none is
        self.garbled = 0  # codes in a row that an input method changed
        self.bench: Any = None  # the table in front of the scanner: its parcel and what was counted of it
        self.in_force = ""  # the grade and parcel at the table, shown where the next code is waited for
        self.parcels: dict[str, None] = {}  # numbers of those that were touched, in their order
        self.ungraded = False  # whether pieces in them had no grade at the end

    @property
    def exit_code(self) -> int:
        """3 where pieces that were counted here have no grade (a person must look), else 0."""
        return 3 if self.ungraded else 0

    def views(self) -> Iterator[ScanView]:
        """What became of each code, as it is saved. Raises Busy at the end where codes could not be saved."""
        self._begin()
        try:
            yield from self._each()
            yield from self._saved()
        except (RetcliError, KeyboardInterrupt, GeneratorExit) as stopped:
            if self.live or isinstance(stopped, RetcliError):
                self._gather()
            raise
        finally:
            self._tell_unsaved()
            self.sounds.end()
        self._close()
        if self._unsaved():
            raise Busy(_("Codes were not saved: {codes}").format(codes=self._unsaved()), _("Scan them again"))

    def _close(self) -> None:
        """Tells what is still to be done with the parcels of this round, as the books stand now."""
        from retcli.transaction import opened

        if not self.parcels:
            return
        try:
            with opened(self.call, writes=False) as shop:
                left = actions.warehouse.bench.scanning.left_open(shop, self.parcels)
        except Busy:
            self.call.remark(_("What is left of these parcels cannot be read now: retcli parcel list --state received"))
            return
        self.ungraded = any(each.waiting for each in left)
        for each in left:
            self.call.remark(each.sentence())

    def _each(self) -> Iterator[ScanView]:
        """Saves the codes until the end command, and what is kept as soon as it can be saved."""
        self._prompt()
        for line in self.codes:
            shown = line is not None
            for view in self._at_rest() if line is None else self._read(*line):
                shown = True
                yield view
            if self.live and line is not None and normalised(line[0]) == END:
                return
            if shown:
                self._prompt()

    def _read(self, typed: str, at: float) -> Iterator[ScanView]:
        """Keeps a code that was read and saves what is kept; once given up, it is only gathered."""
        if not typed.strip():
            return
        self._keep(typed, at)
        if not self.given_up:
            yield from self._saved()
        self._notice_input_method(typed)

    def _at_rest(self) -> Iterator[ScanView]:
        """Tries what is kept once more while nothing is read, without a word where that is in vain."""
        if self.kept:
            yield from self._saved(in_silence=True)

    def _gather(self) -> None:
        """Keeps the codes that were read already where the loop ends before them, so that they are named as
        not saved.
        """
        # nobody else has them: they have left the terminal or the pipe
        for line in self.codes:
            if line is None:
                return
            if line[0].strip():
                self.kept.append(line)

    def _begin(self) -> None:
        """Opens the books once, so that whoever has none learns it before the first code."""
        from retcli.transaction import opened

        while self.bench is None:
            try:
                with self._waiting(), opened(self.call, writes=False) as shop:
                    bench = actions.warehouse.bench.scanning.empty_bench(shop, self.mode)
                    last = actions.warehouse.bench.last_tables.offer(shop, bench) if self.live else None
                self.bench = bench
                if last:
                    self.call.remark(last.sentence())
            except Busy:
                # at a terminal books in use are waited for; from a file or a pipe each code waits by itself
                if not self.live:
                    self.bench = actions.warehouse.bench.benches.Bench(mode=self.mode)

    def _prompt(self) -> None:
        """Shows that the next code is waited for."""
        if self.live:
            sys.stderr.write(f"{self.in_force}> ")
            sys.stderr.flush()

    def _keep(self, typed: str, at: float) -> None:
        """Keeps a code until it is saved."""
        # whoever scans a code again after it was said to wait means the same piece, not another one
        again = self.kept and normalised(typed) == normalised(self.kept[-1][0]) and at > self.told_at > 0
        if not (self.live and again):
            self.kept.append((typed, at))

    def _saved(self, *, in_silence: bool = False) -> Iterator[ScanView]:
        """Saves what is kept, in its order, until one cannot be saved, which is told unless `in_silence`."""
        # somebody at a terminal goes on scanning; a file has nobody who would try again later
        left = tries = 1 if self.live or self.given_up or in_silence else TRIES
        while self.kept and left:
            view = self._tried(*self.kept[0])
            saved = view.outcome != ScanOutcome.UNSAVED
            left = tries if saved else left - 1
            if saved:
                _typed, at = self.kept.pop(0)
                # a line with several codes: the others come next
                self.kept[:0] = [(part, at) for part in view.rest]
                self.in_force = view.prompt.sentence() if view.prompt else ""
                self.parcels |= {view.parcel: None} if view.parcel else {}
            if saved or not in_silence:
                self.sounds.play(view.sound)
                yield view
                self.told_at = 0.0 if saved else time.monotonic()
        self.given_up = bool(self.kept) and not self.live

    def _tried(self, typed: str, at: float) -> ScanView:
        """Saves one code in a transaction of its own. Where its turn does not come, or at a terminal the disk is full
        or the server away for a while, the view says that it waits; where the books refuse it, why.
        """
        from retcli.transaction import opened

        # the action changes the table as it goes: without the save it must stand as before
        before = replace(self.bench)
        try:
            with self._waiting(), opened(self.call) as shop:
                read_at = at if self.live else None
                view: ScanView = actions.warehouse.bench.scanning.scan(shop, self.bench, typed, read_at)
            return view
        except (Busy, Passing) as trouble:
            # a file or a pipe has nobody who would make room or wait for the server
            if isinstance(trouble, Passing) and not self.live:
                raise
            self.bench = before
            code = normalised(typed)
            return ScanView(code, ScanOutcome.UNSAVED, NotSaved(trouble.message, shown(code)), self.bench.parcel)
        except StorageTrouble:
            raise
        except RetcliError as refusal:
            self.bench = before
            result = NotBooked(refusal.message, refusal.hint or "")
            return ScanView(normalised(typed), ScanOutcome.STOP, result, self.bench.parcel)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """Says what a scan waits for once it takes longer than `WAITING_SECONDS`."""
        text = _("Waiting for the books: the disk is slow, or somebody else is writing in them")
        timer = threading.Timer(WAITING_SECONDS, self.call.remark, (text,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _notice_input_method(self, typed: str) -> None:
        """Says once that an input method stands in between, after three codes in a row that it changed."""
        self.garbled = self.garbled + 1 if looks_typed_by_ime(typed) else 0
        if self.garbled == 3:
            self.call.remark(_("The input method stands in between: switch it to English"))

    def _unsaved(self) -> str:
        """The codes that are not saved, without the end command: in one line where they fit, else one a line."""
        codes = [shown(code) for code in (normalised(typed) for typed, _at in self.kept) if code != END]
        room = shutil.get_terminal_size().columns - BESIDE
        fit = sum(len(code) + len("、".encode("gbk")) for code in codes) <= room
        return series(codes) if fit else "".join(f"\n{code}" for code in codes)

    def _tell_unsaved(self) -> None:
        """Names the codes that are not saved, whatever ended the loop."""
        if self._unsaved():
            self.call.remark(_("Codes were not saved: {codes}").format(codes=self._unsaved()))
