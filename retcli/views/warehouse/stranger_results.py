"""Results of codes about a parcel that came without a case."""

from dataclasses import dataclass
from enum import StrEnum

from retcli.language import _, aside, clauses, headed, mark, series
from retcli.rules.warehouse.fits import LEAD, SURE, Doubt
from retcli.views.warehouse.parcels import Candidate, Fitted, stranger_name


class StrangersQuestion(StrEnum):
    """What is asked about a parcel that came without a case; nothing any more."""

    TAIL = "ask_tail"
    SENDER = "ask_sender"
    SHELF = "ask_shelf"
    NOTHING = "ask_nothing"


_QUESTIONS = {
    StrangersQuestion.TAIL: mark("the last four digits of the sender's telephone number? Enter skips"),
    StrangersQuestion.SENDER: mark("the sender's name? Enter skips"),
    StrangersQuestion.SHELF: mark("which shelf? Enter skips"),
    StrangersQuestion.NOTHING: mark("written down; put it aside"),
}


@dataclass(frozen=True)
class StrangerCame:
    """A parcel came that no case waits for, with its plain number; with `asks` somebody stands there who is asked."""

    number: int | None
    asks: bool = False

    def sentence(self) -> str:
        """Its number, and the first question."""
        text = headed(stranger_name(self.number), _("no case waits for it; put it aside"))
        return f"{text}\n{_(_QUESTIONS[StrangersQuestion.TAIL])}" if self.asks else text


@dataclass(frozen=True)
class StrangerAsked:
    """The next question about a parcel (its plain number), or that all is written down, with its shelf."""

    number: int | None
    question: StrangersQuestion
    shelf: str = ""

    def sentence(self) -> str:
        """The question."""
        shelf = self.shelf if self.question == StrangersQuestion.NOTHING else ""
        return aside(headed(stranger_name(self.number), _(_QUESTIONS[self.question])), shelf)


@dataclass(frozen=True)
class Fitting:
    """A parcel that went to its case by itself."""

    fitted: Fitted

    def sentence(self) -> str:
        """Where it went, and why."""
        return self.fitted.sentence()


@dataclass(frozen=True)
class OldNoted:
    """An old label (`waybill`) on the box of a parcel was written down, by which that may have gone to its case."""

    waybill: str
    parcel: str
    fitted: Fitted | None = None

    def sentence(self) -> str:
        """That it is written down, and where the parcel went."""
        noted = _("{waybill} is the old label of {parcel}").format(waybill=self.waybill, parcel=self.parcel)
        return clauses(filter(None, [noted, self.fitted.sentence() if self.fitted else ""]))


@dataclass(frozen=True)
class IsAParcel:
    """What was read as an old label is that of a `parcel` here already."""

    parcel: str

    def sentence(self) -> str:
        """That it is taken back first."""
        text = _("that is {parcel}, which is here already: is it the same box, take {parcel} back first (RCMDUNDO)")
        return text.format(parcel=self.parcel)


@dataclass(frozen=True)
class IsAwaited:
    """What was read as an old label is the waybill of a `parcel` that some `cases` still wait for."""

    parcel: str
    cases: tuple[str, ...]

    def sentence(self) -> str:
        """That it is a parcel of its own."""
        text = _("that is the waybill of {parcel}, which {cases} still wait for: no old label, scan it by itself")
        return text.format(parcel=self.parcel, cases=series(self.cases))


@dataclass(frozen=True)
class OldLabelOf:
    """A label that is written down as the old one on the box of a `parcel` that is here."""

    parcel: str

    def sentence(self) -> str:
        """That it is the same box, which lies on the table again."""
        return _("the old label on the box of {parcel}, which is here: that lies on the table now").format(
            parcel=self.parcel
        )


class Unread(StrEnum):
    """What nobody has written down of a parcel without a case yet."""

    TAIL = "tail"
    CITY = "city"
    GOODS = "goods"


