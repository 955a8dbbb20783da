"""The scan loop: codes one after the other, each saved at once; what cannot be saved is kept, and nothing passes it."""

import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from retcli import actions
from retcli.errors import Busy
from retcli.language import _
from retcli.rules.parcels import END, looks_typed_by_ime, normalised
from retcli.settings import Asked
from retcli.views.parcels import ScanView

WAITING_SECONDS = 2.0
"""So long a scan may wait for its turn before that is said."""
TRIES = 3
"""How often a code from a file or a pipe is tried, each for as long as a turn is waited for."""


class ScanLoop:
    """One person's, or one file's, codes; `live` where somebody stands at the terminal."""

    def __init__(self, call: Asked, codes: Iterable[tuple[str, float]], *, live: bool, bell: bool) -> None:
        self.call = call
        self.codes = codes
        self.live = live
        self.bell = bell
        self.kept: list[tuple[str, float]] = []
        self.told = 0.0
        self.garbled = 0
        self.bench: Any = None

    def views(self) -> Iterator[ScanView]:
        """What became of each code. Raises Busy at the end where codes could not be saved."""
        self._begin()
        try:
            for typed, at in self.codes:
                if not typed.strip():
                    continue
                self._keep(typed, at)
                yield from self._saved()
                self._notice_input_method(typed)
                if self.live and normalised(typed) == END:
                    break
            yield from self._saved()
        finally:
            self._tell_unsaved()
        if self._unsaved():
            raise Busy(_("Codes were not saved: {codes}").format(codes=self._unsaved()), _("Scan them again"))

    def _begin(self) -> None:
        """Who finds no books here learns it before the first code; at a terminal, books in use are waited for."""
        from retcli.shop import opened

        while self.bench is None:
            try:
                with self._waiting(), opened(self.call, writes=False):
                    self.bench = actions.scanning.Bench()
            except Busy:
                if not self.live:
                    raise

    def _keep(self, typed: str, at: float) -> None:
        """A code that is read again after it was said to be kept is the same piece."""
        again = self.kept and normalised(typed) == normalised(self.kept[-1][0]) and at > self.told > 0
        if not (self.live and again):
            self.kept.append((typed, at))

    def _saved(self) -> Iterator[ScanView]:
        """Saves what is kept, in its order, until one cannot be saved."""
        tries = 1 if self.live else TRIES
        while self.kept:
            view = self._tried(*self.kept[0])
            self._ring(view)
            if view.outcome == "unsaved":
                tries -= 1
            else:
                self.kept.pop(0)
                tries = 1 if self.live else TRIES
            yield view
            self.told = time.monotonic() if view.outcome == "unsaved" else 0.0
            if not tries:
                return

    def _tried(self, typed: str, at: float) -> ScanView:
        """One code; where its turn does not come, the table in front of the scanner stays as it was."""
        from retcli.shop import opened

        before = replace(self.bench)
        try:
            with self._waiting(), opened(self.call) as shop:
                view: ScanView = actions.scanning.scan(shop, self.bench, typed, at if self.live else None)
            return view
        except Busy as busy:
            self.bench = before
            code = normalised(typed)
            text = _("{why}: {code} is kept and saved later, do not scan it again").format(why=busy.message, code=code)
            return ScanView(code, "unsaved", text, self.bench.parcel)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """Says that somebody else holds the books, as long as a scan waits for its turn."""
        text = _("Waiting: somebody else is writing in the books")
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
        """The codes that are not saved; the end is not one of them."""
        return "、".join(code for code in (normalised(typed) for typed, _at in self.kept) if code != END)

    def _tell_unsaved(self) -> None:
        """Whatever ends the loop, the codes that are not saved are named."""
        if self._unsaved():
            self.call.remark(_("Codes were not saved: {codes}").format(codes=self._unsaved()))
