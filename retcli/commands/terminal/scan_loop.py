"""The scan loop: codes one after the other, each saved at once; what cannot be saved is kept, and nothing passes it."""

import shutil
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from retcli import actions
from retcli.errors import Busy, RetcliError
from retcli.language import _, series
from retcli.rules.warehouse.ids import END, looks_typed_by_ime, normalised
from retcli.settings import Asked
from retcli.views.warehouse.scan_results import NotSaved
from retcli.views.warehouse.scans import NotInspected, ScanOutcome, ScanView, shown

WAITING_SECONDS = 2.0
"""So long a scan may wait for its turn before that is said."""
BESIDE = 24
"""Columns of a line that the words before the codes take."""
TRIES = 3
"""How often a code from a file or a pipe is tried, each for as long as a turn is waited for."""


class ScanLoop:
    """One person's, or one file's, codes with the moments when they were read, None for a while without one; `live`
    where somebody stands at the terminal.
    """

    def __init__(self, call: Asked, codes: Iterable[tuple[str, float] | None], *, live: bool, bell: bool) -> None:
        self.call = call
        self.codes = iter(codes)
        self.live = live
        self.bell = bell
        self.kept: list[tuple[str, float]] = []
        self.given_up = False
        self.told = 0.0
        self.garbled = 0
        self.bench: Any = None
        self.not_graded: dict[str, Mapping[str, int]] = {}

    @property
    def exit_code(self) -> int:
        """3 where pieces that were counted here have no grade: a person must look."""
        return 3 if any(self.not_graded.values()) else 0

    def views(self) -> Iterator[ScanView]:
        """What became of each code. Raises Busy at the end where codes could not be saved."""
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
        for parcel, pieces in self.not_graded.items():
            if pieces:
                self.call.remark(NotInspected(parcel, pieces).sentence())
        if self._unsaved():
            raise Busy(_("Codes were not saved: {codes}").format(codes=self._unsaved()), _("Scan them again"))

    def _each(self) -> Iterator[ScanView]:
        """The codes until the end, and what is kept as soon as it can be saved."""
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
        """One code that was read; a file goes on without trying again where the books stay in use."""
        if not typed.strip():
            return
        self._keep(typed, at)
        if not self.given_up:
            yield from self._saved()
        self._notice_input_method(typed)

    def _at_rest(self) -> Iterator[ScanView]:
        """Nothing is read for a moment: what is kept is tried once more, without a word where that is in vain."""
        if self.kept:
            yield from self._saved(in_silence=True)

    def _gather(self) -> None:
        """Where the loop ends before its codes do, those that are there already are named with the others: nobody else
        has them.
        """
        for line in self.codes:
            if line is None:
                return
            if line[0].strip():
                self.kept.append(line)

    def _begin(self) -> None:
        """Who finds no books here learns it before the first code; at a terminal, books in use are waited for, from a
        file or a pipe each code waits by itself.
        """
        from retcli.transaction import opened

        while self.bench is None:
            try:
                with self._waiting(), opened(self.call, writes=False):
                    self.bench = actions.warehouse.benches.Bench()
            except Busy:
                if not self.live:
                    self.bench = actions.warehouse.benches.Bench()

    def _prompt(self) -> None:
        if self.live:
            sys.stderr.write("> ")
            sys.stderr.flush()

    def _keep(self, typed: str, at: float) -> None:
        """A code that is read again after it was said to be kept is the same piece."""
        again = self.kept and normalised(typed) == normalised(self.kept[-1][0]) and at > self.told > 0
        if not (self.live and again):
            self.kept.append((typed, at))

    def _saved(self, *, in_silence: bool = False) -> Iterator[ScanView]:
        """Saves what is kept, in its order, until one cannot be saved; `in_silence` that one is not told again."""
        left = tries = 1 if self.live or self.given_up or in_silence else TRIES
        while self.kept and left:
            view = self._tried(*self.kept[0])
            saved = view.outcome != ScanOutcome.UNSAVED
            left = tries if saved else left - 1
            if saved:
                _typed, at = self.kept.pop(0)
                self.kept[:0] = [(part, at) for part in view.rest]
                self.not_graded |= {} if view.waiting is None else {view.parcel: view.waiting}
            if saved or not in_silence:
                self._ring(view)
                yield view
                self.told = 0.0 if saved else time.monotonic()
        self.given_up = bool(self.kept) and not self.live

    def _tried(self, typed: str, at: float) -> ScanView:
        """One code; where its turn does not come, the table in front of the scanner stays as it was."""
        from retcli.transaction import opened

        before = replace(self.bench)
        try:
            with self._waiting(), opened(self.call) as shop:
                view: ScanView = actions.warehouse.scanning.scan(shop, self.bench, typed, at if self.live else None)
            return view
        except Busy as busy:
            self.bench = before
            code = normalised(typed)
            return ScanView(code, ScanOutcome.UNSAVED, NotSaved(busy.message, shown(code)), self.bench.parcel)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """Says what a scan waits for, once it takes long: the disk, or somebody else's turn."""
        text = _("Waiting for the books: the disk is slow, or somebody else is writing in them")
        timer = threading.Timer(WAITING_SECONDS, self.call.remark, (text,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _ring(self, view: ScanView) -> None:
        if self.bell:
            sys.stderr.write("\a" * view.bells)
            sys.stderr.flush()

    def _notice_input_method(self, typed: str) -> None:
        self.garbled = self.garbled + 1 if looks_typed_by_ime(typed) else 0
        if self.garbled == 3:
            self.call.remark(_("The input method stands in between: switch it to English"))

    def _unsaved(self) -> str:
        """The codes that are not saved, each a line where they do not fit into one; the end is not one of them."""
        codes = [shown(code) for code in (normalised(typed) for typed, _at in self.kept) if code != END]
        room = shutil.get_terminal_size().columns - BESIDE
        fit = sum(len(code) + len("、".encode("gbk")) for code in codes) <= room
        return series(codes) if fit else "".join(f"\n{code}" for code in codes)

    def _tell_unsaved(self) -> None:
        """Whatever ends the loop, the codes that are not saved are named."""
        if self._unsaved():
            self.call.remark(_("Codes were not saved: {codes}").format(codes=self._unsaved()))
