"""What a scanned or typed code means in a given state of the books and of the table: it is decided nowhere else.

The books are asked in a fixed order, and the first answer decides: a waybill of a parcel that comes back, a waybill of
our own sendings, our number of a parcel, a command, a slip (case, refund, order), a place, a badge, an article, the end
of a buyer's telephone number; then the shape of the code. So a slip is never a piece, and a known waybill never an
article, except where the article is just what the parcel on the table is to hold: then a person is asked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from retcli.rules.warehouse import barcodes, payloads
from retcli.rules.warehouse.ids import COMMAND
from retcli.rules.warehouse.shapes import Shape, lettered_waybill, shape
from retcli.rules.warehouse.spellings import Around, Spelling

_UNREAD = Spelling("")


class Meaning(StrEnum):
    """What a scanned code stands for."""

    PARCEL = "parcel"
    REFUSED = "refused"  # a parcel of ours that comes back unopened
    COMMAND = "command"
    SLIP = "slip"
    SLIPS = "slips"  # a slip that may be of several cases
    ORDER = "order"
    PLACE = "place"  # the label of a shelf
    BADGE = "badge"
    ARTICLE = "article"
    ARTICLES = "articles"  # one barcode, several articles
    TAIL = "tail"  # the end of the telephone number of a buyer whose case waits
    BOTH = "both"  # a parcel's waybill, and the code of a piece that the parcel on the table is to hold
    SEVERAL = "several"  # several numbers that the books know in one code
    STRANGER = "stranger"  # a parcel that nobody announced
    PERHAPS = "perhaps"  # it may be such a parcel
    EITHER = "either"  # a carrier's waybill or a barcode: a second reading says it
    MISREAD = "misread"  # its check digit does not fit
    CUT_OFF = "cut_off"  # a carrier's waybill with too few or too many digits
    PREFIXED = "prefixed"  # a waybill behind a letter that may be the scanner's
    PHONE = "phone"
    BARCODE = "barcode"  # of no article that is known here
    PAYOUT = "payout"  # the number of a payout
    OURS = "ours"  # a number of our form that these books did not give
    SERIAL = "serial"
    DATA = "data"  # an address without a number that is known here
    NOTHING = "nothing"


class Step(StrEnum):
    """A question to the books about a code, in the order in which they are asked."""

    WAYBILL = "waybill"
    SENT = "sent"
    OWN = "own"
    COMMAND = "command"
    SLIP = "slip"
    PLACE = "place"
    BADGE = "badge"
    ARTICLE = "article"
    TAIL = "tail"


@dataclass(frozen=True)
class Article:
    """An article that a code may stand for, and how many pieces of it (a box has several)."""

    sku: str
    pieces: int = 1


@dataclass(frozen=True)
class Known:
    """What the books know about a code."""

    parcel: str = ""  # number of the parcel that has it for its waybill
    own: str = ""  # number of the parcel that has it for its number
    payout: str = ""  # the case of the payout that has it for its number
    sent: bool = False  # it is the waybill under which goods of ours went out
    cases: tuple[str, ...] = ()  # cases that wait for goods and that it names, as a slip in the parcel does
    order: bool = False  # it names an order
    articles: tuple[Article, ...] = ()
    lines: tuple[Article, ...] = ()  # articles of lines of the parcel on the table, of which it is the number
    expected: frozenset[str] = frozenset()  # SKUs that the parcel on the table is to hold
    tails: tuple[str, ...] = ()  # cases that wait for goods and whose buyer's telephone number ends in it


@dataclass(frozen=True)
class Read:
    """The meaning of a code, with the parcel, the case or the article where it is one; `cases` where it may be of
    several. `also` is what else the books know by the code, and does not count. `spelling` is the part of what was read
    that was meant; `others` are the numbers that may be meant as well (SEVERAL).
    """

    meaning: Meaning
    parcel: str = ""
    case: str = ""
    article: Article = Article("")
    cases: tuple[str, ...] = ()
    also: tuple[Meaning, ...] = ()
    spelling: Spelling = _UNREAD
    others: tuple[str, ...] = ()

    @property
    def thing(self) -> tuple[Meaning, str]:
        """What the code names, by which two codes are the same; a code that has no name here names itself."""
        named = self.parcel or self.case or self.article.sku or "、".join(self.cases) or self.spelling.text
        return self.meaning, named


ALL = frozenset(Step)


def resolve(asked: Sequence[tuple[Spelling, Known]], steps: frozenset[Step] = ALL) -> Read:
    """The meaning of what was read: `asked` are the codes that may lie in it, the first as it stands, with what the
    books know of each. Where it can only be one kind of thing, only those `steps` count, and a code that they do not
    know means nothing.
    """
    (whole, known), *within = asked
    if as_it_stands := _of_books(whole, known, steps):
        return as_it_stands
    named = [read for spelling, its in within if (read := _of_books(spelling, its, steps))]
    if named:
        return _first_of(named)
    return _of_shapes(whole, [spelling for spelling, _its in within]) if steps == ALL else Read(Meaning.NOTHING)


def answers(code: str, known: Known) -> Mapping[Step, Read]:
    """What each question to the books answers to a comparable code, in their order; without those that answer
    nothing.
    """
    replies = {step: answer(code, known) for step, answer in _ANSWERS.items()}
    return {step: reply for step, reply in replies.items() if reply}


def _of_books(spelling: Spelling, known: Known, steps: frozenset[Step]) -> Read | None:
    """The first answer of the books to a code, with what else they know by it; None where they do not know it."""
    replies = [reply for step, reply in answers(spelling.text, known).items() if step in steps]
    if not replies:
        return None
    first, *others = replies
    also = tuple(dict.fromkeys(other.meaning for other in others if not _one_thing(spelling, known, first, other)))
    first = replace(first, spelling=spelling, also=also, article=_times(first.article, spelling.pieces))
    if first.meaning in _PARCELS and _expected(known):
        return replace(first, meaning=Meaning.BOTH, article=_expected(known)[0])
    return first


def _one_thing(spelling: Spelling, known: Known, first: Read, other: Read) -> bool:
    """Whether two answers name one thing: goods of ours that come back are a parcel under their own waybill, and a line
    of an order may be called by its number, where no other article has that for its code.
    """
    if other.meaning == Meaning.ARTICLE and first.meaning in _MEANINGS[Step.SLIP]:
        return all(article.sku == spelling.text for article in known.articles)
    return {first.meaning, other.meaning} <= _PARCELS or first.meaning == Meaning.COMMAND


def _times(article: Article, pieces: int) -> Article:
    return replace(article, pieces=article.pieces * pieces)


def _first_of(reads: Sequence[Read]) -> Read:
    """The one of several codes in one text that comes first in the order of the questions. Where that question knows
    several different things in it, a person is asked.
    """
    order = [meaning for meanings in _MEANINGS.values() for meaning in meanings]
    ranked = sorted(reads, key=lambda read: order.index(read.meaning))
    first = ranked[0]
    same = [read for read in ranked if _step(read.meaning) == _step(first.meaning)]
    if len({read.thing for read in same}) > 1:
        return Read(Meaning.SEVERAL, spelling=first.spelling, others=tuple(read.spelling.text for read in same))
    rest = (read.meaning for read in ranked if _step(read.meaning) != _step(first.meaning))
    return replace(first, also=tuple(dict.fromkeys((*first.also, *rest))))


def _step(meaning: Meaning) -> Step:
    """The question whose answer has a meaning."""
    return next(step for step, meanings in _MEANINGS.items() if meaning in meanings)


# -- the questions ----------------------------------------------------------------------------------------------------


def _waybill(_code: str, known: Known) -> Read | None:
    return Read(Meaning.PARCEL, parcel=known.parcel) if known.parcel else None


def _sent(_code: str, known: Known) -> Read | None:
    return Read(Meaning.REFUSED) if known.sent else None


def _own(_code: str, known: Known) -> Read | None:
    if known.own:
        return Read(Meaning.PARCEL, parcel=known.own)
    return Read(Meaning.PAYOUT, case=known.payout) if known.payout else None


def _command(code: str, _known: Known) -> Read | None:
    return Read(Meaning.COMMAND) if code.startswith(COMMAND) and code.isalnum() else None


def _slip(_code: str, known: Known) -> Read | None:
    """The meaning of a number on a slip in the parcel: of a case that waits, or of an order; None where it is none."""
    if len(known.cases) > 1:
        return Read(Meaning.SLIPS, cases=known.cases)
    if known.cases:
        return Read(Meaning.SLIP, case=known.cases[0])
    return Read(Meaning.ORDER) if known.order else None


def _place(code: str, _known: Known) -> Read | None:
    return Read(Meaning.PLACE) if payloads.place(code) else None


def _badge(code: str, _known: Known) -> Read | None:
    return Read(Meaning.BADGE) if payloads.badge(code) else None


def _article(_code: str, known: Known) -> Read | None:
    """The article of a barcode; of several with the same one the one that the parcel is to hold, else a person is
    asked. None where it is no article's.
    """
    articles = {article.sku: article for article in reversed(known.articles or known.lines)}
    expected = _expected(known)
    if len(articles) == 1 or len(expected) == 1:
        return Read(Meaning.ARTICLE, article=(expected or list(articles.values()))[0])
    return Read(Meaning.ARTICLES) if articles else None


def _expected(known: Known) -> list[Article]:
    """The articles that a code may stand for and that the parcel on the table is to hold."""
    articles = {article.sku: article for article in reversed(known.articles)}
    return [article for sku, article in articles.items() if sku in known.expected]


def _tail(_code: str, known: Known) -> Read | None:
    return Read(Meaning.TAIL, cases=known.tails) if known.tails else None


_ANSWERS: Mapping[Step, Callable[[str, Known], Read | None]] = {
    Step.WAYBILL: _waybill,
    Step.SENT: _sent,
    Step.OWN: _own,
    Step.COMMAND: _command,
    Step.SLIP: _slip,
    Step.PLACE: _place,
    Step.BADGE: _badge,
    Step.ARTICLE: _article,
    Step.TAIL: _tail,
}
_MEANINGS: Mapping[Step, Sequence[Meaning]] = {
    Step.WAYBILL: (Meaning.PARCEL, Meaning.REFUSED, Meaning.BOTH),
    Step.OWN: (Meaning.PAYOUT,),
    Step.COMMAND: (Meaning.COMMAND,),
    Step.SLIP: (Meaning.SLIP, Meaning.SLIPS, Meaning.ORDER),
    Step.PLACE: (Meaning.PLACE,),
    Step.BADGE: (Meaning.BADGE,),
    Step.ARTICLE: (Meaning.ARTICLE, Meaning.ARTICLES),
    Step.TAIL: (Meaning.TAIL,),
}
"""The meanings of codes that the books know, in the order in which they count where one text holds several codes."""
_PARCELS = frozenset({Meaning.PARCEL, Meaning.REFUSED})


# -- what the books do not know ---------------------------------------------------------------------------------------


def _of_shapes(whole: Spelling, within: Iterable[Spelling]) -> Read:
    """The meaning of a text of which the books know nothing, by its shape; where the whole has none, by the one waybill
    in it that is certainly a carrier's.
    """
    by_shape = Read(_BY_SHAPE[shape_of(whole)], spelling=whole)
    if by_shape.meaning == Meaning.STRANGER:
        return by_shape
    if any(spelling.around == Around.LETTER and _certain(spelling) for spelling in within):
        return replace(by_shape, meaning=Meaning.PREFIXED)
    waybills = {spelling.text: spelling for spelling in within if _certain(spelling)}
    if len(waybills) > 1:
        return Read(Meaning.SEVERAL, spelling=whole, others=tuple(waybills))
    return Read(Meaning.STRANGER, spelling=next(iter(waybills.values()))) if waybills else by_shape


def shape_of(spelling: Spelling) -> Shape:
    """What a code looks like, also inside a GS1 code or in groups with dashes where that is an article number."""
    own, inside = shape(spelling.text), shape(barcodes.as_kept(spelling.typed))
    return inside if inside == Shape.BARCODE and own in {Shape.NONE, Shape.SERIAL} else own


def _certain(spelling: Spelling) -> bool:
    """Whether a code in a text is certainly a waybill: out of an address or data only with its carrier's letters."""
    if spelling.around == Around.DATA:
        return lettered_waybill(spelling.text)
    return shape(spelling.text) == Shape.WAYBILL


_BY_SHAPE = {
    Shape.WAYBILL: Meaning.STRANGER,
    Shape.PERHAPS: Meaning.PERHAPS,
    Shape.EITHER: Meaning.EITHER,
    Shape.BARCODE: Meaning.BARCODE,
    Shape.MISREAD: Meaning.MISREAD,
    Shape.CUT_OFF: Meaning.CUT_OFF,
    Shape.PHONE: Meaning.PHONE,
    Shape.OURS: Meaning.OURS,
    Shape.SERIAL: Meaning.SERIAL,
    Shape.DATA: Meaning.DATA,
    Shape.NONE: Meaning.NOTHING,
}