_UNREAD = {
    Unread.TAIL: mark("the end of the sender's telephone number"),
    Unread.CITY: mark("the sender's city"),
    Unread.GOODS: mark("what is in it"),
}
_DOUBTS = {
    Doubt.TOO_FEW: mark("{sure} points are needed"),
    Doubt.TOO_NEAR: mark("{rival} has {points}, and a lead of {lead} is needed"),
    Doubt.OTHER_GOODS: mark("what is in it is not what that waits for"),
    Doubt.OTHER_SENDER: mark("its label names another sender"),
    Doubt.ANOTHER_COMING: mark("another parcel of the case is on its way"),
    Doubt.TAKEN_OFF: mark("somebody took it off that case"),
    Doubt.NO_CASE: mark("the order has no case that waits"),
}


@dataclass(frozen=True)
class StrangerClosed:
    """A parcel (its number, and its plain one) that left the table without a case: the two `nearest` cases or orders,
    the likelier first; whether its label is written down (`labelled`), why it did not go to the first (`doubts`), and
    what of it nobody has written down (`unread`).
    """

    parcel: str
    number: int
    nearest: tuple[Candidate, ...]
    labelled: bool
    doubts: tuple[Doubt, ...] = ()
    unread: tuple[Unread, ...] = ()

    def sentence(self) -> str:
        """Who is nearest and why that is not sure, and how a person says whose it is."""
        if self.nearest:
            text = _("most like {whose}, {n} points; not by itself: {why}. Whose it is: {command}")
            command = f"retcli parcel match {self.parcel}"
            names = {"whose": _name(self.nearest[0]), "n": self.nearest[0].score, "why": self._why()}
            return headed(stranger_name(self.number), text.format(command=command, **names))
        if self.labelled:
            return headed(stranger_name(self.number), _("no case fits yet; it is looked for again after each import"))
        text = _("whose it is cannot be told by its goods alone: {command}")
        command = f"retcli parcel label {self.parcel} --phone-tail 5678"
        return headed(stranger_name(self.number), text.format(command=command))

    def _why(self) -> str:
        """Why it did not go to the nearest by itself; where points are missing, what could still be written down."""
        rival = self.nearest[-1]
        names = {"sure": SURE, "lead": LEAD, "rival": _name(rival), "points": rival.score}
        why = [_(_DOUBTS[doubt]).format(**names) for doubt in self.doubts]
        if self.unread and {Doubt.TOO_FEW, Doubt.TOO_NEAR} & set(self.doubts):
            text = _("not written down yet: {parts}")
            why.append(text.format(parts=series(_(_UNREAD[part]) for part in self.unread)))
        return clauses(why)


def _name(candidate: Candidate) -> str:
    """The case of a candidate, or its order where that has none."""
    return candidate.case or candidate.order


@dataclass(frozen=True)
class TurnedAway:
    """A parcel (its number) that is not taken in: it goes back with the driver."""

    parcel: str

    def sentence(self) -> str:
        """That it goes back, and how that is taken back."""
        text = _("{parcel} is not taken in: give it back to the driver; RCMDUNDO, then RCMDYES take that back")
        return text.format(parcel=self.parcel)


@dataclass(frozen=True)
class NotTurnedAway:
    """Why a parcel on the table cannot be refused at the door: `cases` wait for it, it is our own sending, or it was
    opened.
    """

    parcel: str
    cases: str = ""
    own: str = ""

    def sentence(self) -> str:
        """Why not; nothing is booked."""
        text = _("{parcel} was opened: it is no more refused at the door; nothing is booked")
        if self.cases:
            text = _("{cases} wait for {parcel}: take it in, whoever decides the case says what becomes of it")
        elif self.own:
            text = _("{parcel} is our own sending of order {own}: take it in, the goods are ours; nothing is booked")
        return text.format(parcel=self.parcel, cases=self.cases, own=self.own)
