"""The view of a scanned code: one line, or one JSON object."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from retcli.language import _, clauses
from retcli.rules.telephones import telephone
from retcli.views import masking
from retcli.views.base import Sayable, Screen, View
from retcli.views.documents import as_json
from retcli.views.freetext import numbers
from retcli.views.warehouse import (
    bench_results,
    packed_goods,
    prompts,
    scan_notes,
    scan_results,
    serials,
    stocktakes,
    stranger_results,
    undone_scans,
)
from retcli.views.warehouse.deliveries import DeliveryEnded
from retcli.views.warehouse.films import Frame
from retcli.views.warehouse.scan_notes import ScanNote
from retcli.views.warehouse.scan_results import pieces_by_product
from retcli.words import word


class ScanOutcome(StrEnum):
    """The outcome of a scanned code in one word."""

    RECEIVED = "received"
    COUNTED = "counted"
    INSPECTED = "inspected"
    HELD = "held"  # counted, and held since nobody waits for it
    COMMAND = "command"
    DUPLICATE = "duplicate"
    UNCLAIMED = "unclaimed"
    UNKNOWN = "unknown"
    UNSAVED = "unsaved"
    STOP = "stop"
    UNDONE = "undone"
    SENT = "shipped"


class Sound(StrEnum):
    """What is heard by somebody who looks at the parcel and not at the screen."""

    OK = "ok"
    LOOK = "look"
    STOP = "stop"
    DONE = "done"


_SOUNDS = {
    ScanOutcome.HELD: Sound.LOOK,
    ScanOutcome.DUPLICATE: Sound.LOOK,
    ScanOutcome.UNCLAIMED: Sound.LOOK,
    ScanOutcome.UNDONE: Sound.LOOK,
    ScanOutcome.UNKNOWN: Sound.STOP,
    ScanOutcome.UNSAVED: Sound.STOP,
    ScanOutcome.STOP: Sound.STOP,
}
_STYLES = {
    ScanOutcome.RECEIVED: "green",
    ScanOutcome.SENT: "green",
    ScanOutcome.INSPECTED: "green",
    ScanOutcome.HELD: "yellow",
    ScanOutcome.DUPLICATE: "yellow",
    ScanOutcome.UNCLAIMED: "yellow",
    ScanOutcome.UNKNOWN: "red",
    ScanOutcome.UNSAVED: "red",
    ScanOutcome.STOP: "red",
    ScanOutcome.UNDONE: "yellow",
}
_NAMING = (*scan_results.NAMING, undone_scans.DoneElsewhere, bench_results.CountsAsNone, serials.WhichPiece)
"""Results of codes that are known, and that book nothing as they stand."""
_LOOKED_AT = frozenset({ScanOutcome.UNKNOWN, ScanOutcome.STOP, ScanOutcome.HELD, ScanOutcome.UNCLAIMED})
"""Outcomes at which a person must look."""


def shown(code: str) -> str:
    """A scanned code as it may be shown: a telephone number that cannot be a waybill is masked."""
    return masking.waybill(code) if telephone(code) else code


@dataclass(frozen=True)
class LeftOpen:
    """What is still to be done with a parcel that leaves the table: pieces by product without a grade (`waiting`), and
    those that are missing in it (`lacking`).
    """

    parcel: str
    waybill: str
    waiting: Mapping[str, int]
    lacking: Mapping[str, int]

    def sentence(self) -> str:
        """A line for each of the two, with its command."""
        graded = _("{parcel}: {pieces} not inspected yet: {command}")
        missing = _("{parcel}: {n} pieces missing: {pieces}. Not in it? Scan {waybill}, then RCMDSHORT")
        command = scan_results.grading(self.parcel, self.waiting)
        words = {"n": sum(self.lacking.values()), "waybill": masking.waybill(self.waybill), "command": command}
        told = {graded: self.waiting, missing: self.lacking}
        return "\n".join(
            text.format(parcel=self.parcel, pieces=pieces_by_product(pieces), **words)
            for text, pieces in told.items()
            if pieces
        )


@dataclass(frozen=True)
class ScanView(View):
    """The result of one scanned code.

    `parcel` is the parcel it concerns and `cases` the cases of that, by number. `left_open` is what is still to be done
    with a parcel that left the table for it, `closed` what became of that where it had no case. `rest` are further
    codes that were read in one line with it and are not done yet; `also` tells what else the books know by the code.
    `prompt` is what is in force now, where somebody stands at a terminal; `to_confirm` says whether the next code may
    confirm what was stopped; `film` is where on a film it is.
    """

    full_code: str
    outcome: ScanOutcome
    result: Sayable
    parcel: str = ""
    cases: tuple[str, ...] = ()
    left_open: LeftOpen | None = None
    rest: tuple[str, ...] = ()
    also: Sayable | None = None
    meaning: str = ""
    prompt: Sayable | None = None
    to_confirm: bool = False
    film: Frame | None = None
    closed: stranger_results.Fitting | stranger_results.StrangerClosed | None = None

    @property
    def sound(self) -> Sound:
        """What is heard: whether all is well, somebody should look, nothing was booked, or the parcel or the round is
        done.
        """
        mixed = isinstance(self.result, scan_results.PieceCounted) and self.result.parts.mixed
        found = isinstance(self.closed, stranger_results.Fitting)
        sound = _SOUNDS.get(self.outcome, Sound.LOOK if self.left or mixed or found else Sound.OK)
        if isinstance(self.result, DeliveryEnded):
            return Sound.DONE if self.result.fits else Sound.LOOK
        if self._light:
            return Sound.STOP
        ended = self.result is ScanNote.THE_END or isinstance(self.result, stocktakes.CountedInRound)
        ended = ended or (isinstance(self.result, packed_goods.PiecePacked) and not self.result.lacking)
        return Sound.DONE if sound == Sound.OK and (ended or self._whole) else sound

    @property
    def _whole(self) -> bool:
        """Whether by this code the last missing piece of the parcel was counted."""
        told = self.prompt if isinstance(self.prompt, prompts.InForce) else None
        of_pieces = self.outcome in {ScanOutcome.COUNTED, ScanOutcome.INSPECTED}
        return of_pieces and told is not None and told.expected > 0 and not told.lacking

    @property
    def _light(self) -> bool:
        """Whether the parcel weighs too little to be opened without a photograph."""
        return isinstance(self.result, bench_results.Weighs) and self.result.weight.light

    @property
    def exit_code(self) -> int:
        """3 where a person must look: at an unknown code, a stop, pieces that are held, a parcel of which nobody knows
        whose it is or that is too light, or a driver's load that differs from what the driver said.
        """
        differs = isinstance(self.result, DeliveryEnded) and not self.result.fits
        return 3 if differs or self._light or self.outcome in _LOOKED_AT else 0

    @property
    def case(self) -> str:
        """The numbers of the cases in one phrase."""
        return "、".join(self.cases)

    @property
    def left(self) -> str:
        """What is still to be done with the parcel that left the table, a line for each thing; "" for nothing."""
        return self.left_open.sentence() if self.left_open else ""

    @property
    def _closed(self) -> tuple[str, ...]:
        """What became of the parcel without a case that left the table."""
        return (self.closed.sentence(),) if self.closed else ()

    @property
    def heading(self) -> str:
        """The outcome in one word: what the books know is not called unknown where nothing could be booked for it."""
        result = self.result
        note = isinstance(result, ScanNote) and result in scan_notes.NAMING
        known = note or isinstance(result, _NAMING)
        if isinstance(result, scan_results.NotSaved) and result.sure:
            return _("kept for later")
        # where nobody can be asked, what nobody waits for is booked as held: the word is not that of a stop
        if isinstance(result, scan_results.TooManyPieces) and result.booked:
            return word(ScanOutcome.HELD, "scan")
        return _("nothing booked") if self.outcome == ScanOutcome.UNKNOWN and known else word(self.outcome, "scan")

    @property
    def message(self) -> str:
        """The sentence about the code."""
        confirm = _("RCMDYES where it is right so") if self.to_confirm else ""
        also = self.also.sentence() if self.also else ""
        return clauses(filter(None, [self.result.sentence(), confirm, also]))

    @property
    def code(self) -> str:
        """The code as it may be shown: a phone number without its middle."""
        return numbers(self.full_code) if self.result is ScanNote.PHONE_NUMBER else shown(self.full_code)

    def document(self) -> dict[str, Any]:
        """The JSON object of the code; parcel and case are null for none, and what is still to be done ends the
        message.
        """
        film = {"film": as_json(self.film)} if self.film else {}
        return film | {
            "code": self.code,
            "outcome": self.outcome,
            "parcel": self.parcel or None,
            "case": self.case or None,
            "message": "\n".join(filter(None, (self.message, self.left, *self._closed))),
        }

    def draw(self, screen: Screen) -> None:
        """Shows the outcome in one word, then the sentence."""
        if self.film:
            screen.line(self.film.sentence())
        text = _("{outcome}  {code}  {message}")
        line = text.format(outcome=self.heading, code=self.code, message=self.message)
        first, *beneath = line.split("\n")
        screen.line(first, "red" if self._light else _STYLES.get(self.outcome, ""))
        for each in beneath:
            screen.line(f"  {each}")
        for each in filter(None, self.left.split("\n")):
            screen.line(each, "yellow")
        for each in self._closed:
            screen.line(each, "yellow")
