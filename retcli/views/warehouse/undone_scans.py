"""Results of taking back what was done at a bench: what it was, or why it is not taken back yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from retcli.language import _, series
from retcli.views.base import when
from retcli.words import word

HELD = "held"
"""What stands for the grade of pieces that were held, since nobody waits for them."""


@dataclass(frozen=True)
class UndonePieces:
    """Pieces of a product that are taken back: the `grade` that they were given (`HELD` where they were held, "" where
    they were only counted), and the grade that they have `again` then ("" for none); or the `serial` number of one.
    """

    sku: str
    pieces: int
    grade: str = ""
    again: str = ""
    serial: str = ""

    def sentence(self) -> str:
        """How many of what, as what, and what they are again."""
        if self.serial:
            return _("serial {serial} of {sku}").format(serial=self.serial, sku=self.sku)
        text = _("counted {pieces}")
        if self.grade == HELD:
            text = _("held {pieces}")
        elif self.grade:
            text = _("graded {grade}: {pieces}")
        told = text.format(grade=word(self.grade, "grade") if self.grade else "", pieces=f"{self.sku}×{self.pieces}")
        again = _("{what}, {grade} again").format(what=told, grade=word(self.again, "grade")) if self.again else ""
        return again or told


def undone(act: str, pieces: Sequence[UndonePieces]) -> str:
    """What was done, in one phrase: its pieces with their grades, or its kind where it was about none, or about a whole
    parcel.
    """
    return (series(each.sentence() for each in pieces) if act not in _OF_A_PARCEL else "") or word(act, "act")


_OF_A_PARCEL = frozenset({"void", "send_back", "dispose", "turn_away"})


@dataclass(frozen=True)
class TakenBack:
    """Something that was done with a parcel, or noted on a case (`subject`), was taken back: its kind, and the pieces
    that it was about.
    """

    act: str
    subject: str
    pieces: tuple[UndonePieces, ...] = ()

    def sentence(self) -> str:
        """What was taken back."""
        return _("taken back: {what} ({parcel})").format(what=undone(self.act, self.pieces), parcel=self.subject)


@dataclass(frozen=True)
class DoneElsewhere:
    """What would be taken back next was done before this round, or in it (`in_round`) with another parcel than the one
    on the table: its kind, of what, at an instant (UTC), with its pieces. `asked`: whether it is taken back is asked at
    a terminal.
    """

    act: str
    subject: str
    at: datetime
    pieces: tuple[UndonePieces, ...] = ()
    asked: bool = True
    in_round: bool = False

    def sentence(self) -> str:
        """What that was, and that nothing is taken back yet."""
        text = _("nothing in this round is left to take back, nothing is done. Before it, {at}: {what} ({subject})")
        if self.in_round:
            text = _("not of what lies on the table, nothing is done. Before it, {at}: {what} ({subject})")
        told = text.format(at=when(self.at), what=undone(self.act, self.pieces), subject=self.subject)
        return told if self.asked else _("{what}; retcli undo takes that back").format(what=told)


@dataclass(frozen=True)
class NotTakenBack:
    """What somebody wanted to take back stays, since something stands on it."""

    act: str
    why: str

    def sentence(self) -> str:
        """What stays, and why."""
        return _("{what} stays as it is: {why}").format(what=word(self.act, "act"), why=self.why)
