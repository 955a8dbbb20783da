"""The scan loop: codes one after the other, each saved at once. A code that cannot be saved is kept and tried again,
and none passes it, since a piece belongs to the parcel that was scanned before it.
"""

import shutil
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from retcli import actions
from retcli.commands.terminal import end_of_round, incoming_codes
from retcli.commands.terminal.sounds import Player, Sounds
from retcli.database.kept_codes import Journal, Kept, Left, left_behind
from retcli.errors import AlreadyDone, Busy, Passing, RetcliError, StorageTrouble
from retcli.language import _, series
from retcli.reading.handhelds import BadCell, counted
from retcli.rules.warehouse.ids import END, looks_typed_by_ime, normalised
from retcli.settings import Asked
from retcli.shellwords import quoted
from retcli.views.warehouse.scan_results import BadLine, NotBooked, NotSaved
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
        self,
        call: Asked,
        codes: Iterable[incoming_codes.Line | None],
        *,
        live: bool,
        sound: str,
        mode: str = "",
        delivery: tuple[int | str, str] | None = None,
        film: bool = False,
    ) -> None:
        self.call = call
        self.codes = iter(codes)
        self.live = live
        self.sounds = Sounds(Player(sound))
        self.mode = mode
        self.delivery = delivery  # a driver's number of parcels, or the number of their load, and the carrier
        self.kept: list[Kept] = []  # codes that wait to be saved
        self.journal: Journal | None = None  # the file that has them, once one could not be saved
        self.given_up = False  # a file or pipe: the books stay in use, the remaining codes are only gathered
        self.told_at = 0.0  # when a kept code was last told of; 0.0 while none is
        self.film = film  # a camera looks at the table
        self.lines = 0  # lines that were read from a file or a pipe
        self.bad_times: list[BadLine] = []  # times of a handheld that are not sound
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
        behind = list(left_behind(self.call.database)) if self.live else []
        self._begin(offers=self.live and not behind and not self.delivery)
        try:
            if behind:
                yield from self._left_behind(behind)
                self._offer()
            yield from self._each()
            yield from self._saved()
            yield from self._end_delivery()
        except (RetcliError, KeyboardInterrupt, GeneratorExit) as stopped:
            if self.live or isinstance(stopped, RetcliError):
                self._gather()
            raise
        finally:
            self._tell_unsaved()
            self._let_go()
            self.sounds.end()
        self.ungraded = end_of_round.tell(self.call, self.parcels, self.bad_times)
        if self._unsaved():
            raise Busy(_("Codes were not saved: {codes}").format(codes=self._unsaved()), _("Scan them again"))
        if self._on_disk():
            raise Busy(self._on_disk(), "retcli scan")

    def _end_delivery(self) -> Iterator[ScanView]:
        """Ends the driver's load that is still counted where the codes have ended without the end command."""
        if self.bench.delivery and not self.kept:
            self._keep(END, time.monotonic())
            yield from self._saved()

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

    def _read(self, typed: str, at: float, place: int = 0) -> Iterator[ScanView]:
        """Keeps a code that was read and saves what is kept; once given up, it is only gathered. `place` is the number
        of its line in a file.
        """
        self.lines += 1
        # an empty line says nothing, but where a question waits it skips that
        if not typed.strip() and not (
            self.live and self.bench.awaits in actions.warehouse.bench.stranger_questions.ASKED
        ):
            return
        line = None if self.live else counted(typed, self.call.now())
        if line is None:
            self._keep(typed, at)
        elif line.bad_pieces:
            yield self._bad_line(_bad(place or self.lines, line.bad_pieces), line.code)
        else:
            if line.bad_time:
                self.bad_times.append(_bad(place or self.lines, line.bad_time))
            code = line.code if line.pieces == 1 else f"{line.code},{line.pieces}"
            self._keep(code, at, line.read_at)
        if not self.given_up:
            yield from self._saved()
        self._notice_input_method(typed)

    def _bad_line(self, fault: BadLine, code: str) -> ScanView:
        """The answer to a line of a handheld whose quantity is none: nothing is booked."""
        view = ScanView(normalised(code), ScanOutcome.UNKNOWN, fault, self.bench.parcel)
        self.sounds.play(view.sound)
        return view

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
                break
            if line[0].strip():
                self.kept.append(Kept(line[0], line[1]))
        if self.journal:
            self._write_down()

    def _begin(self, *, offers: bool) -> None:
        """Opens the books once, so that whoever has none learns it before the first code; where it `offers` that, the
        last table may be taken up again.
        """
        from retcli.transaction import opened

        while self.bench is None:
            try:
                with self._waiting(), opened(self.call, writes=self.delivery is not None) as shop:
                    bench = actions.warehouse.bench.scanning.empty_bench(shop, self.mode)
                    bench.filmed = self.film
                    last = self._begun(shop, bench) if self.delivery else self._offered(shop, bench) if offers else ""
                self.bench = bench
                if last:
                    self.call.remark(last)
            except Busy:
                # at a terminal books in use are waited for; from a file or a pipe each code waits by itself, but what
                # they count against has to stand first
                if not self.live and self.delivery:
                    raise
                if not self.live:
                    self.bench = actions.warehouse.bench.benches.Bench(mode=self.mode)

    def _offer(self) -> None:
        """Offers the last table of the same person again, once nothing waits to be saved."""
        from retcli.transaction import opened

        if self.kept:
            return
        with suppress(Busy), opened(self.call, writes=False) as shop:
            last = self._offered(shop, self.bench)
            if last:
                self.call.remark(last)

    def _begun(self, shop: Any, bench: Any) -> str:
        """Begins the driver's load that was named with the loop; what is in force is shown from now on."""
        load, carrier = self.delivery or (0, "")
        loads = actions.warehouse.bench.bench_deliveries
        begun = loads.join(shop, bench, load) if isinstance(load, str) else loads.begin(shop, bench, load, carrier)
        self._put_in_force(shop, bench)
        return str(begun.sentence())

    def _put_in_force(self, shop: Any, bench: Any) -> None:
        prompt = actions.warehouse.bench.prompts.in_force(shop, bench)
        self.in_force = prompt.sentence() if prompt else ""

    def _offered(self, shop: Any, bench: Any) -> str:
        """Offers the driver's load that the operator has not ended, else their last table, else a colleague's load, ""
        for none; what is in force is shown from now on.
        """
        loads, tables = actions.warehouse.bench.bench_deliveries, actions.warehouse.bench.last_tables
        last = loads.offer(shop, bench) or tables.offer(shop, bench) or loads.offer_of_others(shop, bench)
        self._put_in_force(shop, bench)
        return last.sentence() if last else ""

    def _left_behind(self, behind: list[Left]) -> Iterator[ScanView]:
        """Saves what rounds of the same person left unsaved that ended before it could be saved; of others it is only
        said.
        """
        empty, others = self.bench, []
        for left in behind:
            if left.operator != self.call.operator or self.kept:
                others.append(left)
                continue
            self.journal, self.kept = left.journal, list(left.codes)
            self.bench = actions.warehouse.bench.benches.as_written(left.bench)
            self.call.remark(self._on_disk(at_start=True))
            yield from self._saved()
            if not self.kept:
                self._let_go()
                self.bench, self.in_force = replace(empty), ""
        for left in others:
            left.journal.close(done=False)
            if left.operator != self.call.operator:
                text = _("{n} codes of {who} are kept and not saved yet: retcli --operator {who} scan")
                self.call.remark(text.format(n=len(left.codes), who=quoted(left.operator)))

    def _prompt(self) -> None:
        """Shows that the next code is waited for."""
        if self.live:
            sys.stderr.write(f"{self.in_force}> ")
            sys.stderr.flush()

    def _keep(self, typed: str, at: float, read_at: datetime | None = None) -> None:
        """Keeps a code until it is saved."""
        # whoever scans a code again after it was said to wait means the same piece, not another one
        again = self.kept and normalised(typed) == normalised(self.kept[-1].typed) and at > self.told_at > 0
        if not (self.live and again):
            self.kept.append(Kept(typed, at, read_at))
        if self.journal:
            self._write_down()

    def _saved(self, *, in_silence: bool = False) -> Iterator[ScanView]:
        """Saves what is kept, in its order, until one cannot be saved, which is told unless `in_silence`."""
        # somebody at a terminal goes on scanning; a file has nobody who would try again later
        left = tries = 1 if self.live or self.given_up or in_silence else TRIES
        while self.kept and left:
            view = self._tried(self.kept[0])
            saved = view.outcome != ScanOutcome.UNSAVED
            left = tries if saved else left - 1
            if saved:
                done = self.kept.pop(0)
                # a line with several codes: the others come next
                self.kept[:0] = [Kept(part, done.at, done.read_at) for part in view.rest if not done.split]
                # they are promised too: on disk before the first one is noted as saved
                if done.key and self.journal and self._write_down(behind=done.key):
                    self.journal.saved(done.key, asdict(self.bench))
                self.in_force = view.prompt.sentence() if view.prompt else ""
                self.parcels |= {view.parcel: None} if view.parcel else {}
            if saved or not in_silence:
                self.sounds.play(view.sound)
                yield view
                self.told_at = 0.0 if saved else time.monotonic()
        self.given_up = bool(self.kept) and not self.live
        if not self.kept:
            self._let_go()

    def _write_down(self, behind: str = "") -> bool:
        """Has the file of this round hold each code that waits; whether it does. Where the disk refuses it, nothing is
        promised. New ones were read in one line with another one, where they come `behind` that (its key).
        """
        if not self.live:
            return False
        bare = [code for code in self.kept if not code.key]
        try:
            if bare:
                self.journal = self.journal or Journal.begun(self.call.database, self.bench.session)
                stamped = [replace(code, read_at=code.read_at or self.call.now()) for code in bare]
                kept = self.journal.keep(stamped, self.call.operator, asdict(self.bench), behind)
                written = iter(kept)
                self.kept = [code if code.key else next(written) for code in self.kept]
        except OSError:
            return False
        return True

    def _let_go(self) -> None:
        """Lets the file of this round go, which is deleted where nothing in it waits."""
        if self.journal:
            self.journal.close(done=not any(code.key for code in self.kept))
            self.journal = None

    def _on_disk(self, *, at_start: bool = False) -> str:
        """What is said of the codes that are kept in the file of this round; "" for none."""
        codes = [shown(normalised(code.typed)) for code in self.kept if code.key and normalised(code.typed) != END]
        if not codes:
            return ""
        text = _("Kept on disk and saved first by the next retcli scan, do not scan them again: {codes}")
        if at_start:
            text = _("These codes were read before and could not be saved then; they are saved now: {codes}")
        return text.format(codes=series(codes))

    def _tried(self, code: Kept) -> ScanView:
        """Saves one code in a transaction of its own. Where its turn does not come, or at a terminal the disk is full
        or the server away for a while, the view says that it waits; where the books refuse it, why.
        """
        from retcli.transaction import Once, opened

        # the action changes the table as it goes: without the save it must stand as before
        before, typed = replace(self.bench), code.typed
        once = Once({"scan": typed}, code.key) if code.key else None
        try:
            with self._waiting(), opened(self.call, once) as shop:
                at = code.at if self.live else None
                view: ScanView = actions.warehouse.bench.scanning.scan(shop, self.bench, typed, at, code.read_at)
                shop.answer(view)
            return view
        except AlreadyDone:
            # the program ended between the save and the note of it
            with opened(self.call, writes=False) as shop:
                return actions.warehouse.bench.saved_codes.saved_before(shop, self.bench, typed)
        except (Busy, Passing) as trouble:
            # a file or a pipe has nobody who would make room or wait for the server
            if isinstance(trouble, Passing) and not self.live:
                raise
            self.bench = before
            name = normalised(typed)
            waits = NotSaved(trouble.message, shown(name), on_disk=self._write_down(), live=self.live)
            return ScanView(name, ScanOutcome.UNSAVED, waits, self.bench.parcel)
        except StorageTrouble:
            raise
        except RetcliError as refusal:
            self.bench = before
            self.bench.end_question()  # the next label is no second answer to it
            result = NotBooked(refusal.message, refusal.hint or "")
            view = ScanView(normalised(typed), ScanOutcome.STOP, result, self.bench.parcel)
            return replace(view, prompt=self._now_in_force()) if self.live else view

    def _now_in_force(self) -> Any:
        """What is in force on the bench by now, as the prompt tells it."""
        from retcli.transaction import opened

        with opened(self.call, writes=False) as shop:
            return actions.warehouse.bench.prompts.in_force(shop, self.bench)

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
        bare = [normalised(code.typed) for code in self.kept if not code.key]
        codes = [shown(code) for code in bare if code != END]
        room = shutil.get_terminal_size().columns - BESIDE
        fit = sum(len(code) + len("、".encode("gbk")) for code in codes) <= room
        return series(codes) if fit else "".join(f"\n{code}" for code in codes)

    def _tell_unsaved(self) -> None:
        """Names the codes that are not saved, whatever ended the loop."""
        if self._unsaved():
            self.call.remark(_("Codes were not saved: {codes}").format(codes=self._unsaved()))
        if self._on_disk():
            self.call.remark(self._on_disk())


def _bad(line: int, cell: BadCell) -> BadLine:
    """A cell of a handheld's line that cannot be taken, as it is shown."""
    return BadLine(line, cell.column, cell.text, cell.problem)
