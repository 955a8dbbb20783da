"""What stands before the sign at which the next code is waited for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from retcli.language import _, mark
from retcli.rules.lifecycles import Grade
from retcli.views.warehouse.scan_results import pieces_by_product
from retcli.words import word


class Questioned(StrEnum):
    """What the next line may answer."""

    SHELF = "shelf"
    WEIGHT = "weight"
    NOTE = "note"
    SERIAL = "serial"
    DELIVERY = "delivery"
    OLD_LABEL = "old_label"
    SAME_BOX = "same_box"
    SCAN_AGAIN = "scan_again"
    TAIL = "tail"
    SENDER = "sender"
    GO_ON = "go_on"
    RESUME = "resume"
    LEAVE = "leave"
    TAKE_BACK = "take_back"
    DO = "do"
    BOOK = "book"
    LABEL_FIRST = "label_first"


_QUESTIONS = {
    Questioned.SHELF: mark("next line: the shelf"),
    Questioned.WEIGHT: mark("next line: the weight"),
    Questioned.NOTE: mark("next line: the note"),
    Questioned.SERIAL: mark("next line: the serial"),
    Questioned.DELIVERY: mark("next line: how many parcels"),
    Questioned.OLD_LABEL: mark("next line: the old label"),
    Questioned.SAME_BOX: mark("RCMDOLD: {code} is on the same box"),
    Questioned.SCAN_AGAIN: mark("{code} again: a box of its own"),
    Questioned.TAIL: mark("next line: the telephone's last four"),
    Questioned.SENDER: mark("next line: the sender"),
    Questioned.GO_ON: mark("RCMDYES: goes on with {code}"),
    Questioned.RESUME: mark("RCMDYES: goes on scanning {code}"),
    Questioned.LEAVE: mark("RCMDYES: leaves it so"),
    Questioned.TAKE_BACK: mark("RCMDYES: takes it back"),
    Questioned.DO: mark("RCMDYES: does {code}"),
    Questioned.BOOK: mark("RCMDYES: books {code}"),
    Questioned.LABEL_FIRST: mark("{code}? its label first"),
}


@dataclass(frozen=True)
class Question:
    """What the next line may answer, and the code or parcel that it is about ("" for none)."""

    what: Questioned
    code: str = ""

    def sentence(self) -> str:
        """What is asked for, or what RCMDYES does."""
        return _(_QUESTIONS[self.what]).format(code=_short(self.code))


@dataclass(frozen=True)
class InForce:
    """What is in force at the bench: the grade, whether it is locked, the parcel, pieces counted and expected in it,
    and those by product that are still missing; `receives`: parcels are only received. `foreign` are the pieces that
    count apart, as they are of another order or nobody waits for them; the next piece counts as `several`; `question`
    is what the next line may answer. `load` are the parcels scanned of a driver's load, and those that the driver says:
    only these are counted then.
    """

    grade: Grade | None
    locked: bool = False
    parcel: str = ""
    counted: int = 0
    expected: int = 0
    lacking: Mapping[str, int] = field(default_factory=dict)
    receives: bool = False
    foreign: int = 0
    several: int = 1
    question: Question | None = None
    load: tuple[int, int] | None = None

    def sentence(self) -> str:
        """All of it in a few words, before the sign at which the next code is waited for."""
        told = _("{text}, missing {pieces}") if self.lacking else "{text}"
        told = told.format(text=self._begun, pieces=pieces_by_product(self.lacking))
        several = _("{text}, next ×{n}").format(text=told, n=self.several) if self.several > 1 else told
        question = self.question.sentence() if self.question else ""
        return _("{text}; {question}").format(text=several, question=question) if question else several

    @property
    def _begun(self) -> str:
        """What pieces are given, the parcel, and how many it has of how many."""
        grade = word(self.grade) if self.grade else _("counting")
        grade = _("{grade}, locked").format(grade=grade) if self.locked else grade
        grade = _("receiving") if self.receives else _("checking, {grade}").format(grade=grade)
        if self.load:
            return " ".join(filter(None, [grade, f"{self.load[0]}/{self.load[1]}", _short(self.parcel)]))
        if not self.parcel:
            return grade
        count = f"{self.counted}/{self.expected}" if self.expected else f"{self.counted}"
        text = _("{grade} {parcel} {count}").format(grade=grade, parcel=_short(self.parcel), count=count)
        return _("{text} +{n} X").format(text=text, n=self.foreign) if self.foreign else text


def _short(code: str) -> str:
    """A number of a parcel of ours without its middle; any other code as it is."""
    series_, _dash, last = code.partition("-")
    return f"{series_[:2]}…{last}" if last and series_.startswith("PK") else code
