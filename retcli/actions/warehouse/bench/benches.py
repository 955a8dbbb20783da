"""The memory of a scanning bench between two codes: the parcel on it, the grade in force, what was read before."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from retcli.rules.lifecycles import Grade
from retcli.rules.warehouse.modes import COUNTING, RECEIVING, SENDING

BOUNCE = 0.3
"""Seconds between two readings of one code that count as one piece: nobody takes up another piece so fast."""


def new_round() -> str:
    """The name of a round of the loop, which no other round has."""
    return secrets.token_hex(4)


@dataclass
class Bench:
    """A scanning bench.

    `session` names the round of the loop, `mode` the mode that it was begun or put in ("" for the usual one);
    `parcel` is the number of the parcel on it ("" for none), `grade` what pieces are given, None to only count them,
    `locked` whether that holds for the next parcels as well;
    `article` the article of the last code if that was a piece, `read_at` when it was read (seconds of a clock that only
    goes forward). `counted_before` are pieces by product that an earlier reading of the parcel counted and nobody has
    read since. `in_doubt` is the last code that nobody understood since the parcel was laid there, `may_be` the article
    that it may have been; `asked` the code that was asked about last (at `asked_at`), to be read once more where it is
    a parcel's own. `awaits` is the command whose text comes next, `pieces` as how many the next piece counts.
    `stopped` is the code of a stop that waits to be confirmed, where somebody stands there who can (`asks`);
    `stopped_for` is the command for whose text it was read; `sure` whether a code was just confirmed. `to_undo` is the
    act (its row) that was named before it is taken back. `old_label` is the waybill of which was just asked whether it
    is an old label on the box of the parcel on the bench. `seal_of` is the code of pieces of which was just asked
    whether their seal is whole, also where nobody stands there. `offered` is the row of the scan whose table is offered
    to be taken up again, `delivery` that of the driver's load that is counted here, `offered_delivery` that of one
    which may be taken up again; 0 for none. `filmed`: a camera looks at it. While the stock is counted, `place` is
    where, and `counted_at` when the code at hand was read, where that was before now (ISO 8601, "" for now). While
    goods are sent, `packing` is the case whose box is on the bench ("" for none), `packed` what was scanned into it:
    articles with their pieces, in order.
    """

    session: str = field(default_factory=new_round)
    mode: str = ""
    parcel: str = ""
    grade: Grade | None = None
    article: str = ""
    read_at: float = 0.0
    read: Mapping[str, int] = field(default_factory=dict)
    in_doubt: str = ""
    may_be: str = ""
    locked: bool = False
    asked: str = ""
    asked_at: float = 0.0
    awaits: str = ""
    pieces: int = 1
    stopped: str = ""
    asks: bool = False
    sure: bool = False
    stopped_for: str = ""
    to_undo: int = 0
    offered: int = 0
    delivery: int = 0
    offered_delivery: int = 0
    filmed: bool = False
    old_label: str = ""
    seal_of: str = ""
    place: str = ""
    counted_at: str = ""
    packing: str = ""
    packed: Sequence[Sequence[Any]] = ()

    @property
    def only_receives(self) -> bool:
        """Whether parcels are only received here, and no pieces counted."""
        return self.mode == RECEIVING

    @property
    def counts(self) -> bool:
        """Whether the stock is counted here."""
        return self.mode == COUNTING

    @property
    def sends(self) -> bool:
        """Whether goods of cases are packed and sent here."""
        return self.mode == SENDING

    @property
    def in_box(self) -> Mapping[str, int]:
        """The pieces by article in the box on the bench."""
        box: dict[str, int] = {}
        for sku, pieces in self.packed:
            box[sku] = box.get(sku, 0) + pieces
        return box

    def pack(self, case: str = "") -> None:
        """Begins a box for a case, or goes on with it; without one the bench is cleared of it."""
        self.packed = self.packed if case and case == self.packing else ()
        self.packing, self.pieces = case, 1

    def lay(self, parcel: str = "", read: Mapping[str, int] | None = None) -> None:
        """Puts a parcel on the bench, with the pieces in it that are not read again; without one the bench is cleared.
        The grade ends with the parcel that leaves the bench, unless it is locked.
        """
        # nobody would look again at goods that got the grade of the parcel before them
        if self.parcel and parcel != self.parcel and not self.locked:
            self.grade = None
        self.parcel, self.read, self.in_doubt = parcel, read or {}, ""
        self.pieces = 1

    def stop(self, code: str) -> None:
        """Notes a code of which nothing is booked until somebody confirms it by the next one."""
        self.stopped = code

    def end_question(self) -> None:
        """Ends what the next code would answer: nothing is read as the text of a command, or confirms a stop."""
        self.awaits, self.stopped, self.stopped_for, self.old_label = "", "", "", ""

    def drop(self) -> bool:
        """Drops what waits for the next code: a stop, a text that was asked for, as how many a piece counts; whether
        anything did.
        """
        waited = bool(self.stopped or self.old_label or self.awaits or self.pieces > 1)
        self.end_question()
        self.pieces, self.article = 1, ""
        return waited

    def give(self, grade: Grade | None) -> None:
        """Puts a grade in force for the parcel on the bench, or the next one."""
        self.grade, self.locked = grade, False

    def doubt(self, code: str, may_be: str = "") -> None:
        """Notes a code that nobody understood: it may have been another parcel's label, or an article (its SKU)."""
        self.in_doubt, self.may_be = (code, may_be) if self.parcel else ("", "")

    def still_in_doubt(self, sku: str) -> bool:
        """Whether a code is in doubt that may have been another parcel's label. Naming the article that it may have
        been as well says which of the two it was.
        """
        if sku and sku == self.may_be:
            self.in_doubt = self.may_be = ""
        return bool(self.in_doubt)

    def to_read_again(self, counted: Mapping[str, int]) -> Mapping[str, int]:
        """The pieces by product of those `counted` in the parcel that this reading has not come to yet."""
        ahead = {sku: pieces - self.read.get(sku, 0) for sku, pieces in counted.items()}
        return {sku: pieces for sku, pieces in ahead.items() if pieces > 0}

    def read_again(self, sku: str, pieces: int, counted: int) -> int:
        """How many of some pieces that are read are among those `counted` in the parcel already, by this bench or
        another: they are no new ones.
        """
        so_far = self.read.get(sku, 0)
        again = max(0, min(pieces, counted - so_far))
        self.read = {**self.read, sku: so_far + again}
        return again

    def read_new(self, sku: str, pieces: int) -> None:
        """Notes that pieces were read that nobody had counted in the parcel before."""
        self.read = {**self.read, sku: self.read.get(sku, 0) + pieces}

    def undone(self, parcel: str, counted: Mapping[str, int], *, gone: bool) -> None:
        """Notes that something of a parcel was taken back, in which so many pieces are `counted` now; with `gone` the
        parcel itself is not here.
        """
        self.article = self.in_doubt = ""
        if parcel == self.parcel:
            if gone:
                self.lay()
            else:
                self.read = {sku: min(pieces, counted.get(sku, 0)) for sku, pieces in self.read.items()}

    def bounced(self, sku: str, at: float | None) -> bool:
        """Notes that a piece of an article was read (`at` is None where no person scans); whether the scanner has just
        read it twice.
        """
        previous, self.article = self.article, sku
        previous_at, self.read_at = self.read_at, at or 0.0
        return at is not None and previous == sku and 0 <= at - previous_at < BOUNCE


def as_written(written: Mapping[str, Any]) -> Bench:
    """The bench of which every value was written down; what the clock of another program told is not compared."""
    known = {each.name: written[each.name] for each in fields(Bench) if each.name in written}
    bench = replace(Bench(), **known)
    bench.grade = Grade(bench.grade) if bench.grade else None
    return bench
